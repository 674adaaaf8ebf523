"""催办 and 督办 over the wire and in the worker; killing, doubling and repeating a sweep change nothing."""

import asyncio
import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from services.petitions.reminders import sweeping, writes
from shared.service import sweeps
from shared.storage import jobs, journal
from tests.support.intake import PERSON
from tests.support.office import BODY, OTHER, Office
from tests.support.petitions import County, Petitions
from tests.support.service import LEASE, MORNING, until

DAY = dt.timedelta(days=1)
BANDS = ["warning", "severe", "critical", "overdue"]
ANSWER = {"answer": "已约见欧阳建国，电话13812345678，下周办结"}
WRITTEN = ANSWER | {"document_number": "住建函〔2026〕18号", "is_adopted": True}
REGISTERED = "2026-11-23"


@pytest.fixture
async def office(petition_county: County) -> Office:
    return await Office(petition_county).open()


def on(county: County, offset: int) -> None:
    county.service.clock.set(MORNING + offset * DAY)


def day(offset: int) -> str:
    return (MORNING + offset * DAY).date().isoformat()


async def swept(county: County) -> dict[str, Any]:
    accepted = await county.call("POST", "/sweeps")
    assert accepted.status_code == 202, accepted.text
    await county.service.run_jobs()
    found = await county.read(f"/sweeps/{accepted.json()['id']}")
    assert found["state"] == "finished", found
    return found


async def reminders(county: County, **filters: Any) -> list[dict[str, Any]]:
    """Oldest first."""
    return list(reversed(await county.every("/reminders", **filters)))


async def audited(county: County, kind: str) -> list[dict[str, Any]]:
    answer = await county.call("GET", "/audit", role="auditor", params={"subject_type": kind, "limit": 200})
    assert answer.status_code == 200, answer.text
    return list(reversed(answer.json()["items"]))


async def test_a_duty_left_alone_is_reminded_of_band_by_band_and_then_supervised(office: Office) -> None:
    """Received on 23 November: 15 days, due on 8 December."""
    county, case = office.county, await office.sent(REGISTERED)
    seen: list[tuple[int, str]] = []
    for offset in range(30):
        on(county, offset)
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
        on(office.county, offset)
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
    on(county, 46)
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
        on(county, offset)
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
    on(county, 13)
    await swept(county)
    order = [entry["detail"]["petition_id"] for entry in await audited(county, "reminder")]
    assert list(dict.fromkeys(order)) == [unowned, owned[1], owned[2], owned[0]]
    (to_office, *_) = await reminders(county, petition_id=unowned)
    assert (to_office["unit_code"], to_office["clock_kind"]) == (None, "route")


async def test_a_unit_acknowledges_and_answers_its_own_reminder_once(office: Office) -> None:
    county, case = office.county, await office.accepted(REGISTERED)
    on(county, 45)
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
    for word in (PERSON["name"], PERSON["phone"], ANSWER["answer"]):
        assert word not in str(told)
        assert word not in str([row["text"] for row in leader.json()["items"]])
    assert await reminders(county, is_open=True) == []


async def test_what_was_done_is_asked_for_no_more(office: Office) -> None:
    county, case = office.county, await office.sent(REGISTERED)
    on(county, 12)
    await swept(county)
    assert {of["clock_kind"] for of in await reminders(county, is_open=True)} >= {"acceptance"}
    await office.done(case, "accept", day(12), unit=BODY, petition_class="appeal_claim", legal_route=6)
    assert "acceptance" not in {of["clock_kind"] for of in await reminders(county, is_open=True)}
    on(county, 40)
    await swept(county)
    assert await county.every("/supervisions") == []


async def test_units_beside_the_lead_and_promises_have_days_of_their_own(office: Office) -> None:
    county, case = office.county, await office.registered(REGISTERED)
    beside = [{"unit_code": OTHER, "due_on": day(10)}]
    await office.done(case, "assign", REGISTERED, unit_code=BODY, co_units=beside)
    promise = {"matter": "十日内通水通电", "due_on": day(10), "unit_code": OTHER}
    made = await county.call("POST", f"/petitions/{case}/case-promises", json=promise)
    assert made.status_code == 201, made.text
    on(county, 11)
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
    on(county, 16)
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
        on(county, offset)
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
    told = str(await audited(county, "petition_supervision"))
    assert PERSON["phone"] not in told
    assert "建国" not in told


async def test_an_answer_in_time_holds_the_ladder(office: Office) -> None:
    county, asked = office.county, await supervised(office)
    path = f"/supervisions/{asked}"
    await county.call("POST", f"{path}/answer", json=WRITTEN, role="department", unit=BODY, subject="user:zjj")
    on(county, 30)
    assert (await swept(county))["climbed"] == 0
    back = await county.call("POST", f"{path}/review", json={"verdict": "returned", "due_on": day(32)})
    assert (back.status_code, back.json()["next_due_on"]) == (200, day(33))
    on(county, 33)
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


async def laden(petitions: Petitions) -> County:
    """A county with petitions of every kind of lateness, swept on the day they are registered."""
    office = await Office(petitions.county()).open()
    county = office.county
    on(county, 0)
    for _ in range(2):
        await office.registered("2026-11-02")
        await office.sent("2026-11-05")
        await office.accepted("2026-09-01")
    await office.told("2026-09-01")
    case = await office.registered("2026-11-02")
    beside = [{"unit_code": OTHER, "due_on": "2026-11-10"}]
    await office.done(case, "assign", "2026-11-02", unit_code=BODY, co_units=beside)
    assert (await county.call("POST", "/sweeps")).status_code == 202
    return county


async def outcome(county: County) -> tuple[Any, ...]:
    """All that a sweep leaves, without ids and moments."""
    codes = {row["id"]: row["petition_code"][6:] for row in await county.every("/petitions")}
    names = ("subject", "clock_kind", "band", "unit_code", "due_on", "fell_due_on", "reminded_on", "is_open")
    made = sorted(
        [codes[row["petition_id"]], *(str(row[name]) for name in names)] for row in await county.every("/reminders")
    )
    names = ("subject", "clock_kind", "unit_code", "missed_on", "opened_on", "due_on", "level", "version")
    asked = sorted(
        [codes[row["petition_id"]], *(str(row[name]) for name in names)] for row in await county.every("/supervisions")
    )
    counts = [[s[name] for name in ("state", *sweeping.SWEEPS.counts)] for s in await county.every("/sweeps")]
    changes = [
        (kind, entry["action"], entry["version"])
        for kind in ("reminder", "petition_supervision", "petition")
        for entry in await audited(county, kind)
    ]
    return made, asked, counts, sorted(changes)


class Killed(asyncio.CancelledError):
    """The worker is gone in the middle of a line: nothing after it runs."""


def dying(do: Callable[..., Any], at: int) -> Callable[..., Any]:
    """`do`, but its `at`-th call is the last thing its worker does, and is not done."""
    calls = iter(range(at))

    async def instead(*args: Any, **more: Any) -> Any:
        if next(calls, None) is None:
            raise Killed
        return await do(*args, **more)

    return instead


@pytest.mark.parametrize(("line", "at"), [("write", 1), ("commit", 0), ("commit", 2), ("commit", 5), ("report", 3)])
async def test_a_sweep_killed_anywhere_and_begun_again_leaves_what_one_whole_sweep_leaves(
    petitions: Petitions, monkeypatch: pytest.MonkeyPatch, line: str, at: int
) -> None:
    monkeypatch.setattr(sweeping, "BATCH", 2)
    whole = await laden(petitions)
    await petitions.run_jobs()
    broken = await laden(petitions)
    own_journal = SimpleNamespace(commit=journal.commit)
    monkeypatch.setattr(sweeps, "journal", own_journal)
    lines: dict[str, tuple[Any, str]] = {
        "write": (writes, "remind"),
        "commit": (own_journal, "commit"),
        "report": (jobs.Progress, "report"),
    }
    where, name = lines[line]
    with monkeypatch.context() as patched:
        patched.setattr(where, name, dying(getattr(where, name), at))
        with pytest.raises(Killed):
            await petitions.run_jobs()
    petitions.clock.advance(2 * LEASE)
    await petitions.run_jobs()
    assert await outcome(broken) == await outcome(whole)


async def test_a_second_sweep_on_the_same_day_finds_nothing(petitions: Petitions) -> None:
    county = await laden(petitions)
    await petitions.run_jobs()
    before = await county.every("/reminders")
    assert before
    again = await swept(county)
    assert [again[name] for name in sweeping.SWEEPS.counts] == [0] * len(sweeping.SWEEPS.counts)
    assert await county.every("/reminders") == before


async def test_two_sweeps_at_once_are_one(petitions: Petitions) -> None:
    whole = await laden(petitions)
    await petitions.run_jobs()
    county = await laden(petitions)
    asked = await asyncio.gather(*(county.call("POST", "/sweeps") for _ in range(4)))
    assert len({answer.json()["id"] for answer in asked}) == 1
    await petitions.run_jobs()
    assert await outcome(county) == await outcome(whole)


async def test_every_county_is_swept_once_a_day_but_demonstrations_only_when_asked(
    fresh_petitions: Petitions,
) -> None:
    county, demo = fresh_petitions.county(), fresh_petitions.county()
    for each in (county, demo):
        await Office(each).registered("2026-11-02")

    async def begin() -> None:
        await sweeping.SWEEPS.start_daily(fresh_petitions.database, fresh_petitions.clock, {demo.code})
        await fresh_petitions.run_jobs()

    await begin()
    await begin()
    assert [s["reminded"] for s in await county.every("/sweeps")] == [4]
    assert await demo.every("/sweeps") == []
    fresh_petitions.clock.advance(DAY)
    await begin()
    assert len(await county.every("/sweeps")) == 2
    assert (await swept(demo))["reminded"] == 4


async def test_who_may_sweep_and_see_it(office: Office, petitions: Petitions) -> None:
    county = office.county
    found = await swept(county)
    assert (await county.call("POST", "/sweeps", role="department", unit=BODY)).status_code == 403
    assert (await petitions.county().call("GET", f"/sweeps/{found['id']}")).status_code == 404
    assert [s["id"] for s in await county.every("/sweeps", limit=1)] == [found["id"]]


async def test_what_a_county_sets_goes_for_duties_that_are_already_waited_for(office: Office) -> None:
    county, case = office.county, await office.accepted(REGISTERED)
    on(county, 35)
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
    on(county, 80)
    assert (await swept(county))["supervised"] == 1


async def test_a_petition_somebody_works_on_when_its_turn_comes_is_waited_for(office: Office) -> None:
    county = office.county
    held, free = await office.registered("2026-11-02"), await office.registered("2026-11-02")
    assert (await county.call("POST", "/sweeps")).status_code == 202
    connection = await asyncpg.connect(county.service.addresses.app_url.replace("+asyncpg", ""))
    try:
        async with connection.transaction():
            await connection.execute(f"set local app.lo = '{county.code}'; set local app.hi = '{county.code}~'")
            await connection.execute("select 1 from petition where id = $1 for update", UUID(held))
            running = asyncio.create_task(county.service.run_jobs())

            async def of_the_other() -> list[dict[str, Any]]:
                return await reminders(county, petition_id=free)

            assert await until(of_the_other, bool)
            assert await reminders(county, petition_id=held) == []
            assert not running.done()
        await running
    finally:
        await connection.close()
    assert [of["band"] for of in await reminders(county, petition_id=held)] == BANDS
