"""Reads of petitions. Every statement goes through `visible`."""

from uuid import UUID

from sqlalchemy import select

from services.petitions.registry.models import petition, petitioner
from services.petitions.registry.visibility import visible
from shared.chassis.identity import Caller
from shared.storage import Session
from shared.storage.divisions import within
from shared.storage.rows import Row


async def one(session: Session, caller: Caller, petition_id: UUID, *, lock: bool = False) -> Row | None:
    statement = select(petition).where(within(petition, caller.scope), petition.c.id == petition_id, visible(caller))
    row = (await session.execute(statement.with_for_update() if lock else statement)).mappings().one_or_none()
    return dict(row) if row is not None else None


async def petitioners(session: Session, division_code: str, petition_id: UUID) -> list[Row]:
    """Sealed, in the order they were named."""
    wanted = select(petitioner).where(
        petitioner.c.division_code == division_code, petitioner.c.petition_id == petition_id
    )
    found = await session.execute(wanted.order_by(petitioner.c.role, petitioner.c.ordinal))
    return [dict(row) for row in found.mappings()]
