"""When somebody is reminded 催办 of a duty, and when that becomes supervision 督办. Pure.

A duty has four reminders (three shares of its time used, then the day after its last day by law) and, some days after
that, supervision. Each is taken once; a sweep that comes late takes what the days between would have taken.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace

from services.petitions.life.clocks import used_on
from shared.errors import Conflict
from shared.schemas.petitions.reminders import (
    REMINDED_BANDS,
    SUBJECTS,
    PetitionSupervisionState,
    PetitionSupervisionStep,
    ReminderSubject,
)
from shared.schemas.petitions.states import LABELS, ClockKind, WarningBand

DAY = dt.timedelta(days=1)
REMINDERS = len(REMINDED_BANDS)
SUPERVISED = REMINDERS + 1
"""`reminded` of a duty that is under supervision: nothing more comes by itself."""
CLIMBING = tuple(PetitionSupervisionStep)


class Answered(Conflict):
    code, title, title_en = "reminder_answered", "这件催办已回复", "Reminder answered"


class Closed(Conflict):
    code, title, title_en = "supervision_over", "这件督办已反馈或已办结", "Supervision over"


class NothingToReview(Conflict):
    code, title, title_en = "nothing_to_review", "承办单位尚未书面反馈", "Nothing to review"


@dataclass(frozen=True, slots=True)
class Pace:
    """What a county has set: shares of the time at which it reminds, and the days of supervision."""

    percents: tuple[int, ...]
    supervise_after_days: int
    answer_days: int
    step_days: int

    @classmethod
    def of(cls, values: Mapping[str, int]) -> "Pace":
        return cls(
            tuple(sorted(values[name] for name in PERCENTS)),
            values["supervision_after_days"],
            values["supervision_answer_days"],
            values["supervision_step_days"],
        )


PERCENTS = ("reminder_first_percent", "reminder_second_percent", "reminder_last_percent")
PACE = (*PERCENTS, "supervision_after_days")
"""Of the thresholds, those that say when a duty is looked at."""


@dataclass(frozen=True, slots=True)
class Duty:
    """Somebody's duty with its days; `internal_due_on` is the day before any roll over rest days."""

    starts_on: dt.date
    internal_due_on: dt.date
    due_on: dt.date
    suspended_days: int = 0


def days_of(duty: Duty, pace: Pace) -> tuple[dt.date, ...]:
    """The days of the reminders and, last, of supervision, none before the one it follows."""
    shares = [used_on(duty.starts_on, duty.internal_due_on, of, duty.suspended_days) for of in pace.percents]
    overdue = duty.due_on + DAY
    return *(min(on, overdue) for on in shares), overdue, overdue + pace.supervise_after_days * DAY


def due_steps(days: tuple[dt.date, ...], reminded: int, today: dt.date) -> tuple[int, ...]:
    """Which steps, counted from 1, are to be taken today by a duty that has taken `reminded`."""
    return tuple(step for step, on in enumerate(days, 1) if step > reminded and on <= today)


def look_next(days: tuple[dt.date, ...], reminded: int) -> dt.date | None:
    """When there is more to do; None when nothing more comes by itself."""
    return days[reminded] if reminded < len(days) else None


def band_of(step: int) -> WarningBand:
    return REMINDED_BANDS[step - 1]


def reminder_text(
    petition_code: str, subject: ReminderSubject, clock: ClockKind | None, band: WarningBand, due_on: dt.date
) -> str:
    """What a reminder says: codes, dates and words of the rules, nothing of the petitioner."""
    what = LABELS[ClockKind][clock] if clock else SUBJECTS[subject]
    state = LABELS[WarningBand][band]
    last = "期限已过，请立即办理并说明原因" if band is WarningBand.overdue else "请按期办理"
    return f"信访事项 {petition_code}：“{what}”期限 {due_on.isoformat()}，{state}，{last}。"


def supervision_text(petition_code: str, subject: ReminderSubject, clock: ClockKind | None, missed_on: dt.date) -> str:
    what = LABELS[ClockKind][clock] if clock else SUBJECTS[subject]
    return (
        f"信访事项 {petition_code}：“{what}”应于 {missed_on.isoformat()} 前完成，逾期未办。"
        "现予督办，请改进工作，并书面反馈采纳情况（信访工作条例第四十条）。"
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """What of a supervision decides its next step."""

    state: str
    due_on: dt.date
    step_days: int
    level: str | None = None
    level_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Step:
    level: PetitionSupervisionStep
    due_on: dt.date


def next_step(standing: Standing) -> Step | None:
    """The step that comes if the body goes on not answering; never sooner than `step_days` after the last one, so that
    it always has time to answer one."""
    if standing.state != PetitionSupervisionState.open:
        return None
    place = 0 if standing.level is None else CLIMBING.index(PetitionSupervisionStep(standing.level)) + 1
    if place == len(CLIMBING):
        return None
    step = standing.step_days * DAY
    on = standing.due_on + DAY + place * step
    return Step(CLIMBING[place], max(on, standing.level_on + step) if standing.level_on else on)


def climbed(standing: Standing, step: Step, today: dt.date) -> Standing:
    """The supervision after `step`, which was due, has been taken."""
    return replace(standing, level=step.level.value, level_on=today)
