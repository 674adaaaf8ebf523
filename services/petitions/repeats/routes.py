"""Repeats on the wire."""

from uuid import UUID

from fastapi import APIRouter

from services.petitions.repeats import service
from shared.chassis.app import CONFLICT
from shared.chassis.route import CurrentCaller, CurrentClock
from shared.schemas.petitions.repeats import RepeatCandidates, RepeatCase, RepeatIn, RepeatWithdrawal
from shared.storage.route import CurrentSession, Route
from shared.storage.secrets import CurrentVault

router = APIRouter(prefix="/v1/petitions/petitions/{petition_id}", tags=["重复信访"], route_class=Route)


@router.get("/repeat-candidates", operation_id="list_repeat_candidates", summary="疑似重件及理由")
async def list_repeat_candidates(
    petition_id: UUID, caller: CurrentCaller, session: CurrentSession, vault: CurrentVault
) -> RepeatCandidates:
    return await service.candidates(session, caller, vault, petition_id)


@router.get("/repeats", operation_id="get_repeat_case", summary="主件及其重件，件次和人次")
async def get_repeat_case(
    petition_id: UUID, caller: CurrentCaller, session: CurrentSession, vault: CurrentVault
) -> RepeatCase:
    return await service.case_of(session, caller, vault, petition_id)


@router.post("/repeat", operation_id="confirm_repeat", summary="认定为重件", responses=CONFLICT)
async def confirm_repeat(
    petition_id: UUID,
    body: RepeatIn,
    caller: CurrentCaller,
    session: CurrentSession,
    vault: CurrentVault,
    clock: CurrentClock,
) -> RepeatCase:
    return await service.confirm(session, caller, vault, petition_id, body, clock)


@router.post("/repeat/withdraw", operation_id="unconfirm_repeat", summary="撤销重件认定", responses=CONFLICT)
async def unconfirm_repeat(
    petition_id: UUID,
    body: RepeatWithdrawal,
    caller: CurrentCaller,
    session: CurrentSession,
    vault: CurrentVault,
    clock: CurrentClock,
) -> RepeatCase:
    return await service.unconfirm(session, caller, vault, petition_id, body, clock)
