"""质量验收与事故 on the wire."""

from functools import partial
from uuid import UUID

from fastapi import APIRouter, Response

from services.projects.quality import acceptances, queries, service
from services.projects.quality.models import acceptance, incident
from shared.chassis.app import CONFLICT, VERSIONED
from shared.chassis.clock import today
from shared.chassis.http import IfMatch, created, etag
from shared.chassis.listing import CurrentListing
from shared.chassis.route import CurrentCaller, CurrentClock
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
from shared.storage import work
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
    created(response, f"/v1/projects/acceptances/{row['id']}", row["version"])
    return acceptances.shown_acceptance(row, today(clock), await load_calendar(session))


@router.get("/acceptances", operation_id="list_acceptances", summary="质量验收列表")
async def list_acceptances(
    listing: CurrentListing,
    session: CurrentSession,
    clock: CurrentClock,
    project_id: UUID | None = None,
    stage: AcceptanceStage | None = None,
) -> AcceptancePage:
    filters = {"project_id": project_id, "stage": stage}
    rows, following = await listing.page(
        "acceptance", filters, partial(queries.page, session, acceptance, listing.scope, filters)
    )
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
    created(response, f"/v1/projects/incidents/{row['id']}", row["version"])
    return service.shown_incident(row)


@router.get("/incidents", operation_id="list_incidents", summary="事故列表")
async def list_incidents(
    listing: CurrentListing,
    session: CurrentSession,
    project_id: UUID | None = None,
    kind: IncidentKind | None = None,
) -> IncidentPage:
    filters = {"project_id": project_id, "kind": kind}
    rows, following = await listing.page(
        "incident", filters, partial(queries.page, session, incident, listing.scope, filters)
    )
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
