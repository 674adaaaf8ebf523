"""Votes: what they add up to, and which option they carry."""

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.projects.problems.decisions import rules
from services.projects.problems.decisions.rules import NotCarried, NotOpen
from shared.errors import Invalid
from shared.schemas.projects.decisions import DecisionState

KEYS = "ABC"
DAY = dt.date(2026, 11, 23)
votes_of = st.lists(
    st.one_of(
        st.fixed_dictionaries({"choice": st.sampled_from(["for", "against"]), "option": st.sampled_from(KEYS)}),
        st.just({"choice": "abstain", "option": None}),
    ),
    max_size=15,
)


@given(votes_of)
def test_every_vote_counts_once(votes: list[dict[str, Any]]) -> None:
    found = rules.tally(KEYS, votes)
    total = sum(found.votes_for.values()) + sum(found.votes_against.values()) + found.abstentions
    assert total == len(votes)
    assert set(found.votes_for) == set(found.votes_against) == set(KEYS)


@given(votes_of, st.randoms())
def test_what_is_carried_depends_on_votes_and_not_on_their_order(votes: list[dict[str, Any]], random: Any) -> None:
    def carried(cast: list[dict[str, Any]]) -> set[str]:
        found, out = rules.tally(KEYS, cast), set()
        for key in KEYS:
            try:
                rules.check_carried(found, key)
            except NotCarried:
                continue
            out.add(key)
        return out

    shuffled = list(votes)
    random.shuffle(shuffled)
    assert carried(shuffled) == carried(votes)
    found = rules.tally(KEYS, votes)
    for key in carried(votes):
        assert found.votes_for[key] > found.votes_against[key]
        assert found.votes_for[key] == max(found.votes_for.values())
        more = [*votes, {"choice": "for", "option": key}]
        assert key in carried(more), "one more in favour never loses it"
    assert carried(votes) == carried([*votes, {"choice": "abstain", "option": None}])


def test_a_tie_is_the_chairs_and_silence_carries_nothing() -> None:
    tie = rules.tally(KEYS, [{"choice": "for", "option": key} for key in "AB"])
    rules.check_carried(tie, "A")
    rules.check_carried(tie, "B")
    with pytest.raises(NotCarried):
        rules.check_carried(tie, "C")
    with pytest.raises(NotCarried):
        rules.check_carried(rules.tally(KEYS, []), "A")
    against = rules.tally(KEYS, [{"choice": choice, "option": "A"} for choice in ("for", "against")])
    with pytest.raises(NotCarried):
        rules.check_carried(against, "A")


def test_options_are_lettered_in_order_and_an_unknown_one_is_refused() -> None:
    options = rules.lettered([{"title": "同意"}, {"title": "不同意"}])
    assert [option["key"] for option in options] == ["A", "B"]
    rules.check_option(options, "B")
    with pytest.raises(Invalid):
        rules.check_option(options, "C")


@pytest.mark.parametrize("state", [DecisionState.decided, DecisionState.withdrawn])
def test_what_is_closed_stays_closed(state: DecisionState) -> None:
    rules.check_open(DecisionState.open)
    with pytest.raises(NotOpen):
        rules.check_open(state)


def test_days_of_a_decision() -> None:
    day = dt.timedelta(days=1)
    tasks = [SimpleNamespace(due_on=DAY), SimpleNamespace(due_on=DAY - day)]
    with pytest.raises(Invalid) as refused:
        rules.check_due(tasks, DAY)
    assert [error.pointer for error in refused.value.errors] == ["/tasks/1/due_on"]
