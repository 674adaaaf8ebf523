"""The draw of inspections: within its places, repeatable, and hardest on whom nobody can believe."""

import datetime as dt
import hashlib
from collections import Counter
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.projects.progress.draws.rules import (
    LONGEST_DAYS,
    Candidate,
    NotDrawable,
    candidate,
    inputs_sha256,
    pick,
    week,
)

MONDAY = dt.date(2026, 11, 30)
SCORES = st.none() | st.decimals(0, 1, places=4)
LASTS = st.none() | st.integers(-3, 400).map(lambda back: MONDAY - dt.timedelta(days=back))
CANDIDATES = st.lists(st.tuples(LASTS, SCORES), max_size=15).map(
    lambda told: [one(str(n), last=last, score=score) for n, (last, score) in enumerate(told)]
)


def one(name: str, *, last: dt.date | None = None, score: Decimal | str | None = None) -> Candidate:
    known = None if score is None else Decimal(score).quantize(Decimal("0.0001"))
    return candidate(name, f"code-{name}", last=last, reliability=known, week_starting=MONDAY)


@given(CANDIDATES, st.integers(0, 20), st.text("0123456789abcdef", min_size=32, max_size=32))
def test_a_draw_fills_its_places_once_each_and_repeats(candidates: list[Candidate], places: int, seed: str) -> None:
    picked = pick(seed, candidates, places)
    assert len(picked) == len(set(picked)) == min(places, len(candidates))
    assert set(picked) <= {c.project_id for c in candidates}
    assert pick(seed, list(reversed(candidates)), places) == picked
    assert picked[:1] == pick(seed, candidates, min(places, 1))


@given(LASTS, SCORES)
def test_weights_are_whole_and_never_nothing(last: dt.date | None, score: Decimal | None) -> None:
    ticket = one("a", last=last, score=score)
    assert 1 <= ticket.days <= LONGEST_DAYS
    assert ticket.days * 1000 <= ticket.weight <= ticket.days * 5000


@pytest.mark.parametrize(
    ("last", "score", "days", "weight"),
    [
        (None, None, 90, 90 * 3000),
        (dt.date(2026, 11, 20), "1", 10, 10 * 1000),
        (dt.date(2026, 11, 20), "0", 10, 10 * 5000),
        (dt.date(2026, 11, 20), "0.7509", 10, 10 * 2000),
        (dt.date(2020, 1, 1), "0.5", 90, 90 * 3000),
    ],
)
def test_the_formula(last: dt.date | None, score: str | None, days: int, weight: int) -> None:
    ticket = one("a", last=last, score=score)
    assert (ticket.days, ticket.weight) == (days, weight)


def test_over_many_seeds_the_unreliable_are_drawn_in_proportion_to_their_weight() -> None:
    day = MONDAY - dt.timedelta(days=30)
    field = [one(f"good-{n}", last=day, score="1") for n in range(5)] + [one("bad", last=day, score="0")]
    first = Counter(pick(str(seed), field, 1)[0] for seed in range(4_000))
    share = first["bad"] / 4_000
    assert abs(share - 0.5) < 0.04, share  # 5 of 10 parts; five standard deviations
    assert all(abs(first[f"good-{n}"] / 4_000 - 0.1) < 0.025 for n in range(5))


def test_over_many_seeds_the_long_unseen_are_drawn_more_often() -> None:
    recent, long_ago = (one(name, last=MONDAY - dt.timedelta(days=d)) for name, d in (("recent", 5), ("long", 45)))
    first = Counter(pick(str(seed), [recent, long_ago], 1)[0] for seed in range(2_000))
    assert abs(first["long"] / 2_000 - 0.9) < 0.04


def test_anyone_can_repeat_it_by_hand() -> None:
    candidates = [Candidate("a", "1", 1, None, 3), Candidate("b", "2", 1, None, 5), Candidate("c", "3", 1, None, 2)]
    number = int(hashlib.sha256(b"feed:0").hexdigest(), 16) % 10
    expected = "a" if number < 3 else "b" if number < 8 else "c"
    assert pick("feed", candidates, 1) == [expected]


def test_the_digest_seals_every_input() -> None:
    first, second = one("a"), one("b", score="0.5")
    sealed = inputs_sha256(MONDAY, 2, [first, second])
    assert sealed == inputs_sha256(MONDAY, 2, [second, first])
    others = [
        inputs_sha256(MONDAY, 3, [first, second]),
        inputs_sha256(MONDAY + dt.timedelta(days=7), 2, [first, second]),
        inputs_sha256(MONDAY, 2, [first, one("b", score="0.6")]),
        inputs_sha256(MONDAY, 2, [first]),
    ]
    assert len({sealed, *others}) == 5


def test_this_week_and_the_next_can_be_drawn() -> None:
    sunday = dt.date(2026, 11, 29)
    assert week(None, sunday) == MONDAY
    assert week(dt.date(2026, 11, 23), sunday) == dt.date(2026, 11, 23)
    for day in (dt.date(2026, 11, 16), dt.date(2026, 12, 7), dt.date(2026, 12, 1)):
        with pytest.raises(NotDrawable):
            week(day, sunday)
