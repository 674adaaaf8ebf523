"""An import is a job: progress is seen, a dead worker is survived, two workers have one effect."""

import asyncio
import datetime as dt
import os
import signal
import sys
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from services.projects.ledger.imports.service import run_import
from shared.chassis import scope
from shared.storage import jobs
from shared.storage.database import Database
from shared.storage.jobs import Job, LeaseLost, Progress
from tests.support import gateway as gateways
from tests.support.projects import LEASE, County, Projects, until
from tests.support.sheets import ledger

ROWS = [[f"第{n}小区", n] for n in range(1, 121)]
BOOK = ledger(["项目名称", "总套数"], *ROWS)


async def counts(projects: Projects, county: County) -> dict[str, int]:
    with scope.within(county.code):
        async with projects.database.session() as session:
            found = await session.execute(
                text(
                    "select (select count(*) from project), (select count(*) from project_change), "
                    "(select count(*) from outbox where subject like 'project/%'), "
                    "(select count(*) from audit_entry where subject_type = 'project')"
                )
            )
            return dict(zip(("project", "change", "outbox", "audit"), found.one(), strict=True))


ONCE = {"project": 120, "change": 120, "outbox": 120, "audit": 120}


async def test_progress_is_seen_while_it_runs(county: County, projects: Projects) -> None:
    accepted = await county.upload(BOOK)
    path = f"/imports/{accepted.json()['id']}"
    queued = await county.read(path)
    assert (queued["state"], queued["rows_done"], queued["rows_total"]) == ("queued", 0, None)
    with scope.within(county.code):
        async with projects.database.session() as session:
            # The ledger is held, so the job stands after reading the file.
            await session.execute(
                text("select pg_advisory_xact_lock(hashtextextended(:name, 0))"),
                {"name": f"ledger_import {county.code}"},
            )
            running = asyncio.create_task(projects.run_jobs())
            seen = await until(lambda: county.read(path), lambda i: i["rows_total"] is not None)
            assert (seen["state"], seen["rows_done"], seen["rows_total"]) == ("running", 0, 120)
            await session.rollback()
    assert await running == 1
    done = await county.read(path)
    assert (done["state"], done["rows_done"], done["rows_total"], done["created"]) == ("succeeded", 120, 120, 120)
    assert done["finished_at"] is not None


async def held_by_a_dead_worker(projects: Projects) -> Job:
    """A job claimed by somebody who is never heard of again."""
    claimed = await jobs.claim(projects.database, LEASE, projects.clock.now())
    assert claimed is not None
    return claimed


async def test_a_lease_that_ran_out_is_taken_over_and_the_first_holder_changes_nothing(fresh: Projects) -> None:
    county = fresh.county()
    accepted = await county.upload(BOOK)
    dead = await held_by_a_dead_worker(fresh)
    assert await fresh.run_jobs() == 0, "the lease still holds"
    fresh.clock.advance(LEASE + dt.timedelta(seconds=1))
    assert await fresh.run_jobs() == 1
    assert await counts(fresh, county) == ONCE
    # The first worker was only slow: it wakes up, and nothing of its work is kept.
    with scope.within(county.code), pytest.raises(LeaseLost):
        await fresh.handlers[dead.kind](dead, Progress(fresh.database, dead, LEASE, fresh.clock))
    assert await counts(fresh, county) == ONCE
    assert (await county.read(f"/imports/{accepted.json()['id']}"))["state"] == "succeeded"


async def test_two_workers_have_one_effect(fresh: Projects) -> None:
    county = fresh.county()
    await county.upload(BOOK)
    first = await held_by_a_dead_worker(fresh)
    fresh.clock.advance(LEASE + dt.timedelta(seconds=1))
    second = await held_by_a_dead_worker(fresh)
    assert (second.id, second.attempts) == (first.id, first.attempts + 1)

    class Silent(Progress):
        """Reports nothing, so that only the end of the job can tell who holds it."""

        async def report(self, done: int | None = None, total: int | None = None) -> None:
            return None

    async def work(job: Job) -> None:
        with scope.within(county.code):
            await fresh.handlers[job.kind](job, Silent(fresh.database, job, LEASE, fresh.clock))

    outcomes = await asyncio.gather(work(first), work(second), return_exceptions=True)
    assert [type(o) for o in outcomes] == [LeaseLost, type(None)]
    assert await counts(fresh, county) == ONCE


async def test_many_workers_share_many_jobs(fresh: Projects) -> None:
    counties = [fresh.county() for _ in range(4)]
    for county in counties:
        await county.upload(BOOK)
        await county.upload(BOOK)
    done = await asyncio.gather(*(fresh.run_jobs() for _ in range(3)))
    assert sum(done) == 8
    for county in counties:
        assert await counts(fresh, county) == ONCE


async def test_a_job_that_fails_is_tried_again_later_and_at_last_given_up(fresh: Projects) -> None:
    county = fresh.county()
    accepted = await county.upload(BOOK)
    path = f"/imports/{accepted.json()['id']}"

    async def broken(job: Job, progress: Progress) -> None:
        raise RuntimeError("broken")

    for attempt in range(1, jobs.MAX_ATTEMPTS + 1):
        assert await jobs.run_one(fresh.database, {"import_ledger": broken}, LEASE, fresh.clock)
        assert not await jobs.run_one(fresh.database, {"import_ledger": broken}, LEASE, fresh.clock), "not at once"
        fresh.clock.advance(dt.timedelta(seconds=2**attempt + 1))
    failed = await county.read(path)
    assert failed["state"] == "failed"
    assert failed["errors"][0]["message"]
    assert (await county.call("GET", f"{path}/result")).status_code == 409
    assert await fresh.run_jobs() == 0


async def test_a_worker_that_dies_every_time_is_given_up(fresh: Projects) -> None:
    county = fresh.county()
    await county.upload(BOOK)
    for _ in range(jobs.MAX_CLAIMS):
        await held_by_a_dead_worker(fresh)
        fresh.clock.advance(LEASE + dt.timedelta(seconds=1))
    assert await fresh.run_jobs() == 1
    (failed,) = await county.every("/imports")
    assert failed["state"] == "failed"
    assert (await counts(fresh, county))["project"] == 0


def worker(projects: Projects, lease: float) -> dict[str, str]:
    """The environment of a real worker process on this database."""
    return {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ} | {
        "ANJU_PROJECTS_ENVIRONMENT": "local",
        "ANJU_PROJECTS_DATABASE_URL": projects.addresses.app_url,
        "ANJU_PROJECTS_RELAY_DATABASE_URL": projects.addresses.relay_url,
        "ANJU_PROJECTS_GATEWAY_URL": projects.gateway.url,
        "ANJU_PROJECTS_CLIENT_SECRET": gateways.PROJECTS_SECRET,
        "ANJU_PROJECTS_DATA_KEY": "data-key-of-the-tests",
        "ANJU_PROJECTS_JOB_LEASE_SECONDS": str(lease),
        "ANJU_PROJECTS_LOG_LEVEL": "CRITICAL",
    }


async def start(projects: Projects) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "services.projects.worker", env=worker(projects, 1.0)
    )


async def test_a_killed_worker_is_replaced_and_the_effect_is_there_once(fresh: Projects) -> None:
    """Real processes: SIGKILL while the import holds its transaction open, then another worker."""
    # Worker processes live by the machine's clock.
    fresh.clock.set(dt.datetime.now(dt.UTC))
    county = fresh.county()
    accepted = await county.upload(BOOK)
    path = f"/imports/{accepted.json()['id']}"
    with scope.within(county.code):
        async with fresh.database.session() as session:
            await session.execute(
                text("select pg_advisory_xact_lock(hashtextextended(:name, 0))"),
                {"name": f"ledger_import {county.code}"},
            )
            first = await start(fresh)
            await until(lambda: county.read(path), lambda i: i["rows_total"] is not None)
            first.send_signal(signal.SIGKILL)
            await first.wait()
            await session.rollback()
    assert (await counts(fresh, county))["project"] == 0
    second = await start(fresh)
    try:
        await until(lambda: county.read(path), lambda i: i["state"] not in ("queued", "running"))
        assert (await county.read(path))["created"] == 120
        assert await counts(fresh, county) == ONCE
        attempts: int = await attempts_of(fresh, county, accepted.json()["id"])
        assert attempts == 2
    finally:
        second.send_signal(signal.SIGTERM)
        assert await second.wait() == 0


async def attempts_of(projects: Projects, county: County, import_id: str) -> Any:
    with scope.within(county.code):
        async with projects.database.session() as session:
            wanted = text(
                "select attempts from job j join ledger_import l on l.division_code = j.division_code "
                "and l.job_id = j.id where l.id = :id"
            )
            return (await session.execute(wanted, {"id": UUID(import_id)})).scalar_one()


async def test_a_worker_of_its_own_pool_runs_the_same_job(fresh: Projects) -> None:
    """The worker's database is another pool with no request's scope in it."""
    county = fresh.county()
    await county.upload(BOOK)
    database = Database(fresh.addresses.app_url, pool_size=2)
    handlers = {"import_ledger": run_import(database, fresh.client, fresh.clock)}
    stop = asyncio.Event()
    working = asyncio.create_task(jobs.work(database, handlers, LEASE, fresh.clock, stop))
    await until(lambda: counts(fresh, county), lambda found: found["project"] == 120)
    stop.set()
    await working
    await database.close()
    assert await counts(fresh, county) == ONCE
