"""Acts of a petition's life on the wire, from forwarding to the reply; each answers where the petition stands then."""

from uuid import UUID

from fastapi import APIRouter

from services.petitions.life.desk import CurrentDesk, Desk, co_units
from services.petitions.life.moves import bad
from services.petitions.life.routing import BODIES
from shared.chassis.app import CONFLICT
from shared.schemas.petitions.acts import (
    AcceptIn,
    CommentIn,
    ConvertIn,
    ExtensionIn,
    ExtensionReviewIn,
    ForwardIn,
    LegalChannelIn,
    ObjectionDecisionIn,
    ObjectionIn,
    RejectIn,
    RemarkedActIn,
    ReplyIn,
    SettleIn,
    StandAsideIn,
)
from shared.schemas.petitions.life import PetitionStandingOut
from shared.schemas.petitions.states import ActKind
from shared.storage.route import Route

router = APIRouter(prefix="/v1/petitions", tags=["信访办理"], route_class=Route)
PETITION = "/petitions/{petition_id}"


async def _send(desk: Desk, petition_id: UUID, kind: ActKind, body: ForwardIn) -> PetitionStandingOut:
    known = await desk.known(body.unit_code, *(unit.unit_code for unit in body.co_units))
    lead = known.unit(body.unit_code, "/unit_code", *BODIES)
    return await desk.do(
        petition_id,
        kind,
        body,
        text=body.note,
        to_unit=lead.code,
        to_unit_name=lead.name,
        due_on=body.due_on,
        co_units=co_units(known, lead.code, body.co_units),
    )


@router.post(f"{PETITION}/forward", operation_id="forward_petition", summary="转送", responses=CONFLICT)
async def forward_petition(petition_id: UUID, body: ForwardIn, desk: CurrentDesk) -> PetitionStandingOut:
    """Art. 22: to the competent body; by a body that got it directly also art. 23."""
    return await _send(desk, petition_id, ActKind.forward, body)


@router.post(f"{PETITION}/assign", operation_id="assign_petition", summary="交办", responses=CONFLICT)
async def assign_petition(petition_id: UUID, body: ForwardIn, desk: CurrentDesk) -> PetitionStandingOut:
    """Art. 22: forwarded, and the result to be reported."""
    return await _send(desk, petition_id, ActKind.assign, body)


@router.post(f"{PETITION}/receive", operation_id="receive_petition", summary="签收", responses=CONFLICT)
async def receive_petition(petition_id: UUID, body: RemarkedActIn, desk: CurrentDesk) -> PetitionStandingOut:
    return await desk.do(petition_id, ActKind.receive, body, text=body.note)


@router.post(f"{PETITION}/object", operation_id="object_to_forward", summary="对转送交办提出异议", responses=CONFLICT)
async def object_to_forward(petition_id: UUID, body: ObjectionIn, desk: CurrentDesk) -> PetitionStandingOut:
    return await desk.do(petition_id, ActKind.object, body, text=body.reasons)


@router.post(f"{PETITION}/objection-decision", operation_id="decide_objection", summary="审核异议", responses=CONFLICT)
async def decide_objection(petition_id: UUID, body: ObjectionDecisionIn, desk: CurrentDesk) -> PetitionStandingOut:
    kind = ActKind.consent_to_return if body.consents else ActKind.refuse_return
    return await desk.do(petition_id, kind, body, text=body.reasons)


@router.post(f"{PETITION}/notify", operation_id="notify_petitioner", summary="告知信访人收到和去向", responses=CONFLICT)
async def notify_petitioner(petition_id: UUID, body: RemarkedActIn, desk: CurrentDesk) -> PetitionStandingOut:
    return await desk.do(petition_id, ActKind.notify, body, text=body.note)


@router.post(f"{PETITION}/accept", operation_id="accept_petition", summary="受理", responses=CONFLICT)
async def accept_petition(petition_id: UUID, body: AcceptIn, desk: CurrentDesk) -> PetitionStandingOut:
    return await desk.do(
        petition_id,
        ActKind.accept,
        body,
        petition_class=body.petition_class,
        legal_route=body.legal_route,
        is_simple=body.simple_ground is not None,
        reason=body.simple_ground,
    )


@router.post(f"{PETITION}/reject", operation_id="reject_petition", summary="不予（不再）受理", responses=CONFLICT)
async def reject_petition(petition_id: UUID, body: RejectIn, desk: CurrentDesk) -> PetitionStandingOut:
    return await desk.do(petition_id, ActKind.reject, body, text=body.explanation, reason=body.reason)


@router.post(
    f"{PETITION}/route-to-legal-channel",
    operation_id="route_petition_to_legal_channel",
    summary="导入其他法定途径",
    responses=CONFLICT,
)
async def route_petition_to_legal_channel(
    petition_id: UUID, body: LegalChannelIn, desk: CurrentDesk
) -> PetitionStandingOut:
    return await desk.do(
        petition_id,
        ActKind.route_to_legal_channel,
        body,
        text=body.explanation,
        legal_route=body.legal_route,
    )


@router.post(
    f"{PETITION}/convert", operation_id="convert_to_normal_procedure", summary="转普通程序", responses=CONFLICT
)
async def convert_to_normal_procedure(petition_id: UUID, body: ConvertIn, desk: CurrentDesk) -> PetitionStandingOut:
    return await desk.do(petition_id, ActKind.convert_to_normal, body, text=body.reasons)


@router.post(f"{PETITION}/extension", operation_id="extend_petition", summary="申请延期", responses=CONFLICT)
async def extend_petition(petition_id: UUID, body: ExtensionIn, desk: CurrentDesk) -> PetitionStandingOut:
    """Art. 34: once, 30 days at most; it moves nothing before another person has approved it."""
    return await desk.do(petition_id, ActKind.request_extension, body, text=body.reasons, days=body.days)


@router.post(
    f"{PETITION}/extension-review", operation_id="review_extension", summary="审批延期并告知理由", responses=CONFLICT
)
async def review_extension(petition_id: UUID, body: ExtensionReviewIn, desk: CurrentDesk) -> PetitionStandingOut:
    kind = ActKind.approve_extension if body.approved else ActKind.refuse_extension
    return await desk.do(petition_id, kind, body, text=body.reasons, told_on=body.told_on)


@router.post(f"{PETITION}/reply", operation_id="reply_petition", summary="出具处理意见书或答复", responses=CONFLICT)
async def reply_petition(petition_id: UUID, body: ReplyIn, desk: CurrentDesk) -> PetitionStandingOut:
    if body.opinion is not None:
        text, reason = body.opinion.model_dump_json(), body.opinion.outcome
        return await desk.do(petition_id, ActKind.issue_opinion, body, text=text, reason=reason)
    assert body.answer is not None, "the contract asks for one of both"
    return await desk.do(
        petition_id,
        ActKind.answer,
        body,
        text=body.answer.text,
        reason=body.answer.result,
        petition_class=body.petition_class,
    )


@router.post(f"{PETITION}/settle", operation_id="settle_petition", summary="调解、和解", responses=CONFLICT)
async def settle_petition(petition_id: UUID, body: SettleIn, desk: CurrentDesk) -> PetitionStandingOut:
    for name in ("petitioner_agreed", "other_side_agreed"):
        if not getattr(body, name):
            raise bad(f"/{name}", "must_agree", "双方达成一致才能制作协议书（信访工作条例第三十三条）")
    return await desk.do(petition_id, ActKind.settle, body, text=body.agreement, reason=body.kind)


@router.post(f"{PETITION}/withdraw", operation_id="withdraw_petition", summary="信访人撤回", responses=CONFLICT)
async def withdraw_petition(petition_id: UUID, body: RemarkedActIn, desk: CurrentDesk) -> PetitionStandingOut:
    return await desk.do(petition_id, ActKind.withdraw, body, text=body.note)


@router.post(f"{PETITION}/stand-aside", operation_id="stand_aside", summary="回避", responses=CONFLICT)
async def stand_aside(petition_id: UUID, body: StandAsideIn, desk: CurrentDesk) -> PetitionStandingOut:
    """Art. 28: who has an interest in the matter takes no further part in it."""
    person = body.subject or desk.caller.subject
    return await desk.do(petition_id, ActKind.stand_aside, body, text=body.reasons, person=person)


@router.post(f"{PETITION}/comments", operation_id="comment_on_petition", summary="备注", responses=CONFLICT)
async def comment_on_petition(petition_id: UUID, body: CommentIn, desk: CurrentDesk) -> PetitionStandingOut:
    """Moves nothing, in any state: help is still given when the procedure has ended (art. 37)."""
    return await desk.do(petition_id, ActKind.comment, body, text=body.text)
