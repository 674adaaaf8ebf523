"""The SQL of a use case by itself: the statements it sends, sent again with the same values, as the same role."""

import statistics
import time
from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg
from sqlalchemy import event

from shared.chassis.scope import within
from shared.storage import Session
from shared.storage.database import Database

Statement = tuple[str, tuple[Any, ...]]


async def sent(url: str, division: str, use: Callable[[Session], Awaitable[Any]]) -> list[Statement]:
    """What `use` sends to PostgreSQL in a session of the division, in its order, values bound."""
    database, told = Database(url, pool_size=1), list[Statement]()

    def seen(_: Any, __: Any, statement: str, values: Any, *___: Any) -> None:
        told.append((statement, tuple(values)))

    event.listen(database.engine.sync_engine, "before_cursor_execute", seen)
    try:
        with within(division):
            async with database.session() as session:
                await use(session)
    finally:
        await database.close()
    return told


async def p50_ms(url: str, division: str, told: list[Statement], seconds: float) -> float:
    """Of one transaction with these statements, its rows fetched and thrown away."""
    connection = await asyncpg.connect(url.replace("+asyncpg", ""), server_settings={"timezone": "Asia/Shanghai"})
    taken: list[float] = []
    try:
        until = time.perf_counter() + seconds
        while not taken or time.perf_counter() < until:
            started = time.perf_counter()
            await connection.execute(f"BEGIN; SET LOCAL app.lo = '{division}'; SET LOCAL app.hi = '{division}~'")
            for statement, values in told:
                await connection.fetch(statement, *values)
            await connection.execute("COMMIT")
            taken.append((time.perf_counter() - started) * 1000)
    finally:
        await connection.close()
    return statistics.median(taken)
