"""The projects service in process, one county per test; other folders name their own fixtures the same."""

import pytest

from tests.support.closeout import Closing, deliverable, with_units
from tests.support.projects import County, county, directory, fresh, projects, running_projects, statements

__all__ = ["county", "directory", "fresh", "projects", "running_projects", "statements"]


@pytest.fixture
async def office(county: County) -> County:
    """A county with units that orders are issued to, and a person of one."""
    await county.unit("ZJJ", "住房和城乡建设局")
    await county.unit("SWJ", "税务局")
    await county.person("P1", "王某", unit="ZJJ")
    return county


@pytest.fixture
async def closing(county: County) -> Closing:
    """A project whose close-out can be asked for."""
    return await deliverable(await with_units(county))
