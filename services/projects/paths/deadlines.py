"""The legal dates of 企业破产法 as domain 2.5 lists them: what starts a period, how long it is, what keeps it.

Pure. Periods are counted by 民法典 201–203: the first day does not count, a month ends on the same day of the month or
on the month's last, and a period ending on a rest day ends on the next workday.
"""

import calendar as months
import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from services.projects.paths.rules import STEPS, invalid
from shared.chassis.calendar import WorkCalendar
from shared.schemas.projects.facts import ResolutionMode
from shared.schemas.projects.paths import DeadlineRule, DeadlineState
from shared.schemas.projects.paths import PathStage as S
from shared.schemas.projects.plan import CalendarBasis

SHORTEST_CLAIMS_DAYS, LONGEST_CLAIMS_MONTHS = 30, 3
PLAN_MONTHS, EXTENSION_MONTHS = 6, 3


def add_months(day: dt.date, number: int) -> dt.date:
    """The same day of a later month, or its last where it has none (民法典 202)."""
    year, month = divmod(day.year * 12 + day.month - 1 + number, 12)
    return dt.date(year, month + 1, min(day.day, months.monthrange(year, month + 1)[1]))


def add_days(day: dt.date, number: int) -> dt.date:
    return day + dt.timedelta(days=number)


@dataclass(frozen=True, slots=True)
class Reached:
    """A stage with the days its documents state."""

    stage: S
    reached_on: dt.date
    claims_until: dt.date | None = None
    meeting_on: dt.date | None = None


Period = tuple[dt.date, dt.date]


@dataclass(frozen=True, slots=True)
class Rule:
    """`period` gives the days a period runs from and to, None where its start is not known. `kept_by` is the stage that
    ends it; where that is None it ends by itself. `is_notice` counts back from an event and so is never put off."""

    article: str
    starts: S
    period: Callable[[Reached], Period | None]
    kept_by: S | None = None
    consequence: str | None = None
    is_notice: bool = False


def _days(number: int) -> Callable[[Reached], Period]:
    return lambda at: (at.reached_on, add_days(at.reached_on, number))


def _months(number: int) -> Callable[[Reached], Period]:
    return lambda at: (at.reached_on, add_months(at.reached_on, number))


def _claims(at: Reached) -> Period | None:
    return (at.reached_on, at.claims_until) if at.claims_until else None


def _after_claims(at: Reached) -> Period | None:
    return (at.claims_until, add_days(at.claims_until, 15)) if at.claims_until else None


def _before_meeting(at: Reached) -> Period | None:
    return (at.meeting_on, add_days(at.meeting_on, -15)) if at.meeting_on else None


R = DeadlineRule
TERMINATED = "终止重整程序，宣告破产"
RULES: dict[DeadlineRule, Rule] = {
    R.creditors_notice: Rule("企业破产法第十四条", S.accepted, _days(25), S.announced),
    R.claims_period: Rule(
        "企业破产法第四十五条、第五十六条",
        S.announced,
        _claims,
        consequence="逾期可在最后分配前补充申报，此前已进行的分配不再补充",
    ),
    R.first_meeting: Rule("企业破产法第六十二条", S.announced, _after_claims, S.first_creditors_meeting),
    R.meeting_notice: Rule("企业破产法第六十三条", S.announced, _before_meeting, S.creditors_notified, is_notice=True),
    R.contract_decision: Rule(
        "企业破产法第十八条", S.accepted, _months(2), consequence="管理人未通知对方当事人的合同视为解除"
    ),
    R.contract_reply: Rule(
        "企业破产法第十八条", S.contract_demanded, _days(30), S.contract_answered, consequence="未答复的，视为解除合同"
    ),
    R.plan_draft: Rule(
        "企业破产法第七十九条", S.reorganization_ruled, _months(PLAN_MONTHS), S.plan_submitted, consequence=TERMINATED
    ),
    R.plan_vote: Rule("企业破产法第八十四条", S.plan_submitted, _days(30), S.plan_voted),
    R.plan_approval_request: Rule("企业破产法第八十六条", S.plan_passed, _days(10), S.plan_approval_requested),
    R.plan_approval_ruling: Rule("企业破产法第八十六条", S.plan_approval_requested, _days(30), S.plan_approved),
    R.bankruptcy_notice: Rule("企业破产法第一百零七条", S.declared_bankrupt, _days(10), S.bankruptcy_announced),
    R.closing_ruling: Rule("企业破产法第一百二十条", S.closing_requested, _days(15), S.proceedings_closed),
    R.deregistration: Rule("企业破产法第一百二十一条", S.proceedings_closed, _days(10), S.deregistered),
}
DUTIES = frozenset(rule for rule, known in RULES.items() if known.kept_by is not None)
NOTICES = frozenset(rule for rule, known in RULES.items() if known.is_notice)


def started_by(path: ResolutionMode, reached: Reached) -> list[tuple[DeadlineRule, dt.date, dt.date]]:
    """(rule, from, internal due) of every period that a stage starts on this path."""
    started = [
        (rule, known.period(reached))
        for rule, known in RULES.items()
        if known.starts == reached.stage and applies(rule, path)
    ]
    return [(rule, *period) for rule, period in started if period is not None]


def kept_by(stage: S) -> frozenset[DeadlineRule]:
    return frozenset(rule for rule, known in RULES.items() if known.kept_by == stage)


def applies(rule: DeadlineRule, path: ResolutionMode) -> bool:
    return RULES[rule].starts in STEPS[path]


def plan_due(from_on: dt.date, more: int) -> dt.date:
    """Art. 79: six months and, where the court extends them, `more`; counted from the ruling as one period."""
    return add_months(from_on, PLAN_MONTHS + more)


def claims_window(announced_on: dt.date) -> Period:
    """The earliest and the latest day a court may let claims be filed until (art. 45), before any rest day."""
    return add_days(announced_on, SHORTEST_CLAIMS_DAYS), add_months(announced_on, LONGEST_CLAIMS_MONTHS)


def check_days(
    stage: S, reached_on: dt.date, claims_until: dt.date | None, meeting_on: dt.date | None, calendar: WorkCalendar
) -> None:
    """The announcement states when claims end, as art. 45 allows, and may state the first meeting, which is later."""
    if stage is not S.announced:
        if claims_until is not None or meeting_on is not None:
            raise invalid("claims_until", "only_in_announcement", "申报期限和会议日期只在受理公告阶段填写")
        return
    if claims_until is None:
        raise invalid("claims_until", "required", "请填写公告所定的债权申报期限届满日")
    earliest, latest = claims_window(reached_on)
    if not earliest <= claims_until <= calendar.roll_to_workday(latest):
        message = f"债权申报期限自公告之日起最短三十日、最长三个月：{earliest} 至 {latest}"
        raise invalid("claims_until", "outside_the_law", message)
    if meeting_on is not None and not claims_until < meeting_on <= add_months(claims_until, 12):
        raise invalid("meeting_on", "not_after_claims", "第一次债权人会议在债权申报期限届满后召开")


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline as it stands on a day. `days_late` is None while it is not too late, or nobody is to act."""

    statutory_due: dt.date
    calendar: CalendarBasis
    state: DeadlineState
    days_late: int | None


def standing(
    rule: DeadlineRule,
    internal_due: dt.date,
    *,
    met_on: dt.date | None,
    is_void: bool,
    today: dt.date,
    calendar: WorkCalendar,
) -> Due:
    """Too late is the day after `statutory_due`, for who acted as for who has not yet."""
    due = internal_due if rule in NOTICES else calendar.roll_to_workday(internal_due)
    touched: Iterable[int] = range(internal_due.year, due.year + 1)
    basis = CalendarBasis.provisional if any(map(calendar.provisional, touched)) else CalendarBasis.official
    late = max(((met_on or today) - due).days, 0)
    if is_void:
        return Due(due, basis, DeadlineState.void, None)
    if met_on is not None:
        return Due(due, basis, DeadlineState.met, late or None)
    if not late:
        return Due(due, basis, DeadlineState.open, None)
    if rule in DUTIES:
        return Due(due, basis, DeadlineState.overdue, late)
    return Due(due, basis, DeadlineState.lapsed, None)


def overdue_through(today: dt.date, calendar: WorkCalendar) -> dt.date:
    """Internal dates up to this one are past their statutory date: it is the last workday before today, since no date
    after it is rolled to a day before today."""
    day = add_days(today, -1)
    while not calendar.is_workday(day):
        day = add_days(day, -1)
    return day
