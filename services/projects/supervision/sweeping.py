"""What a sweep of a county's project work consists of: orders opened by rule, then every step that is due, unowned
first, then oldest due, then the problems that climb and the close-outs that rebound.
"""

import datetime as dt
from collections import Counter
from itertools import groupby
from operator import attrgetter
from uuid import UUID

from services.projects.closeout import service as closeout
from services.projects.ledger import service as ledger
from services.projects.problems import service as problems
from services.projects.supervision import openings, queries, service, writes
from services.projects.supervision.ladder import Rung, Standing, climb, due_rung
from services.projects.supervision.models import COUNTS, supervision_order, sweep
from services.projects.supervision.openings import Opening
from services.projects.thresholds import thresholds
from shared.chassis.clock import Clock
from shared.chassis.identity import Caller
from shared.clients.parties import Known, Parties
from shared.clients.petitions import Petitioned, ProjectPetitions
from shared.schemas.projects.supervision import OrderSource, SupervisionLevel
from shared.service.sweeps import Part, Run, Sweeps
from shared.storage import Session, jobs, work
from shared.storage.database import Database
from shared.storage.ids import new_id
from shared.storage.rows import Row

BATCH = 500
"""Orders of one transaction: so long do people wait who act on one of them."""
SWEEPS = Sweeps("projects", sweep, COUNTS)


def run_sweep(database: Database, parties: Parties, petitions: ProjectPetitions, clock: Clock) -> jobs.Handler:
    """The job handler."""

    async def plan(run: Run) -> None:
        of = _Parts(run)
        for opening_of_project in await of.openings(parties):
            await run.once(opening_of_project)
        for is_owned in (False, True):
            await run.every(of.steps(is_owned))
        await run.every(of.problems)
        await run.once(of.closeouts(await petitions.of(run.division, clock.now())))

    return SWEEPS.handler(database, clock, plan)


class _Parts:
    """The parts of one run."""

    def __init__(self, run: Run) -> None:
        self.run, self.division = run, run.division

    async def openings(self, parties: Parties) -> list[Part]:
        """A part for each project about which a rule asks for orders that nobody has opened yet."""
        async with self.run.database.session() as session:
            settings = await thresholds.values(session, self.division)
            found = await openings.wanted(session, self.division, self.run.today, settings)
            opened = await queries.refs(session, self.division, [opening.ref for opening in found])
        new = sorted((o for o in found if o.ref not in opened), key=attrgetter("project_id", "ref"))
        if not new:
            return []
        # Asked while no transaction is open: nobody waits for another process while holding the county's rows.
        known = await parties.of(self.division)
        due_on = self.run.today + dt.timedelta(days=settings["rule_order_days"])
        grouped = groupby(new, key=attrgetter("project_id"))
        return [self._opening(project_id, list(of_it), known, due_on) for project_id, of_it in grouped]

    def _opening(self, project_id: UUID, new: list[Opening], known: Known, due_on: dt.date) -> Part:
        async def part(session: Session, actor: Caller, now: dt.datetime) -> Counter[str]:
            await ledger.own_project(session, actor, project_id, lock=True)
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
            day = self.run.today
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
        climbed = await problems.sweep(session, actor, self.division, self.run.today, now)
        return Counter(problems=climbed) if climbed else Counter()

    def closeouts(self, told: Petitioned | None) -> Part:
        """Rebounds; of groups, what the petitions service told before the transaction."""

        async def part(session: Session, actor: Caller, now: dt.datetime) -> Counter[str]:
            reopened = await closeout.sweep(session, actor, self.division, self.run.today, now, told)
            return Counter(closeouts=reopened) if reopened else Counter()

        return part


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
