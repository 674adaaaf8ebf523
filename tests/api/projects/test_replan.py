"""A plan that changes: baselines kept, decisions that block, what other features ask, and the trace it leaves."""

import asyncio
import datetime as dt
from uuid import UUID

import pytest

from deploy.postgres.server import Server
from services.projects.plan import service
from shared.chassis.clock import today
from shared.chassis.scope import enter
from tests.support.plans import KEPT, Site, as_service, new_site, node
from tests.support.projects import County, Projects
from tests.support.rows import rows


@pytest.fixture
async def site(county: County) -> Site:
    return await new_site(county)


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


async def test_a_milestone_is_overdue_from_the_day_after_its_own(site: Site, projects: Projects) -> None:
    await site.planned(promised_on="2026-11-23", milestones=[node("only", 20)])
    code, day = site.county.code, today(projects.clock)
    enter(code)
    async with projects.database.session() as session:
        assert await service.overdue(session, code, day) == [], "it is expected late, and not late yet"
        assert [one.days_late for one in await service.red(session, code, day)] == [0]
        assert [one.days_late for one in await service.overdue(session, code, day + dt.timedelta(days=1))] == [1]


async def test_nothing_of_a_resolved_project_is_overdue(site: Site, projects: Projects) -> None:
    await site.planned(starts_on="2026-11-02", promised_on="2026-11-20")
    code, day = site.county.code, today(projects.clock)
    enter(code)
    async with projects.database.session() as session:
        assert len(await service.overdue(session, code, day)) == 4
    known = await site.county.read(f"/projects/{site.id}")
    assert (await site.county.move(known, "resolution", "resolved", effective_on="2026-11-22")).status_code == 200
    async with projects.database.session() as session:
        assert await service.overdue(session, code, day) == []


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
