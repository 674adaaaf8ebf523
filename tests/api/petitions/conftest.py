"""The petitions service in process, one county per test."""

import pytest

from tests.support.office import Office
from tests.support.petitions import (
    County,
    directory,
    fresh_petitions,
    petition_county,
    petition_statements,
    petitions,
    running_petitions,
)

__all__ = [
    "directory",
    "fresh_petitions",
    "petition_county",
    "petition_statements",
    "petitions",
    "running_petitions",
]


@pytest.fixture
async def office(petition_county: County) -> Office:
    """The county's petition office with the units it sends petitions to."""
    return await Office(petition_county).open()
