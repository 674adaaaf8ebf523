"""Every act of 信访工作条例 as the text has it: which clocks it starts and stops, and what it is refused for."""

import datetime as dt
from typing import Any

import pytest

from services.petitions.life import clocks as law
from services.petitions.life.case import Act
from services.petitions.life.rules import apply
from shared.errors import Problem
from shared.schemas.petitions.states import ClockKind as K
from shared.schemas.petitions.states import ClockState, LegalRoute, PetitionClass, PetitionState, ReviewOutcome
from shared.schemas.petitions.steps import BodyLevel, PetitionDocument, RejectReason
from tests.support.lives import (
    ACCEPTED,
    ASKED,
    BODY,
    CALENDAR,
    CLAIM,
    DIRECT,
    ENDED,
    EXTENDED,
    GOVERNMENT,
    HEARING,
    OBJECTED,
    OFFICE,
    OPINION,
    OTHER,
    RE_REVIEW,
    RE_REVIEWED,
    REGISTERED,
    RETURNED,
    REVIEW,
    REVIEW_TOLD,
    REVIEWED,
    SENT,
    SIMPLE,
    SUGGESTION,
    TOLD,
    act,
    day,
    life,
)

S = PetitionState
Acts = tuple[Act, ...]
SUGGESTED: dict[str, Any] = {"petition_class": PetitionClass.suggestion}

# article, the acts, the state after them, what runs since when
LIVES: list[tuple[str, Acts, PetitionState, dict[K, str]]] = [
    ("art. 22: registered, to be routed", REGISTERED, S.registered, {K.route: "03-02"}),
    (
        "art. 23: sent, the body's three terms begin",
        SENT,
        S.forwarded,
        {K.notify: "03-04", K.acceptance: "03-04", K.objection: "03-04"},
    ),
    (
        "art. 22: assigned is sent, with a result to be reported",
        (*REGISTERED, act("assign", "03-04", unit=OFFICE, to_unit=BODY)),
        S.forwarded,
        {K.notify: "03-04", K.acceptance: "03-04", K.objection: "03-04"},
    ),
    (
        "art. 23: handed to the body itself, nobody to object to",
        DIRECT,
        S.forwarded,
        {K.notify: "03-02", K.acceptance: "03-02"},
    ),
    (
        "art. 23: name or address unclear, nobody to tell",
        (act("register", "03-02", unit=BODY, to_unit=BODY, cannot_be_told=True),),
        S.forwarded,
        {K.acceptance: "03-02"},
    ),
    (
        "art. 23: terms run from receipt",
        (*SENT, act("receive", "03-06", unit=BODY)),
        S.forwarded,
        {K.notify: "03-06", K.acceptance: "03-06", K.objection: "03-06"},
    ),
    (
        "art. 23: who signs late gains a week at most",
        (*SENT, act("receive", "03-18", unit=BODY)),
        S.forwarded,
        {K.notify: "03-11", K.acceptance: "03-11", K.objection: "03-11"},
    ),
    (
        "art. 23: told where it went",
        (*SENT, act("notify", "03-06", unit=BODY)),
        S.forwarded,
        {K.acceptance: "03-04", K.objection: "03-04"},
    ),
    ("art. 23: an objection stops no term", OBJECTED, S.forwarded, {K.notify: "03-04", K.acceptance: "03-04"}),
    ("art. 23: returned with the sender's consent", RETURNED, S.returned, {K.route: "03-09"}),
    (
        "art. 23: refused, the body's terms go on",
        (*OBJECTED, act("refuse_return", "03-09", unit=OFFICE)),
        S.forwarded,
        {K.notify: "03-04", K.acceptance: "03-04"},
    ),
    (
        "art. 22: sent again after a return",
        (*RETURNED, act("forward", "03-11", unit=OFFICE, to_unit=OTHER)),
        S.forwarded,
        {K.notify: "03-11", K.acceptance: "03-11", K.objection: "03-11"},
    ),
    (
        "art. 23: received directly, handed on to who is competent",
        (*DIRECT, act("forward", "03-05", unit=BODY, to_unit=OTHER)),
        S.forwarded,
        {K.notify: "03-05", K.acceptance: "03-05", K.objection: "03-05"},
    ),
    ("art. 34: sixty days from acceptance", ACCEPTED, S.accepted, {K.handle: "03-10"}),
    ("trial rule: ten working days from acceptance", SIMPLE, S.accepted, {K.simple: "03-10"}),
    (
        "trial rule: converted, from the first acceptance",
        (*SIMPLE, act("convert_to_normal", "03-16", unit=BODY)),
        S.accepted,
        {K.handle: "03-10"},
    ),
    ("art. 29: a suggestion has no sixty days", SUGGESTION, S.accepted, {}),
    (
        "art. 30: an accusation has no sixty days",
        (*SENT, act("accept", "03-10", unit=BODY, petition_class=PetitionClass.accusation)),
        S.accepted,
        {},
    ),
    ("art. 29: answered", (*SUGGESTION, act("answer", "03-20", unit=BODY)), S.answered, {}),
    (
        "art. 29: the office answers a suggestion itself",
        (*REGISTERED, act("answer", "03-05", unit=OFFICE, **SUGGESTED)),
        S.answered,
        {},
    ),
    (
        "art. 19: in time at a lower body",
        (*REGISTERED, act("reject", "03-05", reason=RejectReason.in_time_limit)),
        S.rejected,
        {},
    ),
    (
        "art. 36: no longer accepted",
        (*SENT, act("reject", "03-05", unit=BODY, reason=RejectReason.ended)),
        S.rejected,
        {},
    ),
    (
        "art. 31 (1): to the courts",
        (*SENT, act("route_to_legal_channel", "03-05", unit=BODY, legal_route=LegalRoute.court)),
        S.routed_to_legal_channel,
        {},
    ),
    (
        "art. 31 (4): by the office",
        (*REGISTERED, act("route_to_legal_channel", "03-05", legal_route=LegalRoute.administrative)),
        S.routed_to_legal_channel,
        {},
    ),
    ("art. 34: asked for, not yet granted", ASKED, S.accepted, {K.handle: "03-10"}),
    ("art. 34: extended once", EXTENDED, S.accepted, {K.handle: "03-10"}),
    ("art. 32: written, not yet delivered: no window", OPINION, S.opinion_issued, {}),
    ("art. 35: the window begins with the delivery", TOLD, S.opinion_issued, {K.review_request: "04-10"}),
    ("art. 35: thirty days from the request", REVIEW, S.review_requested, {K.review: "04-20"}),
    ("art. 35: decided, not yet delivered", REVIEWED, S.reviewed, {}),
    ("art. 36: the second window", REVIEW_TOLD, S.reviewed, {K.re_review_request: "05-08"}),
    ("art. 36: thirty days from the request", RE_REVIEW, S.re_review_requested, {K.re_review: "05-20"}),
    ("art. 36: a hearing: the term waits", HEARING, S.re_review_requested, {K.re_review: "05-20"}),
    ("art. 36: decided", RE_REVIEWED, S.re_reviewed, {}),
    ("art. 36: ended", ENDED, S.terminated, {}),
    ("prefecture rule: not asked for in time", (*TOLD, act("lapse", "05-12")), S.lapsed, {}),
    (
        "art. 35: sent back to be done again",
        (*REVIEW, act("decide_review", "05-06", unit=GOVERNMENT, outcome=ReviewOutcome.redo)),
        S.accepted,
        {K.handle: "05-06"},
    ),
    (
        "art. 33: settled while handled",
        (*ACCEPTED, act("settle", "03-20", unit=BODY)),
        S.settled,
        {},
    ),
    ("art. 33: settled while reviewed", (*REVIEW, act("settle", "04-25", unit=GOVERNMENT)), S.settled, {}),
    ("withdrawn by who brought it", (*TOLD, act("withdraw", "04-25")), S.withdrawn, {}),
    (
        "art. 31 (6): a hearing while handled stops no term",
        (*ACCEPTED, act("begin_hearing", "03-20")),
        S.accepted,
        {K.handle: "03-10"},
    ),
    (
        "art. 37: help goes on after the end",
        (*ENDED, act("comment", "07-01"), act("comment", "06-13")),
        S.terminated,
        {},
    ),
]


@pytest.mark.parametrize(("acts", "state", "runs"), [row[1:] for row in LIVES], ids=[row[0] for row in LIVES])
def test_an_act_leaves_the_clocks_of_its_article(acts: Acts, state: PetitionState, runs: dict[K, str]) -> None:
    case = life(*acts)
    assert case.state is state
    assert {clock.kind: clock.starts_on for clock in case.clocks if clock.is_open} == {
        kind: day(on) for kind, on in runs.items()
    }


# article, the acts before, the act that is refused, its code or where it is wrong
REFUSALS: list[tuple[str, Acts, Act, str]] = [
    ("a petition is registered once", REGISTERED, act("register", "03-03"), "act_not_allowed"),
    ("art. 22: to whom", REGISTERED, act("forward", "03-03", unit=OFFICE), "/to_unit"),
    ("sent already", SENT, act("forward", "03-05", unit=OFFICE, to_unit=OTHER), "act_not_allowed"),
    ("to oneself", DIRECT, act("forward", "03-05", unit=BODY, to_unit=BODY), "same_unit"),
    ("art. 23: five working days", SENT, act("object", "03-12", unit=BODY), "too_late"),
    ("art. 23: once", OBJECTED, act("object", "03-09", unit=BODY), "act_not_allowed"),
    ("art. 23: nobody sent it", DIRECT, act("object", "03-05", unit=BODY), "act_not_allowed"),
    ("art. 23: the sender decides", OBJECTED, act("consent_to_return", "03-09", unit=BODY), "same_unit"),
    ("art. 23: no objection", SENT, act("consent_to_return", "03-09", unit=OFFICE), "act_not_allowed"),
    (
        "art. 23: who was sent it objects",
        SENT,
        act("reject", "03-09", unit=BODY, reason=RejectReason.not_competent),
        "act_not_allowed",
    ),
    (
        "art. 23: told once",
        (*SENT, act("notify", "03-05", unit=BODY)),
        act("notify", "03-06", unit=BODY),
        "act_not_allowed",
    ),
    ("signed once", (*SENT, act("notify", "03-05", unit=BODY)), act("receive", "03-06", unit=BODY), "act_not_allowed"),
    ("art. 31: its class first", SENT, act("accept", "03-10", unit=BODY), "/petition_class"),
    (
        "art. 31: its route first",
        SENT,
        act("accept", "03-10", unit=BODY, petition_class=PetitionClass.appeal_claim),
        "/legal_route",
    ),
    (
        "art. 31: a suggestion has no route",
        SENT,
        act("accept", "03-10", unit=BODY, legal_route=LegalRoute.court, **SUGGESTED),
        "/legal_route",
    ),
    (
        "art. 31 (2): arbitration is not handled here",
        SENT,
        act("accept", "03-10", unit=BODY, **CLAIM | {"legal_route": LegalRoute.arbitration}),
        "act_not_allowed",
    ),
    (
        "trial rule: claims of route 6 only",
        SENT,
        act("accept", "03-10", unit=BODY, is_simple=True, **SUGGESTED),
        "/simple_ground",
    ),
    (
        "art. 31 (6): route 6 is no other channel",
        SENT,
        act("route_to_legal_channel", "03-10", legal_route=LegalRoute.petition_opinion),
        "/legal_route",
    ),
    (
        "art. 30: an accusation is no claim",
        SENT,
        act(
            "route_to_legal_channel",
            "03-10",
            petition_class=PetitionClass.accusation,
            legal_route=LegalRoute.court,
        ),
        "/petition_class",
    ),
    ("trial rule: not simple", ACCEPTED, act("convert_to_normal", "03-12", unit=BODY), "act_not_allowed"),
    ("art. 34: 31 days", ACCEPTED, act("request_extension", "03-12", unit=BODY, days=31), "/days"),
    ("art. 34: no days", ACCEPTED, act("request_extension", "03-12", unit=BODY, days=0), "/days"),
    ("art. 34: after the term", ACCEPTED, act("request_extension", "05-12", unit=BODY, days=5), "too_late"),
    (
        "art. 34: not of the simple procedure",
        SIMPLE,
        act("request_extension", "03-12", unit=BODY, days=5),
        "act_not_allowed",
    ),
    ("art. 34: asked twice", ASKED, act("request_extension", "04-21", unit=BODY, days=5), "act_not_allowed"),
    ("art. 34: once", EXTENDED, act("request_extension", "04-22", unit=BODY, days=5), "act_not_allowed"),
    (
        "art. 34: the head approves, not who asks",
        ASKED,
        act("approve_extension", "04-21", "clerk", unit=BODY, told_on=day("04-21")),
        "same_person",
    ),
    ("art. 34: the petitioner is told why", ASKED, act("approve_extension", "04-21", "head", unit=BODY), "/told_on"),
    (
        "art. 34: told before it was so",
        ASKED,
        act("approve_extension", "04-21", "head", unit=BODY, told_on=day("04-20")),
        "/told_on",
    ),
    (
        "art. 34: approved after the term",
        ASKED,
        act("approve_extension", "05-12", "head", unit=BODY, told_on=day("05-12")),
        "too_late",
    ),
    ("art. 34: refused by another", ASKED, act("refuse_extension", "04-21", "clerk", unit=BODY), "same_person"),
    ("art. 32: a claim gets an opinion", ACCEPTED, act("answer", "03-20", unit=BODY), "act_not_allowed"),
    ("art. 32: a suggestion gets an answer", SUGGESTION, act("issue_opinion", "03-20", unit=BODY), "act_not_allowed"),
    ("art. 29: answered without its class", REGISTERED, act("answer", "03-20", unit=OFFICE), "/petition_class"),
    (
        "art. 31 (6): the hearing first",
        (*ACCEPTED, act("begin_hearing", "03-20")),
        act("issue_opinion", "03-20", unit=BODY),
        "act_not_allowed",
    ),
    ("art. 33: a suggestion has no other side", SUGGESTION, act("settle", "03-20", unit=BODY), "act_not_allowed"),
    (
        "art. 35: not delivered yet",
        OPINION,
        act("request_review", "04-20", unit=OFFICE, to_unit=GOVERNMENT),
        "act_not_allowed",
    ),
    (
        "art. 35: the 31st day is late",
        TOLD,
        act("request_review", "05-12", unit=OFFICE, to_unit=GOVERNMENT),
        "too_late",
    ),
    ("art. 35: by whom", TOLD, act("request_review", "04-20", unit=OFFICE), "/to_unit"),
    ("art. 35: one above", TOLD, act("request_review", "04-20", unit=OFFICE, to_unit=BODY), "same_unit"),
    (
        "art. 36: one above the reviewing body",
        REVIEW_TOLD,
        act("request_review", "05-20", unit=OFFICE, to_unit=GOVERNMENT),
        "same_unit",
    ),
    ("art. 35: decided how", REVIEW, act("decide_review", "05-06", unit=GOVERNMENT), "/outcome"),
    (
        "art. 35: not by who wrote the opinion",
        REVIEW,
        act("decide_review", "05-06", unit=BODY, outcome=ReviewOutcome.uphold),
        "same_unit",
    ),
    ("delivered once", TOLD, act("deliver", "04-12"), "act_not_allowed"),
    (
        "no such paper yet",
        OPINION,
        act("deliver", "04-12", document=PetitionDocument.review_decision),
        "act_not_allowed",
    ),
    (
        "art. 36: the hearing first",
        HEARING,
        act("decide_review", "06-10", outcome=ReviewOutcome.uphold),
        "act_not_allowed",
    ),
    ("one hearing at a time", HEARING, act("begin_hearing", "06-02"), "act_not_allowed"),
    ("art. 36: delivered first", RE_REVIEWED, act("terminate", "06-12"), "act_not_allowed"),
    ("prefecture rule: still in time", TOLD, act("lapse", "05-11"), "act_not_allowed"),
    ("art. 36: nobody accepts again", ENDED, act("accept", "06-20", unit=BODY, **CLAIM), "act_not_allowed"),
    (
        "art. 28: stood aside",
        (*ACCEPTED, act("stand_aside", "03-12", "head", person="clerk")),
        act("issue_opinion", "03-20", "clerk", unit=BODY),
        "stood_aside",
    ),
    ("in order", ACCEPTED, act("issue_opinion", "03-09", unit=BODY), "/on"),
]


@pytest.mark.parametrize(("acts", "refused", "code"), [row[1:] for row in REFUSALS], ids=[row[0] for row in REFUSALS])
def test_an_act_the_article_does_not_allow_is_refused(acts: Acts, refused: Act, code: str) -> None:
    case = life(*acts)
    with pytest.raises(Problem) as said:
        apply(case, refused, CALENDAR)
    assert code in {said.value.code, *(error.pointer for error in said.value.errors)}


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
