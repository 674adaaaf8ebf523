"""Use cases of the leading group and the task forces: form, seat, tell."""

import datetime as dt
from collections.abc import Mapping, Sequence
from uuid import UUID

from services.projects.duty import rules
from services.projects.duty.groups import queries
from services.projects.duty.models import group_seat, taskforce
from services.projects.duty.people import person_columns, unit_columns
from shared.chassis.clock import Clock, today
from shared.chassis.days import happened_on
from shared.chassis.identity import Caller
from shared.chassis.permissions import require_home
from shared.clients.parties import Known
from shared.errors import Conflict, FieldError, Invalid
from shared.schemas.gateway.directory import UnitKind
from shared.schemas.projects.groups import (
    LeadingSeatIn,
    SeatIn,
    SeatTerm,
    TaskforceCreate,
    TaskforceDetail,
    TaskforceOut,
)
from shared.storage import Session, work
from shared.storage.rows import Row

TOLD = ("taskforce_id", "seat", "person_code", "unit_code", "began_on")
PROJECTS_SHOWN = 200


class TaskforceExists(Conflict):
    code, title, title_en = "taskforce_exists", "此单位已登记为专班", "Task force exists"


class SeatedMeanwhile(Conflict):
    code, title, title_en = "seated_meanwhile", "刚刚已由他人调整", "Seated meanwhile"


async def of_unit(session: Session, division_code: str, unit_code: str) -> Row:
    """The task force a unit is."""
    found = await queries.of_unit(session, division_code, unit_code)
    if found is None:
        message = "此单位尚未成立专班，请先登记专班"
        raise Invalid(errors=[FieldError("/unit_code", "no_taskforce", message)])
    return found


async def form(session: Session, caller: Caller, body: TaskforceCreate, known: Known, clock: Clock) -> Row:
    """A unit of the directory becomes a task force, to serve as many projects as it is assigned."""
    require_home(caller, body.division_code)
    formed_on = happened_on(body.formed_on, today(clock), "/formed_on")
    values = body.model_dump() | unit_columns(known, body.unit_code, UnitKind.TASKFORCE) | {"formed_on": formed_on}
    detail = {"unit_code": body.unit_code, "formed_on": formed_on}
    made = await work.add(
        session, taskforce, caller, body.division_code, values, clock.now(), action="form", detail=detail
    )
    if made is None:
        raise TaskforceExists(errors=[FieldError("/unit_code", "taskforce_exists", "每个单位只登记一次")])
    return made


async def shown(session: Session, scope: str, found: Sequence[Row]) -> list[TaskforceOut]:
    """Task forces with how many projects they serve."""
    counts = await queries.project_counts(session, scope, [row["id"] for row in found]) if found else {}
    return [TaskforceOut.model_validate(row | {"projects": counts.get(row["id"], 0)}) for row in found]


async def detail(
    session: Session, caller: Caller, taskforce_id: UUID, on: dt.date | None, clock: Clock
) -> TaskforceDetail:
    row = await work.load(session, taskforce, caller, taskforce_id, what="这个专班")
    division = row["division_code"]
    (out,) = await shown(session, division, [row])
    return TaskforceDetail(
        **out.model_dump(),
        members=await seats(session, division, taskforce_id, on or today(clock)),
        project_ids=await queries.projects(session, division, taskforce_id, PROJECTS_SHOWN),
    )


async def seats(session: Session, division_code: str, taskforce_id: UUID | None, on: dt.date) -> list[SeatTerm]:
    """Who sits in a task force, or in the leading group where `taskforce_id` is None."""
    return [SeatTerm.model_validate(row) for row in await queries.seats(session, division_code, taskforce_id, on)]


async def set_member(
    session: Session, caller: Caller, taskforce_id: UUID, body: SeatIn, known: Known, clock: Clock
) -> Row:
    await work.load_own(session, taskforce, caller, taskforce_id, None, what="这个专班")
    return await _set(session, caller, taskforce_id, body, known, clock)


async def set_leading_member(session: Session, caller: Caller, body: LeadingSeatIn, known: Known, clock: Clock) -> Row:
    require_home(caller, body.division_code)
    return await _set(session, caller, None, body, known, clock)


async def _set(
    session: Session, caller: Caller, taskforce_id: UUID | None, body: SeatIn, known: Known, clock: Clock
) -> Row:
    division = caller.home
    last = await queries.last_seat(session, division, taskforce_id, body.person_code)
    if body.seat is None:
        seat = rules.decide_leaving(last, body.reason)
        day = happened_on(body.effective_on, today(clock), "/effective_on", since=seat["began_on"])
        return await _end(session, caller, dict(seat), day, body.reason, clock, action="leave")
    values = _place(known, body) | {"taskforce_id": taskforce_id, "seat": body.seat, "assignment": body.assignment}
    held = last if last is not None and last["ended_on"] is None else None
    if held is not None and all(held[name] == value for name, value in values.items()):
        return held
    day = happened_on(body.effective_on, today(clock), "/effective_on")
    other_head = await queries.last_head(session, division, taskforce_id, but=body.person_code)
    rules.decide_seat(last, other_head, body.seat, day)
    if held is not None:
        await _end(session, caller, held, day, body.reason, clock, action="change")
    values["began_on"] = day
    told = {name: values[name] for name in TOLD}
    made = await work.add(session, group_seat, caller, division, values, clock.now(), action="seat", detail=told)
    if made is None:
        raise SeatedMeanwhile("请重新读取后再调整")
    return made


def _place(known: Known, body: SeatIn) -> dict[str, object]:
    """The person, and the unit that sends them."""
    place = person_columns(known, body.person_code)
    if body.unit_code is not None:
        place |= unit_columns(known, body.unit_code)
    if place["unit_code"] is None:
        message = "此人未登记所在单位，请填写派出单位"
        raise Invalid(errors=[FieldError("/unit_code", "required", message)])
    return place


async def _end(
    session: Session, caller: Caller, seat: Row, ended_on: dt.date, reason: str | None, clock: Clock, *, action: str
) -> Row:
    values: Mapping[str, object] = {"ended_on": ended_on, "end_reason": reason, "ended_by": caller.subject}
    told = {name: seat[name] for name in TOLD} | {"ended_on": ended_on}
    return await work.move(session, group_seat, caller, seat, values, clock.now(), action=action, detail=told)
