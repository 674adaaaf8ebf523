"""舆情 on the wire."""

from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from services.petitions.opinion import queries, service
from shared.chassis.app import CONFLICT, VERSIONED
from shared.chassis.clock import today
from shared.chassis.http import IfMatch, created, etag
from shared.chassis.listing import CurrentListing
from shared.chassis.route import CurrentCaller, CurrentClock
from shared.clients.gateway import CurrentGateway
from shared.clients.parties import CurrentParties
from shared.schemas.gateway.identity import UnitCode
from shared.schemas.petitions.opinion import (
    OpinionAnswerIn,
    OpinionHeat,
    OpinionItemIn,
    OpinionItemOut,
    OpinionItemPage,
    OpinionItemPatch,
    OpinionSource,
    OpinionState,
)
from shared.storage.route import CurrentSession, Route

router = APIRouter(prefix="/v1/petitions/opinion-items", tags=["舆情"], route_class=Route)


@router.post("", operation_id="record_opinion_item", summary="登记舆情", status_code=201, responses=CONFLICT)
async def record_opinion_item(
    body: OpinionItemIn,
    caller: CurrentCaller,
    session: CurrentSession,
    gateway: CurrentGateway,
    parties: CurrentParties,
    clock: CurrentClock,
    response: Response,
) -> OpinionItemOut:
    known = await parties.of(caller.home, body.owner_unit_code)
    projects = await service.named_projects(gateway, body.project_ids, caller.home)
    row = await service.record(session, caller, body, known, projects, clock)
    created(response, f"/v1/petitions/opinion-items/{row['id']}", row["version"])
    return service.shown(row, today(clock))


@router.get("", operation_id="list_opinion_items", summary="舆情列表（可只看逾期未回应）")
async def list_opinion_items(
    listing: CurrentListing,
    caller: CurrentCaller,
    session: CurrentSession,
    clock: CurrentClock,
    project_id: UUID | None = None,
    source: OpinionSource | None = None,
    heat: OpinionHeat | None = None,
    owner_unit_code: UnitCode | None = None,
    state: Annotated[OpinionState | None, Query(description="待回应、逾期未回应、已回应")] = None,
) -> OpinionItemPage:
    filters, day = {"source": source, "heat": heat, "owner_unit_code": owner_unit_code}, today(clock)
    fetch = partial(queries.items, session, caller, listing.scope, filters, project_id, state, day)
    rows, following = await listing.page("opinion-items", [filters, project_id, state, day], fetch)
    return OpinionItemPage(items=[service.shown(row, day) for row in rows], next_cursor=following)


@router.get("/{opinion_item_id}", operation_id="get_opinion_item", summary="一条舆情")
async def get_opinion_item(
    opinion_item_id: UUID, caller: CurrentCaller, session: CurrentSession, clock: CurrentClock, response: Response
) -> OpinionItemOut:
    row = await service.one(session, caller, opinion_item_id)
    response.headers["ETag"] = etag(row["version"])
    return service.shown(row, today(clock))


@router.patch("/{opinion_item_id}", operation_id="update_opinion_item", summary="更新舆情", responses=VERSIONED)
async def update_opinion_item(
    opinion_item_id: UUID,
    body: OpinionItemPatch,
    caller: CurrentCaller,
    session: CurrentSession,
    gateway: CurrentGateway,
    parties: CurrentParties,
    clock: CurrentClock,
    version: IfMatch,
    response: Response,
) -> OpinionItemOut:
    known = await parties.of(caller.home, body.owner_unit_code or None)
    projects = await service.named_projects(gateway, body.project_ids, caller.home)
    row = await service.change(session, caller, opinion_item_id, version, body, known, projects, clock)
    response.headers["ETag"] = etag(row["version"])
    return service.shown(row, today(clock))


@router.post("/{opinion_item_id}/answer", operation_id="answer_opinion_item", summary="回应舆情", responses=CONFLICT)
async def answer_opinion_item(
    opinion_item_id: UUID,
    body: OpinionAnswerIn,
    caller: CurrentCaller,
    session: CurrentSession,
    clock: CurrentClock,
    response: Response,
) -> OpinionItemOut:
    row = await service.answer(session, caller, opinion_item_id, body, clock)
    response.headers["ETag"] = etag(row["version"])
    return service.shown(row, today(clock))
