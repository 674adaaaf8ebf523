"""Use cases of incidents."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from services.petitions.incidents import queries, rules
from services.petitions.incidents.models import DETAIL, no_unrest, unrest
from services.petitions.life.reading import READS_ALL
from shared.chassis.clock import Clock, today
from shared.chassis.days import happened_on
from shared.chassis.identity import Caller
from shared.clients.gateway import ProjectName
from shared.clients.parties import Known
from shared.errors import FieldError, Invalid
from shared.schemas.base import SHANGHAI
from shared.schemas.petitions.incidents import (
    IncidentReporting,
    NoIncidents,
    UnitReporting,
    UnrestClose,
    UnrestOut,
    UnrestPatch,
    UnrestReport,
    UnrestState,
)
from shared.storage import Session, work
from shared.storage.ids import new_id
from shared.storage.rows import Row
from shared.storage.sealed import seal
from shared.storage.secrets import Vault
from shared.storage.turns import take_turns

WHAT = "这起事件"
NUMBERS = ("involved", "injured", "detained")


async def report(
    session: Session,
    caller: Caller,
    vault: Vault,
    body: UnrestReport,
    known: Known,
    project: ProjectName | None,
    clock: Clock,
) -> Row:
    """One incident is one row, whoever reports it first; another of its kind, there and then, has to be said."""
    unit = known.unit(rules.reporting_unit(caller, body.unit_code), "/unit_code")
    rules.check_past(body.occurred_at, clock.now())
    division_code, occurred_on = caller.home, body.occurred_at.astimezone(SHANGHAI).date()
    await take_turns(session, f"unrest of {occurred_on}", division_code)
    await _check_petitions(session, caller, body.petition_ids)
    same = rules.same_as(body.project_id, body.place)
    before = await queries.occurrences(session, division_code, occurred_on, body.kind.value, same)
    if before and not body.is_another:
        raise rules.AlreadyReported
    values: dict[str, Any] = body.model_dump(exclude={"detail", "is_another", "unit_code"})
    values |= {
        "id": new_id(),
        "occurred_on": occurred_on,
        "petition_ids": list(dict.fromkeys(body.petition_ids)),
        "project_code": project.project_code if project else None,
        "project_name": project.name if project else None,
        "unit_code": unit.code,
        "unit_name": unit.name,
        "same_as": same,
        "occurrence": before + 1,
    }
    told = {name: values[name] for name in ("kind", "level", "occurred_on", "unit_code", "project_id", *NUMBERS)}
    values |= seal(vault, {"division_code": division_code, "id": values["id"]}, {DETAIL: body.detail})
    row = await work.add(
        session, unrest, caller, division_code, values, clock.now(), action="report", visibility="sealed", detail=told
    )
    if row is None:
        raise rules.AlreadyReported
    return row


async def _check_petitions(session: Session, caller: Caller, petition_ids: list[UUID]) -> None:
    seen = await queries.seen_petitions(session, caller, petition_ids) if petition_ids else set()
    for place, petition_id in enumerate(petition_ids):
        if petition_id not in seen:
            message = "没有这件信访事项，或不在您的管辖范围内"
            raise Invalid(errors=[FieldError(f"/petition_ids/{place}", "unknown_petition", message)])


def _only(caller: Caller) -> Mapping[str, Any]:
    return {"unit_code": caller.unit or ""} if rules.is_confined(caller) else {}


async def one(session: Session, caller: Caller, incident_id: UUID) -> Row:
    return await work.load(session, unrest, caller, incident_id, what=WHAT, only=_only(caller))


async def _own(session: Session, caller: Caller, incident_id: UUID, version: int | None) -> Row:
    await one(session, caller, incident_id)
    return await work.load_own(session, unrest, caller, incident_id, version, what=WHAT)


async def change(
    session: Session, caller: Caller, incident_id: UUID, version: int, body: UnrestPatch, clock: Clock
) -> Row:
    row = await _own(session, caller, incident_id, version)
    rules.check_open(row)
    given: dict[str, Any] = body.model_dump(exclude_unset=True)
    if all(row[name] == value for name, value in given.items()):
        return row
    told = {name: given[name] for name in ("level", *NUMBERS) if name in given}
    return await work.move(session, unrest, caller, row, given, clock.now(), visibility="sealed", detail=told)


async def close(session: Session, caller: Caller, incident_id: UUID, body: UnrestClose, clock: Clock) -> Row:
    row = await _own(session, caller, incident_id, None)
    rules.check_open(row)
    closed_on = happened_on(body.closed_on, today(clock), "/closed_on", since=row["occurred_on"])
    values, told = {"result": body.result, "closed_on": closed_on}, {"closed_on": closed_on}
    return await work.move(
        session, unrest, caller, row, values, clock.now(), action="close", visibility="sealed", detail=told
    )


async def report_none(session: Session, caller: Caller, body: NoIncidents, known: Known, clock: Clock) -> Row:
    unit = known.unit(rules.reporting_unit(caller, body.unit_code), "/unit_code")
    day = happened_on(body.day, today(clock), "/day")
    await take_turns(session, f"unrest of {day}", caller.home)
    if (await queries.of_day(session, caller.home, day)).get(unit.code):
        raise rules.IncidentsReported
    values = {"unit_code": unit.code, "unit_name": unit.name, "day": day}
    told = {"unit_code": unit.code, "day": day}
    row = await work.add(session, no_unrest, caller, caller.home, values, clock.now(), action="report", detail=told)
    if row is None:
        raise rules.NoneReported
    return row


async def reporting(session: Session, caller: Caller, day: dt.date, known: Known) -> IncidentReporting:
    """Every unit that reports daily, and whoever else did; silent ones first."""
    incidents = await queries.of_day(session, caller.home, day)
    said_none = await queries.none_of_day(session, caller.home, day)
    expected = {unit.code for unit in known.units.values() if unit.kind in rules.REPORTS_DAILY}
    items = [
        UnitReporting(
            unit_code=code,
            unit_name=known.units[code].name if code in known.units else code,
            report=rules.day_report(incidents.get(code, 0), code in said_none),
            incidents=incidents.get(code, 0),
        )
        for code in sorted(expected | incidents.keys() | said_none)
    ]
    silent = [item for item in items if item.report == "silent"]
    return IncidentReporting(day=day, silent=len(silent), items=silent + [i for i in items if i not in silent])


def shown(caller: Caller, vault: Vault, row: Row) -> UnrestOut:
    """Which petitions it is about, an accusation among them perhaps, is for who sees all of them."""
    is_reader = bool(caller.roles & READS_ALL)
    may = is_reader or (caller.unit is not None and caller.unit == row["unit_code"])
    return work.shown(
        UnrestOut,
        {name: value for name, value in row.items() if name != "petition_ids"},
        petition_ids=row["petition_ids"] if is_reader else None,
        detail=DETAIL.open(vault, row) if may else None,
        state=UnrestState.open if row["closed_on"] is None else UnrestState.closed,
    )
