"""Writes of a petition's life: many petitions at once, as an import brings them, or one."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert

from services.petitions.life.case import Case
from services.petitions.life.models import calendar_seen, clock_change, petition_act, petition_clock
from services.petitions.life.records import clock_columns
from services.petitions.registry.models import assignment
from shared.chassis.calendar import WorkCalendar
from shared.storage import Session
from shared.storage.bulk import insert_many
from shared.storage.rows import Row


async def keep_clocks(
    session: Session,
    division_code: str,
    petition_id: UUID,
    before: Case | None,
    after: Case,
    calendar: WorkCalendar,
    now: dt.datetime,
) -> None:
    """Insert the clocks an act has started, change those it has moved."""
    known = {clock.number: clock for clock in before.clocks} if before else {}
    started = [
        clock_row(division_code, petition_id, after, number, calendar, now)
        for number in range(len(known) + 1, len(after.clocks) + 1)
    ]
    for clock in after.clocks[: len(known)]:
        if clock == known[clock.number]:
            continue
        moments = {"ended_at": now} if not clock.is_open else {}
        if clock.extended_days != known[clock.number].extended_days:
            moments["extended_at"] = now
        await session.execute(
            update(petition_clock)
            .where(
                petition_clock.c.division_code == division_code,
                petition_clock.c.petition_id == petition_id,
                petition_clock.c.number == clock.number,
            )
            .values(**clock_columns(clock, calendar), **moments)
        )
    # Last: a clock of the same kind may just have made room for the new one.
    await insert_many(session, petition_clock, started)


def clock_row(
    division_code: str, petition_id: UUID, case: Case, number: int, calendar: WorkCalendar, now: dt.datetime
) -> Row:
    """A whole row of `petition_clock` for the case's clock of this number."""
    clock = case.clocks[number - 1]
    return {
        **clock_columns(clock, calendar),
        "division_code": division_code,
        "petition_id": petition_id,
        "unit_code": case.body or case.sender,
        "recorded_at": now,
        "ended_at": None if clock.is_open else now,
        "extended_at": now if clock.extended_days else None,
    }


async def insert_clocks(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    await insert_many(session, petition_clock, rows)


async def insert_acts(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    await insert_many(session, petition_act, rows)


async def insert_assignments(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    await insert_many(session, assignment, rows)


async def end_assignments(
    session: Session, division_code: str, petition_id: UUID, on: dt.date, now: dt.datetime
) -> None:
    """The petition was returned, or sent to somebody else."""
    await session.execute(
        update(assignment)
        .where(
            assignment.c.division_code == division_code,
            assignment.c.petition_id == petition_id,
            assignment.c.ended_on.is_(None),
        )
        .values(ended_on=on, version=assignment.c.version + 1, updated_at=now)
    )


async def recount(session: Session, clock: Mapping[str, Any], days: Mapping[str, Any]) -> None:
    """The days of a running clock as another calendar counts them; the next sweep looks at it again."""
    await session.execute(
        update(petition_clock)
        .where(
            petition_clock.c.division_code == clock["division_code"],
            petition_clock.c.petition_id == clock["petition_id"],
            petition_clock.c.number == clock["number"],
        )
        .values(**days, next_reminder_on=clock["starts_on"])
    )


async def insert_changes(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    await insert_many(session, clock_change, rows)


async def see_calendar(session: Session, division_code: str, digest: bytes, now: dt.datetime) -> None:
    seen = insert(calendar_seen).values(division_code=division_code, digest=digest, seen_at=now)
    await session.execute(
        seen.on_conflict_do_update(index_elements=["division_code"], set_={"digest": digest, "seen_at": now})
    )
