"""进度与真实性 on the wire: claims, checks, how far they agree."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from services.projects import work
from services.projects.parties import CurrentParties
from services.projects.progress import queries, service
from services.projects.progress.models import progress_report
from services.projects.progress.parameters import InspectionQuery, ReliabilityQuery, ReportQuery, SummaryQuery
from shared.chassis.app import CONFLICT
from shared.chassis.clock import today
from shared.chassis.http import etag
from shared.chassis.route import CurrentCaller, CurrentClock, CurrentCursors
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
)
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
    response.headers["Location"] = f"/v1/projects/progress-reports/{row['id']}"
    response.headers["ETag"] = etag(row["version"])
    return service.shown_report(row)


@router.get("/progress-reports", operation_id="list_progress_reports", summary="进度报告列表")
async def list_progress_reports(
    query: Annotated[ReportQuery, Query()], caller: CurrentCaller, session: CurrentSession, cursors: CurrentCursors
) -> ProgressReportPage:
    bound = query.bound(caller, "progress-reports")
    after = cursors.decode(query.cursor, bound) if query.cursor else None
    found = await queries.page(
        session, progress_report, query.scope(caller), query.filters, after=after, limit=query.limit + 1
    )
    items = [service.shown_report(row) for row in found[: query.limit]]
    following = cursors.encode([items[-1].id], bound) if len(found) > query.limit else None
    return ProgressReportPage(items=items, next_cursor=following)


@router.get("/progress-reports/{progress_report_id}", operation_id="get_progress_report", summary="一份进度报告")
async def get_progress_report(
    progress_report_id: UUID, caller: CurrentCaller, session: CurrentSession, response: Response
) -> ProgressReportOut:
    row = await work.load(session, progress_report, caller, progress_report_id, what=service.REPORT)
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
    response.headers["Location"] = f"/v1/projects/progress-inspections/{row['id']}"
    response.headers["ETag"] = etag(row["version"])
    return service.shown_inspection(row, claim)


@router.get("/progress-inspections", operation_id="list_progress_inspections", summary="进度核查列表")
async def list_progress_inspections(
    query: Annotated[InspectionQuery, Query()], caller: CurrentCaller, session: CurrentSession, cursors: CurrentCursors
) -> ProgressInspectionPage:
    bound = query.bound(caller, "progress-inspections")
    after = cursors.decode(query.cursor, bound) if query.cursor else None
    found = await queries.inspections(session, query.scope(caller), query.filters, after=after, limit=query.limit + 1)
    items = [service.shown_inspection(*inspected) for inspected in found[: query.limit]]
    following = cursors.encode([items[-1].id], bound) if len(found) > query.limit else None
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
    query: Annotated[SummaryQuery, Query()],
    caller: CurrentCaller,
    session: CurrentSession,
    clock: CurrentClock,
    cursors: CurrentCursors,
) -> ProgressSummaryPage:
    county, bound = query.county(caller), query.bound(caller, "progress-summaries")
    after = cursors.decode(query.cursor, bound)[0] if query.cursor else ""
    found = await service.summaries(
        session, county, today(clock), resumption=query.resumption, after=after, limit=query.limit + 1
    )
    items = found[: query.limit]
    following = cursors.encode([items[-1].project_code], bound) if len(found) > query.limit else None
    return ProgressSummaryPage(items=items, next_cursor=following)


@router.get("/reliability", operation_id="list_reliability", summary="企业和专班的报告可信度")
async def list_reliability(
    query: Annotated[ReliabilityQuery, Query()],
    caller: CurrentCaller,
    session: CurrentSession,
    cursors: CurrentCursors,
) -> ReliabilityPage:
    """评分 = 最近 12 次核查中“核定与报称之比（小÷大）”的平均，进度与到位资金各半；不足 3 次不评分。"""
    bound = query.bound(caller, "reliability")
    after = cursors.decode(query.cursor, bound) if query.cursor else None
    items = await service.reliabilities(session, query.scope(caller), query.filters, after=after, limit=query.limit + 1)
    listed = items[: query.limit]
    last = [listed[-1].division_code, listed[-1].unit_code] if len(items) > query.limit else None
    return ReliabilityPage(items=listed, next_cursor=cursors.encode(last, bound) if last else None)
