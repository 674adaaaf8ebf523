"""走访与现场承诺 on the wire."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from services.projects import work
from services.projects.duty.models import site_promise, visit
from services.projects.duty.visits import queries, service
from services.projects.parties import CurrentParties
from shared.chassis.app import CONFLICT
from shared.chassis.clock import today
from shared.chassis.http import Cursor, Limit, etag
from shared.chassis.listing import scope_of
from shared.chassis.route import CurrentCaller, CurrentClock, CurrentCursors
from shared.schemas.base import DivisionCode
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
from shared.storage.route import CurrentSession, Route

router = APIRouter(prefix="/v1/projects", tags=["包抓与专班"], route_class=Route)


async def _filters(project_id: UUID | None = None, person_code: PersonCode | None = None) -> queries.Filter:
    return queries.Filter(project_id, person_code)


Filters = Annotated[queries.Filter, Depends(_filters)]


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
    response.headers["Location"] = f"/v1/projects/visits/{row['id']}"
    response.headers["ETag"] = etag(row["version"])
    return VisitOut.model_validate(row)


@router.get("/visits", operation_id="list_visits", summary="走访记录")
async def list_visits(
    caller: CurrentCaller,
    session: CurrentSession,
    cursors: CurrentCursors,
    filters: Filters,
    division_code: DivisionCode | None = None,
    kind: VisitKind | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> VisitPage:
    scope = scope_of(caller, division_code)
    bound = [caller.subject, "visits", caller.scope, scope, str(filters), kind]
    after = cursors.decode(cursor, bound) if cursor else None
    rows = await queries.visits(session, scope, filters, kind=kind, after=after, limit=limit + 1)
    following = cursors.encode([rows[limit - 1]["id"]], bound) if len(rows) > limit else None
    return VisitPage(items=[VisitOut.model_validate(row) for row in rows[:limit]], next_cursor=following)


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
    response.headers["Location"] = f"/v1/projects/site-promises/{row['id']}"
    response.headers["ETag"] = etag(row["version"])
    return service.shown(row, today(clock))


@router.get("/site-promises", operation_id="list_site_promises", summary="现场承诺（可只看逾期）")
async def list_site_promises(
    caller: CurrentCaller,
    session: CurrentSession,
    clock: CurrentClock,
    cursors: CurrentCursors,
    filters: Filters,
    division_code: DivisionCode | None = None,
    state: Annotated[PromiseState | None, Query(description="未到期、已逾期、已了结")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> SitePromisePage:
    scope, day = scope_of(caller, division_code), today(clock)
    bound = [caller.subject, "site-promises", caller.scope, scope, str(filters), state]
    after = cursors.decode(cursor, bound) if cursor else None
    rows = await queries.promises(session, scope, filters, state=state, today=day, after=after, limit=limit + 1)
    following = cursors.encode([rows[limit - 1]["id"]], bound) if len(rows) > limit else None
    return SitePromisePage(items=[service.shown(row, day) for row in rows[:limit]], next_cursor=following)


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
