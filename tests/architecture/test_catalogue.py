"""The catalogue of every migrated database: tenancy in every key and policy, rights by name, nothing beyond.

`alembic check` sees none of this. A table, a key or a right that is new must be written down here, where a reviewer
reads it.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import pytest

from deploy.parts import GATEWAY, PARTS, PROJECTS, SERVICES, Part
from deploy.postgres.databases import Database
from deploy.postgres.server import Server
from shared.storage.tables import UNTENANTED, kit
from tests.support.postgres import Templates

RELAY_READS = {"audit_entry", "audit_head", "outbox"}
SHARED_RIGHTS = {
    "audit_entry": "INSERT SELECT",
    "audit_head": "INSERT SELECT UPDATE",
    "idempotency": "DELETE INSERT SELECT UPDATE",  # forgotten once nobody can ask for it any more
    "job": "INSERT SELECT UPDATE",
    "outbox": "INSERT SELECT UPDATE",
    "stored_file": "INSERT SELECT UPDATE",
    "workday_override": "SELECT",
}
RIGHTS: dict[str, dict[str, str]] = {
    "gateway": SHARED_RIGHTS
    | {
        "checkpoint": "INSERT SELECT",
        "client": "INSERT SELECT UPDATE",
        "division": "INSERT SELECT UPDATE",
        "login_attempt": "DELETE INSERT SELECT UPDATE",
        "person": "INSERT SELECT UPDATE",
        "refresh_token": "DELETE INSERT SELECT UPDATE",
        "revocation": "DELETE INSERT SELECT UPDATE",
        "unit": "INSERT SELECT UPDATE",
        "user_account": "INSERT SELECT UPDATE",
    },
    "projects": SHARED_RIGHTS
    | {
        "ledger_import": "INSERT SELECT UPDATE",
        "project": "INSERT SELECT UPDATE",
        "project_change": "INSERT SELECT",
        "project_number": "INSERT SELECT UPDATE",
        "stated_total": "INSERT SELECT",
        "threshold": "INSERT SELECT UPDATE",
        # duty
        "backstop": "INSERT SELECT",
        "duty": "INSERT SELECT UPDATE",
        "group_seat": "INSERT SELECT UPDATE",
        "site_promise": "INSERT SELECT UPDATE",
        "taskforce": "INSERT SELECT UPDATE",
        "visit": "INSERT SELECT",
        # plan
        "milestone": "INSERT SELECT UPDATE",
        "milestone_block": "INSERT SELECT UPDATE",
        "milestone_report": "INSERT SELECT",
        "plan": "INSERT SELECT UPDATE",
        "plan_baseline": "INSERT SELECT",
        # paths
        "insolvency_evidence": "INSERT SELECT",
        "lawsuit": "INSERT SELECT UPDATE",
        "liaison_matter": "INSERT SELECT UPDATE",
        "path_deadline": "INSERT SELECT UPDATE",
        "path_stage": "INSERT SELECT UPDATE",
        "project_path": "INSERT SELECT UPDATE",
        # enterprises
        "enforcement_step": "INSERT SELECT UPDATE",
        "enterprise": "INSERT SELECT UPDATE",
        "enterprise_finding": "INSERT SELECT",
        # clues
        "clue": "INSERT SELECT UPDATE",
        "clue_result": "INSERT SELECT",
        # problems
        "decision": "INSERT SELECT UPDATE",
        "decision_project": "INSERT SELECT",
        "decision_task": "INSERT SELECT UPDATE",
        "decision_vote": "INSERT SELECT UPDATE",
        "problem": "INSERT SELECT UPDATE",
        "problem_event": "INSERT SELECT",
        "problem_step": "INSERT SELECT UPDATE",
        # meetings
        "meeting": "INSERT SELECT UPDATE",
        "meeting_action": "INSERT SELECT UPDATE",
        "meeting_item": "INSERT SELECT UPDATE",
        "meeting_topic": "INSERT SELECT UPDATE",
        "inspection_draw": "INSERT SELECT",
        "progress_inspection": "INSERT SELECT",
        "progress_report": "INSERT SELECT UPDATE",
        "site_signal": "INSERT SELECT UPDATE",
        # progress
        # evidence
        "evidence": "INSERT SELECT",
        "photo_key": "INSERT SELECT",
        "project_site": "INSERT SELECT UPDATE",
        # quality
        "acceptance": "INSERT SELECT UPDATE",
        "defect": "INSERT SELECT UPDATE",
        "incident": "INSERT SELECT UPDATE",
        "quality_inspection": "INSERT SELECT UPDATE",
        # closeout
        "closeout": "INSERT SELECT UPDATE",
        "closeout_draw": "INSERT SELECT",
        "closeout_item": "INSERT SELECT UPDATE",
        "closeout_recheck": "INSERT SELECT UPDATE",
        # supervision
        "accountability": "INSERT SELECT UPDATE",
        "order_extension": "INSERT SELECT",
        "order_feedback": "INSERT SELECT UPDATE",
        "order_step": "INSERT SELECT",
        "supervision_number": "INSERT SELECT UPDATE",
        "supervision_order": "INSERT SELECT UPDATE",
        "sweep": "INSERT SELECT UPDATE",
    },
    "petitions": SHARED_RIGHTS
    | {
        "attachment": "INSERT SELECT UPDATE",
        "content_class": "SELECT",
        "petition": "INSERT SELECT UPDATE",
        "petition_number": "INSERT SELECT UPDATE",
        "petitioner": "INSERT SELECT UPDATE",
        "register_import": "INSERT SELECT UPDATE",
        "sealed_chunk": "INSERT SELECT UPDATE",
        "sealed_file": "INSERT SELECT UPDATE",
        # life
        "assignment": "INSERT SELECT UPDATE",
        "calendar_seen": "INSERT SELECT UPDATE",
        "clock_change": "INSERT SELECT",
        "petition_act": "INSERT SELECT",
        "petition_clock": "INSERT SELECT UPDATE",
        # leaders
        "case_leader": "INSERT SELECT UPDATE",
        "case_meeting": "INSERT SELECT",
        "case_plan": "INSERT SELECT UPDATE",
        "case_promise": "INSERT SELECT UPDATE",
        # ratings
        "petition_rating": "INSERT SELECT UPDATE",
        # repeats
        "repeat_decision": "INSERT SELECT UPDATE",
        # citizen
        "look_up_try": "DELETE INSERT SELECT UPDATE",  # forgotten after an hour
        # opinion
        "opinion_item": "INSERT SELECT UPDATE",
        # incidents
        "no_unrest": "INSERT SELECT",
        "unrest": "INSERT SELECT UPDATE",
        # thresholds
        "threshold": "INSERT SELECT UPDATE",
        # reminders
        "petition_supervision": "INSERT SELECT UPDATE",
        "petition_supervision_step": "INSERT SELECT",
        "reminder": "INSERT SELECT UPDATE",
        "sweep": "INSERT SELECT UPDATE",
        # warnings
        "petition_warning": "INSERT SELECT UPDATE",
        "warning_reading": "INSERT SELECT",
    },
}
"""What the role that serves requests may do to each table: no TRUNCATE, no deleting of what is remembered."""
RENEWED = {
    "projects": {("clue_result", "content")},
    "petitions": {("case_meeting", "notes_sealed"), ("petition_act", "text_sealed")},
}
"""Sealed columns of rows that are only ever added: a re-key changes them and nothing else."""
FUNCTIONS: dict[str, set[str]] = {"gateway": set(), "projects": {"end_once"}, "petitions": set()}
"""Triggers only, with the rights of whoever changes the row."""
KEYS_OF_ALL_DIVISIONS = {
    ("user_account", "user_account_username_key"): "who logs in names no county",
    ("client", "client_id_key"): "the token endpoint is told nothing but the id",
}
IN_SCOPE = (
    "(((division_code)::text >= NULLIF(current_setting('app.lo'::text, true), ''::text)) AND "
    "((division_code)::text < NULLIF(current_setting('app.hi'::text, true), ''::text)))"
)
HERE, THERE = "110101", "110102"


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
    async with connect(database.owner_url) as connection:
        yield connection


@pytest.fixture
async def app(database: Database) -> AsyncIterator[asyncpg.Connection]:
    """As the role that serves requests, in no division."""
    async with connect(database.app_url) as connection:
        yield connection


@asynccontextmanager
async def connect(url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        yield connection
    finally:
        await connection.close()


def one_row_each(division_code: str) -> str:
    """A row in every tenant table, whatever its columns; only a superuser gets past its keys and policies."""
    return f"""
    set session_replication_role = replica;
    do $$
    declare t record; names text; vals text;
    begin
        for t in select c.oid, c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid
            where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attname = 'division_code'
        loop
            select string_agg(quote_ident(attname), ', '), string_agg(case
                when attname = 'division_code' then quote_literal('{division_code}')
                when word is not null then quote_literal(word)
                when format_type(atttypid, null) = 'uuid' then 'gen_random_uuid()'
                when format_type(atttypid, null) in ('smallint', 'integer', 'bigint', 'numeric') then '1'
                when format_type(atttypid, null) = 'boolean' then 'false'
                -- A row's days follow each other in the order of its columns, and no two of its texts are the same.
                when format_type(atttypid, null) = 'date' then format('current_date + %s', attnum)
                when format_type(atttypid, null) = 'text' then quote_literal('{division_code}-' || attnum)
                when format_type(atttypid, null) like 'timestamp%' then 'now()'
                when format_type(atttypid, null) = 'jsonb' then quote_literal('{{}}')
                when format_type(atttypid, null) like '%[]' then quote_literal('{{}}')
                else quote_literal('{division_code}') end, ', ')
            into names, vals
            from pg_attribute a left join lateral (
                -- the first word of a check such as `kind in ('a', 'b')`
                select (regexp_match(pg_get_constraintdef(oid), '''([^'']+)'''))[1] as word from pg_constraint
                where conrelid = t.oid and contype = 'c' and conkey = array[a.attnum] limit 1
            ) c on true where attrelid = t.oid and attnum > 0 and attnotnull and not attisdropped;
            execute format('insert into %I (%s) values (%s)', t.relname, names, vals);
        end loop;
    end $$;
    """


async def tables(connection: asyncpg.Connection) -> set[str]:
    rows = await connection.fetch("select tablename from pg_tables where schemaname = 'public'")
    return {row["tablename"] for row in rows}


async def test_every_table_but_the_listed_ones_forces_row_security(part: Part, catalogue: asyncpg.Connection) -> None:
    rows = await catalogue.fetch(
        """
        select c.relname, c.relrowsecurity and c.relforcerowsecurity as forced,
            exists (select from pg_attribute a join pg_collation l on l.oid = a.attcollation
                where a.attrelid = c.oid and a.attname = 'division_code' and a.attnotnull and l.collname = 'C') as led
        from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
        """
    )
    assert {r["relname"] for r in rows if not (r["forced"] and r["led"])} <= UNTENANTED
    assert not {r["relname"] for r in rows if r["forced"]} & UNTENANTED
    others = "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('v', 'm', 'f')"
    assert await catalogue.fetch(others) == [], "a view runs with its owner's rights"
    functions = "select proname, prosecdef from pg_proc where pronamespace = 'public'::regnamespace"
    found = {(r["proname"], r["prosecdef"]) for r in await catalogue.fetch(functions)}
    assert found == {(name, False) for name in FUNCTIONS[part.name]}


async def test_policies_are_exactly_the_expected_ones(part: Part, catalogue: asyncpg.Connection) -> None:
    rows = await catalogue.fetch("select * from pg_policies where schemaname = 'public'")
    found = {
        (r["tablename"], r["policyname"]): (r["permissive"], r["roles"], r["cmd"], r["qual"], r["with_check"])
        for r in rows
    }
    ours, relay = [part.database], [f"{part.database}_relay"]
    tenant = await tables(catalogue) - UNTENANTED
    assert found == {(t, "in_scope"): ("PERMISSIVE", ours, "ALL", IN_SCOPE, IN_SCOPE) for t in tenant} | {
        (t, "relay"): ("PERMISSIVE", relay, "SELECT", "true", None) for t in RELAY_READS
    }


async def test_every_key_is_led_by_the_division(catalogue: asyncpg.Connection) -> None:
    rows = await catalogue.fetch(
        """
        select t.relname, i.relname as index, x.indisunique as is_key,
            (select attname from pg_attribute where attrelid = t.oid and attnum = x.indkey[0]) as first
        from pg_index x join pg_class i on i.oid = x.indexrelid join pg_class t on t.oid = x.indrelid
        where t.relnamespace = 'public'::regnamespace
        """
    )
    tenant = [r for r in rows if r["relname"] not in UNTENANTED]
    astray = {(r["relname"], r["index"]) for r in tenant if r["is_key"] and r["first"] != "division_code"}
    assert astray <= set(KEYS_OF_ALL_DIVISIONS)
    assert {r["relname"] for r in tenant if r["is_key"]} == await tables(catalogue) - UNTENANTED


async def test_no_foreign_key_leaves_its_division(catalogue: asyncpg.Connection) -> None:
    rows = await catalogue.fetch(
        """
        select conname, confrelid::regclass::text as target,
            (select attname from pg_attribute where attrelid = conrelid and attnum = conkey[1]) as here,
            (select attname from pg_attribute where attrelid = confrelid and attnum = confkey[1]) as there
        from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace
        """
    )
    for row in rows:
        assert (row["here"], row["there"]) == ("division_code", "division_code"), row["conname"]
        assert row["target"] not in UNTENANTED


async def test_rights_are_the_committed_list(part: Part, catalogue: asyncpg.Connection) -> None:
    rows = await catalogue.fetch(
        """
        select c.relname, coalesce(r.rolname, 'public') as role,
            string_agg(a.privilege_type, ' ' order by a.privilege_type) as rights
        from pg_class c cross join lateral aclexplode(c.relacl) a left join pg_roles r on r.oid = a.grantee
        where c.relnamespace = 'public'::regnamespace and a.grantee <> c.relowner group by 1, 2
        """
    )
    found = {(r["role"], r["relname"]): r["rights"] for r in rows}
    relay = f"{part.database}_relay"
    assert found == {(part.database, table): rights for table, rights in RIGHTS[part.name].items()} | {
        (relay, table): "SELECT" for table in RELAY_READS
    }
    columns = """
        select attrelid::regclass::text as relname, attname, r.rolname as role, a.privilege_type as right
        from pg_attribute cross join lateral aclexplode(attacl) a left join pg_roles r on r.oid = a.grantee
        where attrelid >= 16384
    """
    assert {tuple(r) for r in await catalogue.fetch(columns)} == {
        (table, column, part.database, "UPDATE") for table, column in RENEWED.get(part.name, set())
    }


async def test_roles_have_no_power_of_their_own(part: Part, catalogue: asyncpg.Connection) -> None:
    names = [part.database, f"{part.database}_owner", f"{part.database}_relay"]
    rows = await catalogue.fetch(
        """
        select rolname, rolsuper or rolbypassrls or rolcreatedb or rolcreaterole or rolreplication as powerful,
            'plan_cache_mode=force_custom_plan' = any(coalesce(rolconfig, '{}')) as plans_anew,
            exists (select from pg_auth_members m where m.member = r.oid or m.roleid = r.oid) as stands_in,
            has_schema_privilege(oid, 'public', 'create') as creates
        from pg_roles r where rolname = any($1)
        """,
        names,
    )
    found = {r["rolname"]: r for r in rows}
    assert set(found) == set(names)
    for name, role in found.items():
        assert (role["powerful"], role["stands_in"]) == (False, False), name
        assert role["creates"] == (name == f"{part.database}_owner")
        assert role["plans_anew"] == (name != f"{part.database}_owner")


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
    async with connect(projects_database.app_url) as app:
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
    async with connect(database.relay_url) as relay:
        for table in sorted(await tables(catalogue)):
            if table in RELAY_READS:
                assert await relay.fetchval(f"select count(*) from {table}") == 1
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await relay.execute(f"delete from {table}")
            else:
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await relay.fetchval(f"select count(*) from {table}")


async def shape(connection: asyncpg.Connection, table: str, role: str) -> list[Any]:
    columns = await connection.fetch(
        "select attname, format_type(atttypid, atttypmod), attnotnull, pg_get_expr(d.adbin, d.adrelid), attcollation "
        "from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum "
        "where attrelid = $1::regclass and attnum > 0 order by attnum",
        table,
    )
    indexes = await connection.fetch(
        "select indexdef from pg_indexes where schemaname = 'public' and tablename = $1 order by indexname", table
    )
    constraints = await connection.fetch(
        "select conname, pg_get_constraintdef(oid) from pg_constraint where conrelid = $1::regclass order by conname",
        table,
    )
    policies = await connection.fetch(
        "select policyname, array(select replace(r::text, $2, 'role') from unnest(roles) r), cmd, qual, with_check "
        "from pg_policies where tablename = $1 order by 1",
        table,
        role,
    )
    return [tuple(row) for row in (*columns, *indexes, *constraints, *policies)]


async def test_shared_tables_are_the_same_in_every_database(templates: Templates) -> None:
    async def shapes(part: Part) -> dict[str, Any]:
        with templates.clone(part) as database:
            async with connect(database.owner_url) as connection:
                return {table: await shape(connection, table, part.database) for table in kit.tables}

    expected = await shapes(GATEWAY)
    for service in SERVICES:
        assert await shapes(service) == expected, service.name
