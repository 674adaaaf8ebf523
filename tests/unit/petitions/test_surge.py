"""The statistic of a surge, and what a warning is made of."""

import math
import random
from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.petitions.thresholds import THRESHOLDS
from services.petitions.warnings import rules, surge
from services.petitions.warnings.rules import Settings, Signs, Window
from shared.schemas.petitions.warnings import WarningFactor, WarningGrade, WarningTrend

THRESHOLD, LEAST = 0.01, 3
HISTORY = st.lists(st.integers(0, 60), min_size=4, max_size=30)
SETTINGS = Settings()


@given(cases=st.floats(0.5, 200), windows=st.floats(1, 5), observed=st.integers(0, 80))
def test_the_tail_is_that_of_the_distribution(cases: float, windows: float, observed: int) -> None:
    """Beside the sum over the other side, done in the plainest way."""
    below, mass = 0.0, (windows / (windows + 1)) ** cases
    for count in range(observed):
        below += mass
        mass *= (cases + count) / (count + 1) / (windows + 1)
    assert surge.tail(cases, windows, observed) == pytest.approx(1 - below, abs=1e-9)


@given(history=HISTORY, observed=st.integers(0, 200))
def test_more_is_never_likelier(history: list[int], observed: int) -> None:
    found, more = surge.measure(history, observed), surge.measure(history, observed + 1)
    assert 0 <= more.p_value <= found.p_value <= 1
    assert surge.strength(more, THRESHOLD, LEAST) >= surge.strength(found, THRESHOLD, LEAST)


@given(history=HISTORY, observed=st.integers(0, 200), place=st.integers(0, 29))
def test_more_before_makes_it_likelier(history: list[int], observed: int, place: int) -> None:
    busier = [*history]
    busier[place % len(history)] += 1
    assert surge.measure(busier, observed).p_value >= surge.measure(history, observed).p_value - 1e-12


@given(rate=st.integers(0, 60), windows=st.integers(4, 30))
def test_a_constant_rate_is_no_surge(rate: int, windows: int) -> None:
    assert surge.strength(surge.measure([rate] * windows, rate), THRESHOLD, LEAST) == 0


@given(history=HISTORY, observed=st.integers(0, LEAST - 1))
def test_a_few_are_no_surge(history: list[int], observed: int) -> None:
    assert surge.strength(surge.measure(history, observed), THRESHOLD, LEAST) == 0


def test_false_alarms_are_as_rare_as_stated() -> None:
    """Rates that do not change, of all sizes: an alarm in at most one of a hundred windows, a doubling is seen."""
    draw = random.Random(20261123)

    def poisson(rate: float) -> int:
        count, product = 0, draw.random()
        while product > math.exp(-rate):
            count, product = count + 1, product * draw.random()
        return count

    for rate in (0.1, 0.5, 1, 3, 10, 30):
        alarms = sum(
            surge.strength(surge.measure([poisson(rate) for _ in range(12)], poisson(rate)), THRESHOLD, LEAST) > 0
            for _ in range(2000)
        )
        print(f"{rate} cases a window: {alarms / 20:.1f} % false alarms")
        assert alarms <= 0.015 * 2000
    seen = sum(
        surge.strength(surge.measure([poisson(10) for _ in range(12)], 25), THRESHOLD, LEAST) > 0 for _ in range(500)
    )
    assert seen >= 0.9 * 500


def signs(*windows: Window, promises: int = 0, clocks: int = 0) -> Signs:
    return Signs("紫薇花园", dict(enumerate(windows)), promises=promises, clocks=clocks)


def test_nothing_is_no_warning() -> None:
    assessed = rules.assess(signs(), SETTINGS)
    assert (assessed.score, assessed.grade, assessed.factors) == (0, None, ())


@pytest.mark.parametrize(
    ("found", "factor", "grade"),
    [
        (signs(Window(cases=3)), WarningFactor.surge, WarningGrade.notice),
        (signs(*[Window(cases=3, repeats=3)] * 13), WarningFactor.repeats, WarningGrade.notice),
        (signs(Window(cases=1, group=120)), WarningFactor.groups, WarningGrade.notice),
        (signs(Window(cases=1, level=3)), WarningFactor.levels, WarningGrade.notice),
        (signs(promises=3), WarningFactor.promises, None),
        (signs(clocks=5), WarningFactor.clocks, None),
        (signs(clocks=5, promises=3), WarningFactor.clocks, WarningGrade.notice),
        (
            signs(Window(cases=30, repeats=30, group=150, level=3), clocks=5, promises=3),
            WarningFactor.surge,
            WarningGrade.severe,
        ),
    ],
)
def test_each_sign_weighs_as_the_county_says(found: Signs, factor: WarningFactor, grade: WarningGrade | None) -> None:
    assessed = rules.assess(found, SETTINGS)
    assert factor in {one.factor for one in assessed.factors}
    assert assessed.grade is grade
    assert all(one.reason for one in assessed.factors)
    assert sum(one.points for one in assessed.factors) == assessed.score <= 100


def test_a_level_counts_more_while_it_climbs() -> None:
    climbs = rules.assess(signs(Window(cases=1, level=3), Window(cases=1, level=1)), SETTINGS)
    stays = rules.assess(signs(Window(cases=1, level=3), Window(cases=1, level=3)), SETTINGS)
    assert climbs.score > stays.score
    assert (climbs.trend, stays.trend) == (WarningTrend.rising, WarningTrend.steady)


@given(
    st.builds(
        Window, cases=st.integers(0, 200), repeats=st.integers(0, 5), group=st.integers(0, 500), level=st.integers(0, 3)
    ),
    st.integers(0, 50),
)
def test_a_score_is_within_its_bounds(window: Window, late: int) -> None:
    window.repeats = min(window.repeats, window.cases)
    assessed = rules.assess(signs(window, clocks=late, promises=late), SETTINGS)
    assert 0 <= assessed.score <= 100
    assert (assessed.grade is None) == (assessed.score < SETTINGS.notice_at)


def test_who_acts_is_who_has_most() -> None:
    found = signs()
    found.units = {("RSJ", "人社局"): 2, ("ZJJ", "住建局"): 3, ("AJJ", "应急局"): 3}
    assert found.unit == ("AJJ", "应急局")
    assert signs().unit is None


def test_weights_are_shares_and_thresholds_have_our_defaults() -> None:
    assert SETTINGS.weights == 100
    doubled = Settings(**{f"weight_{one}": 2 * getattr(SETTINGS, f"weight_{one}") for one in WarningFactor})
    found = signs(Window(cases=30, repeats=30, group=150, level=3), clocks=5, promises=3)
    assert rules.assess(found, doubled).score == rules.assess(found, SETTINGS).score
    for one in fields(Settings):
        assert THRESHOLDS[f"warning_{one.name}"].default == one.default
