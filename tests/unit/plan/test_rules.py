"""What a plan accepts, and which colour it shows."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from services.projects.plan import rules
from services.projects.plan.schedule import Step, Timing
from shared.chassis.calendar import OutsideCalendar, WorkCalendar
from shared.chassis.days import BadDay
from shared.errors import Forbidden, Problem
from shared.schemas.projects.plan import ForecastIn, MilestoneColour, MilestoneIn

TODAY = dt.date(2026, 11, 23)
DAYS = WorkCalendar().workdays()


def one(key: str, *after: str, days: int = 5) -> MilestoneIn:
    dependencies = [{"key": before} for before in after]
    return MilestoneIn.model_validate(
        {"key": key, "name": key, "unit_code": "ZJJ", "duration_days": days, "dependencies": dependencies}
    )


def pointers(problem: Problem) -> list[tuple[str, str]]:
    return [(error.pointer, error.code) for error in problem.errors]


def refused(check: Callable[..., None], *given: Any) -> tuple[str, str] | None:
    """Where and why a check refuses; None when it does not."""
    try:
        check(*given)
    except Problem as problem:
        return pointers(problem)[0]
    return None


def test_milestones_come_behind_what_they_depend_on() -> None:
    given = [one("c", "b"), one("a"), one("b", "a")]
    assert [milestone.key for milestone in rules.arranged(given)] == ["a", "b", "c"]


def test_every_bad_key_is_pointed_to() -> None:
    with pytest.raises(rules.BadMilestones) as raised:
        rules.arranged([one("a", "x"), one("b", "a", "a"), one("a")])
    assert pointers(raised.value) == [
        ("/milestones/0/dependencies/0/key", "unknown_milestone"),
        ("/milestones/1/dependencies/1/key", "duplicate_key"),
        ("/milestones/2/key", "duplicate_key"),
    ]


def test_a_cycle_is_named_in_the_order_of_work() -> None:
    with pytest.raises(rules.PlanCycle) as raised:
        rules.arranged([one("start"), one("a", "start", "c"), one("b", "a"), one("c", "b")])
    assert raised.value.detail in ("a → b → c → a", "b → c → a → b", "c → a → b → c")
    assert {pointer for pointer, _ in pointers(raised.value)} == {f"/milestones/{n}/dependencies" for n in (1, 2, 3)}
    with pytest.raises(rules.PlanCycle) as alone:
        rules.arranged([one("a", "a")])
    assert alone.value.detail == "a → a"


@pytest.mark.parametrize(
    ("starts_on", "promised_on", "where"),
    [
        (dt.date(2027, 1, 2), dt.date(2027, 1, 1), ("/starts_on", "after_promise")),
        (TODAY, dt.date(2046, 12, 31), None),
        (TODAY, dt.date(2047, 1, 1), ("/promised_on", "too_far")),
        (dt.date(2003, 12, 31), TODAY, ("/starts_on", "outside_calendar")),
        (dt.date(2004, 1, 1), dt.date(2010, 1, 1), None),
    ],
)
def test_the_days_of_a_plan(starts_on: dt.date, promised_on: dt.date, where: tuple[str, str] | None) -> None:
    assert refused(rules.check_frame, starts_on, promised_on, TODAY) == where


def test_a_plan_has_room_in_the_calendar() -> None:
    rules.check_length([Step("a", 2_000, {}), Step("b", 2_000, {"a": 1_000})])
    with pytest.raises(rules.PlanTooLong):
        rules.check_length([Step("a", 2_000, {}), Step("b", 2_000, {"a": 1_001})])
    first_days = [Step("a", 5, {})]
    rules.check_room(first_days, DAYS[4], DAYS)
    with pytest.raises(OutsideCalendar):
        rules.check_room(first_days, DAYS[3], DAYS)


def row(key: str, after: dict[str, int] | None = None, **more: Any) -> dict[str, Any]:
    facts = {"key": key, "name": key, "after": after or {}, "done_on": None, "started_on": None, "unit_code": "ZJJ"}
    return facts | more


def test_work_begins_when_everything_before_it_is_done_and_the_lag_is_over() -> None:
    before = row("a", done_on=dt.date(2026, 11, 20))
    siblings = {"a": before}
    rules.check_begun(row("b", {"a": 0}), siblings, dt.date(2026, 11, 20), "/done_on", DAYS)
    rules.check_begun(row("b", {"a": 2}), siblings, dt.date(2026, 11, 24), "/done_on", DAYS)
    with pytest.raises(BadDay) as early:
        rules.check_begun(row("b", {"a": 2}), siblings, dt.date(2026, 11, 23), "/done_on", DAYS)
    assert pointers(early.value) == [("/done_on", "before_dependency")]
    with pytest.raises(rules.NotYet):
        rules.check_begun(row("b", {"a": 0}), {"a": row("a")}, TODAY, "/done_on", DAYS)


def test_a_replan_asks_nothing_new_of_what_is_done() -> None:
    done = row("b", {"a": 0}, done_on=TODAY)
    rules.check_facts_kept([row("a", done_on=TODAY), done])
    with pytest.raises(rules.NotYet):
        rules.check_facts_kept([row("a"), done])


@pytest.mark.parametrize(
    ("started", "forecast", "where"),
    [
        (None, None, ("/forecast_on", "required")),
        ("2026-11-24", None, ("/started_on", "future_date")),
        (None, "2026-11-22", ("/forecast_on", "past_date")),
        (None, "2047-01-01", ("/forecast_on", "too_far")),
        ("2003-01-01", None, ("/started_on", "outside_calendar")),
        ("2026-11-23", "2026-11-23", None),
    ],
)
def test_what_may_be_reported(started: str | None, forecast: str | None, where: tuple[str, str] | None) -> None:
    given = ForecastIn.model_validate({"started_on": started, "forecast_on": forecast, "note": "现场会"})
    assert refused(rules.check_forecast, given, TODAY) == where


def test_who_reports() -> None:
    rules.check_reporter(True, None, row("a"), None)
    rules.check_reporter(False, "ZJJ", row("a"), None)
    rules.check_reporter(False, "ZB1", row("a"), "taskforce")
    for unit, answers_as in ((None, None), ("CZJ", None), ("CZJ", "department")):
        with pytest.raises(Forbidden):
            rules.check_reporter(False, unit, row("a"), answers_as)


@pytest.mark.parametrize(
    ("finish", "facts", "shown"),
    [
        (100, {}, "green"),
        (101, {}, "yellow"),
        (109, {}, "yellow"),
        (110, {}, "red"),
        (90, {"is_blocked": True}, "yellow"),
        (100, {"now": 100}, "green"),
        (101, {"now": 101}, "red"),
        (150, {"now": 150, "is_done": True, "is_blocked": True}, "green"),
    ],
)
def test_colours(finish: int, facts: dict[str, Any], shown: str) -> None:
    timing = Timing(latest_start=96, due=100, finish=finish, slack=0, critical=True, starts_too_late=False)
    given = {"now": 90, "is_done": False, "is_blocked": False, "red_lag": 10} | facts
    assert rules.colour(timing, **given) == shown


def test_what_should_have_begun_is_yellow_whatever_is_forecast() -> None:
    late = Timing(latest_start=89, due=100, finish=95, slack=0, critical=True, starts_too_late=True)
    assert rules.colour(late, 90, is_done=False, is_blocked=False, red_lag=10) == "yellow"


def test_a_project_is_as_red_as_its_reddest_milestone() -> None:
    colours = list(MilestoneColour)
    assert rules.worst(colours) == "red"
    assert rules.worst(colours[:2]) == "yellow"
