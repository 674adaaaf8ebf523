"""Site visits and the promises made there, until they are kept or broken."""

import asyncio
import datetime as dt
from typing import Any

import httpx
import pytest

from tests.support.projects import MORNING, County, Projects


@pytest.fixture
async def county(projects: Projects) -> County:
    county = projects.county()
    await county.unit("GOV", "县政府", kind="government")
    await county.person("L1", "领导一", unit="GOV", post="副县长")
    await county.person("L2")
    return county


@pytest.fixture
async def project(county: County) -> str:
    return str((await county.create("青枫苑"))["id"])


async def visit(county: County, project: str, person: str = "L1", **more: Any) -> httpx.Response:
    body = {"kind": "night", "person_code": person, "found": "塔吊未动，无人施工", **more}
    return await county.call("POST", f"/projects/{project}/visits", json=body)


async def promise(county: County, project: str, due_on: str, **more: Any) -> httpx.Response:
    body = {"person_code": "L1", "promised_to": "owners", "matter": "恢复临时供电", "due_on": due_on, **more}
    return await county.call("POST", f"/projects/{project}/site-promises", json=body)


async def settle(county: County, made: dict[str, Any], outcome: str = "kept", **more: Any) -> httpx.Response:
    body = {"outcome": outcome, "note": "供电局已送电", **more}
    return await county.call("POST", f"/site-promises/{made['id']}/settle", json=body)


async def test_a_night_visit_says_who_came_and_what_they_found(county: County, project: str) -> None:
    made = await visit(county, project, visited_on="2026-11-20")
    assert made.status_code == 201
    assert await county.read(made.headers["location"].removeprefix("/v1/projects")) == made.json()
    told = {name: made.json()[name] for name in ("kind", "person_name", "post", "unit_name", "found")}
    assert told == {
        "kind": "night",
        "person_name": "领导一",
        "post": "副县长",
        "unit_name": "县政府",
        "found": "塔吊未动，无人施工",
    }
    day = (await visit(county, project, "L2", kind="day")).json()
    assert [item["id"] for item in await county.every("/visits", project_id=project, limit=1)] == [
        day["id"],
        made.json()["id"],
    ]
    for query in ({"kind": "night"}, {"person_code": "L1"}):
        assert await county.every("/visits", **query) == [made.json()]
    tomorrow = await visit(county, project, visited_on="2026-11-24")
    assert (tomorrow.status_code, tomorrow.json()["errors"][0]["pointer"]) == (422, "/visited_on")


async def test_a_promise_is_open_then_overdue_then_kept_late(county: County, project: str, projects: Projects) -> None:
    seen = (await visit(county, project, visited_on="2026-11-20")).json()
    made = (await promise(county, project, "2026-11-25", visit_id=seen["id"], made_on="2026-11-20")).json()
    assert (made["is_overdue"], made["days_late"], made["visit_id"]) == (False, 0, seen["id"])

    async def states() -> dict[str, int]:
        named = ("open", "overdue", "settled")
        return {state: len(await county.every("/site-promises", state=state)) for state in named}

    projects.clock.set(MORNING + dt.timedelta(days=2))
    assert await states() == {"open": 1, "overdue": 0, "settled": 0}, "the last day is still in time"
    projects.clock.set(MORNING + dt.timedelta(days=5))
    assert await states() == {"open": 0, "overdue": 1, "settled": 0}
    overdue = await county.read(f"/site-promises/{made['id']}")
    assert (overdue["is_overdue"], overdue["days_late"]) == (True, 3)
    early = await settle(county, made, settled_on="2026-11-19")
    assert (early.status_code, early.json()["code"]) == (422, "bad_day")
    kept = await settle(county, made, settled_on="2026-11-27")
    assert (kept.json()["outcome"], kept.json()["is_overdue"], kept.json()["days_late"]) == ("kept", False, 2)
    assert await states() == {"open": 0, "overdue": 0, "settled": 1}


async def test_a_promise_is_settled_once_however_many_try(county: County, project: str) -> None:
    made = (await promise(county, project, "2026-11-25")).json()
    answers = await asyncio.gather(*(settle(county, made, outcome) for outcome in ("kept", "broken", "released")))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409]
    assert {a.json()["code"] for a in answers if a.status_code == 409} == {"already_settled"}
    won = next(a.json() for a in answers if a.status_code == 200)
    assert await county.read(f"/site-promises/{made['id']}") == won
    assert won["version"] == 2


async def test_a_promise_belongs_to_its_project_and_comes_before_its_day(county: County, project: str) -> None:
    elsewhere = str((await county.create("另一项目"))["id"])
    seen = (await visit(county, elsewhere)).json()
    for more, pointer in (
        ({"visit_id": seen["id"]}, "/visit_id"),
        ({"due_on": "2026-11-22"}, "/due_on"),
        ({"made_on": "2026-11-24"}, "/made_on"),
        ({"person_code": "NOBODY"}, "/person_code"),
    ):
        answer = await promise(county, project, **({"due_on": "2026-12-01"} | more))
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer), more
    assert await county.every("/site-promises") == []


async def test_only_the_office_says_whether_a_promise_was_kept(
    county: County, project: str, projects: Projects
) -> None:
    made = (await promise(county, project, "2026-12-01")).json()
    body = {"outcome": "kept", "note": "已办"}
    path = f"/site-promises/{made['id']}/settle"
    for role in ("leader", "taskforce", "township", "enterprise"):
        assert (await county.call("POST", path, json=body, role=role)).status_code == 403
    other = projects.county()
    for method, where in (("POST", path), ("GET", path.removesuffix("/settle"))):
        assert (await other.call(method, where, json=body if method == "POST" else None)).status_code == 404
    assert (await other.call("POST", f"/projects/{project}/visits", json={})).status_code == 422
    assert (await visit(other, project)).status_code == 404
    assert await other.every("/visits") == await other.every("/site-promises") == []
