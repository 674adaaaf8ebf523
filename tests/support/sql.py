"""SQL past the services, as one of a database's roles."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

from tests.support.service import County


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[asyncpg.Connection]:
    """As the role of the address, in no division."""
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        yield connection
    finally:
        await connection.close()


@asynccontextmanager
async def inside(county: County[Any]) -> AsyncIterator[asyncpg.Connection]:
    """As the role that serves requests, in the county's division; every statement by itself."""
    async with connected(county.service.addresses.app_url) as connection:
        await connection.execute(f"set app.lo = '{county.code}'; set app.hi = '{county.code}~'")
        yield connection
