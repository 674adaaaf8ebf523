"""Writes of supervision that are more than one row by its key: numbers, and a whole batch of steps."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, update
from sqlalchemy.dialects.postgresql import insert

from services.projects.supervision.models import order_step, supervision_number, supervision_order
from shared.storage import Session
from shared.storage.bulk import insert_many


async def next_code(session: Session, division_code: str) -> str:
    """`999902-D-0001`, …; the division's counter stays locked until the commit."""
    reserve = (
        insert(supervision_number)
        .values(division_code=division_code, last=1)
        .on_conflict_do_update(index_elements=["division_code"], set_={"last": supervision_number.c.last + 1})
        .returning(supervision_number.c.last)
    )
    return f"{division_code}-D-{(await session.execute(reserve)).scalar_one():04d}"


MOVED = ("level", "level_on", "escalated_on", "next_due_on", "version")
# One by its key after the other: joined to a list, the planner may prefer to read every order of a small county.
_MOVE = (
    update(supervision_order)
    .where(supervision_order.c.division_code == bindparam("of_division"), supervision_order.c.id == bindparam("of_id"))
    .values({name: bindparam(name) for name in (*MOVED, "updated_at")})
)


async def climb(
    session: Session,
    division_code: str,
    moved: Sequence[Mapping[str, Any]],
    steps: Sequence[Mapping[str, Any]],
    now: dt.datetime,
) -> None:
    """The steps of a batch and the orders they move. A step taken before breaks its key: no order takes one twice."""
    await insert_many(session, order_step, steps)
    keyed = ({"of_division": division_code, "of_id": row["id"], "updated_at": now} for row in moved)
    await session.execute(
        _MOVE, [key | {name: row[name] for name in MOVED} for key, row in zip(keyed, moved, strict=True)]
    )
