"""一项目一策 over the wire: a plan is set, scheduled back from its promise, and reported on as the work goes."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from tests.support.plans import KEPT, PLAN, Site, new_site, node
from tests.support.projects import County, Projects


@pytest.fixture
async def site(county: County) -> Site:
    return await new_site(county)


def on(days: Mapping[str, Any]) -> str:
    return str(days["on"])


async def test_a_plan_is_scheduled_back_from_its_promise(site: Site) -> None:
    answer = await site.set()
    assert (answer.status_code, answer.headers["etag"]) == (201, '"1"')
    assert answer.headers["location"] == f"/v1/projects/projects/{site.id}/plan"
    made = answer.json()
    assert [one["key"] for one in made["milestones"]] == ["permit", "funds", "build", "accept"]
    found = {one["key"]: (on(one["latest_start"]), on(one["due"]), on(one["forecast"])) for one in made["milestones"]}
    assert found == {
        "accept": ("2026-12-29", "2026-12-31", "2026-12-17"),
        "build": ("2026-12-14", "2026-12-25", "2026-12-11"),
        "permit": ("2026-12-07", "2026-12-11", "2026-11-27"),
        "funds": ("2026-12-10", "2026-12-11", "2026-11-24"),
    }
    assert (on(made["forecast"]), made["lag_days"], made["can_be_kept"], made["colour"]) == (
        "2026-12-17",
        -14,
        True,
        "green",
    )
    assert made["critical_path"] == ["permit", "build", "accept"]
    slack = {one["key"]: (one["slack_days"], one["critical"]) for one in made["milestones"]}
    assert slack == {"accept": (10, True), "build": (10, True), "permit": (10, True), "funds": (13, False)}
    accept = made["milestones"][-1]
    assert (accept["unit_name"], accept["person_name"], accept["post"]) == ("住房和城乡建设局", "王工", "项目经理")
    assert (made["starts_on"], made["first_promised_on"], made["baseline"]) == ("2026-11-23", "2026-12-31", 1)
    assert await site.county.read(site.path) == made


async def test_a_year_without_a_notice_marks_the_dates_it_touches(site: Site) -> None:
    made = await site.planned(promised_on="2027-01-08")
    dates = ("latest_start", "due", "forecast")
    marked = {one["key"]: [one[date]["calendar"] for date in dates] for one in made["milestones"]}
    assert marked["permit"] == ["provisional", "provisional", "official"]
    assert on(made["milestones"][0]["due"]) == "2026-12-18"
    assert made["forecast"]["calendar"] == "official"
    later = (await site.replan(starts_on="2026-12-30")).json()
    assert later["forecast"]["calendar"] == "provisional"


async def test_a_promise_that_cannot_be_kept_is_taken_and_flagged(site: Site) -> None:
    made = await site.planned(promised_on="2026-11-30")
    assert (made["can_be_kept"], made["lag_days"], made["colour"]) == (False, 17, "red")
    flagged = {one["key"]: (one["starts_too_late"], one["slack_days"]) for one in made["milestones"]}
    assert flagged == {"permit": (True, -13), "funds": (True, -10), "build": (True, -13), "accept": (False, -13)}


@pytest.mark.parametrize(
    ("milestones", "code", "pointers"),
    [
        ([node("a", 1), node("a", 1)], "bad_milestones", ["/milestones/1/key"]),
        ([node("a", 1, "b")], "bad_milestones", ["/milestones/0/dependencies/0/key"]),
        (
            [node("a", 1, "b"), node("b", 1, "a")],
            "plan_cycle",
            ["/milestones/0/dependencies", "/milestones/1/dependencies"],
        ),
        ([node("a", 2000), node("b", 2000, ("a", 2000))], "plan_too_long", ["/milestones"]),
        ([node("a", 1, unit_code="NOBODY")], "invalid", ["/milestones/0/unit_code"]),
        ([node("a", 1), node("b", 1, person_code="NOBODY")], "invalid", ["/milestones/1/person_code"]),
    ],
)
async def test_milestones_that_do_not_fit_are_refused(
    site: Site, milestones: list[Any], code: str, pointers: list[str]
) -> None:
    answer = await site.set(milestones=milestones)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert sorted(error["pointer"] for error in answer.json()["errors"]) == pointers
    assert (await site.county.call("GET", site.path)).status_code == 404


async def test_a_cycle_is_named(site: Site) -> None:
    answer = await site.set(milestones=[node("a", 1, "c"), node("b", 1, "a"), node("c", 1, "b")])
    assert answer.json()["detail"] in ("a → b → c → a", "b → c → a → b", "c → a → b → c")


@pytest.mark.parametrize(
    ("facts", "status"),
    [
        ({"promised_on": "2003-12-31", "starts_on": "2003-01-01"}, 422),
        ({"promised_on": "2100-12-31"}, 422),
        ({"promised_on": "2004-01-05", "starts_on": "2004-01-01"}, 422),
        ({"starts_on": "2027-01-01"}, 422),
        ({"milestones": []}, 422),
        ({"milestones": [node(f"n{n}", 1) for n in range(401)]}, 422),
        ({"milestones": [node("a", 0)]}, 422),
        ({"path": "prayer"}, 422),
        ({"milestones": [node(f"n{n}", 1) for n in range(400)]}, 201),
    ],
)
async def test_the_bounds_of_a_plan(site: Site, facts: dict[str, Any], status: int) -> None:
    assert (await site.set(**facts)).status_code == status


async def test_one_plan_per_project_however_many_set_it_at_once(site: Site) -> None:
    answers = await asyncio.gather(*(site.set() for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    assert {answer.json().get("code") for answer in answers} == {None, "plan_exists"}
    assert len(await site.county.every(f"{site.path}/baselines")) == 1


async def test_another_county_cannot_tell_that_a_plan_exists(site: Site, projects: Projects) -> None:
    made = await site.planned()
    other = projects.county()
    milestone = f"{site.path}/milestones/{made['milestones'][0]['id']}"
    for method, path, body in (
        ("GET", site.path, None),
        ("GET", f"{site.path}/baselines", None),
        ("GET", f"{site.path}/baselines/1", None),
        ("GET", f"{milestone}/reports", None),
        ("POST", f"{milestone}/complete", KEPT),
        ("POST", site.path, dict(PLAN) | {"milestones": [node("a", 1)]}),
    ):
        assert (await other.call(method, path, json=body)).status_code in (404, 422), path
    assert (await other.read("/battle-map"))["projects"] == []
    answer = await other.call("GET", "/battle-map", params={"division_code": site.county.code})
    assert answer.status_code == 404


async def test_done_in_the_order_of_the_work(site: Site, projects: Projects) -> None:
    await site.planned()
    early = await site.act("build", "complete", KEPT)
    assert (early.status_code, early.json()["code"]) == (409, "dependency_not_done")
    assert (await site.act("permit", "complete", KEPT | {"done_on": "2026-11-24"})).json()["code"] == "bad_day"
    done = await site.act("permit", "complete", KEPT)
    assert (done.status_code, done.json()["done_on"], done.json()["colour"]) == (200, "2026-11-20", "green")
    assert (done.json()["forecast"], done.json()["slack_days"], done.json()["lag_days"]) == (None, None, -21)
    again = await site.act("permit", "complete", KEPT)
    assert (again.status_code, again.json()["code"]) == (409, "already_done")
    await site.act("funds", "complete", KEPT)
    before = await site.act("build", "complete", KEPT | {"done_on": "2026-11-19"})
    assert before.json()["errors"][0]["code"] == "before_dependency"
    await site.act("build", "complete", KEPT)
    lagging = await site.act("accept", "complete", KEPT)
    assert lagging.json()["errors"][0]["code"] == "before_dependency"
    await site.act("accept", "complete", KEPT | {"done_on": "2026-11-23"})
    plan = await site.county.read(site.path)
    assert (plan["done_on"], plan["forecast"], plan["can_be_kept"]) == ("2026-11-23", None, True)
    assert (plan["lag_days"], plan["critical_path"]) == (-38, [])


async def test_what_was_done_by_mistake_is_undone_from_the_end(site: Site) -> None:
    await site.planned(milestones=[node("a", 1), node("b", 1, "a")])
    for key in ("a", "b"):
        await site.act(key, "complete", KEPT)
    reason = {"reason": "验收未通过"}
    assert (await site.act("a", "reopen", reason)).json()["code"] == "still_needed"
    assert (await site.act("b", "reopen", reason)).json()["done_on"] is None
    assert (await site.act("b", "reopen", reason)).json()["code"] == "not_done"
    assert (await site.act("a", "reopen", reason)).status_code == 200
    milestone_id = (await site.milestones())["a"]["id"]
    told = await site.county.every(f"{site.path}/milestones/{milestone_id}/reports", limit=1)
    assert [(one["kind"], one["note"]) for one in told] == [("reopened", "验收未通过"), ("done", KEPT["note"])]


async def test_a_forecast_moves_what_follows(site: Site) -> None:
    await site.planned()
    answer = await site.act("permit", "forecast", {"forecast_on": "2026-12-14", "note": "等待会签"})
    assert (answer.status_code, answer.json()["reported_on"], answer.json()["colour"]) == (200, "2026-12-14", "yellow")
    plan = await site.county.read(site.path)
    assert (on(plan["forecast"]), plan["lag_days"], plan["colour"]) == ("2027-01-04", 4, "yellow")
    assert plan["forecast"]["calendar"] == "provisional"
    begun = await site.act("build", "forecast", {"started_on": "2026-11-23", "note": "抢工"})
    assert begun.json()["code"] == "dependency_not_done"
    nothing = await site.act("permit", "forecast", {"note": "无"})
    assert nothing.json()["errors"][0]["pointer"] == "/forecast_on"


async def test_who_reports_on_a_milestone(site: Site) -> None:
    await site.planned()
    said = {"started_on": "2026-11-23", "note": "已进场"}
    refused = await site.act("permit", "forecast", said, role="department", subject="user:2", unit="ZB1")
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    mine = await site.act("permit", "forecast", said, role="department", subject="user:2", unit="ZJJ")
    assert mine.status_code == 200
    here = {"division_code": site.county.code}
    await site.county.call("POST", "/taskforces", json=here | {"unit_code": "ZB1", "task": "续建"})
    await site.county.call("POST", f"/projects/{site.id}/duty", json={"role": "taskforce", "unit_code": "ZB1"})
    theirs = await site.act("permit", "forecast", said, role="taskforce", subject="user:3", unit="ZB1")
    assert theirs.status_code == 200
    assert (await site.act("permit", "complete", KEPT, role="enterprise")).status_code == 403
    assert (await site.act("permit", "reopen", {"reason": "x"}, role="department", unit="ZJJ")).status_code == 403
