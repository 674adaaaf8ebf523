"""Use cases of warnings: worked out anew for a division, read, acknowledged, closed."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import fields, replace
from functools import partial
from typing import Any
from uuid import UUID

from services.petitions.leaders import service as leaders
from services.petitions.thresholds import thresholds
from services.petitions.warnings import queries, rules
from services.petitions.warnings.models import NOTE, petition_warning
from services.petitions.warnings.queries import Subject
from services.petitions.warnings.rules import Assessed, Settings, Signs, Window
from shared.chassis.calendar import WorkCalendar
from shared.chassis.clock import Clock, today
from shared.chassis.identity import Caller
from shared.chassis.listing import Listing
from shared.chassis.permissions import require_home
from shared.errors import NotFound
from shared.schemas.petitions.warnings import (
    PetitionWarningOut,
    PetitionWarningPage,
    WarningAcknowledgement,
    WarningClosure,
    WarningOutcome,
    WarningReadingOut,
    WarningReadings,
    WarningState,
    WarningSubject,
)
from shared.storage import Session, jobs, work
from shared.storage.calendar import load_calendar
from shared.storage.ids import new_id
from shared.storage.rows import Row
from shared.storage.secrets import Vault
from shared.storage.turns import take_turns

BY = ("project_id", "project_name", "developer")
READS_NOTES = frozenset({"petition_office", "inspector"})


async def settings_of(session: Session, division_code: str) -> Settings:
    kept = await thresholds.values(session, division_code)
    return Settings(**{one.name: kept[f"warning_{one.name}"] for one in fields(Settings)})


async def signs_of(session: Session, division_code: str, day: dt.date, settings: Settings) -> dict[Subject, Signs]:
    """What has come about every project and enterprise of a division, as of a day."""
    before = day - dt.timedelta(days=settings.window_days)
    found: dict[Subject, Signs] = defaultdict(Signs)
    windows = settings.history_windows + 1
    for row in await queries.arrivals(session, division_code, day, settings.window_days, windows):
        for signs in _subjects(found, row):
            window = signs.windows.setdefault(row["age"], Window())
            window.cases += row["cases"]
            window.repeats += row["repeats"]
            window.group = max(window.group, row["group"])
            window.level = max(window.level, row["level"])
    for row in await queries.late(session, division_code, day, before):
        for signs in _subjects(found, row):
            signs.clocks += row["clocks"]
            signs.clocks_before += row["clocks_before"]
    for row in await queries.open_by_unit(session, division_code):
        for signs in _subjects(found, row):
            unit = row["body_unit_code"], row["body_unit_name"] or row["body_unit_code"]
            signs.units[unit] = signs.units.get(unit, 0) + row["cases"]
    since = day - dt.timedelta(days=settings.window_days * windows)
    broken = await leaders.broken(session, division_code, None, since, day)
    of = await queries.of_promises(session, division_code, broken)
    for promise in broken:
        for signs in _subjects(found, of[promise.petition_id]) if promise.petition_id in of else ():
            signs.promises += 1
            signs.promises_before += promise.due_on < before
    return found


def _subjects(found: dict[Subject, Signs], row: Mapping[str, Any]) -> list[Signs]:
    """Whom a petition is about: its project, its enterprise."""
    subjects = []
    if row["project_id"] is not None:
        signs = found[WarningSubject.project, str(row["project_id"])]
        signs.name = row["project_name"] or signs.name
        subjects.append(signs)
    if row["developer"] is not None:
        signs = found[WarningSubject.enterprise, row["developer"]]
        signs.name = row["developer"]
        subjects.append(signs)
    return subjects


async def refresh(
    session: Session, division_code: str, day: dt.date, now: dt.datetime, *, actor: Caller | None = None
) -> int:
    """Every warning of a division as it stands on a day; how many were opened, moved or closed.

    Two at once take turns, and a second finds nothing to change. What has fallen below notice closes by itself.
    """
    actor = actor or jobs.system_actor("warnings", division_code)
    await take_turns(session, "warnings", division_code)
    settings, calendar = await settings_of(session, division_code), await load_calendar(session)
    found = await signs_of(session, division_code, day, settings)
    live = await queries.live(session, division_code)
    closed = await queries.last_closed(session, division_code, day - dt.timedelta(days=settings.rest_days))
    readings, changed = list[Row](), 0
    for subject in sorted(found.keys() | live.keys()):
        signs = found.get(subject) or Signs(name=live[subject]["subject_name"])
        assessed = rules.assess(signs, settings)
        kept = live.get(subject)
        if kept is not None and kept["as_of"] > day:
            continue
        if assessed.grade is None:
            if kept is not None:
                await _subside(session, actor, kept, assessed, day, now)
                changed += 1
            continue
        if kept is None and rules.rests(closed.get(subject), assessed.score, day, settings):
            continue
        if kept is not None and rules.is_same(kept, assessed, signs.unit):
            continue
        values = _values(assessed, signs.unit, day, settings, calendar, kept)
        if kept is None:
            row = await _open(session, actor, division_code, subject, signs.name, values, day, now)
        else:
            told = {name: values[name] for name in ("score", "grade", "as_of")}
            row = await work.move(session, petition_warning, actor, kept, values, now, action="move", detail=told)
        readings.append(_reading(row, now))
        changed += 1
    await queries.keep_readings(session, readings)
    return changed


def _values(
    assessed: Assessed,
    unit: tuple[str, str] | None,
    day: dt.date,
    settings: Settings,
    calendar: WorkCalendar,
    kept: Row | None,
) -> Row:
    """Columns of a warning as it stands now. A day to act by comes nearer with the grade and never moves away."""
    assert assessed.grade is not None, "what says nothing is no warning"
    act_by = calendar.roll_to_workday(day + dt.timedelta(days=rules.act_days(assessed.grade, settings)))
    return {
        "grade": assessed.grade.value,
        "score": assessed.score,
        "peak_score": max(assessed.score, kept["peak_score"] if kept else 0),
        "trend": assessed.trend.value,
        "factors": assessed.as_json,
        "as_of": day,
        "unit_code": unit[0] if unit else None,
        "unit_name": unit[1] if unit else None,
        "act_by": min(act_by, kept["act_by"]) if kept else act_by,
    }


async def _open(
    session: Session,
    actor: Caller,
    division_code: str,
    subject: Subject,
    name: str,
    values: Row,
    day: dt.date,
    now: dt.datetime,
) -> Row:
    kind, key = subject
    is_project = kind == WarningSubject.project
    made = values | {
        "id": new_id(),
        "subject": str(kind),
        "subject_key": key,
        "subject_name": name or key,
        "project_id": UUID(key) if is_project else None,
        "state": WarningState.open.value,
        "opened_on": day,
    }
    told = {field: made[field] for field in ("subject", "project_id", "score", "grade", "act_by", "unit_code")}
    row = await work.add(session, petition_warning, actor, division_code, made, now, action="open", detail=told)
    assert row is not None, "whoever refreshes takes turns"
    return row


async def _subside(
    session: Session, actor: Caller, kept: Row, assessed: Assessed, day: dt.date, now: dt.datetime
) -> None:
    values = {
        "state": WarningState.closed.value,
        "closed_on": day,
        "outcome": WarningOutcome.subsided.value,
        "score": assessed.score,
        "factors": assessed.as_json,
        "trend": assessed.trend.value,
        "as_of": day,
    }
    told = {"outcome": values["outcome"], "score": assessed.score}
    await work.move(session, petition_warning, actor, kept, values, now, action="subside", detail=told)


def _reading(row: Row, now: dt.datetime) -> Row:
    return {name: row[name] for name in ("division_code", "version", "as_of", "score", "grade", "factors")} | {
        "warning_id": row["id"],
        "recorded_at": now,
    }


async def refresh_own(session: Session, caller: Caller, clock: Clock) -> int:
    """The same at a person's wish."""
    acting = replace(caller, scope=caller.home)
    return await refresh(session, caller.home, today(clock), clock.now(), actor=acting)


async def page(
    session: Session, caller: Caller, vault: Vault, listing: Listing, filters: dict[str, Any], is_live: bool | None
) -> PetitionWarningPage:
    fetch = partial(queries.page, session, caller, listing.scope, filters, is_live)
    found, following = await listing.page("petition_warning", filters | {"is_live": is_live}, fetch)
    return PetitionWarningPage(items=[shown(caller, vault, row) for row in found], next_cursor=following)


def shown(caller: Caller, vault: Vault, row: Row) -> PetitionWarningOut:
    """Notes are for the petition office and the unit that acts: they may name somebody."""
    may = caller.roles & READS_NOTES or (caller.unit is not None and caller.unit == row["unit_code"])
    return work.shown(PetitionWarningOut, row, note=NOTE.open(vault, row) if may else None)


async def load(session: Session, caller: Caller, warning_id: UUID, *, lock: bool = False) -> Row:
    row = await work.load(session, petition_warning, caller, warning_id, lock=lock, what="这条预警")
    if not caller.roles & queries.WHOLE and row["unit_code"] != caller.unit:
        raise NotFound("没有这条预警，或不在您的管辖范围内")
    return row


async def readings(session: Session, caller: Caller, warning_id: UUID) -> WarningReadings:
    row = await load(session, caller, warning_id)
    found = await queries.readings(session, row)
    return WarningReadings(warning_id=warning_id, items=[work.shown(WarningReadingOut, one) for one in found])


async def acknowledge(
    session: Session, caller: Caller, vault: Vault, warning_id: UUID, body: WarningAcknowledgement, clock: Clock
) -> Row:
    row = await _own(session, caller, warning_id)
    rules.check_open(row["state"])
    if row["state"] == WarningState.acknowledged:
        raise rules.AlreadyAcknowledged
    values = {
        "state": WarningState.acknowledged.value,
        "acknowledged_by": caller.subject,
        "acknowledged_by_name": caller.name,
        "acknowledged_on": today(clock),
        "note_sealed": NOTE.seal(vault, row, body.note) if body.note is not None else None,
    }
    told = {"acknowledged_on": values["acknowledged_on"]}
    return await work.move(
        session, petition_warning, caller, row, values, clock.now(), action="acknowledge", detail=told
    )


async def close(
    session: Session, caller: Caller, vault: Vault, warning_id: UUID, body: WarningClosure, clock: Clock
) -> Row:
    row = await _own(session, caller, warning_id)
    rules.check_open(row["state"])
    values = {
        "state": WarningState.closed.value,
        "closed_by": caller.subject,
        "closed_by_name": caller.name,
        "closed_on": today(clock),
        "outcome": body.outcome,
        "note_sealed": NOTE.seal(vault, row, body.note),
    }
    told = {"closed_on": values["closed_on"], "outcome": body.outcome}
    return await work.move(session, petition_warning, caller, row, values, clock.now(), action="close", detail=told)


async def _own(session: Session, caller: Caller, warning_id: UUID) -> Row:
    row = await load(session, caller, warning_id, lock=True)
    require_home(caller, row["division_code"])
    return row
