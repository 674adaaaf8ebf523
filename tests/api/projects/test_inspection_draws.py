"""The weekly draw of inspections: once a week, within the staff there is, and repeatable by anyone from its answer."""

import asyncio
import hashlib
import json
from typing import Any

import pytest

from deploy.postgres.server import Server
from tests.support.projects import County, Projects
from tests.support.rows import rows
from tests.support.site import DEPARTMENT, Site, answered_for, peopled, refused

NEXT = "2026-11-30"


@pytest.fixture
async def field(county: County) -> list[Site]:
    """Eight open projects, one of them with a code of the county's own, one resolved and one delivered."""
    await peopled(county)
    codes = [{"project_code": "盘-7"}] + [{}] * 7
    sites = [await answered_for(county, f"第{n}号院", **code) for n, code in enumerate(codes)]
    await county.create("已化解", resolution_status="resolved")
    await county.create("已交付", construction_status="delivered")
    return sites


async def draw(county: County, **body: Any) -> Any:
    return await county.call("POST", "/inspection-draws", json={"division_code": county.code} | body)


def repeated(told: dict[str, Any]) -> list[str]:
    """The picks, worked out from what the answer says and nothing else."""
    left = sorted(told["candidates"], key=lambda c: c["project_id"])
    picks = []
    for place in range(min(told["places"], len(left))):
        number = int(hashlib.sha256(f"{told['seed']}:{place}".encode()).hexdigest(), 16)
        rest, index = number % sum(c["weight"] for c in left), 0
        while rest >= left[index]["weight"]:
            rest, index = rest - left[index]["weight"], index + 1
        picks.append(left.pop(index)["project_id"])
    return picks


def sealed(told: dict[str, Any]) -> str:
    """The digest of the inputs, worked out from what the answer says and nothing else."""
    inputs = {name: told[name] for name in ("algorithm", "week_starting", "places", "candidates")}
    return hashlib.sha256(json.dumps(inputs, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


async def test_a_week_is_drawn_once_and_anyone_can_repeat_it(field: list[Site]) -> None:
    county = field[0].county
    made = await draw(county)
    assert made.status_code == 201, made.text
    told = made.json()
    assert (told["week_starting"], told["algorithm"], told["places"]) == (NEXT, "sha256-successive-v1", 5)
    assert {c["project_id"] for c in told["candidates"]} == {site.id for site in field}
    assert [pick["project_id"] for pick in told["picks"]] == repeated(told)
    assert told["inputs_sha256"] == sealed(told)

    again = await draw(county, week_starting=NEXT)
    assert (again.status_code, again.json()) == (200, told)
    assert (await county.call("GET", made.headers["location"].removeprefix("/v1/projects"))).json() == told
    (listed,) = await county.every("/inspection-draws", week_starting=NEXT)
    assert (listed["id"], listed["candidates"], listed["picks"]) == (told["id"], 8, 5)


async def test_weights_follow_reliability_and_the_last_inspection(field: list[Site]) -> None:
    seen, unseen = field[0], field[1]
    for day in (1, 8, 15):
        await seen.report(effective_on=f"2026-11-{day:02}", money_in_place_fen=None)
        await seen.inspect(effective_on=f"2026-11-{day:02}", progress_pct="50")
    told = (await draw(seen.county)).json()
    assert ([pick["project_id"] for pick in told["picks"]], told["inputs_sha256"]) == (repeated(told), sealed(told))
    tickets = {c["project_id"]: c for c in told["candidates"]}
    assert (tickets[seen.id]["days"], tickets[seen.id]["reliability"]) == (15, "0.8000")
    assert tickets[seen.id]["weight"] == 15 * (1000 + 4 * 200)
    assert (tickets[unseen.id]["days"], tickets[unseen.id]["reliability"]) == (90, None)
    assert tickets[unseen.id]["weight"] == 90 * 3000


async def test_a_pick_is_ticked_off_when_it_is_inspected_in_its_week(field: list[Site], projects: Projects) -> None:
    made = (await draw(field[0].county, week_starting="2026-11-23")).json()
    assert {pick["inspected_on"] for pick in made["picks"]} == {None}
    by_id = {site.id: site for site in field}
    picked = by_id[made["picks"][0]["project_id"]]
    await picked.inspect(DEPARTMENT, progress_pct="10", effective_on="2026-11-22")
    await picked.inspect(DEPARTMENT, progress_pct="10", effective_on="2026-11-23")
    now = await picked.county.read(f"/inspection-draws/{made['id']}")
    assert [pick["inspected_on"] for pick in now["picks"]] == ["2026-11-23", None, None, None, None]


async def test_the_staffing_limit_is_the_countys(field: list[Site]) -> None:
    county = field[0].county
    body = {"value": 2, "reason": "人员安排"}
    path = "/thresholds/weekly_inspections"
    assert (await county.call("PUT", path, json=body, headers={"If-Match": '"0"'})).status_code == 200
    assert len((await draw(county)).json()["picks"]) == 2


async def test_drawn_at_once_there_is_one_draw(field: list[Site], postgres_server: Server) -> None:
    county = field[0].county
    answers = await asyncio.gather(*(draw(county) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 201]
    assert len({answer.json()["seed"] for answer in answers}) == 1
    database = county.projects.addresses.name
    told = f"from audit_entry where division_code = '{county.code}' and subject_type = 'inspection_draw'"
    assert len(rows(postgres_server, database, f"select body {told}")) == 1


async def test_weeks_that_cannot_be_drawn(field: list[Site], projects: Projects) -> None:
    county = field[0].county
    for day in ("2026-11-16", "2026-12-07", "2026-11-24"):
        assert refused(await draw(county, week_starting=day)) == (422, "not_drawable")
    assert refused(await draw(projects.county())) == (409, "nothing_to_draw")
    made = (await draw(county)).json()
    other = projects.county()
    assert (await other.call("GET", f"/inspection-draws/{made['id']}")).status_code == 404
    assert await other.every("/inspection-draws") == []
    assert (await draw(other, division_code=county.code)).status_code == 404
    here = {"division_code": county.code}
    assert (await county.call("POST", "/inspection-draws", json=here, role="department")).status_code == 403
