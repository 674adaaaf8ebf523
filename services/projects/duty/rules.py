"""What duty 包抓 asks for: one holder at a time, no gap in what a successor is told, no history rewritten.

Pure: values in, a value or a `Problem` out.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from shared.chassis.days import BadDay
from shared.errors import Conflict, FieldError, Invalid
from shared.schemas.gateway.directory import UnitKind
from shared.schemas.projects.duty import LABELS, AssignedRole, DutyRole, ResponsibilityKind
from shared.schemas.projects.groups import Seat

Term = Mapping[str, Any]
"""A row of `duty` or `group_seat`: its `began_on` and `ended_on` are half open, so the last day is the successor's."""
LEADERS = {DutyRole.lead: DutyRole.supporting, DutyRole.supporting: DutyRole.lead}
"""Roles of persons, each with the one that the same person cannot have beside it."""
NEEDED = tuple(role for role in DutyRole if role is not DutyRole.supporting)
BORNE_BY: dict[ResponsibilityKind, tuple[UnitKind, ...]] = {
    ResponsibilityKind.enterprise: (UnitKind.ENTERPRISE,),
    ResponsibilityKind.territory: (UnitKind.TOWNSHIP, UnitKind.GOVERNMENT),
    ResponsibilityKind.department: (UnitKind.DEPARTMENT,),
    # Police, prosecution and justice bureau are departments in a county's directory.
    ResponsibilityKind.judicial: (UnitKind.COURT, UnitKind.DEPARTMENT),
}
"""Which kinds of unit can bear each of the four responsibilities."""
UNIT_ROLES = ("taskforce", *(kind.value for kind in ResponsibilityKind))
"""Roles a unit answers in, the one that counts first where it has several."""


class AlreadyAssigned(Conflict):
    code, title, title_en = "already_assigned", "现任就是此人（此单位）", "Already assigned"


class HandoverNoteRequired(Conflict):
    """Somebody holds the role; whoever takes it over is told what is under way."""

    code, title, title_en = "handover_note_required", "接替现任须写明交接说明", "Handover note required"


class EarlierThanHolder(Conflict):
    """A term that began before the last one did, or before it ended, would rewrite who answered then."""

    code, title, title_en = "earlier_than_holder", "起始日期早于前任", "Earlier than the previous holder"


class TwoRolesAtOnce(Conflict):
    code, title, title_en = "two_roles_at_once", "同一人不能既包抓又配合", "Two roles at once"


class LeadMustBeHandedOver(Conflict):
    """A project that is not resolved has a lead at every moment: the lead goes by handing over, never by leaving."""

    code, title, title_en = "lead_must_be_handed_over", "包抓领导只能由他人接替", "The lead must be handed over"


class AlreadyEnded(Conflict):
    code, title, title_en = "already_ended", "已经结束，不能再改", "Already ended"


class HeadTaken(Conflict):
    code, title, title_en = "head_taken", "已有组长", "The group has a head"


class NotSeated(Conflict):
    code, title, title_en = "not_seated", "此人现不在其中", "Not in the group"


class AlreadySettled(Conflict):
    code, title, title_en = "already_settled", "此项承诺已经了结", "Already settled"


class EnterpriseNotNamed(Conflict):
    code, title, title_en = "enterprise_not_named", "尚未明确企业主体责任", "Enterprise not named"


@dataclass(frozen=True, slots=True)
class Party:
    """Who answers: `code` and `name` of the person where one is named, else of the unit; the unit beside it."""

    code: str
    name: str
    unit_code: str | None
    unit_name: str | None


@dataclass(frozen=True, slots=True)
class LiveDuty:
    """Who answers for a project on a day; `responsibilities` by `ResponsibilityKind`, those nobody bears are None."""

    lead: Party | None = None
    supporting: Party | None = None
    taskforce: Party | None = None
    responsibilities: Mapping[str, Party | None] = field(default_factory=dict)


def party(term: Mapping[str, Any]) -> Party:
    code, name = (
        (term["person_code"], term["person_name"]) if term["person_code"] else (term["unit_code"], term["unit_name"])
    )
    return Party(code, name, term["unit_code"], term["unit_name"])


def live_duty(terms: Iterable[Mapping[str, Any]]) -> LiveDuty:
    """The terms of one project and day, at most one of each role."""
    holders = {term["role"]: party(term) for term in terms}
    return LiveDuty(
        lead=holders.get("lead"),
        supporting=holders.get("supporting"),
        taskforce=holders.get("taskforce"),
        responsibilities={kind.value: holders.get(kind.value) for kind in ResponsibilityKind},
    )


def holder_code(role: AssignedRole, person_code: str | None, unit_code: str | None) -> str:
    """Leaders are persons, a task force is a unit; the other code is left out."""
    of_unit = role is AssignedRole.taskforce
    code, other = (unit_code, person_code) if of_unit else (person_code, unit_code)
    named, unnamed = ("/unit_code", "/person_code") if of_unit else ("/person_code", "/unit_code")
    label = LABELS[AssignedRole][role]
    if code is None:
        raise Invalid(errors=[FieldError(named, "required", f"{label}请填写{'单位' if of_unit else '人员'}编码")])
    if other is not None:
        raise Invalid(errors=[FieldError(unnamed, "not_applicable", f"{label}不填此项")])
    return code


def same_holder(term: Term, person_code: str | None, unit_code: str | None) -> bool:
    """A leader who moves to another unit is the same leader; a unit that names another person is not the same party."""
    if term["role"] in LEADERS:
        return bool(term["person_code"] == person_code)
    return bool((term["person_code"], term["unit_code"]) == (person_code, unit_code))


def decide_term(
    beyond: Sequence[Term],
    role: DutyRole,
    *,
    person_code: str | None,
    unit_code: str | None,
    began_on: dt.date,
    handover_note: str | None,
) -> Term | None:
    """Whether a new holder may begin on a day; the term it ends that same day, if somebody holds the role.

    `beyond` are the terms of the project that were not over by that day.
    """
    other = LEADERS.get(role)
    if other is not None and any(term["role"] == other and term["person_code"] == person_code for term in beyond):
        message = f"此人其间为{LABELS[DutyRole][other]}；请先调整，或填写其卸任以后的日期"
        raise TwoRolesAtOnce(errors=[FieldError("/person_code", "two_roles_at_once", message)])
    of_role = [term for term in beyond if term["role"] == role]
    holder = next((term for term in of_role if term["ended_on"] is None), None)
    if holder is not None:
        if same_holder(holder, person_code, unit_code):
            raise AlreadyAssigned("无须重复指定")
        if handover_note is None:
            where = FieldError("/handover_note", "handover_note_required", "请写明已办、未办和须注意的事项")
            raise HandoverNoteRequired("此责任现有人承担；接替须写交接说明", [where])
    since = max((term["ended_on"] or term["began_on"] for term in of_role), default=None)
    if since is not None and began_on < since:
        message = f"请填写 {since.isoformat()} 或以后的日期"
        raise EarlierThanHolder(errors=[FieldError("/began_on", "earlier_than_holder", message)])
    return holder


def decide_end(term: Term, *, is_resolved: bool) -> None:
    """Whether a term may end without a successor."""
    if term["ended_on"] is not None:
        raise AlreadyEnded("这一任期已经结束")
    if term["role"] == DutyRole.lead and not is_resolved:
        raise LeadMustBeHandedOver("项目尚未化解，不能没有包抓领导；请直接指定接替者")


def decide_seat(last: Term | None, other_head: Term | None, seat: Seat, began_on: dt.date) -> None:
    """Whether a person may take a seat on a day. `last` is the seat they have in the group, or else had last;
    `other_head` is who heads it beside them, or else did last."""
    held = [last] if last is not None else []
    if seat is Seat.head and other_head is not None:
        if other_head["ended_on"] is None:
            raise HeadTaken("一个组只有一名组长；请先调整现任组长")
        held.append(other_head)
    since = max((term["ended_on"] or term["began_on"] for term in held), default=None)
    if since is not None and began_on < since:
        message = f"请填写 {since.isoformat()} 或以后的日期"
        raise EarlierThanHolder(errors=[FieldError("/effective_on", "earlier_than_holder", message)])


def decide_leaving(last: Term | None, reason: str | None) -> Term:
    """The seat that a person gives up, for a stated reason."""
    if last is None or last["ended_on"] is not None:
        raise NotSeated()
    if reason is None:
        raise Invalid(errors=[FieldError("/reason", "required", "请写明退出原因")])
    return last


def vacant(terms: Iterable[Term]) -> list[DutyRole]:
    """Roles somebody should hold and nobody does."""
    held = {term["role"] for term in terms}
    return [role for role in NEEDED if role not in held]


def decide_backstop(live: Iterable[Term], called_on: dt.date, decided_on: dt.date) -> Term:
    """The enterprise's term a backstop leans on: named, and called on in writing on a day before the decision (P31)."""
    enterprise = next((term for term in live if term["role"] == DutyRole.enterprise), None)
    if enterprise is None:
        raise EnterpriseNotNamed("请先指定企业主体责任方，书面要求其履责后，方可决定政府兜底")
    if called_on >= decided_on:
        message = "书面要求企业履责须早于兜底决定"
        raise BadDay(errors=[FieldError("/called_on", "called_after_decision", message)])
    return enterprise


def check_due(made_on: dt.date, due_on: dt.date) -> None:
    """A promise is for the day it is made or later, however late it is recorded."""
    if due_on < made_on:
        raise BadDay(errors=[FieldError("/due_on", "too_early", "期限不能早于作出承诺之日")])


def check_unsettled(promise: Mapping[str, Any]) -> None:
    if promise["outcome"] is not None:
        raise AlreadySettled("结果不能更改")


def days_late(due_on: dt.date, day: dt.date) -> int:
    """Calendar days after the last day promised; 0 up to and on it."""
    return max(0, (day - due_on).days)
