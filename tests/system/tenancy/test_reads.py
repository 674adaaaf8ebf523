"""No read shows a county a row of its neighbour: not by asking, not by filters, not by somebody else's cursor."""

import re

import httpx
import pytest

from tests.support.calls import CALLS
from tests.support.county import CITY, COUNTY, LEDGERS, NEIGHBOUR, Call, County
from tests.system.tenancy.marks import PEOPLE, Read, cells, ledger_of, reads_of, text_of

SHOWN = (
    "list_projects",
    "export_ledger",
    "download_import_result",
    "list_contradictions",
    "list_units",
    "list_petitions",
    "get_petition",
    "export_petitions",
    "get_petition_kpis",
    "list_project_petition_summaries",
)


OF_ANY_PROJECT = "get_project_petition_summary"
"""The petitions service does not know which projects there are: about any but its county's own there are none."""


async def test_the_neighbour_itself_is_shown_what_must_not_be_seen(neighbour: County, foreign: re.Pattern[str]) -> None:
    """The control: these marks are in the answers its own people get."""
    named = {read.name: read for read in await reads_of(neighbour.house)}
    async with neighbour.house.client(await neighbour.office()) as client:
        for name in SHOWN:
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
    developers = {row["parties"]["developer"] for row in rows if row["parties"]["developer"]} - cells(LEDGERS[COUNTY])
    townships = {row["location"]["township"] for row in rows if row["location"]["township"]} - cells(LEDGERS[COUNTY])
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


@pytest.mark.parametrize("about", ["project_id", "petition_id"])
async def test_no_list_about_one_row_knows_the_neighbours(county: County, neighbour: County, about: str) -> None:
    asked = set()
    async with county.house.client() as client:
        for read in await reads_of(county.house):
            if not read.is_list or about not in read.takes or f"{{{about}}}" in read.path:
                continue
            request = await read.asked(county, Call(query={about: neighbour.rows[about]}))
            for role in PEOPLE:
                answer = await client.request(**request | {"headers": await county.house.user(role, COUNTY)})
                assert answer.status_code in (200, 403, 404), f"{read.name} {answer.text}"
                if answer.status_code == 200:
                    asked.add(read.name)
                    assert answer.json()["items"] == [], f"{read.name} {role}"
    assert len(asked) > 5, asked


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
