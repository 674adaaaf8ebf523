"""Reads and counts behind the public look-up: the same statements whether there is such a petition or not."""

import datetime as dt

from sqlalchemy import case, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from services.petitions.citizen.models import look_up_try
from services.petitions.registry.models import petition
from shared.storage import Session
from shared.storage.rows import Row


async def count_try(
    session: Session, division_code: str, petition_code: str, now: dt.datetime, span: dt.timedelta
) -> int:
    """Tries of this number in the span under way, this one included. Those who try one number take turns."""
    await session.execute(
        delete(look_up_try).where(
            look_up_try.c.division_code == division_code,
            look_up_try.c.since <= now - span,
            look_up_try.c.petition_code != petition_code,
        )
    )
    is_over = look_up_try.c.since <= now - span
    counted = {
        "tries": case((is_over, 1), else_=look_up_try.c.tries + 1),
        "since": case((is_over, now), else_=look_up_try.c.since),
    }
    tried = (
        insert(look_up_try)
        .values(division_code=division_code, petition_code=petition_code, since=now, tries=1)
        .on_conflict_do_update(index_elements=["division_code", "petition_code"], set_=counted)
        .returning(look_up_try.c.tries)
    )
    return int((await session.execute(tried)).scalar_one())


async def keep_tries(session: Session, division_code: str, petition_code: str, tries: int) -> None:
    await session.execute(
        update(look_up_try)
        .where(look_up_try.c.division_code == division_code, look_up_try.c.petition_code == petition_code)
        .values(tries=tries)
    )


async def by_code(session: Session, division_code: str, petition_code: str, *, lock: bool) -> Row | None:
    wanted = select(petition).where(
        petition.c.division_code == division_code, petition.c.petition_code == petition_code
    )
    row = (await session.execute(wanted.with_for_update() if lock else wanted)).mappings().one_or_none()
    return dict(row) if row is not None else None
