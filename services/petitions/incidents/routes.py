"""过激行为、群体性事件 on the wire."""

from functools import partial
from uuid import UUID

from fastapi import APIRouter, Response

from services.petitions.incidents import queries, service
from services.petitions.registry.projects import named_project
from shared.chassis.app import CONFLICT, VERSIONED
from shared.chassis.clock import today
from shared.chassis.days import happened_on
from shared.chassis.http import IfMatch, created, etag
from shared.chassis.listing import CurrentListing, scope_of
from shared.chassis.route import CurrentCaller, CurrentClock
from shared.clients.gateway import CurrentGateway
from shared.clients.parties import CurrentParties
from shared.schemas.base import Day, DivisionCode
from shared.schemas.gateway.identity import UnitCode
from shared.schemas.petitions.incidents import (
    IncidentReporting,
    NoIncidents,
    NoIncidentsOut,
    UnrestClose,
    UnrestCount,
    UnrestCounts,
    UnrestKind,
    UnrestLevel,
    UnrestOut,
    UnrestPage,
    UnrestPatch,
    UnrestReport,
    UnrestState,
)
from shared.storage.route import CurrentSession, Route
from shared.storage.secrets import CurrentVault

router = APIRouter(prefix="/v1/petitions", tags=["过激行为与群体性事件"], route_class=Route)
INCIDENT = "/incidents/{unrest_id}"


@router.post("/incidents", operation_id="report_incident", summary="上报事件", status_code=201, responses=CONFLICT)
async def report_incident(
    body: UnrestReport,
    caller: CurrentCaller,
    session: CurrentSession,
    vault: CurrentVault,
    gateway: CurrentGateway,
    parties: CurrentParties,
    clock: CurrentClock,
    response: Response,
) -> UnrestOut:
    known = await parties.of(caller.home, body.unit_code, caller.unit)
    project = await named_project(gateway, body.project_id, caller.home)
    row = await service.report(session, caller, vault, body, known, project, clock)
    created(response, f"/v1/petitions/incidents/{row['id']}", row["version"])
    return service.shown(caller, vault, row)


@router.get("/incidents", operation_id="list_petition_incidents", summary="事件列表")
async def list_petition_incidents(
    listing: CurrentListing,
    caller: CurrentCaller,
    session: CurrentSession,
    vault: CurrentVault,
    project_id: UUID | None = None,
    unit_code: UnitCode | None = None,
    kind: UnrestKind | None = None,
    level: UnrestLevel | None = None,
    state: UnrestState | None = None,
    from_on: Day | None = None,
    until: Day | None = None,
) -> UnrestPage:
    filters = {"project_id": project_id, "unit_code": unit_code, "kind": kind, "level": level}
    fetch = partial(queries.incidents, session, caller, listing.scope, filters, state, from_on, until)
    rows, following = await listing.page("incidents", [filters, state, from_on, until], fetch)
    return UnrestPage(items=[service.shown(caller, vault, row) for row in rows], next_cursor=following)


@router.get("/incident-counts", operation_id="count_incidents", summary="事件起数和人数")
async def count_incidents(
    caller: CurrentCaller,
    session: CurrentSession,
    from_on: Day,
    until: Day,
    project_id: UUID | None = None,
    division_code: DivisionCode | None = None,
) -> UnrestCounts:
    scope = scope_of(caller, division_code)
    found = await queries.counts(session, caller, scope, from_on, until, project_id)
    items = [UnrestCount.model_validate(row) for row in found]
    totals = {name: sum(getattr(item, name) for item in items) for name in ("incidents", *service.NUMBERS)}
    return UnrestCounts(from_on=from_on, until=until, items=items, **totals)


@router.get(INCIDENT, operation_id="get_petition_incident", summary="一起事件")
async def get_petition_incident(
    unrest_id: UUID, caller: CurrentCaller, session: CurrentSession, vault: CurrentVault, response: Response
) -> UnrestOut:
    row = await service.one(session, caller, unrest_id)
    response.headers["ETag"] = etag(row["version"])
    return service.shown(caller, vault, row)


@router.patch(INCIDENT, operation_id="update_petition_incident", summary="续报", responses=VERSIONED)
async def update_petition_incident(
    unrest_id: UUID,
    body: UnrestPatch,
    caller: CurrentCaller,
    session: CurrentSession,
    vault: CurrentVault,
    clock: CurrentClock,
    version: IfMatch,
    response: Response,
) -> UnrestOut:
    row = await service.change(session, caller, unrest_id, version, body, clock)
    response.headers["ETag"] = etag(row["version"])
    return service.shown(caller, vault, row)


@router.post(f"{INCIDENT}/close", operation_id="close_incident", summary="处置完毕", responses=CONFLICT)
async def close_incident(
    unrest_id: UUID,
    body: UnrestClose,
    caller: CurrentCaller,
    session: CurrentSession,
    vault: CurrentVault,
    clock: CurrentClock,
    response: Response,
) -> UnrestOut:
    row = await service.close(session, caller, unrest_id, body, clock)
    response.headers["ETag"] = etag(row["version"])
    return service.shown(caller, vault, row)


@router.post(
    "/incident-reporting", operation_id="report_no_incidents", summary="零报告", status_code=201, responses=CONFLICT
)
async def report_no_incidents(
    body: NoIncidents,
    caller: CurrentCaller,
    session: CurrentSession,
    parties: CurrentParties,
    clock: CurrentClock,
    response: Response,
) -> NoIncidentsOut:
    known = await parties.of(caller.home, body.unit_code, caller.unit)
    row = await service.report_none(session, caller, body, known, clock)
    created(response, f"/v1/petitions/incident-reporting?day={row['day']}", row["version"])
    return NoIncidentsOut(**{name: row[name] for name in NoIncidentsOut.model_fields})


@router.get("/incident-reporting", operation_id="list_incident_reporting", summary="各单位当日报告情况")
async def list_incident_reporting(
    caller: CurrentCaller,
    session: CurrentSession,
    parties: CurrentParties,
    clock: CurrentClock,
    day: Day | None = None,
) -> IncidentReporting:
    known = await parties.of(caller.home)
    on = happened_on(day, today(clock), "query:day")
    return await service.reporting(session, caller, on, known)
