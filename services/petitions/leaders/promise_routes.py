"""承诺书 on the wire."""

from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from services.petitions.leaders import promises, queries
from shared.chassis.app import CONFLICT
from shared.chassis.clock import today
from shared.chassis.http import created, etag
from shared.chassis.listing import CurrentListing
from shared.chassis.route import CurrentCaller, CurrentClock
from shared.clients.parties import CurrentParties
from shared.schemas.gateway.identity import UnitCode
from shared.schemas.petitions.leaders import (
    CasePromiseIn,
    CasePromiseOut,
    CasePromisePage,
    CasePromiseSettle,
    CasePromiseState,
)
from shared.storage.route import CurrentSession, Route
from shared.storage.secrets import CurrentVault

router = APIRouter(prefix="/v1/petitions", tags=["领导包案"], route_class=Route)


@router.post(
    "/petitions/{petition_id}/case-promises",
    operation_id="record_promise",
    summary="登记承诺书",
    status_code=201,
)
async def record_promise(
    petition_id: UUID,
    body: CasePromiseIn,
    caller: CurrentCaller,
    session: CurrentSession,
    vault: CurrentVault,
    parties: CurrentParties,
    clock: CurrentClock,
    response: Response,
) -> CasePromiseOut:
    known = await parties.of(caller.home, body.unit_code, body.person_code)
    row = await promises.record(session, caller, vault, petition_id, body, known, clock)
    created(response, f"/v1/petitions/case-promises?petition_id={petition_id}", row["version"])
    return promises.shown(caller, vault, row, today(clock))


@router.post(
    "/case-promises/{case_promise_id}/settle",
    operation_id="settle_promise",
    summary="承诺了结：已兑现或未兑现",
    responses=CONFLICT,
)
async def settle_promise(
    case_promise_id: UUID,
    body: CasePromiseSettle,
    caller: CurrentCaller,
    session: CurrentSession,
    vault: CurrentVault,
    clock: CurrentClock,
    response: Response,
) -> CasePromiseOut:
    row = await promises.settle(session, caller, vault, case_promise_id, body, clock)
    response.headers["ETag"] = etag(row["version"])
    return promises.shown(caller, vault, row, today(clock))


@router.get("/case-promises", operation_id="list_promises", summary="承诺列表（可只看逾期）")
async def list_promises(
    listing: CurrentListing,
    caller: CurrentCaller,
    session: CurrentSession,
    vault: CurrentVault,
    clock: CurrentClock,
    petition_id: UUID | None = None,
    unit_code: UnitCode | None = None,
    state: Annotated[CasePromiseState | None, Query(description="未到期、逾期、已兑现、未兑现")] = None,
) -> CasePromisePage:
    filters, day = {"petition_id": petition_id, "unit_code": unit_code}, today(clock)
    fetch = partial(queries.promises, session, caller, listing.scope, filters, state, day)
    # What is overdue is another list tomorrow.
    rows, following = await listing.page("case-promises", [filters, state, day], fetch)
    return CasePromisePage(items=[promises.shown(caller, vault, row, day) for row in rows], next_cursor=following)
