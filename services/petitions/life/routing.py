"""From registration to acceptance (信访工作条例 2022, arts. 19–23, 31): who must answer, and do they. Pure."""

import datetime as dt
from dataclasses import replace

from services.petitions.life.case import Act, Case
from services.petitions.life.clocks import due
from services.petitions.life.moves import ActNotAllowed, TooLate, bad, meet, start, stop
from shared.chassis.calendar import WorkCalendar
from shared.errors import SameUnit
from shared.schemas.gateway.directory import UnitKind
from shared.schemas.petitions.states import ActKind, LegalRoute, PetitionClass, PetitionState
from shared.schemas.petitions.states import ClockKind as K
from shared.schemas.petitions.steps import RejectReason

S = PetitionState
BODIES = tuple(kind for kind in UnitKind if kind not in (UnitKind.ENTERPRISE, UnitKind.BANK))
"""Units that may be given a petition to handle: never those that petitions are about."""
LATEST_RECEIPT_DAYS = 7
"""A later signature moves the clocks by a week at most: nobody gains time by not signing. A rule of the house."""


def register(act: Act) -> Case:
    if act.kind is not ActKind.register:
        raise ActNotAllowed("尚未登记")
    case = Case(
        state=S.registered,
        registered_on=act.on,
        sender=act.unit,
        last_on=act.on,
        petition_class=act.petition_class,
        legal_route=act.legal_route,
        cannot_be_told=act.cannot_be_told,
    )
    if act.to_unit is None:
        return start(case, act.on, K.route)
    # Handed to the competent body itself: no one routes it, its own duties begin (art. 23).
    return _with_body(case, act.to_unit, act.on, is_direct=True)


def _with_body(case: Case, unit: str, on: dt.date, *, is_direct: bool = False) -> Case:
    told = () if case.cannot_be_told else (K.notify,)
    window = () if is_direct else (K.objection,)
    case = replace(case, state=S.forwarded, body=unit, is_direct=is_direct, is_received=is_direct, objection="")
    return start(case, on, *told, K.acceptance, *window)


def forward(case: Case, act: Act, calendar: WorkCalendar) -> Case:
    """By the petition office (art. 22), or by a body that got it directly and is not competent (art. 23)."""
    if act.to_unit is None:
        raise bad("/to_unit", "required", "请填写转送交办的单位")
    if case.state is S.forwarded and not case.is_direct:
        raise ActNotAllowed("已转送交办；不属于本单位职权范围的，请提出异议（信访工作条例第二十三条）")
    if act.to_unit == case.body:
        raise SameUnit("本单位已收到，不能再转送给自己")
    if case.state is S.forwarded:
        case = replace(case, sender=case.body)
    freed = stop(meet(case, act.on, K.route), act.on, calendar, K.notify, K.acceptance)
    return _with_body(freed, act.to_unit, act.on)


def receive(case: Case, act: Act, calendar: WorkCalendar) -> Case:
    """Signed for on a later day than it was sent: what the body has not done yet runs from that day."""
    sent = case.running(K.acceptance)
    if case.is_received or sent is None:
        raise ActNotAllowed("已签收")
    case = replace(case, is_received=True)
    from_day = min(act.on, sent.starts_on + dt.timedelta(days=LATEST_RECEIPT_DAYS))
    if from_day == sent.starts_on:
        return case
    moved = [kind for kind in (K.notify, K.acceptance, K.objection) if case.running(kind)]
    return start(stop(case, from_day, calendar, *moved), from_day, *moved)


def objects(case: Case, act: Act, calendar: WorkCalendar) -> Case:
    window = case.running(K.objection)
    if window is None:
        raise ActNotAllowed("已提出过异议，或本单位直接收到，不适用异议")
    if act.on > due(window, calendar):
        raise TooLate("收到后 5 个工作日内可提出异议（信访工作条例第二十三条）")
    return replace(meet(case, act.on, K.objection), objection="open", is_received=True)


def consent_to_return(case: Case, act: Act, calendar: WorkCalendar) -> Case:
    _require_objection(case, act)
    freed = stop(case, act.on, calendar, K.notify, K.acceptance)
    return start(replace(freed, state=S.returned, body=None, objection="", is_received=False), act.on, K.route)


def refuse_return(case: Case, act: Act, _: WorkCalendar) -> Case:
    _require_objection(case, act)
    return replace(case, objection="refused")


def _require_objection(case: Case, act: Act) -> None:
    if case.objection != "open":
        raise ActNotAllowed("没有待审核的异议")
    if act.unit is not None and act.unit == case.body:
        raise SameUnit("异议由转送交办的单位审核")


def notify(case: Case, act: Act, _: WorkCalendar) -> Case:
    if case.running(K.notify) is None:
        raise ActNotAllowed("已告知，或信访人姓名、住址不清而无法告知")
    return replace(meet(case, act.on, K.notify), is_received=True)


def accept(case: Case, act: Act, calendar: WorkCalendar) -> Case:
    """The petitioner is told with it (受理告知书); only the sixth route of art. 31 carries a clock of handling."""
    petition_class, legal_route = _classified(case, act)
    if petition_class is None:
        raise bad("/petition_class", "required", "受理前请先分类")
    is_claim = petition_class is PetitionClass.appeal_claim
    if is_claim and legal_route is None:
        raise bad("/legal_route", "required", "申诉求决请注明第三十一条的第几项")
    if not is_claim and legal_route is not None:
        raise bad("/legal_route", "only_appeal_claim", "只有申诉求决才有法定途径")
    carries_clock = legal_route is LegalRoute.petition_opinion
    if is_claim and not carries_clock:
        raise ActNotAllowed("应当导入其他法定途径的，请办理“导入法定途径”")
    if act.is_simple and not carries_clock:
        raise bad("/simple_ground", "only_route_6", "简易办理只适用于出具处理意见的事项")
    told = stop(meet(case, act.on, K.notify, K.acceptance), act.on, calendar, K.objection)
    accepted = replace(
        told,
        state=S.accepted,
        petition_class=petition_class,
        legal_route=legal_route,
        accepted_on=act.on,
        is_simple=act.is_simple,
        is_received=True,
        objection="",
    )
    if not carries_clock:
        return accepted
    return start(accepted, act.on, K.simple if act.is_simple else K.handle)


def _classified(case: Case, act: Act) -> tuple[PetitionClass | None, LegalRoute | None]:
    """Class and route as the act has them; what it leaves open is as before, but a route goes with its class."""
    petition_class = act.petition_class or case.petition_class
    if act.legal_route is not None or petition_class is not PetitionClass.appeal_claim:
        return petition_class, act.legal_route
    return petition_class, case.legal_route


def reject(case: Case, act: Act, _: WorkCalendar) -> Case:
    if act.reason == RejectReason.not_competent and case.state is S.forwarded and not case.is_direct:
        raise ActNotAllowed("转送交办的事项不属于本单位职权范围的，请提出异议（信访工作条例第二十三条）")
    return replace(meet(case, act.on, K.route, K.notify, K.acceptance), state=S.rejected)


def route_to_legal_channel(case: Case, act: Act, _: WorkCalendar) -> Case:
    petition_class, legal_route = _classified(case, act)
    if petition_class not in (None, PetitionClass.appeal_claim):
        raise bad("/petition_class", "only_appeal_claim", "只有申诉求决才导入法定途径")
    legal_route = legal_route or case.legal_route
    if legal_route is None or legal_route is LegalRoute.petition_opinion:
        raise bad("/legal_route", "required", "请注明第三十一条第一至五项中的哪一项")
    told = meet(case, act.on, K.route, K.notify, K.acceptance)
    return replace(
        told, state=S.routed_to_legal_channel, petition_class=PetitionClass.appeal_claim, legal_route=legal_route
    )
