"""The steps towards a close-out: ask, attest, check, publish, approve, return. Each locks its project first."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from services.projects.closeout import checklist, queries, rules, sources
from services.projects.closeout.models import closeout, closeout_item
from services.projects.ledger import service as ledger
from services.projects.plan import service as plan
from services.projects.thresholds import thresholds
from shared.chassis.clock import Clock, today
from shared.chassis.days import happened_on
from shared.chassis.identity import Caller
from shared.clients.parties import Known
from shared.clients.petitions import Petitioned
from shared.errors import Conflict, Forbidden, SameUnit
from shared.schemas.gateway.directory import UnitKind
from shared.schemas.projects.closeout import (
    ChecklistItem,
    CloseoutApproval,
    CloseoutAttestation,
    CloseoutCheck,
    CloseoutNotice,
    CloseoutRequest,
    CloseoutReturn,
    CloseoutStatus,
)
from shared.schemas.projects.facts import ProjectKind, ResolutionMode, ResolutionStatus
from shared.schemas.projects.ledger import ResolutionStatusChange
from shared.storage import Session, work
from shared.storage.ids import new_id
from shared.storage.rows import Row

NO_ENTERPRISE = tuple(kind for kind in UnitKind if kind is not UnitKind.ENTERPRISE)


class AlreadyLive(Conflict):
    code, title, title_en = "already_live", "本项目已有未了结的销号", "Close-out already live"


class UnitRequired(Forbidden):
    code, title, title_en = "unit_required", "账号未登记所属单位", "Unit required"


class NotYourUnit(Forbidden):
    code, title, title_en = "not_your_unit", "只能以本单位名义出具证明", "Not your unit"


def signer_of(caller: Caller) -> rules.Signer:
    """Who signs. Without a unit nobody can tell whether he is of another one."""
    if caller.unit is None:
        raise UnitRequired("申请、核查、审定须由登记了所属单位的账号办理，请联系管理员")
    return rules.Signer(caller.subject, caller.unit)


def signed(
    caller: Caller, known: Known, step: str, on: dt.date, document: str | None, note: str | None
) -> dict[str, Any]:
    """The columns of one step."""
    signer = signer_of(caller)
    unit = known.units.get(signer.unit)
    return {
        f"{step}_by": signer.by,
        f"{step}_name": caller.name,
        f"{step}_unit": signer.unit,
        f"{step}_unit_name": unit.name if unit else signer.unit,
        f"{step}_on": on,
        f"{step}_document": document,
        f"{step}_note": note,
    }


def reporter_of(row: Row) -> rules.Signer:
    return rules.Signer(row["reported_by"], row["reported_unit"])


async def held(session: Session, caller: Caller, closeout_id: UUID) -> tuple[Mapping[str, Any], Row]:
    """The project and its close-out, both locked, in the order everybody locks them."""
    seen = await work.load(session, closeout, caller, closeout_id, what="这次销号")
    project = await ledger.own_project(session, caller, seen["project_id"], lock=True)
    return project, await work.load_own(session, closeout, caller, closeout_id, None)


async def request(
    session: Session,
    caller: Caller,
    known: Known,
    gathered: Petitioned | None,
    project_id: UUID,
    body: CloseoutRequest,
    clock: Clock,
) -> Row:
    now, day = clock.now(), today(clock)
    project = await ledger.own_project(session, caller, project_id, lock=True)
    division_code: str = project["division_code"]
    rules.check_under_resolution(project["resolution_status"])
    kind, mode = ProjectKind(project["kind"]), project["resolution_mode"]
    asked = checklist.items_of(kind, ResolutionMode(mode) if mode else None)
    if not asked:
        raise rules.PathUnknown("问题楼盘的销号清单因化解方式而不同，请先在台账中填写化解方式")
    on = happened_on(body.self_checked_on, day, "/self_checked_on")
    values = signed(caller, known, "reported", on, body.document_number, body.note) | {
        "project_id": project_id,
        "status": CloseoutStatus.requested,
        "kind": kind,
        "path": mode,
        "quiet_weeks": await thresholds.value(session, division_code, "quiet_weeks"),
    }
    told = {"status": CloseoutStatus.requested, "kind": kind, "path": mode, "checklist": asked, "unit": caller.unit}
    row = await work.add(session, closeout, caller, division_code, values, now, action="request", detail=told)
    if row is None:
        raise AlreadyLive("一个项目同时只有一次销号；已销号的须先反弹重新纳入")
    found = await sources.first(session, project, row, asked, gathered, clock)
    common = {"division_code": division_code, "project_id": project_id, "closeout_id": row["id"], "version": 1}
    common |= {"created_by": caller.subject, "created_at": now, "updated_at": now}
    await queries.add_items(session, [common | {"id": new_id(), "item": item} | found[item] for item in asked])
    return row


async def attest(
    session: Session,
    caller: Caller,
    known: Known,
    gathered: Petitioned | None,
    closeout_id: UUID,
    body: CloseoutAttestation,
    clock: Clock,
) -> Row:
    now = clock.now()
    project, row = await held(session, caller, closeout_id)
    rules.check_step(CloseoutStatus(row["status"]), CloseoutStatus.returned)
    kept = (await queries.items(session, row["division_code"], closeout_id, lock=True)).get(body.item)
    if kept is None:
        raise checklist.NotOnChecklist("请只对清单上的事项出具证明")
    unit = known.unit(body.unit_code, "/unit_code", *NO_ENTERPRISE)
    if "office" not in caller.roles and caller.unit != body.unit_code:
        raise NotYourUnit("请由该单位的账号，或由领导小组办公室代为录入")
    if body.unit_code == row["reported_unit"]:
        raise SameUnit("申请单位不能为自己的申请出具证明")
    if await sources.known(session, project, row, body.item, gathered, clock) is not None:
        raise checklist.FactIsKnown("请直接更正台账、质量、化解路径或信访系统的记录")
    # How quiet it is now, no older paper can say.
    since = row["reported_on"] if body.item is ChecklistItem.petitions_quiet else None
    on = happened_on(body.attested_on, today(clock), "/attested_on", since=since)
    found = checklist.attested(body.item, body.outstanding, body.last_on, on, row["quiet_weeks"])
    paper = {
        "attested_by": caller.subject,
        "attested_unit": unit.code,
        "attested_unit_name": unit.name,
        "attested_on": on,
        "document_number": body.document_number,
    }
    values = sources.columns_of(found, now) | paper
    told = {"item": body.item, "value": found.value, "met": found.met, "unit": unit.code, "attested_on": on}
    await work.move(session, closeout_item, caller, kept, values, now, action="attest", detail=told)
    return row


async def check(
    session: Session,
    caller: Caller,
    known: Known,
    gathered: Petitioned | None,
    closeout_id: UUID,
    body: CloseoutCheck,
    clock: Clock,
) -> Row:
    now, day = clock.now(), today(clock)
    project, row = await held(session, caller, closeout_id)
    to = rules.CHECKED[body.kind]
    rules.check_step(CloseoutStatus(row["status"]), to)
    rules.check_apart(reporter_of(row), signer_of(caller))
    before = row["department_checked_on"] or row["reported_on"]
    on = happened_on(body.checked_on, day, "/checked_on", since=before)
    values = signed(caller, known, f"{body.kind}_checked", on, body.document_number, body.note)
    if body.passed:
        checklist.check_complete(await sources.refresh(session, caller, project, row, gathered, clock))
        values["status"] = to
    else:
        values |= _returned(caller, day, body.note)
    told = {"status": values["status"], "kind": body.kind, "passed": body.passed, "unit": caller.unit, "on": on}
    return await work.move(session, closeout, caller, row, values, now, action="check", detail=told)


def _returned(caller: Caller, day: dt.date, reason: str) -> dict[str, Any]:
    return {
        "status": CloseoutStatus.returned,
        "returned_by": caller.subject,
        "returned_on": day,
        "returned_reason": reason,
    }


async def publish(session: Session, caller: Caller, closeout_id: UUID, body: CloseoutNotice, clock: Clock) -> Row:
    _, row = await held(session, caller, closeout_id)
    rules.check_step(CloseoutStatus(row["status"]), CloseoutStatus.published)
    day = today(clock)
    values = {
        "status": CloseoutStatus.published,
        "notice_on": day,
        "notice_until": day + dt.timedelta(days=body.days),
        "notice_place": body.place,
        "notice_document": body.document_number,
    }
    told = {name: values[name] for name in ("status", "notice_on", "notice_until")}
    return await work.move(
        session, closeout, caller, row, values, clock.now(), action="publish", visibility="public", detail=told
    )


async def approve(
    session: Session,
    caller: Caller,
    known: Known,
    gathered: Petitioned | None,
    closeout_id: UUID,
    body: CloseoutApproval,
    clock: Clock,
) -> Row:
    """已销号: everything asked once more, then the ledger moves to resolved and names this close-out as the cause."""
    now, day = clock.now(), today(clock)
    project, row = await held(session, caller, closeout_id)
    rules.check_step(CloseoutStatus(row["status"]), CloseoutStatus.closed)
    rules.check_apart(reporter_of(row), signer_of(caller), row["department_checked_by"], row["site_checked_by"])
    rules.check_notice_over(row["notice_until"], day)
    rules.check_under_resolution(project["resolution_status"])
    checklist.check_complete(await sources.refresh(session, caller, project, row, gathered, clock))
    if project["resolution_status"] != ResolutionStatus.resolved:
        change = ResolutionStatusChange(
            to=ResolutionStatus.resolved, reason="领导小组审定销号", evidence_note=body.document_number
        )
        project = await ledger.change_resolution_status(
            session, caller, project["id"], project["version"], change, clock, cause=f"closeout:{closeout_id}"
        )
    promised = await plan.promised_on(session, row["division_code"], row["project_id"])
    values = signed(caller, known, "approved", day, body.document_number, body.note) | {
        "status": CloseoutStatus.closed,
        "approved_project_version": project["version"],
        "approved_construction_status": project["construction_status"],
        "deliver_by": rules.still_due((promised, project["planned_delivery_on"]), day),
    }
    told = {"status": CloseoutStatus.closed, "unit": caller.unit, "on": day, "project_version": project["version"]}
    return await work.move(session, closeout, caller, row, values, now, action="approve", detail=told)


async def send_back(session: Session, caller: Caller, closeout_id: UUID, body: CloseoutReturn, clock: Clock) -> Row:
    _, row = await held(session, caller, closeout_id)
    rules.check_step(CloseoutStatus(row["status"]), CloseoutStatus.returned)
    values = _returned(caller, today(clock), body.reason)
    told = {"status": CloseoutStatus.returned, "on": values["returned_on"]}
    return await work.move(session, closeout, caller, row, values, clock.now(), action="return", detail=told)
