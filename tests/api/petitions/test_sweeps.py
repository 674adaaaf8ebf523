"""Sweeps of petitions: killing, doubling and repeating one change nothing; who may ask for one."""

import asyncio
from typing import Any
from uuid import UUID

import pytest

from services.petitions.reminders import sweeping, writes
from tests.support.office import BODY, OTHER, Office
from tests.support.petitions import County, Petitions
from tests.support.reminders import BANDS, audited, reminders
from tests.support.service import until
from tests.support.sql import inside
from tests.support.sweeping import DAY, killed_and_begun_again, on, swept


async def laden(petitions: Petitions) -> County:
    """A county with petitions of every kind of lateness, swept on the day they are registered."""
    office = await Office(petitions.county()).open()
    county = office.county
    on(county.service, 0)
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


@pytest.mark.parametrize(("line", "at"), [("write", 1), ("commit", 0), ("commit", 2), ("commit", 5), ("report", 3)])
async def test_a_sweep_killed_anywhere_and_begun_again_leaves_what_one_whole_sweep_leaves(
    petitions: Petitions, monkeypatch: pytest.MonkeyPatch, line: str, at: int
) -> None:
    monkeypatch.setattr(sweeping, "BATCH", 2)
    whole = await laden(petitions)
    await petitions.run_jobs()
    broken = await laden(petitions)
    await killed_and_begun_again(petitions, monkeypatch, (writes, "remind"), line, at)
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


async def test_a_petition_somebody_works_on_when_its_turn_comes_is_waited_for(office: Office) -> None:
    county = office.county
    held, free = await office.registered("2026-11-02"), await office.registered("2026-11-02")
    assert (await county.call("POST", "/sweeps")).status_code == 202
    async with inside(county) as connection:
        async with connection.transaction():
            await connection.execute("select 1 from petition where id = $1 for update", UUID(held))
            running = asyncio.create_task(county.service.run_jobs())

            async def of_the_other() -> list[dict[str, Any]]:
                return await reminders(county, petition_id=free)

            assert await until(of_the_other, bool)
            assert await reminders(county, petition_id=held) == []
            assert not running.done()
        await running
    assert [of["band"] for of in await reminders(county, petition_id=held)] == BANDS
