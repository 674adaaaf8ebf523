"""The ledger a workbook is matched against."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from services.projects.ledger.models import project
from shared.storage import Session


async def for_matching(session: Session, division_code: str) -> list[Mapping[str, Any]]:
    """Every project of the division, locked against hand-made changes until the import commits."""
    rows = await session.execute(select(project).where(project.c.division_code == division_code).with_for_update())
    return [dict(row._mapping) for row in rows]
