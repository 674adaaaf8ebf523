"""Rules of a supervision order 督办单: who may do what when, and how it stands afterwards (`domain.md` 5.2).

Pure: a `Standing` in, the next `Standing` or a `Problem` out.
"""

import datetime as dt
from collections.abc import Collection
from dataclasses import replace

from services.projects.supervision.ladder import LIVE, Standing
from shared.chassis.days import happened_on, still_ahead
from shared.errors import Conflict, FieldError, Forbidden, Invalid, SamePerson
from shared.schemas.projects.supervision import (
    AccountabilityIn,
    AccountabilityKind,
    OrderIn,
    OrderSource,
    OrderState,
    OrderVerdict,
)

KINDS_OF_UNITS = frozenset(
    {AccountabilityKind.WRITTEN_INSPECTION, AccountabilityKind.CIRCULATED, AccountabilityKind.REORGANISED}
)
KINDS_OF_PERSONS = frozenset(AccountabilityKind) - {
    AccountabilityKind.WRITTEN_INSPECTION,
    AccountabilityKind.REORGANISED,
}


class OrderOver(Conflict):
    code, title, title_en = "order_over", "督办单已审核通过或已销号", "Order is over"


class OrderUnowned(Conflict):
    code, title, title_en = "order_unowned", "督办单尚无责任单位", "Order has no lead unit"


class OrderOwned(Conflict):
    code, title, title_en = "order_owned", "督办单已有责任单位", "Order has a lead unit"


class ReviewPending(Conflict):
    code, title, title_en = "review_pending", "已申请审核，尚未审核", "Review pending"


class NothingToReview(Conflict):
    code, title, title_en = "nothing_to_review", "没有待审核的反馈", "Nothing to review"


class OrderExpired(Conflict):
    code, title, title_en = "order_expired", "办结时限已过，不能延期", "Order has expired"


class NotTheIssuer(Forbidden):
    code, title, title_en = "not_the_issuer", "只有开单人或开单的办公室可以延期", "Not the issuer"


class NotTheLeadUnit(Forbidden):
    code, title, title_en = "not_the_lead_unit", "只有责任单位或办公室可以反馈", "Not the lead unit"


class NotAccepted(Conflict):
    code, title, title_en = "not_accepted", "反馈经审核通过后才能销号", "No accepted feedback"


def check_issue(body: OrderIn, today: dt.date) -> None:
    """What one order says must hold together, whoever issues it."""
    errors = []
    if body.source == OrderSource.RULE:
        errors.append(FieldError("/source", "reserved", "规则开出的督办单由系统生成，请选择其他来源"))
    if body.source == OrderSource.SUPERIOR and body.source_number is None:
        errors.append(FieldError("/source_number", "required", "上级交办的请填写上级的事项编号"))
    if body.is_criticism and body.source != OrderSource.SUPERIOR:
        errors.append(FieldError("/is_criticism", "only_of_superior", "只有上级交办的事项才有批评事项"))
    if body.due_on < today:
        errors.append(FieldError("/due_on", "past", "请填写今天或以后的日期"))
    if len({body.lead_unit_code, *body.co_unit_codes}) != len(body.co_unit_codes) + 1:
        errors.append(FieldError("/co_unit_codes", "repeated", "协办单位不能重复，也不能是责任单位"))
    if errors:
        raise Invalid(errors=errors)


def _live(order: Standing) -> None:
    if order.state not in LIVE:
        raise OrderOver("督办单已审核通过或已销号，不能再办理此事")


def party_of(roles: Collection[str], unit: str | None) -> str | None:
    """Whose orders are all that a caller sees: an enterprise sees its own; None for whoever sees every one."""
    return (unit or "") if set(roles) <= {"enterprise"} else None


def answers_on_behalf(lead_unit: str | None, unit: str | None, is_office: bool) -> bool:
    """Whether the office answers for the lead unit; False where the unit does so itself."""
    if lead_unit is not None and unit == lead_unit:
        return False
    if not is_office:
        raise NotTheLeadUnit("请由责任单位反馈，或由办公室代录")
    return True


def answer(order: Standing, today: dt.date, *, is_done: bool) -> Standing:
    """After a feedback; `is_done` asks for the review."""
    _live(order)
    if order.lead_unit_code is None:
        raise OrderUnowned("请办公室先指定责任单位")
    if not is_done:
        return replace(order, last_feedback_on=today)
    if order.state == OrderState.ANSWERED:
        raise ReviewPending("请等待审核；补充情况请不要再次申请审核")
    return replace(order, last_feedback_on=today, claimed_on=today, state=OrderState.ANSWERED.value)


def review(order: Standing, verdict: OrderVerdict, answered_by: str, reviewer: str) -> Standing:
    """After the office's verdict on the claim of `answered_by`; a returned claim holds nothing any more."""
    if order.state != OrderState.ANSWERED:
        raise NothingToReview("责任单位尚未申请审核")
    if reviewer == answered_by:
        raise SamePerson("审核人不能是反馈人")
    if verdict == OrderVerdict.ACCEPTED:
        return replace(order, state=OrderState.ACCEPTED.value, answered_by=answered_by)
    return replace(order, state=OrderState.OPEN.value, claimed_on=None)


def check_issuer(issued_by: str, by_office: bool, subject: str, is_office: bool) -> None:
    """The person who issued it, or the office where the office (or a rule in its name) did."""
    if subject != issued_by and not (by_office and is_office):
        raise NotTheIssuer("请由开单人办理延期")


def extend(order: Standing, due_on: dt.date, today: dt.date) -> Standing:
    """After an extension, which is asked for before expiry only."""
    _live(order)
    if today > order.due_on:
        raise OrderExpired("延期须在办结时限届满前提出")
    if due_on <= order.due_on:
        raise Invalid(errors=[FieldError("/due_on", "not_later", "请填写晚于现办结时限的日期")])
    return replace(order, due_on=due_on, extensions=order.extensions + 1)


def assign(order: Standing, unit_code: str, due_on: dt.date | None, today: dt.date) -> Standing:
    """After a unit has taken an order nobody owned. Its time begins today and ends on a day still to come.

    Only an order whose deadline has passed gets a later one this way: before that, more time is an extension, and the
    issuer's to give.
    """
    _live(order)
    if order.lead_unit_code is not None:
        raise OrderOwned("已有责任单位的督办单不能再指定")
    due_on = still_ahead(due_on or order.due_on, today, "/due_on")
    if today <= order.due_on < due_on:
        raise Invalid(errors=[FieldError("/due_on", "extension", "原时限未过，需要延长的请由开单人办理延期")])
    return replace(order, lead_unit_code=unit_code, assigned_on=today, due_on=due_on)


def close(order: Standing, today: dt.date, closer: str) -> Standing:
    """After 销号, by somebody other than who answered."""
    if order.state == OrderState.CLOSED:
        raise OrderOver("督办单已销号")
    if order.state != OrderState.ACCEPTED:
        raise NotAccepted("反馈经审核通过后才能销号")
    if closer == order.answered_by:
        raise SamePerson("销号人不能是反馈人")
    return replace(order, state=OrderState.CLOSED.value, closed_on=today, closed_by=closer)


def check_accountability(body: AccountabilityIn, today: dt.date) -> None:
    """One subject, a kind that exists for it (问责条例 art. 8), and a decision that has been made."""
    if (body.unit_code is None) == (body.person_code is None):
        raise Invalid(errors=[FieldError("/unit_code", "one_subject", "单位与人员请填写其中一项")])
    if body.kind not in (KINDS_OF_UNITS if body.person_code is None else KINDS_OF_PERSONS):
        raise Invalid(errors=[FieldError("/kind", "wrong_kind", "此种问责方式不适用于该对象")])
    happened_on(body.decided_on, today, "/decided_on")


def days_overdue(state: str, due_on: dt.date, today: dt.date) -> int:
    return max(0, (today - due_on).days) if state in LIVE else 0
