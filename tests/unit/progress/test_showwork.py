"""Counters of show-work: each is a run that reaches up to now."""

import datetime as dt
from decimal import Decimal

from services.projects.progress.signals.showwork import Claim, Counter, counters
from services.projects.progress.signals.truth import Signal
from services.projects.thresholds import THRESHOLDS
from shared.schemas.projects.signals import ShowWorkKind as W
from shared.schemas.projects.signals import SignalKind as K

TODAY = dt.date(2026, 11, 23)
OURS = {name: known.default for name, known in THRESHOLDS.items()}


def ago(days: int) -> dt.date:
    return TODAY - dt.timedelta(days=days)


def claim(
    weeks: int, pct: str | None, drawn: int | None = None, *, unit: str = "QY", planned: int | None = None
) -> Claim:
    return Claim(ago(7 * weeks), unit, Decimal(pct) if pct else None, None, drawn, planned)


def power(*values: int, gap_before: int | None = None) -> list[Signal]:
    """One a day up to yesterday, the last value yesterday; days before `gap_before` are one day earlier."""
    days = [ago(len(values) - index + (gap_before is not None and index < gap_before)) for index in range(len(values))]
    return [Signal(K.electricity, value, day, "GDJ") for value, day in zip(values, days, strict=True)]


def found(claims: list[Claim] | None = None, signals: list[Signal] | None = None) -> list[Counter]:
    return counters(claims or [], signals or [], OURS)


def test_money_drawn_while_progress_stands_still() -> None:
    flat = [claim(4, "30", 100), claim(3, "42", 200), claim(2, "42", 300), claim(0, "42", 900)]
    assert found(flat) == [Counter(W.progress_flat_while_money_drawn, 3, ago(21))]
    assert found([claim(2, "42", 300), claim(1, "42", 300)]) == []
    assert found([claim(2, "42", 300), claim(1, "43", 900)]) == []
    assert found([claim(2, "42", 300), claim(1, "42", None)]) == []


def test_two_units_are_not_mixed_up() -> None:
    assert found([claim(2, "42", 300), claim(1, "42", 900, unit="ZB")]) == []


def test_identical_reports() -> None:
    same = [claim(3, "40"), claim(2, "42"), claim(1, "42"), claim(0, "42")]
    assert found(same) == [Counter(W.identical_reports, 3, ago(14))]
    assert found(same[:3]) == []


def test_days_of_low_power_in_a_row() -> None:
    assert found(signals=power(900, 10, 12, 0)) == [Counter(W.low_electricity_days, 3, ago(3))]
    assert found(signals=power(10, 12, 900)) == []
    assert found(signals=power(10, 900, 12)) == []


def test_a_day_nobody_reported_is_not_a_day_of_low_power() -> None:
    assert found(signals=power(10, 11, 12, gap_before=1)) == [Counter(W.low_electricity_days, 2, ago(2))]


def test_two_meters_add_up() -> None:
    second = [Signal(K.electricity, 60, ago(1), "GDJ2"), Signal(K.electricity, 60, ago(2), "GDJ2")]
    assert found(signals=power(10, 11) + second) == []


def test_the_same_figure_day_after_day() -> None:
    assert found(signals=power(900, 900, 900, 900)) == [Counter(W.identical_signals, 4, ago(4), K.electricity)]
    assert found(signals=power(900, 900, 900)) == []
    cranes = [Signal(K.cranes, 2, ago(day), "ZJJ") for day in range(9)]
    assert found(signals=cranes) == []


def test_far_fewer_workers_than_planned() -> None:
    workers = [Signal(K.workers_on_site, value, ago(back), "ZJJ") for value, back in ((60, 3), (49, 2), (20, 1))]
    assert found([claim(1, "42", planned=100)], workers) == [
        Counter(W.workers_far_below_plan, 2, ago(2), K.workers_on_site)
    ]
    assert found([claim(1, "42", planned=40)], workers) == []
    assert found([claim(1, "42")], workers) == []
