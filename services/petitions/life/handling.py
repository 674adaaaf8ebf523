"""From acceptance to the opinion (信访工作条例 2022, arts. 28–34): extension, answer, opinion, settlement. Pure."""

from dataclasses import replace

from services.petitions.life.case import Act, Case
from services.petitions.life.clocks import LONGEST_EXTENSION_DAYS, due
from services.petitions.life.moves import (
    ActNotAllowed,
    Move,
    TooLate,
    bad,
    change,
    meet,
    require_no_hearing,
    start,
    stop,
)
from shared.chassis.calendar import WorkCalendar
from shared.errors import SamePerson
from shared.schemas.petitions.states import ClockKind as K
from shared.schemas.petitions.states import LegalRoute, PetitionClass, PetitionState

S = PetitionState


def convert_to_normal(case: Case, act: Act, calendar: WorkCalendar) -> Case:
    """With the clock from the original acceptance."""
    if not case.is_simple or case.accepted_on is None:
        raise ActNotAllowed("不是简易办理的事项")
    return start(replace(stop(case, act.on, calendar, K.simple), is_simple=False), case.accepted_on, K.handle)


def request_extension(case: Case, act: Act, calendar: WorkCalendar) -> Case:
    clock = case.running(K.handle)
    if clock is None or case.is_extended:
        raise ActNotAllowed("延期只适用于普通程序的办理期限，且只有一次（信访工作条例第三十四条）")
    if case.extension_days is not None:
        raise ActNotAllowed("已有延期申请等待批准")
    if act.on > due(clock, calendar):
        raise TooLate("办理期限已过，不能再申请延期")
    if act.days is None or not 1 <= act.days <= LONGEST_EXTENSION_DAYS:
        raise bad("/days", "out_of_bounds", "延长 1 至 30 日（信访工作条例第三十四条）")
    return replace(case, extension_days=act.days, extension_by=act.actor)


def approve_extension(case: Case, act: Act, calendar: WorkCalendar) -> Case:
    """By the head of the body, who is not who asked for it; the petitioner is told why."""
    days, clock = case.extension_days, case.running(K.handle)
    if days is None or clock is None:
        raise ActNotAllowed("没有待批准的延期申请")
    if act.actor == case.extension_by:
        raise SamePerson("延期由本单位负责人批准，不能由申请人自己批准")
    if act.on > due(clock, calendar):
        raise TooLate("办理期限已过，不能再批准延期")
    if act.told_on is None and not case.cannot_be_told:
        raise bad("/told_on", "required", "延期应当告知信访人理由（信访工作条例第三十四条）")
    if act.told_on is not None and act.told_on < act.on:
        raise bad("/told_on", "before_approval", "不能早于批准之日")
    case = change(case, K.handle, lambda c: replace(c, extended_days=days))
    return replace(case, is_extended=True, extension_days=None, extension_by=None)


def refuse_extension(case: Case, act: Act, _: WorkCalendar) -> Case:
    if case.extension_days is None:
        raise ActNotAllowed("没有待批准的延期申请")
    if act.actor == case.extension_by:
        raise SamePerson("延期申请由另一人审批")
    return replace(case, extension_days=None, extension_by=None)


def answer(case: Case, act: Act, _: WorkCalendar) -> Case:
    """A suggestion is studied and answered, an accusation's result told; neither is an opinion (arts. 29, 30)."""
    petition_class = act.petition_class or case.petition_class
    if petition_class is None:
        raise bad("/petition_class", "required", "答复前请先分类")
    if petition_class is PetitionClass.appeal_claim:
        raise ActNotAllowed("申诉求决应当出具处理意见书（信访工作条例第三十二条）")
    return replace(meet(case, act.on, K.route), state=S.answered, petition_class=petition_class, legal_route=None)


def issue_opinion(case: Case, act: Act, _: WorkCalendar) -> Case:
    if case.legal_route is not LegalRoute.petition_opinion:
        raise ActNotAllowed("处理意见书只用于第三十一条第六项的事项")
    require_no_hearing(case)
    return replace(
        meet(case, act.on, K.handle, K.simple),
        state=S.opinion_issued,
        opinion_on=act.on,
        opinion_by=act.unit or case.body,
        delivered_on=None,
        extension_days=None,
        extension_by=None,
    )


def settle(case: Case, act: Act, _: WorkCalendar) -> Case:
    """Art. 33: an agreement of both sides, reached while a claim is handled."""
    if case.petition_class is not PetitionClass.appeal_claim:
        raise ActNotAllowed("调解、和解只用于申诉求决类事项（信访工作条例第三十三条）")
    return replace(meet(case, act.on, K.handle, K.simple, K.review, K.re_review), state=S.settled)


def become(state: PetitionState) -> Move:
    return lambda case, act, calendar: replace(case, state=state)


def stand_aside(case: Case, act: Act, _: WorkCalendar) -> Case:
    if act.person is None:
        raise bad("/person", "required", "请填写回避的人员")
    return replace(case, stood_aside=case.stood_aside | {act.person})


def begin_hearing(case: Case, act: Act, _: WorkCalendar) -> Case:
    """Arts. 31 (6), 36. Only the time of a re-review does not run meanwhile."""
    if case.hearing_since is not None:
        raise ActNotAllowed("听证已经开始")
    if case.legal_route is not LegalRoute.petition_opinion:
        raise ActNotAllowed("听证只用于第三十一条第六项的事项")
    if case.hearing_until is not None and act.on <= case.hearing_until:
        raise bad("/on", "before_last_hearing_ended", f"上次听证到 {case.hearing_until.isoformat()} 结束")
    return replace(change(case, K.re_review, lambda c: c.suspended(act.on)), hearing_since=act.on)


def end_hearing(case: Case, act: Act, _: WorkCalendar) -> Case:
    if case.hearing_since is None:
        raise ActNotAllowed("没有进行中的听证")
    case = change(case, K.re_review, lambda c: c.resumed(act.on))
    return replace(case, hearing_since=None, hearing_until=act.on)
