"""Reads of the thresholds."""

from sqlalchemy import select

from services.projects.thresholds.models import threshold
from shared.storage import Session
from shared.storage.rows import Row


async def of_division(session: Session, division_code: str, *, lock: bool = False) -> dict[str, Row]:
    """What a division has set, by name."""
    statement = select(threshold).where(threshold.c.division_code == division_code)
    found = await session.execute(statement.with_for_update() if lock else statement)
    return {row["name"]: dict(row) for row in found.mappings()}
