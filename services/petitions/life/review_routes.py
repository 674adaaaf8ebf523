"""Delivery, hearing, review and the end of the procedure on the wire (arts. 35–37)."""

from uuid import UUID

from fastapi import APIRouter

from services.petitions.life.desk import CurrentDesk
from services.petitions.life.routing import BODIES
from shared.chassis.app import CONFLICT
from shared.schemas.petitions.acts import DeliverIn, RemarkedActIn, ReviewDecisionIn, ReviewRequestIn
from shared.schemas.petitions.life import PetitionStandingOut
from shared.schemas.petitions.states import ActKind
from shared.storage.route import Route

router = APIRouter(prefix="/v1/petitions", tags=["复查复核"], route_class=Route)
PETITION = "/petitions/{petition_id}"


@router.post(f"{PETITION}/deliver", operation_id="deliver_document", summary="送达文书", responses=CONFLICT)
async def deliver_document(petition_id: UUID, body: DeliverIn, desk: CurrentDesk) -> PetitionStandingOut:
    """送达 of an opinion or decision starts the window of the next level; that of a notice starts nothing."""
    return await desk.do(
        petition_id,
        ActKind.deliver,
        body,
        text=body.note,
        document=body.document,
        method=body.method,
        recipient=body.recipient,
    )


@router.post(f"{PETITION}/review", operation_id="request_review", summary="申请复查（复核）", responses=CONFLICT)
async def request_review(petition_id: UUID, body: ReviewRequestIn, desk: CurrentDesk) -> PetitionStandingOut:
    name = body.body_name
    if body.unit_code is not None:
        known = await desk.known(body.unit_code)
        name = known.unit(body.unit_code, "/unit_code", *BODIES).name
    return await desk.do(
        petition_id,
        ActKind.request_review,
        body,
        text=body.grounds,
        to_unit=body.unit_code,
        to_unit_name=name,
        to_level=body.level,
    )


@router.post(
    f"{PETITION}/review-decision", operation_id="decide_review", summary="作出复查（复核）意见", responses=CONFLICT
)
async def decide_review(petition_id: UUID, body: ReviewDecisionIn, desk: CurrentDesk) -> PetitionStandingOut:
    """Of whichever level was asked for; the office records the decision of a body outside the county."""
    return await desk.do(petition_id, ActKind.decide_review, body, text=body.opinion, outcome=body.outcome)


@router.post(f"{PETITION}/hearing", operation_id="begin_hearing", summary="听证开始", responses=CONFLICT)
async def begin_hearing(petition_id: UUID, body: RemarkedActIn, desk: CurrentDesk) -> PetitionStandingOut:
    """Art. 36: the time of a hearing is not counted into the term of a re-review."""
    return await desk.do(petition_id, ActKind.begin_hearing, body, text=body.note)


@router.post(f"{PETITION}/hearing-end", operation_id="end_hearing", summary="听证结束", responses=CONFLICT)
async def end_hearing(petition_id: UUID, body: RemarkedActIn, desk: CurrentDesk) -> PetitionStandingOut:
    return await desk.do(petition_id, ActKind.end_hearing, body, text=body.note)


@router.post(f"{PETITION}/terminate", operation_id="terminate_petition", summary="三级终结", responses=CONFLICT)
async def terminate_petition(petition_id: UUID, body: RemarkedActIn, desk: CurrentDesk) -> PetitionStandingOut:
    return await desk.do(petition_id, ActKind.terminate, body, text=body.note)
