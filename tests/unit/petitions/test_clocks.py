"""The law's days by hand: every row names its article and was counted on a paper calendar, not by the code.

Rest days of 2026: weekends but for the make-up days 01-04, 02-14, 02-28, 05-09, 09-20 and 10-10; 01-01…03, 02-15…23,
04-04…06, 05-01…05, 06-19…21, 09-25…27, 10-01…07.
"""

import datetime as dt

import pytest

from services.petitions.life import clocks as law
from services.petitions.life.clocks import RULES, Clock
from shared.chassis.calendar import WorkCalendar
from shared.schemas.petitions.states import ClockKind as K
from shared.schemas.petitions.states import ClockState, DayType, WarningBand

CALENDAR = WorkCalendar()
B = WarningBand


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def clock(kind: K, on: str, *, extended: int = 0, suspended: int = 0) -> Clock:
    return Clock(1, kind, 1, day(on), extended_days=extended, suspended_days=suspended)


DAYS = [
    # domain.md 1.1: everything that begins on 2026-02-10, before the Spring Festival.
    ("art. 22", K.route, "2026-02-10", 0, 0, "2026-02-25", "2026-02-25"),
    ("art. 23, notice", K.notify, "2026-02-10", 0, 0, "2026-02-25", "2026-02-25"),
    ("art. 23, acceptance", K.acceptance, "2026-02-10", 0, 0, "2026-02-25", "2026-02-25"),
    ("art. 23, objection", K.objection, "2026-02-10", 0, 0, "2026-02-24", "2026-02-24"),
    ("trial rule, simple", K.simple, "2026-02-10", 0, 0, "2026-03-02", "2026-03-02"),
    ("art. 34", K.handle, "2026-02-10", 0, 0, "2026-04-11", "2026-04-13"),
    ("art. 34, extended", K.handle, "2026-02-10", 30, 0, "2026-05-11", "2026-05-11"),
    # Civil Code 203: a last day inside a holiday, on a weekend, on a weekend that is worked.
    ("art. 22, registered on a Saturday", K.route, "2026-01-31", 0, 0, "2026-02-15", "2026-02-24"),
    ("art. 22, into the Spring Festival", K.route, "2026-02-02", 0, 0, "2026-02-17", "2026-02-24"),
    ("art. 22, into National Day", K.route, "2026-09-16", 0, 0, "2026-10-01", "2026-10-08"),
    ("art. 22, a Saturday that is worked", K.route, "2026-02-13", 0, 0, "2026-02-28", "2026-02-28"),
    ("art. 22, the leap day", K.route, "2024-02-14", 0, 0, "2024-02-29", "2024-02-29"),
    ("art. 23, received on the eve of National Day", K.objection, "2026-09-30", 0, 0, "2026-10-13", "2026-10-13"),
    ("art. 23, received on a Friday", K.objection, "2026-03-06", 0, 0, "2026-03-13", "2026-03-13"),
    ("art. 23, received on a worked Saturday", K.objection, "2026-02-14", 0, 0, "2026-02-28", "2026-02-28"),
    ("art. 23, received on a Sunday", K.objection, "2026-03-08", 0, 0, "2026-03-13", "2026-03-13"),
    ("trial rule, over two holidays", K.simple, "2026-09-24", 0, 0, "2026-10-15", "2026-10-15"),
    ("art. 34, a Saturday that is worked", K.handle, "2026-03-10", 0, 0, "2026-05-09", "2026-05-09"),
    ("art. 34, into Labour Day", K.handle, "2026-03-02", 0, 0, "2026-05-01", "2026-05-06"),
    ("art. 34, over the leap day", K.handle, "2024-01-01", 0, 0, "2024-03-01", "2024-03-01"),
    ("art. 34, extended by 15", K.handle, "2026-02-10", 15, 0, "2026-04-26", "2026-04-27"),
    ("art. 34, extended by 1", K.handle, "2026-02-10", 1, 0, "2026-04-12", "2026-04-13"),
    ("art. 35, the request", K.review_request, "2026-05-20", 0, 0, "2026-06-19", "2026-06-22"),
    ("art. 35, the decision", K.review, "2026-08-26", 0, 0, "2026-09-25", "2026-09-28"),
    ("art. 36, the request", K.re_review_request, "2026-02-10", 0, 0, "2026-03-12", "2026-03-12"),
    ("art. 36, the opinion", K.re_review, "2026-09-01", 0, 0, "2026-10-01", "2026-10-08"),
    ("art. 36, three days of hearing", K.re_review, "2026-03-02", 0, 3, "2026-04-04", "2026-04-07"),
]


@pytest.mark.parametrize(
    ("kind", "on", "extended", "suspended", "internal", "by_law"),
    [row[1:] for row in DAYS],
    ids=[row[0] for row in DAYS],
)
def test_a_day_is_what_the_law_says(
    kind: K, on: str, extended: int, suspended: int, internal: str, by_law: str
) -> None:
    counted = clock(kind, on, extended=extended, suspended=suspended)
    assert law.internal_due(counted, CALENDAR) == day(internal)
    assert law.due(counted, CALENDAR) == day(by_law)


def test_only_the_objection_and_the_trial_rule_count_working_days() -> None:
    """Domain.md 1.1: the objection is the only working-day term of the text itself."""
    assert {kind for kind, rule in RULES.items() if rule.day_type is DayType.working} == {K.objection, K.simple}
    assert {kind for kind, rule in RULES.items() if not rule.is_duty} == {
        K.objection,
        K.review_request,
        K.re_review_request,
    }
    assert len({rule.id for rule in RULES.values()}) == len(RULES) == len(K)


def test_a_year_without_its_notice_marks_the_day_and_refuses_nothing() -> None:
    assert law.is_provisional(clock(K.handle, "2026-12-05"), CALENDAR)
    assert law.due(clock(K.handle, "2026-12-05"), CALENDAR) == day("2027-02-03")
    assert law.is_provisional(clock(K.simple, "2026-12-28"), CALENDAR)
    assert not law.is_provisional(clock(K.handle, "2026-10-01"), CALENDAR)


def test_a_notice_moves_the_day() -> None:
    """2027-02-03 is an ordinary Wednesday until a notice makes it a rest day."""
    told = WorkCalendar({day("2027-02-03"): False, day("2027-10-01"): False})
    assert law.due(clock(K.handle, "2026-12-05"), told) == day("2027-02-04")
    assert not law.is_provisional(clock(K.handle, "2026-12-05"), told)


LOOKS = [
    ("running", K.handle, "2026-04-13", ClockState.running, 0),
    ("a day late", K.handle, "2026-04-14", ClockState.missed, 1),
    ("a window that has passed was nobody's duty", K.review_request, "2026-12-01", ClockState.void, 0),
]


@pytest.mark.parametrize(("kind", "today", "state", "late"), [row[1:] for row in LOOKS], ids=[row[0] for row in LOOKS])
def test_how_a_running_clock_looks_on_a_day(kind: K, today: str, state: ClockState, late: int) -> None:
    running = clock(kind, "2026-02-10")
    due_on = law.due(running, CALENDAR)
    assert law.shown_state(running, due_on, day(today)) is state
    assert law.days_late(running, due_on, day(today)) == late


def test_what_was_done_late_stays_missed() -> None:
    late = clock(K.handle, "2026-02-10").met(9, day("2026-04-15"))
    assert law.shown_state(late, day("2026-04-13"), day("2026-12-01")) is ClockState.missed
    assert law.days_late(late, day("2026-04-13"), day("2026-12-01")) == 2
    kept = clock(K.handle, "2026-02-10").met(9, day("2026-04-13"))
    assert law.shown_state(kept, day("2026-04-13"), day("2026-12-01")) is ClockState.met


def test_a_duty_that_was_late_when_it_stopped_was_missed_and_one_in_time_is_void() -> None:
    handle = clock(K.handle, "2026-02-10")
    assert handle.stopped(9, day("2026-04-14"), CALENDAR).state is ClockState.met
    assert handle.stopped(9, day("2026-04-13"), CALENDAR).state is ClockState.void
    assert clock(K.review_request, "2026-02-10").stopped(9, day("2027-04-13"), CALENDAR).state is ClockState.void


BANDS = [
    # 2026-02-10 + 60 = 2026-04-11, a Saturday: by law Monday, 04-13.
    ("2026-02-10", B.normal),
    ("2026-03-11", B.normal),  # 29 of 60
    ("2026-03-12", B.notice),  # 30 = 50 %
    ("2026-03-26", B.notice),  # 44
    ("2026-03-27", B.warning),  # 45 = 75 %
    ("2026-04-01", B.warning),  # 50
    ("2026-04-02", B.severe),  # 51 = 85 %
    ("2026-04-10", B.severe),  # 59 = 98.3 %
    ("2026-04-11", B.critical),  # the day as counted
    ("2026-04-13", B.critical),  # the day by law
    ("2026-04-14", B.overdue),
]


@pytest.mark.parametrize(("today", "shown"), BANDS)
def test_bands_go_by_the_day_as_counted_and_overdue_by_the_law(today: str, shown: WarningBand) -> None:
    running = clock(K.handle, "2026-02-10")
    assert law.band(running, day("2026-04-11"), day("2026-04-13"), day(today)) is shown


def test_time_that_did_not_run_is_not_used() -> None:
    """30 days, of which ten of hearing are added and not counted: day 24 is 14 of 30, not 24 of 40."""
    heard = clock(K.re_review, "2026-03-02", suspended=10)
    internal, by_law = law.internal_due(heard, CALENDAR), law.due(heard, CALENDAR)
    assert law.band(heard, internal, by_law, day("2026-03-26")) is B.normal
    assert law.band(heard, internal, by_law, day("2026-03-27")) is B.notice


def test_no_band_where_nobody_must_act() -> None:
    assert law.band(clock(K.objection, "2026-02-10"), day("2026-02-24"), day("2026-02-24"), day("2026-02-24")) is None
    done = clock(K.handle, "2026-02-10").met(2, day("2026-03-01"))
    assert law.band(done, day("2026-04-11"), day("2026-04-13"), day("2026-04-14")) is None
