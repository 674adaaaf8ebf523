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
"""When the text most rules are taken from came into force; a rule that changes gets a new version beside it."""
TRIAL = "trial"
"""信访事项简易办理办法 is a national trial rule without a day of its own."""


@dataclass(frozen=True, slots=True)
class Rule:
    """`id` is article and duty; `is_duty`: somebody must act, the others are windows in which somebody may."""

    id: str
    days: int
    day_type: DayType
    article: str
    basis: str
    is_duty: bool = True
    version: str = VERSION


C, W = DayType.calendar, DayType.working
LAW, SIMPLE = "信访工作条例", "信访事项简易办理办法（试行）"
RULES: dict[K, Rule] = {
    K.route: Rule("22.route", 15, C, f"{LAW}第二十二条", "自登记之日起15日内转送、交办"),
    K.notify: Rule("23.notify", 15, C, f"{LAW}第二十三条", "自收到之日起15日内书面告知接收情况和去向"),
    K.acceptance: Rule("23.acceptance", 15, C, f"{LAW}第二十三条", "自收到之日起15日内告知是否受理和处理途径、程序"),
    K.objection: Rule("23.objection", 5, W, f"{LAW}第二十三条", "自收到之日起5个工作日内可提出异议", is_duty=False),
    K.handle: Rule("34.handle", 60, C, f"{LAW}第三十四条", "自受理之日起60日内办结，可延长一次，不超过30日"),
    K.simple: Rule("simple.handle", 10, W, SIMPLE, "自受理之日起10个工作日内出具处理意见", version=TRIAL),
    K.review_request: Rule(
        "35.request", 30, C, f"{LAW}第三十五条", "自收到书面答复之日起30日内可请求复查", is_duty=False
    ),
    K.review: Rule("35.review", 30, C, f"{LAW}第三十五条", "自收到复查请求之日起30日内提出复查意见"),
    K.re_review_request: Rule(
        "36.request", 30, C, f"{LAW}第三十六条", "自收到复查答复之日起30日内可请求复核", is_duty=False
    ),
    K.re_review: Rule(
        "36.re_review", 30, C, f"{LAW}第三十六条", "自收到复核请求之日起30日内提出复核意见，听证所需时间不计算在内"
    ),
}
LONGEST_EXTENSION_DAYS = 30
"""Art. 34: once, by the head of the body."""

BANDS = (
    (50, WarningBand.normal),
    (75, WarningBand.notice),
    (85, WarningBand.warning),
    (99, WarningBand.severe),
)
"""Below this many percent of the days used."""


REMINDED_FROM_PERCENT = 50
"""Below this share of the time nobody is reminded (`services.petitions.reminders`)."""


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

    def stopped(self, act: int, on: dt.date, calendar: WorkCalendar) -> "Clock":
        """No longer asked for. A duty that was late by then stays missed: nobody is late no more by starting anew."""
        is_late = self.rule.is_duty and self.state is ClockState.running and on > due(self, calendar)
        return self.met(act, on) if is_late else self.voided(act)

    def suspended(self, on: dt.date) -> "Clock":
        return replace(self, state=ClockState.suspended, suspended_on=on)

    def resumed(self, on: dt.date) -> "Clock":
        """The days from the first to the last of the suspension are not counted, both included."""
        assert self.suspended_on is not None, "only a suspended clock is resumed"
        more = (on - self.suspended_on).days + 1
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


def used_on(starts_on: dt.date, internal_due_on: dt.date, percent: int, suspended_days: int = 0) -> dt.date:
    """The first day on which that many percent of the days to the internal due date are used (`band`)."""
    whole = max((internal_due_on - starts_on).days - suspended_days, 1)
    return starts_on + dt.timedelta(days=suspended_days - (-percent * whole // 100))


def is_provisional(clock: Clock, calendar: WorkCalendar) -> bool:
    """A year without its holiday notice was counted through or rolled in."""
    first = clock.starts_on if clock.rule.day_type is DayType.working else internal_due(clock, calendar)
    return any(calendar.provisional(year) for year in range(first.year, due(clock, calendar).year + 1))


def shown_state(clock: Clock, due_on: dt.date, today: dt.date) -> ClockState:
    """How the clock looks on a day: a duty that is late is missed, whether it was done since or not.

    A window that has passed is void: nobody was bound to use it.
    """
    if clock.state is ClockState.met:
        assert clock.met_on is not None, "a met clock has its day"
        return ClockState.missed if clock.met_on > due_on else ClockState.met
    if clock.state is ClockState.running:
        if today > due_on:
            return ClockState.missed if clock.rule.is_duty else ClockState.void
        return ClockState.extended if clock.extended_days else ClockState.running
    return clock.state


def days_late(clock: Clock, due_on: dt.date, today: dt.date) -> int:
    """How many days past its day by law; 0 in time, of a window, void or suspended."""
    if not clock.rule.is_duty or clock.state in (ClockState.void, ClockState.suspended):
        return 0
    return max(((clock.met_on or today) - due_on).days, 0)


def band(clock: Clock, internal_due_on: dt.date, due_on: dt.date, today: dt.date) -> WarningBand | None:
    """How much of the time is used, counted to the earlier of the two days; overdue only after the day by law.

    None where nothing runs and for windows.
    """
    if clock.state is not ClockState.running or not clock.rule.is_duty:
        return None
    if today > due_on:
        return WarningBand.overdue
    whole = max((internal_due_on - clock.starts_on).days - clock.suspended_days, 1)
    used = 100 * max((today - clock.starts_on).days - clock.suspended_days, 0)
    return next((found for percent, found in BANDS if used < percent * whole), WarningBand.critical)
