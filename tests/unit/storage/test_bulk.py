"""Rows by COPY are the rows by INSERT; transactions carry their scope; jobs are claimed once."""

import asyncio
import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from services.projects.ledger.models import project_change
from shared.chassis import scope
from shared.chassis.clock import FixedClock
from shared.storage import jobs
from shared.storage.bulk import COPY_FROM, insert_many
from shared.storage.database import Database
from shared.storage.ids import new_id
from shared.storage.jobs import LeaseLost, Progress
from shared.storage.tables import job, stored_file

COUNTY = "999902"
NOW = dt.datetime(2026, 11, 23, 1, 2, 3, 456789, tzinfo=dt.UTC)
LEASE = dt.timedelta(seconds=30)


def queued(number: int) -> dict[str, Any]:
    """A row with every kind of column: text, JSON, null, integer, moment, uuid."""
    odd: dict[str, Any] = {"text": f'"\\ \t\n甲{number}', "none": None, "list": [1, 2.5, "x"], "nested": {"a": {}}}
    return {
        "division_code": COUNTY,
        "id": UUID(int=number),
        "kind": "odd\\N\ttext",
        "arguments": odd,
        "due_at": NOW,
        "leased_until": None if number % 2 else NOW,
        "total": None if number % 3 else number,
        "recorded_at": NOW,
    }


@pytest.mark.parametrize("size", [0, 1, COPY_FROM - 1, COPY_FROM, 3 * COPY_FROM])
async def test_any_number_of_rows_goes_in_as_it_is(database: Database, size: int) -> None:
    rows = [queued(n) for n in range(size)]
    async with database.session() as session:
        await insert_many(session, job, rows)
        await session.commit()
        stored = (await session.execute(select(job).order_by(job.c.id))).all()
    assert [{name: row._mapping[name] for name in rows[0]} for row in stored] == rows
    assert {row.state for row in stored} <= {"queued"}, "defaults are the table's"


async def test_binary_goes_in_as_it_is(database: Database) -> None:
    rows = [
        {
            "division_code": COUNTY,
            "sha256": bytes([n]) * 32,
            "media_type": "x",
            "content": bytes(range(256)),
            "recorded_at": NOW,
        }
        for n in range(COPY_FROM)
    ]
    async with database.session() as session:
        await insert_many(session, stored_file, rows)
        stored = (await session.execute(select(stored_file).order_by(stored_file.c.sha256))).all()
    assert [dict(row._mapping) for row in stored] == rows


async def test_copied_rows_keep_to_their_division_and_their_keys(database: Database) -> None:
    foreign = [queued(n) | {"division_code": "999901"} for n in range(COPY_FROM)]
    async with database.session() as session:
        with pytest.raises(DBAPIError, match="row-level security"):
            await insert_many(session, job, foreign)
    pointing = [
        {
            "division_code": COUNTY,
            "project_id": new_id(),
            "version": 1,
            "action": "create",
            "effective_on": NOW.date(),
            "recorded_at": NOW,
            "actor": "x",
            "facts": {},
            "marks": {},
        }
        for _ in range(COPY_FROM)
    ]
    async with database.session() as session:
        with pytest.raises(DBAPIError, match="project_change_project_fkey"):
            await insert_many(session, project_change, pointing)


async def test_twice_in_one_transaction(database: Database) -> None:
    async with database.session() as session:
        await insert_many(session, job, [queued(n) for n in range(COPY_FROM)])
        await insert_many(session, job, [queued(n) for n in range(COPY_FROM, 2 * COPY_FROM)])
        assert len((await session.execute(select(job.c.id))).all()) == 2 * COPY_FROM


async def test_every_transaction_is_in_the_scope_of_its_task(database: Database) -> None:
    async def seen(prefix: str | None) -> tuple[str, str]:
        if prefix is not None:
            scope.enter(prefix)
        async with database.session() as session:
            found = await session.execute(
                text("select current_setting('app.lo', true), current_setting('app.hi', true)")
            )
            await asyncio.sleep(0)
            lo, hi = found.one()
            return lo, hi

    prefixes = ["999901", "9999", "99", ""] * 8
    found = await asyncio.gather(*(asyncio.create_task(seen(p)) for p in prefixes))
    assert list(found) == [(p or "0", f"{p}~") for p in prefixes]


async def test_no_scope_is_no_row(database: Database) -> None:
    async with database.session() as session:
        await insert_many(session, job, [queued(1)])
        await session.commit()

    async def outside() -> int:
        scope._scope.set(None)
        async with database.session() as session:
            return len((await session.execute(select(job.c.id))).all())

    assert await asyncio.create_task(outside()) == 0


async def enqueue(database: Database, division: str, due: dt.datetime) -> UUID:
    with scope.within(division):
        async with database.session() as session:
            job_id = await jobs.enqueue(session, division, "test", {"n": 1}, due)
            await session.commit()
    return job_id


async def test_the_oldest_due_job_of_any_division_comes_first(database: Database) -> None:
    later = await enqueue(database, "999901", NOW + dt.timedelta(seconds=1))
    first = await enqueue(database, "110101", NOW)
    await enqueue(database, "110101", NOW + dt.timedelta(days=1))
    now = NOW + dt.timedelta(seconds=2)
    claimed = [await jobs.claim(database, LEASE, now) for _ in range(3)]
    assert [c.id if c else None for c in claimed] == [first, later, None]
    assert claimed[0] is not None
    assert (claimed[0].division_code, claimed[0].arguments, claimed[0].attempts) == ("110101", {"n": 1}, 1)


async def test_claims_at_once_never_meet(database: Database) -> None:
    wanted = {await enqueue(database, COUNTY, NOW) for _ in range(10)}
    claimed = await asyncio.gather(*(jobs.claim(database, LEASE, NOW) for _ in range(15)))
    ids = [c.id for c in claimed if c is not None]
    assert len(ids) == len(set(ids))
    assert set(ids) <= wanted


async def test_a_lease_is_kept_by_reporting_and_lost_to_the_next(database: Database) -> None:
    await enqueue(database, COUNTY, NOW)
    clock = FixedClock(NOW)
    first = await jobs.claim(database, LEASE, clock.now())
    assert first is not None
    clock.advance(dt.timedelta(seconds=25))
    await Progress(database, first, LEASE, clock).report(3, 10)
    clock.advance(dt.timedelta(seconds=25))
    assert await jobs.claim(database, LEASE, clock.now()) is None
    clock.advance(dt.timedelta(seconds=6))
    second = await jobs.claim(database, LEASE, clock.now())
    assert second is not None
    with pytest.raises(LeaseLost):
        await Progress(database, first, LEASE, clock).report(4)
    async with database.session() as session:
        with pytest.raises(LeaseLost):
            await jobs.finish(session, first, clock.now())
        await session.rollback()
        await jobs.finish(session, second, clock.now())
        await session.commit()
        row = (await session.execute(select(job))).one()
    assert (row.state, row.done, row.total, row.attempts) == ("succeeded", 3, 10, 2)
    assert await jobs.claim(database, LEASE, clock.now() + LEASE) is None


async def test_a_job_runs_in_its_division_only(database: Database) -> None:
    await enqueue(database, "999901", NOW)
    seen: list[tuple[str, str]] = []

    async def handler(claimed: jobs.Job, progress: Progress) -> None:
        seen.append(scope.bounds())
        async with database.session() as session:
            await jobs.finish(session, claimed, NOW)
            await session.commit()

    handlers: Mapping[str, jobs.Handler] = {"test": handler}
    assert await jobs.run_one(database, handlers, LEASE, FixedClock(NOW))
    assert not await jobs.run_one(database, handlers, LEASE, FixedClock(NOW))
    assert seen == [("999901", "999901~")]
    assert scope.bounds() == (COUNTY, f"{COUNTY}~")
