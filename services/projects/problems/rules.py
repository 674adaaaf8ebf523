"""When a problem may move, and how high an overdue one has climbed."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from shared.chassis.days import still_ahead
from shared.errors import Conflict, FieldError, Forbidden, Invalid, SamePerson
from shared.schemas.projects.problems import ProblemLevel, ProblemScope, ProblemState

L, S = ProblemLevel, ProblemState
LEVELS = tuple(ProblemLevel)
OFFICE_ROLES = frozenset({"office", "leader"})


class NotAuthorised(Conflict):
    code, title, title_en = "not_authorised", "个性问题须先经办公室授权或备案", "Not authorised"


class UndecidedProblem(Conflict):
    code, title, title_en = "undecided", "共性问题须先由领导小组作出决策", "Not decided"


class WrongState(Conflict):
    code, title, title_en = "wrong_state", "问题当前状态不能进行此操作", "Wrong state"


class DeadlinePassed(Conflict):
    code, title, title_en = "deadline_passed", "期限已过，不能再改", "Deadline passed"


class NotYourUnit(Forbidden):
    code, title, title_en = "not_your_unit", "只有责任单位、协办单位或办公室可以办理", "Not your unit"


def level_on(level: ProblemLevel, due_on: dt.date, today: dt.date, climb_days: int) -> ProblemLevel:
    """Where an unsolved problem stands: one level up for every `climb_days` past its deadline; never down."""
    due = min(max((today - due_on).days, 0) // climb_days, len(LEVELS) - 1)
    return LEVELS[max(due, LEVELS.index(level))]


def climbs_when_due_by(level: ProblemLevel, today: dt.date, climb_days: int) -> dt.date | None:
    """Problems of `level` due on this day or before climb today; None at the top. The inverse of `level_on`."""
    steps = LEVELS.index(level) + 1
    return today - dt.timedelta(days=climb_days * steps) if steps < len(LEVELS) else None


def first_level(unit_code: str | None) -> ProblemLevel:
    """What no unit has taken on is the office's from the first day."""
    return L.office if unit_code is None else L.unit


def days_late(state: ProblemState, due_on: dt.date, today: dt.date) -> int | None:
    return (today - due_on).days if state != S.solved and today > due_on else None


def concerned(problem: Mapping[str, Any]) -> set[str | None]:
    """Codes of the responsible and the co-operating units."""
    return {problem["unit_code"], *(unit["code"] for unit in problem["co_units"])}


def check_party(roles: Iterable[str], unit: str | None, concerned: Iterable[str | None]) -> None:
    """The office and leaders act for anybody; others only for their own unit."""
    if not OFFICE_ROLES & set(roles) and (unit is None or unit not in concerned):
        raise NotYourUnit("请由责任单位、协办单位或领导小组办公室办理")


def check_editor(roles: Iterable[str], unit: str | None, subject: str, problem: Mapping[str, Any]) -> None:
    """Who reported it may also correct the report, as long as nobody has acted on it."""
    if subject != problem["created_by"] or problem["state"] != S.reported:
        check_party(roles, unit, concerned(problem))


def check_reassignment(roles: Iterable[str], subject: str, problem: Mapping[str, Any], unit_code: str | None) -> None:
    """No unit hands its problem to another: disputes go back to the office (domain 5.2)."""
    if unit_code == problem["unit_code"] or OFFICE_ROLES & set(roles):
        return
    if subject != problem["created_by"] or problem["state"] != S.reported:
        raise Forbidden("调整责任单位请由领导小组办公室办理")


def check_due(due_on: dt.date, found_on: dt.date) -> None:
    if due_on < found_on:
        raise Invalid(errors=[FieldError("/due_on", "before_found", "期限早于发现日期")])


def authorise(state: ProblemState, scope: ProblemScope, reported_by: str, authoriser: str) -> ProblemState:
    if scope is ProblemScope.common:
        raise WrongState("共性问题不由办公室授权，请提交领导小组决策")
    if state is not S.reported:
        raise WrongState("此问题已经授权或备案")
    if reported_by == authoriser:
        raise SamePerson("请由上报人以外的人授权或受理备案")
    return S.authorised


def start(state: ProblemState, scope: ProblemScope, *, decided: bool) -> ProblemState:
    if state in (S.working, S.solved):
        raise WrongState("此问题已经开始解决或已解决")
    check_allowed(state, scope, decided=decided)
    return S.working


def check_allowed(state: ProblemState, scope: ProblemScope, *, decided: bool) -> None:
    """Authorisation or 备案 on file for an individual problem, a decision for a common one."""
    if scope is ProblemScope.common and not decided:
        raise UndecidedProblem("请先提交领导小组并作出决策")
    if scope is ProblemScope.individual and state is S.reported:
        raise NotAuthorised("请先取得办公室授权，或先将备案报告存档")


def solve(state: ProblemState, scope: ProblemScope, *, decided: bool) -> ProblemState:
    if state is S.solved:
        raise WrongState("此问题已经解决")
    check_allowed(state, scope, decided=decided)
    if state is not S.working:
        raise WrongState("此问题尚未开始解决")
    return S.solved


def reopen(state: ProblemState, due_on: dt.date, today: dt.date) -> ProblemState:
    """A result that did not hold. What the office allowed was the first attempt, not the next; what the leading group
    decided stands until it decides again."""
    if state is not S.solved:
        raise WrongState("只有已解决的问题可以重新打开")
    still_ahead(due_on, today, "/due_on")
    return S.reported


def check_deadline_change(roles: Iterable[str], old: dt.date, new: dt.date, today: dt.date) -> None:
    """Earlier is always possible; later only by the office, and only while the old one has not passed."""
    if new <= old:
        return
    if not OFFICE_ROLES & set(roles):
        raise Forbidden("延长期限请由领导小组办公室办理")
    if old < today:
        raise DeadlinePassed("期限已过，不能再延长；请尽快解决")


def check_unsolved(state: ProblemState) -> None:
    if state is S.solved:
        raise WrongState("此问题已解决；如未真正解决，请重新打开")


def check_scope_change(to: ProblemScope, *, linked: bool) -> None:
    """What turns out to be common waits for the leading group from then on; one already put to it stays common."""
    if to is ProblemScope.individual and linked:
        raise WrongState("此问题已提交领导小组决策，不能再改为个性问题")


def complete_step(state: ProblemState, *, done: bool) -> None:
    """Doing a step is action: it waits for what allows action."""
    if done:
        raise WrongState("此项措施已完成")
    if state is not S.working:
        raise WrongState("问题尚未开始解决，或已解决")


def check_submittable(problem: Mapping[str, Any], *, waiting: bool) -> None:
    """Only an unsolved common problem goes to the leading group, and to one question at a time."""
    if problem["scope"] != ProblemScope.common or problem["state"] != S.reported:
        raise WrongState("只有尚未开始解决的共性问题可以提交领导小组")
    if waiting:
        raise WrongState("此问题已提交领导小组，等待决策")
