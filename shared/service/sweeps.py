"""A sweep of one division: what rules ask for by the calendar is done, by a job of many short transactions.

Each transaction holds the row of its sweep, so two workers take turns; each decides by what the database says then, and
what it writes moves its rows out of what is due. So a sweep that is killed anywhere and begun again, or run twice,
leaves what one whole run leaves. A service says what its sweep counts and which parts it has.
"""

import datetime as dt
from collections import Counter
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from uuid import UUID

from shared.chassis import scope
from shared.chassis.clock import Clock, today
from shared.chassis.identity import Caller, prefix_of
from shared.errors import NotFound
from shared.schemas.sweeps import SweepState
from shared.storage import Session, Table, jobs, journal, rows, sweeps, work
from shared.storage.database import Database
from shared.storage.jobs import Job, Progress
from shared.storage.rows import Row

KIND = "sweep"
"""The kind of job, in every service."""
EVERY_SECONDS = 900.0
"""How often a worker looks whether a new day has begun."""
Part = Callable[[Session, Caller, dt.datetime], Awaitable[Counter[str]]]
"""One transaction's work: what it did, by the name of a count; nothing when there is no more to do."""
Plan = Callable[["Run"], Awaitable[None]]
"""The parts of a service's sweep in their order."""


@dataclass(frozen=True, slots=True)
class Sweeps:
    """Those of one service: where they stand, what they count."""

    service: str
    table: Table
    counts: tuple[str, ...]

    async def start(self, session: Session, caller: Caller, division_code: str, clock: Clock) -> Row:
        """The sweep that runs in this division: the one under way, else a new one with its job."""
        now = clock.now()
        values = {"state": SweepState.RUNNING.value, "swept_on": today(clock)} | dict.fromkeys(self.counts, 0)
        made = await work.add(session, self.table, caller, division_code, values, now, action="start", detail={})
        running = await sweeps.running(session, self.table, division_code)
        if running is None:
            # The one that stood in the way has just ended; it may have looked before the caller's last change.
            return await self.start(session, caller, division_code, clock)
        if made is not None or running["job_state"] == "failed":
            job_id = await jobs.enqueue(session, division_code, KIND, {}, now)
            running |= await rows.change(session, self.table, running, {"job_id": job_id}) | {"job_state": "queued"}
        return running

    async def load(self, session: Session, caller: Caller, sweep_id: UUID) -> Row:
        row = await sweeps.one(session, self.table, caller.scope, sweep_id)
        if row is None:
            raise NotFound("没有这次扫描，或不在您的管辖范围内")
        return row

    async def start_daily(self, database: Database, clock: Clock, exempt: Collection[str]) -> None:
        """A sweep for every division that has not begun one today; demonstrations are swept only when asked."""
        with scope.within(scope.EVERYWHERE):
            async with database.session() as session:
                divisions = await sweeps.not_begun(session, self.table, today(clock))
        for division_code in divisions:
            if division_code in exempt:
                continue
            with scope.within(prefix_of(division_code)):
                async with database.session() as session:
                    await self.start(session, jobs.system_actor(KIND, division_code), division_code, clock)
                    await journal.commit(session, self.service)

    def handler(self, database: Database, clock: Clock, plan: Plan) -> jobs.Handler:
        """The job handler."""

        async def handler(job: Job, progress: Progress) -> None:
            run = Run(self, database, clock, job, progress)
            await plan(run)
            await run.finish()

        return handler


class Run:
    """One attempt at the sweep that runs in the job's division."""

    def __init__(self, of: Sweeps, database: Database, clock: Clock, job: Job, progress: Progress) -> None:
        self.sweeps, self.database, self.clock, self.job, self.progress = of, database, clock, job, progress
        self.division = job.division_code
        self.actor = jobs.system_actor(KIND, job.division_code)
        self.done = 0

    @property
    def today(self) -> dt.date:
        return today(self.clock)

    async def once(self, part: Part) -> bool:
        """One transaction of `part` with its counts; whether it found anything to do."""
        of = self.sweeps
        async with self.database.session() as session:
            row = await sweeps.running(session, of.table, self.division)
            if row is None:
                return False
            counts = await part(session, self.actor, self.clock.now())
            if not counts:
                return False
            await rows.change(session, of.table, row, {name: row[name] + counts[name] for name in of.counts})
            await journal.commit(session, of.service)
        self.done += counts.total()
        await self.progress.report(self.done)
        return True

    async def every(self, part: Part) -> None:
        """Until there is no more to do."""
        while await self.once(part):
            pass

    async def finish(self) -> None:
        now, of = self.clock.now(), self.sweeps
        async with self.database.session() as session:
            row = await sweeps.running(session, of.table, self.division)
            if row is not None:
                counts = {name: row[name] for name in of.counts}
                ended = {"state": SweepState.FINISHED.value, "finished_at": now}
                await work.move(session, of.table, self.actor, row, ended, now, action="finish", detail=counts)
            await jobs.finish(session, self.job, now)
            await journal.commit(session, of.service)
