"""一项目一策: how a project is to be resolved, by when, over which milestones, and how that stands today.

The chosen path of resolution 化解路径 is the ledger's `ResolutionMode`, here as in `paths`.
"""

import datetime as dt
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field, StrictInt, StringConstraints

from shared.schemas.base import Day, Flag, In, LongText, Moment, Out, Page, Text
from shared.schemas.gateway.directory import PersonCode
from shared.schemas.gateway.identity import UnitCode
from shared.schemas.projects.facts import ResolutionMode


class CalendarBasis(StrEnum):
    """`provisional`: a year the date was counted through has no State Council notice yet, so it may still move."""

    official = "official"
    provisional = "provisional"


class MilestoneColour(StrEnum):
    green = "green"
    yellow = "yellow"
    red = "red"


class MilestoneReportKind(StrEnum):
    progress = "progress"
    done = "done"
    reopened = "reopened"


LABELS: dict[type[StrEnum], dict[str, str]] = {
    CalendarBasis: {"official": "按国务院放假通知计算", "provisional": "放假通知未发布，暂按法定节假日计算"},
    MilestoneReportKind: {"progress": "上报进展", "done": "完成", "reopened": "撤销完成"},
    MilestoneColour: {"green": "正常", "yellow": "预警", "red": "滞后"},
}

MilestoneKey = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,40}$"),
    Field(description="节点编号，本项目内唯一；调整计划时同一编号视为同一节点", examples=["topping-out"]),
]
Workdays = Annotated[StrictInt, Field(ge=1, le=2_000, description="工期，工作日")]
LagDays = Annotated[StrictInt, Field(ge=0, le=2_000, description="前置节点完成后至少间隔的工作日")]


class Dependency(In):
    """What must be done first, and how many whole working days lie between."""

    key: MilestoneKey
    lag_days: LagDays = 0


class MilestoneIn(In):
    key: MilestoneKey
    name: Text = Field(examples=["主体结构封顶"])
    post: Text | None = Field(None, description="责任岗位", examples=["项目经理"])
    unit_code: UnitCode = Field(description="责任单位")
    person_code: PersonCode | None = Field(None, description="责任人")
    duration_days: Workdays
    dependencies: list[Dependency] = Field(default_factory=list, max_length=50)


Milestones = Annotated[list[MilestoneIn], Field(min_length=1, max_length=400)]


class PlanIn(In):
    path: ResolutionMode
    promised_on: Day = Field(description="承诺完成日期；倒排工期由此往前推算")
    starts_on: Day | None = Field(None, description="计划开始日期；不填即今天")
    note: LongText | None = None
    milestones: Milestones


class PlanPatch(In):
    """Merge patch: what is absent stays; `milestones` is replaced whole, progress of the same `key` is kept."""

    reason: LongText = Field(description="为何调整：会议纪要、批示、现场情况等")
    path: ResolutionMode = Field(ResolutionMode.resume_and_deliver, validate_default=False)
    promised_on: Day = Field(default_factory=lambda: dt.date.max, validate_default=False)
    starts_on: Day = Field(default_factory=lambda: dt.date.max, validate_default=False)
    note: LongText | None = None
    milestones: Milestones = Field(default_factory=list, validate_default=False)


class MilestoneDone(In):
    done_on: Day
    note: LongText = Field(description="完成依据：验收单、会议纪要等")


class MilestoneReopened(In):
    reason: LongText


class ForecastIn(In):
    """At least one of the two days. A forecast replaces the planned duration, never the dependencies."""

    started_on: Day | None = Field(None, description="实际开始日期")
    forecast_on: Day | None = Field(None, description="预计完成日期")
    note: LongText


class ComputedDay(Out):
    """A date counted in working days, always itself a working day."""

    on: Day
    calendar: CalendarBasis


class Block(Out):
    """What must be decided before this milestone can be done."""

    cause: str = Field(description="例如 decision:<uuid>")
    title: str
    since: Moment


class MilestoneOut(Out):
    id: UUID
    key: str
    name: str
    post: str | None
    unit_code: str
    unit_name: str
    person_code: str | None
    person_name: str | None
    duration_days: int
    dependencies: list[Dependency]
    latest_start: ComputedDay = Field(description="最迟开始")
    due: ComputedDay = Field(description="最迟完成，即应完成日期")
    forecast: ComputedDay | None = Field(description="预计完成；已完成则为空")
    started_on: Day | None
    reported_on: Day | None = Field(description="上报的预计完成日期")
    done_on: Day | None
    lag_days: int = Field(description="完成或预计完成晚于应完成日期的天数；提前为负")
    slack_days: int | None = Field(description="总时差：再拖几个工作日就会影响承诺日期；负数为已经影响；已完成则为空")
    critical: Flag = Field(description="在关键线路上")
    starts_too_late: Flag = Field(description="最迟开始日期已过而未开始")
    colour: MilestoneColour
    blocked: list[Block]
    version: int


class MilestoneReportOut(Out):
    """What was reported on a milestone, never changed afterwards."""

    id: UUID
    milestone_id: UUID
    kind: MilestoneReportKind
    started_on: Day | None
    forecast_on: Day | None
    done_on: Day | None
    note: str
    created_by: str
    created_at: Moment


class MilestoneReportPage(Page):
    items: list[MilestoneReportOut]


class PlanOut(Out):
    id: UUID
    project_id: UUID
    division_code: str
    path: ResolutionMode
    starts_on: Day
    promised_on: Day
    first_promised_on: Day = Field(description="首次承诺的日期")
    note: str | None
    baseline: int = Field(description="当前为第几版计划")
    as_of: Day
    forecast: ComputedDay | None = Field(description="整个项目预计完成；全部完成后为空")
    done_on: Day | None = Field(description="全部节点完成的日期")
    lag_days: int = Field(description="完成或预计完成晚于承诺日期的天数；提前为负")
    can_be_kept: Flag = Field(description="按目前情况，承诺日期能否实现")
    colour: MilestoneColour
    critical_path: list[str] = Field(description="关键线路上各节点编号，按先后次序")
    milestones: list[MilestoneOut] = Field(description="按先后次序")
    version: int
    created_at: Moment
    updated_at: Moment


class BaselineMilestone(Out):
    key: str
    name: str
    post: str | None
    unit_code: str
    unit_name: str
    person_code: str | None
    person_name: str | None
    duration_days: int
    dependencies: list[Dependency]
    latest_start: ComputedDay
    due: ComputedDay


class BaselineOut(Out):
    """A plan as it was set or replanned, never changed afterwards."""

    number: int
    path: ResolutionMode
    starts_on: Day
    promised_on: Day
    forecast: ComputedDay | None = Field(description="当时预计的完成日期；当时已全部完成则为空")
    note: str | None
    reason: str | None = Field(description="为何调整；首版为空")
    critical_path: list[str]
    created_by: str
    created_at: Moment


class BaselineDetail(BaselineOut):
    milestones: list[BaselineMilestone] = Field(description="按先后次序")


class BaselinePage(Page):
    items: list[BaselineOut]


class BattleMilestone(Out):
    id: UUID
    key: str
    name: str
    post: str | None
    unit_code: str
    unit_name: str
    person_code: str | None
    person_name: str | None
    due: ComputedDay
    forecast: ComputedDay | None
    done_on: Day | None
    lag_days: int
    slack_days: int | None
    critical: Flag
    colour: MilestoneColour
    blocked: int = Field(description="尚待决策的事项数")


class BattleProject(Out):
    project_id: UUID
    project_code: str
    name: str
    township: str | None
    lead_code: str | None = Field(description="现任包抓领导的人员编码")
    lead_name: str | None
    path: ResolutionMode
    promised_on: Day
    forecast: ComputedDay | None
    done_on: Day | None
    lag_days: int
    can_be_kept: Flag
    colour: MilestoneColour
    milestones: list[BattleMilestone] = Field(description="按先后次序")


class UnplannedProject(Out):
    project_id: UUID
    project_code: str
    name: str
    township: str | None
    lead_code: str | None
    lead_name: str | None


class BattleMap(Out):
    """作战图: every planned project of a county with its milestones, and those that have no plan yet."""

    division_code: str
    as_of: Day
    counts: dict[MilestoneColour, int] = Field(description="各色项目数；没有计划的不计")
    projects: list[BattleProject]
    unplanned: list[UnplannedProject] = Field(description="尚未编制一项目一策的项目")
