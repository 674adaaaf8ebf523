"""A calendar notice moves running clocks, says which from when to when, and leaves all others as they are."""

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from services.petitions.life import recount
from services.petitions.life.service import lapse_due
from shared.chassis import scope
from shared.chassis.identity import prefix_of
from shared.storage import jobs, journal, notices
from tests.support.office import BODY, DELIVERED, OPINION, Office
from tests.support.petitions import Petitions

NOTICE = {
    "notice": "国办发明电〔2026〕7号",
    "days": {"2027-01-19": False, "2027-01-20": False, "2027-01-23": True, "2027-10-01": False},
}
"""2027-01-19 and -20, a Tuesday and a Wednesday, are made rest days."""


@pytest.fixture
async def office(fresh_petitions: Petitions) -> Office:
    """On a database of its own: a notice is the same for every county of it."""
    return await Office(fresh_petitions.county()).open()


async def notice(office: Office, file: Path, content: Any = NOTICE) -> tuple[int, str]:
    """The command as an operator gives it: how it ended, and what it said."""
    await asyncio.to_thread(file.write_text, json.dumps(content), encoding="utf-8")
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "shared.storage.notices",
        str(file),
        env=os.environ | {notices.VARIABLE: office.county.service.addresses.owner_url},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, said.decode()


async def recounted(office: Office) -> int:
    """What the worker does when it next looks: how many jobs it ran."""
    there = office.county.service
    await recount.start_where_changed(there.database, there.clock)
    return await there.run_jobs()


async def test_a_notice_moves_what_runs_and_nothing_else(office: Office, tmp_path: Path) -> None:
    moved = await office.accepted("2026-11-20")
    done = await office.accepted("2026-11-20")
    await office.done(done, "reply", "2026-11-23", unit=BODY, opinion=OPINION)
    near = await office.sent("2026-11-20")
    assert await recounted(office) == 1, "the first look at a county counts its clocks by what is known"
    assert await recounted(office) == 0
    before = await office.county.read(f"/petitions/{done}/clocks")

    code, said = await notice(office, tmp_path / "2027.json")
    assert (code, "4 天：2027 年" in said) == (0, True), said
    assert await recounted(office) == 1
    assert await recounted(office) == 0, "nothing is done twice"

    (change,) = await office.county.every("/clock-changes")
    told = {name: change[name] for name in change if name not in ("id", "petition_code", "recorded_at")}
    assert told == {
        "petition_id": moved,
        "clock_number": 5,
        "kind": "handle",
        "due_before": "2027-01-19",
        "due_after": "2027-01-21",
        "internal_due_before": "2027-01-19",
        "internal_due_after": "2027-01-19",
        "calendar_before": "provisional",
        "calendar_after": "official",
    }
    assert await office.running(moved) == {"handle": "2027-01-21"}
    assert await office.running(near) == {
        "notify": "2026-12-07",
        "acceptance": "2026-12-07",
        "objection": "2026-11-27",
    }
    assert await office.county.read(f"/petitions/{done}/clocks") == before, "a met clock never changes"
    stands = await office.done(moved, "comments", "2026-11-23", text="已告知期限变动")
    assert stands["next_due_on"] == "2027-01-21"
    # The fold does not know of it: the next act goes on from the same case.
    await office.done(moved, "reply", "2026-11-23", unit=BODY, opinion=OPINION)


async def test_a_corrected_notice_takes_the_place_of_the_first(office: Office, tmp_path: Path) -> None:
    case = await office.accepted("2026-11-20")
    await notice(office, tmp_path / "2027.json")
    await recounted(office)
    corrected = {"notice": "更正", "days": {"2027-01-19": False, "2027-10-01": False}}
    await notice(office, tmp_path / "2027.json", corrected)
    await recounted(office)
    days = [change["due_after"] for change in await office.county.every("/clock-changes", petition_id=case)]
    assert days == ["2027-01-20", "2027-01-21"], "newest first"
    assert await office.running(case) == {"handle": "2027-01-20"}


async def test_a_recount_that_dies_is_finished_by_the_next(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = [await office.accepted("2026-11-20") for _ in range(5)]
    await notice(office, tmp_path / "2027.json")
    there, code = office.county.service, office.county.code
    with scope.within(prefix_of(code)):
        async with there.database.session() as session:
            some = (await recount.stale(session, code))[:2]
            first = await recount.recompute(session, code, there.clock.now(), some)
            await journal.commit(session, "petitions")
        async with there.database.session() as session:
            lost = await recount.recompute(session, code, there.clock.now())
    assert (len(first), len(lost)) == (2, 3)
    assert {(str(moved.before), str(moved.after)) for moved in first} == {("2027-01-19", "2027-01-21")}
    monkeypatch.setattr(recount, "BATCH", 1)
    assert await recounted(office) == 1
    changes = await office.county.every("/clock-changes")
    assert sorted(change["petition_id"] for change in changes) == sorted(cases)


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"notice": "x", "days": {}},
        {"notice": "x", "days": {"2027-13-01": True}},
        {"notice": "x", "days": {"2027-01-01": "yes"}},
        {"notice": "x", "days": {"2027-01-01": False}, "year": 2027},
    ],
)
async def test_a_notice_that_is_none_is_refused(office: Office, tmp_path: Path, content: Any) -> None:
    code, said = await notice(office, tmp_path / "bad.json", content)
    assert (code, "Traceback" in said) == (1, False), said


async def test_a_window_nobody_used_ends_the_procedure(office: Office) -> None:
    """The prefecture rule of domain.md 1.1: told on 2026-09-01, the thirty days end on 10-08, after National Day."""
    over, open_still = await office.told("2026-09-01"), await office.told("2026-11-02")
    there, code = office.county.service, office.county.code
    actor = jobs.system_actor("sweep", code)

    async def sweep() -> int:
        with scope.within(prefix_of(code)):
            async with there.database.session() as session:
                ended = await lapse_due(session, actor, there.app.state.vault, code, there.clock, 10)
                await journal.commit(session, "petitions")
                return ended

    assert await sweep() == 1
    assert await sweep() == 0
    assert await office.running(over) == {}
    assert await office.running(open_still) == {"review_request": "2026-12-02"}
    (*_, last) = (await office.county.read(f"/petitions/{over}/acts"))["items"]
    assert (last["kind"], last["on"]) == ("lapse", "2026-11-23")
    refused = await office.refused(over, "review", unit_code="XZF")
    assert refused == (409, "act_not_allowed")
    # What was decided can still be handed over; it starts nothing any more.
    await office.done(over, "deliver", "2026-11-23", document="receipt_notice", **DELIVERED)
