"""Supervision 督办 on the wire: orders and their ladder, feedback, extensions, accountability, sweeps.

Fields of an order: `domain.md` 5.2. Kinds of accountability: 中国共产党问责条例 (2019) art. 8.
"""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field, StrictInt

from shared.schemas import sweeps
from shared.schemas.base import Day, Flag, In, LongText, Moment, Out, Page, Text
from shared.schemas.gateway.directory import PersonCode
from shared.schemas.gateway.identity import UnitCode
from shared.schemas.sweeps import Sweep


class OrderSource(StrEnum):
    MEETING = "meeting"
    INSTRUCTION = "instruction"
    INSPECTION = "inspection"
    PETITION = "petition"
    RULE = "rule"
    SUPERIOR = "superior"


class OrderState(StrEnum):
    OPEN = "open"
    ANSWERED = "answered"
    ACCEPTED = "accepted"
    CLOSED = "closed"


class SupervisionLevel(StrEnum):
    """`escalation` is of an order nobody owns; the others are the ladder, in this order."""

    ESCALATION = "escalation"
    REMINDER = "reminder"
    BULLETIN = "bulletin"
    INTERVIEW = "interview"
    LISTED = "listed"
    ACCOUNTABILITY = "accountability"


class OrderVerdict(StrEnum):
    ACCEPTED = "accepted"
    RETURNED = "returned"


class AccountabilityKind(StrEnum):
    """The first three are for units, the others for persons; both may be circulated."""

    WRITTEN_INSPECTION = "written_inspection"
    CIRCULATED = "circulated"
    REORGANISED = "reorganised"
    ADMONISHED = "admonished"
    POST_CHANGED = "post_changed"
    DISCIPLINED = "disciplined"


LABELS: dict[type[StrEnum], dict[str, str]] = {
    OrderSource: {
        "meeting": "会议",
        "instruction": "批示",
        "inspection": "督查",
        "petition": "信访",
        "rule": "系统规则",
        "superior": "上级交办",
    },
    OrderState: {"open": "办理中", "answered": "待审核", "accepted": "审核通过", "closed": "已销号"},
    SupervisionLevel: {
        "escalation": "移交领导小组办公室",
        "reminder": "催办",
        "bulletin": "通报",
        "interview": "约谈",
        "listed": "挂牌督办",
        "accountability": "问责",
    },
    OrderVerdict: {"accepted": "通过", "returned": "退回"},
    AccountabilityKind: {
        "written_inspection": "责令检查",
        "circulated": "通报",
        "reorganised": "改组",
        "admonished": "诫勉",
        "post_changed": "组织调整或组织处理",
        "disciplined": "纪律处分",
    },
} | sweeps.LABELS


class OrderUnit(Out):
    code: str
    name: str


class OrderIn(In):
    source: OrderSource = Field(description="系统规则开出的督办单不能由人填写")
    source_number: Text | None = Field(None, description="会议纪要、批示等编号；上级交办必填上级的事项编号")
    is_criticism: Flag = Field(False, description="上级批评事项")
    matter: LongText
    project_id: UUID | None = None
    lead_unit_code: UnitCode | None = Field(None, description="责任单位；不填即尚无单位认领")
    co_unit_codes: Annotated[list[UnitCode], Field(max_length=20)] = Field(default_factory=list)
    person_code: PersonCode | None = Field(None, description="责任人")
    due_on: Day = Field(description="办结时限，当日 24 时止")
    feedback_every_days: Annotated[StrictInt, Field(ge=1, le=90)] | None = Field(None, description="反馈频次，天")


class AnswerIn(In):
    progress: LongText
    is_done: Flag = Field(False, description="已办结，申请审核")


class ReviewIn(In):
    verdict: OrderVerdict
    opinion: LongText


class ExtendIn(In):
    due_on: Day
    reason: LongText


class AssignIn(In):
    lead_unit_code: UnitCode
    person_code: PersonCode | None = None
    due_on: Day | None = Field(None, description="新的办结时限；原时限已过时必填，未过时不得晚于原时限")


class CloseIn(In):
    conclusion: LongText = Field(description="办结结论")


class OrderOut(Out):
    id: UUID
    division_code: str
    code: str = Field(examples=["999902-D-0001"])
    source: OrderSource
    source_number: str | None
    is_criticism: bool
    matter: str
    project_id: UUID | None
    lead_unit: OrderUnit | None = Field(description="空即尚无单位认领")
    co_units: list[OrderUnit]
    person_code: str | None
    person_name: str | None
    state: OrderState
    issued_on: Day
    assigned_on: Day | None = Field(description="责任单位接单之日")
    first_due_on: Day = Field(description="开单时的办结时限")
    due_on: Day = Field(description="现办结时限")
    extensions: int = Field(description="延期次数")
    feedback_every_days: int | None
    last_feedback_on: Day | None
    level: SupervisionLevel | None = Field(description="已升到哪一级")
    level_on: Day | None
    escalated_on: Day | None
    next_due_on: Day | None = Field(description="再无反馈、延期或销号，哪一天升下一级")
    days_overdue: int = Field(description="逾期天数；未逾期、已通过或已销号为 0")
    closed_on: Day | None
    conclusion: str | None
    version: int
    created_by: str
    created_at: Moment
    updated_at: Moment


class OrderPage(Page):
    items: list[OrderOut]


class OrderFeedbackOut(Out):
    id: UUID
    unit_code: str | None = Field(description="反馈单位")
    on_behalf: bool = Field(description="由办公室代录")
    answered_on: Day
    progress: str
    is_done: bool
    verdict: OrderVerdict | None = Field(description="申请审核的才有；空即尚未审核")
    opinion: str | None
    reviewed_by: str | None
    reviewed_on: Day | None
    created_by: str
    created_at: Moment


class OrderFeedbackPage(Page):
    items: list[OrderFeedbackOut]


class OrderExtensionOut(Out):
    number: int
    from_on: Day
    to_on: Day
    reason: str
    created_by: str
    created_at: Moment


class OrderStepOut(Out):
    level: SupervisionLevel
    due_on: Day = Field(description="按规则应升级之日")
    taken_on: Day = Field(description="实际升级之日")
    created_by: str
    created_at: Moment


class OrderDetail(OrderOut):
    steps: list[OrderStepOut]
    extension_list: list[OrderExtensionOut] = Field(description="最近 50 次")
    feedback_list: list[OrderFeedbackOut] = Field(description="最近 50 次，其余见反馈列表")


class AccountabilityIn(In):
    """Of a unit (`unit_code`) or of a person (`person_code`), never both."""

    kind: AccountabilityKind
    unit_code: UnitCode | None = None
    person_code: PersonCode | None = None
    document_number: Text = Field(description="问责决定文号")
    decided_on: Day
    reason: LongText
    order_id: UUID | None = Field(None, description="因哪张督办单")
    project_id: UUID | None = Field(None, description="有督办单时以督办单的项目为准")


class AccountabilityOut(Out):
    id: UUID
    division_code: str
    kind: AccountabilityKind
    unit_code: str = Field(description="被问责单位，或被问责人所在单位")
    unit_name: str
    person_code: str | None = Field(description="空即问责单位")
    person_name: str | None
    document_number: str
    decided_on: Day
    reason: str
    order_id: UUID | None
    project_id: UUID | None
    version: int
    created_by: str
    created_at: Moment


class AccountabilityPage(Page):
    items: list[AccountabilityOut]


class SweepOut(Sweep):
    """Counts of what the sweep has done so far; they are final once `state` is `finished`."""

    opened: int = Field(description="按规则新开的督办单")
    escalated: int = Field(description="无人认领而移交领导小组办公室的督办单")
    climbed: int = Field(description="升了一级的督办单")
    problems: int = Field(description="升了一级的问题")
    closeouts: int = Field(description="因反弹而重新纳入的项目")


class SweepPage(Page):
    items: list[SweepOut]
