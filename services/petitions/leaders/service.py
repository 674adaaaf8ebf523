"""Use cases of 领导包案: who leads a case, its plan, its meetings; what was promised and not kept."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.petitions.leaders import queries, rules
from services.petitions.leaders.models import (
    LEADER_NOTE,
    MEETING_NOTES,
    PLAN_MEASURES,
    case_leader,
    case_meeting,
    case_plan,
)
from services.petitions.life.reading import may_open
from services.petitions.registry import service as registry
from shared.chassis.clock import Clock, today
from shared.chassis.days import happened_on
from shared.chassis.identity import Caller
from shared.clients.parties import Known
from shared.schemas.petitions.leaders import (
    CaseLeaderOut,
    CaseMeetingIn,
    CaseMeetingOut,
    CasePlanIn,
    CasePlanOut,
    ReleaseCase,
    TakeCase,
)
from shared.storage import Session, Table, work
from shared.storage.ids import new_id
from shared.storage.rows import Row
from shared.storage.sealed import SealedColumn, seal
from shared.storage.secrets import Vault


def beside(petition: Mapping[str, Any]) -> Row:
    """What `registry.about.seen` says of the petition beside a row."""
    return {name: petition[name] for name in ("petition_code", "is_sealed", "body_unit_code")}


async def open_case(session: Session, caller: Caller, petition_id: UUID) -> Row:
    """The petition, locked, that the caller works on."""
    petition = await registry.load_own(session, caller, petition_id)
    rules.check_not_merged(petition)
    return petition


async def add(
    session: Session,
    caller: Caller,
    vault: Vault,
    table: Table,
    petition: Row,
    values: Mapping[str, Any],
    texts: Mapping[SealedColumn, str | None],
    clock: Clock,
    *,
    action: str,
    told: tuple[str, ...],
) -> Row:
    """A new row about a petition; `told` are the columns that audit and event say."""
    row_id, division_code = new_id(), petition["division_code"]
    sealed = seal(vault, {"division_code": division_code, "id": row_id}, texts)
    values = dict(values) | sealed | {"id": row_id, "petition_id": petition["id"]}
    detail = {name: values[name] for name in ("petition_id", *told)}
    visibility = registry.visibility_of(petition)
    row = await work.add(
        session, table, caller, division_code, values, clock.now(), action=action, visibility=visibility, detail=detail
    )
    assert row is not None, "the petition is locked, and what is live was looked up"
    return row | beside(petition)


async def take(
    session: Session, caller: Caller, vault: Vault, petition_id: UUID, body: TakeCase, known: Known, clock: Clock
) -> Row:
    """One leader at a time: whom another follows is released the same day, with the note of the handover."""
    leader = known.person(body.person_code, "/person_code")
    home = known.units.get(leader.unit_code) if leader.unit_code else None
    petition = await open_case(session, caller, petition_id)
    before = await queries.live(session, case_leader, petition["division_code"], petition_id)
    rules.check_handover(before, leader.code, body.handover)
    since = before["taken_on"] if before else petition["registered_on"]
    taken_on = happened_on(body.taken_on, today(clock), "/taken_on", since=since)
    if before is not None:
        await _release(session, caller, petition, before, {"released_on": taken_on}, clock)
    values = {
        "person_code": leader.code,
        "person_name": leader.name,
        "post": leader.post,
        "unit_code": home.code if home else None,
        "unit_name": home.name if home else None,
        "document_number": body.document_number,
        "taken_on": taken_on,
    }
    told = ("person_code", "taken_on", "document_number")
    texts = {LEADER_NOTE: body.handover}
    return await add(session, caller, vault, case_leader, petition, values, texts, clock, action="take", told=told)


async def release(
    session: Session, caller: Caller, vault: Vault, petition_id: UUID, body: ReleaseCase, clock: Clock
) -> Row:
    petition = await open_case(session, caller, petition_id)
    before = await queries.live(session, case_leader, petition["division_code"], petition_id)
    if before is None:
        raise rules.CaseNotLed
    released_on = happened_on(body.released_on, today(clock), "/released_on", since=before["taken_on"])
    kept = LEADER_NOTE.open(vault, before)
    note = f"{kept}\n{body.reason}" if kept else body.reason
    values = {"released_on": released_on} | seal(vault, before, {LEADER_NOTE: note})
    return await _release(session, caller, petition, before, values, clock)


async def _release(
    session: Session, caller: Caller, petition: Row, before: Row, values: Mapping[str, Any], clock: Clock
) -> Row:
    told = {name: before[name] for name in ("petition_id", "person_code")} | {"released_on": values["released_on"]}
    visibility = registry.visibility_of(petition)
    row = await work.move(
        session, case_leader, caller, before, values, clock.now(), action="release", visibility=visibility, detail=told
    )
    return row | beside(petition)


async def set_plan(
    session: Session, caller: Caller, vault: Vault, petition_id: UUID, body: CasePlanIn, known: Known, clock: Clock
) -> Row:
    """The plan that stood until now is superseded, not lost."""
    unit = known.unit(body.unit_code, "/unit_code")
    petition = await open_case(session, caller, petition_id)
    before = await queries.live(session, case_plan, petition["division_code"], petition_id)
    since = before["made_on"] if before else petition["registered_on"]
    made_on = happened_on(body.made_on, today(clock), "/made_on", since=since)
    rules.check_due(made_on, body.due_on)
    if before is not None:
        ended = {"superseded_on": made_on}
        visibility, detail = registry.visibility_of(petition), ended | {"petition_id": petition_id}
        await work.move(
            session,
            case_plan,
            caller,
            before,
            ended,
            clock.now(),
            action="supersede",
            visibility=visibility,
            detail=detail,
        )
    values = {"goal": body.goal, "due_on": body.due_on, "made_on": made_on}
    values |= {"unit_code": unit.code, "unit_name": unit.name}
    told = ("due_on", "made_on", "unit_code")
    texts: dict[SealedColumn, str | None] = {PLAN_MEASURES: body.measures}
    return await add(session, caller, vault, case_plan, petition, values, texts, clock, action="plan", told=told)


async def hold_meeting(
    session: Session, caller: Caller, vault: Vault, petition_id: UUID, body: CaseMeetingIn, known: Known, clock: Clock
) -> Row:
    chair = known.person(body.chair_code, "/chair_code")
    units = [
        {
            "unit_code": unit.unit_code,
            "unit_name": known.unit(unit.unit_code, f"/units/{place}/unit_code").name,
            "attended": unit.attended,
        }
        for place, unit in enumerate(body.units)
    ]
    petition = await open_case(session, caller, petition_id)
    values = {
        "held_on": happened_on(body.held_on, today(clock), "/held_on", since=petition["registered_on"]),
        "place": body.place,
        "chair_code": chair.code,
        "chair_name": chair.name,
        "units": units,
        "outcome": body.outcome,
    }
    told = ("held_on", "chair_code")
    texts = {MEETING_NOTES: body.notes}
    return await add(session, caller, vault, case_meeting, petition, values, texts, clock, action="hold", told=told)


def opened(caller: Caller, vault: Vault, column: SealedColumn, row: Row) -> str | None:
    """Sealed text, for the leaders it is written for and for whoever may read what officers wrote about the case."""
    may = "leader" in caller.roles or caller.subject == row["created_by"] or may_open(caller, row["body_unit_code"])
    return column.open(vault, row) if may else None


def shown_leader(caller: Caller, vault: Vault, row: Row) -> CaseLeaderOut:
    return work.shown(CaseLeaderOut, row, note=opened(caller, vault, LEADER_NOTE, row))


def shown_plan(caller: Caller, vault: Vault, row: Row) -> CasePlanOut:
    return work.shown(CasePlanOut, row, measures=opened(caller, vault, PLAN_MEASURES, row))


def shown_meeting(caller: Caller, vault: Vault, row: Row) -> CaseMeetingOut:
    return work.shown(CaseMeetingOut, row, notes=opened(caller, vault, MEETING_NOTES, row))


@dataclass(frozen=True, slots=True)
class BrokenPromise:
    """`settled_on` is the day it was said to be broken; None while it is open past its day."""

    id: UUID
    petition_id: UUID
    project_id: UUID | None
    unit_code: str
    due_on: dt.date
    settled_on: dt.date | None


async def broken(
    session: Session, division_code: str, project_id: UUID | None, since: dt.date, day: dt.date
) -> list[BrokenPromise]:
    """What was promised to petitioners and not kept, as of `day`: broken since `since`, or open past its day."""
    found = await queries.broken(session, division_code, day, since, project_id)
    return [BrokenPromise(**row) for row in found]
