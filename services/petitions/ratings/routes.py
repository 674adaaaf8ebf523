"""群众满意度评价 on the wire, as the petition office enters and reads it; the petitioner's own: `citizen`."""

from functools import partial
from uuid import UUID

from fastapi import APIRouter, Response

from services.petitions.ratings import queries, service
from shared.chassis.app import CONFLICT
from shared.chassis.http import created
from shared.chassis.listing import CurrentListing
from shared.chassis.route import CurrentCaller, CurrentClock
from shared.schemas.gateway.identity import UnitCode
from shared.schemas.petitions.ratings import (
    CallBackRating,
    Rating,
    RatingChannel,
    RatingOut,
    RatingPage,
    RatingStandingOut,
)
from shared.storage.route import CurrentSession, Route
from shared.storage.secrets import CurrentVault

router = APIRouter(prefix="/v1/petitions", tags=["满意度评价"], route_class=Route)


@router.post(
    "/petitions/{petition_id}/rating",
    operation_id="rate_petition",
    summary="回访代录满意度评价",
    status_code=201,
    responses=CONFLICT,
)
async def rate_petition(
    petition_id: UUID,
    body: CallBackRating,
    caller: CurrentCaller,
    session: CurrentSession,
    vault: CurrentVault,
    clock: CurrentClock,
    response: Response,
) -> RatingOut:
    row = await service.call_back(session, caller, vault, petition_id, body, clock)
    created(response, f"/v1/petitions/petitions/{petition_id}/rating", row["version"])
    return service.shown(caller, vault, row)


@router.get("/petitions/{petition_id}/rating", operation_id="get_petition_rating", summary="一件信访事项的评价情况")
async def get_petition_rating(
    petition_id: UUID, caller: CurrentCaller, session: CurrentSession, vault: CurrentVault, clock: CurrentClock
) -> RatingStandingOut:
    return await service.standing(session, caller, vault, petition_id, clock)


@router.get("/ratings", operation_id="list_petition_ratings", summary="满意度评价列表")
async def list_petition_ratings(
    listing: CurrentListing,
    caller: CurrentCaller,
    session: CurrentSession,
    vault: CurrentVault,
    petition_id: UUID | None = None,
    rated_body_code: UnitCode | None = None,
    channel: RatingChannel | None = None,
    office_rating: Rating | None = None,
    body_rating: Rating | None = None,
) -> RatingPage:
    filters = {
        "petition_id": petition_id,
        "rated_body_code": rated_body_code,
        "channel": channel,
        "office_rating": office_rating,
        "body_rating": body_rating,
    }
    rows, following = await listing.page(
        "ratings", filters, partial(queries.rated, session, caller, listing.scope, filters)
    )
    return RatingPage(items=[service.shown(caller, vault, row) for row in rows], next_cursor=following)
