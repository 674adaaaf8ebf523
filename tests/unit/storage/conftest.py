"""The storage kit on the tables of a real service."""

from collections.abc import AsyncIterator

import pytest

from deploy.parts import Part
from deploy.postgres.server import Server
from shared.chassis import scope
from shared.storage.database import Database
from tests.support.postgres import clone

COUNTY = "999902"


@pytest.fixture
async def database(postgres_server: Server, projects_template: Part) -> AsyncIterator[Database]:
    """Within the scope of `COUNTY`."""
    with clone(postgres_server, projects_template) as addresses, scope.within(COUNTY):
        database = Database(addresses.app_url)
        yield database
        await database.close()
