"""Lives of petitions for the tests of their rules: acts in the fewest words."""

import datetime as dt
from typing import Any

from services.petitions.life.case import Act, Case
from services.petitions.life.rules import fold
from shared.chassis.calendar import WorkCalendar
from shared.schemas.petitions.states import ActKind, LegalRoute, PetitionClass, ReviewOutcome
from shared.schemas.petitions.steps import BodyLevel

CALENDAR = WorkCalendar()
OFFICE, BODY, GOVERNMENT, OTHER = "XFJ", "ZJJ", "XZF", "RSJ"
CLAIM: dict[str, Any] = {
    "petition_class": PetitionClass.appeal_claim,
    "legal_route": LegalRoute.petition_opinion,
}


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(f"2026-{text}")


def act(kind: str, on: str, actor: str = "officer", **more: Any) -> Act:
    return Act(ActKind(kind), day(on), actor, **more)


def life(*acts: Act) -> Case:
    case = fold(acts, CALENDAR)
    assert case is not None
    return case


REGISTERED = (act("register", "03-02", unit=OFFICE),)
SENT = (*REGISTERED, act("forward", "03-04", unit=OFFICE, to_unit=BODY))
DIRECT = (act("register", "03-02", unit=BODY, to_unit=BODY),)
OBJECTED = (*SENT, act("object", "03-06", unit=BODY))
RETURNED = (*OBJECTED, act("consent_to_return", "03-09", unit=OFFICE))
ACCEPTED = (*SENT, act("accept", "03-10", unit=BODY, **CLAIM))
SIMPLE = (*SENT, act("accept", "03-10", unit=BODY, is_simple=True, **CLAIM))
SUGGESTION = (*SENT, act("accept", "03-10", unit=BODY, petition_class=PetitionClass.suggestion))
ASKED = (*ACCEPTED, act("request_extension", "04-20", "clerk", unit=BODY, days=30))
EXTENDED = (*ASKED, act("approve_extension", "04-21", "head", unit=BODY, told_on=day("04-21")))
OPINION = (*ACCEPTED, act("issue_opinion", "04-08", unit=BODY, reason="support"))
TOLD = (*OPINION, act("deliver", "04-10", unit=BODY))
REVIEW = (*TOLD, act("request_review", "04-20", unit=OFFICE, to_unit=GOVERNMENT))
REVIEWED = (*REVIEW, act("decide_review", "05-06", unit=GOVERNMENT, outcome=ReviewOutcome.uphold))
REVIEW_TOLD = (*REVIEWED, act("deliver", "05-08", unit=GOVERNMENT))
RE_REVIEW = (*REVIEW_TOLD, act("request_review", "05-20", unit=OFFICE, to_level=BodyLevel.city))
HEARING = (*RE_REVIEW, act("begin_hearing", "06-01"))
RE_REVIEWED = (*RE_REVIEW, act("decide_review", "06-10", outcome=ReviewOutcome.uphold))
ENDED = (*RE_REVIEWED, act("deliver", "06-12"), act("terminate", "06-12"))
