"""The storage kit on the tables of a real service."""

from collections.abc import AsyncIterator

import pytest

from deploy.parts import PROJECTS
from shared.chassis import scope
from shared.storage.database import Database
from tests.support.postgres import Templates

COUNTY = "999902"


@pytest.fixture
async def database(templates: Templates) -> AsyncIterator[Database]:
    """Within the scope of `COUNTY`."""
    with templates.clone(PROJECTS) as addresses, scope.within(COUNTY):
        database = Database(addresses.app_url)
        yield database
        await database.close()
