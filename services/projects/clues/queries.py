"""Reads of the sealed register."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.projects.clues.models import clue, clue_result
from shared.storage import Session, rows
from shared.storage.rows import Row, dicts

MOST = 200


async def page(
    session: Session,
    scope: str,
    recipients: Collection[str],
    filters: Mapping[str, Any],
    *,
    after: list[Any] | None,
    limit: int,
) -> list[Row]:
    """Clues sent to any of `recipients`, newest first."""
    where = clue.c.recipient.in_(sorted(recipients)), *rows.matching(clue, filters)
    return await rows.newest(session, clue, scope, *where, after=after, limit=limit)


async def results(session: Session, division_code: str, clue_id: UUID) -> list[Row]:
    found = await session.execute(
        select(clue_result)
        .where(clue_result.c.division_code == division_code, clue_result.c.clue_id == clue_id)
        .order_by(clue_result.c.id)
        .limit(MOST)
    )
    return dicts(found)
