"""包抓与专班 on the wire: who answers for a project, and what every leader carries."""

from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from services.projects.duty import queries, service
from shared.chassis.app import CONFLICT
from shared.chassis.http import created, etag
from shared.chassis.listing import CurrentListing, CurrentPaging
from shared.chassis.route import CurrentCaller, CurrentClock
from shared.clients.parties import CurrentParties
from shared.schemas.base import Day
from shared.schemas.projects.duty import (
    BackstopIn,
    BackstopOut,
    BackstopPage,
    DutyAssign,
    DutyEnd,
    DutyHistoryPage,
    DutyOut,
    DutyRole,
    DutyTerm,
    LeaderLoadPage,
    ResponsiblePartyIn,
)
from shared.storage.route import CurrentSession, Route
from shared.storage.rows import Row

router = APIRouter(prefix="/v1/projects", tags=["包抓与专班"], route_class=Route)


def _term(row: Row, response: Response) -> DutyTerm:
    created(response, f"/v1/projects/projects/{row['project_id']}/duty", row["version"])
    return DutyTerm.model_validate(row)


@router.post(
    "/projects/{project_id}/duty",
    operation_id="assign_duty",
    summary="指定包抓领导、配合领导或工作专班",
    status_code=201,
    responses=CONFLICT,
)
async def assign_duty(
    project_id: UUID,
    body: DutyAssign,
    caller: CurrentCaller,
    session: CurrentSession,
    parties: CurrentParties,
    clock: CurrentClock,
    response: Response,
) -> DutyTerm:
    """已有人担任的即为接替：须写交接说明，前任自同一天起不再负责。"""
    known = await parties.of(caller.home, body.person_code, body.unit_code)
    return _term(await service.assign(session, caller, project_id, body, known, clock), response)


@router.get("/projects/{project_id}/duty", operation_id="get_duty", summary="谁在负责（可查某一天）")
async def get_duty(
    project_id: UUID,
    caller: CurrentCaller,
    session: CurrentSession,
    clock: CurrentClock,
    on: Annotated[Day | None, Query(description="那一天由谁负责；不填即现在")] = None,
) -> DutyOut:
    return await service.on_day(session, caller, project_id, on, clock)


@router.get("/projects/{project_id}/duty/history", operation_id="get_duty_history", summary="历任责任人")
async def get_duty_history(
    project_id: UUID,
    caller: CurrentCaller,
    session: CurrentSession,
    paging: CurrentPaging,
    role: DutyRole | None = None,
) -> DutyHistoryPage:
    fetch = partial(service.history, session, caller, project_id, role=role)
    rows, following = await paging.page("duty", [project_id, role], fetch)
    return DutyHistoryPage(items=[DutyTerm.model_validate(row) for row in rows], next_cursor=following)


@router.post("/duties/{duty_id}/end", operation_id="end_duty", summary="结束一项责任（无人接替）", responses=CONFLICT)
async def end_duty(
    duty_id: UUID,
    body: DutyEnd,
    caller: CurrentCaller,
    session: CurrentSession,
    clock: CurrentClock,
    response: Response,
) -> DutyTerm:
    """包抓领导在项目化解之前只能由他人接替。"""
    row = await service.end(session, caller, duty_id, body, clock)
    response.headers["ETag"] = etag(row["version"])
    return DutyTerm.model_validate(row)


@router.post(
    "/projects/{project_id}/responsibilities",
    operation_id="name_responsible_party",
    summary="明确四方责任之一的责任方",
    status_code=201,
    responses=CONFLICT,
)
async def name_responsible_party(
    project_id: UUID,
    body: ResponsiblePartyIn,
    caller: CurrentCaller,
    session: CurrentSession,
    parties: CurrentParties,
    clock: CurrentClock,
    response: Response,
) -> DutyTerm:
    known = await parties.of(caller.home, body.unit_code, body.person_code)
    return _term(await service.name_responsible_party(session, caller, project_id, body, known, clock), response)


@router.post(
    "/projects/{project_id}/backstops",
    operation_id="decide_backstop",
    summary="登记政府兜底决定",
    status_code=201,
    responses=CONFLICT,
)
async def decide_backstop(
    project_id: UUID,
    body: BackstopIn,
    caller: CurrentCaller,
    session: CurrentSession,
    clock: CurrentClock,
    response: Response,
) -> BackstopOut:
    """须先明确企业主体责任方，并在决定之前书面要求其履责。"""
    row = await service.back(session, caller, project_id, body, clock)
    created(response, f"/v1/projects/projects/{project_id}/duty", row["version"])
    return BackstopOut.model_validate(row)


@router.get("/backstops", operation_id="list_backstops", summary="政府兜底决定")
async def list_backstops(
    listing: CurrentListing, session: CurrentSession, project_id: UUID | None = None
) -> BackstopPage:
    filters = {"project_id": project_id}
    rows, following = await listing.page(
        "backstops", filters, partial(queries.backstops, session, listing.scope, filters)
    )
    return BackstopPage(items=[BackstopOut.model_validate(row) for row in rows], next_cursor=following)


@router.get("/leader-load", operation_id="list_leader_load", summary="领导包抓负荷")
async def list_leader_load(listing: CurrentListing, session: CurrentSession, clock: CurrentClock) -> LeaderLoadPage:
    """包抓最多的在前。"""
    fetch = partial(service.leader_load, session, listing.scope, clock)
    items, following = await listing.page("leader-load", None, fetch, service.load_position)
    unled = await queries.unled(session, listing.scope)
    return LeaderLoadPage(items=items, next_cursor=following, unled=unled)
