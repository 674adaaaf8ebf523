"""What a sweep of a county's petitions consists of: windows that have passed, public opinion nobody has answered in
time, then reminders 催办 and supervision 督办
that are due, and the supervisions nobody has answered; unowned first, then oldest due; then the warnings of the day.
"""

import datetime as dt
from collections import Counter

from services.petitions.life import queries as life_queries
from services.petitions.life import service as life
from services.petitions.opinion import service as opinion
from services.petitions.registry.service import visibility_of
from services.petitions.reminders import queries, rules, service, writes
from services.petitions.reminders.duties import SOURCES, Source
from services.petitions.reminders.models import COUNTS, petition_supervision, reminder, sweep
from services.petitions.reminders.rules import Duty, Pace, Standing
from services.petitions.warnings import service as warnings
from shared.chassis.clock import Clock
from shared.chassis.identity import Caller
from shared.schemas.petitions.reminders import PetitionSupervisionState
from shared.service.sweeps import Part, Run, Sweeps
from shared.storage import Session, jobs, work
from shared.storage.database import Database
from shared.storage.ids import new_id
from shared.storage.rows import Row
from shared.storage.secrets import Vault

BATCH = 500
"""Duties of one transaction: so long do people wait who act on one of their petitions."""
LAPSES = 50
"""Each is an act of its own."""
SWEEPS = Sweeps("petitions", sweep, COUNTS)


def run_sweep(database: Database, vault: Vault, clock: Clock) -> jobs.Handler:
    """The job handler."""

    async def plan(run: Run) -> None:
        await take_what_is_due(run, vault)
        await run.once(_warnings(run))

    return SWEEPS.handler(database, clock, plan)


async def take_what_is_due(run: Run, vault: Vault) -> None:
    """The parts whose cost follows what is due, however many petitions there are."""
    async with run.database.session() as session:
        pace = await service.pace(session, run.division)
    of = _Parts(run, vault, pace)
    await run.every(of.lapses)
    await run.every(of.opinion)
    await run.once(of.changed_pace)
    for is_owned in (False, True):
        for source in SOURCES:
            if is_owned or source.may_be_unowned:
                await run.every(of.reminders(source, is_owned))
                await run.every(of.waited_for(source, is_owned))
        await run.every(of.steps(is_owned))


def _warnings(run: Run) -> Part:
    """A statistic of the last half year, of what is open and of what is late: it does not grow with the years."""

    async def part(session: Session, actor: Caller, now: dt.datetime) -> Counter[str]:
        changed = await warnings.refresh(session, run.division, run.today, now, actor=actor)
        return Counter(warned=changed) if changed else Counter()

    return part


class _Parts:
    """The parts of one run."""

    def __init__(self, run: Run, vault: Vault, pace: Pace) -> None:
        self.run, self.vault, self.pace, self.division = run, vault, pace, run.division

    async def lapses(self, session: Session, actor: Caller, now: dt.datetime) -> Counter[str]:
        ended = await life.lapse_due(session, actor, self.vault, self.division, self.run.clock, LAPSES)
        return Counter(lapsed=ended) if ended else Counter()

    async def opinion(self, session: Session, actor: Caller, now: dt.datetime) -> Counter[str]:
        reminded = await opinion.remind(session, actor, self.division, self.run.clock, BATCH)
        return Counter(reminded=reminded) if reminded else Counter()

    async def changed_pace(self, session: Session, actor: Caller, now: dt.datetime) -> Counter[str]:
        """What the county has set anew goes for duties that are already waited for."""
        if not await queries.set_since_swept(session, self.division, rules.PACE):
            return Counter()
        for source in SOURCES:
            await writes.look_again(session, source, self.division, self.run.today)
        return Counter(reminded=0)

    def reminders(self, source: Source, is_owned: bool) -> Part:
        """A batch of the duties to look at, oldest first."""

        async def part(session: Session, actor: Caller, now: dt.datetime) -> Counter[str]:
            day = self.run.today
            due = await queries.due_duties(session, source, self.division, day, owned=is_owned, limit=BATCH)
            return await self._remind(session, actor, source, due, now)

        return part

    def waited_for(self, source: Source, is_owned: bool) -> Part:
        """The duties of one petition somebody was working on when its turn came."""

        async def part(session: Session, actor: Caller, now: dt.datetime) -> Counter[str]:
            day = self.run.today
            left = await queries.waiting(session, source, self.division, day, owned=is_owned)
            if left is None:
                return Counter()
            await life_queries.locked(session, self.division, left)
            due = await queries.due_duties(
                session, source, self.division, day, owned=is_owned, limit=BATCH, petition_id=left
            )
            # Somebody may just have done what was asked; others may still be waiting.
            return await self._remind(session, actor, source, due, now) or Counter(reminded=0)

        return part

    async def _remind(
        self, session: Session, actor: Caller, source: Source, due: list[Row], now: dt.datetime
    ) -> Counter[str]:
        if not due:
            return Counter()
        day = self.run.today
        looked: list[Row] = []
        reminders: list[Row] = []
        supervisions: list[Row] = []
        for row in due:
            if row["is_over"]:
                looked.append(row | {"next_reminder_on": None})
                continue
            duty = Duty(row["starts_on"], row["internal_due_on"], row["due_on"], row["suspended_days"])
            days = rules.days_of(duty, self.pace)
            taken = rules.due_steps(days, row["reminded"], day)
            reached = max(taken, default=row["reminded"])
            looked.append(row | {"reminded": reached, "next_reminder_on": rules.look_next(days, reached)})
            about = {name: row[name] for name in ABOUT}
            about |= {"subject": source.subject.value, "subject_ref": str(row["key"])}
            for step in taken:
                if step == rules.SUPERVISED:
                    supervisions.append(about | self._supervision(row, day) | _made(actor, now))
                else:
                    reminders.append(about | _reminder(row, step, days[step - 1], day) | _made(actor, now))
        await writes.remind(session, source, looked, reminders, supervisions)
        sealed = {row["petition_id"]: visibility_of(row) for row in due}
        for made, table, told in ((reminders, reminder, REMINDED), (supervisions, petition_supervision, SUPERVISED)):
            for row in made:
                detail = {name: row[name] for name in told}
                seen_by = sealed[row["petition_id"]]
                work.trace(session, table, actor, row, "create", now, visibility=seen_by, detail=detail)
        return Counter(reminded=len(reminders), supervised=len(supervisions))

    def _supervision(self, row: Row, day: dt.date) -> Row:
        standing = Standing(PetitionSupervisionState.open, day + self.pace.answer_days * rules.DAY, self.pace.step_days)
        return service.standing_columns(standing) | {"missed_on": row["due_on"], "opened_on": day}

    def steps(self, is_owned: bool) -> Part:
        """A batch of the supervisions whose next step is due, oldest first."""

        async def part(session: Session, actor: Caller, now: dt.datetime) -> Counter[str]:
            day = self.run.today
            due = await queries.due_supervisions(session, self.division, day, owned=is_owned, limit=BATCH)
            climbed: list[Row] = []
            taken: list[Row] = []
            for row in due:
                before = service.standing_of(row)
                step = rules.next_step(before)
                assert step is not None, "its day is kept only while a step is to come"
                after = service.standing_columns(rules.climbed(before, step, day))
                climbed.append(row | after | {"version": row["version"] + 1})
                told = {"level": step.level.value, "due_on": step.due_on, "taken_on": day}
                own = {"division_code": row["division_code"], "supervision_id": row["id"]}
                taken.append(own | told | _made(actor, now))
                moved, seen_by = climbed[-1], visibility_of(row)
                work.trace(session, petition_supervision, actor, moved, "climb", now, visibility=seen_by, detail=told)
            if due:
                await writes.climb(session, climbed, taken, now)
            return Counter(climbed=len(due)) if due else Counter()

        return part


ABOUT = ("division_code", "petition_id", "clock_kind", "unit_code", "unit_name")
REMINDED = ("petition_id", "subject", "clock_kind", "band", "unit_code", "due_on", "fell_due_on", "reminded_on")
SUPERVISED = ("petition_id", "subject", "clock_kind", "unit_code", "missed_on", "opened_on", "due_on")


def _reminder(row: Row, step: int, fell_due_on: dt.date, day: dt.date) -> Row:
    return {
        "band": rules.band_of(step).value,
        "step": step,
        "due_on": row["due_on"],
        "internal_due_on": row["internal_due_on"],
        "fell_due_on": fell_due_on,
        "reminded_on": day,
    }


def _made(actor: Caller, now: dt.datetime) -> Row:
    return {"id": new_id(), "version": 1, "created_by": actor.subject, "created_at": now, "updated_at": now}
