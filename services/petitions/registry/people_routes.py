"""Persons of petitions on the wire, for who says what for: shown whole, found by an exact value."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from services.petitions.registry import reading
from shared.chassis.http import etag
from shared.chassis.route import CurrentCaller, CurrentClock
from shared.schemas.petitions.people import PersonSearch, PurposeIn, RevealedPetitionerOut
from shared.schemas.petitions.registry import PetitionPage
from shared.storage.route import CurrentSession, Route
from shared.storage.secrets import CurrentVault

router = APIRouter(prefix="/v1/petitions", tags=["信访人信息"], route_class=Route)


@router.post(
    "/petitions/{petition_id}/reveal", operation_id="reveal_petitioner", summary="查看信访人信息和原文（须注明用途）"
)
async def reveal_petitioner(
    petition_id: UUID,
    body: PurposeIn,
    request: Request,
    caller: CurrentCaller,
    session: CurrentSession,
    vault: CurrentVault,
    clock: CurrentClock,
    response: Response,
) -> RevealedPetitionerOut:
    """用途写入审计记录。同一个 Idempotency-Key 再次请求时，只给出脱敏的内容。"""
    whole, kept = await reading.reveal(session, caller, vault, petition_id, body, clock)
    request.scope["anju.replay"] = kept.model_dump_json().encode()
    response.headers["ETag"] = etag(whole.version, "revealed")
    return whole


@router.post(
    "/petitions/find-by-person",
    operation_id="find_petitions_by_person",
    summary="按证件号码、电话或姓名查找本级信访事项（须注明用途）",
    response_model=PetitionPage,
)
async def find_petitions_by_person(
    body: PersonSearch, caller: CurrentCaller, session: CurrentSession, vault: CurrentVault, clock: CurrentClock
) -> Response:
    """须与登记的完全一致，不支持模糊查找；每次查找都写入审计记录。至多给出最近 200 件。"""
    rows = await reading.find(session, caller, vault, body, clock)
    return Response(reading.page(vault, rows), media_type="application/json")
