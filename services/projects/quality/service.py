"""Use cases of 质量与安全. `built` answers the close-out."""

import datetime as dt
from typing import Any
from uuid import UUID

from services.projects.ledger import service as ledger
from services.projects.quality import queries, rules
from services.projects.quality.models import defect, incident, quality_inspection
from shared.chassis.clock import Clock, today
from shared.chassis.days import happened_on, still_ahead
from shared.chassis.identity import Caller
from shared.clients.parties import Known
from shared.schemas.projects.acceptances import IncidentOut, IncidentPatch, IncidentRecord
from shared.schemas.projects.quality import (
    DefectOut,
    DefectRecord,
    DefectStatus,
    QualityInspectionOut,
    RectificationOrder,
    RectificationReport,
    ReinspectionResult,
    SafetyInspectionRecord,
)
from shared.storage import Session, work
from shared.storage.rows import Row

REINSPECTION = tuple(column.name for column in defect.c if column.name.startswith("reinspected_"))


async def built(session: Session, division_code: str, project_id: UUID) -> rules.Built:
    """What a close-out asks of quality."""
    accepted = await queries.acceptances(session, division_code, project_id)
    return rules.built(accepted, await queries.open_severities(session, division_code, project_id))


def _unit_name(caller: Caller, known: Known) -> str | None:
    unit = known.units.get(caller.unit) if caller.unit else None
    return unit.name if unit else caller.unit


async def inspect(
    session: Session, caller: Caller, known: Known, project_id: UUID, body: SafetyInspectionRecord, clock: Clock
) -> Row:
    project = await ledger.own_project(session, caller, project_id, lock=True)
    on = happened_on(body.inspected_on, today(clock), "/inspected_on")
    values = body.model_dump() | {
        "project_id": project_id,
        "inspected_on": on,
        "inspected_by": caller.subject,
        "inspected_name": caller.name,
        "inspected_unit": caller.unit,
        "inspected_unit_name": _unit_name(caller, known),
    }
    told = {name: values[name] for name in ("kind", "verdict", "inspected_on", "inspected_unit")}
    row = await work.add(
        session, quality_inspection, caller, project["division_code"], values, clock.now(), detail=told
    )
    assert row is not None, "an inspection has no key but its id"
    return row


def shown_inspection(row: Row) -> QualityInspectionOut:
    return work.shown(QualityInspectionOut, row)


async def held(session: Session, caller: Caller, table: Any, row_id: UUID, what: str) -> Row:
    """The row, after its project: everybody locks in that order."""
    seen = await work.load(session, table, caller, row_id, what=what)
    await ledger.own_project(session, caller, seen["project_id"], lock=True)
    return await work.load_own(session, table, caller, row_id, None, what=what)


async def find_defect(session: Session, caller: Caller, inspection_id: UUID, body: DefectRecord, clock: Clock) -> Row:
    """A defect is always found by an inspection: what nobody looked at nobody found."""
    seen = await held(session, caller, quality_inspection, inspection_id, "这次检查")
    values = body.model_dump() | {
        "project_id": seen["project_id"],
        "inspection_id": inspection_id,
        "status": DefectStatus.found,
        "failures": 0,
    }
    told = {"inspection_id": inspection_id, "kind": body.kind, "severity": body.severity}
    row = await work.add(session, defect, caller, seen["division_code"], values, clock.now(), detail=told)
    assert row is not None, "a defect has no key but its id"
    return row


async def order(
    session: Session, caller: Caller, known: Known, defect_id: UUID, body: RectificationOrder, clock: Clock
) -> Row:
    row = await held(session, caller, defect, defect_id, "这项缺陷")
    rules.check_move(DefectStatus(row["status"]), DefectStatus.ordered)
    if row["status"] == DefectStatus.rectified:
        raise rules.StepNotAllowed("已报告整改完成，请先复查")
    unit = known.unit(body.unit_code, "/unit_code")
    day = today(clock)
    still_ahead(body.due_on, day, "/due_on")
    values = body.model_dump() | {"unit_name": unit.name, "ordered_on": day, "status": DefectStatus.ordered}
    told = {"unit": unit.code, "due_on": body.due_on}
    return await work.move(session, defect, caller, row, values, clock.now(), action="order", detail=told)


async def rectify(session: Session, caller: Caller, defect_id: UUID, body: RectificationReport, clock: Clock) -> Row:
    row = await held(session, caller, defect, defect_id, "这项缺陷")
    rules.check_move(DefectStatus(row["status"]), DefectStatus.rectified)
    on = happened_on(body.rectified_on, today(clock), "/rectified_on", since=row["ordered_on"])
    # A re-inspection is of this rectification; the one before it stays in the audit and in `failures`.
    values: dict[str, Any] = dict.fromkeys(REINSPECTION)
    values |= {
        "status": DefectStatus.rectified,
        "rectified_by": caller.subject,
        "rectified_name": caller.name,
        "rectified_unit": caller.unit,
        "rectified_on": on,
        "rectified_note": body.note,
    }
    told = {"status": DefectStatus.rectified, "rectified_on": on, "unit": caller.unit}
    return await work.move(session, defect, caller, row, values, clock.now(), action="rectify", detail=told)


async def reinspect(session: Session, caller: Caller, defect_id: UUID, body: ReinspectionResult, clock: Clock) -> Row:
    """Closed when it passes; back to its order when it does not."""
    row = await held(session, caller, defect, defect_id, "这项缺陷")
    to = DefectStatus.closed if body.passed else DefectStatus.ordered
    if row["status"] != DefectStatus.rectified:
        raise rules.StepNotAllowed("报告整改完成之后才能复查")
    rules.check_another(row["rectified_by"], caller.subject)
    on = happened_on(body.reinspected_on, today(clock), "/reinspected_on", since=row["rectified_on"])
    values = {
        "status": to,
        "reinspected_by": caller.subject,
        "reinspected_name": caller.name,
        "reinspected_unit": caller.unit,
        "reinspected_on": on,
        "reinspected_note": body.note,
        "failures": row["failures"] + (not body.passed),
    }
    told = {"status": to, "passed": body.passed, "reinspected_on": on, "unit": caller.unit}
    return await work.move(session, defect, caller, row, values, clock.now(), action="reinspect", detail=told)


def shown_defect(row: Row, day: dt.date) -> DefectOut:
    return work.shown(DefectOut, row, days_late=rules.days_late(row, day))


async def report_incident(
    session: Session, caller: Caller, project_id: UUID, body: IncidentRecord, clock: Clock
) -> Row:
    project = await ledger.own_project(session, caller, project_id, lock=True)
    day = today(clock)
    happened_on(body.occurred_on, day, "/occurred_on")
    on = happened_on(body.reported_on, day, "/reported_on", since=body.occurred_on)
    values = body.model_dump() | {"project_id": project_id, "reported_on": on}
    told = {name: value for name, value in values.items() if name not in ("note", "place")}
    row = await work.add(session, incident, caller, project["division_code"], values, clock.now(), detail=told)
    assert row is not None, "an incident has no key but its id"
    return row


async def correct_incident(
    session: Session, caller: Caller, incident_id: UUID, version: int, body: IncidentPatch, clock: Clock
) -> Row:
    row = await work.load_own(session, incident, caller, incident_id, version, what="这起事故")
    given = body.model_dump(exclude_unset=True)
    if all(row[name] == value for name, value in given.items()):
        return row
    told = {name: value for name, value in given.items() if name != "note"}
    return await work.move(session, incident, caller, row, given, clock.now(), detail=told)


def shown_incident(row: Row) -> IncidentOut:
    level = rules.level(row["dead"], row["seriously_injured"], row["loss_fen"])
    return work.shown(IncidentOut, row, level=level)
