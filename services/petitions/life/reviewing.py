"""Delivery, review 复查, re-review 复核 and the end of the procedure (信访工作条例 2022, arts. 35–37). Pure."""

from dataclasses import replace

from services.petitions.life.case import Act, Case
from services.petitions.life.clocks import due
from services.petitions.life.moves import ActNotAllowed, TooLate, bad, meet, require_no_hearing, start
from shared.chassis.calendar import WorkCalendar
from shared.errors import SameUnit
from shared.schemas.petitions.states import ClockKind as K
from shared.schemas.petitions.states import PetitionState, ReviewOutcome
from shared.schemas.petitions.steps import BodyLevel, PetitionDocument

S, P = PetitionState, PetitionDocument
DECISIONS = {S.opinion_issued: P.opinion, S.reviewed: P.review_decision, S.re_reviewed: P.re_review_decision}
"""The paper that is about to be delivered."""
NEXT_WINDOW = {S.opinion_issued: K.review_request, S.reviewed: K.re_review_request}


def deliver(case: Case, act: Act, _: WorkCalendar) -> Case:
    """送达 of an opinion or decision starts the window for the next level; that of any other paper starts nothing."""
    decision = DECISIONS.get(case.state)
    if act.document in DECISIONS.values() and act.document is not decision:
        raise ActNotAllowed("现在没有这一文书可送达")
    if act.document is not None and act.document is not decision:
        return case
    if decision is None:
        raise bad("/document", "required", "请填写送达的文书")
    if case.delivered_on is not None:
        raise ActNotAllowed("已送达")
    case = replace(case, delivered_on=act.on)
    window = NEXT_WINDOW.get(case.state)
    return start(case, act.on, window) if window else case


def request_review(case: Case, act: Act, calendar: WorkCalendar) -> Case:
    is_first = case.state is S.opinion_issued
    kind, following, state = (
        (K.review_request, K.review, S.review_requested)
        if is_first
        else (K.re_review_request, K.re_review, S.re_review_requested)
    )
    window = case.running(kind)
    if window is None:
        raise ActNotAllowed("尚未送达，申请期限还没有开始")
    if act.on > due(window, calendar):
        article = "第三十五条" if is_first else "第三十六条"
        raise TooLate(f"收到书面答复之日起 30 日内可申请（信访工作条例{article}）")
    _require_higher(case, act)
    asked = replace(meet(case, act.on, kind), state=state, body=act.to_unit, review_level=act.to_level)
    return start(asked, act.on, following)


def _require_higher(case: Case, act: Act) -> None:
    """The body one level above: a unit of the directory, or one outside it of which the level is known."""
    if act.to_unit is None and act.to_level is None:
        raise bad("/to_unit", "required", "请填写受理复查（复核）的上一级机关、单位")
    if act.to_unit is not None and act.to_unit in (case.opinion_by, case.review_by):
        raise SameUnit("复查（复核）由上一级机关、单位办理")
    levels = list(BodyLevel)
    before, after = case.review_level or BodyLevel.county, act.to_level or BodyLevel.county
    if levels.index(after) < levels.index(before):
        raise bad("/to_level", "lower_level", "复核由复查机关、单位的上一级机关、单位办理")


def decide_review(case: Case, act: Act, _: WorkCalendar) -> Case:
    is_first = case.state is S.review_requested
    if act.outcome is None:
        raise bad("/outcome", "required", "请填写维持、变更或撤销重办")
    require_no_hearing(case)
    by = act.unit or case.body
    if by is not None and by in (case.opinion_by, None if is_first else case.review_by):
        raise SameUnit("复查（复核）由上一级机关、单位办理")
    case = replace(meet(case, act.on, K.review if is_first else K.re_review), delivered_on=None)
    if act.outcome is ReviewOutcome.redo:
        # The opinion is gone; handling, with all its levels after it, begins again and may be extended once.
        again = replace(
            case,
            state=S.accepted,
            body=case.opinion_by,
            is_simple=False,
            is_extended=False,
            opinion_on=None,
            review_by=None,
            review_level=None,
        )
        return start(again, act.on, K.handle)
    return replace(case, state=S.reviewed if is_first else S.re_reviewed, review_by=by)


def terminate(case: Case, act: Act, _: WorkCalendar) -> Case:
    if case.delivered_on is None:
        raise ActNotAllowed("复核意见尚未送达")
    return replace(case, state=S.terminated)


def lapse(case: Case, act: Act, calendar: WorkCalendar) -> Case:
    window = case.running(K.review_request) or case.running(K.re_review_request)
    if window is None or act.on <= due(window, calendar):
        raise ActNotAllowed("申请期限尚未届满")
    return replace(case, state=S.lapsed)
