"""Reading a petition's life on the wire: its acts, its clocks, who handles it, what a calendar notice moved."""

from uuid import UUID

from fastapi import APIRouter, Response

from services.petitions.life import reading
from shared.chassis.app import CONFLICT
from shared.chassis.clock import today
from shared.chassis.http import etag
from shared.chassis.listing import CurrentListing, CurrentPaging
from shared.chassis.route import CurrentCaller, CurrentClock
from shared.schemas.gateway.identity import UnitCode
from shared.schemas.petitions.acts import AssignmentAnswerIn
from shared.schemas.petitions.life import (
    AssignmentOut,
    AssignmentPage,
    ClockChangePage,
    PetitionActPage,
    PetitionClocks,
)
from shared.storage.route import CurrentSession, Route
from shared.storage.secrets import CurrentVault

router = APIRouter(prefix="/v1/petitions", tags=["信访办理"], route_class=Route)


@router.get("/petitions/{petition_id}/acts", operation_id="list_petition_acts", summary="办理过程")
async def list_petition_acts(
    petition_id: UUID, paging: CurrentPaging, caller: CurrentCaller, session: CurrentSession, vault: CurrentVault
) -> PetitionActPage:
    """In the order they were done."""
    return await reading.acts(session, caller, vault, petition_id, paging)


@router.get("/petitions/{petition_id}/clocks", operation_id="list_petition_clocks", summary="法定期限")
async def list_petition_clocks(
    petition_id: UUID, caller: CurrentCaller, session: CurrentSession, clock: CurrentClock
) -> PetitionClocks:
    return await reading.clocks(session, caller, petition_id, clock)


@router.get("/assignments", operation_id="list_petition_assignments", summary="承办和协办单位列表")
async def list_petition_assignments(
    listing: CurrentListing,
    caller: CurrentCaller,
    session: CurrentSession,
    vault: CurrentVault,
    clock: CurrentClock,
    petition_id: UUID | None = None,
    unit_code: UnitCode | None = None,
    is_lead: bool | None = None,
    is_live: bool | None = None,
) -> AssignmentPage:
    filters = {"petition_id": petition_id, "unit_code": unit_code, "is_lead": is_lead}
    return await reading.assignments(session, caller, vault, listing, clock, filters, is_live)


@router.post(
    "/assignments/{assignment_id}/answer",
    operation_id="answer_assignment",
    summary="答复交办",
    responses=CONFLICT,
)
async def answer_assignment(
    assignment_id: UUID,
    body: AssignmentAnswerIn,
    caller: CurrentCaller,
    session: CurrentSession,
    vault: CurrentVault,
    clock: CurrentClock,
    response: Response,
) -> AssignmentOut:
    row = await reading.answer(session, caller, vault, assignment_id, body, clock)
    response.headers["ETag"] = etag(row["version"])
    return reading.shown_assignment(caller, vault, row, today(clock))


@router.get("/clock-changes", operation_id="list_clock_changes", summary="放假安排引起的期限变动")
async def list_clock_changes(
    listing: CurrentListing, caller: CurrentCaller, session: CurrentSession, petition_id: UUID | None = None
) -> ClockChangePage:
    return await reading.changes(session, caller, listing, petition_id)
