"""A calendar notice moves the days of clocks that still run, and says which, from when to when.

A worker's chore compares the notices with those a division's clocks were last counted by. The job goes through the
petitions in short transactions and writes only what differs, so one that is killed and begun again, or run twice,
leaves what one whole run leaves. A clock that was met or is void keeps the days it had.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from services.petitions.life import queries, records, writes
from services.petitions.life.service import case_of
from services.petitions.registry import service as registry
from services.petitions.registry.models import petition
from shared.chassis import scope
from shared.chassis.calendar import WorkCalendar
from shared.chassis.clock import Clock
from shared.chassis.identity import Caller, prefix_of
from shared.schemas.petitions.states import ClockKind
from shared.storage import Session, jobs, journal, work
from shared.storage.calendar import load_calendar, notices_digest
from shared.storage.database import Database
from shared.storage.ids import new_id
from shared.storage.jobs import Job, Progress
from shared.storage.rows import Row
from shared.storage.turns import take_turns

KIND = "recount_clocks"
SERVICE = "petitions"
EVERY_SECONDS = 300.0
BATCH = 100
"""Petitions of one transaction: so long do people wait who act on one of them."""
DAYS = ("internal_due_on", "due_on", "is_provisional")
"""What a notice may change of a clock."""


@dataclass(frozen=True, slots=True)
class Moved:
    """`before` and `after` are the days by law."""

    petition_id: UUID
    clock: ClockKind
    before: dt.date
    after: dt.date


async def start_where_changed(database: Database, clock: Clock) -> None:
    """A recount for every division whose running clocks were counted by other notices than there are now."""
    with scope.within(scope.EVERYWHERE):
        async with database.session() as session:
            digest = await notices_digest(session)
            divisions = await queries.divisions_not_seen(session, digest)
    for division_code in divisions:
        with scope.within(prefix_of(division_code)):
            async with database.session() as session:
                await take_turns(session, KIND, division_code)
                if not await queries.is_recount_waiting(session, division_code, KIND):
                    await jobs.enqueue(session, division_code, KIND, {}, clock.now())
                await session.commit()


def run_recount(database: Database, clock: Clock) -> jobs.Handler:
    """The job handler."""

    async def handler(job: Job, progress: Progress) -> None:
        moved = 0
        while True:
            async with database.session() as session:
                found = await stale(session, job.division_code)
                if not found:
                    digest = await notices_digest(session)
                    await writes.see_calendar(session, job.division_code, digest, clock.now())
                    await jobs.finish(session, job, clock.now())
                    await session.commit()
                    return
            for first in range(0, len(found), BATCH):
                async with database.session() as session:
                    some = found[first : first + BATCH]
                    moved += len(await recompute(session, job.division_code, clock.now(), some))
                    await journal.commit(session, SERVICE)
                await progress.report(moved)

    return handler


async def stale(session: Session, division_code: str) -> list[UUID]:
    """The petitions with a running clock whose days are not those of the notices there are now."""
    calendar = await load_calendar(session)
    clocks = await queries.running_clocks(session, division_code)
    return sorted({clock["petition_id"] for clock in clocks if not _is_counted(clock, calendar)})


async def recompute(
    session: Session, division_code: str, now: dt.datetime, petitions: Sequence[UUID] | None = None
) -> list[Moved]:
    """Count the running clocks of these petitions anew, of all that need it if none are named; what has moved."""
    calendar, actor = await load_calendar(session), jobs.system_actor(KIND, division_code)
    moved: list[Moved] = []
    for petition_id in await stale(session, division_code) if petitions is None else petitions:
        moved += await _recount(session, actor, division_code, petition_id, calendar, now)
    return moved


def _is_counted(clock: Row, calendar: WorkCalendar) -> bool:
    return _days(clock, calendar) == {name: clock[name] for name in DAYS}


def _days(row: Row, calendar: WorkCalendar) -> Row:
    columns = records.clock_columns(records.clock_of(row), calendar)
    return {name: columns[name] for name in DAYS}


async def _recount(
    session: Session,
    actor: Caller,
    division_code: str,
    petition_id: UUID,
    calendar: WorkCalendar,
    now: dt.datetime,
) -> list[Moved]:
    row = await queries.locked(session, division_code, petition_id)
    moved: list[Moved] = []
    changes: list[Row] = []
    for clock in await queries.running_clocks(session, division_code, petition_id):
        if _is_counted(clock, calendar):
            continue
        days = _days(clock, calendar)
        await writes.recount(session, clock, days)
        changes.append(
            {
                "division_code": division_code,
                "id": new_id(),
                "petition_id": petition_id,
                "clock_number": clock["number"],
                "kind": clock["kind"],
                "due_before": clock["due_on"],
                "due_after": days["due_on"],
                "internal_due_before": clock["internal_due_on"],
                "internal_due_after": days["internal_due_on"],
                "was_provisional": clock["is_provisional"],
                "is_provisional": days["is_provisional"],
                "recorded_at": now,
            }
        )
        moved.append(Moved(petition_id, ClockKind(clock["kind"]), clock["due_on"], days["due_on"]))
    if not changes:
        return moved
    await writes.insert_changes(session, changes)
    counted = records.columns_of(await case_of(session, row), calendar)
    due = {name: counted[name] for name in ("next_due_on", "next_internal_due_on")}
    told = [{name: change[name] for name in ("clock_number", "kind", "due_before", "due_after")} for change in changes]
    await work.move(
        session,
        petition,
        actor,
        row,
        due,
        now,
        action="recount",
        visibility=registry.visibility_of(row),
        detail={"clocks": told},
    )
    return moved
