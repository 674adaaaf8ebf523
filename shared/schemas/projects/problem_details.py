"""What is to be known of a problem, by its type: amounts in fen, permits, defects, creditors."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from shared.schemas.base import Count, Fen, Flag, In, LongText, Text
from shared.schemas.projects.facts import ProblemType


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

DETAIL_LABELS: dict[type[StrEnum], dict[str, str]] = {
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
