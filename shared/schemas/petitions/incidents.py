"""过激行为、群体性事件 on the wire; and that a unit has none to report, which is said and not assumed."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field, StrictInt

from shared.schemas.base import Day, Flag, In, LongText, Moment, NotKeptText, Out, Page, Text
from shared.schemas.gateway.identity import UnitCode
from shared.schemas.masking import Impersonal


class UnrestKind(StrEnum):
    gathering = "gathering"
    sit_in = "sit_in"
    blocking = "blocking"
    banner = "banner"
    clash = "clash"
    self_harm = "self_harm"
    threat = "threat"
    other = "other"


class UnrestLevel(StrEnum):
    ordinary = "ordinary"
    larger = "larger"
    major = "major"
    extraordinary = "extraordinary"


class UnrestState(StrEnum):
    open = "open"
    closed = "closed"


class DayReport(StrEnum):
    """What a unit has said of a day. `contradicted`: none, and then an incident."""

    incidents = "incidents"
    none = "none"
    contradicted = "contradicted"
    silent = "silent"


LABELS: dict[type[StrEnum], dict[str, str]] = {
    UnrestKind: {
        "gathering": "聚集",
        "sit_in": "静坐滞留",
        "blocking": "堵门堵路",
        "banner": "拉横幅、喊口号",
        "clash": "冲突冲撞",
        "self_harm": "自伤自残",
        "threat": "扬言极端行为",
        "other": "其他",
    },
    UnrestLevel: {"ordinary": "一般", "larger": "较大", "major": "重大", "extraordinary": "特别重大"},
    UnrestState: {"open": "处置中", "closed": "已处置完毕"},
    DayReport: {
        "incidents": "已报事件",
        "none": "零报告",
        "contradicted": "先零报告，后报事件",
        "silent": "未报告",
    },
}

People = Annotated[StrictInt, Field(ge=0, le=1_000_000)]
Brief = Annotated[LongText, Impersonal, Field(description="不得包含个人信息")]
Place = Annotated[Text, Impersonal, Field(examples=["县政府南门"])]
PetitionIds = Annotated[list[UUID], Field(max_length=50)]


class UnrestReport(In):
    occurred_at: Moment = Field(description="不得晚于现在")
    place: Place
    kind: UnrestKind
    level: UnrestLevel
    involved: Annotated[StrictInt, Field(ge=1, le=1_000_000, description="参与人数")]
    injured: People = 0
    detained: People = 0
    cause: Brief
    handling: Brief
    project_id: UUID | None = None
    petition_ids: PetitionIds = Field(default_factory=list, description="关联的信访事项")
    unit_code: UnitCode | None = Field(None, description="报告单位；不填即本单位")
    detail: LongText | None = Field(None, description="详细经过；密封保存")
    is_another: Flag = Field(default=False, description="同日、同类、同一项目（地点）已有一起，确属另一起")


class UnrestPatch(In):
    """Merge patch: what is absent stays. When, where and of which kind it was does not change."""

    level: UnrestLevel = Field(UnrestLevel.ordinary, validate_default=False)
    involved: Annotated[StrictInt, Field(ge=1, le=1_000_000)] = Field(1, validate_default=False)
    injured: People = Field(0, validate_default=False)
    detained: People = Field(0, validate_default=False)
    cause: Brief = Field("", validate_default=False)
    handling: Brief = Field("", validate_default=False)


class UnrestClose(In):
    result: Brief = Field(description="处置结果")
    closed_on: Day | None = Field(None, description="不填即今天，不得晚于今天")


class UnrestOut(Out):
    id: UUID
    division_code: str
    occurred_at: Moment
    occurred_on: Day
    place: str
    kind: UnrestKind
    level: UnrestLevel
    involved: int
    injured: int
    detained: int
    cause: str
    handling: str
    project_id: UUID | None
    project_code: str | None
    project_name: str | None
    petition_ids: list[UUID] | None = Field(description="只对信访部门和纪检监察显示")
    unit_code: str
    unit_name: str
    detail: NotKeptText = Field(description="只对报告单位、信访部门和纪检监察显示")
    state: UnrestState
    result: str | None
    closed_on: Day | None
    version: int
    created_at: Moment
    updated_at: Moment


class UnrestPage(Page):
    items: list[UnrestOut]


class UnrestCount(Out):
    kind: UnrestKind
    level: UnrestLevel
    incidents: int
    involved: int
    injured: int
    detained: int


class UnrestCounts(Out):
    from_on: Day
    until: Day
    incidents: int
    involved: int
    injured: int
    detained: int
    items: list[UnrestCount] = Field(description="按类别、等级")


class NoIncidents(In):
    day: Day | None = Field(None, description="不填即今天，不得晚于今天")
    unit_code: UnitCode | None = Field(None, description="报告单位；不填即本单位")


class NoIncidentsOut(Out):
    id: UUID
    division_code: str
    unit_code: str
    unit_name: str
    day: Day
    created_at: Moment
    version: int


class UnitReporting(Out):
    unit_code: str
    unit_name: str
    report: DayReport
    incidents: int


class IncidentReporting(Out):
    day: Day
    silent: int
    items: list[UnitReporting]
