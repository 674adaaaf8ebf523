"""问责 on the wire."""

from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from services.projects.supervision import accountability, queries
from shared.chassis.app import CONFLICT
from shared.chassis.http import created
from shared.chassis.listing import CurrentListing
from shared.chassis.route import CurrentCaller, CurrentClock
from shared.clients.parties import CurrentParties
from shared.schemas.gateway.directory import PersonCode
from shared.schemas.gateway.identity import UnitCode
from shared.schemas.projects.supervision import (
    AccountabilityIn,
    AccountabilityKind,
    AccountabilityOut,
    AccountabilityPage,
)
from shared.storage import work
from shared.storage.route import CurrentSession, Route

router = APIRouter(prefix="/v1/projects/accountability", tags=["问责"], route_class=Route)


@router.post("", operation_id="record_accountability", summary="登记问责", status_code=201, responses=CONFLICT)
async def record_accountability(
    body: AccountabilityIn,
    caller: CurrentCaller,
    parties: CurrentParties,
    session: CurrentSession,
    clock: CurrentClock,
    response: Response,
) -> AccountabilityOut:
    known = await parties.of(caller.home, body.unit_code, body.person_code)
    row = await accountability.record(session, caller, body, known, clock)
    created(response, "/v1/projects/accountability", row["version"])
    return work.shown(AccountabilityOut, row)


@router.get("", operation_id="list_accountability", summary="问责列表")
async def list_accountability(
    listing: CurrentListing,
    session: CurrentSession,
    kind: AccountabilityKind | None = None,
    unit: Annotated[UnitCode | None, Query(description="被问责单位，或被问责人所在单位")] = None,
    person: Annotated[PersonCode | None, Query(description="被问责人")] = None,
    project_id: UUID | None = None,
    order_id: UUID | None = None,
) -> AccountabilityPage:
    filters = {
        "kind": kind,
        "unit_code": unit,
        "person_code": person,
        "project_id": project_id,
        "order_id": order_id,
    }
    rows, following = await listing.page(
        "accountability", filters, partial(queries.accountabilities, session, listing.scope, filters)
    )
    return AccountabilityPage(items=[work.shown(AccountabilityOut, row) for row in rows], next_cursor=following)
