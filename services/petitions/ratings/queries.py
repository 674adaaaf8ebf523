"""Reads of ratings."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.petitions.ratings.models import petition_rating
from services.petitions.registry.about import seen
from shared.chassis.identity import Caller
from shared.storage import Session
from shared.storage.rows import Row, matching


async def one(session: Session, division_code: str, petition_id: UUID) -> Row | None:
    wanted = select(petition_rating).where(
        petition_rating.c.division_code == division_code, petition_rating.c.petition_id == petition_id
    )
    row = (await session.execute(wanted)).mappings().one_or_none()
    return dict(row) if row is not None else None


async def rated(session: Session, caller: Caller, scope: str, filters: Mapping[str, Any], **paging: Any) -> list[Row]:
    """Newest window first; without those nobody has rated."""
    is_rated = petition_rating.c.rated_on.is_not(None)
    return await seen(session, caller, petition_rating, scope, *matching(petition_rating, filters), is_rated, **paging)
