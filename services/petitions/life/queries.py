"""Reads of a petition's life."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.petitions.life.models import assignment, petition_act, petition_clock
from shared.storage import Session
from shared.storage.rows import Row


async def clocks(session: Session, division_code: str, petition_id: UUID) -> list[Row]:
    """Every clock, in the order they were started."""
    return await _of(session, petition_clock, division_code, petition_id, petition_clock.c.number)


async def acts(session: Session, division_code: str, petition_id: UUID) -> list[Row]:
    """Every act, in the order they were done."""
    return await _of(session, petition_act, division_code, petition_id, petition_act.c.number)


async def assignments(session: Session, division_code: str, petition_id: UUID) -> list[Row]:
    """Every unit it was ever sent to, oldest first."""
    return await _of(session, assignment, division_code, petition_id, assignment.c.id)


async def unit_name(session: Session, division_code: str, petition_id: UUID, unit_code: str | None) -> str | None:
    """What a unit was called when the petition was last sent to it."""
    sent = (
        select(petition_act.c.to_unit_name)
        .where(
            petition_act.c.division_code == division_code,
            petition_act.c.petition_id == petition_id,
            petition_act.c.to_unit_code == unit_code,
        )
        .order_by(petition_act.c.number.desc())
        .limit(1)
    )
    name: str | None = await session.scalar(sent) if unit_code is not None else None
    return name


async def _of(session: Session, table: Any, division_code: str, petition_id: UUID, order: Any) -> list[Row]:
    wanted = select(table).where(table.c.division_code == division_code, table.c.petition_id == petition_id)
    return [dict(row) for row in (await session.execute(wanted.order_by(order))).mappings()]
