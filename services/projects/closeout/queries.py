"""Reads of 销号, and its writes of many rows at once."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.projects.closeout.models import closeout, closeout_item, closeout_recheck
from services.projects.closeout.rules import Closure
from shared.schemas.projects.closeout import ChecklistItem, CloseoutStatus
from shared.storage import Session, rows
from shared.storage.bulk import insert_many
from shared.storage.divisions import within
from shared.storage.rows import Row, dicts


async def page(
    session: Session, scope: str, filters: Mapping[str, Any], *, after: list[Any] | None, limit: int
) -> list[Row]:
    """Close-outs, newest first."""
    return await rows.newest(session, closeout, scope, *rows.matching(closeout, filters), after=after, limit=limit)


async def recheck_page(
    session: Session,
    scope: str,
    draw_id: UUID | None,
    pending: bool | None,
    *,
    after: list[Any] | None,
    limit: int,
) -> list[Row]:
    """Close-outs chosen for a re-check; `pending` are those nobody has looked at again."""
    table = closeout_recheck
    where = rows.matching(table, {"chosen": True, "draw_id": draw_id})
    if pending is not None:
        where.append(table.c.passed.is_(None) if pending else table.c.passed.is_not(None))
    return await rows.newest(session, table, scope, *where, after=after, limit=limit)


async def items(
    session: Session, division_code: str, closeout_id: UUID, *, lock: bool = False
) -> dict[ChecklistItem, Row]:
    """The checklist of a close-out."""
    statement = select(closeout_item).where(
        closeout_item.c.division_code == division_code, closeout_item.c.closeout_id == closeout_id
    )
    found = await session.execute(statement.with_for_update() if lock else statement)
    return {ChecklistItem(row["item"]): dict(row) for row in found.mappings()}


async def closed(
    session: Session, division_code: str, *, project_id: UUID | None = None, lock: bool = False
) -> list[Row]:
    """Close-outs that stand, the oldest first."""
    statement = (
        select(closeout)
        .where(
            closeout.c.division_code == division_code,
            closeout.c.approved_on.is_not(None),
            closeout.c.status == CloseoutStatus.closed,
        )
        .order_by(closeout.c.approved_on, closeout.c.id)
    )
    if project_id is not None:
        statement = statement.where(closeout.c.project_id == project_id)
    found = await session.execute(statement.with_for_update() if lock else statement)
    return dicts(found)


async def closures(session: Session, scope: str, as_of: dt.date) -> list[Closure]:
    """Every close-out decided until a day, with the day it came back if it did."""
    found = await session.execute(
        select(closeout.c.project_id, closeout.c.approved_on, closeout.c.rebound_on, closeout.c.rebound_cause).where(
            within(closeout, scope), closeout.c.approved_on <= as_of
        )
    )
    return [Closure(*row) for row in found]


async def drawn(session: Session, division_code: str) -> set[UUID]:
    """Close-outs that were in a draw."""
    table = closeout_recheck
    found = await session.execute(select(table.c.closeout_id).where(table.c.division_code == division_code))
    return set(found.scalars())


async def add_items(session: Session, made: Sequence[Mapping[str, Any]]) -> None:
    await insert_many(session, closeout_item, made)


async def add_rechecks(session: Session, made: Sequence[Mapping[str, Any]]) -> None:
    await insert_many(session, closeout_recheck, made)


async def of_draw(session: Session, division_code: str, draw_id: UUID) -> list[Row]:
    """The whole population of a draw, in the order it was taken from."""
    found = await session.execute(
        select(closeout_recheck)
        .where(closeout_recheck.c.division_code == division_code, closeout_recheck.c.draw_id == draw_id)
        .order_by(closeout_recheck.c.closeout_id)
    )
    return dicts(found)
