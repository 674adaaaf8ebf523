"""A close-out step by step: what each asks for and what it leaves behind."""

import datetime as dt

from tests.support.closeout import (
    ATTESTED,
    DEPARTMENT,
    LEADER,
    SITE,
    Closing,
    deliverable,
    with_units,
)
from tests.support.projects import County, Projects, Statements
from tests.support.sql import inside

WEEK = dt.timedelta(days=7)


async def test_a_project_is_closed_step_by_step_and_the_ledger_follows(closing: Closing, projects: Projects) -> None:
    await closing.to_site_checked()
    published = await closing.publish(days=7)
    assert (published.status_code, published.json()["notice"]["until"]) == (200, "2026-11-30")
    early = await closing.approve()
    assert (early.status_code, early.json()["code"]) == (409, "notice_running")
    projects.clock.advance(WEEK + dt.timedelta(days=1))
    answer = await closing.approve()
    found = answer.json()
    assert (answer.status_code, found["status"], found["approved"]["unit_name"]) == (200, "closed", "XWB 单位")
    assert (await closing.project())["resolution_status"] == "resolved"
    assert (await closing.now())["next_steps"] == ["reopened"]


async def test_each_step_leaves_one_audit_row_and_the_ledgers_names_the_close_out(closing: Closing) -> None:
    await closing.close()
    county = closing.county
    answer = await county.call("GET", "/audit", role="auditor", params={"limit": 200})
    entries = answer.json()["items"]
    steps = [e["action"] for e in entries if e["subject_type"] == "closeout"]
    assert sorted(steps) == ["approve", "check", "check", "request"]
    moved = [e["detail"]["cause"] for e in entries if e["action"] == "resolution_status"]
    assert moved == [f"closeout:{closing.closeout_id}"]
    async with inside(county) as database:
        sent = await database.fetch("select type from outbox where subject = $1", f"closeout/{closing.closeout_id}")
    assert len(sent) == 4


async def test_the_checklist_says_what_is_known_by_whom_and_what_is_missing(closing: Closing) -> None:
    assert (await closing.request()).status_code == 201
    listed = {item["item"]: item for item in (await closing.now())["checklist"]}
    project = await closing.project()
    homes = listed["homes_delivered"]
    assert (homes["source"], homes["source_version"], homes["met"]) == ("ledger", project["version"], True)
    assert homes["value"] == {"units_sold": 100, "units_delivered": 100}
    assert homes["asked_at"].startswith("2026-11-23T09:00")
    assert listed["completion_accepted"]["source"] == "quality"
    assert {name for name, item in listed.items() if item["met"] is None} == set(ATTESTED)
    refused = await closing.check("department", DEPARTMENT)
    assert (refused.status_code, refused.json()["code"]) == (409, "checklist_open")
    assert {e["pointer"] for e in refused.json()["errors"]} == {f"/checklist/{name}" for name in ATTESTED}


async def test_what_the_system_knows_is_not_attested_and_is_asked_again(closing: Closing) -> None:
    await closing.to_site_checked()
    refused = await closing.attest("homes_delivered", outstanding=1)
    assert (refused.status_code, refused.json()["code"]) == (409, "fact_is_known")
    project = await closing.project()
    await closing.county.change(project, size={"units_delivered": 98})
    shown = {item["item"]: item["met"] for item in (await closing.now())["checklist"]}
    assert shown["homes_delivered"] is False
    answer = await closing.approve()
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (409, "/checklist/homes_delivered")
    assert (await closing.project())["resolution_status"] == "resolving"


async def test_petitions_are_quiet_for_the_countys_weeks(closing: Closing) -> None:
    await closing.request()
    for last_on, weeks, met in (("2026-10-27", 3, False), ("2026-10-26", 4, True)):
        answer = await closing.attest("petitions_quiet", last_on=last_on)
        item = next(i for i in answer.json()["checklist"] if i["item"] == "petitions_quiet")
        assert (item["value"]["weeks"], item["met"]) == (weeks, met)
    # A paper older than the request does not say how quiet it has been until now.
    stale = await closing.attest("petitions_quiet", attested_on="2026-11-22")
    assert (stale.status_code, stale.json()["errors"][0]["pointer"]) == (422, "/attested_on")


async def test_what_is_put_back_meanwhile_is_not_closed(closing: Closing) -> None:
    await closing.to_site_checked()
    await closing.county.move(await closing.project(), "resolution", "unresolved")
    answer = await closing.approve()
    assert (answer.status_code, answer.json()["code"]) == (409, "not_under_resolution")


async def test_a_failed_check_returns_it_and_a_new_one_starts_over(closing: Closing) -> None:
    await closing.request()
    answer = await closing.check("department", DEPARTMENT, passed=False)
    assert (answer.json()["status"], answer.json()["returned"]["by"]) == ("returned", DEPARTMENT["subject"])
    assert (await closing.approve()).json()["code"] == "step_not_allowed"
    first = closing.closeout_id
    assert (await closing.request()).status_code == 201
    assert closing.closeout_id != first
    sent_back = await closing.post(f"{closing.path}/return", {"reason": "材料不全"}, LEADER)
    assert (sent_back.status_code, sent_back.json()["status"]) == (200, "returned")
    listed = await closing.county.every("/closeouts", project_id=closing.project_id)
    assert [c["status"] for c in listed] == ["returned", "returned"]


async def test_steps_are_taken_in_order_and_in_time(closing: Closing) -> None:
    await closing.request()
    await closing.attest(*ATTESTED)
    for answer in (await closing.check("site", SITE), await closing.publish(), await closing.approve()):
        assert (answer.status_code, answer.json()["code"]) == (409, "step_not_allowed")
    for checked_on in ("2026-11-22", "2026-11-24"):
        assert (await closing.check("department", DEPARTMENT, checked_on=checked_on)).status_code == 422


async def test_what_is_not_being_resolved_or_has_no_path_is_not_closed_out(county: County) -> None:
    await with_units(county)
    unresolved = await deliverable(county, "甲", resolution_status="unresolved")
    assert (await unresolved.request()).json()["code"] == "not_under_resolution"
    pathless = await deliverable(county, "乙", work={})
    assert (await pathless.request()).json()["code"] == "path_unknown"
    village = await deliverable(county, "丙", kind="land_acquisition", work={})
    assert (await village.request()).status_code == 201
    items = [i["item"] for i in (await village.now())["checklist"]]
    assert items == ["compensation_paid", "land_cleared", "petitions_quiet", "funds_audited"]


async def test_court_facts_come_from_the_path_and_the_case_register(county: County) -> None:
    await with_units(county)
    closing = await deliverable(county, work={"resolution_mode": "subrogated_refund"})
    await closing.request()

    async def lawsuits() -> dict[str, object]:
        listed = (await closing.now())["checklist"]
        return dict(next(item for item in listed if item["item"] == "lawsuits_registered"))

    before = await lawsuits()
    assert (before["source"], before["met"], before["value"]) == ("paths", False, {"lawsuits": 0, "reached_on": None})
    here = f"/projects/{closing.project_id}"
    for path, body in (
        ("path-stages", {"path": "subrogated_refund", "stage": "households_verified", "reached_on": "2026-10-01"}),
        ("path-stages", {"path": "subrogated_refund", "stage": "claims_assigned", "reached_on": "2026-10-08"}),
        ("path-stages", {"path": "subrogated_refund", "stage": "suit_filed", "reached_on": "2026-11-02"}),
        ("lawsuits", {"court": "县人民法院", "cause": "商品房预售合同纠纷", "filed_on": "2026-11-02"}),
    ):
        answer = await county.call("POST", f"{here}/{path}", json=body)
        assert answer.status_code == 201, answer.text
    after = await lawsuits()
    assert (after["met"], after["value"]) == (True, {"lawsuits": 1, "reached_on": "2026-11-02"})
    refused = await closing.attest("lawsuits_registered", outstanding=1)
    assert refused.json()["code"] == "fact_is_known"


async def test_the_checklist_of_one_path_closes_nothing_that_went_another(closing: Closing) -> None:
    await closing.to_site_checked()
    await closing.county.change(await closing.project(), work={"resolution_mode": "reorganization"})
    answer = await closing.approve()
    assert (answer.status_code, answer.json()["code"]) == (409, "path_changed")
    assert (await closing.now())["path"] == "resume_and_deliver"


async def test_another_county_sees_nothing_and_a_city_changes_nothing(closing: Closing, projects: Projects) -> None:
    await closing.request()
    neighbour = projects.county()
    for method, path, body in (
        ("GET", closing.path, None),
        ("POST", f"{closing.path}/return", {"reason": "x"}),
        ("POST", f"/projects/{closing.project_id}/closeouts", {"note": "x"}),
    ):
        who = {"role": "department", "subject": "user:other", "unit": "ZJJ"}
        answer = await neighbour.call(method, path, json=body, **who)
        assert answer.status_code == 404, path
    assert (await neighbour.read("/closeouts"))["items"] == []
    asked = await neighbour.call("GET", "/closeouts", params={"division_code": closing.county.code})
    assert asked.status_code == 404
    city = projects.token("office", f"{closing.county.code[:4]}00")
    assert (await projects.call(city, "GET", closing.path)).status_code == 200
    refused = await projects.call(city, "POST", f"{closing.path}/return", json={"reason": "x"})
    assert refused.status_code == 403


async def test_a_list_costs_the_same_whatever_its_length(county: County, statements: Statements) -> None:
    await with_units(county)
    for number in range(3):
        await (await deliverable(county, f"第{number}")).request()
        await county.read("/closeouts")
        statements.texts.clear()
        await county.read("/closeouts")
        assert len(statements) == 3, statements.texts
    pages = await county.every("/closeouts", limit=1)
    assert [c["status"] for c in pages] == ["requested"] * 3
