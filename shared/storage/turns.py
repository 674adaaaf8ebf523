"""Those who do the same take turns, where no row or key makes them: an advisory lock until the transaction ends."""

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession


async def take_turns(session: AsyncSession, what: str, division_code: str = "") -> None:
    """Wait until no other transaction does `what` in this division."""
    key = func.hashtextextended(f"{what} {division_code}", 0)
    await session.execute(select(func.pg_advisory_xact_lock(key)))
