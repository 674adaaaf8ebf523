"""Which petitions are rated, from when until when, and once (domain.md 1.5). Pure."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from services.petitions.life.case import Act
from shared.errors import Conflict, FieldError, Invalid
from shared.schemas.petitions.ratings import LABELS, Rating, RatingExclusion, RatingState
from shared.schemas.petitions.states import ActKind, LegalRoute, PetitionState
from shared.schemas.petitions.steps import PetitionDocument

REPLIES = frozenset({ActKind.issue_opinion, ActKind.answer, ActKind.settle})
REPLY_PAPERS = frozenset({PetitionDocument.opinion, PetitionDocument.answer, PetitionDocument.agreement})


class NotOpenToRating(Conflict):
    code, title, title_en = "not_open_to_rating", "不纳入满意度评价", "Not open to rating"


class NotReplied(Conflict):
    code, title, title_en = "not_replied", "尚未答复，还不能评价", "Not replied yet"


class WindowClosed(Conflict):
    code, title, title_en = "rating_window_closed", "评价期限已过", "The window for rating has closed"


class AlreadyRated(Conflict):
    code, title, title_en = "already_rated", "已评价，不能更改", "Already rated"


def exclusion(petition: Mapping[str, Any]) -> RatingExclusion | None:
    """First registrations that no court or other legal route decides, and that can be told of in public."""
    if petition["is_sealed"]:
        return RatingExclusion.accusation
    if petition["legal_route"] not in (None, LegalRoute.petition_opinion):
        return RatingExclusion.legal_route
    if petition["is_litigation"]:
        return RatingExclusion.litigation
    if petition["merged_into"] is not None:
        return RatingExclusion.merged
    return RatingExclusion.repeat if petition["repeat_of"] is not None else None


def opens(act: Act, state: PetitionState) -> bool:
    """Whether an act starts the window, or starts it anew: a reply, and then its delivery; nothing a review does."""
    if act.kind is ActKind.deliver:
        is_opinion = act.document is None and state is PetitionState.opinion_issued
        return is_opinion or act.document in REPLY_PAPERS
    return act.kind in REPLIES


def last_day(since: dt.date, days: int) -> dt.date:
    """The day it starts is not counted."""
    return since + dt.timedelta(days=days)


def rated_body(petition: Mapping[str, Any]) -> str | None:
    """Who replied: not the body that reviewed it since. None where the petition office answered itself."""
    code: str | None = petition["standing"]["opinion_by"] or petition["body_unit_code"]
    return code


def check(petition: Mapping[str, Any], rating: Mapping[str, Any] | None, on: dt.date) -> None:
    """That a petition may be rated on a day; `rating` is its row, which stands from the reply on."""
    excluded = exclusion(petition)
    if excluded is not None:
        raise NotOpenToRating(f"{LABELS[RatingExclusion][excluded]}事项不纳入满意度评价")
    if rating is None:
        raise NotReplied
    if rating["rated_on"] is not None:
        raise AlreadyRated
    until = rating["window_ends_on"]
    if until is not None and on > until:
        raise WindowClosed(f"可评价至 {until.isoformat()}")


def check_body(rating: Mapping[str, Any], body_rating: Rating | None) -> None:
    """The office and the body are rated apart, each of them that there is."""
    is_there = rating["rated_body_code"] is not None
    if is_there and body_rating is None:
        raise Invalid(errors=[FieldError("/body_rating", "required", "请对承办单位作出评价")])
    if not is_there and body_rating is not None:
        raise Invalid(errors=[FieldError("/body_rating", "no_body", "由信访部门自行答复，没有承办单位可评价")])


def state(petition: Mapping[str, Any], rating: Mapping[str, Any] | None, today: dt.date) -> RatingState:
    if rating is not None and rating["rated_on"] is not None:
        return RatingState.rated
    if exclusion(petition) is not None:
        return RatingState.excluded
    if rating is None:
        return RatingState.not_replied
    until = rating["window_ends_on"]
    return RatingState.overdue if until is not None and today > until else RatingState.open
