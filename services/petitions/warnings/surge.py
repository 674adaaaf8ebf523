"""Does so much come as never before? A count beside its own history, with the probability of it. Pure.

The history is taken for a Poisson rate that changes slowly: each earlier window weighs 0.7 of the one after it (an EWMA
with weight 0.3). Weighted counts and windows are the gamma posterior of the rate, from Jeffreys' prior of half a case,
and the next count is then negative binomial. So a short or thin history makes wide bounds, where a plain Poisson tail
around the mean would raise an alarm at the second letter.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

SMOOTHING = 0.3
PRIOR_CASES = 0.5
LEAST_P = 1e-6
"""Smaller ones are not told apart."""


@dataclass(frozen=True, slots=True)
class Surge:
    observed: int
    expected: float
    p_value: float


def measure(history: Sequence[int], observed: int) -> Surge:
    """The last window beside those before it, one at least, the oldest first."""
    cases, windows = PRIOR_CASES, 0.0
    for age, count in enumerate(reversed(history)):
        weight = (1 - SMOOTHING) ** age
        cases, windows = cases + weight * count, windows + weight
    return Surge(observed, cases / windows, tail(cases, windows, observed))


def tail(cases: float, windows: float, observed: int) -> float:
    """P(count >= observed) of the negative binomial of `cases` in `windows`: the next window's count.

    Summed from the side that is smaller, so that a small probability keeps its digits.
    """
    if observed <= 0:
        return 1.0
    if observed <= cases / windows:
        return max(0.0, 1.0 - sum(_mass(cases, windows, count) for count in range(observed)))
    whole, count = 0.0, observed
    while (mass := _mass(cases, windows, count)) > whole * 1e-12:
        whole, count = whole + mass, count + 1
    return min(whole, 1.0)


def _mass(cases: float, windows: float, count: int) -> float:
    choose = math.lgamma(cases + count) - math.lgamma(cases) - math.lgamma(count + 1)
    return math.exp(choose + cases * math.log(windows / (windows + 1)) - count * math.log(windows + 1))


def strength(found: Surge, threshold: float, least: int) -> float:
    """0 where it is no surge, 2/3 where it just is one, 1 where it is a thousand times less likely than that."""
    if found.observed < least or found.p_value >= threshold:
        return 0.0
    beyond = math.log10(threshold / max(found.p_value, LEAST_P)) / 3
    return min(1.0, 2 / 3 + beyond / 3)
