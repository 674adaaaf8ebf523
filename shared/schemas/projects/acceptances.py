"""质量验收与事故 on the wire: who accepted what on which paper, and what went wrong on a site."""

import datetime as dt
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from shared.schemas.base import Count, Day, Fen, Flag, In, LongText, Moment, Out, Page, Text


class AcceptanceStage(StrEnum):
    foundation = "foundation"
    structure = "structure"
    completion = "completion"


class AcceptanceRole(StrEnum):
    """The parties of 建设工程质量管理条例 art. 16; survey signs for the ground."""

    owner = "owner"
    survey = "survey"
    design = "design"
    builder = "builder"
    supervisor = "supervisor"


class IncidentKind(StrEnum):
    fall = "fall"
    object_strike = "object_strike"
    collapse = "collapse"
    lifting = "lifting"
    machinery = "machinery"
    electrocution = "electrocution"
    fire = "fire"
    poisoning = "poisoning"
    quality = "quality"
    other = "other"


class IncidentLevel(StrEnum):
    """生产安全事故报告和调查处理条例 art. 3."""

    ordinary = "ordinary"
    larger = "larger"
    major = "major"
    extraordinary = "extraordinary"


LABELS: dict[type[StrEnum], dict[str, str]] = {
    AcceptanceStage: {"foundation": "地基与基础验收", "structure": "主体结构验收", "completion": "竣工验收"},
    AcceptanceRole: {
        "owner": "建设单位",
        "survey": "勘察单位",
        "design": "设计单位",
        "builder": "施工单位",
        "supervisor": "监理单位",
    },
    IncidentKind: {
        "fall": "高处坠落",
        "object_strike": "物体打击",
        "collapse": "坍塌",
        "lifting": "起重伤害",
        "machinery": "机械伤害",
        "electrocution": "触电",
        "fire": "火灾",
        "poisoning": "中毒窒息",
        "quality": "质量事故",
        "other": "其他",
    },
    IncidentLevel: {
        "ordinary": "一般事故",
        "larger": "较大事故",
        "major": "重大事故",
        "extraordinary": "特别重大事故",
    },
}


class AcceptanceParty(In):
    role: AcceptanceRole
    unit_name: Text
    person_name: Text = Field(description="项目负责人姓名")
    document_number: Text = Field(description="签署的验收意见或质量合格文件编号")


class AcceptancePartyOut(Out):
    role: AcceptanceRole
    unit_name: str
    person_name: str
    document_number: str


class AcceptanceRecord(In):
    stage: AcceptanceStage
    part: Text | None = Field(None, description="楼栋；不填即整个项目")
    passed: Flag
    accepted_on: Day
    parties: Annotated[list[AcceptanceParty], Field(min_length=1, max_length=20)]
    note: LongText | None = None


class AcceptanceFiling(In):
    document_number: Text = Field(description="竣工验收备案表编号")
    filed_on: Day


class FilingDeadline(Out):
    """备案期限: 15 days from the acceptance, the day itself not counted, rolled out of rest days (民法典 201, 203)."""

    basis: str
    internal_due_on: dt.date = Field(description="不顺延的日期，预警以此为准")
    due_on: dt.date = Field(description="遇休息日顺延后的法定期限")
    calendar: Literal["official", "provisional"]
    filed_on: dt.date | None
    days_late: int | None = Field(description="备案（或至今）晚于法定期限的天数；未晚为空")


class AcceptanceOut(Out):
    id: UUID
    division_code: str
    project_id: UUID
    stage: AcceptanceStage
    part: str | None
    passed: bool
    accepted_on: dt.date
    parties: list[AcceptancePartyOut]
    note: str | None
    filing: FilingDeadline | None = Field(description="只有通过的竣工验收须备案")
    filing_document: str | None
    version: int
    created_at: Moment
    updated_at: Moment


class AcceptancePage(Page):
    items: list[AcceptanceOut]


class IncidentRecord(In):
    kind: IncidentKind
    occurred_on: Day
    reported_on: Day | None = Field(None, description="上报日期；不填即今天")
    place: Text
    dead: Count
    seriously_injured: Count
    slightly_injured: Count = 0
    loss_fen: Fen | None = Field(None, description="直接经济损失，单位：分；尚不清楚则不填")
    note: LongText = Field(description="经过与处置，不得填写伤亡人员姓名")


class IncidentPatch(In):
    """补报 (条例 art. 13): the figures of an incident change for 30 days. Absent says nothing."""

    dead: Count = Field(0, validate_default=False)
    seriously_injured: Count = Field(0, validate_default=False)
    slightly_injured: Count = Field(0, validate_default=False)
    loss_fen: Fen | None = None
    note: LongText = Field("", validate_default=False)


class IncidentOut(Out):
    id: UUID
    division_code: str
    project_id: UUID
    kind: IncidentKind
    level: IncidentLevel = Field(description="按已知伤亡和损失计算")
    occurred_on: dt.date
    reported_on: dt.date
    place: str
    dead: int
    seriously_injured: int
    slightly_injured: int
    loss_fen: int | None
    note: str
    version: int
    created_at: Moment
    updated_at: Moment


class IncidentPage(Page):
    items: list[IncidentOut]
