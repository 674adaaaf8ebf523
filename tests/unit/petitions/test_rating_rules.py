"""满意度评价: what is rated, which acts open the window, its last day, and once."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.petitions.life.case import Act
from services.petitions.ratings import rules
from shared.errors import Invalid
from shared.schemas.petitions.ratings import Rating, RatingExclusion, RatingState
from shared.schemas.petitions.states import ActKind, PetitionState
from shared.schemas.petitions.steps import PetitionDocument

DAY = dt.date(2026, 11, 23)
FIRST: dict[str, Any] = {
    "is_sealed": False,
    "legal_route": 6,
    "is_litigation": False,
    "merged_into": None,
    "repeat_of": None,
}
OPEN: dict[str, Any] = {"rated_on": None, "window_ends_on": DAY, "rated_body_code": "ZJJ"}


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({}, None),
        ({"legal_route": None}, None),
        ({"is_sealed": True}, RatingExclusion.accusation),
        *(({"legal_route": route}, RatingExclusion.legal_route) for route in range(1, 6)),
        ({"is_litigation": True}, RatingExclusion.litigation),
        ({"merged_into": "another"}, RatingExclusion.merged),
        ({"repeat_of": "another"}, RatingExclusion.repeat),
    ],
)
def test_first_registrations_without_another_legal_route_are_rated(
    facts: dict[str, Any], why: RatingExclusion | None
) -> None:
    assert rules.exclusion(FIRST | facts) is why
    if why is not None:
        with pytest.raises(rules.NotOpenToRating):
            rules.check(FIRST | facts, OPEN, DAY)


@pytest.mark.parametrize("kind", ActKind)
def test_only_a_reply_and_its_delivery_open_the_window(kind: ActKind) -> None:
    state = PetitionState.reviewed
    replies = {ActKind.issue_opinion, ActKind.answer, ActKind.settle}
    assert rules.opens(Act(kind, DAY, "clerk"), state) == (kind in replies)


@pytest.mark.parametrize("paper", [None, *PetitionDocument])
def test_the_delivery_of_a_review_decision_opens_nothing(paper: PetitionDocument | None) -> None:
    act = Act(ActKind.deliver, DAY, "clerk", document=paper)
    is_reply = paper in (PetitionDocument.opinion, PetitionDocument.answer, PetitionDocument.agreement)
    assert rules.opens(act, PetitionState.reviewed) == is_reply
    assert rules.opens(act, PetitionState.opinion_issued) == (is_reply or paper is None)


@given(st.integers(1, 365), st.integers(-400, 400))
def test_the_last_day_is_still_in_time(days: int, after: int) -> None:
    until = rules.last_day(DAY, days)
    assert (until - DAY).days == days
    on = DAY + dt.timedelta(days=after)
    rating = OPEN | {"window_ends_on": until}
    assert (rules.state(FIRST, rating, on) is RatingState.overdue) == (on > until)
    if on > until:
        with pytest.raises(rules.WindowClosed):
            rules.check(FIRST, rating, on)
    else:
        rules.check(FIRST, rating, on)


def test_before_the_reply_and_after_a_rating_there_is_none() -> None:
    with pytest.raises(rules.NotReplied):
        rules.check(FIRST, None, DAY)
    rated = OPEN | {"rated_on": DAY}
    with pytest.raises(rules.AlreadyRated):
        rules.check(FIRST, rated, DAY)
    later = DAY + dt.timedelta(days=999)
    assert rules.state(FIRST | {"repeat_of": "another"}, rated, later) is RatingState.rated
    assert rules.state(FIRST, None, DAY) is RatingState.not_replied


def test_the_body_is_rated_where_there_is_one() -> None:
    rules.check_body(OPEN, Rating.satisfied)
    rules.check_body(OPEN | {"rated_body_code": None}, None)
    for rating, given_rating in ((OPEN, None), (OPEN | {"rated_body_code": None}, Rating.satisfied)):
        with pytest.raises(Invalid) as refused:
            rules.check_body(rating, given_rating)
        assert refused.value.errors[0].pointer == "/body_rating"
    reviewed = {"standing": {"opinion_by": "ZJJ"}, "body_unit_code": "XZF"}
    assert rules.rated_body(reviewed) == "ZJJ"
