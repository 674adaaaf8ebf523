"""质量与安全 on the wire."""

from functools import partial
from uuid import UUID

from fastapi import APIRouter, Response

from services.projects.quality import queries, service
from services.projects.quality.models import defect, quality_inspection
from shared.chassis.app import CONFLICT
from shared.chassis.clock import today
from shared.chassis.http import created, etag
from shared.chassis.listing import CurrentListing
from shared.chassis.route import CurrentCaller, CurrentClock
from shared.clients.parties import CurrentParties
from shared.schemas.projects.quality import (
    DefectOut,
    DefectPage,
    DefectRecord,
    DefectSeverity,
    DefectStatus,
    QualityInspectionOut,
    QualityInspectionPage,
    QualityVerdict,
    RectificationOrder,
    RectificationReport,
    ReinspectionResult,
    SafetyInspectionRecord,
)
from shared.storage import work
from shared.storage.route import CurrentSession, Route

router = APIRouter(prefix="/v1/projects", tags=["质量与安全"], route_class=Route)


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
    created(response, f"/v1/projects/quality-inspections/{row['id']}", row["version"])
    return service.shown_inspection(row)


@router.get("/quality-inspections", operation_id="list_quality_inspections", summary="质量安全检查列表")
async def list_quality_inspections(
    listing: CurrentListing,
    session: CurrentSession,
    project_id: UUID | None = None,
    verdict: QualityVerdict | None = None,
) -> QualityInspectionPage:
    filters = {"project_id": project_id, "verdict": verdict}
    rows, following = await listing.page(
        "quality_inspection", filters, partial(queries.page, session, quality_inspection, listing.scope, filters)
    )
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
    created(response, f"/v1/projects/defects/{row['id']}", row["version"])
    return service.shown_defect(row, today(clock))


@router.get("/defects", operation_id="list_defects", summary="缺陷列表")
async def list_defects(
    listing: CurrentListing,
    session: CurrentSession,
    clock: CurrentClock,
    project_id: UUID | None = None,
    inspection_id: UUID | None = None,
    status: DefectStatus | None = None,
    severity: DefectSeverity | None = None,
) -> DefectPage:
    filters = {"project_id": project_id, "inspection_id": inspection_id, "status": status, "severity": severity}
    rows, following = await listing.page(
        "defect", filters, partial(queries.page, session, defect, listing.scope, filters)
    )
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
