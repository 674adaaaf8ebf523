"""催办 and 督办 over the wire: who is reminded of what and when, and what answers and reviews do."""

from typing import Any

import pytest

from services.petitions.reminders import sweeping
from tests.support.office import BODY, OTHER, Office
from tests.support.petitions import Petitions
from tests.support.reminders import BANDS, audited, reminders
from tests.support.sweeping import day, on, swept

ANSWER = {"answer": "已约见欧阳建国，电话13812345678，下周办结"}
WRITTEN = ANSWER | {"document_number": "住建函〔2026〕18号", "is_adopted": True}
REGISTERED = "2026-11-23"


async def test_a_duty_left_alone_is_reminded_of_band_by_band_and_then_supervised(office: Office) -> None:
    """Received on 23 November: 15 days, due on 8 December."""
    county, case = office.county, await office.sent(REGISTERED)
    seen: list[tuple[int, str]] = []
    for offset in range(30):
        on(county.service, offset)
        counts = await swept(county)
        listed = await reminders(county, petition_id=case)
        assert counts["reminded"] == len(listed) - len(seen)
        seen += [(offset, of["band"]) for of in listed[len(seen) :]]
    # 75, 85, 99 % of 15 days, the day after the last.
    kinds = {of["clock_kind"] for of in await reminders(county)}
    per_band = len(kinds)
    assert seen == [
        (offset, band) for offset, band in zip((12, 13, 15, 16), BANDS, strict=True) for _ in range(per_band)
    ]
    for of in await reminders(county):
        assert (of["unit_code"], of["unit_name"], of["due_on"]) == (BODY, "住建局", "2026-12-08")
        assert of["fell_due_on"] == of["reminded_on"]
        assert not of["is_open"], "supervision has taken its place"
    asked = await county.every("/supervisions")
    assert {of["clock_kind"] for of in asked} == kinds
    first = await county.read(f"/supervisions/{asked[0]['id']}")
    assert (first["opened_on"], first["due_on"], first["missed_on"]) == (day(21), day(31), "2026-12-08")


async def test_a_sweep_that_comes_late_leaves_the_reminders_of_every_day(office: Office, petitions: Petitions) -> None:
    late = await Office(petitions.county()).open()
    for each in (office, late):
        await each.accepted(REGISTERED)
        await each.sent(REGISTERED)
        await each.registered(REGISTERED)
    for offset in (*range(0, 72, 5), 72):
        on(office.county.service, offset)
        await swept(office.county)
    await swept(late.county)

    async def made(of: Office) -> list[tuple[Any, ...]]:
        names = ("clock_kind", "band", "unit_code", "due_on", "fell_due_on", "is_open")
        return sorted(tuple(str(row[name]) for name in names) for row in await reminders(of.county))

    found = await made(office)
    assert found == await made(late)
    assert len(set(found)) > 8


async def test_an_extension_moves_what_is_to_come_and_repeats_nothing(office: Office) -> None:
    county, case = office.county, await office.accepted(REGISTERED)
    on(county.service, 46)
    assert (await swept(county))["reminded"] == 1, "75 % of 60 days"
    await office.done(case, "extension", day(46), unit=BODY, subject="user:clerk", days=30, reasons="情况复杂")
    await office.done(
        case,
        "extension-review",
        day(46),
        unit=BODY,
        subject="user:head",
        approved=True,
        reasons="同意",
        told_on=day(46),
    )
    seen = []
    for offset in range(46, 100):
        on(county.service, offset)
        seen += [offset] * (await swept(county))["reminded"]
    listed = await reminders(county, petition_id=case)
    assert [of["band"] for of in listed] == BANDS
    assert seen[:2] == [77, 90]


async def test_what_nobody_has_yet_comes_first_and_then_the_oldest(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "BATCH", 1)
    county = office.county
    owned = [await office.sent(on_day) for on_day in ("2026-11-21", "2026-11-19", "2026-11-20")]
    unowned = await office.registered("2026-11-22")
    on(county.service, 13)
    await swept(county)
    order = [entry["detail"]["petition_id"] for entry in await audited(county, "reminder")]
    assert list(dict.fromkeys(order)) == [unowned, owned[1], owned[2], owned[0]]
    (to_office, *_) = await reminders(county, petition_id=unowned)
    assert (to_office["unit_code"], to_office["clock_kind"]) == (None, "route")


async def test_a_unit_acknowledges_and_answers_its_own_reminder_once(office: Office) -> None:
    county, case = office.county, await office.accepted(REGISTERED)
    on(county.service, 45)
    await swept(county)
    (of,) = await reminders(county, petition_id=case, is_open=True)
    path = f"/reminders/{of['id']}"
    assert (await county.call("POST", f"{path}/acknowledge", role="department", unit=OTHER)).status_code == 404
    for _ in range(2):
        seen = await county.call("POST", f"{path}/acknowledge", role="department", unit=BODY)
        assert (seen.status_code, seen.json()["acknowledged_on"], seen.json()["version"]) == (200, day(45), 2)
    past = await county.call(
        "POST", f"{path}/answer", json=ANSWER | {"expected_on": day(44)}, role="department", unit=BODY
    )
    assert (past.status_code, past.json()["errors"][0]["pointer"]) == (422, "/expected_on")
    body = ANSWER | {"expected_on": day(50)}
    said = await county.call("POST", f"{path}/answer", json=body, role="department", unit=BODY, subject="user:zjj")
    assert said.status_code == 200, said.text
    assert (said.json()["answer"], said.json()["is_open"], said.json()["answered_on"]) == (
        ANSWER["answer"],
        False,
        day(45),
    )
    twice = await county.call("POST", f"{path}/answer", json=ANSWER, role="department", unit=BODY)
    assert (twice.status_code, twice.json()["code"]) == (409, "reminder_answered")
    leader = await county.call("GET", "/reminders", role="leader")
    assert [row["answer"] for row in leader.json()["items"]] == [None]
    told = await audited(county, "reminder")
    assert [entry["action"] for entry in told] == ["create", "acknowledge", "answer"]
    assert ANSWER["answer"] not in str(told)
    assert ANSWER["answer"] not in str([row["text"] for row in leader.json()["items"]])
    assert await reminders(county, is_open=True) == []


async def test_what_was_done_is_asked_for_no_more(office: Office) -> None:
    county, case = office.county, await office.sent(REGISTERED)
    on(county.service, 12)
    await swept(county)
    assert {of["clock_kind"] for of in await reminders(county, is_open=True)} >= {"acceptance"}
    await office.done(case, "accept", day(12), unit=BODY, petition_class="appeal_claim", legal_route=6)
    assert "acceptance" not in {of["clock_kind"] for of in await reminders(county, is_open=True)}
    on(county.service, 40)
    await swept(county)
    assert await county.every("/supervisions") == []


async def test_units_beside_the_lead_and_promises_have_days_of_their_own(office: Office) -> None:
    county, case = office.county, await office.registered(REGISTERED)
    beside = [{"unit_code": OTHER, "due_on": day(10)}]
    await office.done(case, "assign", REGISTERED, unit_code=BODY, co_units=beside)
    promise = {"matter": "十日内通水通电", "due_on": day(10), "unit_code": OTHER}
    made = await county.call("POST", f"/petitions/{case}/case-promises", json=promise)
    assert made.status_code == 201, made.text
    on(county.service, 11)
    await swept(county)
    for subject in ("assignment", "promise"):
        listed = await reminders(county, subject=subject)
        assert [of["band"] for of in listed] == BANDS
        assert {of["unit_code"] for of in listed} == {OTHER}
        assert [of["is_open"] for of in listed] == [False, False, False, True]
    (to,) = await county.every("/assignments", unit_code=OTHER)
    answer = {"answer": "已处理"}
    path = f"/assignments/{to['id']}/answer"
    assert (await county.call("POST", path, json=answer, role="department", unit=OTHER)).status_code == 200
    on(county.service, 16)
    assert (await swept(county))["supervised"] == 1, "the promise; the assignment was answered"
    assert [of["subject"] for of in await county.every("/supervisions")] == ["promise"]


async def supervised(office: Office) -> str:
    """The id of a supervision opened on the 66th day: 60 days of handling, and five more."""
    case = await office.accepted("2026-09-01")
    await swept(office.county)
    (of,) = await office.county.every("/supervisions", petition_id=case)
    assert (of["state"], of["level"], of["unit_code"], of["due_on"]) == ("open", None, BODY, day(10))
    return str(of["id"])


async def test_supervision_nobody_answers_climbs_by_rule_until_somebody_does(office: Office) -> None:
    county, asked = office.county, await supervised(office)
    path = f"/supervisions/{asked}"
    taken = []
    for offset in range(1, 30):
        on(county.service, offset)
        if (await swept(county))["climbed"]:
            taken.append(offset)
    assert taken == [11, 16, 21]
    found = await county.read(path)
    assert [(step["level"], step["taken_on"]) for step in found["steps"]] == [
        ("bulletin", day(11)),
        ("interview", day(16)),
        ("accountability", day(21)),
    ]
    assert (found["next_due_on"], found["days_overdue"]) == (None, 19)
    verdict = await county.call("POST", f"{path}/review", json={"verdict": "accepted"})
    assert (verdict.status_code, verdict.json()["code"]) == (409, "nothing_to_review")
    other = await county.call("POST", f"{path}/answer", json=WRITTEN, role="department", unit=OTHER)
    assert other.status_code == 404
    bare = await county.call("POST", f"{path}/answer", json=ANSWER, role="department", unit=BODY)
    assert bare.status_code == 422, "in writing, and whether it is adopted (art. 40)"
    said = await county.call("POST", f"{path}/answer", json=WRITTEN, role="department", unit=BODY, subject="user:zjj")
    assert (said.status_code, said.json()["state"], said.json()["days_overdue"]) == (200, "answered", 0)
    same = await county.call("POST", f"{path}/review", json={"verdict": "accepted"}, subject="user:zjj")
    assert (same.status_code, same.json()["code"]) == (409, "same_person")
    back = await county.call("POST", f"{path}/review", json={"verdict": "returned"})
    assert (back.json()["state"], back.json()["due_on"], back.json()["next_due_on"]) == ("open", day(39), None)
    again = await county.call("POST", f"{path}/answer", json=WRITTEN, role="department", unit=BODY, subject="user:zjj")
    assert (again.json()["state"], again.json()["verdict"]) == ("answered", None)
    closed = await county.call("POST", f"{path}/review", json={"verdict": "accepted"})
    assert (closed.json()["state"], closed.json()["answer"]) == ("closed", ANSWER["answer"])
    assert (await swept(county))["supervised"] == 0
    assert ANSWER["answer"] not in str(await audited(county, "petition_supervision"))


async def test_an_answer_in_time_holds_the_ladder(office: Office) -> None:
    county, asked = office.county, await supervised(office)
    path = f"/supervisions/{asked}"
    await county.call("POST", f"{path}/answer", json=WRITTEN, role="department", unit=BODY, subject="user:zjj")
    on(county.service, 30)
    assert (await swept(county))["climbed"] == 0
    back = await county.call("POST", f"{path}/review", json={"verdict": "returned", "due_on": day(32)})
    assert (back.status_code, back.json()["next_due_on"]) == (200, day(33))
    on(county.service, 33)
    assert (await swept(county))["climbed"] == 1


async def test_the_accused_and_others_learn_nothing_of_a_sealed_petition_by_its_reminders(office: Office) -> None:
    county = office.county
    sealed = {"petition_class": "accusation", "accused_unit_code": OTHER, "summary": "反映干部推诿扯皮"}
    case = await office.sent("2026-09-01", **sealed)
    await swept(county)
    assert await reminders(county, petition_id=case)
    for role, unit, sees in (
        ("department", BODY, True),
        ("inspector", None, True),
        ("department", OTHER, False),
        ("leader", None, False),
        ("office", None, False),
        ("department", "XZF", False),
    ):
        for path in ("/reminders", "/supervisions"):
            answer = await county.call("GET", path, role=role, unit=unit)
            assert answer.status_code == 200, answer.text
            assert bool(answer.json()["items"]) is sees, (path, role, unit)


async def test_windows_that_passed_end_the_procedure(office: Office) -> None:
    county, case = office.county, await office.told("2026-09-01")
    assert (await swept(county))["lapsed"] == 1
    assert (await county.read(f"/petitions/{case}"))["state"] == "lapsed"
    assert (await swept(county))["lapsed"] == 0


async def test_what_a_county_sets_goes_for_duties_that_are_already_waited_for(office: Office) -> None:
    county, case = office.county, await office.accepted(REGISTERED)
    on(county.service, 35)
    assert (await swept(county))["reminded"] == 0, "looked at: 75 % of 60 days are the 45th"
    for name, value in (("reminder_first_percent", 50), ("supervision_after_days", 0)):
        path, body = f"/thresholds/{name}", {"value": value, "reason": "专项攻坚"}
        assert (await county.call("PUT", path, json=body, headers={"If-Match": '"0"'})).status_code == 200
    assert (await swept(county))["reminded"] == 1
    (of,) = await reminders(county, petition_id=case)
    assert (of["band"], of["fell_due_on"], of["reminded_on"]) == ("warning", day(30), day(35))
    low = await county.call(
        "PUT", "/thresholds/reminder_first_percent", json={"value": 49, "reason": "试"}, headers={"If-Match": '"1"'}
    )
    assert low.status_code == 422
    on(county.service, 80)
    assert (await swept(county))["supervised"] == 1
