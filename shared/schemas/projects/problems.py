"""The problem list 问题清单: what holds a project up, whose it is, until when, and who allowed acting on it."""

from enum import StrEnum
from typing import Annotated, Any, Literal, get_args
from uuid import UUID

from pydantic import Field, StrictInt

from shared.schemas.base import Count, Day, Fen, Flag, In, LongText, Moment, Out, Page, Text
from shared.schemas.gateway.identity import UnitCode
from shared.schemas.projects.facts import ProblemType


class ProblemCause(StrEnum):
    objective = "objective"
    subjective = "subjective"
    legacy = "legacy"


class ProblemScope(StrEnum):
    """`individual` 个性: authorised or on file before action; `common` 共性: decided by the leading group."""

    individual = "individual"
    common = "common"


class ProblemState(StrEnum):
    reported = "reported"
    authorised = "authorised"
    working = "working"
    solved = "solved"


class ProblemLevel(StrEnum):
    """Who answers for it by now; in rising order."""

    unit = "unit"
    office = "office"
    leading_group = "leading_group"


class AuthorisationForm(StrEnum):
    authorisation = "authorisation"
    filing = "filing"


class MissingPermit(StrEnum):
    land_certificate = "land_certificate"
    land_planning_permit = "land_planning_permit"
    works_planning_permit = "works_planning_permit"
    construction_permit = "construction_permit"
    presale_permit = "presale_permit"
    completion_filing = "completion_filing"
    first_registration = "first_registration"
    other = "other"


class QualityDefect(StrEnum):
    crack = "crack"
    leak = "leak"
    structure = "structure"
    settlement = "settlement"
    fire_safety = "fire_safety"
    equipment = "equipment"
    other = "other"


class CreditorKind(StrEnum):
    bank = "bank"
    contractor = "contractor"
    supplier = "supplier"
    tax = "tax"
    buyer = "buyer"
    private_lender = "private_lender"
    other = "other"


class LegalMatter(StrEnum):
    lawsuit = "lawsuit"
    enforcement = "enforcement"
    seizure = "seizure"
    bankruptcy = "bankruptcy"
    criminal = "criminal"
    other = "other"


class PlanningMatter(StrEnum):
    land_use = "land_use"
    plot_ratio = "plot_ratio"
    layout = "layout"
    public_facilities = "public_facilities"
    boundary = "boundary"
    other = "other"


class FundingDetail(In):
    """资金短缺."""

    type: Literal[ProblemType.funding]
    gap_fen: Fen
    required_fen: Fen | None = Field(None, description="所需资金")
    in_place_fen: Fen | None = Field(None, description="已到位资金")
    intended_source: Text | None = Field(None, description="拟用来源，例如专项借款、配套融资、追缴")


class PermitsDetail(In):
    """手续不全."""

    type: Literal[ProblemType.permits]
    permits: list[MissingPermit] = Field(min_length=1, max_length=8)
    obstacle: LongText | None = Field(None, description="卡在哪一环节")


class LabourDetail(In):
    """劳资纠纷: nobody is named here."""

    type: Literal[ProblemType.labour]
    arrears_fen: Fen
    workers: Count | None = None
    employer: Text | None = Field(None, description="欠薪单位")


class QualityDetail(In):
    """工程质量."""

    type: Literal[ProblemType.quality]
    defects: list[QualityDefect] = Field(min_length=1, max_length=7)
    buildings: list[Text] = Field(default_factory=list, max_length=100)
    households: Count | None = Field(None, description="涉及户数")


class DebtDetail(In):
    """债权债务."""

    type: Literal[ProblemType.debt]
    creditor: Text
    creditor_kind: CreditorKind
    debt_fen: Fen
    is_secured: Flag | None = Field(None, description="是否有抵押；空为不明")


class LegalDetail(In):
    """涉法涉诉."""

    type: Literal[ProblemType.legal]
    matter: LegalMatter
    court: Text | None = None
    case_number: Text | None = Field(None, description="案号")
    amount_fen: Fen | None = None


class PlanningDetail(In):
    """规划调整."""

    type: Literal[ProblemType.planning]
    matter: PlanningMatter
    change: LongText = Field(description="需要怎样调整")


class OtherDetail(In):
    """其他."""

    type: Literal[ProblemType.other]
    matter: LongText


ProblemDetail = Annotated[
    FundingDetail
    | PermitsDetail
    | LabourDetail
    | QualityDetail
    | DebtDetail
    | LegalDetail
    | PlanningDetail
    | OtherDetail,
    Field(discriminator="type"),
]
DETAILS: tuple[Any, ...] = get_args(get_args(ProblemDetail)[0])
CoUnits = Annotated[list[UnitCode], Field(max_length=20, description="协办单位")]
OutsideParties = Annotated[list[Text], Field(max_length=20, description="县外的相关方，例如外地法院、总部银行")]


class ProblemStepIn(In):
    title: Text
    unit_code: UnitCode | None = Field(None, description="谁来做；不填即责任单位")
    due_on: Day


class ProblemCreate(In):
    title: Text
    description: LongText | None = None
    detail: ProblemDetail
    cause: ProblemCause
    scope: ProblemScope
    unit_code: UnitCode | None = Field(None, description="责任单位；没有单位认领的直接由办公室负责")
    co_unit_codes: CoUnits = Field(default_factory=list)
    outside_parties: OutsideParties = Field(default_factory=list)
    found_on: Day | None = Field(None, description="哪一天发现的；不填即今天")
    due_on: Day = Field(description="解决期限")
    steps: list[ProblemStepIn] = Field(default_factory=list, max_length=50)


class ProblemPatch(In):
    """Merge patch: what is absent stays, null empties; lists and `detail` are replaced whole."""

    title: Text = Field("", validate_default=False)
    description: LongText | None = None
    detail: ProblemDetail = Field(None, validate_default=False)  # type: ignore[assignment]  # absent is not null
    cause: ProblemCause = Field(ProblemCause.objective, validate_default=False)
    scope: ProblemScope = Field(ProblemScope.individual, validate_default=False)
    unit_code: UnitCode | None = None
    co_unit_codes: CoUnits = Field(default_factory=list)
    outside_parties: OutsideParties = Field(default_factory=list)
    due_on: Day = Field(None, validate_default=False)  # type: ignore[assignment]  # absent is not null


class ProblemAuthorisation(In):
    form: AuthorisationForm
    document: Text = Field(description="授权或备案文书的编号", examples=["问题楼盘办〔2026〕12号"])
    note: LongText | None = None


class ProblemStart(In):
    note: LongText | None = None


class ProblemSolution(In):
    result: LongText
    solved_on: Day | None = Field(None, description="哪一天解决的；不填即今天")


class ProblemReopening(In):
    reason: LongText
    due_on: Day


class ProblemStepResult(In):
    result: LongText
    done_on: Day | None = Field(None, description="哪一天完成的；不填即今天")


class ProblemParty(Out):
    """A unit by its code, with its name as it was."""

    code: str
    name: str


class ProblemOut(Out):
    id: UUID
    division_code: str
    project_id: UUID
    title: str
    description: str | None
    type: ProblemType
    detail: ProblemDetail
    cause: ProblemCause
    scope: ProblemScope
    state: ProblemState
    level: ProblemLevel
    unit: ProblemParty | None = Field(description="责任单位")
    co_units: list[ProblemParty]
    outside_parties: list[str]
    found_on: Day
    due_on: Day
    days_late: int | None = Field(description="逾期天数；未逾期或已解决为空")
    decision_id: UUID | None = Field(description="提交了领导小组的哪一项决策")
    authorised_form: AuthorisationForm | None
    authorised_document: str | None
    authorised_by: str | None
    authorised_at: Moment | None
    started_at: Moment | None
    solved_on: Day | None
    result: str | None
    reopened: Annotated[StrictInt, Field(description="重新打开的次数")]
    version: int
    created_by: str
    created_at: Moment
    updated_at: Moment


class ProblemStepOut(Out):
    id: UUID
    division_code: str
    project_id: UUID
    problem_id: UUID
    title: str
    unit: ProblemParty | None
    due_on: Day
    done_on: Day | None
    result: str | None
    version: int
    created_by: str
    created_at: Moment
    updated_at: Moment


class ProblemEventOut(Out):
    """One turn of a problem: what happened, who did it, where it then stood."""

    action: str
    state: ProblemState
    level: ProblemLevel
    due_on: Day
    note: str | None
    document: str | None
    created_by: str
    created_at: Moment


class ProblemFull(ProblemOut):
    steps: list[ProblemStepOut]
    history: list[ProblemEventOut] = Field(description="按发生先后")


class ProblemPage(Page):
    items: list[ProblemOut]


LABELS: dict[type[StrEnum], dict[str, str]] = {
    ProblemCause: {"objective": "客观", "subjective": "主观", "legacy": "历史遗留"},
    ProblemScope: {"individual": "个性", "common": "共性"},
    ProblemState: {"reported": "已上报", "authorised": "已授权或备案", "working": "正在解决", "solved": "已解决"},
    ProblemLevel: {"unit": "责任单位", "office": "领导小组办公室", "leading_group": "领导小组"},
    AuthorisationForm: {"authorisation": "办公室授权", "filing": "备案"},
    MissingPermit: {
        "land_certificate": "土地证",
        "land_planning_permit": "用地规划许可",
        "works_planning_permit": "工程规划许可",
        "construction_permit": "施工许可",
        "presale_permit": "预售许可",
        "completion_filing": "竣工验收备案",
        "first_registration": "首次登记",
        "other": "其他",
    },
    QualityDefect: {
        "crack": "开裂",
        "leak": "漏水",
        "structure": "结构",
        "settlement": "沉降",
        "fire_safety": "消防",
        "equipment": "设备",
        "other": "其他",
    },
    CreditorKind: {
        "bank": "银行",
        "contractor": "施工单位",
        "supplier": "供应商",
        "tax": "税费",
        "buyer": "购房人",
        "private_lender": "民间借贷",
        "other": "其他",
    },
    LegalMatter: {
        "lawsuit": "诉讼",
        "enforcement": "执行",
        "seizure": "查封冻结",
        "bankruptcy": "破产",
        "criminal": "刑事",
        "other": "其他",
    },
    PlanningMatter: {
        "land_use": "用地性质",
        "plot_ratio": "容积率",
        "layout": "总平面",
        "public_facilities": "公共配套",
        "boundary": "四至边界",
        "other": "其他",
    },
}
