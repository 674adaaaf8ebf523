"""领导包案 over HTTP: one leader of a case at a time, its plan, its meetings, and promises others say were kept."""

import asyncio
import datetime as dt
from typing import Any

import httpx
import pytest

from services.petitions.leaders import service
from shared.chassis import scope
from tests.support.office import BODY, OTHER, Office
from tests.support.petitions import Petitions, Statements
from tests.support.service import County

FIRST, SECOND = "L1", "L2"
PLAN = {"goal": "年底前交付 3 号楼", "measures": "专班驻点，逐户对接", "due_on": "2026-12-31", "unit_code": BODY}
PROMISE = {"matter": "12 月 10 日前完成通水通电", "due_on": "2026-12-10", "unit_code": BODY, "person_code": FIRST}
PAST = PROMISE | {"made_on": "2026-11-03", "due_on": "2026-11-20"}
MEETING: dict[str, Any] = {
    "chair_code": FIRST,
    "units": [{"unit_code": BODY, "attended": True}, {"unit_code": OTHER, "attended": False}],
    "outcome": "明确由住建局牵头，限期完成",
    "notes": "王某提出……",
}
KEPT = {"outcome": "kept", "note": "现场核实已通水通电"}


@pytest.fixture
async def office(petition_county: Any) -> Office:
    office = await Office(petition_county).open()
    for code, name in ((FIRST, "赵县长"), (SECOND, "钱副县长")):
        await petition_county.person(code, name, BODY, "副县长")
    return office


async def post(office: Office, path: str, body: dict[str, Any], **who: Any) -> httpx.Response:
    return await office.county.call("POST", path, json=body, **who)


async def made(office: Office, path: str, body: dict[str, Any], **who: Any) -> dict[str, Any]:
    answer = await post(office, path, body, **who)
    assert answer.status_code in (200, 201), answer.text
    return dict(answer.json())


async def traces(county: County[Any], kind: str) -> list[tuple[str, str]]:
    """Action and detail of every audit row of a kind of thing, oldest first."""
    answer = await county.call("GET", "/audit", role="auditor", params={"subject_type": kind})
    assert answer.status_code == 200, answer.text
    return [(entry["action"], str(entry)) for entry in reversed(answer.json()["items"])]


async def test_a_leader_takes_a_case_hands_it_over_and_gives_it_up(office: Office) -> None:
    case = await office.registered()
    leader = f"/petitions/{case}/leader"
    first = await made(office, leader, {"person_code": FIRST, "taken_on": "2026-11-03"})
    assert (first["person_name"], first["unit_name"], first["released_on"]) == ("赵县长", "住建局", None)
    again = await post(office, leader, {"person_code": FIRST})
    assert (again.status_code, again.json()["code"]) == (409, "already_led")
    bare = await post(office, leader, {"person_code": SECOND})
    assert (bare.status_code, bare.json()["errors"][0]["pointer"]) == (422, "/handover")
    early = await post(office, leader, {"person_code": SECOND, "handover": "已交接", "taken_on": "2026-11-02"})
    assert (early.status_code, early.json()["errors"][0]["pointer"]) == (422, "/taken_on")
    second = await made(office, leader, {"person_code": SECOND, "handover": "张三的材料已移交"})
    history = await office.county.every("/case-leaders", petition_id=case)
    assert [(row["person_code"], row["released_on"]) for row in history] == [(SECOND, None), (FIRST, "2026-11-23")]
    live = await office.county.every("/case-leaders", petition_id=case, is_live=True)
    assert [row["id"] for row in live] == [second["id"]]
    ended = await made(office, f"{leader}/release", {"reason": "工作调整"})
    assert (ended["person_code"], ended["note"]) == (SECOND, "张三的材料已移交\n工作调整")
    none = await post(office, f"{leader}/release", {"reason": "工作调整"})
    assert (none.status_code, none.json()["code"]) == (409, "case_not_led")
    told = await traces(office.county, "case_leader")
    assert [action for action, _ in told] == ["take", "release", "take", "release"]
    assert not any("张三的材料" in detail or "工作调整" in detail for _, detail in told)


async def test_of_two_leaders_at_once_one_takes_the_case(office: Office) -> None:
    case = await office.registered()
    asked = [
        post(office, f"/petitions/{case}/leader", {"person_code": code}) for code in (FIRST, SECOND, FIRST, SECOND)
    ]
    codes = sorted(answer.status_code for answer in await asyncio.gather(*asked))
    assert codes[0] == 201
    assert set(codes[1:]) <= {409, 422}
    assert len(await office.county.every("/case-leaders", petition_id=case, is_live=True)) == 1


async def test_the_load_of_leaders_is_counted_in_two_statements(
    office: Office, petition_statements: Statements
) -> None:
    cases = [await office.registered(people_count=number) for number in (1, 6, 1)]
    for case, code in zip(cases, (FIRST, FIRST, SECOND), strict=True):
        await made(office, f"/petitions/{case}/leader", {"person_code": code})
    await made(
        office, f"/petitions/{cases[0]}/case-promises", PROMISE | {"made_on": "2026-11-03", "due_on": "2026-11-20"}
    )
    await made(office, f"/petitions/{cases[1]}/case-promises", PROMISE)
    await office.done(cases[1], "withdraw", "2026-11-20", note="本人书面撤回")
    before = len(petition_statements)
    found = {row["person_code"]: row for row in await office.county.every("/leader-cases")}
    assert len(petition_statements) - before == 4, petition_statements.texts[before:]
    assert {
        name: found[FIRST][name]
        for name in ("cases", "people", "open_cases", "overdue_cases", "open_promises", "overdue_promises")
    } == {"cases": 2, "people": 7, "open_cases": 1, "overdue_cases": 1, "open_promises": 2, "overdue_promises": 1}
    assert (found[SECOND]["cases"], found[SECOND]["open_promises"]) == (1, 0)
    paged = await office.county.every("/leader-cases", limit=1)
    assert [row["person_code"] for row in paged] == [FIRST, SECOND]


async def test_a_plan_is_superseded_and_stays(office: Office) -> None:
    case = await office.registered()
    path = f"/petitions/{case}/case-plans"
    await made(office, path, PLAN | {"made_on": "2026-11-03"})
    new = await made(office, path, PLAN | {"goal": "明年一季度交付", "due_on": "2027-03-31"})
    rows = await office.county.every("/case-plans", petition_id=case)
    assert [(row["id"] == new["id"], row["superseded_on"]) for row in rows] == [(True, None), (False, "2026-11-23")]
    assert rows[0]["measures"] == PLAN["measures"]
    late = await post(office, path, PLAN | {"due_on": "2026-11-22"})
    assert (late.status_code, late.json()["errors"][0]["pointer"]) == (422, "/due_on")
    unknown = await post(office, path, PLAN | {"unit_code": "NOBODY"})
    assert (unknown.status_code, unknown.json()["errors"][0]["pointer"]) == (422, "/unit_code")
    personal = await post(office, path, PLAN | {"goal": "联系 13812345678"})
    assert (personal.status_code, personal.json()["errors"][0]["pointer"]) == (422, "/goal")
    assert "13812345678" not in personal.text


async def test_a_meeting_has_its_units_and_sealed_notes(office: Office) -> None:
    case = await office.sent()
    held = await made(office, f"/petitions/{case}/case-meetings", MEETING)
    assert [(unit["unit_name"], unit["attended"]) for unit in held["units"]] == [("住建局", True), ("人社局", False)]
    twice = MEETING | {"units": [MEETING["units"][0], MEETING["units"][0]]}
    assert (await post(office, f"/petitions/{case}/case-meetings", twice)).status_code == 422
    absent = MEETING | {"units": [MEETING["units"][1]]}
    assert (await post(office, f"/petitions/{case}/case-meetings", absent)).status_code == 422

    async def notes(role: str, unit: str | None) -> Any:
        answer = await office.county.call("GET", "/case-meetings", role=role, unit=unit, subject="user:reader")
        return [row["notes"] for row in answer.json()["items"]]

    assert await notes("leader", None) == [MEETING["notes"]]
    assert await notes("department", BODY) == [MEETING["notes"]]
    assert await notes("office", None) == [None]
    assert await notes("department", OTHER) == []
    (trace,) = await traces(office.county, "case_meeting")
    assert "王某" not in trace[1]


async def test_another_person_of_another_unit_says_that_a_promise_was_kept(office: Office) -> None:
    case = await office.sent()
    promise = await made(office, f"/petitions/{case}/case-promises", PROMISE, role="department", unit=BODY)
    settle = f"/case-promises/{promise['id']}/settle"
    same = await post(office, settle, KEPT)
    assert (same.status_code, same.json()["code"]) == (409, "same_person")
    unit = await post(office, settle, KEPT, role="department", unit=BODY, subject="user:2")
    assert (unit.status_code, unit.json()["code"]) == (409, "same_unit")
    done = await made(office, settle, KEPT, subject="user:2")
    assert (done["state"], done["settled_on"], done["days_late"]) == ("kept", "2026-11-23", 0)
    again = await post(office, settle, KEPT, subject="user:3")
    assert (again.status_code, again.json()["code"]) == (409, "already_settled")
    told = await traces(office.county, "case_promise")
    assert [action for action, _ in told] == ["promise", "settle"]
    assert not any(KEPT["note"] in detail for _, detail in told)


async def test_broken_promises_feed_the_warning(office: Office, petitions: Petitions) -> None:
    case = await office.registered()
    overdue = await made(office, f"/petitions/{case}/case-promises", PAST)
    said = await made(office, f"/petitions/{case}/case-promises", PROMISE)
    await made(office, f"/case-promises/{said['id']}/settle", {"outcome": "broken", "note": "资金未到位"})
    await made(office, f"/petitions/{case}/case-promises", PROMISE)
    listed = {
        state: await office.county.every("/case-promises", state=state) for state in ("overdue", "broken", "open")
    }
    assert [[row["id"] for row in listed[state]] for state in ("overdue", "broken")] == [[overdue["id"]], [said["id"]]]
    assert (len(listed["open"]), listed["overdue"][0]["days_late"]) == (1, 3)

    async def broken(since: dt.date, day: dt.date) -> set[str]:
        with scope.within(office.county.code):
            async with petitions.database.session() as session:
                found = await service.broken(session, office.county.code, None, since, day)
        return {str(promise.id) for promise in found}

    day = dt.date(2026, 11, 23)
    assert await broken(day, day) == {overdue["id"], said["id"]}
    assert await broken(day + dt.timedelta(1), day) == {overdue["id"]}
    assert len(await broken(day, dt.date(2026, 12, 11))) == 3


async def test_no_county_sees_or_moves_anothers_case(office: Office, petitions: Petitions) -> None:
    case = await office.registered()
    promise = await made(office, f"/petitions/{case}/case-promises", PROMISE)
    elsewhere = petitions.county()
    await elsewhere.unit(BODY)
    await elsewhere.person(FIRST, unit=BODY)
    for path, body in (
        (f"/petitions/{case}/leader", {"person_code": FIRST}),
        (f"/petitions/{case}/leader/release", {"reason": "工作调整"}),
        (f"/petitions/{case}/case-plans", PLAN),
        (f"/petitions/{case}/case-promises", PROMISE),
        (f"/case-promises/{promise['id']}/settle", KEPT),
    ):
        answer = await elsewhere.call("POST", path, json=body, subject="user:9")
        assert answer.status_code == 404, f"{path} {answer.text}"
    assert await elsewhere.every("/case-promises") == []


async def test_leaders_do_not_see_accusations(office: Office) -> None:
    case = await office.registered(petition_class="accusation")
    await made(office, f"/petitions/{case}/leader", {"person_code": FIRST})
    answer = await office.county.call("GET", "/leader-cases", role="leader")
    assert answer.json()["items"] == []
    assert [row["cases"] for row in await office.county.every("/leader-cases")] == [1]
    assert (await post(office, f"/petitions/{case}/case-plans", PLAN, role="leader")).status_code == 404


async def test_a_retry_is_told_all_but_the_sealed_text(office: Office) -> None:
    """What an Idempotency-Key keeps of an answer lies in the clear."""
    petition, key = await office.accepted(), {"Idempotency-Key": f"plan-{office.county.code}"}
    path = f"/petitions/{petition}/case-plans"
    first, again = [await post(office, path, PLAN, headers=key) for _ in range(2)]
    assert first.json()["measures"] == PLAN["measures"]
    assert again.headers["idempotency-replayed"] == "true"
    assert again.json() == first.json() | {"measures": None}
    (kept,) = (await office.county.read("/case-plans", petition_id=petition))["items"]
    assert kept == first.json()
