"""走访与现场承诺 on the wire."""

from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from services.projects.duty.models import site_promise, visit
from services.projects.duty.visits import queries, service
from shared.chassis.app import CONFLICT
from shared.chassis.clock import today
from shared.chassis.http import created, etag
from shared.chassis.listing import CurrentListing
from shared.chassis.route import CurrentCaller, CurrentClock
from shared.clients.parties import CurrentParties
from shared.schemas.gateway.directory import PersonCode
from shared.schemas.projects.visits import (
    PromiseState,
    SitePromiseIn,
    SitePromiseOut,
    SitePromisePage,
    SitePromiseSettle,
    VisitIn,
    VisitKind,
    VisitOut,
    VisitPage,
)
from shared.storage import work
from shared.storage.route import CurrentSession, Route

router = APIRouter(prefix="/v1/projects", tags=["包抓与专班"], route_class=Route)


@router.post("/projects/{project_id}/visits", operation_id="record_visit", summary="登记走访（夜访）", status_code=201)
async def record_visit(
    project_id: UUID,
    body: VisitIn,
    caller: CurrentCaller,
    session: CurrentSession,
    parties: CurrentParties,
    clock: CurrentClock,
    response: Response,
) -> VisitOut:
    known = await parties.of(caller.home, body.person_code)
    row = await service.record_visit(session, caller, project_id, body, known, clock)
    created(response, f"/v1/projects/visits/{row['id']}", row["version"])
    return VisitOut.model_validate(row)


@router.get("/visits", operation_id="list_visits", summary="走访记录")
async def list_visits(
    listing: CurrentListing,
    session: CurrentSession,
    project_id: UUID | None = None,
    person_code: PersonCode | None = None,
    kind: VisitKind | None = None,
) -> VisitPage:
    filters = {"project_id": project_id, "person_code": person_code, "kind": kind}
    rows, following = await listing.page("visits", filters, partial(queries.visits, session, listing.scope, filters))
    return VisitPage(items=[VisitOut.model_validate(row) for row in rows], next_cursor=following)


@router.get("/visits/{visit_id}", operation_id="get_visit", summary="一次走访")
async def get_visit(visit_id: UUID, caller: CurrentCaller, session: CurrentSession, response: Response) -> VisitOut:
    row = await work.load(session, visit, caller, visit_id, what="这次走访")
    response.headers["ETag"] = etag(row["version"])
    return VisitOut.model_validate(row)


@router.post(
    "/projects/{project_id}/site-promises",
    operation_id="record_site_promise",
    summary="登记现场承诺",
    status_code=201,
)
async def record_site_promise(
    project_id: UUID,
    body: SitePromiseIn,
    caller: CurrentCaller,
    session: CurrentSession,
    parties: CurrentParties,
    clock: CurrentClock,
    response: Response,
) -> SitePromiseOut:
    known = await parties.of(caller.home, body.person_code)
    row = await service.promise(session, caller, project_id, body, known, clock)
    created(response, f"/v1/projects/site-promises/{row['id']}", row["version"])
    return service.shown(row, today(clock))


@router.get("/site-promises", operation_id="list_site_promises", summary="现场承诺（可只看逾期）")
async def list_site_promises(
    listing: CurrentListing,
    session: CurrentSession,
    clock: CurrentClock,
    project_id: UUID | None = None,
    person_code: PersonCode | None = None,
    state: Annotated[PromiseState | None, Query(description="未到期、已逾期、已了结")] = None,
) -> SitePromisePage:
    filters, day = {"project_id": project_id, "person_code": person_code}, today(clock)
    fetch = partial(queries.promises, session, listing.scope, filters, state, day)
    rows, following = await listing.page("site-promises", [filters, state], fetch)
    return SitePromisePage(items=[service.shown(row, day) for row in rows], next_cursor=following)


@router.get("/site-promises/{promise_id}", operation_id="get_site_promise", summary="一项现场承诺")
async def get_site_promise(
    promise_id: UUID, caller: CurrentCaller, session: CurrentSession, clock: CurrentClock, response: Response
) -> SitePromiseOut:
    row = await work.load(session, site_promise, caller, promise_id, what="这项承诺")
    response.headers["ETag"] = etag(row["version"])
    return service.shown(row, today(clock))


@router.post(
    "/site-promises/{promise_id}/settle",
    operation_id="settle_site_promise",
    summary="承诺了结：已兑现、未兑现或免除",
    responses=CONFLICT,
)
async def settle_site_promise(
    promise_id: UUID,
    body: SitePromiseSettle,
    caller: CurrentCaller,
    session: CurrentSession,
    clock: CurrentClock,
    response: Response,
) -> SitePromiseOut:
    row = await service.settle(session, caller, promise_id, body, clock)
    response.headers["ETag"] = etag(row["version"])
    return service.shown(row, today(clock))
