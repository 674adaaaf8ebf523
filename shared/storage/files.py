"""Files kept under their SHA-256, one row for the same file however often it comes."""

import datetime as dt

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from shared.storage.tables import stored_file


async def put(
    session: AsyncSession, division_code: str, sha256: bytes, media_type: str, content: bytes, now: dt.datetime
) -> None:
    values = {"division_code": division_code, "sha256": sha256, "media_type": media_type, "content": content}
    await session.execute(insert(stored_file).values(**values, recorded_at=now).on_conflict_do_nothing())


async def get(session: AsyncSession, division_code: str, sha256: bytes) -> bytes:
    wanted = select(stored_file.c.content).where(
        stored_file.c.division_code == division_code, stored_file.c.sha256 == sha256
    )
    return bytes((await session.execute(wanted)).scalar_one())
