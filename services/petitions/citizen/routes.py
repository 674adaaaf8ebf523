"""What anybody may ask with a petition's number and query code. The gateway counts visitors by address."""

from fastapi import APIRouter, Request, Response

from services.petitions.citizen import service
from shared.chassis import trace
from shared.chassis.app import CONFLICT
from shared.chassis.problems import problem_response
from shared.chassis.route import CurrentClock
from shared.errors import NotFound
from shared.schemas.petitions.citizen import PublicPetitionOut, PublicQuery, PublicRating, PublicRatingOut
from shared.storage.route import CurrentSession, Route
from shared.storage.secrets import CurrentVault

router = APIRouter(prefix="/v1/petitions/public", tags=["信访人查询与评价"], route_class=Route)


def _unknown(request: Request) -> Response:
    """Answered, not raised: the try is counted in this transaction."""
    problem = NotFound("没有查到：请核对编号和查询码；多次输错后，请过一段时间再试")
    language = request.headers.get("accept-language")
    return problem_response(problem, trace_id=trace.current().trace_id, language=language)


@router.post(
    "/look-up",
    operation_id="query_petition_publicly",
    summary="凭编号和查询码查询办理情况（无需登录）",
    response_model=PublicPetitionOut,
)
async def query_petition_publicly(
    body: PublicQuery, request: Request, session: CurrentSession, vault: CurrentVault, clock: CurrentClock
) -> Response | PublicPetitionOut:
    service.enter(body.petition_code)
    row = await service.find(session, vault, body, clock)
    return _unknown(request) if row is None else await service.shown(session, row, clock)


@router.post(
    "/rating",
    operation_id="rate_petition_publicly",
    summary="凭编号和查询码作满意度评价（无需登录）",
    response_model=PublicRatingOut,
    responses=CONFLICT,
)
async def rate_petition_publicly(
    body: PublicRating, request: Request, session: CurrentSession, vault: CurrentVault, clock: CurrentClock
) -> Response | PublicRatingOut:
    service.enter(body.petition_code)
    row = await service.find(session, vault, body, clock, lock=True)
    return _unknown(request) if row is None else await service.rate(session, vault, row, body, clock)
