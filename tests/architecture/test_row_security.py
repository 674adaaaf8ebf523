"""Row security and rights at work: nobody reads, puts or points outside a scope; what is remembered stays."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest

from deploy.parts import GATEWAY, PROJECTS, Part
from deploy.postgres.databases import Database
from deploy.postgres.server import Server
from shared.storage.tables import UNTENANTED
from tests.architecture.filled import HERE, THERE, one_row_each, tables
from tests.architecture.rights import RELAY_READS, RIGHTS
from tests.support.sql import connected


async def test_without_a_scope_there_is_not_one_row(app: asyncpg.Connection, catalogue: asyncpg.Connection) -> None:
    assert await app.fetchval("show plan_cache_mode") == "force_custom_plan"
    tenant = await tables(catalogue) - UNTENANTED

    async def seen() -> dict[str, int]:
        return {table: await app.fetchval(f"select count(*) from {table}") for table in sorted(tenant)}

    nothing, everything = dict.fromkeys(sorted(tenant), 0), dict.fromkeys(sorted(tenant), 1)
    assert await seen() == nothing
    for lo, hi, expected in (
        (HERE, f"{HERE}~", everything),
        ("1101", "1101~", everything),
        ("0", "~", everything),
        (THERE, f"{THERE}~", nothing),
        ("", "~", nothing),
        (HERE, "", nothing),
        ("", "", nothing),
    ):
        async with app.transaction():
            await app.execute("select set_config('app.lo', $1, true), set_config('app.hi', $2, true)", lo, hi)
            assert await seen() == expected, (lo, hi)
        assert await seen() == nothing, "a scope ends with its transaction"


async def test_a_row_cannot_be_put_into_or_changed_in_another_division(
    part: Part, app: asyncpg.Connection, catalogue: asyncpg.Connection
) -> None:
    for table in sorted(await tables(catalogue) - UNTENANTED):
        for lo in (THERE, ""):
            transaction = app.transaction()
            await transaction.start()
            await app.execute("select set_config('app.lo', $1, true), set_config('app.hi', $1 || '~', true)", lo)
            if "UPDATE" in RIGHTS[part.name][table]:
                changed = await app.execute(f"update {table} set division_code = division_code")
                assert changed == "UPDATE 0", table
            await transaction.rollback()
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
            await copy_elsewhere(app, table)


async def copy_elsewhere(app: asyncpg.Connection, table: str) -> None:
    """From inside `HERE`, insert the row we see once more under `THERE`."""
    listed = await app.fetchval(
        "select string_agg(', ' || quote_ident(attname), '') from pg_attribute "
        "where attrelid = $1::regclass and attnum > 0 and not attisdropped and attname <> 'division_code'",
        table,
    )
    async with within(app, HERE):
        await app.execute(
            f"insert into {table} (division_code{listed or ''}) select '{THERE}'{listed or ''} from {table}"
        )


@asynccontextmanager
async def within(app: asyncpg.Connection, division_code: str) -> AsyncIterator[None]:
    async with app.transaction():
        await app.execute(f"set local app.lo = '{division_code}'; set local app.hi = '{division_code}~'")
        yield


async def test_a_change_cannot_point_to_the_project_of_another_county(
    postgres_server: Server, projects_database: Database
) -> None:
    postgres_server.psql(script=one_row_each(HERE), database=projects_database.name)
    async with connected(projects_database.app_url) as app:
        async with within(app, HERE):
            project = await app.fetchval("select id from project")
        pointing = (
            "insert into project_change (division_code, project_id, version, action, effective_on, recorded_at, actor, "
            "facts, marks) values ($1, $2, 1, 'update', current_date, now(), 'x', '{}', '{}')"
        )
        async with within(app, THERE):
            with pytest.raises(asyncpg.ForeignKeyViolationError):
                await app.execute(pointing, THERE, project)


async def test_what_is_remembered_can_be_neither_changed_nor_removed(part: Part, app: asyncpg.Connection) -> None:
    forbidden = ["update audit_entry set body = ''", "delete from audit_entry", "truncate audit_entry"]
    forbidden += ["delete from audit_head", "delete from outbox", "alter table audit_entry disable row level security"]
    forbidden += ["set role postgres", "copy audit_entry from stdin", "create table mine (id int)"]
    if part is PROJECTS:
        forbidden += [
            "update project_change set facts = '{}'",
            "delete from project",
            "update stated_total set cell = ''",
        ]
    if part is GATEWAY:
        forbidden += ["update checkpoint set hash = hash", "delete from checkpoint", "delete from user_account"]
    for statement in forbidden:
        with pytest.raises((asyncpg.InsufficientPrivilegeError, asyncpg.FeatureNotSupportedError)):
            await app.execute(statement)


async def test_the_relay_reads_audit_and_outbox_of_all_divisions_and_nothing_else(
    database: Database, catalogue: asyncpg.Connection
) -> None:
    async with connected(database.relay_url) as relay:
        for table in sorted(await tables(catalogue)):
            if table in RELAY_READS:
                assert await relay.fetchval(f"select count(*) from {table}") == 1
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await relay.execute(f"delete from {table}")
            else:
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await relay.fetchval(f"select count(*) from {table}")
