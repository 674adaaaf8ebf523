"""What a register's rows are held against."""

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Date, Table, Text, Uuid, any_, literal, or_, select

from services.petitions.imports.known import Known
from services.petitions.life.models import petition_clock
from services.petitions.ratings.models import petition_rating
from services.petitions.registry.models import petition, petitioner
from shared.storage import Session
from shared.storage.rows import Row, dicts
from shared.storage.secrets import Vault


async def known(
    session: Session,
    vault: Vault,
    division_code: str,
    *,
    codes: Collection[str],
    keys: Collection[UUID],
    days: Collection[dt.date],
) -> Known:
    """Petitions by number or key, and imported ones without a number by day; locked until the import commits."""
    wanted = select(petition).where(
        petition.c.division_code == division_code,
        or_(
            petition.c.register_code == any_(literal(list(codes), ARRAY(Text))),
            petition.c.petition_code == any_(literal(list(codes), ARRAY(Text))),
            petition.c.id == any_(literal(list(keys), ARRAY(Uuid))),
            petition.c.register_code.is_(None)
            & petition.c.import_id.is_not(None)
            & (petition.c.registered_on == any_(literal(list(days), ARRAY(Date)))),
        ),
    )
    found = dicts(await session.execute(wanted.order_by(petition.c.id).with_for_update()))
    ids = [row["id"] for row in found]
    clocks = await _of(session, petition_clock, division_code, ids, petition_clock.c.number)
    ratings = await _of(session, petition_rating, division_code, ids, petition_rating.c.id)
    persons = await _of(session, petitioner, division_code, ids, petitioner.c.ordinal)
    return Known(vault, division_code, found, clocks, ratings, persons)


async def _of(session: Session, table: Table, division_code: str, ids: Sequence[UUID], order: Any) -> list[Row]:
    if not ids:
        return []
    wanted = select(table).where(
        table.c.division_code == division_code, table.c.petition_id == any_(literal(ids, ARRAY(Uuid)))
    )
    return dicts(await session.execute(wanted.order_by(order)))
