"""Work that outlives a request: one table, claimed with SKIP LOCKED under a lease, oldest due first.

A job is enqueued in the caller's transaction. A worker that dies leaves its lease to run out (≤ 60 s) and another takes
the job again, so a job's effect must be one transaction that also ends the job (`finish` in the same session).
"""

import asyncio
import datetime as dt
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import insert, or_, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from shared.chassis import scope, trace
from shared.chassis.clock import Clock
from shared.chassis.identity import Caller, prefix_of
from shared.errors import BadGateway, GatewayTimeout, TooManyRequests, Unavailable
from shared.storage.database import Database
from shared.storage.failures import as_problem
from shared.storage.ids import new_id
from shared.storage.tables import job

MAX_ATTEMPTS = 5
"""Of a job that fails by itself."""
MAX_CLAIMS = 20
"""Of a job whose workers die, or that finds the database or the gateway away: a quarter of an hour."""
LONGEST_PAUSE_SECONDS = 60
IDLE_SECONDS = 0.3
log = logging.getLogger("anju.jobs")


@dataclass(frozen=True, slots=True)
class Job:
    id: UUID
    division_code: str
    kind: str
    arguments: dict[str, Any]
    attempts: int


Handler = Callable[[Job, "Progress"], Awaitable[None]]


def system_actor(name: str, division_code: str) -> Caller:
    """Who acts when nobody asked just now: named, and confined to one division."""
    return Caller(f"system:{name}", name, frozenset(), prefix_of(division_code), division_code)


async def enqueue(
    session: AsyncSession, division_code: str, kind: str, arguments: Mapping[str, Any], now: dt.datetime
) -> UUID:
    job_id = new_id()
    await session.execute(
        insert(job).values(
            division_code=division_code, id=job_id, kind=kind, arguments=dict(arguments), due_at=now, recorded_at=now
        )
    )
    return job_id


async def finish(session: AsyncSession, claimed: Job, now: dt.datetime, *, error: str | None = None) -> None:
    """End the job in the transaction of its effect; a worker whose lease another one took over changes nothing."""
    ended = await session.execute(
        update(job)
        .where(
            job.c.division_code == claimed.division_code,
            job.c.id == claimed.id,
            job.c.attempts == claimed.attempts,
            job.c.state == "running",
        )
        .values(state="failed" if error else "succeeded", error=error, finished_at=now, leased_until=None)
        .returning(job.c.id)
    )
    if ended.one_or_none() is None:
        raise LeaseLost


class LeaseLost(Exception):
    """Another worker has this job now; the transaction must not commit."""


class Progress:
    """Shows how far a job is and keeps its lease, each report in a short transaction of its own."""

    def __init__(self, database: Database, claimed: Job, lease: dt.timedelta, clock: Clock) -> None:
        self.database, self.job, self.lease, self.clock = database, claimed, lease, clock

    async def report(self, done: int | None = None, total: int | None = None) -> None:
        values: dict[str, Any] = {"leased_until": self.clock.now() + self.lease}
        if done is not None:
            values["done"] = done
        if total is not None:
            values["total"] = total
        with scope.within(prefix_of(self.job.division_code)):
            async with self.database.session() as session:
                kept = await session.execute(
                    update(job)
                    .where(
                        job.c.division_code == self.job.division_code,
                        job.c.id == self.job.id,
                        job.c.attempts == self.job.attempts,
                        job.c.state == "running",
                    )
                    .values(**values)
                    .returning(job.c.id)
                )
                if kept.one_or_none() is None:
                    raise LeaseLost
                await session.commit()

    async def keep_alive(self) -> None:
        """Renew the lease until cancelled."""
        while True:
            await asyncio.sleep(self.lease.total_seconds() / 3)
            try:
                await self.report()
            except LeaseLost:
                # Over, or somebody else's: the end of the job will tell which.
                return
            except Exception as error:
                log.warning("lease not renewed", exc_info=error, extra={"job": str(self.job.id)})


async def claim(database: Database, lease: dt.timedelta, now: dt.datetime) -> Job | None:
    """The oldest due job of any division, leased to us."""
    due = or_(job.c.state == "queued", (job.c.state == "running") & (job.c.leased_until < now))
    oldest = (
        select(job.c.division_code, job.c.id)
        .where(job.c.state.in_(["queued", "running"]), job.c.due_at <= now, due)
        .order_by(job.c.due_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).cte("oldest")
    statement = (
        update(job)
        .where(job.c.division_code == oldest.c.division_code, job.c.id == oldest.c.id)
        .values(state="running", leased_until=now + lease, attempts=job.c.attempts + 1)
        .returning(job.c.id, job.c.division_code, job.c.kind, job.c.arguments, job.c.attempts)
    )
    with scope.within(scope.EVERYWHERE):
        async with database.session() as session:
            row = (await session.execute(statement)).one_or_none()
            await session.commit()
    return Job(**row._mapping) if row else None


async def run_one(database: Database, handlers: Mapping[str, Handler], lease: dt.timedelta, clock: Clock) -> bool:
    """Claim and run one job; False when none is due."""
    claimed = await claim(database, lease, clock.now())
    if claimed is None:
        return False
    trace.enter(trace.begin())
    progress = Progress(database, claimed, lease, clock)
    log.info("job", extra={"kind": claimed.kind, "job": str(claimed.id), "attempt": claimed.attempts})
    with scope.within(prefix_of(claimed.division_code)):
        alive = asyncio.create_task(progress.keep_alive())
        try:
            if claimed.attempts > MAX_CLAIMS:
                raise GivenUp
            await handlers[claimed.kind](claimed, progress)
        except LeaseLost:
            log.warning("lease lost", extra={"job": str(claimed.id)})
        except Exception as error:
            log.error("job failed", exc_info=error, extra={"job": str(claimed.id)})
            await _after_failure(database, claimed, clock, lasting=_is_lasting(error, claimed))
        finally:
            alive.cancel()
    return True


class GivenUp(Exception):
    """The job has failed or killed its worker too often."""


def _is_lasting(error: Exception, claimed: Job) -> bool:
    if isinstance(error, SQLAlchemyError | OSError | TimeoutError):
        error = as_problem(error) or error
    passes = isinstance(error, BadGateway | GatewayTimeout | TooManyRequests | Unavailable)
    return claimed.attempts >= (MAX_CLAIMS if passes else MAX_ATTEMPTS)


async def _after_failure(database: Database, claimed: Job, clock: Clock, *, lasting: bool) -> None:
    pause = dt.timedelta(seconds=min(2**claimed.attempts, LONGEST_PAUSE_SECONDS))
    values: dict[str, Any] = (
        {"state": "failed", "error": "多次尝试均未成功，请联系运维", "finished_at": clock.now()}
        if lasting
        else {"state": "queued", "due_at": clock.now() + pause}
    )
    async with database.session() as session:
        await session.execute(
            update(job)
            .where(
                job.c.division_code == claimed.division_code,
                job.c.id == claimed.id,
                job.c.attempts == claimed.attempts,
                job.c.state == "running",
            )
            .values(leased_until=None, **values)
        )
        await session.commit()


async def work(
    database: Database, handlers: Mapping[str, Handler], lease: dt.timedelta, clock: Clock, stop: asyncio.Event
) -> None:
    """Run jobs until told to stop; a database that is away for a while is waited for."""
    while not stop.is_set():
        try:
            busy = await run_one(database, handlers, lease, clock)
        except Exception as error:
            log.error("worker cannot reach its jobs", exc_info=error)
            busy = False
        if not busy:
            try:
                await asyncio.wait_for(stop.wait(), IDLE_SECONDS)
            except TimeoutError:
                continue
