"""What each act on a petition says (信访工作条例 2022, arts. 19–37). Reasons, opinions and answers are kept sealed."""

from typing import Annotated

from pydantic import AfterValidator, Field, StrictInt, StringConstraints, model_validator

from shared.schemas.base import Day, Flag, In, LongText, Text
from shared.schemas.gateway.identity import UnitCode
from shared.schemas.masking import Impersonal
from shared.schemas.petitions.states import (
    LegalRoute,
    PetitionClass,
    ReviewOutcome,
)
from shared.schemas.petitions.steps import (
    AnswerResult,
    BodyLevel,
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
