"""The day of a fact as somebody gives it."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.chassis.days import BadDay, happened_on, still_ahead

TODAY = dt.date(2026, 11, 23)
DAYS = st.dates(dt.date(2020, 1, 1), dt.date(2030, 1, 1))


def test_nothing_said_is_today() -> None:
    assert happened_on(None, TODAY, "/seen_on") == TODAY


@given(given_day=DAYS, today=DAYS, since=st.none() | DAYS)
def test_a_fact_lies_between_what_it_follows_and_today(
    given_day: dt.date, today: dt.date, since: dt.date | None
) -> None:
    if given_day <= today and (since is None or since <= given_day):
        assert happened_on(given_day, today, "/seen_on", since=since) == given_day
    else:
        with pytest.raises(BadDay) as refused:
            happened_on(given_day, today, "/seen_on", since=since)
        assert [error.pointer for error in refused.value.errors] == ["/seen_on"]


def test_nothing_falls_due_before_today() -> None:
    assert still_ahead(TODAY, TODAY, "/due_on") == TODAY
    with pytest.raises(BadDay):
        still_ahead(TODAY - dt.timedelta(days=1), TODAY, "/due_on")
