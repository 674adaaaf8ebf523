"""Working days against published notices, provisional years, and the clock."""

import datetime as dt

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.chassis.calendar import OutsideCalendar, WorkCalendar
from shared.chassis.clock import SHANGHAI, FixedClock, SystemClock, today

CALENDAR = WorkCalendar()
ACCEPTED = dt.date(2026, 2, 10)
COVERED = st.dates(dt.date(2004, 1, 1), dt.date(2099, 12, 31))


def days(*texts: str) -> list[dt.date]:
    return [dt.date.fromisoformat(text) for text in texts]


def span(first: str, last: str) -> list[dt.date]:
    start, end = days(first, last)
    return [start + dt.timedelta(days=n) for n in range((end - start).days + 1)]


def test_the_notice_of_2026() -> None:
    make_up = days("2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10")
    assert all(CALENDAR.is_workday(day) and day.weekday() >= 5 for day in make_up)
    assert not any(map(CALENDAR.is_workday, span("2026-02-15", "2026-02-23")))
    assert not any(map(CALENDAR.is_workday, span("2026-10-01", "2026-10-07")))
    assert not CALENDAR.provisional(2026)


def test_counting_from_the_day_after() -> None:
    assert CALENDAR.add_workdays(ACCEPTED, 5) == dt.date(2026, 2, 24)
    assert CALENDAR.add_workdays(ACCEPTED, 10) == dt.date(2026, 3, 2)
    with pytest.raises(ValueError, match="from 1"):
        CALENDAR.add_workdays(ACCEPTED, 0)


@pytest.mark.parametrize(("after", "due"), [(15, "2026-02-25"), (60, "2026-04-13"), (90, "2026-05-11")])
def test_a_last_day_in_a_rest_period_rolls_to_the_day_after_it(after: int, due: str) -> None:
    assert CALENDAR.roll_to_workday(ACCEPTED + dt.timedelta(days=after)) == dt.date.fromisoformat(due)


def test_a_year_without_notice_is_computed_and_says_so() -> None:
    assert CALENDAR.provisional(2027)
    statutory = days("2027-01-01", "2027-02-05", "2027-02-08", "2027-04-05", "2027-06-09", "2027-09-15", "2027-10-01")
    assert not any(map(CALENDAR.is_workday, statutory))
    assert not CALENDAR.is_workday(dt.date(2027, 5, 3))  # for 1 May 2027, a Saturday
    assert CALENDAR.is_workday(dt.date(2027, 6, 10))
    assert not CALENDAR.is_workday(dt.date(2027, 1, 9))
    assert CALENDAR.add_workdays(dt.date(2026, 12, 31), 1) == dt.date(2027, 1, 4)


def test_a_loaded_notice_wins_and_makes_the_year_official() -> None:
    notice = {dt.date(2027, 10, 1): False, dt.date(2027, 2, 20): True, dt.date(2027, 2, 11): False}
    loaded = WorkCalendar(notice)
    assert not loaded.provisional(2027)
    assert loaded.is_workday(dt.date(2027, 2, 20))
    assert not loaded.is_workday(dt.date(2027, 2, 11))
    assert loaded.provisional(2028)


def test_one_local_day_off_is_not_a_notice() -> None:
    local = WorkCalendar({dt.date(2027, 7, 1): False, dt.date(2026, 7, 1): False})
    assert local.provisional(2027)
    assert not local.is_workday(dt.date(2026, 7, 1))


def test_readiness_is_warned_after_mid_november() -> None:
    assert not CALENDAR.notice_overdue(dt.date(2026, 11, 15))
    assert CALENDAR.notice_overdue(dt.date(2026, 11, 16))
    assert not CALENDAR.notice_overdue(dt.date(2025, 12, 31))
    assert not WorkCalendar({dt.date(2027, 10, 1): False}).notice_overdue(dt.date(2026, 12, 1))
    assert not CALENDAR.notice_overdue(dt.date(2100, 12, 1))


@pytest.mark.parametrize("day", days("2003-12-31", "2101-01-01"))
def test_only_other_centuries_are_an_error(day: dt.date) -> None:
    for ask in (CALENDAR.is_workday, CALENDAR.roll_to_workday):
        with pytest.raises(OutsideCalendar) as refused:
            ask(day)
        assert refused.value.status == 422
    with pytest.raises(OutsideCalendar):
        CALENDAR.provisional(day.year)


def test_no_year_is_refused() -> None:
    for year in range(2004, 2101):
        assert 240 <= sum(map(CALENDAR.is_workday, span(f"{year}-01-01", f"{year}-12-31"))) <= 254
        assert not CALENDAR.is_workday(dt.date(year, 10, 1))


@given(COVERED, st.integers(1, 60))
def test_counting_lands_on_the_nth_workday(start: dt.date, number: int) -> None:
    end = CALENDAR.add_workdays(start, number)
    between = (start + dt.timedelta(days=n) for n in range(1, (end - start).days + 1))
    assert sum(map(CALENDAR.is_workday, between)) == number
    assert CALENDAR.is_workday(end)


@given(COVERED)
def test_rolling_skips_only_rest_days(day: dt.date) -> None:
    rolled = CALENDAR.roll_to_workday(day)
    assert rolled >= day
    assert CALENDAR.is_workday(rolled)
    assert not any(CALENDAR.is_workday(day + dt.timedelta(days=n)) for n in range((rolled - day).days))


def test_today_is_the_date_in_china() -> None:
    clock = FixedClock(dt.datetime(2024, 11, 30, 15, 59, tzinfo=dt.UTC))
    assert today(clock) == dt.date(2024, 11, 30)
    clock.advance(dt.timedelta(minutes=1))
    assert today(clock) == dt.date(2024, 12, 1)
    clock.set(dt.datetime(2024, 1, 1, tzinfo=SHANGHAI))
    assert clock.now().isoformat() == "2024-01-01T00:00:00+08:00"
    with pytest.raises(ValueError, match="aware"):
        clock.set(dt.datetime(2024, 1, 1))  # noqa: DTZ001  # a naive moment is what is refused


def test_the_system_clock_is_aware() -> None:
    assert SystemClock().now().tzinfo is not None


@given(
    COVERED, st.integers(0, 300), st.dictionaries(st.dates(dt.date(2004, 1, 2), dt.date(2100, 12, 30)), st.booleans())
)
def test_working_days_by_position_are_the_calendars_own(
    day: dt.date, more: int, overrides: dict[dt.date, bool]
) -> None:
    calendar = WorkCalendar(overrides)
    by_position = calendar.workdays()
    if more and day.year < 2099:
        assert by_position[by_position.until(day) + more] == calendar.add_workdays(day, more)
    assert by_position[by_position.since(day)] == calendar.roll_to_workday(day)
    assert by_position.since(day) - by_position.until(day) == (0 if calendar.is_workday(day) else 1)


def test_positions_end_where_the_calendar_does() -> None:
    by_position = CALENDAR.workdays()
    assert by_position[-5] == by_position[0] == dt.date(2004, 1, 2)
    assert (by_position.until(dt.date(1990, 1, 1)), by_position.since(dt.date(1990, 1, 1))) == (-1, 0)
    assert by_position[10**6] == by_position[by_position.until(dt.date(2100, 12, 31))] == dt.date(2100, 12, 31)
    assert by_position.since(dt.date(2101, 3, 1)) == by_position.until(dt.date(2100, 12, 31)) + 1


def test_counting_through_a_provisional_year_says_so_whichever_way() -> None:
    by_position = CALENDAR.workdays()
    assert not by_position.provisional(dt.date(2026, 12, 31), dt.date(2026, 1, 1))
    assert by_position.provisional(dt.date(2026, 12, 31), dt.date(2027, 1, 1))
    assert by_position.provisional(dt.date(2028, 1, 1), dt.date(2026, 12, 1))
    notice = WorkCalendar({dt.date(2027, 10, 1): False}).workdays()
    assert not notice.provisional(dt.date(2026, 12, 31), dt.date(2027, 1, 1))


def test_every_year_of_the_library_is_as_the_library_says() -> None:
    for day in span("2004-01-01", "2026-12-31")[::7]:
        assert CALENDAR.is_workday(day) == chinese_calendar.is_workday(day)
