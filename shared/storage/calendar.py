"""The working-day calendar with the notices this database has been told of."""

import hashlib

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from shared.chassis.calendar import WorkCalendar
from shared.chassis.clock import Clock, today
from shared.storage.database import Database
from shared.storage.tables import workday_override


async def load_calendar(session: AsyncSession) -> WorkCalendar:
    rows = await session.execute(select(workday_override.c.day, workday_override.c.is_workday))
    return WorkCalendar({row.day: row.is_workday for row in rows})


async def notices_digest(session: AsyncSession) -> bytes:
    """Changes exactly when the notices do: what was counted by others is counted anew."""
    rows = await session.execute(
        select(workday_override.c.day, workday_override.c.is_workday).order_by(workday_override.c.day)
    )
    return hashlib.sha256("".join(f"{row.day}{row.is_workday:d}" for row in rows).encode()).digest()


async def notice_missing(database: Database, clock: Clock) -> str | None:
    """A readiness warning from 15 November on, while next year's notice has not been loaded."""
    async with database.session() as session:
        calendar = await load_calendar(session)
    if not calendar.notice_overdue(today(clock)):
        return None
    return f"{today(clock).year + 1} 年放假安排尚未录入，涉及该年的工作日按暂定日历计算"
