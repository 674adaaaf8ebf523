"""The state machine of a petition (信访工作条例 2022, arts. 22–37): an act is refused or gives the case after it. Pure.

`apply` is a fold: the case of a petition is its acts applied in order, and nothing else. Clocks are started, met and
stopped by acts only; a comment moves none.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import reduce

from services.petitions.life.case import FINAL, Act, Case
from services.petitions.life.clocks import LONGEST_EXTENSION_DAYS, Clock, due
from shared.chassis.calendar import WorkCalendar
from shared.errors import Conflict, FieldError, Invalid, SamePerson, SameUnit
from shared.schemas.petitions.states import LABELS, ActKind, LegalRoute, PetitionClass, PetitionState, ReviewOutcome
from shared.schemas.petitions.states import ClockKind as K

A, S = ActKind, PetitionState

ALLOWED: dict[ActKind, frozenset[PetitionState]] = {
    A.forward: frozenset({S.registered, S.returned}),
    A.assign: frozenset({S.registered, S.returned}),
    A.receive: frozenset({S.forwarded}),
    A.object: frozenset({S.forwarded}),
    A.consent_to_return: frozenset({S.forwarded}),
    A.refuse_return: frozenset({S.forwarded}),
    A.notify: frozenset({S.forwarded}),
    A.accept: frozenset({S.forwarded}),
    A.reject: frozenset({S.registered, S.forwarded}),
    A.route_to_legal_channel: frozenset({S.registered, S.forwarded}),
    A.convert_to_normal: frozenset({S.accepted}),
    A.request_extension: frozenset({S.accepted}),
    A.approve_extension: frozenset({S.accepted}),
    A.refuse_extension: frozenset({S.accepted}),
    A.answer: frozenset({S.registered, S.accepted}),
    A.issue_opinion: frozenset({S.accepted}),
    A.deliver: frozenset({S.opinion_issued, S.reviewed, S.re_reviewed}),
    A.request_review: frozenset({S.opinion_issued, S.reviewed}),
    A.decide_review: frozenset({S.review_requested, S.re_review_requested}),
    A.begin_hearing: frozenset({S.re_review_requested}),
    A.end_hearing: frozenset({S.re_review_requested}),
    A.settle: frozenset({S.accepted, S.opinion_issued, S.review_requested, S.re_review_requested}),
    A.terminate: frozenset({S.re_reviewed}),
    A.lapse: frozenset({S.opinion_issued, S.reviewed}),
    A.withdraw: frozenset(S) - FINAL - {S.re_reviewed},
    A.merge: frozenset({S.registered, S.forwarded, S.returned, S.accepted}),
    A.stand_aside: frozenset(S) - FINAL,
    A.comment: frozenset(S),
}
LATEST_RECEIPT_DAYS = 7
"""A receipt later than the sending moves the body's clocks by a week at most: nobody gains time by not signing."""


class ActNotAllowed(Conflict):
    code, title, title_en = "act_not_allowed", "现在不能办理这一步", "Not possible now"


class TooLate(Conflict):
    code, title, title_en = "too_late", "期限已过", "Too late"


class StoodAside(Conflict):
    code, title, title_en = "stood_aside", "已回避的人员不得办理（信访工作条例第二十八条）", "Stood aside"


class BadAct(Invalid):
    code, title, title_en = "bad_act", "内容不符合要求", "Bad act"


def fold(acts: Iterable[Act], calendar: WorkCalendar) -> Case | None:
    """The case that these acts make, in their order; None of no acts."""
    return reduce(lambda case, act: apply(case, act, calendar), acts, None)


def apply(case: Case | None, act: Act, calendar: WorkCalendar) -> Case:
    """The case after the act. Raises `Conflict` where the case does not allow it, `Invalid` where the act is wrong."""
    if case is None:
        return _registered(act)
    if act.kind is A.register or case.state not in ALLOWED[act.kind]:
        state = LABELS[PetitionState][case.state]
        raise ActNotAllowed(f"信访事项“{state}”，不能办理“{LABELS[ActKind][act.kind]}”")
    if act.actor in case.stood_aside and act.kind is not A.comment:
        raise StoodAside
    if act.kind is A.comment:
        return replace(case, acts=case.acts + 1)
    if case.last_on is not None and act.on < case.last_on:
        message = f"不能早于上一步的日期 {case.last_on.isoformat()}"
        raise BadAct(errors=[FieldError("/on", "before_last_act", message)])
    after = DOES[act.kind](replace(case, acts=case.acts + 1, last_on=act.on), act, calendar)
    return _close(after, after.acts) if after.is_final else after


def _registered(act: Act) -> Case:
    if act.kind is not A.register:
        raise ActNotAllowed("尚未登记")
    case = Case(
        state=S.registered,
        registered_on=act.on,
        sender=act.unit,
        last_on=act.on,
        petition_class=act.petition_class,
        legal_route=act.legal_route,
    )
    if act.to_unit is None:
        return _start(case, K.route, act.on)
    # Handed to the competent body itself: no one routes it, its own duties begin (art. 23).
    return _with_body(case, act.to_unit, act.on, may_object=False)


def _start(case: Case, kind: K, on: dt.date) -> Case:
    return replace(case, clocks=(*case.clocks, Clock(len(case.clocks) + 1, kind, case.acts, on)))


def _change(case: Case, kind: K, change: Callable[[Clock], Clock]) -> Case:
    """The open clock of a kind changed; nothing where there is none."""
    return replace(case, clocks=tuple(change(c) if c.kind is kind and c.is_open else c for c in case.clocks))


def _meet(case: Case, on: dt.date, *kinds: K) -> Case:
    met = tuple(c.met(case.acts, on) if c.kind in kinds and c.is_open else c for c in case.clocks)
    return replace(case, clocks=met)


def _void(case: Case, *kinds: K) -> Case:
    return replace(case, clocks=tuple(c.voided(case.acts) if c.kind in kinds and c.is_open else c for c in case.clocks))


def _close(case: Case, act: int) -> Case:
    return replace(case, clocks=tuple(c.voided(act) if c.is_open else c for c in case.clocks))


def _with_body(case: Case, unit: str, on: dt.date, *, may_object: bool = True) -> Case:
    case = replace(case, state=S.forwarded, body=unit, is_received=not may_object, objection="")
    for kind in (K.notify, K.acceptance, *([K.objection] if may_object else [])):
        case = _start(case, kind, on)
    return case


def _forward(case: Case, act: Act, _: WorkCalendar) -> Case:
    if act.to_unit is None:
        raise BadAct(errors=[FieldError("/to_unit", "required", "请填写转送交办的单位")])
    return _with_body(_meet(case, act.on, K.route), act.to_unit, act.on)


def _receive(case: Case, act: Act, _: WorkCalendar) -> Case:
    """Signed for on a later day than it was sent: what the body has not done yet runs from that day."""
    sent = case.running(K.acceptance)
    if case.is_received or sent is None:
        raise ActNotAllowed("已签收")
    if (act.on - sent.starts_on).days > LATEST_RECEIPT_DAYS:
        message = f"签收日期至迟为转送后 {LATEST_RECEIPT_DAYS} 日"
        raise BadAct(errors=[FieldError("/on", "too_late", message)])
    case = replace(case, is_received=True)
    for kind in (K.notify, K.acceptance, K.objection):
        if case.running(kind) and act.on > sent.starts_on:
            case = _start(_void(case, kind), kind, act.on)
    return case


def _object(case: Case, act: Act, calendar: WorkCalendar) -> Case:
    window = case.running(K.objection)
    if window is None:
        raise ActNotAllowed("已提出过异议，或本单位直接收到，不适用异议")
    if act.on > due(window, calendar):
        raise TooLate("收到后 5 个工作日内可提出异议（信访工作条例第二十三条）")
    return replace(_meet(case, act.on, K.objection), objection="open")


def _consent_to_return(case: Case, act: Act, _: WorkCalendar) -> Case:
    _require_objection(case, act)
    case = _void(case, K.notify, K.acceptance)
    return _start(replace(case, state=S.returned, body=None, objection="", is_received=False), K.route, act.on)


def _refuse_return(case: Case, act: Act, _: WorkCalendar) -> Case:
    _require_objection(case, act)
    return replace(case, objection="refused")


def _require_objection(case: Case, act: Act) -> None:
    if case.objection != "open":
        raise ActNotAllowed("没有待审核的异议")
    if act.unit is not None and act.unit == case.body:
        raise SameUnit("异议由转送交办的单位审核")


def _notify(case: Case, act: Act, _: WorkCalendar) -> Case:
    if case.running(K.notify) is None:
        raise ActNotAllowed("已告知")
    return _meet(case, act.on, K.notify)


def _accept(case: Case, act: Act, _: WorkCalendar) -> Case:
    petition_class = act.petition_class or case.petition_class
    legal_route = act.legal_route or case.legal_route
    if petition_class is None:
        raise BadAct(errors=[FieldError("/petition_class", "required", "受理前请先分类")])
    if petition_class is PetitionClass.appeal_claim and legal_route is None:
        raise BadAct(errors=[FieldError("/legal_route", "required", "申诉求决请注明第三十一条的第几项")])
    if petition_class is not PetitionClass.appeal_claim and legal_route is not None:
        raise BadAct(errors=[FieldError("/legal_route", "only_appeal_claim", "只有申诉求决才有法定途径")])
    carries_clock = legal_route is LegalRoute.petition_opinion
    if petition_class is PetitionClass.appeal_claim and not carries_clock:
        raise ActNotAllowed("应当导入其他法定途径的，请办理“导入法定途径”")
    if act.is_simple and not carries_clock:
        raise BadAct(errors=[FieldError("/is_simple", "only_route_6", "简易办理只适用于出具处理意见的事项")])
    case = replace(
        _void(_meet(case, act.on, K.notify, K.acceptance), K.objection),
        state=S.accepted,
        petition_class=petition_class,
        legal_route=legal_route,
        accepted_on=act.on,
        is_simple=act.is_simple,
        objection="",
    )
    if not carries_clock:
        return case
    return _start(case, K.simple if act.is_simple else K.handle, act.on)


def _reject(case: Case, act: Act, _: WorkCalendar) -> Case:
    case = _meet(case, act.on, K.route, K.notify, K.acceptance)
    return replace(case, state=S.rejected)


def _route_to_legal_channel(case: Case, act: Act, _: WorkCalendar) -> Case:
    legal_route = act.legal_route or case.legal_route
    if legal_route is None or legal_route is LegalRoute.petition_opinion:
        raise BadAct(errors=[FieldError("/legal_route", "required", "请注明第三十一条第一至五项中的哪一项")])
    case = _meet(case, act.on, K.route, K.notify, K.acceptance)
    return replace(
        case,
        state=S.routed_to_legal_channel,
        petition_class=PetitionClass.appeal_claim,
        legal_route=legal_route,
    )


def _convert_to_normal(case: Case, act: Act, _: WorkCalendar) -> Case:
    if not case.is_simple or case.accepted_on is None:
        raise ActNotAllowed("不是简易办理的事项")
    return _start(replace(_void(case, K.simple), is_simple=False), K.handle, case.accepted_on)


def _request_extension(case: Case, act: Act, calendar: WorkCalendar) -> Case:
    clock = case.running(K.handle)
    if clock is None or case.is_extended:
        raise ActNotAllowed("延期只适用于普通程序的办理期限，且只有一次（信访工作条例第三十四条）")
    if case.extension_days is not None:
        raise ActNotAllowed("已有延期申请等待批准")
    if act.on > due(clock, calendar):
        raise TooLate("办理期限已过，不能再申请延期")
    if act.days is None or not 1 <= act.days <= LONGEST_EXTENSION_DAYS:
        raise BadAct(errors=[FieldError("/days", "out_of_bounds", "延长 1 至 30 日（信访工作条例第三十四条）")])
    return replace(case, extension_days=act.days, extension_by=act.actor)


def _approve_extension(case: Case, act: Act, calendar: WorkCalendar) -> Case:
    days, clock = case.extension_days, case.running(K.handle)
    if days is None or clock is None:
        raise ActNotAllowed("没有待批准的延期申请")
    if act.actor == case.extension_by:
        raise SamePerson("延期由本单位负责人批准，不能由申请人自己批准")
    if act.on > due(clock, calendar):
        raise TooLate("办理期限已过，不能再批准延期")
    case = _change(case, K.handle, lambda c: replace(c, extended_days=days))
    return replace(case, is_extended=True, extension_days=None, extension_by=None)


def _refuse_extension(case: Case, act: Act, _: WorkCalendar) -> Case:
    if case.extension_days is None:
        raise ActNotAllowed("没有待批准的延期申请")
    if act.actor == case.extension_by:
        raise SamePerson("延期申请由另一人审批")
    return replace(case, extension_days=None, extension_by=None)


def _answer(case: Case, act: Act, _: WorkCalendar) -> Case:
    """A suggestion is studied and answered, an accusation's result told; neither is an opinion (arts. 29, 30)."""
    if case.petition_class is PetitionClass.appeal_claim:
        raise ActNotAllowed("申诉求决应当出具处理意见书（信访工作条例第三十二条）")
    return replace(_meet(case, act.on, K.route), state=S.answered)


def _issue_opinion(case: Case, act: Act, _: WorkCalendar) -> Case:
    if case.legal_route is not LegalRoute.petition_opinion:
        raise ActNotAllowed("处理意见书只用于第三十一条第六项的事项")
    return replace(
        _meet(case, act.on, K.handle, K.simple),
        state=S.opinion_issued,
        opinion_on=act.on,
        opinion_by=act.unit or case.body,
        delivered_on=None,
        extension_days=None,
        extension_by=None,
    )


def _deliver(case: Case, act: Act, _: WorkCalendar) -> Case:
    """送达 starts the window in which the petitioner may ask for the next level."""
    if case.delivered_on is not None:
        raise ActNotAllowed("已送达")
    case = replace(case, delivered_on=act.on)
    window = {S.opinion_issued: K.review_request, S.reviewed: K.re_review_request}.get(case.state)
    return _start(case, window, act.on) if window else case


def _request_review(case: Case, act: Act, calendar: WorkCalendar) -> Case:
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
    if act.to_unit is None:
        raise BadAct(errors=[FieldError("/to_unit", "required", "请填写受理复查（复核）的上一级机关、单位")])
    if act.to_unit in (case.opinion_by, case.review_by):
        raise SameUnit("复查（复核）由上一级机关、单位办理")
    return _start(replace(_meet(case, act.on, kind), state=state, body=act.to_unit), following, act.on)


def _decide_review(case: Case, act: Act, _: WorkCalendar) -> Case:
    is_first = case.state is S.review_requested
    if act.outcome is None:
        raise BadAct(errors=[FieldError("/outcome", "required", "请填写维持、变更或撤销重办")])
    if case.hearing_since is not None:
        raise ActNotAllowed("听证尚未结束")
    by = act.unit or case.body
    if by in (case.opinion_by, None if is_first else case.review_by):
        raise SameUnit("复查（复核）由上一级机关、单位办理")
    case = replace(_meet(case, act.on, K.review if is_first else K.re_review), delivered_on=None, review_by=by)
    if act.outcome is ReviewOutcome.redo:
        again = replace(
            case, state=S.accepted, body=case.opinion_by, accepted_on=act.on, is_extended=False, review_by=None
        )
        return _start(again, K.handle, act.on)
    return replace(case, state=S.reviewed if is_first else S.re_reviewed)


def _begin_hearing(case: Case, act: Act, _: WorkCalendar) -> Case:
    if case.hearing_since is not None:
        raise ActNotAllowed("听证已经开始")
    return replace(_change(case, K.re_review, lambda c: c.suspended(act.on)), hearing_since=act.on)


def _end_hearing(case: Case, act: Act, _: WorkCalendar) -> Case:
    if case.hearing_since is None:
        raise ActNotAllowed("没有进行中的听证")
    return replace(_change(case, K.re_review, lambda c: c.resumed(act.on)), hearing_since=None)


def _settle(case: Case, act: Act, _: WorkCalendar) -> Case:
    return replace(_meet(case, act.on, K.handle, K.simple, K.review, K.re_review), state=S.settled)


def _terminate(case: Case, act: Act, _: WorkCalendar) -> Case:
    if case.delivered_on is None:
        raise ActNotAllowed("复核意见尚未送达")
    return replace(case, state=S.terminated)


def _lapse(case: Case, act: Act, calendar: WorkCalendar) -> Case:
    window = case.running(K.review_request) or case.running(K.re_review_request)
    if window is None or act.on <= due(window, calendar):
        raise ActNotAllowed("申请期限尚未届满")
    return replace(case, state=S.lapsed)


def _become(state: PetitionState) -> Callable[[Case, Act, WorkCalendar], Case]:
    return lambda case, act, calendar: replace(case, state=state)


def _stand_aside(case: Case, act: Act, _: WorkCalendar) -> Case:
    if act.person is None:
        raise BadAct(errors=[FieldError("/person", "required", "请填写回避的人员")])
    return replace(case, stood_aside=case.stood_aside | {act.person})


DOES: dict[ActKind, Callable[[Case, Act, WorkCalendar], Case]] = {
    A.forward: _forward,
    A.assign: _forward,
    A.receive: _receive,
    A.object: _object,
    A.consent_to_return: _consent_to_return,
    A.refuse_return: _refuse_return,
    A.notify: _notify,
    A.accept: _accept,
    A.reject: _reject,
    A.route_to_legal_channel: _route_to_legal_channel,
    A.convert_to_normal: _convert_to_normal,
    A.request_extension: _request_extension,
    A.approve_extension: _approve_extension,
    A.refuse_extension: _refuse_extension,
    A.answer: _answer,
    A.issue_opinion: _issue_opinion,
    A.deliver: _deliver,
    A.request_review: _request_review,
    A.decide_review: _decide_review,
    A.begin_hearing: _begin_hearing,
    A.end_hearing: _end_hearing,
    A.settle: _settle,
    A.terminate: _terminate,
    A.lapse: _lapse,
    A.withdraw: _become(S.withdrawn),
    A.merge: _become(S.merged),
    A.stand_aside: _stand_aside,
}
