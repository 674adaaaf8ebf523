"""What each act of 信访工作条例 is refused for, and by which code or field."""

from typing import Any

import pytest

from services.petitions.life.case import Act
from services.petitions.life.rules import apply
from shared.errors import Problem
from shared.schemas.petitions.states import LegalRoute, PetitionClass, ReviewOutcome
from shared.schemas.petitions.steps import PetitionDocument, RejectReason
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
    RE_REVIEWED,
    REGISTERED,
    REVIEW,
    REVIEW_TOLD,
    SENT,
    SIMPLE,
    SUGGESTION,
    TOLD,
    act,
    day,
    life,
)

Acts = tuple[Act, ...]
SUGGESTED: dict[str, Any] = {"petition_class": PetitionClass.suggestion}
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
