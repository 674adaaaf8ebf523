"""Progress 进度 on the wire: what is claimed, what was checked, how far they are apart, who can be believed.

Work is a percentage of the whole job (`progress_pct`), money is fen. A claimed figure is never overwritten by a checked
one: both stay and the variance stands between them (claimed − checked; positive is overstated).
"""

import datetime as dt
from decimal import Decimal
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field, PlainSerializer, WithJsonSchema, model_validator

from shared.schemas.base import (
    Count,
    Day,
    Fen,
    In,
    LongText,
    Moment,
    Out,
    Page,
    Percent,
    Rate,
    Text,
    plain,
)
from shared.schemas.gateway.identity import UnitCode
from shared.schemas.projects.facts import ConstructionStatus, Resumption
from shared.schemas.projects.signals import TruthSummary


class ReporterRole(StrEnum):
    """In which capacity a unit answers for the progress it reports."""

    enterprise = "enterprise"
    taskforce = "taskforce"


LABELS: dict[type[StrEnum], dict[str, str]] = {ReporterRole: {"enterprise": "企业", "taskforce": "专班"}}

Points = Annotated[
    Decimal,
    PlainSerializer(plain, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "pattern": r"^-?\d{1,12}(\.\d{1,6})?$", "examples": ["12.5"]}),
    Field(description="百分点，带正负号"),
]
FenDifference = Annotated[int, Field(description="金额之差，单位：分，带正负号")]


class ProgressReportIn(In):
    """What an enterprise or a task force claims for one day. A second one for the day is a correction and says why."""

    effective_on: Day | None = Field(None, description="截至哪一天；不填即今天（北京时间）")
    unit_code: UnitCode | None = Field(None, description="报告单位；企业、专班不填即本单位，办公室代报时必填")
    progress_pct: Percent | None = Field(None, description="报称完成工程量（%）")
    milestone: Text | None = Field(None, description="报称形象进度")
    money_in_place_fen: Fen | None = Field(None, description="报称累计到位资金，单位：分")
    money_drawn_fen: Fen | None = Field(None, description="报称累计支用资金，单位：分")
    workers_planned: Count | None = Field(None, description="计划投入人数")
    note: LongText | None = None
    correction_reason: LongText | None = Field(None, description="更正同一天已报数字时必填")

    @model_validator(mode="after")
    def _says_something(self) -> "ProgressReportIn":
        if self.progress_pct is None and self.milestone is None:
            raise ValueError("请填写 progress_pct 或 milestone")
        return self


class ProgressReportOut(Out):
    id: UUID
    division_code: str
    project_id: UUID
    unit_code: str
    unit_name: str
    role: ReporterRole
    effective_on: dt.date
    progress_pct: Percent | None
    milestone: str | None
    money_in_place_fen: Fen | None
    money_drawn_fen: Fen | None
    workers_planned: int | None
    note: str | None
    on_behalf: bool = Field(description="由办公室代报")
    corrects: UUID | None = Field(description="所更正的报告")
    correction_reason: str | None
    corrected_at: Moment | None = Field(description="被更正的时间；仍有效则为空")
    version: int
    created_by: str
    created_at: Moment


class ProgressReportPage(Page):
    items: list[ProgressReportOut]


class ProgressInspectionIn(In):
    """What people from outside found on the site and in the account; compared with the report it names."""

    effective_on: Day | None = Field(None, description="核查日；不填即今天（北京时间）")
    report_id: UUID | None = Field(None, description="所核对的报告；不填即核查日及以前最近一期")
    progress_pct: Percent | None = Field(None, description="核定完成工程量（%）")
    money_in_place_fen: Fen | None = Field(None, description="核定累计到位资金，单位：分")
    workers_seen: Count | None = Field(None, description="现场所见人数")
    note: LongText | None = None

    @model_validator(mode="after")
    def _says_something(self) -> "ProgressInspectionIn":
        if self.progress_pct is None and self.money_in_place_fen is None:
            raise ValueError("请填写 progress_pct 或 money_in_place_fen")
        return self


class Variance(Out):
    """Claimed − checked; null where one side is unknown. Rates are shares of the checked figure, null where it is 0."""

    work_points: Points | None
    work_rate: Rate | None
    money_fen: FenDifference | None
    money_rate: Rate | None


class ProgressInspectionOut(Out):
    id: UUID
    division_code: str
    project_id: UUID
    unit_code: str = Field(description="核查单位")
    unit_name: str
    effective_on: dt.date
    report_id: UUID | None = Field(description="所核对的报告；当时没有报告则为空")
    reporting_unit_code: str | None
    progress_pct: Percent | None
    money_in_place_fen: Fen | None
    workers_seen: int | None
    note: str | None
    variance: Variance | None = Field(description="没有可核对的报告则为空")
    version: int
    created_by: str
    created_at: Moment


class ProgressInspectionPage(Page):
    items: list[ProgressInspectionOut]


class ProgressSummary(Out):
    """One project: the latest claim, the latest check, the variance of that check, and whether it works."""

    project_id: UUID
    division_code: str
    project_code: str
    name: str
    developer: str | None = Field(description="开发企业")
    construction_status: ConstructionStatus | None
    counted_construction_status: ConstructionStatus | None
    resumption: Resumption | None
    as_of: dt.date
    claimed: ProgressReportOut | None
    checked: ProgressInspectionOut | None
    truth: TruthSummary


class ProgressSummaryPage(Page):
    items: list[ProgressSummary]


class ReliabilityOut(Out):
    """How far the figures of a unit can be believed: 1 is always right, null is too few samples to say."""

    division_code: str
    unit_code: str
    unit_name: str
    role: ReporterRole
    samples: int = Field(description="参与计算的核查次数")
    needed: int = Field(description="给出评分所需的最少次数")
    score: Rate | None = Field(description="核定与报称之比（小÷大）的平均，4 位小数；次数不足则为空")
    overstated: int = Field(description="其中虚报（报称多于核定）的次数")


class ReliabilityPage(Page):
    items: list[ReliabilityOut]
