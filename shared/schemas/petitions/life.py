"""A petition's life on the wire: what each act says, and what the acts have come to (信访工作条例 2022, arts. 19–37).

Reasons, opinions and answers are free text: they are sealed, and opened only for the petition office, the inspectors
and the units that handle the petition; for anybody else the field is null.
"""

from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field, StrictInt, StringConstraints, model_validator

from shared.schemas.base import Day, Flag, In, LongText, Moment, NotKeptText, Out, Page, Text
from shared.schemas.gateway.identity import UnitCode
from shared.schemas.masking import Impersonal
from shared.schemas.petitions.states import (
    ActKind,
    ClockKind,
    ClockState,
    DayType,
    LegalRoute,
    PetitionClass,
    PetitionState,
    ReviewOutcome,
    WarningBand,
)
from shared.schemas.petitions.steps import (
    AnswerResult,
    BodyLevel,
    CalendarState,
    DeliveryMethod,
    OpinionOutcome,
    PetitionDocument,
    Recipient,
    RejectReason,
    SettlementKind,
    SimpleGround,
)

DocumentNumber = Annotated[
    str,
    StringConstraints(pattern=r"^[^\x00-\x1f\x7f]{1,60}$", strip_whitespace=True),
    Impersonal,
    Field(description="文号，例如 安信转〔2026〕15号", examples=["安信转〔2026〕15号"]),
]


def _names_review(text: str) -> str:
    """Acts of petition work are not open to suit: the way up is 复查 and 复核."""
    if "诉讼" in text or "起诉" in text or not ("复查" in text or "复核" in text):
        raise ValueError("救济途径应写明复查（复核），不得写诉讼")
    return text


Account = Annotated[str, StringConstraints(pattern=r"^[a-z]+:[0-9A-Za-z_-]{1,64}$"), Impersonal]
Remedy = Annotated[LongText, AfterValidator(_names_review)]


class PetitionActIn(In):
    """`on` is the day it was done, today if not said."""

    on: Day | None = None
    document_number: DocumentNumber | None = None


class RemarkedActIn(PetitionActIn):
    note: LongText | None = None


class CoUnitIn(In):
    unit_code: UnitCode
    due_on: Day | None = None


class ForwardIn(RemarkedActIn):
    """`due_on`: the sender's own deadline, besides the law's."""

    unit_code: UnitCode
    due_on: Day | None = None
    co_units: list[CoUnitIn] = Field(default=[], max_length=20)


class ObjectionIn(PetitionActIn):
    reasons: LongText


class ObjectionDecisionIn(PetitionActIn):
    consents: Flag
    reasons: LongText | None = None


class AcceptIn(PetitionActIn):
    """`simple_ground` asks for the simple procedure."""

    petition_class: PetitionClass | None = None
    legal_route: LegalRoute | None = None
    simple_ground: SimpleGround | None = None


class RejectIn(PetitionActIn):
    reason: RejectReason
    explanation: LongText


class LegalChannelIn(PetitionActIn):
    """Art. 31 (1)–(5); `explanation` names the body and the way, for the petitioner."""

    legal_route: LegalRoute
    explanation: LongText


class ConvertIn(PetitionActIn):
    reasons: LongText


class ExtensionIn(PetitionActIn):
    days: Annotated[StrictInt, Field(ge=1, le=30)]
    reasons: LongText


class ExtensionReviewIn(PetitionActIn):
    """`reasons` are those the petitioner is told on `told_on`."""

    approved: Flag
    told_on: Day | None = None
    reasons: LongText


class HandlingOpinion(In):
    """信访处理意见书, art. 32: its parts."""

    outcome: OpinionOutcome
    claim: LongText
    facts_and_reasons: LongText
    opinion: LongText
    legal_basis: LongText
    remedy: Remedy


class PetitionAnswer(In):
    """Arts. 29, 30: a suggestion is studied and answered, an accusation's result told."""

    result: AnswerResult
    text: LongText


class ReplyIn(PetitionActIn):
    """`opinion` of a claim, `answer` of a suggestion or accusation; `petition_class` where nobody has given it yet."""

    petition_class: PetitionClass | None = None
    opinion: HandlingOpinion | None = None
    answer: PetitionAnswer | None = None

    @model_validator(mode="after")
    def one_of_both(self) -> "ReplyIn":
        if (self.opinion is None) == (self.answer is None):
            raise ValueError("请填写处理意见或答复，二者之一")
        return self


class DeliverIn(PetitionActIn):
    """`note` may name who signed: it is sealed."""

    document: PetitionDocument
    recipient: Recipient
    method: DeliveryMethod
    note: LongText | None = None


class ReviewRequestIn(PetitionActIn):
    """To a unit of the directory, or to a body outside the county by name and level."""

    unit_code: UnitCode | None = None
    body_name: Annotated[Text, Impersonal] | None = None
    level: BodyLevel | None = None
    grounds: LongText | None = None

    @model_validator(mode="after")
    def one_body(self) -> "ReviewRequestIn":
        if (self.unit_code is None) == (self.body_name is None):
            raise ValueError("请填写本县单位编码，或县外机关的名称和层级")
        if self.body_name is not None and self.level is None:
            raise ValueError("县外机关请填写层级")
        return self


class ReviewDecisionIn(PetitionActIn):
    outcome: ReviewOutcome
    opinion: LongText


class SettleIn(PetitionActIn):
    """Art. 33: both sides have agreed; `agreement` is the text of 调解（和解）协议书."""

    kind: SettlementKind
    petitioner_agreed: Flag
    other_side_agreed: Flag
    agreement: LongText


class StandAsideIn(PetitionActIn):
    """`subject`: the account that stands aside, one's own if not said."""

    subject: Account | None = None
    reasons: LongText


class CommentIn(PetitionActIn):
    text: LongText


class AssignmentAnswerIn(In):
    on: Day | None = None
    answer: LongText


class PetitionStandingOut(Out):
    """What the acts have come to. `version` is also the ETag."""

    petition_id: UUID
    petition_code: str
    version: int
    acts: int
    state: PetitionState
    state_since: Day
    petition_class: PetitionClass | None
    legal_route: LegalRoute | None
    body_unit_code: str | None
    body_unit_name: str | None
    accepted_on: Day | None
    opinion_on: Day | None
    delivered_on: Day | None
    next_due_on: Day | None
    next_internal_due_on: Day | None


class PetitionActOut(Out):
    number: int
    kind: ActKind
    on: Day
    actor_name: str
    unit_code: str | None
    to_unit_code: str | None
    to_unit_name: str | None
    document_number: str | None
    to_level: BodyLevel | None
    petition_class: PetitionClass | None
    legal_route: LegalRoute | None
    days: int | None
    told_on: Day | None
    is_simple: bool
    outcome: ReviewOutcome | None
    reason: str | None
    """A word of `RejectReason`, `SimpleGround`, `OpinionOutcome`, `AnswerResult` or `SettlementKind`."""
    document: PetitionDocument | None
    method: DeliveryMethod | None
    recipient: Recipient | None
    is_assumed: bool = Field(description="登记簿未载明日期或经办人，由导入推定")
    recorded_at: Moment
    is_text_kept: bool
    text: str | None
    opinion: HandlingOpinion | None


class PetitionActPage(Page):
    items: list[PetitionActOut]


class PetitionClockOut(Out):
    """`due_on` is the day by law, rolled over rest days; `internal_due_on` the day as counted, which warnings keep to.

    `unit_code` is whose duty it is.
    """

    number: int
    kind: ClockKind
    is_duty: bool
    rule_id: str
    rule_version: str
    article: str
    basis: str
    days: int
    day_type: DayType
    extended_days: int
    suspended_days: int
    suspended_on: Day | None
    started_by: int
    started_by_kind: ActKind
    started_by_document: str | None
    starts_on: Day
    due_on: Day
    internal_due_on: Day
    calendar: CalendarState
    state: ClockState
    ended_by: int | None
    met_on: Day | None
    days_late: int
    band: WarningBand | None
    unit_code: str | None


class PetitionClocks(Out):
    as_of: Day
    items: list[PetitionClockOut]


class AssignmentOut(Out):
    id: UUID
    petition_id: UUID
    petition_code: str
    version: int
    unit_code: str
    unit_name: str
    is_lead: bool
    sent_on: Day
    due_on: Day | None
    answered_on: Day | None
    ended_on: Day | None
    days_late: int
    answer: NotKeptText


class AssignmentPage(Page):
    items: list[AssignmentOut]


class ClockChangeOut(Out):
    """A running clock that a calendar notice moved."""

    id: UUID
    petition_id: UUID
    petition_code: str
    clock_number: int
    kind: ClockKind
    due_before: Day
    due_after: Day
    internal_due_before: Day
    internal_due_after: Day
    calendar_before: CalendarState
    calendar_after: CalendarState
    recorded_at: Moment


class ClockChangePage(Page):
    items: list[ClockChangeOut]
