"""催办 and 督办 on the wire, and the sweeps that make them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from services.petitions.reminders import service
from services.petitions.reminders.sweeping import SWEEPS
from shared.chassis.app import CONFLICT
from shared.chassis.clock import today
from shared.chassis.http import etag
from shared.chassis.listing import CurrentListing
from shared.chassis.route import CurrentCaller, CurrentClock
from shared.schemas.gateway.identity import UnitCode
from shared.schemas.petitions.reminders import (
    PetitionsSweepOut,
    PetitionsSweepPage,
    PetitionSupervisionDetail,
    PetitionSupervisionOut,
    PetitionSupervisionPage,
    PetitionSupervisionState,
    PetitionSupervisionStep,
    ReminderAnswerIn,
    ReminderOut,
    ReminderPage,
    ReminderSubject,
    SupervisionAnswerIn,
    SupervisionReviewIn,
)
from shared.schemas.petitions.states import WarningBand
from shared.service.sweep_routes import Names, sweep_router
from shared.storage.route import CurrentSession, Route
from shared.storage.secrets import CurrentVault

TAG = "信访催办督办"
router = APIRouter(prefix="/v1/petitions", tags=[TAG], route_class=Route)
sweeps = sweep_router(
    SWEEPS,
    Names("run_petitions_sweep", "list_petitions_sweeps", "get_petitions_sweep", "扫描本级到期的信访事项"),
    prefix="/v1/petitions",
    key="petitions_sweep_id",
    tag=TAG,
    out=PetitionsSweepOut,
    page=PetitionsSweepPage,
)
REMINDER, SUPERVISION = "/reminders/{reminder_id}", "/supervisions/{petition_supervision_id}"


@router.get("/reminders", operation_id="list_petition_reminders", summary="催办列表")
async def list_petition_reminders(
    listing: CurrentListing,
    caller: CurrentCaller,
    session: CurrentSession,
    vault: CurrentVault,
    petition_id: UUID | None = None,
    unit_code: UnitCode | None = None,
    band: WarningBand | None = None,
    subject: ReminderSubject | None = None,
    is_open: Annotated[bool | None, Query(description="尚未回复，且所催事项仍未办理")] = None,
) -> ReminderPage:
    filters = {"petition_id": petition_id, "unit_code": unit_code, "band": band, "subject": subject}
    return await service.listed(session, caller, vault, listing, filters, is_open)


@router.post(f"{REMINDER}/acknowledge", operation_id="acknowledge_petition_reminder", summary="签收催办")
async def acknowledge_petition_reminder(
    reminder_id: UUID,
    caller: CurrentCaller,
    session: CurrentSession,
    vault: CurrentVault,
    clock: CurrentClock,
    response: Response,
) -> ReminderOut:
    row = await service.acknowledge(session, caller, reminder_id, clock)
    response.headers["ETag"] = etag(row["version"])
    return await service.shown(session, caller, vault, row)


@router.post(f"{REMINDER}/answer", operation_id="answer_petition_reminder", summary="回复催办", responses=CONFLICT)
async def answer_petition_reminder(
    reminder_id: UUID,
    body: ReminderAnswerIn,
    caller: CurrentCaller,
    session: CurrentSession,
    vault: CurrentVault,
    clock: CurrentClock,
    response: Response,
) -> ReminderOut:
    row = await service.answer(session, caller, vault, reminder_id, body, clock)
    response.headers["ETag"] = etag(row["version"])
    return await service.shown(session, caller, vault, row)


@router.get("/supervisions", operation_id="list_petition_supervisions", summary="信访督办列表")
async def list_petition_supervisions(
    listing: CurrentListing,
    caller: CurrentCaller,
    session: CurrentSession,
    vault: CurrentVault,
    clock: CurrentClock,
    petition_id: UUID | None = None,
    unit_code: UnitCode | None = None,
    state: PetitionSupervisionState | None = None,
    level: PetitionSupervisionStep | None = None,
) -> PetitionSupervisionPage:
    filters = {"petition_id": petition_id, "unit_code": unit_code, "state": state, "level": level}
    return await service.supervisions(session, caller, vault, listing, clock, filters)


@router.get(SUPERVISION, operation_id="get_petition_supervision", summary="一件信访督办及其升级经过")
async def get_petition_supervision(
    petition_supervision_id: UUID,
    caller: CurrentCaller,
    session: CurrentSession,
    vault: CurrentVault,
    clock: CurrentClock,
    response: Response,
) -> PetitionSupervisionDetail:
    found = await service.supervision(session, caller, vault, petition_supervision_id, clock)
    response.headers["ETag"] = etag(found.version, today(clock).isoformat())
    return found


@router.post(
    f"{SUPERVISION}/answer", operation_id="answer_petition_supervision", summary="书面反馈督办", responses=CONFLICT
)
async def answer_petition_supervision(
    petition_supervision_id: UUID,
    body: SupervisionAnswerIn,
    caller: CurrentCaller,
    session: CurrentSession,
    vault: CurrentVault,
    clock: CurrentClock,
    response: Response,
) -> PetitionSupervisionOut:
    """Art. 40: whether the body adopts the proposals, and what it has done."""
    row = await service.answer_supervision(session, caller, vault, petition_supervision_id, body, clock)
    response.headers["ETag"] = etag(row["version"])
    return service.shown_supervision(caller, vault, row, today(clock))


@router.post(
    f"{SUPERVISION}/review", operation_id="review_petition_supervision", summary="审核督办反馈", responses=CONFLICT
)
async def review_petition_supervision(
    petition_supervision_id: UUID,
    body: SupervisionReviewIn,
    caller: CurrentCaller,
    session: CurrentSession,
    vault: CurrentVault,
    clock: CurrentClock,
    response: Response,
) -> PetitionSupervisionOut:
    row = await service.review(session, caller, petition_supervision_id, body, clock)
    response.headers["ETag"] = etag(row["version"])
    return service.shown_supervision(caller, vault, row, today(clock))
