"""A county sees nothing of its neighbour: not by asking, not by tampering, not by SQL, not in the crowd."""

import asyncio
import io
import random
import re
import zipfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import asyncpg
import httpx
import openpyxl
import pytest

from gateway.docs.merge import operations
from shared.chassis.permissions import ROLES
from tests.support.calls import CALLS
from tests.support.county import CITY, COUNTY, LEDGERS, NEIGHBOUR, Call, County
from tests.support.house import House
from tests.support.profile import SEED, count
from tests.support.work.petitions_imports import REGISTER

PEOPLE = sorted(set(ROLES) - {"service"})


OF_ANY_PROJECT = "get_project_petition_summary"
"""The petitions service does not know which projects there are: about any but its county's own there are none."""


def cells(file: Path) -> set[str]:
    """Every text of a workbook."""
    book = openpyxl.load_workbook(file, read_only=True)
    texts = {str(value) for sheet in book for row in sheet.iter_rows(values_only=True) for value in row if value}
    book.close()
    return texts


async def ledger_of(county: County) -> list[dict[str, Any]]:
    async with county.house.client(await county.office()) as client:
        return list((await client.get("/v1/projects/projects", params={"limit": 200})).json()["items"])


def _is_telling(word: str) -> bool:
    return len(word) > 2 and all("\u4e00" <= letter <= "\u9fff" or letter in "·（）" for letter in word)


async def marks_of(county: County) -> re.Pattern[str]:
    """What only this county's rows say: its code (not inside a digest or a fraction), its ids, its projects' names."""
    words = set(county.rows.values())
    for row in await ledger_of(county):
        people = (row["parties"]["developer"], row["location"]["township"], *row["people"].values())
        words |= {row["id"], row["project_code"], row["name"], *filter(None, people)}
    words -= cells(LEDGERS[NEIGHBOUR if county.code == COUNTY else COUNTY])
    words -= cells(REGISTER)  # both import it, and it names projects of one
    # The contract proof leaves projects called `0` behind: what anybody's answer may hold by chance marks nobody.
    words = {w for w in map(str, words) if county.code in w or len(w) == len(str(UUID(int=0))) or _is_telling(w)}
    assert len(words) > 15
    return re.compile(f"(?<![0-9a-f.]){county.code}(?![0-9a-f])|" + "|".join(map(re.escape, sorted(words))))


def text_of(answer: httpx.Response) -> str:
    """What an answer says, workbooks included."""
    if not answer.content.startswith(b"PK"):
        return answer.text
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        return "".join(archive.read(name).decode(errors="replace") for name in archive.namelist())


@pytest.fixture(scope="module")
async def foreign(neighbour: County) -> re.Pattern[str]:
    return await marks_of(neighbour)


@dataclass(frozen=True)
class Read:
    """A GET of the house and the names of its parameters."""

    name: str
    path: str
    takes: frozenset[str]
    demands: frozenset[str]

    @property
    def is_list(self) -> bool:
        return "cursor" in self.takes

    async def asked(self, county: County, call: Call = Call()) -> dict[str, Any]:
        """Arguments of a request about the rows of a county; `call` need not give what the operation demands."""
        demanded = {name: word for name, word in CALLS[self.name].query.items() if name in self.demands}
        return await replace(call, query=demanded | dict(call.query)).request(county, "GET", self.path)


async def reads_of(house: House) -> list[Read]:
    """Every one in the document, so that a new one is not forgotten."""
    async with house.client() as client:
        document = (await client.get("/openapi.json")).json()
    reads = [
        Read(
            operation["operationId"],
            path,
            frozenset(p["name"] for p in operation.get("parameters", ())),
            frozenset(p["name"] for p in operation.get("parameters", ()) if p["in"] == "query" and p["required"]),
        )
        for path, method, operation in operations(document)
        if method.upper() == "GET"
    ]
    assert sum(read.is_list for read in reads) > 40
    return sorted(reads, key=lambda read: read.name)


async def test_the_neighbour_itself_is_shown_what_must_not_be_seen(neighbour: County, foreign: re.Pattern[str]) -> None:
    """The control: these marks are in the answers its own people get."""
    named = {read.name: read for read in await reads_of(neighbour.house)}
    async with neighbour.house.client(await neighbour.office()) as client:
        for name in ("list_projects", "export_ledger", "download_import_result", "list_contradictions", "list_units"):
            answer = await client.request(**await named[name].asked(neighbour, CALLS[name]))
            assert foreign.search(text_of(answer)), name


@pytest.mark.parametrize("role", PEOPLE)
async def test_nothing_a_county_reads_holds_a_mark_of_its_neighbour(
    county: County, neighbour: County, foreign: re.Pattern[str], role: str
) -> None:
    """Every read of every role: about its own rows, about everything it may see, and about the neighbour's ids."""
    seen = 0
    async with county.house.client(await county.house.user(role, COUNTY)) as client:
        for read in await reads_of(county.house):
            whole = Call(query={"limit": "100"} if read.is_list else {})
            for asked, whose in (
                (await read.asked(county, CALLS[read.name]), county),
                (await read.asked(county, whole), county),
                (await read.asked(neighbour, whole), neighbour),
            ):
                answer = await client.request(**asked)
                text = text_of(answer)
                assert answer.status_code in (200, 403, 404), f"{read.name} {text}"
                seen += answer.status_code == 200
                if whose is neighbour and read.name == OF_ANY_PROJECT and answer.status_code == 200:
                    assert answer.json()["total"] == {"case_count": 0, "people_count": 0}
                    text = text.replace(neighbour.rows["project_id"], "")
                elif whose is neighbour and "_id}" in read.path:
                    assert answer.status_code != 200
                assert not foreign.search(text), f"{read.name} {answer.request.url.path}"
    assert seen > 0


async def test_what_a_city_narrows_to_one_county_holds_no_mark_of_the_other(
    county: County, foreign: re.Pattern[str]
) -> None:
    """Row security shows a city both: only the scope of the query itself tells them apart."""
    narrowed = set()
    async with county.house.client() as client:
        for read in await reads_of(county.house):
            if "division_code" not in read.takes:
                continue
            asked = await read.asked(county, CALLS[read.name])
            asked["params"] |= {"division_code": COUNTY} | ({"limit": "100"} if read.is_list else {})
            for role in PEOPLE:
                answer = await client.request(**asked | {"headers": await county.house.user(role, CITY)})
                if answer.status_code == 200:
                    narrowed.add(read.name)
                    assert not foreign.search(text_of(answer)), read.name
                    break
    assert len(narrowed) > 40, narrowed


async def test_no_filter_finds_the_neighbours_rows(county: County, neighbour: County, foreign: re.Pattern[str]) -> None:
    rows = await ledger_of(neighbour)
    developers = {row["parties"]["developer"] for row in rows if row["parties"]["developer"]} - cells(COUNTY)
    townships = {row["location"]["township"] for row in rows if row["location"]["township"]} - cells(COUNTY)
    assert developers
    assert townships
    asked = [{"q": row["name"], "division_code": COUNTY} for row in rows[:5]]
    asked += [{"developer": name} for name in developers] + [{"township": name} for name in townships]
    async with county.house.client(await county.office()) as ours:
        for query in asked:
            listed = await ours.get("/v1/projects/projects", params=query | {"count": "true"})
            assert (listed.json()["items"], listed.json()["total"]) == ([], 0)
            summed = await ours.get("/v1/projects/statistics", params=query)
            assert (summed.json()["projects"], summed.json()["by_township"]) == (0, [])
            for path in ("/v1/projects/contradictions", "/v1/projects/export"):
                assert not foreign.search(text_of(await ours.get(path, params=query)))


async def test_figures_are_of_ones_own_rows(county: County, neighbour: County) -> None:
    for here in (county, neighbour):
        sql = f"select count(*) from project where division_code = '{here.code}'"
        rows = int(here.house.server.psql("-c", sql, database=here.house.databases["projects"].name))
        async with here.house.client(await here.office()) as client:
            listed = (await client.get("/v1/projects/projects", params={"count": "true", "limit": 1})).json()
            summed = (await client.get("/v1/projects/statistics")).json()
        assert listed["total"] == summed["projects"] == rows > 0


async def first_page(client: httpx.AsyncClient, read: Read, whose: County, home: str) -> tuple[str | None, str | None]:
    """A role that may read a list there, and the cursor of what follows its first row, if anything does."""
    asked = await read.asked(whose, Call(query={"limit": "1"}))
    for role in PEOPLE:
        answer = await client.request(**asked | {"headers": await whose.house.user(role, home)})
        if answer.status_code == 200:
            return role, answer.json()["next_cursor"]
    return None, None


async def test_a_cursor_is_good_for_its_caller_only(county: County, neighbour: County) -> None:
    """Handed on, from above or from next door, or with any of its characters changed, it is refused."""
    house, refused = county.house, dict[str, bool]()
    lists = [read for read in await reads_of(house) if read.is_list]
    async with house.client() as client:

        async def refuses(read: Read, role: str, cursor: str) -> None:
            asked = await read.asked(county, Call(query={"limit": "1", "cursor": cursor}))
            answer = await client.request(**asked | {"headers": await house.user(role, COUNTY)})
            assert (answer.status_code, answer.json()["code"]) == (422, "bad_cursor"), read.name

        projects = next(read for read in lists if read.name == "list_projects")
        _, cursor_of_another_list = await first_page(client, projects, neighbour, NEIGHBOUR)
        assert cursor_of_another_list is not None
        for read in lists:
            for whose, home in ((neighbour, NEIGHBOUR), (county, CITY)):
                role, cursor = await first_page(client, read, whose, home)
                if role is not None:
                    await refuses(read, role, cursor or cursor_of_another_list)
                    refused[read.name] = cursor is not None or refused.get(read.name, False)
    assert refused.keys() == {read.name for read in lists}
    # Of some there is one row: one import, one version of a thing nobody has changed.
    assert sum(refused.values()) > len(lists) * 2 // 3
    async with house.client(await county.office()) as client:
        path = "/v1/projects/projects"
        good = (await client.get(path, params={"limit": 1})).json()["next_cursor"]
        assert (await client.get(path, params={"limit": 1, "cursor": good})).status_code == 200
        for place in range(len(good)):
            other = good[:place] + ("A" if good[place] != "A" else "B") + good[place + 1 :]
            answer = await client.get(path, params={"limit": 1, "cursor": other})
            # The last character of base64 holds bits that mean nothing.
            assert answer.status_code == 422 or place == len(good) - 1


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


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(urlsplit(url)._replace(scheme="postgresql").geturl())
    try:
        yield connection
    finally:
        await connection.close()


TENANT_TABLES = """
    select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid
    where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace and a.attname = 'division_code'
    order by 1
"""


@pytest.mark.parametrize("name", ["projects", "gateway"])
async def test_sql_as_the_services_role_sees_only_its_scope(
    house: House, county: County, neighbour: County, name: str
) -> None:
    database = house.databases[name]
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


async def test_the_services_role_writes_nothing_outside_its_scope(house: House, county: County) -> None:
    insert = "insert into project_number (division_code, last) values ('999903', 1)"
    rename = f"update project set name = '他人' where division_code = '{COUNTY}'"
    async with connected(house.databases["projects"].app_url) as connection:
        for code in ("", NEIGHBOUR):
            await connection.execute(f"set app.lo = '{code}'; set app.hi = '{code and code + '~'}'")
            assert await connection.execute(rename) == "UPDATE 0"
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(insert)


async def test_a_crowd_of_two_counties_that_hang_up_at_random(county: County, neighbour: County) -> None:
    """No answer holds a row of the other county; afterwards no connection is left in a transaction."""
    house, draw = county.house, random.Random(SEED)
    # What one connection of a pool leaves behind must not be seen by the next request that takes it.
    foreign = {COUNTY: await marks_of(neighbour), NEIGHBOUR: await marks_of(county)}
    answered = hung_up = 0

    async def one(here: County, client: httpx.AsyncClient, patience: float | None) -> None:
        nonlocal answered, hung_up
        ask = draw.choice(ASKED)
        try:
            answer = await asyncio.wait_for(ask(here, client), patience)
        except TimeoutError:
            hung_up += 1
            return
        answered += 1
        assert answer.status_code < 400, answer.text
        assert not foreign[here.code].search(text_of(answer)), answer.request.url.path

    number, at_once = count(100, 1000), asyncio.Semaphore(24)
    async with house.client(await county.office()) as here, house.client(await neighbour.office()) as there:

        async def guarded(index: int) -> None:
            patience = draw.uniform(0.001, 0.05) if draw.random() < 0.4 else None
            async with at_once:
                await one(*((county, here) if index % 2 else (neighbour, there)), patience)

        async with asyncio.TaskGroup() as group:
            for index in range(number):
                group.create_task(guarded(index))
    assert answered + hung_up == number
    assert answered > number // 3
    assert hung_up > number // 20
    assert house.transactions_left() == set()


Ask = Callable[[County, httpx.AsyncClient], Awaitable[httpx.Response]]


def _get(path: str, **query: Any) -> Ask:
    return lambda county, client: client.get(path.format(**county.rows), params=query)


def _create(county: County, client: httpx.AsyncClient) -> Awaitable[httpx.Response]:
    body = {"division_code": county.code, "name": f"人群中的 {county.number()} 号院"}
    return client.post("/v1/projects/projects", json=body)


ASKED: list[Ask] = [
    _get("/v1/projects/projects"),
    _get("/v1/projects/projects", count="true", sort="name"),
    _get("/v1/projects/projects/{project_id}"),
    _get("/v1/projects/projects/{project_id}/history"),
    _get("/v1/projects/statistics"),
    _get("/v1/projects/contradictions"),
    _get("/v1/projects/export"),
    _get("/v1/projects/imports/{import_id}/result"),
    _get("/v1/projects/unmapped-names"),
    _get("/v1/directory/units"),
    _create,
]
