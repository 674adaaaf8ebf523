"""Chinese working days 工作日, official where a State Council notice is known and provisional where it is not yet.

A notice fixes each year's holidays and make-up workdays 调休. Where none is known the year is computed from
全国年节及纪念日放假办法 (2024): weekends, the 13 statutory days and a day off for each that falls on a weekend, but
no 调休. Such a year is *provisional*: dates computed from it say so, and nothing is refused because of it.
"""

import datetime as dt
from collections.abc import Mapping
from functools import lru_cache

import chinese_calendar
from chinese_calendar import constants as library
from holidays.countries.china import China  # by name: the registry would import it during somebody's first request

from shared.errors import Invalid

FIRST_YEAR, LAST_YEAR = 2004, 2100
NOTICE_DUE = (11, 15)
"""By mid November the notice for the next year is usually out."""

_DAY = dt.timedelta(days=1)
_FIRST = dt.date(FIRST_YEAR, 1, 1).toordinal()
_SATURDAY = 5


class OutsideCalendar(Invalid):
    """A year of which nothing is known, not even the statutory days."""

    code, title, title_en = "outside_calendar", "工作日历只到 2004 年至 2100 年", "Outside the working-day calendar"


class WorkCalendar:
    """Working days; `overrides` (date → is it a workday) are notices loaded later and always win.

    All methods raise `OutsideCalendar` for a date before 2004 or after 2100, counting included.
    """

    def __init__(self, overrides: Mapping[dt.date, bool] | None = None) -> None:
        self._overrides = dict(overrides or {})

    def is_workday(self, day: dt.date) -> bool:
        _check_year(day.year)
        stated = self._overrides.get(day)
        return day in _workdays(day.year) if stated is None else stated

    def add_workdays(self, start: dt.date, days: int) -> dt.date:
        """The `days`-th workday after `start`, which itself does not count (民法典 201); `days` ≥ 1."""
        if days < 1:
            raise ValueError("workdays are counted from 1")
        day = start
        while days:
            day += _DAY
            days -= self.is_workday(day)
        return day

    def roll_to_workday(self, day: dt.date) -> dt.date:
        """`day`, or the first workday after the rest period it falls in (民法典 203)."""
        while not self.is_workday(day):
            day += _DAY
        return day

    def provisional(self, year: int) -> bool:
        """No notice is known for the year.

        A loaded notice is recognised by the three statutory National Days: at least one falls on a weekday, so every
        notice names it, while a single local day off does not make a year official.
        """
        _check_year(year)
        return not (_in_library(year) or any(dt.date(year, 10, d) in self._overrides for d in (1, 2, 3)))

    def workdays(self) -> "Workdays":
        """The same working days by position, for counting over many of them at once."""
        return _counted(tuple(sorted(self._overrides.items())))

    def notice_overdue(self, today: dt.date) -> bool:
        """Next year is still provisional after 15 November: readiness warns, nothing stops."""
        return (today.month, today.day) > NOTICE_DUE and today.year < LAST_YEAR and self.provisional(today.year + 1)


class Workdays:
    """Working days by position, so that adding 200 of them is one addition: 0 is the first of 2004.

    Nothing is raised: before the first and after the last day of the calendar stands the nearest one. Years are looked
    up when somebody first counts that far.
    """

    def __init__(self, calendar: WorkCalendar) -> None:
        self._calendar = calendar
        self._days: list[dt.date] = []
        self._since: list[int] = []
        self._year = FIRST_YEAR - 1

    def _reach(self, year: int) -> None:
        while self._year < min(year, LAST_YEAR):
            self._year += 1
            day = dt.date(self._year, 1, 1)
            while day.year == self._year:
                self._since.append(len(self._days))
                if self._calendar.is_workday(day):
                    self._days.append(day)
                day += _DAY

    def __getitem__(self, position: int) -> dt.date:
        while position >= len(self._days) and self._year < LAST_YEAR:
            self._reach(self._year + 1)
        if 0 <= position < len(self._days):
            return self._days[position]
        self._reach(FIRST_YEAR)
        return self._days[0 if position < 0 else -1]

    def since(self, day: dt.date) -> int:
        """The position of a working day; of a rest day that of the next working day."""
        if day.year > self._year:
            self._reach(day.year)
        place = day.toordinal() - _FIRST
        if 0 <= place < len(self._since):
            return self._since[place]
        return 0 if place < 0 else len(self._days)

    def until(self, day: dt.date) -> int:
        """The position of a working day; of a rest day that of the working day before it, -1 before the first."""
        return self.since(day + _DAY) - 1

    def provisional(self, one: dt.date, other: dt.date) -> bool:
        """Counting from one day to the other goes through a year without a notice."""
        first, last = min(one, other), max(one, other)
        return any(self._calendar.provisional(year) for year in range(first.year, last.year + 1))


@lru_cache(maxsize=8)
def _counted(overrides: tuple[tuple[dt.date, bool], ...]) -> Workdays:
    return Workdays(WorkCalendar(dict(overrides)))


def _check_year(year: int) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise OutsideCalendar("请使用 2004 年至 2100 年之间的日期")


@lru_cache(maxsize=LAST_YEAR - FIRST_YEAR + 1)
def _in_library(year: int) -> bool:
    try:
        chinese_calendar.is_workday(dt.date(year, 10, 1))
    except NotImplementedError:
        return False
    return True


@lru_cache(maxsize=LAST_YEAR - FIRST_YEAR + 1)
def _workdays(year: int) -> frozenset[dt.date]:
    """The working days of a year but for overrides."""
    first = dt.date(year, 1, 1)
    days = [first + n * _DAY for n in range((dt.date(year, 12, 31) - first).days + 1)]
    if _in_library(year):
        # The library's own `is_workday` goes through all its years at each call.
        off, made_up = library.holidays, library.workdays
        return frozenset(d for d in days if d in made_up or (d.weekday() < _SATURDAY and d not in off))
    statutory = frozenset(China(years=year))  # type: ignore[no-untyped-call]
    return frozenset(d for d in days if d.weekday() < _SATURDAY and d not in statutory)
