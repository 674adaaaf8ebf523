"""A real PostgreSQL for the tests: one server a session, a migrated template per part, a fresh clone per test."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from deploy.parts import GATEWAY, SERVICES, Part
from deploy.postgres import databases
from deploy.postgres.databases import Database, Passwords
from deploy.postgres.migrations import migrate
from deploy.postgres.server import Server
from deploy.postgres.temporary import temporary_server

PASSWORDS = Passwords(owner="owner-of-a-test", app="app-of-a-test", relay="relay-of-a-test")
PROJECTS = SERVICES[0]

_numbers = count(1)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """Each xdist worker has one of its own."""
    with temporary_server() as server:
        yield server


@pytest.fixture(scope="session")
def gateway_template(postgres_server: Server) -> Part:
    return _make_template(postgres_server, GATEWAY)


@pytest.fixture(scope="session")
def projects_template(postgres_server: Server) -> Part:
    return _make_template(postgres_server, PROJECTS)


@pytest.fixture
def gateway_database(postgres_server: Server, gateway_template: Part) -> Iterator[Database]:
    """The gateway's tables, empty."""
    with clone(postgres_server, gateway_template) as database:
        yield database


@pytest.fixture
def projects_database(postgres_server: Server, projects_template: Part) -> Iterator[Database]:
    """The projects service's tables, empty."""
    with clone(postgres_server, projects_template) as database:
        yield database


def _make_template(server: Server, part: Part) -> Part:
    migrate(part, databases.create(server, part.database, PASSWORDS).owner_url)
    return part


@contextmanager
def clone(server: Server, template: Part) -> Iterator[Database]:
    """A copy of a migrated template under a name of its own, for a fixture of any scope; dropped afterwards."""
    name = f"{template.database}_{next(_numbers)}"
    server.psql(
        script=f"""
            create database {name} template {template.database} owner {template.database}_owner strategy file_copy;
            revoke all on database {name} from public;
            grant connect on database {name} to {template.database}, {template.database}_relay;
            grant temporary on database {name} to {template.database};
        """
    )
    try:
        yield databases.reach(server, name, template.database, PASSWORDS)
    finally:
        server.psql("-c", f"drop database {name} with (force)")


async def as_owner(database: Database, step: Callable[[], None]) -> None:
    """Run what a migration would, for tables no service has asked for yet."""

    def run(connection: Connection) -> None:
        with Operations.context(MigrationContext.configure(connection)):
            step()

    engine = create_async_engine(database.owner_url)
    async with engine.begin() as connection:
        await connection.run_sync(run)
    await engine.dispose()
