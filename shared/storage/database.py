"""Engine and sessions. Every transaction begins inside the caller's divisions: the scope travels with BEGIN itself."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import orjson
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from shared.chassis import scope

STATEMENT_TIMEOUT = "30s"
IDLE_IN_TRANSACTION_TIMEOUT = "60s"


class ScopedConnection(asyncpg.Connection):
    """Adds the scope to BEGIN: no extra round trip, and no transaction can forget it."""

    async def execute(self, query: str, *args: Any, timeout: float | None = None) -> str:  # noqa: ASYNC109 asyncpg's own
        if query.startswith("BEGIN"):
            # Digits and `~` only (scope.enter refuses anything else), so this is no place for an injection.
            lo, hi = scope.bounds()
            query = f"{query.rstrip(';')}; SET LOCAL app.lo = '{lo}'; SET LOCAL app.hi = '{hi}'"
        result: str = await super().execute(query, *args, timeout=timeout)
        return result


class Database:
    """One pool. `session()` gives a session that the edge commits; `ping()` is the readiness check."""

    def __init__(self, url: str, *, pool_size: int = 10, statement_timeout: str = STATEMENT_TIMEOUT) -> None:
        self.engine = create_async_engine(
            url,
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=10,
            json_serializer=lambda value: orjson.dumps(value).decode(),
            json_deserializer=orjson.loads,
            connect_args={
                "connection_class": ScopedConnection,
                "timeout": 5,
                "server_settings": {
                    "application_name": "anju",
                    # JSON made in the database carries China's offset, as the contract does.
                    "timezone": "Asia/Shanghai",
                    "statement_timeout": statement_timeout,
                    "idle_in_transaction_session_timeout": IDLE_IN_TRANSACTION_TIMEOUT,
                },
            },
        )
        self.sessions = async_sessionmaker(self.engine, expire_on_commit=False, autoflush=False)

    @asynccontextmanager
    async def session(self) -> AsyncIterator[AsyncSession]:
        async with self.sessions() as session:
            yield session

    async def ping(self) -> str | None:
        try:
            async with self.engine.connect() as connection:
                await connection.execute(text("select 1"))
        except (SQLAlchemyError, OSError, asyncpg.PostgresError, TimeoutError):
            return "数据库无法访问"
        return None

    async def close(self) -> None:
        await self.engine.dispose()
