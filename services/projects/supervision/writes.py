"""Writes of supervision that are more than one row by its key: numbers, and a whole batch of steps."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert

from services.projects.supervision.models import order_step, supervision_number
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


MOVED = ("id", "level", "level_on", "escalated_on", "next_due_on", "version")
_MOVE = text(
    """
    update supervision_order o
    set level = v.level, level_on = v.level_on, escalated_on = v.escalated_on, next_due_on = v.next_due_on,
        version = v.version, updated_at = :now
    from unnest(
        cast(:id as uuid[]), cast(:level as text[]), cast(:level_on as date[]), cast(:escalated_on as date[]),
        cast(:next_due_on as date[]), cast(:version as integer[])
    ) as v (id, level, level_on, escalated_on, next_due_on, version)
    where o.division_code = :division_code and o.id = v.id
    """
)


async def climb(
    session: Session,
    division_code: str,
    moved: Sequence[Mapping[str, Any]],
    steps: Sequence[Mapping[str, Any]],
    now: dt.datetime,
) -> None:
    """The steps of a batch and the orders they move: two statements, however many there are.

    A step that was taken before breaks its key, so no order takes one twice.
    """
    await insert_many(session, order_step, steps)
    columns = {name: [row[name] for row in moved] for name in MOVED}
    await session.execute(_MOVE, columns | {"division_code": division_code, "now": now})
