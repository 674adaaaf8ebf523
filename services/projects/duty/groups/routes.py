"""领导小组与专班 on the wire."""

from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from services.projects.duty.groups import queries, service
from shared.chassis.app import CONFLICT
from shared.chassis.clock import today
from shared.chassis.http import created, etag
from shared.chassis.listing import CurrentListing, scope_of
from shared.chassis.route import CurrentCaller, CurrentClock
from shared.clients.parties import CurrentParties
from shared.schemas.base import Day, DivisionCode
from shared.schemas.projects.groups import (
    LeadingGroupOut,
    LeadingSeatIn,
    SeatIn,
    SeatTerm,
    TaskforceCreate,
    TaskforceDetail,
    TaskforceOut,
    TaskforcePage,
)
from shared.storage.route import CurrentSession, Route
from shared.storage.rows import Row

router = APIRouter(prefix="/v1/projects", tags=["包抓与专班"], route_class=Route)
On = Annotated[Day | None, Query(description="那一天的组成；不填即今天")]


def _seat(row: Row, response: Response) -> SeatTerm:
    response.headers["ETag"] = etag(row["version"])
    return SeatTerm.model_validate(row)


@router.post("/taskforces", operation_id="create_taskforce", summary="成立专班", status_code=201, responses=CONFLICT)
async def create_taskforce(
    body: TaskforceCreate,
    caller: CurrentCaller,
    session: CurrentSession,
    parties: CurrentParties,
    clock: CurrentClock,
    response: Response,
) -> TaskforceOut:
    known = await parties.of(caller.home, body.unit_code)
    row = await service.form(session, caller, body, known, clock)
    created(response, f"/v1/projects/taskforces/{row['id']}", row["version"])
    return TaskforceOut.model_validate(row | {"projects": 0})


@router.get("/taskforces", operation_id="list_taskforces", summary="专班列表")
async def list_taskforces(
    listing: CurrentListing,
    session: CurrentSession,
    project_id: Annotated[UUID | None, Query(description="现在服务此项目的")] = None,
) -> TaskforcePage:
    fetch = partial(queries.page, session, listing.scope, project_id=project_id)
    rows, following = await listing.page("taskforces", project_id, fetch)
    return TaskforcePage(items=await service.shown(session, listing.scope, rows), next_cursor=following)


@router.get("/taskforces/{taskforce_id}", operation_id="get_taskforce", summary="专班及其成员、项目")
async def get_taskforce(
    taskforce_id: UUID, caller: CurrentCaller, session: CurrentSession, clock: CurrentClock, on: On = None
) -> TaskforceDetail:
    return await service.detail(session, caller, taskforce_id, on, clock)


@router.post(
    "/taskforces/{taskforce_id}/members",
    operation_id="set_taskforce_member",
    summary="专班成员加入、变更或退出",
    responses=CONFLICT,
)
async def set_taskforce_member(
    taskforce_id: UUID,
    body: SeatIn,
    caller: CurrentCaller,
    session: CurrentSession,
    parties: CurrentParties,
    clock: CurrentClock,
    response: Response,
) -> SeatTerm:
    known = await parties.of(caller.home, body.person_code, body.unit_code)
    return _seat(await service.set_member(session, caller, taskforce_id, body, known, clock), response)


@router.get("/leading-group", operation_id="list_leading_group", summary="领导小组组成（可查某一天）")
async def list_leading_group(
    caller: CurrentCaller,
    session: CurrentSession,
    clock: CurrentClock,
    division_code: Annotated[DivisionCode | None, Query(description="不填即本级")] = None,
    on: On = None,
) -> LeadingGroupOut:
    division, day = division_code or caller.home, on or today(clock)
    scope_of(caller, division)
    return LeadingGroupOut(division_code=division, on=day, members=await service.seats(session, division, None, day))


@router.post(
    "/leading-group/members",
    operation_id="set_leading_group_member",
    summary="领导小组组长、副组长、成员的加入、变更或退出",
    responses=CONFLICT,
)
async def set_leading_group_member(
    body: LeadingSeatIn,
    caller: CurrentCaller,
    session: CurrentSession,
    parties: CurrentParties,
    clock: CurrentClock,
    response: Response,
) -> SeatTerm:
    known = await parties.of(caller.home, body.person_code, body.unit_code)
    return _seat(await service.set_leading_member(session, caller, body, known, clock), response)
