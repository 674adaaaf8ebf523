"""What brings a closed project back, how often it happened, and who is looked at again."""

import asyncio
import datetime as dt
from typing import Any

import pytest

from services.projects.closeout import rules, service
from shared.chassis import scope
from shared.chassis.clock import today
from shared.chassis.identity import Caller
from shared.storage import journal
from tests.support.closeout import DEPARTMENT, LEADER, OFFICE, REPORTER, SITE, Closing, deliverable, with_units
from tests.support.projects import County, Projects, Statements

INSPECTOR = {"role": "inspector", "subject": "user:inspector", "unit": "JW"}
GROUP = {"cause": "group_petition", "reference": "XF-2026-0099", "people_count": 12}


@pytest.fixture
async def closing(county: County) -> Closing:
    return await (await deliverable(await with_units(county))).close()


async def sweep(county: County) -> int:
    """What the sweep of 督办 calls, committed."""
    projects = county.projects
    actor = Caller("user:1", "张三", frozenset({"office"}), county.code, county.code)
    with scope.within(county.code):
        async with projects.database.session() as session:
            clock = projects.clock
            found = await service.sweep(session, actor, county.code, today(clock), clock.now(), None)
            await journal.commit(session, "projects")
    return found


async def test_a_new_stop_reopens_once_and_is_counted(closing: Closing) -> None:
    county = closing.county
    assert await sweep(county) == 0
    project = await closing.project()
    for to in ("completed", "on_schedule", "stopped"):
        answer = await county.move(project, "construction", to)
        assert answer.status_code == 200, answer.text
        project = answer.json()
    assert (await asyncio.gather(sweep(county), sweep(county))).count(1) == 1
    assert await sweep(county) == 0
    found = await closing.now()
    assert (found["status"], found["rebound"]["cause"]) == ("reopened", "stopped_again")
    assert (await closing.project())["resolution_status"] == "unresolved"
    history = await county.read(f"/projects/{closing.project_id}/history", fact="resolution_status")
    assert history["items"][0]["reason"] == "反弹：再次停工"
    audit = await county.call("GET", "/audit", role="auditor", params={"subject_type": "project", "limit": 200})
    causes = [e["detail"].get("cause") for e in audit.json()["items"] if e["action"] == "resolution_status"]
    assert causes == [f"closeout:{closing.closeout_id}"] * 2


async def test_a_missed_delivery_reopens_the_day_after(county: County, projects: Projects) -> None:
    await with_units(county)
    facts: dict[str, Any] = {"schedule": {"planned_delivery_on": "2026-11-25"}, "construction_status": "completed"}
    closing = await (await deliverable(county, **facts)).close()
    assert (await closing.now())["deliver_by"] == "2026-11-25"
    # Two homes were counted that nobody had handed over, and the date is pushed out.
    correction = {"size": {"units_delivered": 98}, "schedule": {"planned_delivery_on": "2027-06-30"}}
    await county.change(await closing.project(), **correction)
    projects.clock.set(dt.datetime.fromisoformat("2026-11-25T23:00:00+08:00"))
    assert await sweep(county) == 0
    projects.clock.set(dt.datetime.fromisoformat("2026-11-26T00:10:00+08:00"))
    assert await sweep(county) == 1
    assert (await closing.now())["rebound"]["cause"] == "delivery_missed"


async def test_a_ledger_taken_back_by_hand_counts_as_a_rebound(closing: Closing) -> None:
    await closing.county.move(await closing.project(), "resolution", "resolving")
    assert await sweep(closing.county) == 1
    assert (await closing.now())["rebound"]["cause"] == "moved_back"
    assert (await closing.project())["resolution_status"] == "resolving"


async def test_a_group_petition_reopens_through_the_office_and_through_a_sister_service(
    county: County, projects: Projects
) -> None:
    await with_units(county)
    first = await (await deliverable(county, "甲")).close()
    second = await (await deliverable(county, "乙")).close()
    small = await first.post(f"/projects/{first.project_id}/rebound", GROUP | {"people_count": 4}, OFFICE)
    assert (small.status_code, small.json()["errors"][0]["pointer"]) == (422, "/people_count")
    answer = await first.post(f"/projects/{first.project_id}/rebound", GROUP, OFFICE)
    assert (answer.status_code, answer.json()["status"]) == (200, "reopened")
    assert answer.json()["rebound"]["people_count"] == 12
    again = await first.post(f"/projects/{first.project_id}/rebound", GROUP, OFFICE)
    assert (again.status_code, again.json()["code"]) == (409, "not_closed")
    token = projects.token("service", "000000", "client:petitions")
    told = await projects.call(token, "POST", f"/projects/{second.project_id}/rebound", json=GROUP)
    assert (told.status_code, told.json()["rebound"]["reference"]) == (200, "XF-2026-0099")
    assert (await second.project())["resolution_status"] == "unresolved"


async def test_a_petition_before_the_close_out_is_no_rebound(closing: Closing) -> None:
    early = await closing.post(f"/projects/{closing.project_id}/rebound", GROUP | {"occurred_on": "2026-11-22"}, OFFICE)
    assert early.status_code == 422
    assert (await closing.now())["status"] == "closed"


async def test_two_petitions_at_once_reopen_once(closing: Closing) -> None:
    """Told by the service that owns petitions, which is at home nowhere."""
    token = closing.county.projects.token("service", "000000", "client:petitions")
    path = f"/projects/{closing.project_id}/rebound"
    answers = await asyncio.gather(*(closing.county.projects.call(token, "POST", path, json=GROUP) for _ in range(3)))
    assert sorted(a.status_code for a in answers) == [200, 409, 409]


async def test_who_rebounded_asks_anew(closing: Closing) -> None:
    assert (await closing.request()).json()["code"] == "already_live"
    await closing.post(f"/projects/{closing.project_id}/rebound", GROUP, OFFICE)
    assert (await closing.request()).json()["code"] == "not_under_resolution"
    await closing.county.move(await closing.project(), "resolution", "resolving")
    await closing.close()
    assert [c["status"] for c in await closing.county.every("/closeouts")] == ["closed", "reopened"]


async def test_both_rates_are_shown_together_as_of_a_day(county: County, projects: Projects) -> None:
    async def rates(**query: Any) -> tuple[Any, ...]:
        found = await county.read("/closeout-rates", **query)
        shown = [(found[r]["numerator"], found[r]["denominator"], found[r]["value"]) for r in ("clearance", "rebound")]
        return (*shown, found["resolved_without_closeout"])

    assert await rates() == ((0, 0, None), (0, 0, None), 0)
    await with_units(county)
    first = await (await deliverable(county, "甲")).close()
    await deliverable(county, "乙")
    await county.create("丙", resolution_status="resolved")
    assert await rates() == ((1, 3, "0.3333"), (0, 1, "0.0000"), 1)
    projects.clock.advance(dt.timedelta(days=10))
    await first.post(f"/projects/{first.project_id}/rebound", GROUP, OFFICE)
    assert await rates() == ((0, 3, "0.0000"), (1, 1, "1.0000"), 1)
    assert await rates(as_of="2026-12-02") == ((1, 3, "0.3333"), (0, 1, "0.0000"), 1)
    assert await rates(as_of="2026-11-22") == ((0, 2, "0.0000"), (0, 0, None), 0)
    found = await county.read("/closeout-rates")
    assert found["rebounds_by_cause"] == {"group_petition": 1}
    assert found["closed_since"] == "2025-12-04"
    projects.clock.set(dt.datetime.fromisoformat("2027-11-23T09:00:00+08:00"))
    assert (await rates())[1] == (0, 0, None), "closed more than twelve months ago"
    ahead = await county.call("GET", "/closeout-rates", params={"as_of": "2027-11-24"})
    assert (ahead.status_code, ahead.json()["errors"][0]["pointer"]) == (422, "query:as_of")


async def test_rates_cost_the_same_whatever_the_ledger(county: County, statements: Statements) -> None:
    await with_units(county)
    for number in range(2):
        await (await deliverable(county, f"第{number}")).close()
        statements.texts.clear()
        await county.read("/closeout-rates")
        assert len(statements) == 4, statements.texts


async def test_a_draw_can_be_drawn_anew_by_anybody_and_held_only_once(county: County) -> None:
    await with_units(county)
    closings = [await (await deliverable(county, f"第{number}")).close() for number in range(4)]
    limit = {"value": 50, "reason": "县委专题会议纪要"}
    set_ = await county.call("PUT", "/thresholds/recheck_percent", json=limit, headers={"If-Match": '"0"'})
    assert set_.status_code == 200
    answers = await asyncio.gather(*(county.call("POST", "/recheck-draws") for _ in range(2)))
    assert [a.status_code for a in answers] == [201, 201]
    full, empty = sorted((a.json() for a in answers), key=lambda d: -len(d["population"]))
    assert sorted(full["population"]) == sorted(c.closeout_id for c in closings)
    assert (len(full["chosen"]), full["percent"], empty["population"]) == (2, 50, [])
    read = await county.read(f"/recheck-draws/{full['id']}")
    assert read == full
    assert [str(i) for i in rules.choose(read["population"], 50, read["seed"])] == full["chosen"]
    listed = await county.every("/rechecks", draw_id=full["id"], pending="true", limit=1)
    assert {r["closeout_id"] for r in listed} == set(full["chosen"])


async def test_a_recheck_is_anothers_and_a_failed_one_reopens(closing: Closing) -> None:
    county = closing.county
    await county.call("POST", "/recheck-draws")
    (recheck,) = await county.every("/rechecks")
    path = f"/rechecks/{recheck['id']}/result"
    body = {"passed": False, "note": "两户仍未入住，门窗未装"}
    for who, status, code in (
        (REPORTER | {"role": "inspector", "unit": "JW"}, 409, "same_person"),
        (INSPECTOR | {"unit": "ZB"}, 409, "same_unit"),
        (DEPARTMENT, 409, "same_person"),
        (SITE | {"role": "office"}, 409, "same_person"),
        ({"role": "inspector", "subject": "user:inspector"}, 403, "unit_required"),
    ):
        refused = await closing.post(path, body, who)
        assert (refused.status_code, refused.json()["code"]) == (status, code)
    answer = await closing.post(path, body, INSPECTOR)
    assert (answer.status_code, answer.json()["rechecked"]["by"]) == (200, "user:inspector")
    assert (await closing.now())["rebound"]["cause"] == "recheck_failed"
    assert (await closing.post(path, body, INSPECTOR)).json()["code"] == "recheck_done"
    assert await county.every("/rechecks", pending="true") == []


async def test_a_passed_recheck_leaves_it_closed(closing: Closing) -> None:
    await closing.county.call("POST", "/recheck-draws")
    (recheck,) = await closing.county.every("/rechecks")
    answer = await closing.post(f"/rechecks/{recheck['id']}/result", {"passed": True, "note": "属实"}, INSPECTOR)
    assert (answer.status_code, answer.json()["passed"]) == (200, True)
    assert (await closing.now())["status"] == "closed"


async def test_each_person_is_told_apart_by_account_not_by_name(closing: Closing) -> None:
    found = await closing.now()
    signers = [found[step] for step in ("reported", "department_check", "site_check", "approved")]
    expected = [who["subject"] for who in (REPORTER, DEPARTMENT, SITE, LEADER)]
    assert [s["by"] for s in signers] == expected
    assert len({s["unit_code"] for s in signers}) == 4
