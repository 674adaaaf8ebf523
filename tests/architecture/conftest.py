"""The database of every part, migrated: as its owner sees it, and as the role that serves requests."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from deploy.parts import PARTS, Part
from deploy.postgres.databases import Database
from tests.architecture.filled import HERE, one_row_each
from tests.support.postgres import Templates
from tests.support.sql import connected


@pytest.fixture(scope="module", params=PARTS, ids=lambda part: part.name)
def part(request: pytest.FixtureRequest) -> Part:
    found: Part = request.param
    return found


@pytest.fixture(scope="module")
async def database(part: Part, templates: Templates) -> AsyncIterator[Database]:
    """The part's tables with one row of county `HERE` in each that has a division."""
    with templates.clone(part) as found:
        templates.server.psql(script=one_row_each(HERE), database=found.name)
        yield found


@pytest.fixture
async def catalogue(database: Database) -> AsyncIterator[asyncpg.Connection]:
    """As the owner, who may read every catalogue table."""
    async with connected(database.owner_url) as connection:
        yield connection


@pytest.fixture
async def app(database: Database) -> AsyncIterator[asyncpg.Connection]:
    """As the role that serves requests, in no division."""
    async with connected(database.app_url) as connection:
        yield connection
