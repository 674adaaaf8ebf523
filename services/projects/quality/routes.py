"""质量与安全 on the wire."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from services.projects import work
from services.projects.parties import CurrentParties
from services.projects.quality import acceptances, queries, service
from services.projects.quality.models import acceptance, defect, incident, quality_inspection
from shared.chassis.app import CONFLICT, VERSIONED
from shared.chassis.clock import today
from shared.chassis.http import Cursor, Cursors, IfMatch, Limit, etag
from shared.chassis.identity import Caller
from shared.chassis.route import CurrentCaller, CurrentClock, CurrentCursors
from shared.schemas.base import DivisionCode
from shared.schemas.projects.quality import (
    AcceptanceFiling,
    AcceptanceOut,
    AcceptancePage,
    AcceptanceRecord,
    AcceptanceStage,
    DefectOut,
    DefectPage,
    DefectRecord,
    DefectSeverity,
    DefectStatus,
    IncidentKind,
    IncidentOut,
    IncidentPage,
    IncidentPatch,
    IncidentRecord,
    QualityInspectionOut,
    QualityInspectionPage,
    QualityVerdict,
    RectificationOrder,
    RectificationReport,
    ReinspectionResult,
    SafetyInspectionRecord,
)
from shared.storage.calendar import load_calendar
from shared.storage.route import CurrentSession, Route
from shared.storage.rows import Row

router = APIRouter(prefix="/v1/projects", tags=["质量与安全"], route_class=Route)


async def _page(
    session: CurrentSession,
    table: Any,
    caller: Caller,
    cursors: Cursors,
    division_code: str | None,
    filters: dict[str, Any],
    limit: int,
    cursor: str | None,
) -> tuple[list[Row], str | None]:
    """A page of one of the four lists, and the cursor of the next."""
    scope = work.scope_of(caller, division_code)
    bound = [caller.subject, table.name, scope, filters]
    after = cursors.decode(cursor, bound) if cursor else None
    found = await queries.page(session, table, scope, filters, after=after, limit=limit + 1)
    following = cursors.encode([found[limit - 1]["id"]], bound) if len(found) > limit else None
    return found[:limit], following


def _made(row: Row, path: str, response: Response) -> None:
    response.headers["Location"] = f"/v1/projects/{path}/{row['id']}"
    response.headers["ETag"] = etag(row["version"])


@router.post(
    "/projects/{project_id}/quality-inspections",
    operation_id="record_safety_inspection",
    summary="登记一次质量安全检查",
    status_code=201,
)
async def record_safety_inspection(
    project_id: UUID,
    body: SafetyInspectionRecord,
    caller: CurrentCaller,
    session: CurrentSession,
    clock: CurrentClock,
    parties: CurrentParties,
    response: Response,
) -> QualityInspectionOut:
    known = await parties.of(caller.home, caller.unit)
    row = await service.inspect(session, caller, known, project_id, body, clock)
    _made(row, "quality-inspections", response)
    return service.shown_inspection(row)


@router.get("/quality-inspections", operation_id="list_quality_inspections", summary="质量安全检查列表")
async def list_quality_inspections(
    caller: CurrentCaller,
    session: CurrentSession,
    cursors: CurrentCursors,
    division_code: DivisionCode | None = None,
    project_id: UUID | None = None,
    verdict: QualityVerdict | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> QualityInspectionPage:
    filters = {"project_id": project_id, "verdict": verdict}
    rows, following = await _page(session, quality_inspection, caller, cursors, division_code, filters, limit, cursor)
    return QualityInspectionPage(items=[service.shown_inspection(row) for row in rows], next_cursor=following)


@router.get(
    "/quality-inspections/{quality_inspection_id}", operation_id="get_quality_inspection", summary="一次质量安全检查"
)
async def get_quality_inspection(
    quality_inspection_id: UUID, caller: CurrentCaller, session: CurrentSession, response: Response
) -> QualityInspectionOut:
    row = await work.load(session, quality_inspection, caller, quality_inspection_id, what="这次检查")
    response.headers["ETag"] = etag(row["version"])
    return service.shown_inspection(row)


@router.post(
    "/quality-inspections/{quality_inspection_id}/defects",
    operation_id="record_defect",
    summary="登记检查发现的缺陷",
    status_code=201,
)
async def record_defect(
    quality_inspection_id: UUID,
    body: DefectRecord,
    caller: CurrentCaller,
    session: CurrentSession,
    clock: CurrentClock,
    response: Response,
) -> DefectOut:
    row = await service.find_defect(session, caller, quality_inspection_id, body, clock)
    _made(row, "defects", response)
    return service.shown_defect(row, today(clock))


@router.get("/defects", operation_id="list_defects", summary="缺陷列表")
async def list_defects(
    caller: CurrentCaller,
    session: CurrentSession,
    clock: CurrentClock,
    cursors: CurrentCursors,
    division_code: DivisionCode | None = None,
    project_id: UUID | None = None,
    inspection_id: UUID | None = None,
    status: DefectStatus | None = None,
    severity: DefectSeverity | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> DefectPage:
    filters = {"project_id": project_id, "inspection_id": inspection_id, "status": status, "severity": severity}
    rows, following = await _page(session, defect, caller, cursors, division_code, filters, limit, cursor)
    return DefectPage(items=[service.shown_defect(row, today(clock)) for row in rows], next_cursor=following)


@router.get("/defects/{defect_id}", operation_id="get_defect", summary="一项缺陷")
async def get_defect(
    defect_id: UUID, caller: CurrentCaller, session: CurrentSession, clock: CurrentClock, response: Response
) -> DefectOut:
    row = await work.load(session, defect, caller, defect_id, what="这项缺陷")
    response.headers["ETag"] = etag(row["version"])
    return service.shown_defect(row, today(clock))


@router.post("/defects/{defect_id}/order", operation_id="order_rectification", summary="责令整改", responses=CONFLICT)
async def order_rectification(
    defect_id: UUID,
    body: RectificationOrder,
    caller: CurrentCaller,
    session: CurrentSession,
    clock: CurrentClock,
    parties: CurrentParties,
    response: Response,
) -> DefectOut:
    known = await parties.of(caller.home, body.unit_code)
    row = await service.order(session, caller, known, defect_id, body, clock)
    response.headers["ETag"] = etag(row["version"])
    return service.shown_defect(row, today(clock))


@router.post("/defects/{defect_id}/rectify", operation_id="rectify_defect", summary="报告整改完成", responses=CONFLICT)
async def rectify_defect(
    defect_id: UUID,
    body: RectificationReport,
    caller: CurrentCaller,
    session: CurrentSession,
    clock: CurrentClock,
    response: Response,
) -> DefectOut:
    row = await service.rectify(session, caller, defect_id, body, clock)
    response.headers["ETag"] = etag(row["version"])
    return service.shown_defect(row, today(clock))


@router.post("/defects/{defect_id}/reinspect", operation_id="reinspect_defect", summary="复查整改", responses=CONFLICT)
async def reinspect_defect(
    defect_id: UUID,
    body: ReinspectionResult,
    caller: CurrentCaller,
    session: CurrentSession,
    clock: CurrentClock,
    response: Response,
) -> DefectOut:
    row = await service.reinspect(session, caller, defect_id, body, clock)
    response.headers["ETag"] = etag(row["version"])
    return service.shown_defect(row, today(clock))


@router.post(
    "/projects/{project_id}/acceptances",
    operation_id="record_acceptance",
    summary="登记质量验收",
    status_code=201,
    responses=CONFLICT,
)
async def record_acceptance(
    project_id: UUID,
    body: AcceptanceRecord,
    caller: CurrentCaller,
    session: CurrentSession,
    clock: CurrentClock,
    response: Response,
) -> AcceptanceOut:
    row = await acceptances.accept(session, caller, project_id, body, clock)
    _made(row, "acceptances", response)
    return acceptances.shown_acceptance(row, today(clock), await load_calendar(session))


@router.get("/acceptances", operation_id="list_acceptances", summary="质量验收列表")
async def list_acceptances(
    caller: CurrentCaller,
    session: CurrentSession,
    clock: CurrentClock,
    cursors: CurrentCursors,
    division_code: DivisionCode | None = None,
    project_id: UUID | None = None,
    stage: AcceptanceStage | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> AcceptancePage:
    filters = {"project_id": project_id, "stage": stage}
    rows, following = await _page(session, acceptance, caller, cursors, division_code, filters, limit, cursor)
    calendar = await load_calendar(session)
    items = [acceptances.shown_acceptance(row, today(clock), calendar) for row in rows]
    return AcceptancePage(items=items, next_cursor=following)


@router.get("/acceptances/{acceptance_id}", operation_id="get_acceptance", summary="一次质量验收")
async def get_acceptance(
    acceptance_id: UUID, caller: CurrentCaller, session: CurrentSession, clock: CurrentClock, response: Response
) -> AcceptanceOut:
    row = await work.load(session, acceptance, caller, acceptance_id, what="这次验收")
    response.headers["ETag"] = etag(row["version"])
    return acceptances.shown_acceptance(row, today(clock), await load_calendar(session))


@router.post(
    "/acceptances/{acceptance_id}/file",
    operation_id="file_acceptance",
    summary="登记竣工验收备案",
    responses=CONFLICT,
)
async def file_acceptance(
    acceptance_id: UUID,
    body: AcceptanceFiling,
    caller: CurrentCaller,
    session: CurrentSession,
    clock: CurrentClock,
    response: Response,
) -> AcceptanceOut:
    row = await acceptances.file_acceptance(session, caller, acceptance_id, body, clock)
    response.headers["ETag"] = etag(row["version"])
    return acceptances.shown_acceptance(row, today(clock), await load_calendar(session))


@router.post("/projects/{project_id}/incidents", operation_id="record_incident", summary="上报事故", status_code=201)
async def record_incident(
    project_id: UUID,
    body: IncidentRecord,
    caller: CurrentCaller,
    session: CurrentSession,
    clock: CurrentClock,
    response: Response,
) -> IncidentOut:
    row = await service.report_incident(session, caller, project_id, body, clock)
    _made(row, "incidents", response)
    return service.shown_incident(row)


@router.get("/incidents", operation_id="list_incidents", summary="事故列表")
async def list_incidents(
    caller: CurrentCaller,
    session: CurrentSession,
    cursors: CurrentCursors,
    division_code: DivisionCode | None = None,
    project_id: UUID | None = None,
    kind: IncidentKind | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> IncidentPage:
    filters = {"project_id": project_id, "kind": kind}
    rows, following = await _page(session, incident, caller, cursors, division_code, filters, limit, cursor)
    return IncidentPage(items=[service.shown_incident(row) for row in rows], next_cursor=following)


@router.get("/incidents/{incident_id}", operation_id="get_incident", summary="一起事故")
async def get_incident(
    incident_id: UUID, caller: CurrentCaller, session: CurrentSession, response: Response
) -> IncidentOut:
    row = await work.load(session, incident, caller, incident_id, what="这起事故")
    response.headers["ETag"] = etag(row["version"])
    return service.shown_incident(row)


@router.patch(
    "/incidents/{incident_id}", operation_id="update_incident", summary="补报事故伤亡与损失", responses=VERSIONED
)
async def update_incident(
    incident_id: UUID,
    body: IncidentPatch,
    version: IfMatch,
    caller: CurrentCaller,
    session: CurrentSession,
    clock: CurrentClock,
    response: Response,
) -> IncidentOut:
    row = await service.correct_incident(session, caller, incident_id, version, body, clock)
    response.headers["ETag"] = etag(row["version"])
    return service.shown_incident(row)
