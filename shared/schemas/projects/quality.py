"""质量与安全 on the wire: inspections, defects and their rectification, acceptance, incidents."""

import datetime as dt
from enum import StrEnum
from uuid import UUID

from pydantic import Field

from shared.schemas.base import Day, Flag, In, LongText, Moment, Out, Page, Text
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


LABELS: dict[type[StrEnum], dict[str, str]] = {
    QualityInspectionKind: {
        "routine": "日常巡查",
        "special": "专项检查",
        "before_resumption": "复工前检查",
        "complaint": "投诉核查",
    },
    QualityVerdict: {"passed": "未发现问题", "rectify": "限期整改", "stop_work": "停工整改"},
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
