"""销号 on the wire."""

from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from services.projects.closeout import queries, rechecks, service, steps
from shared.chassis.app import CONFLICT
from shared.chassis.http import created, etag
from shared.chassis.listing import CurrentListing
from shared.chassis.route import CurrentCaller, CurrentClock
from shared.clients.parties import CurrentParties
from shared.clients.petitions import CurrentProjectPetitions
from shared.schemas.base import Day, DivisionCode
from shared.schemas.projects.closeout import (
    CloseoutApproval,
    CloseoutAttestation,
    CloseoutCheck,
    CloseoutDetail,
    CloseoutNotice,
    CloseoutOut,
    CloseoutPage,
    CloseoutRates,
    CloseoutRequest,
    CloseoutReturn,
    CloseoutStatus,
    ReboundCause,
    ReboundReport,
    RecheckDraw,
    RecheckOut,
    RecheckPage,
    RecheckResult,
)
from shared.storage.route import CurrentSession, Route
from shared.storage.rows import Row

router = APIRouter(prefix="/v1/projects", tags=["销号"], route_class=Route)


def _answer(row: Row, response: Response) -> CloseoutOut:
    response.headers["ETag"] = etag(row["version"])
    return service.shown(row)


@router.post(
    "/projects/{project_id}/closeouts",
    operation_id="request_closeout",
    summary="自查并申请销号",
    status_code=201,
    responses=CONFLICT,
)
async def request_closeout(
    project_id: UUID,
    body: CloseoutRequest,
    caller: CurrentCaller,
    session: CurrentSession,
    clock: CurrentClock,
    parties: CurrentParties,
    petitions: CurrentProjectPetitions,
    response: Response,
) -> CloseoutOut:
    known = await parties.of(caller.home, caller.unit)
    gathered = await petitions.of(caller.home, clock.now())
    row = await steps.request(session, caller, known, gathered, project_id, body, clock)
    created(response, f"/v1/projects/closeouts/{row['id']}", row["version"])
    return service.shown(row)


@router.get("/closeouts", operation_id="list_closeouts", summary="销号列表")
async def list_closeouts(
    listing: CurrentListing,
    session: CurrentSession,
    project_id: UUID | None = None,
    status: CloseoutStatus | None = None,
    rebound_cause: ReboundCause | None = None,
) -> CloseoutPage:
    filters = {"project_id": project_id, "status": status, "rebound_cause": rebound_cause}
    rows, following = await listing.page("closeout", filters, partial(queries.page, session, listing.scope, filters))
    return CloseoutPage(items=[service.shown(row) for row in rows], next_cursor=following)


@router.get("/closeout-rates", operation_id="get_closeout_rates", summary="销号率与反弹率")
async def get_closeout_rates(
    caller: CurrentCaller,
    session: CurrentSession,
    clock: CurrentClock,
    division_code: DivisionCode | None = None,
    as_of: Annotated[Day | None, Query(description="统计日；不填即今天")] = None,
) -> CloseoutRates:
    return await service.rates(session, caller, division_code, as_of, clock)


@router.get("/closeouts/{closeout_id}", operation_id="get_closeout", summary="一次销号及其清单")
async def get_closeout(
    closeout_id: UUID,
    caller: CurrentCaller,
    session: CurrentSession,
    clock: CurrentClock,
    petitions: CurrentProjectPetitions,
    response: Response,
) -> CloseoutDetail:
    gathered = await petitions.of(caller.home, clock.now())
    found = await service.detail(session, caller, closeout_id, gathered, clock)
    response.headers["ETag"] = etag(found.version)
    return found


@router.post(
    "/closeouts/{closeout_id}/attest",
    operation_id="attest_closeout_item",
    summary="部门为清单事项出具证明",
    responses=CONFLICT,
)
async def attest_closeout_item(
    closeout_id: UUID,
    body: CloseoutAttestation,
    caller: CurrentCaller,
    session: CurrentSession,
    clock: CurrentClock,
    parties: CurrentParties,
    petitions: CurrentProjectPetitions,
    response: Response,
) -> CloseoutDetail:
    known = await parties.of(caller.home, body.unit_code)
    gathered = await petitions.of(caller.home, clock.now())
    await steps.attest(session, caller, known, gathered, closeout_id, body, clock)
    found = await service.detail(session, caller, closeout_id, gathered, clock)
    response.headers["ETag"] = etag(found.version)
    return found


@router.post(
    "/closeouts/{closeout_id}/check",
    operation_id="check_closeout",
    summary="部门初核或现场核查",
    responses=CONFLICT,
)
async def check_closeout(
    closeout_id: UUID,
    body: CloseoutCheck,
    caller: CurrentCaller,
    session: CurrentSession,
    clock: CurrentClock,
    parties: CurrentParties,
    petitions: CurrentProjectPetitions,
    response: Response,
) -> CloseoutOut:
    known = await parties.of(caller.home, caller.unit)
    gathered = await petitions.of(caller.home, clock.now())
    return _answer(await steps.check(session, caller, known, gathered, closeout_id, body, clock), response)


@router.post("/closeouts/{closeout_id}/publish", operation_id="publish_closeout", summary="公示", responses=CONFLICT)
async def publish_closeout(
    closeout_id: UUID,
    body: CloseoutNotice,
    caller: CurrentCaller,
    session: CurrentSession,
    clock: CurrentClock,
    response: Response,
) -> CloseoutOut:
    return _answer(await steps.publish(session, caller, closeout_id, body, clock), response)


@router.post(
    "/closeouts/{closeout_id}/approve",
    operation_id="approve_closeout",
    summary="领导小组审定销号",
    responses=CONFLICT,
)
async def approve_closeout(
    closeout_id: UUID,
    body: CloseoutApproval,
    caller: CurrentCaller,
    session: CurrentSession,
    clock: CurrentClock,
    parties: CurrentParties,
    petitions: CurrentProjectPetitions,
    response: Response,
) -> CloseoutOut:
    known = await parties.of(caller.home, caller.unit)
    gathered = await petitions.of(caller.home, clock.now())
    return _answer(await steps.approve(session, caller, known, gathered, closeout_id, body, clock), response)


@router.post(
    "/closeouts/{closeout_id}/return", operation_id="return_closeout", summary="退回销号申请", responses=CONFLICT
)
async def return_closeout(
    closeout_id: UUID,
    body: CloseoutReturn,
    caller: CurrentCaller,
    session: CurrentSession,
    clock: CurrentClock,
    response: Response,
) -> CloseoutOut:
    return _answer(await steps.send_back(session, caller, closeout_id, body, clock), response)


@router.post(
    "/projects/{project_id}/rebound",
    operation_id="report_rebound",
    summary="报告已销号项目的信访反弹",
    responses=CONFLICT,
)
async def report_rebound(
    project_id: UUID,
    body: ReboundReport,
    caller: CurrentCaller,
    session: CurrentSession,
    clock: CurrentClock,
    response: Response,
) -> CloseoutOut:
    return _answer(await service.report_rebound(session, caller, project_id, body, clock), response)


@router.post(
    "/recheck-draws",
    operation_id="draw_rechecks",
    summary="抽取须复查的已销号项目",
    status_code=201,
)
async def draw_rechecks(
    caller: CurrentCaller, session: CurrentSession, clock: CurrentClock, response: Response
) -> RecheckDraw:
    made = await rechecks.draw(session, caller, caller.home, clock)
    created(response, f"/v1/projects/recheck-draws/{made.id}", 1)
    return made


@router.get("/recheck-draws/{recheck_draw_id}", operation_id="get_recheck_draw", summary="一次抽取：种子、范围与结果")
async def get_recheck_draw(
    recheck_draw_id: UUID, caller: CurrentCaller, session: CurrentSession, response: Response
) -> RecheckDraw:
    response.headers["ETag"] = etag(1)
    return await rechecks.drawn(session, caller, recheck_draw_id)


@router.get("/rechecks", operation_id="list_rechecks", summary="抽中的项目及抽查结果")
async def list_rechecks(
    listing: CurrentListing,
    session: CurrentSession,
    draw_id: UUID | None = None,
    pending: Annotated[bool | None, Query(description="true 只看尚未登记结果的")] = None,
) -> RecheckPage:
    fetch = partial(queries.recheck_page, session, listing.scope, draw_id, pending)
    rows, following = await listing.page("closeout_recheck", [draw_id, pending], fetch)
    return RecheckPage(items=[rechecks.shown(row) for row in rows], next_cursor=following)


@router.post("/rechecks/{recheck_id}/result", operation_id="record_recheck", summary="登记抽查结果", responses=CONFLICT)
async def record_recheck(
    recheck_id: UUID,
    body: RecheckResult,
    caller: CurrentCaller,
    session: CurrentSession,
    clock: CurrentClock,
    parties: CurrentParties,
    petitions: CurrentProjectPetitions,
    response: Response,
) -> RecheckOut:
    known = await parties.of(caller.home, caller.unit)
    row = await rechecks.record(session, caller, known, recheck_id, body, clock)
    response.headers["ETag"] = etag(row["version"])
    return rechecks.shown(row)
