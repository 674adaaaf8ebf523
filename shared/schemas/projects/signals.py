"""Signals from the site on the wire, and what they say: 复工 as computed, never as told."""

import datetime as dt
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field, StrictInt

from shared.schemas.base import MAX_FEN, Day, In, LongText, Moment, Out, Page
from shared.schemas.gateway.identity import UnitCode
from shared.schemas.projects.facts import Resumption


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
    not_independent = "not_independent"
    same_source = "same_source"


class ShowWorkKind(StrEnum):
    """Counters that reveal show-work 表演式复工."""

    progress_flat_while_money_drawn = "progress_flat_while_money_drawn"
    low_electricity_days = "low_electricity_days"
    identical_reports = "identical_reports"
    identical_signals = "identical_signals"
    workers_far_below_plan = "workers_far_below_plan"


LABELS: dict[type[StrEnum], dict[str, str]] = {
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
        "not_independent": "信号出自本项目的开发、建设或总包单位，不能作数",
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

SignalValue = Annotated[StrictInt, Field(ge=0, le=MAX_FEN, description="整数；计量单位由信号种类决定")]


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
    window_from: dt.date = Field(
        description="观察期首日；观察期内停过工的，为最近一次停工的次日（当天停工则晚于 window_to，即尚无观察期）"
    )
    window_to: dt.date
    needed: int = Field(description="认定复工所需的独立信号种类数")
    counted: list[CountedSignal]
    missing: list[MissingSignal] = Field(description="已核实则为空")
    verdict: TruthVerdict
    resumption: Resumption | None = Field(description="台账中当日的复工状态")
    counters: list[ShowWork]


class ResumptionVerification(In):
    reason: LongText | None = Field(None, description="补充说明")


class TruthSummary(Out):
    verdict: TruthVerdict
    needed: int
    counted: list[SignalKind]
    missing: list[SignalKind]
