"""Warnings on the wire: which project or enterprise is about to boil over, why, and who must act by when.

Per project and per enterprise, never per person; accusations are not counted.
"""

from enum import StrEnum
from typing import Literal
from uuid import UUID

from pydantic import Field

from shared.schemas.base import Day, In, LongText, Moment, NotKeptText, Out, Page, Rate


class WarningSubject(StrEnum):
    project = "project"
    enterprise = "enterprise"


class WarningGrade(StrEnum):
    notice = "notice"
    warning = "warning"
    severe = "severe"


class WarningFactor(StrEnum):
    surge = "surge"
    repeats = "repeats"
    groups = "groups"
    levels = "levels"
    promises = "promises"
    clocks = "clocks"


class WarningTrend(StrEnum):
    rising = "rising"
    steady = "steady"
    falling = "falling"


class WarningState(StrEnum):
    open = "open"
    acknowledged = "acknowledged"
    closed = "closed"


class WarningOutcome(StrEnum):
    handled = "handled"
    false_alarm = "false_alarm"
    subsided = "subsided"


LABELS: dict[type[StrEnum], dict[str, str]] = {
    WarningSubject: {"project": "项目", "enterprise": "企业"},
    WarningGrade: {"notice": "关注", "warning": "预警", "severe": "严重"},
    WarningFactor: {
        "surge": "来访量突增",
        "repeats": "重复信访占比",
        "groups": "集体访规模",
        "levels": "信访层级上升",
        "promises": "承诺未兑现",
        "clocks": "法定期限超期",
    },
    WarningTrend: {"rising": "上升", "steady": "持平", "falling": "下降"},
    WarningState: {"open": "待签收", "acknowledged": "已签收", "closed": "已关闭"},
    WarningOutcome: {"handled": "已处置", "false_alarm": "误报", "subsided": "指标回落"},
}


class SurgeOut(Out):
    """Arrivals of the last window beside their own history.

    Statistic: the history is a Poisson rate with an EWMA of weight 0.3 as its gamma posterior; `p_value` is the
    probability of so many or more arrivals by the predictive (negative binomial) distribution.
    """

    statistic: Literal["ewma_gamma_poisson"] = "ewma_gamma_poisson"
    observed: int
    expected: Rate = Field(description="由自身历史预期的件数")
    p_value: Rate = Field(description="在历史水平下出现这么多或更多的概率，6 位小数")
    threshold: Rate = Field(description="显著性水平")
    least: int
    history: list[int] = Field(description="前几期的件数，最早的在前")


class WarningFactorOut(Out):
    """`strength` from 0 to 1 times the share of `weight` in all weights is what it adds to a score of 100."""

    factor: WarningFactor
    weight: int
    strength: Rate
    points: int
    value: int
    before: int
    trend: WarningTrend
    reason: str
    surge: SurgeOut | None = None


class PetitionWarningOut(Out):
    """`unit_code` must act until `act_by`; null: the petition office itself."""

    id: UUID
    division_code: str
    subject: WarningSubject
    subject_name: str
    project_id: UUID | None
    state: WarningState
    grade: WarningGrade
    score: int
    peak_score: int
    trend: WarningTrend
    factors: list[WarningFactorOut]
    as_of: Day
    opened_on: Day
    unit_code: str | None
    unit_name: str | None
    act_by: Day
    acknowledged_by_name: str | None
    acknowledged_on: Day | None
    closed_by_name: str | None
    closed_on: Day | None
    outcome: WarningOutcome | None
    note: NotKeptText = Field(description="处置情况；无权阅读者为空")
    version: int
    created_at: Moment
    updated_at: Moment


class PetitionWarningPage(Page):
    items: list[PetitionWarningOut]


class WarningReadingOut(Out):
    """What a warning said on a day."""

    as_of: Day
    score: int
    grade: WarningGrade
    factors: list[WarningFactorOut]


class WarningReadings(Out):
    warning_id: UUID
    items: list[WarningReadingOut]


class WarningAcknowledgement(In):
    note: LongText | None = Field(None, description="处置安排")


class WarningClosure(In):
    outcome: Literal["handled", "false_alarm"]
    note: LongText = Field(description="处置情况")


class WarningsRefreshed(Out):
    """`changed`: warnings opened, moved or closed by it; a second call on the same day changes none."""

    as_of: Day
    changed: int
