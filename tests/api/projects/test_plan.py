"""一项目一策 over the wire: set, report, replan; baselines kept, the battle map of a county in a few queries."""

import asyncio
import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import pytest

from deploy.postgres.server import Server
from services.projects.plan import service
from shared.chassis.clock import today
from shared.chassis.identity import Caller
from shared.chassis.scope import enter
from shared.schemas.projects.plan import BattleMap
from shared.storage import journal
from tests.support.projects import County, Projects, Statements
from tests.support.rows import rows

KEPT = {"done_on": "2026-11-20", "note": "已取得施工许可证"}


def node(key: str, days: int, *after: str | tuple[str, int], **more: Any) -> dict[str, Any]:
    pairs = [one if isinstance(one, tuple) else (one, 0) for one in after]
    dependencies = [{"key": name, "lag_days": lag} for name, lag in pairs]
    return {
        "key": key,
        "name": f"节点 {key}",
        "unit_code": "ZJJ",
        "duration_days": days,
        "dependencies": dependencies,
    } | more


PLAN: Mapping[str, Any] = {
    "path": "resume_and_deliver",
    "promised_on": "2026-12-31",
    "milestones": [
        node("accept", 3, ("build", 1), person_code="P1", post="项目经理"),
        node("permit", 5),
        node("funds", 2),
        node("build", 10, "permit", "funds"),
    ],
}


class Site:
    """A project of a county and its plan."""

    def __init__(self, county: County, project: Mapping[str, Any]) -> None:
        self.county, self.id = county, str(project["id"])
        self.path = f"/projects/{self.id}/plan"

    async def set(self, **facts: Any) -> Any:
        return await self.county.call("POST", self.path, json={**PLAN, **facts})

    async def planned(self, **facts: Any) -> dict[str, Any]:
        answer = await self.set(**facts)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    async def replan(self, version: int = 1, **facts: Any) -> Any:
        body = {"reason": "县委专题会议纪要〔2026〕3号", **facts}
        return await self.county.call("PATCH", self.path, json=body, headers={"If-Match": f'"{version}"'})

    async def milestones(self) -> dict[str, dict[str, Any]]:
        return {one["key"]: one for one in (await self.county.read(self.path))["milestones"]}

    async def act(self, key: str, act: str, body: Mapping[str, Any], **who: Any) -> Any:
        milestone_id = (await self.milestones())[key]["id"]
        return await self.county.call("POST", f"{self.path}/milestones/{milestone_id}/{act}", json=dict(body), **who)


@pytest.fixture
async def site(county: County) -> Site:
    await county.unit("ZJJ", "住房和城乡建设局")
    await county.unit("ZB1", "御景名都专班", "taskforce")
    await county.person("P1", "王工", "ZJJ")
    return Site(county, await county.create("御景名都"))


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


async def test_a_replan_keeps_the_plan_before_it(site: Site) -> None:
    first = await site.planned(note="首版")
    await site.act("permit", "complete", KEPT)
    answer = await site.replan(
        promised_on="2027-03-31", milestones=[node("permit", 5), node("build", 20, "permit"), node("green", 5)]
    )
    plan = answer.json()
    assert (answer.status_code, answer.headers["etag"], plan["baseline"]) == (200, '"2"', 2)
    assert (plan["promised_on"], plan["first_promised_on"], plan["note"]) == ("2027-03-31", "2026-12-31", "首版")
    kept = {one["key"]: one for one in plan["milestones"]}
    before = {one["key"]: one for one in first["milestones"]}
    assert set(kept) == {"permit", "build", "green"}
    assert (kept["permit"]["id"], kept["permit"]["done_on"]) == (before["permit"]["id"], "2026-11-20")
    assert (kept["build"]["id"], kept["build"]["version"]) == (before["build"]["id"], 2)
    listed = await site.county.every(f"{site.path}/baselines", limit=1)
    assert [(one["number"], one["promised_on"], one["reason"]) for one in listed] == [
        (2, "2027-03-31", "县委专题会议纪要〔2026〕3号"),
        (1, "2026-12-31", None),
    ]
    old = await site.county.read(f"{site.path}/baselines/1")
    assert [(m["key"], m["due"]) for m in old["milestones"]] == [(m["key"], m["due"]) for m in first["milestones"]]
    assert (old["forecast"], old["critical_path"]) == (first["forecast"], first["critical_path"])
    assert (await site.county.call("GET", f"{site.path}/baselines/3")).status_code == 404


async def test_a_replan_says_why_and_is_based_on_what_was_read(site: Site) -> None:
    await site.planned()
    assert (await site.replan(version=2, promised_on="2027-03-31")).status_code == 412
    assert (await site.replan()).json()["errors"][0]["code"] == "nothing_changed"
    silent = await site.county.call("PATCH", site.path, json={"note": "x"}, headers={"If-Match": '"1"'})
    assert silent.json()["errors"][0]["pointer"] == "/reason"
    await site.act("permit", "complete", KEPT)
    late = await site.replan(milestones=[node("new", 1), node("permit", 5, "new")])
    assert (late.status_code, late.json()["code"]) == (409, "dependency_not_done")
    answers = await asyncio.gather(*(site.replan(promised_on=f"2027-0{n}-15") for n in range(1, 5)))
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412]
    assert (await site.county.read(site.path))["baseline"] == 2


async def as_service(site: Site, act: Any, *given: Any) -> Any:
    """A use case other features call, committed."""
    projects = site.county.projects
    caller = Caller("user:9", "李四", frozenset({"office"}), site.county.code, site.county.code)
    enter(site.county.code)
    async with projects.database.session() as session:
        found = await act(session, caller, site.county.code, *given, projects.clock.now())
        await journal.commit(session, "projects")
    return found


async def test_an_undecided_matter_blocks_until_it_is_decided(site: Site) -> None:
    made = await site.planned()
    ids = [UUID(one["id"]) for one in made["milestones"] if one["key"] in ("permit", "build")]
    for cause in ("decision:1", "decision:1", "decision:2"):
        await as_service(site, service.block, ids, cause, "规划调整")
    permit = (await site.milestones())["permit"]
    assert ([b["cause"] for b in permit["blocked"]], permit["colour"]) == (["decision:1", "decision:2"], "yellow")
    assert (await site.act("permit", "complete", KEPT)).json()["code"] == "milestone_blocked"
    dropped = await site.replan(milestones=[node("funds", 2), node("build", 10)])
    assert (dropped.status_code, dropped.json()["code"]) == (409, "milestone_blocked")
    await as_service(site, service.unblock, "decision:1")
    assert (await site.act("permit", "complete", KEPT)).json()["code"] == "milestone_blocked"
    await as_service(site, service.unblock, "decision:2")
    assert (await site.act("permit", "complete", KEPT)).status_code == 200


async def test_what_other_features_ask(site: Site, projects: Projects) -> None:
    made = await site.planned()
    ids = {one["key"]: UUID(one["id"]) for one in made["milestones"]}
    await site.act("permit", "complete", KEPT)
    projects.clock.set(dt.datetime(2026, 12, 15, 9, tzinfo=projects.clock.now().tzinfo))
    code, day = site.county.code, today(projects.clock)
    enter(code)
    async with projects.database.session() as session:
        late = await service.overdue(session, code, day)
        assert [(one.milestone_id, str(one.due_on), one.days_late, one.unit_code, one.person_code) for one in late] == [
            (ids["funds"], "2026-12-11", 4, "ZJJ", None)
        ]
        assert await service.promised_on(session, code, UUID(site.id)) == dt.date(2026, 12, 31)
        found = await service.find_milestone(session, code, UUID(site.id), ids["build"])
        assert found is not None
        assert found["name"] == "节点 build"
        assert await service.find_milestone(session, code, UUID(int=1), ids["build"]) is None
        assert await service.promised_on(session, code, UUID(int=1)) is None


async def test_one_change_leaves_one_audit_row_and_one_event_without_words(
    site: Site, projects: Projects, postgres_server: Server
) -> None:
    made = await site.planned(note="联系人王某")
    await site.act("permit", "complete", KEPT | {"note": "电话联系王某"})
    await site.replan(promised_on="2027-03-31", reason="王某申请")
    server, name = postgres_server, projects.addresses.name
    subjects = [made["id"], made["milestones"][0]["id"]]
    listed = ", ".join(f"'{subject}'" for subject in subjects)
    audit = rows(server, name, f"select action, body from audit_entry where subject_id in ({listed}) order by seq")
    assert [row["action"] for row in audit] == ["set", "complete", "replan"]
    sent = rows(server, name, f"select type, payload from outbox where project_id = '{site.id}' order by id")
    assert [row["type"] for row in sent][1:] == [
        "projects.plan.set",
        "projects.milestone.complete",
        "projects.plan.replan",
    ]
    assert not [row for row in (*audit, *sent) if "王某" in str(row)]


async def test_the_battle_map_is_what_each_plan_says(site: Site, projects: Projects) -> None:
    county = site.county
    made = await site.planned()
    await site.act("permit", "complete", KEPT)
    await as_service(site, service.block, [UUID(made["milestones"][2]["id"])], "decision:1", "规划调整")
    other = Site(county, await county.create('锦绣花园"二期"', parties={"developer": "甲公司"}))
    await other.planned(promised_on="2026-11-27", milestones=[node("only", 9, name='引号"与\\斜杠')])
    bare = await county.create("无计划项目")
    projects.clock.advance(dt.timedelta(days=20))
    seen = await county.read("/battle-map")
    BattleMap.model_validate(seen)
    assert (seen["division_code"], seen["as_of"]) == (county.code, "2026-12-13")
    assert seen["counts"] == {"green": 0, "yellow": 0, "red": 2}
    assert [one["project_id"] for one in seen["unplanned"]] == [bare["id"]]
    for shown, plan_of in zip(seen["projects"], (site, other), strict=True):
        plan = await county.read(plan_of.path)
        assert shown["project_id"] == plan["project_id"]
        for name in ("path", "promised_on", "forecast", "done_on", "lag_days", "can_be_kept", "colour"):
            assert shown[name] == plan[name], name
        for drawn, full in zip(shown["milestones"], plan["milestones"], strict=True):
            assert drawn | {"blocked": full["blocked"]} == {name: full[name] for name in drawn}
            assert drawn["blocked"] == len(full["blocked"])
    assert [m["blocked"] for m in seen["projects"][0]["milestones"]] == [0, 0, 1, 0]


async def test_the_battle_map_is_filtered(site: Site) -> None:
    county = site.county
    await site.planned()
    east = Site(county, await county.create("城东项目", location={"township": "城东街道"}))
    await east.planned()
    solved = await county.create("已化解项目", resolution_status="resolved")

    async def names(**query: Any) -> list[str]:
        return [one["name"] for one in (await county.read("/battle-map", **query))["projects"]]

    assert await names() == ["御景名都", "城东项目"]
    assert await names(township="城东街道") == ["城东项目"]
    assert await names(lead_code="P1") == []
    await county.call("POST", f"/projects/{east.id}/duty", json={"role": "lead", "person_code": "P1"})
    assert await names(lead_code="P1") == ["城东项目"]
    led = (await county.read("/battle-map", lead_code="P1"))["projects"][0]
    assert (led["lead_code"], led["lead_name"]) == ("P1", "王工")
    unplanned = (await county.read("/battle-map", resolved="true"))["unplanned"]
    assert [one["project_id"] for one in unplanned] == [solved["id"]]


async def test_from_above_one_county_is_named(site: Site, projects: Projects) -> None:
    await site.planned()
    token = projects.token("leader", f"{site.county.code[:4]}00")
    whole = await projects.call(token, "GET", "/battle-map")
    assert whole.json()["errors"][0]["pointer"] == "query:division_code"
    one = await projects.call(token, "GET", "/battle-map", params={"division_code": site.county.code})
    assert [project["name"] for project in one.json()["projects"]] == ["御景名都"]


async def test_the_battle_map_takes_six_queries_at_any_size(site: Site, statements: Statements) -> None:
    async def counted() -> int:
        statements.texts.clear()
        await site.county.read("/battle-map")
        return len([text for text in statements.texts if text not in ("BEGIN", "COMMIT")])

    assert await counted() <= 6
    await site.planned()
    for number in range(5):
        await Site(site.county, await site.county.create(f"{number} 号项目")).planned()
    assert await counted() <= 6
