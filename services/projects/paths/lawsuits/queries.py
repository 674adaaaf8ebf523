"""Reads of lawsuits and liaison matters."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select

from services.projects.paths.lawsuits.models import lawsuit, liaison_matter
from shared.schemas.projects.lawsuits import LawsuitStage
from shared.storage import Session, rows
from shared.storage.rows import Row


async def lawsuits(
    session: Session,
    scope: str,
    *,
    project_id: UUID | None = None,
    stage: LawsuitStage | None = None,
    supervised: bool | None = None,
    is_open: bool | None = None,
    after: Sequence[str] | None,
    limit: int,
) -> list[Row]:
    table, where = lawsuit, []
    if project_id is not None:
        where.append(table.c.project_id == project_id)
    if stage is not None:
        where.append(table.c.stage == stage)
    if supervised is not None:
        where.append(table.c.supervised.is_(supervised))
    if is_open is not None:
        where.append(table.c.closed_on.is_(None) if is_open else table.c.closed_on.is_not(None))
    return await rows.newest(session, table, scope, *where, after=after, limit=limit)


async def matters(
    session: Session,
    scope: str,
    *,
    project_id: UUID | None = None,
    unanswered: bool | None = None,
    after: Sequence[str] | None,
    limit: int,
) -> list[Row]:
    table, where = liaison_matter, []
    if project_id is not None:
        where.append(table.c.project_id == project_id)
    if unanswered is not None:
        where.append(table.c.answered_on.is_(None) if unanswered else table.c.answered_on.is_not(None))
    return await rows.newest(session, table, scope, *where, after=after, limit=limit)


async def number_of(session: Session, division_code: str, project_id: UUID) -> int:
    table = lawsuit
    statement = select(func.count()).where(table.c.division_code == division_code, table.c.project_id == project_id)
    return int((await session.execute(statement)).scalar_one())


async def has_other(session: Session, row: Row, case_key: str | None) -> bool:
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
