"""质量验收与事故 on the wire."""

from uuid import UUID

from fastapi import APIRouter, Response

from services.projects import work
from services.projects.quality import acceptances, service
from services.projects.quality.models import acceptance, incident
from services.projects.quality.routes import answer_made, page_of
from shared.chassis.app import CONFLICT, VERSIONED
from shared.chassis.clock import today
from shared.chassis.http import Cursor, IfMatch, Limit, etag
from shared.chassis.route import CurrentCaller, CurrentClock, CurrentCursors
from shared.schemas.base import DivisionCode
from shared.schemas.projects.acceptances import (
    AcceptanceFiling,
    AcceptanceOut,
    AcceptancePage,
    AcceptanceRecord,
    AcceptanceStage,
    IncidentKind,
    IncidentOut,
    IncidentPage,
    IncidentPatch,
    IncidentRecord,
)
from shared.storage.calendar import load_calendar
from shared.storage.route import CurrentSession, Route

router = APIRouter(prefix="/v1/projects", tags=["质量与安全"], route_class=Route)


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
    answer_made(row, "acceptances", response)
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
    rows, following = await page_of(session, acceptance, caller, cursors, division_code, filters, limit, cursor)
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
    answer_made(row, "incidents", response)
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
    rows, following = await page_of(session, incident, caller, cursors, division_code, filters, limit, cursor)
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
