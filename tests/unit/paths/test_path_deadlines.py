"""The legal dates of bankruptcy: months end where the calendar ends them, rest days put a period off, and what the list
calls overdue is overdue."""

import calendar as months
import datetime as dt

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from services.projects.paths import deadlines
from services.projects.paths.deadlines import DUTIES, NOTICES, RULES, Reached, add_months, standing, started_by
from services.projects.paths.rules import BANKRUPTCY, STEPS
from shared.chassis.calendar import WorkCalendar
from shared.errors import Invalid
from shared.schemas.projects.facts import ResolutionMode
from shared.schemas.projects.paths import DeadlineRule, DeadlineState
from shared.schemas.projects.paths import PathStage as S
from shared.schemas.projects.plan import CalendarBasis

CALENDAR = WorkCalendar()
REORGANIZATION = ResolutionMode.reorganization
days = st.dates(dt.date(2007, 6, 1), dt.date(2030, 12, 31))
ONE = dt.timedelta(days=1)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("start", "number", "end"),
    [
        ("2025-11-30", 3, "2026-02-28"),
        ("2023-11-30", 3, "2024-02-29"),
        ("2026-08-31", 6, "2027-02-28"),
        ("2026-08-31", 9, "2027-05-31"),
        ("2026-12-31", 2, "2027-02-28"),
        ("2026-01-15", 12, "2027-01-15"),
    ],
)
def test_a_month_ends_on_the_same_day_or_on_the_months_last(start: str, number: int, end: str) -> None:
    assert add_months(day(start), number) == day(end)


@given(start=days, number=st.integers(0, 60))
def test_months_are_months_of_the_calendar(start: dt.date, number: int) -> None:
    end = add_months(start, number)
    assert (end.year * 12 + end.month) - (start.year * 12 + start.month) == number
    last = months.monthrange(end.year, end.month)[1]
    assert end.day == start.day or (end.day == last and start.day > last)


def due(path: ResolutionMode, reached: Reached) -> dict[DeadlineRule, tuple[dt.date, dt.date]]:
    return {rule: (begun, ended) for rule, begun, ended in started_by(path, reached)}


def test_acceptance_starts_the_notice_to_creditors_and_the_administrators_two_months() -> None:
    for path in BANKRUPTCY:
        assert due(path, Reached(S.accepted, day("2026-03-31"))) == {
            DeadlineRule.creditors_notice: (day("2026-03-31"), day("2026-04-25")),
            DeadlineRule.contract_decision: (day("2026-03-31"), day("2026-05-31")),
        }
    assert due(ResolutionMode.resume_and_deliver, Reached(S.accepted, day("2026-03-31"))) == {}


def test_the_announcement_sets_the_claims_period_and_the_first_meeting() -> None:
    reached = Reached(S.announced, day("2026-04-20"), claims_until=day("2026-06-30"), meeting_on=day("2026-07-10"))
    assert due(REORGANIZATION, reached) == {
        DeadlineRule.claims_period: (day("2026-04-20"), day("2026-06-30")),
        DeadlineRule.first_meeting: (day("2026-06-30"), day("2026-07-15")),
        DeadlineRule.meeting_notice: (day("2026-07-10"), day("2026-06-25")),
    }


def test_a_plan_has_six_months_and_three_more_where_the_court_says_so() -> None:
    ruled = day("2026-08-31")
    assert due(REORGANIZATION, Reached(S.reorganization_ruled, ruled)) == {
        DeadlineRule.plan_draft: (ruled, day("2027-02-28"))
    }
    assert deadlines.plan_due(ruled, deadlines.EXTENSION_MONTHS) == day("2027-05-31")


@pytest.mark.parametrize(
    ("stage", "rule", "number"),
    [
        (S.contract_demanded, DeadlineRule.contract_reply, 30),
        (S.plan_submitted, DeadlineRule.plan_vote, 30),
        (S.plan_passed, DeadlineRule.plan_approval_request, 10),
        (S.plan_approval_requested, DeadlineRule.plan_approval_ruling, 30),
        (S.declared_bankrupt, DeadlineRule.bankruptcy_notice, 10),
        (S.closing_requested, DeadlineRule.closing_ruling, 15),
        (S.proceedings_closed, DeadlineRule.deregistration, 10),
    ],
)
def test_days_are_counted_from_the_day_after(stage: S, rule: DeadlineRule, number: int) -> None:
    path = next(path for path in BANKRUPTCY if stage in STEPS[path])
    start = day("2026-03-02")
    assert due(path, Reached(stage, start))[rule] == (start, start + dt.timedelta(days=number))


def test_every_rule_is_known_and_its_stages_stand_on_a_court_path() -> None:
    assert set(RULES) == set(DeadlineRule)
    for known in RULES.values():
        paths = [path for path in BANKRUPTCY if known.starts in STEPS[path]]
        assert paths
        assert all(known.kept_by is None or known.kept_by in STEPS[path] for path in paths)


@settings(deadline=None)  # the first look at a year computes its holidays
@given(announced=days, until=st.integers(0, 130))
def test_claims_are_filed_within_thirty_days_to_three_months(announced: dt.date, until: int) -> None:
    claims_until = announced + dt.timedelta(days=until)
    latest = CALENDAR.roll_to_workday(add_months(announced, 3))
    allowed = until >= 30 and claims_until <= latest
    try:
        deadlines.check_days(S.announced, announced, claims_until, None, CALENDAR)
    except Invalid as error:
        refused = [one.pointer for one in error.errors]
    else:
        refused = []
    assert refused == ([] if allowed else ["/claims_until"])


def test_only_the_announcement_states_days_to_come_and_it_must() -> None:
    with pytest.raises(Invalid):
        deadlines.check_days(S.announced, day("2026-04-20"), None, None, CALENDAR)
    with pytest.raises(Invalid):
        deadlines.check_days(S.accepted, day("2026-04-20"), day("2026-06-30"), None, CALENDAR)
    with pytest.raises(Invalid):
        deadlines.check_days(S.announced, day("2026-04-20"), day("2026-06-30"), day("2026-06-30"), CALENDAR)


@settings(deadline=None)
@given(internal=days, today=days, rule=st.sampled_from(DeadlineRule))
def test_a_period_ends_on_a_workday_and_never_before_its_own_last_day(
    internal: dt.date, today: dt.date, rule: DeadlineRule
) -> None:
    found = standing(rule, internal, met_on=None, is_void=False, today=today, calendar=CALENDAR)
    if rule in NOTICES:
        assert found.statutory_due == internal
    else:
        first = next(d for n in range(15) if CALENDAR.is_workday(d := internal + ONE * n))
        assert found.statutory_due == first
    assert (found.state is DeadlineState.open) == (today <= found.statutory_due)
    assert (found.days_late is not None) == (found.state is DeadlineState.overdue)


@settings(deadline=None)
@example(internal=dt.date(2026, 11, 21), offset=1, rule=DeadlineRule.plan_draft)
@example(internal=dt.date(2026, 2, 15), offset=8, rule=DeadlineRule.plan_draft)
@given(internal=days, offset=st.integers(-40, 40), rule=st.sampled_from(sorted(DUTIES - NOTICES)))
def test_what_the_list_calls_overdue_is_overdue(internal: dt.date, offset: int, rule: DeadlineRule) -> None:
    today = internal + ONE * offset
    found = standing(rule, internal, met_on=None, is_void=False, today=today, calendar=CALENDAR)
    assert (internal <= deadlines.overdue_through(today, CALENDAR)) == (found.state is DeadlineState.overdue)


def test_a_date_that_touches_a_year_without_a_notice_says_so() -> None:
    def basis(internal: str) -> CalendarBasis:
        found = standing(
            DeadlineRule.plan_draft,
            day(internal),
            met_on=None,
            is_void=False,
            today=day("2026-01-01"),
            calendar=CALENDAR,
        )
        return found.calendar

    assert basis("2026-06-30") is CalendarBasis.official
    assert basis("2027-06-30") is CalendarBasis.provisional
    loaded = WorkCalendar({dt.date(2027, 10, d): False for d in range(1, 8)} | {dt.date(2027, 6, 30): False})
    moved = standing(
        DeadlineRule.plan_draft, day("2027-06-30"), met_on=None, is_void=False, today=day("2026-01-01"), calendar=loaded
    )
    assert (moved.calendar, moved.statutory_due) == (CalendarBasis.official, day("2027-07-01"))


def test_what_is_kept_late_says_by_how_much_and_a_period_of_nobodys_lapses() -> None:
    late = standing(
        DeadlineRule.creditors_notice,
        day("2026-04-24"),
        met_on=day("2026-04-27"),
        is_void=False,
        today=day("2026-12-01"),
        calendar=CALENDAR,
    )
    assert (late.state, late.days_late) == (DeadlineState.met, 3)
    lapsed = standing(
        DeadlineRule.contract_decision,
        day("2026-04-24"),
        met_on=None,
        is_void=False,
        today=day("2026-04-25"),
        calendar=CALENDAR,
    )
    assert (lapsed.state, lapsed.days_late) == (DeadlineState.lapsed, None)
