"""企业档案 on the wire: a firm across the projects of its county, what was found about it, what was done."""

from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from shared.schemas.base import Day, Fen, In, LongText, Moment, Out, Page, Text
from shared.schemas.gateway.identity import UnitCode
from shared.schemas.projects.facts import ConstructionStatus, CreditCode, ResolutionStatus, Resumption
from shared.schemas.projects.progress import ReliabilityOut


class EnterpriseRole(StrEnum):
    developer = "developer"
    owner = "owner"
    general_contractor = "general_contractor"
    supervisor = "supervisor"


class FindingKind(StrEnum):
    asset_transfer = "asset_transfer"
    lost_contact = "lost_contact"
    contact_restored = "contact_restored"
    internal_finance = "internal_finance"
    fund_diversion = "fund_diversion"
    other = "other"


class EnforcementKind(StrEnum):
    """`lifted` ends a restriction or a listing, with a document of its own."""

    summons = "summons"
    restriction = "restriction"
    blacklisting = "blacklisting"
    judicial = "judicial"
    lifted = "lifted"


LABELS: dict[type[StrEnum], dict[str, str]] = {
    EnterpriseRole: {
        "developer": "开发企业",
        "owner": "建设单位",
        "general_contractor": "总包单位",
        "supervisor": "监理单位",
    },
    FindingKind: {
        "asset_transfer": "转移资产",
        "lost_contact": "失联",
        "contact_restored": "恢复联系",
        "internal_finance": "内部财务问题",
        "fund_diversion": "抽挪资金",
        "other": "其他",
    },
    EnforcementKind: {
        "summons": "约谈",
        "restriction": "限制",
        "blacklisting": "列入名单",
        "judicial": "司法措施",
        "lifted": "解除",
    },
}

Aliases = Annotated[list[Text], Field(max_length=30, description="台账等表格中使用的其他名称")]


class EnterpriseCreate(In):
    name: Text
    credit_code: CreditCode | None = Field(None, description="统一社会信用代码，18 位；未知为空")
    unit_code: UnitCode | None = Field(None, description="通讯录中的企业单位编码；其所报进度的可信度由此而来")
    aliases: Aliases = Field(default_factory=list)


class EnterprisePatch(In):
    """Merge patch: what is absent stays, null empties; `aliases` is replaced whole."""

    name: Text = Field("", validate_default=False)
    credit_code: CreditCode | None = None
    unit_code: UnitCode | None = None
    aliases: Aliases = Field(default_factory=list)


class EnterpriseOut(Out):
    id: UUID
    division_code: str
    name: str
    credit_code: str | None
    unit_code: str | None
    unit_name: str | None
    aliases: list[str]
    version: int
    created_at: Moment
    updated_at: Moment


class EnterprisePage(Page):
    items: list[EnterpriseOut]


class EnterpriseProject(Out):
    id: UUID
    project_code: str
    name: str
    roles: list[EnterpriseRole]
    construction_status: ConstructionStatus | None
    resolution_status: ResolutionStatus | None
    resumption: Resumption | None


class KnownAmount(Out):
    """A sum over the projects that state it; what nobody states is counted beside it and is not zero."""

    fact: str = Field(examples=["wage_arrears_fen"])
    title: str = Field(examples=["拖欠农民工工资"])
    sum_fen: int | None = Field(description="已知各项目之和，单位：分；没有一个项目填报则为空")
    stated: int = Field(description="已填报的项目数")
    unknown: int = Field(description="未填报的项目数")


class EnterpriseEvent(Out):
    """One entry of the timeline: something found, or something done."""

    type: Literal["finding", "step"]
    id: UUID
    kind: FindingKind | EnforcementKind
    on: Day
    document_number: str | None
    unit_name: str | None
    amount_fen: int | None
    project_id: UUID | None


class EnterpriseProfile(EnterpriseOut):
    projects: list[EnterpriseProject] = Field(description="本县台账中的项目，至多 500 个")
    amounts: list[KnownAmount] = Field(description="作为开发企业或建设单位的项目")
    reliability: ReliabilityOut | None = Field(description="所报进度的可信度；从未上报为空")
    lost_contact_since: Day | None
    standing_measures: list[EnforcementKind] = Field(description="仍有效的限制与名单")
    timeline: list[EnterpriseEvent] = Field(description="最近 100 条，新的在前")


class FindingRecord(In):
    kind: FindingKind
    found_on: Day
    source_unit: UnitCode = Field(description="发现单位")
    document_number: Text | None = None
    amount_fen: Fen | None = Field(None, description="涉及金额，单位：分")
    project_id: UUID | None = None
    note: LongText


class FindingOut(Out):
    id: UUID
    enterprise_id: UUID
    kind: FindingKind
    found_on: Day
    source_unit_code: str
    source_unit_name: str
    document_number: str | None
    amount_fen: int | None
    project_id: UUID | None
    note: str
    version: int
    created_at: Moment


class FindingPage(Page):
    items: list[FindingOut]


class EnforcementStepRecord(In):
    kind: EnforcementKind
    taken_on: Day
    by_unit: UnitCode = Field(description="采取措施的单位")
    document_number: Text
    until_on: Day | None = Field(None, description="限制或名单的到期日；无期限为空")
    lifts: UUID | None = Field(None, description="所解除的措施；解除必填")
    project_id: UUID | None = None
    result: LongText | None = Field(None, description="结果；尚无结果可后补")
    result_on: Day | None = None


class EnforcementResult(In):
    result: LongText
    result_on: Day


class EnforcementStepOut(Out):
    id: UUID
    enterprise_id: UUID
    kind: EnforcementKind
    taken_on: Day
    by_unit_code: str
    by_unit_name: str
    document_number: str
    until_on: Day | None
    lifts: UUID | None
    project_id: UUID | None
    result: str | None
    result_on: Day | None
    version: int
    created_at: Moment


class EnforcementStepPage(Page):
    items: list[EnforcementStepOut]
