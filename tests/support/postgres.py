"""A real PostgreSQL for the tests: one server a session, a migrated template per part, a fresh clone per test."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from deploy.parts import GATEWAY, PETITIONS, PROJECTS, Part
from deploy.postgres import databases
from deploy.postgres.databases import Database, Passwords
from deploy.postgres.migrations import migrate
from deploy.postgres.server import Server
from deploy.postgres.temporary import temporary_server

PASSWORDS = Passwords(owner="owner-of-a-test", app="app-of-a-test", relay="relay-of-a-test")

_numbers = count(1)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """Each xdist worker has one of its own."""
    with temporary_server() as server:
        yield server


@dataclass(frozen=True)
class Templates:
    """A migrated database of each part that is asked for, on the one server."""

    server: Server
    _made: set[Part] = field(default_factory=set)

    def make(self, part: Part) -> None:
        """Migrate the part's template, once: seconds, which a loop that others live in does not wait for."""
        if part not in self._made:
            migrate(part, databases.create(self.server, part.database, PASSWORDS).owner_url)
            self._made.add(part)

    @contextmanager
    def clone(self, part: Part) -> Iterator[Database]:
        """The part's tables, empty, under a name of their own, for a fixture of any scope; dropped afterwards."""
        self.make(part)
        name = f"{part.database}_{next(_numbers)}"
        self.server.psql(
            script=f"""
                create database {name} template {part.database} owner {part.database}_owner strategy file_copy;
                revoke all on database {name} from public;
                grant connect on database {name} to {part.database}, {part.database}_relay;
                grant temporary on database {name} to {part.database};
            """
        )
        try:
            yield databases.reach(self.server, name, part.database, PASSWORDS)
        finally:
            self.server.psql("-c", f"drop database {name} with (force)")


@pytest.fixture(scope="session")
def templates(postgres_server: Server) -> Templates:
    return Templates(postgres_server)


@pytest.fixture
def gateway_database(templates: Templates) -> Iterator[Database]:
    with templates.clone(GATEWAY) as database:
        yield database


@pytest.fixture
def projects_database(templates: Templates) -> Iterator[Database]:
    with templates.clone(PROJECTS) as database:
        yield database


@pytest.fixture
def petitions_database(templates: Templates) -> Iterator[Database]:
    with templates.clone(PETITIONS) as database:
        yield database


async def as_owner(database: Database, step: Callable[[], None]) -> None:
    """Run what a migration would, for tables no service has asked for yet."""

    def run(connection: Connection) -> None:
        with Operations.context(MigrationContext.configure(connection)):
            step()

    engine = create_async_engine(database.owner_url)
    async with engine.begin() as connection:
        await connection.run_sync(run)
    await engine.dispose()
