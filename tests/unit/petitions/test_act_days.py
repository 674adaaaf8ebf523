"""How acts of 信访工作条例 move the days of clocks: extensions, hearings, last days, what is done again."""

import datetime as dt
from typing import Any

import pytest

from services.petitions.life import clocks as law
from services.petitions.life.case import Act
from services.petitions.life.rules import apply
from shared.errors import Problem
from shared.schemas.petitions.states import ClockKind as K
from shared.schemas.petitions.states import ClockState, PetitionClass, PetitionState, ReviewOutcome
from shared.schemas.petitions.steps import BodyLevel, PetitionDocument
from tests.support.lives import (
    ACCEPTED,
    ASKED,
    BODY,
    CALENDAR,
    CLAIM,
    EXTENDED,
    GOVERNMENT,
    HEARING,
    OBJECTED,
    OFFICE,
    OTHER,
    REVIEW_TOLD,
    SENT,
    SIMPLE,
    TOLD,
    act,
    day,
    life,
)

S = PetitionState
Acts = tuple[Act, ...]
SUGGESTED: dict[str, Any] = {"petition_class": PetitionClass.suggestion}


def test_an_extension_moves_the_day_by_its_days() -> None:
    """Art. 34: 2026-03-10 + 60 is the worked Saturday 05-09; + 90 is 06-08."""
    (before,), (after,) = ([c for c in life(*acts).clocks if c.kind is K.handle] for acts in (ASKED, EXTENDED))
    assert law.due(before, CALENDAR) == day("05-09")
    assert law.due(after, CALENDAR) == day("06-08")


@pytest.mark.parametrize(
    ("ended", "due_on"),
    [
        ("06-01", "06-22"),  # 05-20 + 30 = 06-19; a hearing of one day makes it 06-20, a Saturday of Dragon Boat
        ("06-03", "06-22"),  # three days: 06-22, a Monday
        ("06-10", "06-29"),  # ten days
    ],
)
def test_the_time_of_a_hearing_is_not_counted(ended: str, due_on: str) -> None:
    """Art. 36: first and last day of the hearing included."""
    (clock,) = (c for c in life(*HEARING, act("end_hearing", ended)).clocks if c.kind is K.re_review)
    assert clock.state is ClockState.running
    assert law.due(clock, CALENDAR) == day(due_on)


def test_a_day_of_two_hearings_is_left_out_once() -> None:
    heard = life(*HEARING, act("end_hearing", "06-01"))
    with pytest.raises(Problem):
        apply(heard, act("begin_hearing", "06-01"), CALENDAR)
    assert apply(heard, act("begin_hearing", "06-02"), CALENDAR).hearing_since == day("06-02")


def test_any_other_paper_is_delivered_and_starts_nothing() -> None:
    before = life(*ACCEPTED)
    after = apply(before, act("deliver", "03-11", document=PetitionDocument.acceptance_notice), CALENDAR)
    assert after.clocks == before.clocks
    assert after.delivered_on is None


def test_a_review_goes_no_lower_than_the_one_before() -> None:
    """Art. 36: a decision of the city is reviewed by the city or the province."""
    asked = (*TOLD, act("request_review", "04-20", unit=OFFICE, to_level=BodyLevel.city))
    told = (*asked, act("decide_review", "05-06", outcome=ReviewOutcome.change), act("deliver", "05-08"))
    with pytest.raises(Problem):
        apply(life(*told), act("request_review", "05-20", unit=OFFICE, to_unit=OTHER), CALENDAR)
    above = act("request_review", "05-20", unit=OFFICE, to_level=BodyLevel.province)
    assert apply(life(*told), above, CALENDAR).state is S.re_review_requested


def test_what_is_done_again_may_be_extended_again_and_reviewed_again() -> None:
    """Arts. 34, 35: after 撤销重办 a new handling begins, on 2026-05-06."""
    again = life(
        *EXTENDED,
        act("issue_opinion", "04-28", unit=BODY),
        act("deliver", "04-29"),
        act("request_review", "05-04", unit=OFFICE, to_unit=GOVERNMENT),
        act("decide_review", "05-06", unit=GOVERNMENT, outcome=ReviewOutcome.redo),
        act("request_extension", "05-08", "clerk", unit=BODY, days=10),
        act("approve_extension", "05-09", "head", unit=BODY, told_on=day("05-09")),
    )
    (clock,) = (c for c in again.clocks if c.is_open)
    assert again.body == BODY
    assert law.internal_due(clock, CALENDAR) == day("05-06") + dt.timedelta(days=70)
    assert again.opinion_on is None


def test_who_was_late_is_not_saved_by_a_return_a_conversion_or_a_withdrawal() -> None:
    """Arts. 43–46: the term that was missed stays missed."""
    late_return = life(*OBJECTED, act("consent_to_return", "03-20", unit=OFFICE))
    late_convert = life(*SIMPLE, act("convert_to_normal", "03-30", unit=BODY))
    late_withdrawal = life(*ACCEPTED, act("withdraw", "05-12"))
    for case, kind in ((late_return, K.acceptance), (late_convert, K.simple), (late_withdrawal, K.handle)):
        (clock,) = (c for c in case.clocks if c.kind is kind)
        assert law.shown_state(clock, law.due(clock, CALENDAR), day("06-01")) is ClockState.missed


def test_a_class_given_anew_leaves_the_old_route_behind() -> None:
    """Art. 31 is about claims; registered as one, the body finds a suggestion."""
    registered = act("register", "03-02", unit=OFFICE, **CLAIM)
    sent = life(registered, act("forward", "03-04", unit=OFFICE, to_unit=BODY))
    accepted = apply(sent, act("accept", "03-10", unit=BODY, **SUGGESTED), CALENDAR)
    assert (accepted.petition_class, accepted.legal_route) == (PetitionClass.suggestion, None)
    assert not [c for c in accepted.clocks if c.is_open]


@pytest.mark.parametrize(
    ("acts", "last"),
    [
        (SENT, act("object", "03-11", unit=BODY)),  # five working days after 03-04
        (ACCEPTED, act("request_extension", "05-09", unit=BODY, days=5)),  # 03-10 + 60, a worked Saturday
        (ASKED, act("approve_extension", "05-09", "head", unit=BODY, told_on=day("05-09"))),
        (TOLD, act("request_review", "05-11", unit=OFFICE, to_unit=GOVERNMENT)),  # 05-10 is a Sunday
        (REVIEW_TOLD, act("request_review", "06-08", unit=OFFICE, to_level=BodyLevel.city)),  # 06-07 is a Sunday
        (TOLD, act("lapse", "05-12")),
    ],
)
def test_the_last_day_is_still_in_time(acts: Acts, last: Act) -> None:
    """Civil Code 203: until the end of the day, which is the next working day's after a rest day."""
    assert apply(life(*acts), last, CALENDAR).acts == len(acts) + 1


def test_a_comment_of_a_later_day_stands_in_no_acts_way() -> None:
    said = life(*SENT, act("comment", "03-20"), act("accept", "03-10", unit=BODY, **CLAIM))
    assert said.accepted_on == day("03-10")
