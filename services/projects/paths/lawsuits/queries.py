"""Reads of lawsuits and liaison matters."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from services.projects.paths.lawsuits.models import lawsuit, liaison_matter
from shared.storage import Session, rows
from shared.storage.rows import Row


async def lawsuits(
    session: Session,
    scope: str,
    filters: Mapping[str, Any],
    is_open: bool | None,
    *,
    after: Sequence[str] | None,
    limit: int,
) -> list[Row]:
    where = rows.matching(lawsuit, filters)
    if is_open is not None:
        where.append(lawsuit.c.closed_on.is_(None) if is_open else lawsuit.c.closed_on.is_not(None))
    return await rows.newest(session, lawsuit, scope, *where, after=after, limit=limit)


async def matters(
    session: Session,
    scope: str,
    filters: Mapping[str, Any],
    unanswered: bool | None,
    *,
    after: Sequence[str] | None,
    limit: int,
) -> list[Row]:
    where = rows.matching(liaison_matter, filters)
    if unanswered is not None:
        answered_on = liaison_matter.c.answered_on
        where.append(answered_on.is_(None) if unanswered else answered_on.is_not(None))
    return await rows.newest(session, liaison_matter, scope, *where, after=after, limit=limit)


async def number_of(session: Session, division_code: str, project_id: UUID) -> int:
    table = lawsuit
    statement = select(func.count()).where(table.c.division_code == division_code, table.c.project_id == project_id)
    return int((await session.execute(statement)).scalar_one())


async def has_other(session: Session, row: Row, case_key: str) -> bool:
    """Whether another lawsuit of the same project has this number; the project is locked."""
    found = await session.execute(
        select(lawsuit.c.id).where(
            lawsuit.c.division_code == row["division_code"],
            lawsuit.c.project_id == row["project_id"],
            lawsuit.c.case_key == case_key,
            lawsuit.c.id != row["id"],
        )
    )
    return found.first() is not None
