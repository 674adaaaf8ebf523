"""Every act of 信访工作条例 as the text has it: the state it leaves, which clocks it starts and stops."""

from typing import Any

import pytest

from services.petitions.life.case import Act
from shared.schemas.petitions.states import ClockKind as K
from shared.schemas.petitions.states import LegalRoute, PetitionClass, PetitionState, ReviewOutcome
from shared.schemas.petitions.steps import RejectReason
from tests.support.lives import (
    ACCEPTED,
    ASKED,
    BODY,
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
