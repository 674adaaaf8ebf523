"""领导包案 on the wire: the leader, the plan, the coordination meetings of a case."""

from functools import partial
from uuid import UUID

from fastapi import APIRouter, Response

from services.petitions.leaders import queries, service
from services.petitions.leaders.models import case_meeting, case_plan
from shared.chassis.app import CONFLICT
from shared.chassis.clock import today
from shared.chassis.http import created, etag
from shared.chassis.listing import CurrentListing
from shared.chassis.route import CurrentCaller, CurrentClock
from shared.clients.parties import CurrentParties
from shared.schemas.gateway.directory import PersonCode
from shared.schemas.petitions.leaders import (
    CaseLeaderOut,
    CaseLeaderPage,
    CaseLoadOut,
    CaseLoadPage,
    CaseMeetingIn,
    CaseMeetingOut,
    CaseMeetingPage,
    CasePlanIn,
    CasePlanOut,
    CasePlanPage,
    ReleaseCase,
    TakeCase,
)
from shared.storage.route import CurrentSession, Route
from shared.storage.secrets import CurrentVault

router = APIRouter(prefix="/v1/petitions", tags=["领导包案"], route_class=Route)
PETITION = "/petitions/{petition_id}"


@router.post(
    f"{PETITION}/leader", operation_id="take_case", summary="领导包案（接替）", status_code=201, responses=CONFLICT
)
async def take_case(
    petition_id: UUID,
    body: TakeCase,
    caller: CurrentCaller,
    session: CurrentSession,
    vault: CurrentVault,
    parties: CurrentParties,
    clock: CurrentClock,
    response: Response,
) -> CaseLeaderOut:
    known = await parties.of(caller.home, body.person_code)
    row = await service.take(session, caller, vault, petition_id, body, known, clock)
    created(response, f"/v1/petitions/case-leaders?petition_id={petition_id}", row["version"])
    return service.shown_leader(caller, vault, row)


@router.post(f"{PETITION}/leader/release", operation_id="release_case", summary="不再包案", responses=CONFLICT)
async def release_case(
    petition_id: UUID,
    body: ReleaseCase,
    caller: CurrentCaller,
    session: CurrentSession,
    vault: CurrentVault,
    clock: CurrentClock,
    response: Response,
) -> CaseLeaderOut:
    row = await service.release(session, caller, vault, petition_id, body, clock)
    response.headers["ETag"] = etag(row["version"])
    return service.shown_leader(caller, vault, row)


@router.get("/case-leaders", operation_id="list_case_leaders", summary="包案记录（含历任）")
async def list_case_leaders(
    listing: CurrentListing,
    caller: CurrentCaller,
    session: CurrentSession,
    vault: CurrentVault,
    petition_id: UUID | None = None,
    person_code: PersonCode | None = None,
    is_live: bool | None = None,
) -> CaseLeaderPage:
    filters = {"petition_id": petition_id, "person_code": person_code}
    fetch = partial(queries.leaders, session, caller, listing.scope, filters, is_live)
    rows, following = await listing.page("case-leaders", [filters, is_live], fetch)
    return CaseLeaderPage(items=[service.shown_leader(caller, vault, row) for row in rows], next_cursor=following)


@router.get("/leader-cases", operation_id="list_leader_cases", summary="各位领导包案情况")
async def list_leader_cases(
    listing: CurrentListing, caller: CurrentCaller, session: CurrentSession, clock: CurrentClock
) -> CaseLoadPage:
    fetch = partial(queries.loads, session, caller, listing.scope, today(clock))
    rows, following = await listing.page(
        "leader-cases", None, fetch, lambda row: [row["division_code"], row["person_code"]]
    )
    return CaseLoadPage(items=[CaseLoadOut.model_validate(row) for row in rows], next_cursor=following)


@router.post(f"{PETITION}/case-plans", operation_id="set_case_plan", summary="制定化解方案", status_code=201)
async def set_case_plan(
    petition_id: UUID,
    body: CasePlanIn,
    caller: CurrentCaller,
    session: CurrentSession,
    vault: CurrentVault,
    parties: CurrentParties,
    clock: CurrentClock,
    response: Response,
) -> CasePlanOut:
    known = await parties.of(caller.home, body.unit_code)
    row = await service.set_plan(session, caller, vault, petition_id, body, known, clock)
    created(response, f"/v1/petitions/case-plans?petition_id={petition_id}", row["version"])
    return service.shown_plan(caller, vault, row)


@router.get("/case-plans", operation_id="list_case_plans", summary="化解方案（含历次）")
async def list_case_plans(
    listing: CurrentListing,
    caller: CurrentCaller,
    session: CurrentSession,
    vault: CurrentVault,
    petition_id: UUID | None = None,
) -> CasePlanPage:
    filters = {"petition_id": petition_id}
    fetch = partial(queries.page, session, caller, case_plan, listing.scope, filters)
    rows, following = await listing.page("case-plans", filters, fetch)
    return CasePlanPage(items=[service.shown_plan(caller, vault, row) for row in rows], next_cursor=following)


@router.post(f"{PETITION}/case-meetings", operation_id="hold_case_meeting", summary="登记协调会", status_code=201)
async def hold_case_meeting(
    petition_id: UUID,
    body: CaseMeetingIn,
    caller: CurrentCaller,
    session: CurrentSession,
    vault: CurrentVault,
    parties: CurrentParties,
    clock: CurrentClock,
    response: Response,
) -> CaseMeetingOut:
    known = await parties.of(caller.home, body.chair_code, *(unit.unit_code for unit in body.units))
    row = await service.hold_meeting(session, caller, vault, petition_id, body, known, clock)
    created(response, f"/v1/petitions/case-meetings?petition_id={petition_id}", row["version"])
    return service.shown_meeting(caller, vault, row)


@router.get("/case-meetings", operation_id="list_case_meetings", summary="协调会记录")
async def list_case_meetings(
    listing: CurrentListing,
    caller: CurrentCaller,
    session: CurrentSession,
    vault: CurrentVault,
    petition_id: UUID | None = None,
) -> CaseMeetingPage:
    filters = {"petition_id": petition_id}
    fetch = partial(queries.page, session, caller, case_meeting, listing.scope, filters)
    rows, following = await listing.page("case-meetings", filters, fetch)
    return CaseMeetingPage(items=[service.shown_meeting(caller, vault, row) for row in rows], next_cursor=following)
