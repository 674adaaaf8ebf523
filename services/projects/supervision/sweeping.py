"""A sweep of one county: orders opened by rule, then every step that is due, unowned first, then oldest due.

It is a job of many short transactions. Each holds the row of its sweep, so two workers take turns; each decides by what
the database says then, and what it writes moves its orders out of what is due. So a sweep that is killed anywhere and
begun again, or run twice, leaves what one whole run leaves.
"""

import datetime as dt
from collections import Counter
from collections.abc import Awaitable, Callable, Collection
from itertools import groupby
from operator import attrgetter
from uuid import UUID

from services.projects import work
from services.projects.closeout import service as closeout
from services.projects.parties import Known, Parties
from services.projects.problems import service as problems
from services.projects.supervision import openings, queries, service, writes
from services.projects.supervision.ladder import Rung, Standing, climb, due_rung
from services.projects.supervision.models import supervision_order, sweep
from services.projects.supervision.openings import Opening
from services.projects.thresholds import service as thresholds
from shared.chassis import scope
from shared.chassis.clock import Clock, today
from shared.chassis.identity import Caller, prefix_of
from shared.errors import NotFound
from shared.schemas.projects.supervision import OrderSource, SupervisionLevel, SweepState
from shared.storage import Session, jobs, journal, rows
from shared.storage.database import Database
from shared.storage.ids import new_id
from shared.storage.jobs import Job, Progress
from shared.storage.rows import Row

KIND = "sweep"
SERVICE = "projects"
BATCH = 500
"""Orders of one transaction: so long do people wait who act on one of them."""
EVERY_SECONDS = 900.0
"""How often a worker looks whether a new day has begun."""
COUNTS = ("opened", "escalated", "climbed", "problems", "closeouts")
Part = Callable[[Session, Caller, dt.datetime], Awaitable[Counter[str]]]
"""One transaction's work: what it did, by the name of a count; nothing when there is no more to do."""


async def start(session: Session, caller: Caller, division_code: str, clock: Clock) -> Row:
    """The sweep that runs in this division: the one under way, else a new one with its job."""
    now = clock.now()
    values = {"state": SweepState.RUNNING.value, "swept_on": today(clock)} | dict.fromkeys(COUNTS, 0)
    made = await work.add(session, sweep, caller, division_code, values, now, action="start", detail={})
    running = await queries.running_sweep(session, division_code)
    if running is None:
        # The one that stood in the way has just ended; it may have looked before the caller's last change.
        return await start(session, caller, division_code, clock)
    if made is not None or running["job_state"] == "failed":
        job_id = await jobs.enqueue(session, division_code, KIND, {}, now)
        running |= await rows.change(session, sweep, running, {"job_id": job_id}) | {"job_state": "queued"}
    return running


async def load(session: Session, caller: Caller, sweep_id: UUID) -> Row:
    row = await queries.one_sweep(session, caller.scope, sweep_id)
    if row is None:
        raise NotFound("没有这次扫描，或不在您的管辖范围内")
    return row


async def start_daily(database: Database, clock: Clock, exempt: Collection[str]) -> None:
    """A sweep for every division that has not begun one today; demonstrations are swept only when asked."""
    with scope.within(scope.EVERYWHERE):
        async with database.session() as session:
            divisions = await queries.not_swept(session, today(clock))
    for division_code in divisions:
        if division_code in exempt:
            continue
        with scope.within(prefix_of(division_code)):
            async with database.session() as session:
                await start(session, jobs.system_actor(KIND, division_code), division_code, clock)
                await journal.commit(session, SERVICE)


def run_sweep(database: Database, parties: Parties, clock: Clock) -> jobs.Handler:
    """The job handler."""

    async def handler(job: Job, progress: Progress) -> None:
        run = _Run(database, clock, job, progress)
        for opening_of_project in await run.openings(parties):
            await run.once(opening_of_project)
        for is_owned in (False, True):
            while await run.once(run.steps(is_owned)):
                pass
        while await run.once(run.problems):
            pass
        await run.once(run.closeouts)
        await run.finish()

    return handler


class _Run:
    """One attempt at the sweep that runs in the job's division."""

    def __init__(self, database: Database, clock: Clock, job: Job, progress: Progress) -> None:
        self.database, self.clock, self.job, self.progress = database, clock, job, progress
        self.division = job.division_code
        self.actor = jobs.system_actor(KIND, job.division_code)
        self.done = 0

    async def once(self, part: Part) -> bool:
        """One transaction of `part` with its counts; whether it found anything to do."""
        async with self.database.session() as session:
            row = await queries.running_sweep(session, self.division)
            if row is None:
                return False
            counts = await part(session, self.actor, self.clock.now())
            if not counts:
                return False
            await rows.change(session, sweep, row, {name: row[name] + counts[name] for name in COUNTS})
            await journal.commit(session, SERVICE)
        self.done += counts.total()
        await self.progress.report(self.done)
        return True

    async def openings(self, parties: Parties) -> list[Part]:
        """A part for each project about which a rule asks for orders that nobody has opened yet."""
        async with self.database.session() as session:
            settings = await thresholds.values(session, self.division)
            found = await openings.wanted(session, self.division, today(self.clock), settings)
            opened = await queries.refs(session, self.division, [opening.ref for opening in found])
        new = sorted((o for o in found if o.ref not in opened), key=attrgetter("project_id", "ref"))
        if not new:
            return []
        # Asked while no transaction is open: nobody waits for another process while holding the county's rows.
        known = await parties.of(self.division)
        due_on = today(self.clock) + dt.timedelta(days=settings["rule_order_days"])
        grouped = groupby(new, key=attrgetter("project_id"))
        return [self._opening(project_id, list(of_it), known, due_on) for project_id, of_it in grouped]

    def _opening(self, project_id: UUID, new: list[Opening], known: Known, due_on: dt.date) -> Part:
        async def part(session: Session, actor: Caller, now: dt.datetime) -> Counter[str]:
            await work.own_project(session, actor, project_id, lock=True)
            opened = await queries.refs(session, self.division, [opening.ref for opening in new])
            counts = Counter[str]()
            for opening in new:
                unit = known.units.get(opening.unit_code or "")
                if opening.ref in opened:
                    continue
                made = await service.open_order(
                    session,
                    actor,
                    self.division,
                    source=OrderSource.RULE,
                    source_ref=opening.ref,
                    project_id=project_id,
                    matter=opening.matter,
                    lead_unit=(unit.code, unit.name) if unit else None,
                    due_on=due_on,
                    now=now,
                )
                counts["opened"] += made is not None
            return counts

        return part

    def steps(self, is_owned: bool) -> Part:
        """A batch of the orders whose next step is due, oldest first."""

        async def part(session: Session, actor: Caller, now: dt.datetime) -> Counter[str]:
            day = today(self.clock)
            due = await queries.due_orders(session, self.division, day, owned=is_owned, limit=BATCH)
            moved, taken, counts = [], [], Counter[str]()
            for row in due:
                before = Standing.of(row)
                rung = due_rung(before, day)
                counts["climbed"] += rung is not None and rung.level != SupervisionLevel.ESCALATION
                if rung is None:
                    # Written under other rules than today's: only the day it is due moves.
                    moved.append(row | before.columns)
                    continue
                after = row | climb(before, rung, day).columns | {"version": row["version"] + 1}
                moved.append(after)
                taken.append(_step(row, rung, day, actor, now))
                told = {"level": rung.level.value, "due_on": rung.due_on, "taken_on": day}
                work.trace(session, supervision_order, actor, after, "climb", now, detail=told)
                counts["escalated"] += rung.level == SupervisionLevel.ESCALATION
            if due:
                await writes.climb(session, self.division, moved, taken, now)
            return counts

        return part

    async def problems(self, session: Session, actor: Caller, now: dt.datetime) -> Counter[str]:
        climbed = await problems.sweep(session, actor, self.division, today(self.clock), now)
        return Counter(problems=climbed) if climbed else Counter()

    async def closeouts(self, session: Session, actor: Caller, now: dt.datetime) -> Counter[str]:
        reopened = await closeout.sweep(session, actor, self.division, today(self.clock), now)
        return Counter(closeouts=reopened) if reopened else Counter()

    async def finish(self) -> None:
        now = self.clock.now()
        async with self.database.session() as session:
            row = await queries.running_sweep(session, self.division)
            if row is not None:
                counts = {name: row[name] for name in COUNTS}
                ended = {"state": SweepState.FINISHED.value, "finished_at": now}
                await work.move(session, sweep, self.actor, row, ended, now, action="finish", detail=counts)
            await jobs.finish(session, self.job, now)
            await journal.commit(session, SERVICE)


def _step(order: Row, rung: Rung, day: dt.date, actor: Caller, now: dt.datetime) -> Row:
    """A row of `order_step`."""
    return {
        "division_code": order["division_code"],
        "id": new_id(),
        "order_id": order["id"],
        "level": rung.level.value,
        "due_on": rung.due_on,
        "taken_on": day,
        "version": 1,
        "created_by": actor.subject,
        "created_at": now,
        "updated_at": now,
    }
