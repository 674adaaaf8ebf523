"""线索移交 on the wire. Acts answer a receipt number; nothing else leaves the register but to its readers."""

from functools import partial
from uuid import UUID

from fastapi import APIRouter

from services.projects.clues import queries, rules, service
from shared.chassis.app import CONFLICT
from shared.chassis.listing import CurrentListing
from shared.chassis.route import CurrentCaller, CurrentClock
from shared.schemas.projects.clues import (
    ClueOut,
    CluePage,
    ClueReceipt,
    ClueReceive,
    ClueRecipient,
    ClueResultRecord,
    ClueState,
    ClueTransfer,
)
from shared.storage.route import CurrentSession, Route
from shared.storage.secrets import CurrentVault

router = APIRouter(prefix="/v1/projects/clues", tags=["线索移交"], route_class=Route)


@router.post("", operation_id="transfer_clue", summary="移交线索", status_code=201)
async def transfer_clue(
    body: ClueTransfer, caller: CurrentCaller, session: CurrentSession, vault: CurrentVault, clock: CurrentClock
) -> ClueReceipt:
    return await service.transfer(session, caller, vault, body, clock)


@router.get("", operation_id="list_clues", summary="线索登记簿")
async def list_clues(
    caller: CurrentCaller,
    session: CurrentSession,
    clock: CurrentClock,
    listing: CurrentListing,
    recipient: ClueRecipient | None = None,
    state: ClueState | None = None,
) -> CluePage:
    filters = {"recipient": recipient, "state": state}
    fetch = partial(queries.page, session, listing.scope, rules.readable(caller.roles), filters)
    rows, following = await listing.page("clue", filters, fetch)
    return CluePage(items=service.listed(session, caller, rows, clock), next_cursor=following)


@router.get("/{clue_id}", operation_id="get_clue", summary="线索内容与办理结果")
async def get_clue(
    clue_id: UUID, caller: CurrentCaller, session: CurrentSession, vault: CurrentVault, clock: CurrentClock
) -> ClueOut:
    return await service.get(session, caller, vault, clue_id, clock)


@router.post("/{clue_id}/receive", operation_id="receive_clue", summary="签收线索", responses=CONFLICT)
async def receive_clue(
    clue_id: UUID, body: ClueReceive, caller: CurrentCaller, session: CurrentSession, clock: CurrentClock
) -> ClueReceipt:
    return await service.receive(session, caller, clue_id, body, clock)


@router.post("/{clue_id}/results", operation_id="record_clue_result", summary="登记线索办理结果", responses=CONFLICT)
async def record_clue_result(
    clue_id: UUID,
    body: ClueResultRecord,
    caller: CurrentCaller,
    session: CurrentSession,
    vault: CurrentVault,
    clock: CurrentClock,
) -> ClueReceipt:
    return await service.record_result(session, caller, vault, clue_id, body, clock)
