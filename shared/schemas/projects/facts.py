"""The field dictionary of a problem project 问题楼盘, in the groups a clerk thinks in.

Every field is a *stated fact*: null says nobody has stated it (unknown is not zero). Field names are unique over all
groups, so an import, a history entry or a contradiction can name a fact without its group.
"""

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from shared.schemas.base import AreaM2, Count, Day, Fen, In, LongText, Percent, Text


class ProjectKind(StrEnum):
    stalled_housing = "stalled_housing"
    shantytown = "shantytown"
    land_acquisition = "land_acquisition"
    resettlement = "resettlement"


class ListMembership(StrEnum):
    """Which programme lists a project stands on; a project may stand on several."""

    special_loan_2022 = "special_loan_2022"
    delivery_2024 = "delivery_2024"
    whitelist = "whitelist"
    rectification = "rectification"


class ConstructionStatus(StrEnum):
    stopped = "stopped"
    partly_stopped = "partly_stopped"
    behind_schedule = "behind_schedule"
    on_schedule = "on_schedule"
    completed = "completed"
    delivered = "delivered"


class ResolutionStatus(StrEnum):
    reserve = "reserve"
    unresolved = "unresolved"
    resolving = "resolving"
    resolved = "resolved"


class Resumption(StrEnum):
    """`claimed`: somebody says work goes on again; nothing has verified it, statistics still count it as stopped.

    `verified`: enough independent signals from the site confirm it; statistics count it as it shows.
    """

    claimed = "claimed"
    verified = "verified"


class ProblemType(StrEnum):
    funding = "funding"
    permits = "permits"
    labour = "labour"
    quality = "quality"
    debt = "debt"
    legal = "legal"
    planning = "planning"
    other = "other"


class Usage(StrEnum):
    residential = "residential"
    commercial = "commercial"
    resettlement = "resettlement"
    mixed = "mixed"


class RiskLevel(StrEnum):
    low = "low"
    medium = "medium"
    high = "high"


class ResolutionMode(StrEnum):
    resume_and_deliver = "resume_and_deliver"
    merger_acquisition = "merger_acquisition"
    subrogated_refund = "subrogated_refund"
    in_kind_settlement = "in_kind_settlement"
    reorganization = "reorganization"
    composition = "composition"
    liquidation = "liquidation"


LABELS: dict[type[StrEnum], dict[str, str]] = {
    ProjectKind: {
        "stalled_housing": "问题楼盘",
        "shantytown": "棚户区改造",
        "land_acquisition": "土地征收",
        "resettlement": "征收安置",
    },
    ListMembership: {
        "special_loan_2022": "保交楼（2022 专项借款）",
        "delivery_2024": "保交房（2024）",
        "whitelist": "白名单",
        "rectification": "专项整治",
    },
    ConstructionStatus: {
        "stopped": "停工",
        "partly_stopped": "半停工",
        "behind_schedule": "进度滞后",
        "on_schedule": "正常施工",
        "completed": "已竣工",
        "delivered": "已交付",
    },
    ResolutionStatus: {"reserve": "谋划储备", "unresolved": "未化解", "resolving": "正在化解", "resolved": "已化解"},
    Resumption: {"claimed": "报称复工（未核实）", "verified": "复工已核实"},
    ProblemType: {
        "funding": "资金短缺",
        "permits": "手续不全",
        "labour": "劳资纠纷",
        "quality": "工程质量",
        "debt": "债权债务",
        "legal": "涉法涉诉",
        "planning": "规划调整",
        "other": "其他",
    },
    Usage: {"residential": "住宅", "commercial": "商业", "resettlement": "安置", "mixed": "综合"},
    RiskLevel: {"low": "低", "medium": "中", "high": "高"},
    ResolutionMode: {
        "resume_and_deliver": "复工交付",
        "merger_acquisition": "收并购",
        "subrogated_refund": "代位退房",
        "in_kind_settlement": "实物安置",
        "reorganization": "破产重整",
        "composition": "破产和解",
        "liquidation": "破产清算",
    },
}

Names = Annotated[list[Text], Field(max_length=50)]
CreditCode = Annotated[str, Field(pattern=r"^[0-9A-HJ-NP-RTUW-Y]{18}$", examples=["91110000600037341L"])]


class Group(BaseModel):
    """A group of stated facts; the same shape goes in and comes out. In a PATCH a named null clears the fact."""

    model_config = ConfigDict(extra="forbid", from_attributes=True, hide_input_in_errors=True)


class Location(Group):
    township: Text | None = Field(None, title="乡镇（街道）")
    address: Text | None = Field(None, title="坐落")
    usage: Usage | None = Field(None, title="类型")


class Parties(Group):
    developer: Text | None = Field(None, title="开发企业")
    developer_credit_code: CreditCode | None = Field(None, title="统一社会信用代码")
    actual_controller: Text | None = Field(None, title="实际控制人")
    owner_unit: Text | None = Field(None, title="建设单位")
    general_contractor: Text | None = Field(None, title="总包单位")
    supervisor: Text | None = Field(None, title="监理单位")
    competent_dept: Text | None = Field(None, title="主管部门")
    banks: Names | None = Field(None, title="债权银行")
    administrator: Text | None = Field(None, title="破产管理人")


class Permits(Group):
    land_certificate: Text | None = Field(None, title="土地证")
    land_planning_permit: Text | None = Field(None, title="建设用地规划许可证")
    works_planning_permit: Text | None = Field(None, title="建设工程规划许可证")
    construction_permit: Text | None = Field(None, title="施工许可证")
    presale_permit: Text | None = Field(None, title="预售许可证")
    missing_permits: Names | None = Field(None, title="缺失手续")


class Size(Group):
    site_area_m2: AreaM2 | None = Field(None, title="用地面积（㎡）")
    gfa_m2: AreaM2 | None = Field(None, title="总建筑面积（㎡）")
    area_sold_m2: AreaM2 | None = Field(None, title="已售面积（㎡）")
    buildings: Count | None = Field(None, title="楼栋数")
    units_total: Count | None = Field(None, title="总套数")
    units_sold: Count | None = Field(None, title="已售套数")
    units_signed_online: Count | None = Field(None, title="已网签套数")
    units_delivered: Count | None = Field(None, title="已交付套数")
    units_undelivered_stated: Count | None = Field(None, title="未交房套数（原报）")


class Schedule(Group):
    started_on: Day | None = Field(None, title="开工日期")
    contract_delivery_on: Day | None = Field(None, title="合同交房日期")
    stopped_on: Day | None = Field(None, title="停工日期")
    resumed_on: Day | None = Field(None, title="复工日期")
    planned_delivery_on: Day | None = Field(None, title="计划交付日期")
    completed_on: Day | None = Field(None, title="竣工日期")
    delivered_on: Day | None = Field(None, title="交付日期")
    delay_days_stated: Count | None = Field(None, title="延期天数（原报）")
    stopped_days_stated: Count | None = Field(None, title="停工天数（原报）")


class Progress(Group):
    milestone: Text | None = Field(None, title="形象进度")
    progress_pct: Percent | None = Field(None, title="完成工程量（%）")
    progress_note: LongText | None = Field(None, title="进展情况")
    workers_on_site: Count | None = Field(None, title="在场人数")
    cranes: Count | None = Field(None, title="塔吊数")
    power_kwh: Count | None = Field(None, title="用电量（千瓦时）")


class Money(Group):
    total_investment_fen: Fen | None = Field(None, title="总投资")
    remaining_cost_fen: Fen | None = Field(None, title="剩余工程款")
    funding_gap_fen: Fen | None = Field(None, title="资金缺口")
    unsold_value_fen: Fen | None = Field(None, title="未售货值")
    escrow_balance_fen: Fen | None = Field(None, title="监管账户余额")
    diverted_fen: Fen | None = Field(None, title="抽挪金额")
    recovered_fen: Fen | None = Field(None, title="追回金额")
    special_loan_approved_fen: Fen | None = Field(None, title="专项借款批复")
    special_loan_allotted_fen: Fen | None = Field(None, title="专项借款拨付")
    special_loan_used_fen: Fen | None = Field(None, title="专项借款使用")
    special_loan_repaid_fen: Fen | None = Field(None, title="专项借款偿还")
    matching_finance_fen: Fen | None = Field(None, title="配套融资")
    whitelist_loan_fen: Fen | None = Field(None, title="白名单贷款")
    works_arrears_fen: Fen | None = Field(None, title="拖欠工程款")
    wage_arrears_fen: Fen | None = Field(None, title="拖欠农民工工资")
    tax_arrears_fen: Fen | None = Field(None, title="欠缴税费")
    frozen_fen: Fen | None = Field(None, title="查封冻结金额")


class People(Group):
    buyer_households: Count | None = Field(None, title="购房户数")
    buyer_people: Count | None = Field(None, title="购房人数")
    mortgage_suspension_households: Count | None = Field(None, title="停贷户数")
    mortgage_suspension_fen: Fen | None = Field(None, title="停贷金额")
    petition_cases: Count | None = Field(None, title="信访件次")
    petition_people: Count | None = Field(None, title="信访人次")
    group_incidents: Count | None = Field(None, title="群体性事件")


class Work(Group):
    problem_types: Annotated[list[ProblemType], Field(max_length=8)] | None = Field(None, title="问题类型")
    problem_note: LongText | None = Field(None, title="存在的主要问题")
    lead_official: Text | None = Field(None, title="包抓领导")
    responsible_unit: Text | None = Field(None, title="责任单位")
    taskforce: Text | None = Field(None, title="专班")
    risk_level: RiskLevel | None = Field(None, title="风险等级")
    resolution_mode: ResolutionMode | None = Field(None, title="化解方式")
    next_step: LongText | None = Field(None, title="下步措施")
    due_on: Day | None = Field(None, title="完成时限")
    note: LongText | None = Field(None, title="备注")


class FactGroups(In):
    """All groups, each optional: what a project states about itself."""

    location: Location = Field(default_factory=Location)
    parties: Parties = Field(default_factory=Parties)
    permits: Permits = Field(default_factory=Permits)
    size: Size = Field(default_factory=Size)
    schedule: Schedule = Field(default_factory=Schedule)
    progress: Progress = Field(default_factory=Progress)
    money: Money = Field(default_factory=Money)
    people: People = Field(default_factory=People)
    work: Work = Field(default_factory=Work)


GROUPS: dict[str, type[Group]] = {
    "location": Location,
    "parties": Parties,
    "permits": Permits,
    "size": Size,
    "schedule": Schedule,
    "progress": Progress,
    "money": Money,
    "people": People,
    "work": Work,
}
GROUP_OF: dict[str, str] = {fact: group for group, model in GROUPS.items() for fact in model.model_fields}
"""Fact name to the group it stands in."""
FACT_TITLES: dict[str, str] = {
    fact: model.model_fields[fact].title or fact for model in GROUPS.values() for fact in model.model_fields
} | {"name": "项目名称", "construction_status": "建设状态", "resolution_status": "化解状态", "kind": "项目类别"}
"""Fact name to its Chinese title, as heads of exports and messages use it."""
