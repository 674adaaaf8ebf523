"""Rows of a county are its own: its figures, retries, jobs and files; also to SQL as the service's role."""

import asyncpg
import pytest

from deploy.parts import PARTS, Part
from tests.support.county import COUNTY, NEIGHBOUR, County
from tests.support.house import House
from tests.support.sql import connected


async def test_petitions_are_counted_in_ones_own_rows(county: County, neighbour: County) -> None:
    for here in (county, neighbour):
        sql = f"select count(*) from petition where division_code = '{here.code}'"
        rows = int(here.house.server.psql("-c", sql, database=here.house.databases["petitions"].name))
        async with here.house.client(await here.house.user("petition_office", here.code)) as client:
            listed = (await client.get("/v1/petitions/petitions", params={"count": "true", "limit": 1})).json()
        assert listed["total"] == rows > 0


async def test_figures_are_of_ones_own_rows(county: County, neighbour: County) -> None:
    for here in (county, neighbour):
        sql = f"select count(*) from project where division_code = '{here.code}'"
        rows = int(here.house.server.psql("-c", sql, database=here.house.databases["projects"].name))
        async with here.house.client(await here.office()) as client:
            listed = (await client.get("/v1/projects/projects", params={"count": "true", "limit": 1})).json()
            summed = (await client.get("/v1/projects/statistics")).json()
        assert listed["total"] == summed["projects"] == rows > 0


async def test_an_idempotency_key_is_its_callers_own(county: County, neighbour: County) -> None:
    key = {"Idempotency-Key": f"key-of-the-neighbour-{neighbour.number()}"}
    body = {"division_code": NEIGHBOUR, "name": f"重试 {neighbour.number()} 号院"}
    async with county.house.client() as client:
        first = await client.post("/v1/projects/projects", json=body, headers=key | await neighbour.office())
        again = await client.post("/v1/projects/projects", json=body, headers=key | await neighbour.office())
        assert (first.status_code, again.json()) == (201, first.json())
        taken = await client.post("/v1/projects/projects", json=body, headers=key | await county.office())
        assert taken.status_code == 404
        assert first.json()["id"] not in taken.text
        other = body | {"division_code": COUNTY, "name": f"重试 {COUNTY} {county.number()} 号院"}
        own = await client.post("/v1/projects/projects", json=other, headers=key | await county.office())
        assert (own.status_code, own.json()["division_code"]) == (201, COUNTY)


async def test_a_job_or_a_file_of_the_neighbour_is_not_there(county: County, neighbour: County) -> None:
    """Content-addressed files too: the same bytes are each county's own row."""
    theirs = neighbour.rows["import_id"]
    async with county.house.client(await county.office()) as client:
        for path in (f"/v1/projects/imports/{theirs}", f"/v1/projects/imports/{theirs}/result"):
            assert (await client.get(path)).status_code == 404
        mine = {row["id"] for row in (await client.get("/v1/projects/imports", params={"limit": 100})).json()["items"]}
    assert theirs not in mine
    assert county.rows["import_id"] in mine


TENANT_TABLES = """
    select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid
    where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace and a.attname = 'division_code'
    order by 1
"""


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
async def test_sql_as_the_services_role_sees_only_its_scope(
    house: House, county: County, neighbour: County, part: Part
) -> None:
    database = house.databases[part.name]
    async with connected(database.app_url) as connection:
        tables = [row["relname"] for row in await connection.fetch(TENANT_TABLES)]
        assert len(tables) > 6
        for table in tables:
            whole = house.server.psql("-c", f"select count(*) from {table}", database=database.name)
            assert await connection.fetchval(f"select count(*) from {table}") == 0, table
            async with connection.transaction():
                await connection.execute(f"set local app.lo = '{COUNTY}'; set local app.hi = '{COUNTY}~'")
                rows = await connection.fetch(f"select distinct division_code from {table}")
                assert {row["division_code"] for row in rows} <= {COUNTY}, table
                assert int(whole) >= len(rows)
        assert any(int(house.server.psql("-c", f"select count(*) from {t}", database=database.name)) for t in tables)


INSERTS = {
    "projects": "insert into project_number (division_code, last) values ('999903', 1)",
    "petitions": "insert into petition_number values ('999903', 2026, 1, now())",
}
CHANGES = {
    "projects": f"update project set name = '他人' where division_code = '{COUNTY}'",
    "petitions": f"update petition set summary = '他人' where division_code = '{COUNTY}'",
}


@pytest.mark.parametrize("name", INSERTS)
async def test_the_services_role_writes_nothing_outside_its_scope(house: House, county: County, name: str) -> None:
    async with connected(house.databases[name].app_url) as connection:
        for code in ("", NEIGHBOUR):
            await connection.execute(f"set app.lo = '{code}'; set app.hi = '{code and code + '~'}'")
            assert await connection.execute(CHANGES[name]) == "UPDATE 0"
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(INSERTS[name])
