"""A row of a register as the acts it stands for: registered, sent, accepted, extended, answered, delivered. Pure.

What a register does not say but the law presumes (when it was sent, who approved an extension, when an answer reached
its reader) is put in and marked `is_assumed`. What was done late is taken as it was; what cannot have happened is an
error at its cell.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from services.petitions.intake.rules import is_accusation
from services.petitions.life.case import Act, Case
from services.petitions.life.moves import TooLate
from services.petitions.life.rules import apply
from services.petitions.life.service import Paper, Sent
from shared.chassis.calendar import WorkCalendar
from shared.schemas.petitions.intake import Purpose
from shared.schemas.petitions.states import ActKind, LegalRoute, PetitionClass, PetitionState

A, S = ActKind, PetitionState
Facts = Mapping[str, Any]
Note = tuple[str, str, str]
"""Fact, code and message."""
DAYS = "petitioned_on registered_on forwarded_on accepted_on extended_on opinion_on delivered_on rated_on".split()
EXTENSION_DAYS = 30
"""是否延期=是 without a number of days."""
NOBODY = "登记单位"
"""Who has a petition when the register names no unit and whoever imports it is of none."""


@dataclass(frozen=True, slots=True)
class Who:
    """Whose acts these are: the import itself `asks` for an extension, the office `acts`, for its `unit`."""

    acts: str
    asks: str
    unit: str | None
    asks_name: str = "登记簿导入"


@dataclass
class Course:
    """A case moved on act by act; `acts` are those that were added, `papers` theirs by number of the act."""

    calendar: WorkCalendar
    case: Case | None = None
    acts: list[Act] = field(default_factory=list)
    papers: dict[int, Paper] = field(default_factory=dict)
    since: dt.date | None = None

    def do(self, act: Act, paper: Paper | None = None) -> None:
        before = self.case.state if self.case else None
        self.case = apply(self.case, act, self.calendar)
        self.acts.append(act)
        if paper is not None:
            self.papers[self.case.acts] = paper
        if self.case.state is not before:
            self.since = act.on


def registered_on(facts: Facts) -> dt.date | None:
    return facts.get("registered_on") or facts.get("petitioned_on")


def impossible(facts: Facts, today: dt.date) -> list[Note]:
    """Every day that cannot be."""
    found = [(name, "future_date", "日期晚于今天") for name in DAYS if facts.get(name) and facts[name] > today]
    start = registered_on(facts)
    if start is None:
        return [*found, ("registered_on", "day_missing", "请填写登记日期")]
    if facts.get("petitioned_on") and facts["petitioned_on"] > start:
        found.append(("petitioned_on", "after_registration", "信访日期晚于登记日期"))
    for name in ("forwarded_on", "accepted_on", "extended_on", "opinion_on"):
        if facts.get(name) and facts[name] < start:
            found.append((name, "before_registration", f"早于登记日期 {start.isoformat()}"))
    last = facts.get("opinion_on")
    for name in ("delivered_on", "rated_on"):
        if facts.get(name) and facts[name] < (last or start):
            found.append((name, "before_opinion", "早于答复日期" if last else "早于登记日期"))
    if facts.get("people_count") == 0:
        found.append(("people_count", "people_count_zero", "人数至少为 1；不清楚请留空"))
    return found


def class_of(facts: Facts) -> tuple[PetitionClass, LegalRoute | None, bool]:
    """Class, route, and whether the row left them open: a claim that an opinion answers."""
    route = LegalRoute(facts["legal_route"]) if facts.get("legal_route") else None
    stated = PetitionClass(facts["petition_class"]) if facts.get("petition_class") else None
    if stated is None and route is None:
        if is_accusation(None, facts.get("purpose")):
            return PetitionClass.accusation, None, False
        if facts.get("purpose") == Purpose.suggestion:
            return PetitionClass.suggestion, None, False
    if stated in (PetitionClass.suggestion, PetitionClass.accusation):
        return stated, None, False
    return PetitionClass.appeal_claim, route or LegalRoute.petition_opinion, stated is None or route is None


def begin(course: Course, facts: Facts, bodies: Sequence[Sent], who: Who) -> None:
    """Registered, and with whom it is."""
    start = registered_on(facts)
    assert start is not None, "a row without a day was refused"
    petition_class, route, _ = class_of(facts)
    own = who.unit or NOBODY
    course.do(
        Act(
            A.register,
            start,
            who.acts,
            unit=who.unit,
            to_unit=None if bodies else own,
            petition_class=petition_class,
            legal_route=route,
            cannot_be_told=bool(facts.get("is_anonymous")),
        ),
        None if bodies else Paper(to_unit_name=own),
    )
    if bodies:
        send(course, facts, bodies, who)


def send(course: Course, facts: Facts, bodies: Sequence[Sent], who: Who) -> None:
    """On the day it was registered unless another is stated; a paper written after the acceptance moves nothing."""
    assert course.case is not None, "it was registered"
    days = [facts[name] for name in ("forwarded_on", "accepted_on", "opinion_on") if facts.get(name)]
    on = min(days) if facts.get("forwarded_on") else course.case.registered_on
    lead, *others = bodies
    act = Act(
        A.forward,
        max(on, course.case.last_on or on),
        who.acts,
        unit=who.unit,
        to_unit=lead.unit_code,
        is_assumed=not facts.get("forwarded_on"),
    )
    course.do(act, Paper(to_unit_name=lead.unit_name, co_units=tuple(others)))


def carry_on(course: Course, facts: Facts, who: Who) -> list[Note]:
    """Everything the row says was done and the case does not know yet.

    Raises what an act raises that the case does not allow.
    """
    case = course.case
    assert case is not None, "it was registered"
    notes = list[Note]()
    body = case.body
    answered, told = facts.get("opinion_on"), facts.get("accepted_on")
    if facts.get("is_accepted") is False:
        if told is None:
            return (
                [("is_accepted", "day_missing", "没有告知日期，未记入“不予受理”")] if case.state is S.forwarded else []
            )
        if case.state is not S.rejected:
            course.do(Act(A.reject, told, who.acts, unit=body))
        return [("opinion_on", "not_accepted", "不予受理的事项没有处理意见，答复日期未采用")] if answered else []
    on = told or answered
    if on is not None and case.accepted_on is None and case.state is not S.routed_to_legal_channel:
        if case.legal_route in (None, LegalRoute.petition_opinion):
            course.do(Act(A.accept, on, who.acts, unit=body, is_assumed=told is None))
            if told is None:
                notes.append(("opinion_on", "acceptance_assumed", "没有受理告知日期，按答复之日受理处理"))
        else:
            course.do(Act(A.route_to_legal_channel, on, who.acts, unit=body))
            if answered:
                notes.append(("opinion_on", "legal_channel", "已导入其他法定途径，答复日期未采用"))
    if facts.get("is_extended"):
        notes += _extend(course, facts, who)
    case = course.case
    if answered and case is not None and case.opinion_on is None and case.state is S.accepted:
        notes += _answer(course, facts, who, answered)
    return notes


def _extend(course: Course, facts: Facts, who: Who) -> list[Note]:
    """By two persons, none of whom a register names: the import asks, the office approves."""
    case = course.case
    if case is None or case.state is not S.accepted or case.is_extended or case.accepted_on is None:
        return []
    stated = facts.get("extended_on")
    on = max(stated or case.accepted_on, case.last_on or case.accepted_on)
    if facts.get("opinion_on") and on > facts["opinion_on"]:
        return [("extended_on", "extension_too_late", "延期晚于答复，未采用")]
    body, days = case.body, facts.get("extension_days") or EXTENSION_DAYS
    asks = Act(A.request_extension, on, who.asks, unit=body, days=days, is_assumed=True)
    grants = Act(A.approve_extension, on, who.acts, unit=body, told_on=on, is_assumed=True)
    try:
        course.do(asks, Paper(actor_name=who.asks_name))
    except TooLate:
        return [("extended_on", "extension_too_late", "办理期限届满后的延期不予认可（信访工作条例第三十四条），未采用")]
    course.do(grants)
    return []


def _answer(course: Course, facts: Facts, who: Who, stated: dt.date) -> list[Note]:
    case = course.case
    assert case is not None
    assert case.accepted_on is not None
    on, notes = max(stated, case.accepted_on), list[Note]()
    if on != stated:
        said = Paper(text=f"登记簿所载答复日期为 {stated.isoformat()}，早于受理告知日期")
        course.do(Act(A.comment, on, who.acts, unit=who.unit), said)
        notes.append(("opinion_on", "answered_before_told", "答复早于受理告知，按受理告知之日记载，原日期写入备注"))
    paper = Paper(document_number=facts.get("opinion_number"))
    if case.petition_class is PetitionClass.appeal_claim:
        course.do(Act(A.issue_opinion, on, who.acts, unit=case.body), paper)
        delivered = facts.get("delivered_on")
        reached = max(delivered or on, on)
        course.do(Act(A.deliver, reached, who.acts, unit=case.body, is_assumed=delivered is None))
    else:
        course.do(Act(A.answer, on, who.acts, unit=case.body), paper)
    return notes
