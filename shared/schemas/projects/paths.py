"""化解路径 on the wire. A path is the ledger's `facts.ResolutionMode`; its stages tell how far it is, and those of a
court path set the legal dates of 企业破产法 (domain 2.5)."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.schemas.base import Day, Fen, In, LongText, Moment, Out, Page, Text
from shared.schemas.projects.facts import ResolutionMode
from shared.schemas.projects.plan import CalendarBasis


class PathStage(StrEnum):
    """What can be reached on a path; which path knows which, and in what order, is a rule."""

    scheme_approved = "scheme_approved"
    funds_in_place = "funds_in_place"
    work_resumed = "work_resumed"
    completion_accepted = "completion_accepted"
    handed_over = "handed_over"
    titles_issued = "titles_issued"
    due_diligence_done = "due_diligence_done"
    assets_appraised = "assets_appraised"
    acquisition_signed = "acquisition_signed"
    transfer_registered = "transfer_registered"
    housing_secured = "housing_secured"
    households_verified = "households_verified"
    lots_drawn = "lots_drawn"
    settlement_signed = "settlement_signed"
    claims_assigned = "claims_assigned"
    refunds_paid = "refunds_paid"
    suit_filed = "suit_filed"
    first_instance_judged = "first_instance_judged"
    second_instance_judged = "second_instance_judged"
    enforcement_applied = "enforcement_applied"
    recovered = "recovered"
    application_filed = "application_filed"
    accepted = "accepted"
    announced = "announced"
    creditors_notified = "creditors_notified"
    first_creditors_meeting = "first_creditors_meeting"
    contract_demanded = "contract_demanded"
    contract_answered = "contract_answered"
    reorganization_ruled = "reorganization_ruled"
    plan_extended = "plan_extended"
    plan_submitted = "plan_submitted"
    plan_voted = "plan_voted"
    plan_passed = "plan_passed"
    plan_approval_requested = "plan_approval_requested"
    plan_approved = "plan_approved"
    plan_performed = "plan_performed"
    composition_ruled = "composition_ruled"
    composition_passed = "composition_passed"
    composition_approved = "composition_approved"
    composition_performed = "composition_performed"
    declared_bankrupt = "declared_bankrupt"
    bankruptcy_announced = "bankruptcy_announced"
    assets_realized = "assets_realized"
    assets_distributed = "assets_distributed"
    closing_requested = "closing_requested"
    proceedings_closed = "proceedings_closed"
    deregistered = "deregistered"


class DeadlineRule(StrEnum):
    creditors_notice = "creditors_notice"
    claims_period = "claims_period"
    first_meeting = "first_meeting"
    meeting_notice = "meeting_notice"
    contract_decision = "contract_decision"
    contract_reply = "contract_reply"
    plan_draft = "plan_draft"
    plan_vote = "plan_vote"
    plan_approval_request = "plan_approval_request"
    plan_approval_ruling = "plan_approval_ruling"
    bankruptcy_notice = "bankruptcy_notice"
    closing_ruling = "closing_ruling"
    deregistration = "deregistration"


class DeadlineState(StrEnum):
    """`overdue`: somebody had to act and did not. `lapsed`: a period that ends by itself has ended."""

    open = "open"
    met = "met"
    overdue = "overdue"
    lapsed = "lapsed"
    void = "void"


class InsolvencyKind(StrEnum):
    """The facts of 企业破产法 art. 2."""

    unable_to_pay = "unable_to_pay"
    assets_below_liabilities = "assets_below_liabilities"
    manifestly_insolvent = "manifestly_insolvent"
    likely_to_fail = "likely_to_fail"


LABELS: dict[type[StrEnum], dict[str, str]] = {
    PathStage: {
        "scheme_approved": "方案审定",
        "funds_in_place": "资金到位",
        "work_resumed": "复工",
        "completion_accepted": "竣工验收",
        "handed_over": "交付",
        "titles_issued": "办证",
        "due_diligence_done": "尽职调查",
        "assets_appraised": "资产评估",
        "acquisition_signed": "收并购协议签订",
        "transfer_registered": "股权或资产过户",
        "housing_secured": "安置房源落实",
        "households_verified": "户数核定",
        "lots_drawn": "抽签选房",
        "settlement_signed": "安置协议签订",
        "claims_assigned": "退房债权转让",
        "refunds_paid": "退款支付",
        "suit_filed": "起诉立案",
        "first_instance_judged": "一审裁判",
        "second_instance_judged": "二审裁判",
        "enforcement_applied": "申请执行",
        "recovered": "执行到位",
        "application_filed": "提出破产申请",
        "accepted": "法院裁定受理",
        "announced": "受理公告",
        "creditors_notified": "通知第一次债权人会议",
        "first_creditors_meeting": "第一次债权人会议",
        "contract_demanded": "合同相对方催告",
        "contract_answered": "管理人答复催告",
        "reorganization_ruled": "裁定重整",
        "plan_extended": "裁定重整计划延期",
        "plan_submitted": "提交重整计划草案",
        "plan_voted": "重整计划草案表决",
        "plan_passed": "重整计划通过",
        "plan_approval_requested": "申请批准重整计划",
        "plan_approved": "裁定批准重整计划",
        "plan_performed": "重整计划执行完毕",
        "composition_ruled": "裁定和解",
        "composition_passed": "和解协议通过",
        "composition_approved": "裁定认可和解协议",
        "composition_performed": "和解协议执行完毕",
        "declared_bankrupt": "宣告破产",
        "bankruptcy_announced": "破产宣告公告",
        "assets_realized": "财产变价",
        "assets_distributed": "财产分配",
        "closing_requested": "提请终结程序",
        "proceedings_closed": "裁定终结程序",
        "deregistered": "注销登记",
    },
    DeadlineRule: {
        "creditors_notice": "通知已知债权人并公告",
        "claims_period": "债权申报期限",
        "first_meeting": "召开第一次债权人会议",
        "meeting_notice": "提前通知债权人会议",
        "contract_decision": "管理人决定合同是否继续履行",
        "contract_reply": "管理人答复催告",
        "plan_draft": "提交重整计划草案",
        "plan_vote": "表决重整计划草案",
        "plan_approval_request": "申请批准重整计划",
        "plan_approval_ruling": "裁定是否批准重整计划",
        "bankruptcy_notice": "破产宣告通知并公告",
        "closing_ruling": "裁定是否终结程序",
        "deregistration": "办理注销登记",
    },
    DeadlineState: {"open": "未到期", "met": "已完成", "overdue": "已逾期", "lapsed": "已届满", "void": "不再适用"},
    InsolvencyKind: {
        "unable_to_pay": "不能清偿到期债务",
        "assets_below_liabilities": "资产不足以清偿全部债务",
        "manifestly_insolvent": "明显缺乏清偿能力",
        "likely_to_fail": "有明显丧失清偿能力可能",
    },
}

DocumentNumber = Annotated[Text, Field(description="文号、案号或裁定书号")]


class PathStageRecord(In):
    path: ResolutionMode = Field(description="与项目方案所定路径一致")
    stage: PathStage
    reached_on: Day
    document_number: DocumentNumber | None = None
    court: Text | None = None
    note: LongText | None = None
    claims_until: Day | None = Field(None, description="受理公告所定的债权申报期限届满日；受理公告必填")
    meeting_on: Day | None = Field(None, description="受理公告所定的第一次债权人会议日期")
    answers: UUID | None = Field(None, description="所答复的催告（path stage 的 id）；答复催告必填")
    change_reason: LongText | None = Field(None, description="改走另一路径或重新开始时必填")


class Withdrawal(In):
    reason: LongText = Field(description="为何撤销，例如日期录错")


class PathStageOut(Out):
    id: UUID
    project_id: UUID
    path: ResolutionMode
    stage: PathStage
    reached_on: Day
    document_number: str | None
    court: str | None
    note: str | None
    claims_until: Day | None
    meeting_on: Day | None
    answers: UUID | None
    version: int
    created_at: Moment


class PathDeadlineOut(Out):
    """A legal date. Warn by `internal_due`; `statutory_due` is when the law says it is too late."""

    id: UUID
    project_id: UUID
    rule: DeadlineRule
    article: str = Field(examples=["企业破产法第十四条"])
    stage_id: UUID = Field(description="由哪一阶段起算")
    from_on: Day
    internal_due: Day = Field(description="依期间计算，遇休息日不顺延")
    statutory_due: Day = Field(description="最后一日为休息日的，顺延至其后第一个工作日（民法典第二百零三条）")
    calendar: CalendarBasis
    extended_months: int
    met_on: Day | None
    state: DeadlineState
    days_late: int | None = Field(description="逾法定期限的天数；在期限内为空")
    consequence: str | None = Field(description="届满未办的法律后果")


class PathDeadlinePage(Page):
    items: list[PathDeadlineOut]


class FormerPathOut(Out):
    path: ResolutionMode
    started_on: Day
    ended_on: Day
    reason: str


class ProjectPathOut(Out):
    """Where a project is on its path; everything null or empty where no stage was ever recorded."""

    project_id: UUID
    path: ResolutionMode | None
    chosen: ResolutionMode | None = Field(description="项目方案所定的路径；尚无方案为空")
    started_on: Day | None
    stages: list[PathStageOut]
    next: list[PathStage] = Field(description="接下来可以到达的阶段")
    deadlines: list[PathDeadlineOut]
    missing_evidence: list[str] = Field(description="申请破产前还缺的证据；不缺或不涉及为空")
    former: list[FormerPathOut]


class InsolvencyEvidenceCreate(In):
    kind: InsolvencyKind
    evidence_on: Day
    document_number: DocumentNumber
    issuer: Text = Field(description="出具单位：法院、审计或评估机构等")
    unpaid_fen: Fen | None = Field(None, description="到期未清偿债务；不能清偿到期债务必填")
    assets_fen: Fen | None = Field(None, description="资产总额；资不抵债必填")
    liabilities_fen: Fen | None = Field(None, description="负债总额；资不抵债必填")
    note: LongText | None = None


class InsolvencyEvidenceOut(Out):
    id: UUID
    project_id: UUID
    kind: InsolvencyKind
    evidence_on: Day
    document_number: str
    issuer: str
    unpaid_fen: int | None
    assets_fen: int | None
    liabilities_fen: int | None
    note: str | None
    version: int
    created_at: Moment


class InsolvencyEvidencePage(Page):
    items: list[InsolvencyEvidenceOut]
