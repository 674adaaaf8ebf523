"""舆情 and incidents: who answers, when one is late, what is the same incident, and that silence is not none."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.petitions.incidents import rules as incidents
from services.petitions.opinion import rules as opinion
from shared.chassis.identity import Caller
from shared.errors import Invalid
from shared.schemas.petitions.incidents import DayReport
from shared.schemas.petitions.opinion import OpinionState

DAY = dt.date(2026, 11, 23)
ITEM: dict[str, Any] = {"outcome": None, "published_on": None, "due_on": DAY, "owner_unit_code": "ZJJ"}


def caller(role: str, unit: str | None = None) -> Caller:
    return Caller("user:1", "张三", frozenset({role}), "999902", "999902", unit)


@given(st.integers(-30, 30), st.none() | st.integers(-30, 30))
def test_an_item_is_late_from_the_day_after(today: int, published: int | None) -> None:
    on = DAY + dt.timedelta(days=today)
    item = dict(ITEM)
    if published is not None:
        item |= {"outcome": "explained", "published_on": DAY + dt.timedelta(days=published)}
    state = opinion.state(item, on)
    assert (state is OpinionState.answered) == (published is not None)
    assert (state is OpinionState.overdue) == (published is None and today > 0)
    assert opinion.days_late(item, on) == max(today if published is None else published, 0)


def test_the_owner_or_an_office_answers_once() -> None:
    for who in (caller("petition_office"), caller("office"), caller("department", "ZJJ")):
        opinion.check_answer(ITEM, who)
        with pytest.raises(opinion.AlreadyAnswered):
            opinion.check_answer(ITEM | {"outcome": "explained"}, who)
    for who in (caller("department", "RSJ"), caller("department"), caller("leader")):
        with pytest.raises(opinion.NotTheOwner):
            opinion.check_answer(ITEM, who)


@pytest.mark.parametrize(
    ("number", "said_none", "report"),
    [
        (0, False, DayReport.silent),
        (0, True, DayReport.none),
        (2, False, DayReport.incidents),
        (2, True, DayReport.contradicted),
    ],
)
def test_silence_is_not_none(number: int, said_none: bool, report: DayReport) -> None:
    assert incidents.day_report(number, said_none) is report


def test_the_same_place_is_the_same_however_it_is_typed() -> None:
    assert incidents.same_as(None, "县政府 南门") == incidents.same_as(None, "县政府（南门）") == "县政府南门"
    assert incidents.same_as(None, "县政府北门") != incidents.same_as(None, "县政府南门")
    assert incidents.same_as(None, "——") == "——"


def test_a_unit_reports_for_itself_and_an_office_for_any() -> None:
    assert incidents.reporting_unit(caller("township", "CGZ"), None) == "CGZ"
    assert incidents.reporting_unit(caller("township", "CGZ"), "CGZ") == "CGZ"
    assert incidents.reporting_unit(caller("petition_office", "XFJ"), "CGZ") == "CGZ"
    with pytest.raises(incidents.ForAnotherUnit):
        incidents.reporting_unit(caller("township", "CGZ"), "ZJJ")
    with pytest.raises(Invalid):
        incidents.reporting_unit(caller("office"), None)


def test_nothing_is_reported_before_it_happens() -> None:
    now = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
    incidents.check_past(now, now)
    with pytest.raises(Invalid):
        incidents.check_past(now + dt.timedelta(seconds=1), now)
