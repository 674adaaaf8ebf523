"""进度与真实性 on the wire: claims, checks, how far they agree."""

from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from services.projects.progress import queries, service
from services.projects.progress.models import progress_report
from services.projects.progress.parameters import Corrected, Span, one_county
from shared.chassis.app import CONFLICT
from shared.chassis.clock import today
from shared.chassis.http import created, etag
from shared.chassis.listing import CurrentListing
from shared.chassis.route import CurrentCaller, CurrentClock
from shared.clients.parties import CurrentParties
from shared.schemas.gateway.identity import UnitCode
from shared.schemas.projects.facts import Resumption
from shared.schemas.projects.progress import (
    ProgressInspectionIn,
    ProgressInspectionOut,
    ProgressInspectionPage,
    ProgressReportIn,
    ProgressReportOut,
    ProgressReportPage,
    ProgressSummary,
    ProgressSummaryPage,
    ReliabilityPage,
    ReporterRole,
)
from shared.storage import work
from shared.storage.route import CurrentSession, Route

router = APIRouter(prefix="/v1/projects", tags=["进度与真实性"], route_class=Route)


@router.post(
    "/projects/{project_id}/progress-reports",
    operation_id="report_progress",
    summary="报告进度（企业或专班自报，或办公室代报）",
    status_code=201,
    responses=CONFLICT,
)
async def report_progress(
    project_id: UUID,
    body: ProgressReportIn,
    caller: CurrentCaller,
    session: CurrentSession,
    clock: CurrentClock,
    parties: CurrentParties,
    response: Response,
) -> ProgressReportOut:
    row = await service.report(session, caller, parties, project_id, body, clock)
    created(response, f"/v1/projects/progress-reports/{row['id']}", row["version"])
    return service.shown_report(row)


@router.get("/progress-reports", operation_id="list_progress_reports", summary="进度报告列表")
async def list_progress_reports(
    listing: CurrentListing,
    caller: CurrentCaller,
    session: CurrentSession,
    span: Span,
    unit_code: UnitCode | None = None,
    role: ReporterRole | None = None,
    corrected: Corrected = None,
) -> ProgressReportPage:
    """企业只看到本单位的报告。"""
    filters = span | {"unit_code": unit_code, "role": role, "corrected": corrected}
    own = work.own_rows(caller, "unit_code")
    rows, following = await listing.page(
        "progress_report", filters, partial(queries.page, session, progress_report, listing.scope, filters, own)
    )
    return ProgressReportPage(items=[service.shown_report(row) for row in rows], next_cursor=following)


@router.get("/progress-reports/{progress_report_id}", operation_id="get_progress_report", summary="一份进度报告")
async def get_progress_report(
    progress_report_id: UUID, caller: CurrentCaller, session: CurrentSession, response: Response
) -> ProgressReportOut:
    own = work.own_rows(caller, "unit_code")
    row = await work.load(session, progress_report, caller, progress_report_id, what=service.REPORT, only=own)
    response.headers["ETag"] = etag(row["version"])
    return service.shown_report(row)


@router.post(
    "/projects/{project_id}/progress-inspections",
    operation_id="inspect_progress",
    summary="核查进度（由项目以外的单位和人员）",
    status_code=201,
    responses=CONFLICT,
)
async def inspect_progress(
    project_id: UUID,
    body: ProgressInspectionIn,
    caller: CurrentCaller,
    session: CurrentSession,
    clock: CurrentClock,
    parties: CurrentParties,
    response: Response,
) -> ProgressInspectionOut:
    row, claim = await service.inspect(session, caller, parties, project_id, body, clock)
    created(response, f"/v1/projects/progress-inspections/{row['id']}", row["version"])
    return service.shown_inspection(row, claim)


@router.get("/progress-inspections", operation_id="list_progress_inspections", summary="进度核查列表")
async def list_progress_inspections(
    listing: CurrentListing,
    session: CurrentSession,
    span: Span,
    unit_code: Annotated[UnitCode | None, Query(description="核查单位")] = None,
    reporting_unit_code: Annotated[UnitCode | None, Query(description="所核对报告的报告单位")] = None,
) -> ProgressInspectionPage:
    filters = span | {"unit_code": unit_code, "reporting_unit_code": reporting_unit_code}
    found, following = await listing.page(
        "progress_inspection",
        filters,
        partial(queries.inspections, session, listing.scope, filters),
        lambda inspected: [inspected[0]["id"]],
    )
    items = [service.shown_inspection(*inspected) for inspected in found]
    return ProgressInspectionPage(items=items, next_cursor=following)


@router.get(
    "/progress-inspections/{progress_inspection_id}", operation_id="get_progress_inspection", summary="一次进度核查"
)
async def get_progress_inspection(
    progress_inspection_id: UUID, caller: CurrentCaller, session: CurrentSession, response: Response
) -> ProgressInspectionOut:
    row, claim = await service.inspected(session, caller, progress_inspection_id)
    response.headers["ETag"] = etag(row["version"])
    return service.shown_inspection(row, claim)


@router.get(
    "/projects/{project_id}/progress-summary",
    operation_id="get_project_progress_summary",
    summary="进度摘要：报称、核定、差异与复工认定",
)
async def get_project_progress_summary(
    project_id: UUID, caller: CurrentCaller, session: CurrentSession, clock: CurrentClock
) -> ProgressSummary:
    return await service.summary(session, caller, project_id, clock)


@router.get("/progress-summaries", operation_id="list_project_progress_summaries", summary="一个县各项目的进度摘要")
async def list_project_progress_summaries(
    listing: CurrentListing, session: CurrentSession, clock: CurrentClock, resumption: Resumption | None = None
) -> ProgressSummaryPage:
    items, following = await listing.page(
        "progress_summary",
        {"resumption": resumption},
        partial(service.summaries, session, one_county(listing.scope), today(clock), resumption=resumption),
        lambda summary: [summary.project_code],
    )
    return ProgressSummaryPage(items=items, next_cursor=following)


@router.get("/reliability", operation_id="list_reliability", summary="企业和专班的报告可信度")
async def list_reliability(
    listing: CurrentListing, session: CurrentSession, unit_code: UnitCode | None = None
) -> ReliabilityPage:
    """评分 = 最近 12 次核查中“核定与报称之比（小÷大）”的平均，进度与到位资金各半；不足 3 次不评分。"""
    filters = {"unit_code": unit_code}
    items, following = await listing.page(
        "reliability",
        filters,
        partial(service.reliabilities, session, listing.scope, filters),
        lambda unit: [unit.division_code, unit.unit_code],
    )
    return ReliabilityPage(items=items, next_cursor=following)
