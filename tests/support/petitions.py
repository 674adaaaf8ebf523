"""The real petitions service (`service.py`) and a county's petition office at work."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

import pytest

from deploy.parts import PETITIONS
from deploy.postgres.databases import Database as Addresses
from services.petitions import app, worker
from services.petitions.settings import PetitionsSettings
from tests.support import service
from tests.support.postgres import Templates
from tests.support.service import MORNING, Directory, Service, directory
from tests.support.statements import Statements, counting

__all__ = ["MORNING", "Statements", "directory"]
"""Of any service; a test of this one finds them here."""


class Petitions(Service):
    def county(self) -> "County":
        return County(self)


@dataclass
class County(service.County[Petitions]):
    ROLE: ClassVar[str] = "petition_office"

    async def create(self, **facts: Any) -> dict[str, Any]:
        """A petition of this county."""
        return await self.add("/petitions", **facts)


running = partial(service.running, Petitions, PetitionsSettings, app.create, worker.duties)


@pytest.fixture(scope="session")
async def running_petitions(templates: Templates, directory: Directory) -> AsyncIterator[Petitions]:
    await asyncio.to_thread(templates.make, PETITIONS)
    with templates.clone(PETITIONS) as addresses:
        async with running(addresses, directory) as petitions:
            yield petitions


@pytest.fixture
def petitions(running_petitions: Petitions) -> Petitions:
    """The service on the morning of 2026-11-23; its clock may be moved."""
    running_petitions.clock.set(MORNING)
    return running_petitions


@pytest.fixture
def petition_county(petitions: Petitions) -> County:
    return petitions.county()


@pytest.fixture
async def fresh_petitions(petitions_database: Addresses, directory: Directory) -> AsyncIterator[Petitions]:
    """The service on a database nobody else uses."""
    async with running(petitions_database, directory) as petitions:
        yield petitions


@pytest.fixture
def petition_statements(petitions: Petitions) -> Iterator[Statements]:
    with counting(petitions.database) as seen:
        yield seen
