"""包抓 over the wire: one holder at a time, a note at every hand-over, and a past nobody rewrites."""

import asyncio
from typing import Any

import asyncpg
import httpx
import pytest

from tests.support.projects import County, Projects, Statements
from tests.support.sql import inside

NOTE = {"handover_note": "已对接施工单位；监管账户对账未完成"}


@pytest.fixture
async def county(projects: Projects) -> County:
    """With a government, three leaders, a task force and one unit for each responsibility."""
    county = projects.county()
    for code, kind in (
        ("GOV", "government"),
        ("ZB1", "taskforce"),
        ("QY1", "enterprise"),
        ("XZ1", "township"),
        ("ZJJ", "department"),
        ("FY1", "court"),
    ):
        await county.unit(code, kind=kind)
    for number in (1, 2, 3):
        await county.person(f"L{number}", f"领导{number}", unit="GOV", post="副县长")
    await county.person("E1", "企业负责人", unit="QY1")
    return county


@pytest.fixture
async def project(county: County) -> str:
    return str((await county.create("青枫苑"))["id"])


async def assign(county: County, project: str, person: str, role: str = "lead", **more: Any) -> httpx.Response:
    body = {"role": role, "person_code": person, **more}
    return await county.call("POST", f"/projects/{project}/duty", json=body)


async def name(county: County, project: str, kind: str, unit: str, **more: Any) -> httpx.Response:
    body = {"kind": kind, "unit_code": unit, **more}
    return await county.call("POST", f"/projects/{project}/responsibilities", json=body)


async def duty(county: County, project: str, on: str | None = None) -> dict[str, Any]:
    return await county.read(f"/projects/{project}/duty", on=on)


def refused(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def test_a_leader_takes_a_project_on_and_hands_it_over(county: County, project: str) -> None:
    first = await assign(county, project, "L1", began_on="2026-03-01")
    assert (first.status_code, first.headers["location"]) == (201, f"/v1/projects/projects/{project}/duty")
    told = {name: first.json()[name] for name in ("person_name", "post", "unit_code", "began_on", "ended_on")}
    assert told == {
        "person_name": "领导1",
        "post": "副县长",
        "unit_code": "GOV",
        "began_on": "2026-03-01",
        "ended_on": None,
    }
    assert refused(await assign(county, project, "L1")) == (409, "already_assigned")
    silent = await assign(county, project, "L2")
    assert refused(silent) == (409, "handover_note_required")
    assert silent.json()["errors"][0]["pointer"] == "/handover_note"
    assert (await assign(county, project, "L2", began_on="2026-09-10", **NOTE)).status_code == 201
    past, present = (await county.every(f"/projects/{project}/duty/history", role="lead", limit=1))[::-1]
    assert (past["person_code"], past["ended_on"], past["end_reason"], past["ended_by"]) == (
        "L1",
        "2026-09-10",
        None,
        county.subject,
    )
    assert (present["person_code"], present["handover_note"]) == ("L2", NOTE["handover_note"])


async def test_who_answered_for_this_on_3_may(county: County, project: str) -> None:
    await assign(county, project, "L1", began_on="2026-03-01")
    await assign(county, project, "L2", began_on="2026-05-03", **NOTE)
    await assign(county, project, "L3", began_on="2026-08-01", **NOTE)
    days = ("2026-02-28", "2026-03-01", "2026-05-02", "2026-05-03", "2026-07-31", "2026-08-01", None)
    answered = [(await duty(county, project, day))["lead"] for day in days]
    assert [lead and lead["person_code"] for lead in answered] == [None, "L1", "L1", "L2", "L2", "L3", "L3"]
    late = await assign(county, project, "L1", began_on="2026-07-31", **NOTE)
    assert refused(late) == (409, "earlier_than_holder")
    assert refused(await assign(county, project, "L1", began_on="2026-11-24", **NOTE)) == (422, "bad_day")


async def test_two_leaders_assigned_at_once_are_never_both_live(county: County, project: str) -> None:
    answers = await asyncio.gather(*(assign(county, project, f"L{n}") for n in (1, 2, 3)))
    assert sorted(a.status_code for a in answers) == [201, 409, 409]
    assert {refused(a) for a in answers if a.status_code == 409} == {(409, "handover_note_required")}
    holder = (await duty(county, project))["lead"]["person_code"]
    others = [f"L{n}" for n in (1, 2, 3) if f"L{n}" != holder]
    answers = await asyncio.gather(*(assign(county, project, other, **NOTE) for other in others))
    assert [a.status_code for a in answers] == [201, 201], "two hand-overs, one after the other"
    history = await county.every(f"/projects/{project}/duty/history")
    assert len([term for term in history if term["ended_on"] is None]) == 1
    assert sorted(term["person_code"] for term in history) == ["L1", "L2", "L3"]


async def test_the_database_keeps_one_live_holder_and_lets_nobody_edit_the_past(county: County, project: str) -> None:
    await assign(county, project, "L1", began_on="2026-03-01")
    await assign(county, project, "L2", began_on="2026-05-03", **NOTE)
    copied = (
        "insert into duty select division_code, gen_random_uuid(), project_id, role, 'L3', person_name, post, "
        "unit_code, unit_name, taskforce_id, began_on, null, handover_note, null, null, version, created_by, "
        "created_at, updated_at from duty where ended_on is null"
    )
    async with inside(county) as connection:
        with pytest.raises(asyncpg.UniqueViolationError, match="duty_live_key"):
            await connection.execute(copied)
    for edit in (
        "update duty set person_code = 'L3' where ended_on is not null",
        "update duty set ended_on = '2026-05-04' where ended_on is not null",
        "update duty set ended_on = null, ended_by = null where ended_on is not null",
        "update duty set person_code = 'L3', ended_on = '2026-11-23' where ended_on is null",
        "update duty set began_on = '2026-01-01' where ended_on is null",
        "delete from duty",
    ):
        async with inside(county) as connection:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(edit)


async def test_a_lead_is_handed_over_and_does_not_just_leave(county: County, project: str) -> None:
    lead = (await assign(county, project, "L1")).json()
    support = (await assign(county, project, "L2", "supporting", began_on="2026-11-01")).json()
    assert refused(await assign(county, project, "L1", "supporting", **NOTE)) == (409, "two_roles_at_once")

    async def end(term: dict[str, Any], **more: Any) -> httpx.Response:
        return await county.call("POST", f"/duties/{term['id']}/end", json={"reason": "工作调整", **more})

    assert refused(await end(lead)) == (409, "lead_must_be_handed_over")
    assert refused(await end(support, ended_on="2026-10-31")) == (422, "bad_day")
    ended = await end(support, ended_on="2026-11-20")
    assert (ended.status_code, ended.json()["end_reason"], ended.headers["etag"]) == (200, "工作调整", '"2"')
    assert refused(await end(support)) == (409, "already_ended")
    gap = await assign(county, project, "L3", "supporting", began_on="2026-11-10")
    assert refused(gap) == (409, "earlier_than_holder"), "no two supporting leaders on one day"
    both = await assign(county, project, "L2", began_on="2026-11-19", **NOTE)
    assert refused(both) == (409, "two_roles_at_once"), "nor one leader in two roles on a past day"
    known = await county.read(f"/projects/{project}")
    assert (await county.move(known, "resolution", "resolved", effective_on="2026-11-22")).status_code == 200
    assert (await end(lead)).status_code == 200, "a resolved project may be let go"


async def test_the_four_responsibilities_have_one_named_party_each(county: County, project: str) -> None:
    before = await duty(county, project)
    assert before["vacant"] == ["lead", "taskforce", "enterprise", "territory", "department", "judicial"]
    for kind, unit in (("enterprise", "QY1"), ("territory", "XZ1"), ("department", "ZJJ"), ("judicial", "FY1")):
        assert (await name(county, project, kind, unit)).status_code == 201
    wrong = await name(county, project, "enterprise", "ZJJ", **NOTE)
    assert (refused(wrong), wrong.json()["errors"][0]["code"]) == ((422, "invalid"), "wrong_kind_of_unit")
    assert refused(await name(county, project, "enterprise", "QY1", person_code="E1")) == (
        409,
        "handover_note_required",
    )
    assert (await name(county, project, "enterprise", "QY1", person_code="E1", **NOTE)).status_code == 201
    after = await duty(county, project)
    assert [(t["role"], t["unit_code"], t["person_code"]) for t in after["responsibilities"]] == [
        ("enterprise", "QY1", "E1"),
        ("territory", "XZ1", None),
        ("department", "ZJJ", None),
        ("judicial", "FY1", None),
    ]
    assert after["vacant"] == ["lead", "taskforce"]


async def test_the_government_stands_in_only_after_the_enterprise_was_called_on(county: County, project: str) -> None:
    decision = {
        "call_number": "青县房办函〔2026〕12号",
        "called_on": "2026-09-01",
        "document_number": "青县房领〔2026〕5号",
        "decided_on": "2026-10-20",
        "undertaking": "由县城投续建剩余工程，追偿权不变",
        "reason": "企业逾期未复工",
    }

    async def decide(**changed: str) -> httpx.Response:
        return await county.call("POST", f"/projects/{project}/backstops", json=decision | changed)

    assert refused(await decide()) == (409, "enterprise_not_named")
    await name(county, project, "enterprise", "QY1", began_on="2026-01-05")
    for called_on in ("2026-10-20", "2026-10-21"):
        late = await decide(called_on=called_on)
        assert (late.status_code, late.json()["errors"][0]["pointer"]) == (422, "/called_on")
    assert refused(await decide(decided_on="2026-11-24")) == (422, "bad_day")
    made = await decide()
    assert (made.status_code, made.json()["enterprise_code"]) == (201, "QY1")
    assert refused(await decide()) == (409, "backstop_taken")
    assert (await duty(county, project, "2026-10-19"))["backstop"] is None
    assert (await duty(county, project))["backstop"] == made.json()
    assert await county.every("/backstops", project_id=project) == [made.json()]


async def test_load_of_each_leader_heaviest_first(county: County, statements: Statements) -> None:
    ids = [str((await county.create(f"项目{n}"))["id"]) for n in range(4)]
    for number, project in enumerate(ids[:3]):
        await assign(county, project, "L2", began_on=f"2026-0{number + 1}-01")
    await assign(county, ids[0], "L1", "supporting", began_on="2026-04-01")
    promise = {"person_code": "L2", "promised_to": "owners", "matter": "恢复供电", "made_on": "2026-11-01"}
    for due_on in ("2026-11-22", "2026-11-23"):
        await county.call("POST", f"/projects/{ids[0]}/site-promises", json=promise | {"due_on": due_on})
    visit = {"kind": "night", "person_code": "L1", "visited_on": "2026-11-20", "found": "无人施工"}
    await county.call("POST", f"/projects/{ids[0]}/visits", json=visit)
    statements.texts.clear()
    page = await county.read("/leader-load")
    assert (len(statements), page["unled"]) == (4, 1)
    assert await county.every("/leader-load", limit=1) == page["items"]
    names = ("person_code", "leads", "supports", "oldest_since", "open_promises", "overdue_promises")
    assert [tuple(item[name] for name in (*names, "last_visited_on")) for item in page["items"]] == [
        ("L2", 3, 0, "2026-01-01", 2, 1, None),
        ("L1", 0, 1, "2026-04-01", 0, 0, "2026-11-20"),
    ]


async def test_what_does_not_fit_is_refused_where_it_stands(county: County, project: str) -> None:
    for body, pointer in (
        ({"role": "lead"}, "/person_code"),
        ({"role": "lead", "person_code": "L1", "unit_code": "GOV"}, "/unit_code"),
        ({"role": "lead", "person_code": "NOBODY"}, "/person_code"),
        ({"role": "taskforce", "person_code": "L1"}, "/unit_code"),
        ({"role": "taskforce", "unit_code": "ZB1"}, "/unit_code"),
    ):
        answer = await county.call("POST", f"/projects/{project}/duty", json=body)
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer), body


async def test_another_county_sees_nothing_and_a_city_only_reads(
    county: County, project: str, projects: Projects
) -> None:
    term = (await assign(county, project, "L1")).json()
    other = projects.county()
    for method, path, body in (
        ("GET", f"/projects/{project}/duty", None),
        ("GET", f"/projects/{project}/duty/history", None),
        ("POST", f"/projects/{project}/duty", {"role": "lead", "person_code": "L2"}),
        ("POST", f"/projects/{project}/responsibilities", {"kind": "enterprise", "unit_code": "QY1"}),
        ("POST", f"/duties/{term['id']}/end", {"reason": "调整"}),
        ("GET", f"/leader-load?division_code={county.code}", None),
    ):
        assert (await other.call(method, path, json=body)).status_code == 404, path
    assert (await other.read("/leader-load"))["items"] == []
    city = projects.token("office", county.code[:4] + "00")
    seen = await projects.call(city, "GET", f"/leader-load?division_code={county.code}")
    assert [item["person_code"] for item in seen.json()["items"]] == ["L1"]
    written = await projects.call(city, "POST", f"/duties/{term['id']}/end", json={"reason": "调整"})
    assert written.status_code == 403


async def test_each_change_is_heard_of_once_and_says_no_names(county: County, project: str, projects: Projects) -> None:
    headers = {"Idempotency-Key": "assign-1"}
    for _ in range(2):
        body = {"role": "lead", "person_code": "L1"}
        assert (await county.call("POST", f"/projects/{project}/duty", json=body, headers=headers)).status_code == 201
    await assign(county, project, "L2", **NOTE)
    async with inside(county) as connection:
        events = await connection.fetch("select type, payload from outbox where subject like 'duty/%' order by id")
        audit = await connection.fetch("select action, body from audit_entry where subject_type = 'duty' order by seq")
    assert [event["type"] for event in events] == [f"projects.duty.{a}" for a in ("assign", "hand_over", "assign")]
    assert [entry["action"] for entry in audit] == ["assign", "hand_over", "assign"]
    told = "".join(row["payload"] for row in events)
    assert [word for word in ("领导", "对账") if word in told] == []
    assert '"L2"' in told
