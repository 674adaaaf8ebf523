"""The law's clocks as values: what starts one, how long it runs, when it is due, what it shows on a day. Pure.

信访工作条例 (2022) has no rule of counting of its own; by analogy the first day does not count and a last day on a rest
day ends on the next working day (民法典 201, 203). `internal_due` is the day before any such roll: warnings keep to it.
"""

import datetime as dt
from dataclasses import dataclass, replace

from shared.chassis.calendar import WorkCalendar
from shared.schemas.petitions.states import ClockKind as K
from shared.schemas.petitions.states import ClockState, DayType, WarningBand

VERSION = "2022-05-01"
"""When the text these rules are taken from came into force; a rule that changes gets a new version beside it."""


@dataclass(frozen=True, slots=True)
class Rule:
    """`is_duty`: somebody must act; the others are windows in which somebody may."""

    days: int
    day_type: DayType
    article: str
    is_duty: bool = True


C, W = DayType.calendar, DayType.working
RULES: dict[K, Rule] = {
    K.route: Rule(15, C, "信访工作条例 第二十二条"),
    K.notify: Rule(15, C, "信访工作条例 第二十三条"),
    K.acceptance: Rule(15, C, "信访工作条例 第二十三条"),
    K.objection: Rule(5, W, "信访工作条例 第二十三条", is_duty=False),
    K.handle: Rule(60, C, "信访工作条例 第三十四条"),
    K.simple: Rule(10, W, "信访事项简易办理办法（试行）"),
    K.review_request: Rule(30, C, "信访工作条例 第三十五条", is_duty=False),
    K.review: Rule(30, C, "信访工作条例 第三十五条"),
    K.re_review_request: Rule(30, C, "信访工作条例 第三十六条", is_duty=False),
    K.re_review: Rule(30, C, "信访工作条例 第三十六条"),
}
LONGEST_EXTENSION_DAYS = 30
"""Art. 34: once, by the head of the body."""

BANDS = (
    (50, WarningBand.normal),
    (75, WarningBand.notice),
    (85, WarningBand.warning),
    (99, WarningBand.severe),
    (100, WarningBand.critical),
)
"""Below this many percent of the days used."""


@dataclass(frozen=True, slots=True)
class Clock:
    """`number` counts the clocks of one petition from 1; `started_by` and `ended_by` are numbers of acts.

    `state` is what acts made of it: running, suspended, met or void. `missed` and `extended` are how it looks on a day.
    """

    number: int
    kind: K
    started_by: int
    starts_on: dt.date
    extended_days: int = 0
    suspended_days: int = 0
    suspended_on: dt.date | None = None
    state: ClockState = ClockState.running
    ended_by: int | None = None
    met_on: dt.date | None = None

    @property
    def rule(self) -> Rule:
        return RULES[self.kind]

    @property
    def is_open(self) -> bool:
        return self.state in (ClockState.running, ClockState.suspended)

    def met(self, act: int, on: dt.date) -> "Clock":
        return replace(self, state=ClockState.met, ended_by=act, met_on=on, suspended_on=None)

    def voided(self, act: int) -> "Clock":
        return replace(self, state=ClockState.void, ended_by=act, suspended_on=None)

    def suspended(self, on: dt.date) -> "Clock":
        return replace(self, state=ClockState.suspended, suspended_on=on)

    def resumed(self, on: dt.date) -> "Clock":
        """Days from the first of the suspension to the day before it ends are not counted."""
        assert self.suspended_on is not None, "only a suspended clock is resumed"
        more = (on - self.suspended_on).days
        return replace(self, state=ClockState.running, suspended_on=None, suspended_days=self.suspended_days + more)


def internal_due(clock: Clock, calendar: WorkCalendar) -> dt.date:
    """The last day as counted, before it is rolled over rest days."""
    more = clock.extended_days + clock.suspended_days
    if clock.rule.day_type is DayType.working:
        return calendar.add_workdays(clock.starts_on, clock.rule.days) + dt.timedelta(days=more)
    return clock.starts_on + dt.timedelta(days=clock.rule.days + more)


def due(clock: Clock, calendar: WorkCalendar) -> dt.date:
    """The last day by law."""
    return calendar.roll_to_workday(internal_due(clock, calendar))


def is_provisional(clock: Clock, calendar: WorkCalendar) -> bool:
    """A year without its holiday notice was counted through or rolled in."""
    return any(
        calendar.provisional(year)
        for year in range(
            clock.starts_on.year if clock.rule.day_type is DayType.working else internal_due(clock, calendar).year,
            due(clock, calendar).year + 1,
        )
    )


def shown_state(clock: Clock, due_on: dt.date, today: dt.date) -> ClockState:
    """How the clock looks on a day: what is late is missed, whether it was done since or not."""
    if clock.state is ClockState.met:
        assert clock.met_on is not None, "a met clock has its day"
        return ClockState.missed if clock.met_on > due_on else ClockState.met
    if clock.state is ClockState.running:
        if today > due_on:
            return ClockState.missed
        return ClockState.extended if clock.extended_days else ClockState.running
    return clock.state


def days_late(clock: Clock, due_on: dt.date, today: dt.date) -> int:
    """How many days past its day by law; 0 in time, void or suspended."""
    if clock.state in (ClockState.void, ClockState.suspended):
        return 0
    return max(((clock.met_on or today) - due_on).days, 0)


def band(clock: Clock, internal_due_on: dt.date, today: dt.date) -> WarningBand | None:
    """How much of the time is used, by the earlier of the two days; None where nothing runs."""
    if clock.state is not ClockState.running:
        return None
    if today > internal_due_on:
        return WarningBand.overdue
    whole = max((internal_due_on - clock.starts_on).days, 1)
    used = 100 * max((today - clock.starts_on).days, 0)
    return next((found for percent, found in BANDS if used < percent * whole), WarningBand.critical)
