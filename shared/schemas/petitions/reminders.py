"""催办 and 督办 of petitions on the wire (信访工作条例 art. 40), and the sweep that makes them.

What a unit writes back is sealed: it may name the petitioner.
"""

from enum import StrEnum
from uuid import UUID

from pydantic import Field

from shared.schemas.base import Day, Flag, In, LongText, Moment, NotKeptText, Out, Page
from shared.schemas.petitions.acts import DocumentNumber
from shared.schemas.petitions.states import ClockKind, WarningBand
from shared.schemas.sweeps import Sweep

REMINDED_BANDS = (WarningBand.warning, WarningBand.severe, WarningBand.critical, WarningBand.overdue)
"""In the order in which a duty reaches them; a duty is reminded of each once."""
OPENED = "只对责任单位、信访部门和纪检监察显示"


class ReminderSubject(StrEnum):
    """The duty: a clock of the law, the sender's own deadline of a unit, a promise."""

    clock = "clock"
    assignment = "assignment"
    promise = "promise"


class PetitionSupervisionState(StrEnum):
    open = "open"
    answered = "answered"
    closed = "closed"


class PetitionSupervisionStep(StrEnum):
    """Steps taken by rule while the body does not answer, in this order."""

    bulletin = "bulletin"
    interview = "interview"
    accountability = "accountability"


class SupervisionVerdict(StrEnum):
    accepted = "accepted"
    returned = "returned"


SUBJECTS = {
    ReminderSubject.clock: "法定期限",
    ReminderSubject.assignment: "承办期限",
    ReminderSubject.promise: "承诺期限",
}
LABELS: dict[type[StrEnum], dict[str, str]] = {
    ReminderSubject: {subject.value: label for subject, label in SUBJECTS.items()},
    PetitionSupervisionState: {"open": "待反馈", "answered": "待审核", "closed": "已办结"},
    PetitionSupervisionStep: {"bulletin": "通报", "interview": "约谈", "accountability": "建议追究责任"},
    SupervisionVerdict: {"accepted": "通过", "returned": "退回"},
}


class ReminderAnswerIn(In):
    answer: LongText = Field(description="办理情况；密封保存")
    expected_on: Day | None = Field(None, description="预计办结日期，今天或以后")


class ReminderOut(Out):
    """`acknowledged_on`: the unit has seen it. Open: not answered, nothing later came, and the duty still waits."""

    id: UUID
    division_code: str
    petition_id: UUID
    petition_code: str
    subject: ReminderSubject
    clock_kind: ClockKind | None
    band: WarningBand
    text: str
    unit_code: str | None = Field(description="责任单位；空为尚无单位，由信访部门处理")
    unit_name: str | None
    due_on: Day = Field(description="法定期限（顺延后）或派单、承诺的期限")
    internal_due_on: Day = Field(description="内部期限：不顺延")
    fell_due_on: Day = Field(description="按规则应催办之日")
    reminded_on: Day = Field(description="实际催办之日")
    is_open: bool
    acknowledged_on: Day | None
    answered_on: Day | None
    expected_on: Day | None
    answer: NotKeptText = Field(description=OPENED)
    version: int
    created_at: Moment


class ReminderPage(Page):
    items: list[ReminderOut]


class SupervisionAnswerIn(In):
    """Art. 40: the body tells in writing whether it adopts what it was told."""

    document_number: DocumentNumber = Field(description="书面反馈的文号", examples=["住建函〔2026〕18号"])
    is_adopted: Flag = Field(description="是否采纳改进建议")
    answer: LongText = Field(description="整改和办理情况；密封保存")


class SupervisionReviewIn(In):
    verdict: SupervisionVerdict
    due_on: Day | None = Field(None, description="退回时重新反馈的期限；不填则按本县设定的天数")


class SupervisionStepOut(Out):
    level: PetitionSupervisionStep
    due_on: Day
    taken_on: Day


class PetitionSupervisionOut(Out):
    id: UUID
    division_code: str
    petition_id: UUID
    petition_code: str
    subject: ReminderSubject
    clock_kind: ClockKind | None
    text: str
    unit_code: str | None = Field(description="责任单位；空为尚无单位，由信访部门处理")
    unit_name: str | None
    missed_on: Day = Field(description="哪一天的期限未办")
    opened_on: Day
    due_on: Day = Field(description="书面反馈的期限")
    days_overdue: int = Field(description="逾期未反馈的天数")
    state: PetitionSupervisionState
    level: PetitionSupervisionStep | None = Field(description="已升到哪一级")
    level_on: Day | None
    next_due_on: Day | None = Field(description="再不反馈，何日升级")
    document_number: str | None
    is_adopted: bool | None
    answered_on: Day | None
    answer: NotKeptText = Field(description=OPENED)
    verdict: SupervisionVerdict | None
    reviewed_on: Day | None
    version: int
    created_at: Moment


class PetitionSupervisionDetail(PetitionSupervisionOut):
    steps: list[SupervisionStepOut]


class PetitionSupervisionPage(Page):
    items: list[PetitionSupervisionOut]


class PetitionsSweepOut(Sweep):
    """Counts of what the sweep has done so far; they are final once `state` is `finished`."""

    lapsed: int = Field(description="因逾期未申请复查复核而终止的程序")
    reminded: int = Field(description="发出的催办")
    supervised: int = Field(description="新开的督办")
    climbed: int = Field(description="升了一级的督办")
    warned: int = Field(description="新发、变动或回落的预警")


class PetitionsSweepPage(Page):
    items: list[PetitionsSweepOut]
