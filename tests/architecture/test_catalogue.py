"""The catalogue of every migrated database: tenancy in every key and policy, rights by name, nothing beyond.

`alembic check` sees none of this. A key that is new must be written down here, a table or a right in `rights`.
"""

from typing import Any

import asyncpg

from deploy.parts import GATEWAY, SERVICES, Part
from shared.storage.tables import UNTENANTED, kit
from tests.architecture.filled import tables
from tests.architecture.rights import RELAY_READS, RENEWED, RIGHTS
from tests.support.postgres import Templates
from tests.support.sql import connected

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
            async with connected(database.owner_url) as connection:
                return {table: await shape(connection, table, part.database) for table in kit.tables}

    expected = await shapes(GATEWAY)
    for service in SERVICES:
        assert await shapes(service) == expected, service.name
