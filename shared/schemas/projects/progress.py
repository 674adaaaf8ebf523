"""进度与真实性 on the wire: what is claimed, what was checked, what the site itself says.

Work is a percentage of the whole job (`progress_pct`), money is fen. A claimed figure is never overwritten by a checked
one: both stay and the variance stands between them (claimed − checked; positive is overstated).
"""

import datetime as dt
from decimal import Decimal
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field, PlainSerializer, StrictInt, WithJsonSchema, model_validator

from shared.schemas.base import (
    MAX_FEN,
    Count,
    Day,
    DivisionCode,
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


class ReporterRole(StrEnum):
    """In which capacity a unit answers for the progress it reports."""

    enterprise = "enterprise"
    taskforce = "taskforce"


class SignalKind(StrEnum):
    workers_on_site = "workers_on_site"
    cranes = "cranes"
    electricity = "electricity"
    supervisor_log = "supervisor_log"
    wages_paid = "wages_paid"
    materials = "materials"


class Measure(StrEnum):
    people = "people"
    cranes = "cranes"
    kwh = "kwh"
    logs = "logs"
    fen = "fen"
    deliveries = "deliveries"


class TruthVerdict(StrEnum):
    """`verified`: enough independent signals; `claimed`: somebody says so and they are missing; else nobody says so."""

    verified = "verified"
    claimed = "claimed"
    unclaimed = "unclaimed"


class MissingCause(StrEnum):
    """Why a kind of signal does not count."""

    no_signal = "no_signal"
    below_minimum = "below_minimum"
    same_source = "same_source"


class ShowWorkKind(StrEnum):
    """Counters that reveal show-work 表演式复工."""

    progress_flat_while_money_drawn = "progress_flat_while_money_drawn"
    low_electricity_days = "low_electricity_days"
    identical_reports = "identical_reports"
    identical_signals = "identical_signals"
    workers_far_below_plan = "workers_far_below_plan"


LABELS: dict[type[StrEnum], dict[str, str]] = {
    ReporterRole: {"enterprise": "企业", "taskforce": "专班"},
    SignalKind: {
        "workers_on_site": "实名制在场人数",
        "cranes": "塔吊运行数",
        "electricity": "用电量",
        "supervisor_log": "监理日志",
        "wages_paid": "工资发放",
        "materials": "材料进场",
    },
    Measure: {"people": "人", "cranes": "台", "kwh": "千瓦时", "logs": "份", "fen": "分", "deliveries": "车次"},
    TruthVerdict: {"verified": "已复工（信号核实）", "claimed": "报称复工（信号不足）", "unclaimed": "无人报称复工"},
    MissingCause: {
        "no_signal": "观察期内没有信号",
        "below_minimum": "有信号但未达最低值",
        "same_source": "与其他信号出自同一单位，不能单独计数",
    },
    ShowWorkKind: {
        "progress_flat_while_money_drawn": "资金在支用而进度不动",
        "low_electricity_days": "连续多日用电低于下限",
        "identical_reports": "连续多期报告数字完全相同",
        "identical_signals": "连续多日信号数值完全相同",
        "workers_far_below_plan": "在场人数远低于计划",
    },
}

Points = Annotated[
    Decimal,
    PlainSerializer(plain, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "pattern": r"^-?\d{1,12}(\.\d{1,6})?$", "examples": ["12.5"]}),
    Field(description="百分点，带正负号"),
]
FenDifference = Annotated[int, Field(description="金额之差，单位：分，带正负号")]
SignalValue = Annotated[StrictInt, Field(ge=0, le=MAX_FEN, description="整数；计量单位由信号种类决定")]


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


class SignalIn(In):
    """What one source says of one day. A second one of that kind, day and source is a correction and says why."""

    kind: SignalKind
    value: SignalValue
    effective_on: Day | None = Field(None, description="哪一天的情况；不填即今天（北京时间）")
    source_unit_code: UnitCode = Field(description="信号出自哪个单位；不得是本项目的企业、总包或专班")
    correction_reason: LongText | None = Field(None, description="更正已录信号时必填")


class SignalOut(Out):
    id: UUID
    division_code: str
    project_id: UUID
    kind: SignalKind
    value: int
    measure: Measure
    effective_on: dt.date
    source_unit_code: str
    source_unit_name: str
    corrects: UUID | None
    correction_reason: str | None
    corrected_at: Moment | None = Field(description="被更正的时间；仍有效则为空")
    version: int
    created_by: str
    created_at: Moment


class SignalPage(Page):
    items: list[SignalOut]


class CountedSignal(Out):
    """A kind that counts, with the day and the source that make it count."""

    kind: SignalKind
    value: int
    measure: Measure
    effective_on: dt.date
    source_unit_code: str


class MissingSignal(Out):
    kind: SignalKind
    cause: MissingCause
    minimum: int
    measure: Measure
    settled_by: str = Field(description="补充什么即可计数")


class ShowWork(Out):
    """A counter that has run up: `count` days or reports in a row, since `since`."""

    kind: ShowWorkKind
    count: int
    since: dt.date
    signal: SignalKind | None = Field(description="涉及哪一种信号")


class TruthOut(Out):
    """复工 as computed for a day."""

    project_id: UUID
    on: dt.date
    window_from: dt.date
    window_to: dt.date
    needed: int = Field(description="认定复工所需的独立信号种类数")
    counted: list[CountedSignal]
    missing: list[MissingSignal] = Field(description="已核实则为空")
    verdict: TruthVerdict
    resumption: Resumption | None = Field(description="台账中的复工状态")
    counters: list[ShowWork]


class ResumptionVerification(In):
    reason: LongText | None = Field(None, description="补充说明")


class TruthSummary(Out):
    verdict: TruthVerdict
    needed: int
    counted: list[SignalKind]
    missing: list[SignalKind]


class ProgressSummary(Out):
    """One project: the latest claim, the latest check, the variance of that check, and whether it works."""

    project_id: UUID
    project_code: str
    name: str
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


class InspectionDrawIn(In):
    division_code: DivisionCode
    week_starting: Day | None = Field(None, description="哪一周，填周一；本周或下周，不填即下周")


class DrawCandidate(Out):
    """One ticket of the draw. `weight` = `days` × (1000 + 4 × (1000 − reliability ‰)); unknown reliability is 500 ‰."""

    project_id: UUID
    project_code: str
    days: int = Field(description="距上次核查的天数，1 至 90；从未核查为 90")
    reliability: Rate | None
    weight: int


class DrawPick(Out):
    place: int
    project_id: UUID
    project_code: str
    inspected_on: dt.date | None = Field(description="当周首次核查的日期；尚未核查则为空")


class InspectionDrawOut(Out):
    """A draw anyone can repeat: `algorithm` over `candidates` with `seed` gives `picks`; `inputs_sha256` seals them."""

    id: UUID
    division_code: str
    week_starting: dt.date
    algorithm: str
    seed: str
    places: int = Field(description="当周可安排的核查数")
    inputs_sha256: str
    candidates: list[DrawCandidate]
    picks: list[DrawPick]
    version: int
    created_by: str
    created_at: Moment


class InspectionDrawItem(Out):
    id: UUID
    division_code: str
    week_starting: dt.date
    algorithm: str
    seed: str
    places: int
    inputs_sha256: str
    candidates: int
    picks: int
    created_at: Moment


class InspectionDrawPage(Page):
    items: list[InspectionDrawItem]
