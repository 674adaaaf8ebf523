"""Writes of the register: many petitions at once, as an import brings them, or one."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Boolean, update
from sqlalchemy.dialects.postgresql import insert

from services.petitions.registry.models import petition, petition_number, petitioner
from shared.storage import Session
from shared.storage.bulk import insert_many
from shared.storage.rows import Row

EMPTY: Row = {column.name: False if isinstance(column.type, Boolean) else None for column in petition.columns} | {
    "channel_detail": {},
    "summary": "",
}
"""A petition of which nothing is known; every row begins as one, so that all have the same keys."""


async def take_numbers(session: Session, division_code: str, year: int, how_many: int, now: dt.datetime) -> range:
    """The next numbers of a division's year. Whoever asks meanwhile waits: no number is given twice."""
    row = {"division_code": division_code, "year": year, "last": how_many, "updated_at": now}
    counted = (
        insert(petition_number)
        .values(**row)
        .on_conflict_do_update(
            index_elements=["division_code", "year"],
            set_={"last": petition_number.c.last + how_many, "updated_at": now},
        )
        .returning(petition_number.c.last)
    )
    last: int = (await session.execute(counted)).scalar_one()
    return range(last - how_many + 1, last + 1)


async def insert_petitions(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    await insert_many(session, petition, rows)


async def insert_petitioners(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    await insert_many(session, petitioner, rows)


async def change_petitioner(session: Session, row: Row, values: Mapping[str, Any], now: dt.datetime) -> None:
    await session.execute(
        update(petitioner)
        .where(petitioner.c.division_code == row["division_code"], petitioner.c.id == row["id"])
        .values(**values, version=row["version"] + 1, updated_at=now)
    )
