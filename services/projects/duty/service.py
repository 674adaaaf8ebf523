"""Use cases of duty 包抓: assign, hand over, end, back, and tell who answers."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from services.projects.duty import queries, rules
from services.projects.duty.groups import service as groups
from services.projects.duty.models import backstop, duty
from services.projects.duty.people import person_columns, unit_columns
from services.projects.duty.rules import UNIT_ROLES, LiveDuty, live_duty
from services.projects.ledger import service as ledger
from shared.chassis.clock import Clock, today
from shared.chassis.days import happened_on
from shared.chassis.identity import Caller
from shared.clients.parties import Known
from shared.errors import Conflict, FieldError
from shared.schemas.projects.duty import (
    AssignedRole,
    BackstopIn,
    BackstopOut,
    DutyAssign,
    DutyEnd,
    DutyOut,
    DutyRole,
    DutyTerm,
    LeaderLoad,
    ResponsibilityKind,
    ResponsiblePartyIn,
)
from shared.schemas.projects.facts import ResolutionStatus
from shared.storage import Session, work
from shared.storage.rows import Row

TOLD = ("project_id", "role", "person_code", "unit_code", "taskforce_id", "began_on")
"""What audit and event say of a term: codes and days, neither names nor notes."""


class AssignedMeanwhile(Conflict):
    code, title, title_en = "assigned_meanwhile", "刚刚已由他人指定", "Assigned meanwhile"


class BackstopTaken(Conflict):
    code, title, title_en = "backstop_taken", "此文号的兜底决定已登记", "Backstop already recorded"


async def live(session: Session, division_code: str, project_id: UUID, on: dt.date | None = None) -> LiveDuty:
    """Who answers for a project now, or answered on a day."""
    return live_duty(await queries.terms(session, division_code, project_id, on))


async def leads(session: Session, division_code: str) -> dict[UUID, tuple[str, str]]:
    """Code and name of who leads each project of a division now."""
    found = await queries.leads(session, division_code)
    return {row["project_id"]: (row["person_code"], row["person_name"]) for row in found}


async def answers_for(session: Session, division_code: str, project_id: UUID, unit_code: str | None) -> str | None:
    """In which role a unit answers for a project now: `taskforce`, `enterprise`, `territory`, `department`,
    `judicial`; None where it has no part in it."""
    if unit_code is None:
        return None
    roles = await queries.roles_of_unit(session, division_code, project_id, unit_code)
    return next((role for role in UNIT_ROLES if role in roles), None)


async def reporters(session: Session, division_code: str) -> list[Row]:
    """Who must report progress in a county: live enterprises and task forces (`project_id`, `role`, `unit_code`,
    `began_on`), the enterprise of a project before its task force."""
    return await queries.reporters(session, division_code)


async def assign(
    session: Session, caller: Caller, project_id: UUID, body: DutyAssign, known: Known, clock: Clock
) -> Row:
    """A leader or a task force takes a project on; who held the role until then ends the same day."""
    code = rules.holder_code(body.role, body.person_code, body.unit_code)
    project = await ledger.own_project(session, caller, project_id, lock=True)
    if body.role is AssignedRole.taskforce:
        force = await groups.of_unit(session, project["division_code"], code)
        holder = {"taskforce_id": force["id"], "unit_code": force["unit_code"], "unit_name": force["unit_name"]}
    else:
        holder = person_columns(known, code)
    return await _take_over(session, caller, project, DutyRole(body.role), holder, body, clock)


async def name_responsible_party(
    session: Session, caller: Caller, project_id: UUID, body: ResponsiblePartyIn, known: Known, clock: Clock
) -> Row:
    """One of the four responsibilities gets its named party."""
    project = await ledger.own_project(session, caller, project_id, lock=True)
    holder = person_columns(known, body.person_code) if body.person_code else {}
    holder |= unit_columns(known, body.unit_code, *rules.BORNE_BY[body.kind])
    return await _take_over(session, caller, project, DutyRole(body.kind), holder, body, clock)


async def _take_over(
    session: Session,
    caller: Caller,
    project: Mapping[str, Any],
    role: DutyRole,
    holder: Mapping[str, Any],
    body: DutyAssign | ResponsiblePartyIn,
    clock: Clock,
) -> Row:
    division, project_id = project["division_code"], project["id"]
    began_on = happened_on(body.began_on, today(clock), "/began_on")
    replaced = rules.decide_term(
        await queries.terms_beyond(session, division, project_id, began_on),
        role,
        person_code=holder.get("person_code"),
        unit_code=holder.get("unit_code"),
        began_on=began_on,
        handover_note=body.handover_note,
    )
    if replaced is not None:
        await _end(session, caller, dict(replaced), began_on, None, clock, action="hand_over")
    term = {"project_id": project_id, "role": role.value, "began_on": began_on, **holder}
    detail = {name: term.get(name) for name in TOLD} | {"replaces": replaced["id"] if replaced else None}
    made = await work.add(
        session,
        duty,
        caller,
        division,
        term | {"handover_note": body.handover_note},
        clock.now(),
        action="assign",
        detail=detail,
    )
    if made is None:
        raise AssignedMeanwhile("请重新读取后再指定")
    return made


async def _end(
    session: Session, caller: Caller, term: Row, ended_on: dt.date, reason: str | None, clock: Clock, *, action: str
) -> Row:
    values = {"ended_on": ended_on, "end_reason": reason, "ended_by": caller.subject}
    detail = {name: term[name] for name in TOLD} | {"ended_on": ended_on}
    return await work.move(session, duty, caller, term, values, clock.now(), action=action, detail=detail)


async def end(session: Session, caller: Caller, duty_id: UUID, body: DutyEnd, clock: Clock) -> Row:
    """A term ends with nobody to take over."""
    found = await work.load(session, duty, caller, duty_id, what="这一任期")
    # The project first, as whoever assigns does: two who wait for each other's row would be a deadlock.
    project = await ledger.own_project(session, caller, found["project_id"], lock=True)
    term = await work.load_own(session, duty, caller, duty_id, None, what="这一任期")
    rules.decide_end(term, is_resolved=project["resolution_status"] == ResolutionStatus.resolved)
    ended_on = happened_on(body.ended_on, today(clock), "/ended_on", since=term["began_on"])
    return await _end(session, caller, term, ended_on, body.reason, clock, action="end")


async def on_day(session: Session, caller: Caller, project_id: UUID, on: dt.date | None, clock: Clock) -> DutyOut:
    """Everybody who answers for a project, now or on a day."""
    project = await ledger.load(session, caller, project_id)
    division, day = project["division_code"], on or today(clock)
    terms = await queries.terms(session, division, project_id, on)
    held = {term["role"]: DutyTerm.model_validate(term) for term in terms}
    backed = await queries.standing_backstop(session, division, project_id, day)
    return DutyOut(
        division_code=division,
        project_id=project_id,
        on=day,
        lead=held.get(DutyRole.lead),
        supporting=held.get(DutyRole.supporting),
        taskforce=held.get(DutyRole.taskforce),
        responsibilities=[held[kind] for kind in ResponsibilityKind if kind in held],
        vacant=rules.vacant(terms),
        backstop=BackstopOut.model_validate(backed) if backed else None,
    )


async def history(
    session: Session,
    caller: Caller,
    project_id: UUID,
    *,
    role: DutyRole | None,
    after: Sequence[str] | None,
    limit: int,
) -> list[Row]:
    project = await ledger.load(session, caller, project_id)
    return await queries.history(session, project["division_code"], project_id, role=role, after=after, limit=limit)


async def leader_load(
    session: Session, scope: str, clock: Clock, *, after: Sequence[object] | None, limit: int
) -> list[LeaderLoad]:
    found = await queries.load(session, scope, today(clock), after=after, limit=limit)
    return [LeaderLoad.model_validate(row) for row in found]


def load_position(item: LeaderLoad) -> list[object]:
    """Where in the list an item stands, for a cursor."""
    return [-item.leads, -item.supports, item.division_code, item.person_code]


async def back(session: Session, caller: Caller, project_id: UUID, body: BackstopIn, clock: Clock) -> Row:
    """The government stands in, after the named enterprise was called on in writing and did not."""
    project = await ledger.own_project(session, caller, project_id, lock=True)
    decided_on = happened_on(body.decided_on, today(clock), "/decided_on")
    live_terms = await queries.terms(session, project["division_code"], project_id)
    enterprise = rules.decide_backstop(live_terms, body.called_on, decided_on)
    values = body.model_dump() | {
        "project_id": project_id,
        "decided_on": decided_on,
        "enterprise_duty_id": enterprise["id"],
        "enterprise_code": enterprise["unit_code"],
        "enterprise_name": enterprise["unit_name"],
    }
    told = ("project_id", "enterprise_code", "called_on", "decided_on")
    detail = {name: values[name] for name in told}
    made = await work.add(
        session, backstop, caller, project["division_code"], values, clock.now(), action="decide", detail=detail
    )
    if made is None:
        where = FieldError("/document_number", "backstop_taken", "同一项目同一文号只登记一次")
        raise BackstopTaken(errors=[where])
    return made
