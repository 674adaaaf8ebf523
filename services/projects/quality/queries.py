"""Reads of 质量与安全."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Table, select

from services.projects.quality.models import acceptance, defect
from shared.schemas.projects.quality import DefectStatus
from shared.storage import Session, rows
from shared.storage.rows import Row, dicts


async def page(
    session: Session, table: Table, scope: str, filters: Mapping[str, Any], *, after: list[Any] | None, limit: int
) -> list[Row]:
    """Rows of one of the four lists, newest first."""
    return await rows.newest(session, table, scope, *rows.matching(table, filters), after=after, limit=limit)


async def open_severities(session: Session, division_code: str, project_id: UUID) -> list[str]:
    """The severity of every defect that is not closed."""
    found = await session.execute(
        select(defect.c.severity).where(
            defect.c.division_code == division_code,
            defect.c.project_id == project_id,
            defect.c.status != DefectStatus.closed,
        )
    )
    return list(found.scalars())


async def acceptances(session: Session, division_code: str, project_id: UUID) -> list[Row]:
    found = await session.execute(
        select(acceptance).where(acceptance.c.division_code == division_code, acceptance.c.project_id == project_id)
    )
    return dicts(found)
