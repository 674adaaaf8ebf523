"""诉讼 and 府院联动 on the wire."""

from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from services.projects.paths.lawsuits import queries, service
from shared.chassis.app import CONFLICT, VERSIONED
from shared.chassis.clock import today
from shared.chassis.http import IfMatch, created, etag
from shared.chassis.listing import CurrentListing
from shared.chassis.route import CurrentCaller, CurrentClock
from shared.clients.parties import CurrentParties
from shared.schemas.projects.lawsuits import (
    LawsuitOut,
    LawsuitPage,
    LawsuitPatch,
    LawsuitRecord,
    LawsuitStage,
    LiaisonAnswer,
    LiaisonMatterOut,
    LiaisonMatterPage,
    LiaisonMatterRaise,
)
from shared.storage.route import CurrentSession, Route

router = APIRouter(prefix="/v1/projects", tags=["诉讼与府院联动"], route_class=Route)


@router.get("/lawsuits", operation_id="list_lawsuits", summary="诉讼案件列表")
async def list_lawsuits(
    listing: CurrentListing,
    session: CurrentSession,
    clock: CurrentClock,
    project_id: UUID | None = None,
    stage: LawsuitStage | None = None,
    supervised: Annotated[bool | None, Query(description="是否重点督办")] = None,
    is_open: Annotated[bool | None, Query(description="只看未结的，或只看已结的")] = None,
) -> LawsuitPage:
    filters = {"project_id": project_id, "stage": stage, "supervised": supervised}
    fetch = partial(queries.lawsuits, session, listing.scope, filters, is_open)
    rows, following = await listing.page("lawsuits", [filters, is_open], fetch)
    return LawsuitPage(items=[service.as_lawsuit(row, today(clock)) for row in rows], next_cursor=following)


@router.post(
    "/projects/{project_id}/lawsuits",
    operation_id="record_lawsuit",
    summary="登记诉讼案件",
    status_code=201,
    responses=CONFLICT,
)
async def record_lawsuit(
    project_id: UUID,
    body: LawsuitRecord,
    caller: CurrentCaller,
    session: CurrentSession,
    clock: CurrentClock,
    response: Response,
) -> LawsuitOut:
    made = await service.record_lawsuit(session, caller, project_id, body, clock)
    created(response, f"/v1/projects/lawsuits/{made.id}", made.version)
    return made


@router.get("/lawsuits/{lawsuit_id}", operation_id="get_lawsuit", summary="诉讼案件")
async def get_lawsuit(
    lawsuit_id: UUID, caller: CurrentCaller, session: CurrentSession, clock: CurrentClock, response: Response
) -> LawsuitOut:
    found = await service.get_lawsuit(session, caller, lawsuit_id, clock)
    response.headers["ETag"] = etag(found.version)
    return found


@router.patch("/lawsuits/{lawsuit_id}", operation_id="update_lawsuit", summary="修改诉讼案件", responses=VERSIONED)
async def update_lawsuit(
    lawsuit_id: UUID,
    body: LawsuitPatch,
    version: IfMatch,
    caller: CurrentCaller,
    session: CurrentSession,
    clock: CurrentClock,
    response: Response,
) -> LawsuitOut:
    changed = await service.update_lawsuit(session, caller, lawsuit_id, version, body, clock)
    response.headers["ETag"] = etag(changed.version)
    return changed


@router.get("/liaison-matters", operation_id="list_liaison_matters", summary="府院联动事项列表")
async def list_liaison_matters(
    listing: CurrentListing,
    session: CurrentSession,
    clock: CurrentClock,
    project_id: UUID | None = None,
    unanswered: Annotated[bool | None, Query(description="只看未答复的，或只看已答复的")] = None,
) -> LiaisonMatterPage:
    filters = {"project_id": project_id}
    fetch = partial(queries.matters, session, listing.scope, filters, unanswered)
    rows, following = await listing.page("liaison-matters", [filters, unanswered], fetch)
    return LiaisonMatterPage(items=[service.as_matter(row, today(clock)) for row in rows], next_cursor=following)


@router.post(
    "/projects/{project_id}/liaison-matters",
    operation_id="raise_liaison_matter",
    summary="提交府院联动事项",
    status_code=201,
)
async def raise_liaison_matter(
    project_id: UUID,
    body: LiaisonMatterRaise,
    caller: CurrentCaller,
    session: CurrentSession,
    parties: CurrentParties,
    clock: CurrentClock,
    response: Response,
) -> LiaisonMatterOut:
    made = await service.raise_matter(session, caller, parties, project_id, body, clock)
    created(response, f"/v1/projects/liaison-matters?project_id={project_id}", made.version)
    return made


@router.post(
    "/liaison-matters/{liaison_matter_id}/answer",
    operation_id="answer_liaison_matter",
    summary="答复府院联动事项",
    responses=CONFLICT,
)
async def answer_liaison_matter(
    liaison_matter_id: UUID, body: LiaisonAnswer, caller: CurrentCaller, session: CurrentSession, clock: CurrentClock
) -> LiaisonMatterOut:
    return await service.answer_matter(session, caller, liaison_matter_id, body, clock)
