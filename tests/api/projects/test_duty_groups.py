"""Task forces and the leading group over the wire: who sits in them on which day, and whom they serve."""

import asyncio
from typing import Any

import httpx
import pytest

from tests.support.projects import County, Projects, Statements


@pytest.fixture
async def county(projects: Projects) -> County:
    county = projects.county()
    for code, kind in (("GOV", "government"), ("ZB1", "taskforce"), ("ZB2", "taskforce"), ("ZJJ", "department")):
        await county.unit(code, kind=kind)
    for number in (1, 2, 3):
        await county.person(f"P{number}", unit="ZJJ", post="科长")
    await county.person("LOOSE")
    return county


@pytest.fixture
async def force(county: County) -> str:
    return str((await form(county, "ZB1")).json()["id"])


async def form(county: County, unit: str, **more: Any) -> httpx.Response:
    body = {"division_code": county.code, "unit_code": unit, "task": "青枫片区续建", **more}
    return await county.call("POST", "/taskforces", json=body)


async def seat(county: County, force: str, person: str, seat: str | None, **more: Any) -> httpx.Response:
    body = {"person_code": person, "seat": seat, **more}
    return await county.call("POST", f"/taskforces/{force}/members", json=body)


async def lead(county: County, person: str, seat: str | None, **more: Any) -> httpx.Response:
    body = {"division_code": county.code, "person_code": person, "seat": seat, **more}
    return await county.call("POST", "/leading-group/members", json=body)


async def group(county: County, on: str | None = None) -> list[tuple[str, str]]:
    found = await county.read("/leading-group", on=on)
    return [(member["seat"], member["person_code"]) for member in found["members"]]


def refused(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def test_a_task_force_serves_several_projects_and_each_has_one(
    county: County, force: str, statements: Statements
) -> None:
    projects = [str((await county.create(f"项目{n}"))["id"]) for n in range(3)]
    for project in projects:
        body = {"role": "taskforce", "unit_code": "ZB1"}
        assert (await county.call("POST", f"/projects/{project}/duty", json=body)).status_code == 201
    other = (await form(county, "ZB2")).json()
    body = {"role": "taskforce", "unit_code": "ZB2", "handover_note": "图纸与账册已移交"}
    assert (await county.call("POST", f"/projects/{projects[0]}/duty", json=body)).status_code == 201
    found = await county.read(f"/taskforces/{force}")
    assert (found["projects"], found["project_ids"]) == (2, [projects[2], projects[1]])
    statements.texts.clear()
    listed = (await county.read("/taskforces"))["items"]
    assert len(statements) == 4, "BEGIN, the page, its counts, COMMIT"
    assert [(item["unit_code"], item["projects"]) for item in listed] == [("ZB2", 1), ("ZB1", 2)]
    assert await county.every("/taskforces", limit=1) == listed
    assert [item["id"] for item in await county.every("/taskforces", project_id=projects[0])] == [other["id"]]


async def test_a_task_force_is_a_unit_of_that_kind_and_formed_once(county: County, force: str) -> None:
    assert refused(await form(county, "ZB1")) == (409, "taskforce_exists")
    assert (await form(county, "ZJJ")).json()["errors"][0]["code"] == "wrong_kind_of_unit"
    assert refused(await form(county, "ZB2", formed_on="2026-11-24")) == (422, "bad_day")
    made = await form(county, "ZB2", area="城北片区", document_number="青县房领〔2026〕1号")
    assert made.headers["location"] == f"/v1/projects/taskforces/{made.json()['id']}"
    assert (await county.read(f"/taskforces/{made.json()['id']}"))["area"] == "城北片区"


async def test_members_come_from_units_and_their_seats_keep_a_history(county: County, force: str) -> None:
    assert (await seat(county, force, "P1", "head", effective_on="2026-03-01")).status_code == 200
    first = await seat(county, force, "P2", "member", assignment="资金组", effective_on="2026-03-01")
    assert (first.json()["unit_code"], first.json()["post"]) == ("ZJJ", "科长")
    again = await seat(county, force, "P2", "member", assignment="资金组")
    assert again.json() == first.json(), "nothing new, nothing changed"
    nowhere = await seat(county, force, "LOOSE", "member")
    assert (nowhere.status_code, nowhere.json()["errors"][0]["pointer"]) == (422, "/unit_code")
    assert (await seat(county, force, "LOOSE", "member", unit_code="GOV")).json()["unit_code"] == "GOV"
    assert refused(await seat(county, force, "P2", "head")) == (409, "head_taken")
    assert refused(await seat(county, force, "P1", "deputy", effective_on="2026-02-28")) == (409, "earlier_than_holder")
    moved = await seat(county, force, "P1", "deputy", effective_on="2026-06-01", reason="改任")
    assert (moved.status_code, moved.json()["seat"]) == (200, "deputy")
    assert (await seat(county, force, "P2", "head", effective_on="2026-06-01")).status_code == 200
    assert (await seat(county, force, "P1", None)).json()["errors"][0]["pointer"] == "/reason"
    left = await seat(county, force, "P1", None, effective_on="2026-09-01", reason="回原单位")
    assert (left.json()["ended_on"], left.json()["end_reason"]) == ("2026-09-01", "回原单位")
    assert refused(await seat(county, force, "P1", None, reason="再退")) == (409, "not_seated")

    async def on(day: str) -> list[tuple[str, str]]:
        members = (await county.read(f"/taskforces/{force}", on=day))["members"]
        return [(member["seat"], member["person_code"]) for member in members]

    assert await on("2026-02-28") == []
    assert await on("2026-05-31") == [("head", "P1"), ("member", "P2")]
    assert await on("2026-06-01") == [("head", "P2"), ("deputy", "P1")]
    assert await on("2026-09-01") == [("head", "P2")]


async def test_the_leading_group_has_one_head_whoever_comes_first(county: County, force: str) -> None:
    await seat(county, force, "P1", "head")
    answers = await asyncio.gather(*(lead(county, f"P{n}", "head") for n in (1, 2, 3)))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409]
    head = (await group(county))[0][1]
    others = [f"P{n}" for n in (1, 2, 3) if f"P{n}" != head]
    assert (await lead(county, others[0], "member")).status_code == 200
    assert (await lead(county, others[1], "deputy")).status_code == 200
    assert await group(county) == [("head", head), ("deputy", others[1]), ("member", others[0])]
    assert await group(county, "2026-11-22") == []


async def test_no_day_has_two_heads_also_in_the_past(county: County) -> None:
    await lead(county, "P1", "head", effective_on="2026-03-01")
    await lead(county, "P1", None, effective_on="2026-08-01", reason="调离")
    assert refused(await lead(county, "P2", "head", effective_on="2026-07-31")) == (409, "earlier_than_holder")
    assert (await lead(county, "P2", "head", effective_on="2026-08-01")).status_code == 200
    assert await group(county, "2026-07-31") == [("head", "P1")]


async def test_one_person_is_set_twice_at_once_and_sits_once(county: County) -> None:
    answers = await asyncio.gather(*(lead(county, "P1", seat) for seat in ("deputy", "member") for _ in range(2)))
    assert {answer.status_code for answer in answers} <= {200, 409}
    assert len(await group(county)) == 1


async def test_another_county_neither_sees_nor_seats(county: County, force: str, projects: Projects) -> None:
    await lead(county, "P1", "head")
    other = projects.county()
    assert (await other.call("GET", f"/taskforces/{force}")).status_code == 404
    assert (await other.call("GET", f"/leading-group?division_code={county.code}")).status_code == 404
    assert (await seat(other, force, "P1", "member")).status_code == 404
    assert await other.every("/taskforces") == []
    assert await group(other) == []
    body = {"division_code": county.code, "person_code": "P2", "seat": "member"}
    assert (await other.call("POST", "/leading-group/members", json=body)).status_code == 404
    city = projects.token("office", county.code[:4] + "00")
    assert (await projects.call(city, "POST", "/leading-group/members", json=body)).status_code == 403
    assert (await projects.call(city, "GET", f"/taskforces/{force}")).status_code == 200
    assert (await county.call("POST", "/leading-group/members", json=body, role="department")).status_code == 403
