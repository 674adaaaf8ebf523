"""质量与安全 on the wire: inspections, defects and their rectification, acceptance, incidents."""

import datetime as dt
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from shared.schemas.base import Count, Day, Fen, Flag, In, LongText, Moment, Out, Page, Text
from shared.schemas.gateway.identity import UnitCode


class QualityInspectionKind(StrEnum):
    routine = "routine"
    special = "special"
    before_resumption = "before_resumption"
    complaint = "complaint"


class QualityVerdict(StrEnum):
    passed = "passed"
    rectify = "rectify"
    stop_work = "stop_work"


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


class DefectKind(StrEnum):
    cracking = "cracking"
    leaking = "leaking"
    settlement = "settlement"
    structure = "structure"
    concrete = "concrete"
    masonry = "masonry"
    equipment = "equipment"
    fire_protection = "fire_protection"
    edge_protection = "edge_protection"
    lifting = "lifting"
    other = "other"


class DefectSeverity(StrEnum):
    minor = "minor"
    major = "major"
    critical = "critical"


class DefectStatus(StrEnum):
    found = "found"
    ordered = "ordered"
    rectified = "rectified"
    closed = "closed"


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
    QualityInspectionKind: {
        "routine": "日常巡查",
        "special": "专项检查",
        "before_resumption": "复工前检查",
        "complaint": "投诉核查",
    },
    QualityVerdict: {"passed": "未发现问题", "rectify": "限期整改", "stop_work": "停工整改"},
    AcceptanceStage: {"foundation": "地基与基础验收", "structure": "主体结构验收", "completion": "竣工验收"},
    AcceptanceRole: {
        "owner": "建设单位",
        "survey": "勘察单位",
        "design": "设计单位",
        "builder": "施工单位",
        "supervisor": "监理单位",
    },
    DefectKind: {
        "cracking": "开裂",
        "leaking": "渗漏",
        "settlement": "沉降",
        "structure": "主体结构",
        "concrete": "混凝土质量",
        "masonry": "砌筑抹灰",
        "equipment": "水电设备",
        "fire_protection": "消防",
        "edge_protection": "临边防护",
        "lifting": "起重机械",
        "other": "其他",
    },
    DefectSeverity: {"minor": "一般", "major": "较重", "critical": "严重"},
    DefectStatus: {"found": "已发现", "ordered": "已责令整改", "rectified": "已整改待复查", "closed": "已闭合"},
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


class SafetyInspectionRecord(In):
    kind: QualityInspectionKind
    verdict: QualityVerdict
    inspected_on: Day | None = Field(None, description="检查日期；不填即今天")
    note: LongText
    document_number: Text | None = Field(None, description="检查记录或整改通知书文号")


class QualityInspectionOut(Out):
    id: UUID
    division_code: str
    project_id: UUID
    kind: QualityInspectionKind
    verdict: QualityVerdict
    inspected_on: dt.date
    inspected_by: str
    inspected_name: str
    inspected_unit: str | None
    inspected_unit_name: str | None
    note: str
    document_number: str | None
    version: int
    created_at: Moment
    updated_at: Moment


class QualityInspectionPage(Page):
    items: list[QualityInspectionOut]


class DefectRecord(In):
    kind: DefectKind
    severity: DefectSeverity
    place: Text = Field(description="楼栋、楼层、部位", examples=["3 号楼地下室外墙"])
    note: LongText


class RectificationOrder(In):
    """责令整改: who, by when, how."""

    unit_code: UnitCode = Field(description="整改责任单位")
    due_on: Day
    measure: LongText
    document_number: Text | None = Field(None, description="整改通知书文号")


class RectificationReport(In):
    note: LongText = Field(description="整改情况")
    rectified_on: Day | None = Field(None, description="整改完成日期；不填即今天")


class ReinspectionResult(In):
    passed: Flag
    note: LongText = Field(description="复查情况")
    reinspected_on: Day | None = Field(None, description="复查日期；不填即今天")


class DefectOut(Out):
    id: UUID
    division_code: str
    project_id: UUID
    inspection_id: UUID
    kind: DefectKind
    severity: DefectSeverity
    place: str
    note: str
    status: DefectStatus
    unit_code: str | None
    unit_name: str | None
    due_on: dt.date | None
    measure: str | None
    document_number: str | None
    ordered_on: dt.date | None
    rectified_by: str | None
    rectified_name: str | None
    rectified_unit: str | None
    rectified_on: dt.date | None
    rectified_note: str | None
    reinspected_by: str | None
    reinspected_name: str | None
    reinspected_unit: str | None
    reinspected_on: dt.date | None
    reinspected_note: str | None
    failures: int = Field(description="复查未通过的次数")
    days_late: int | None = Field(description="整改逾期天数；未责令或未逾期为空")
    version: int
    created_at: Moment
    updated_at: Moment


class DefectPage(Page):
    items: list[DefectOut]


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
