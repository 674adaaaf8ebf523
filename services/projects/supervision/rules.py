"""Rules of a supervision order 督办单: who may do what when, and the ladder it climbs (`domain.md` 5.2).

Pure: a `Standing` in, the next `Standing` or a `Problem` out. Days are days in China; a deadline ends at 24:00.
"""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Self

from shared.errors import Conflict, FieldError, Forbidden, Invalid
from shared.schemas.projects.supervision import (
    AccountabilityIn,
    AccountabilityKind,
    OrderIn,
    OrderSource,
    OrderState,
    OrderVerdict,
    SupervisionLevel,
)

DAY = dt.timedelta(days=1)
LADDER = (
    SupervisionLevel.REMINDER,
    SupervisionLevel.BULLETIN,
    SupervisionLevel.INTERVIEW,
    SupervisionLevel.LISTED,
    SupervisionLevel.ACCOUNTABILITY,
)
KINDS_OF_UNITS = frozenset(
    {AccountabilityKind.WRITTEN_INSPECTION, AccountabilityKind.CIRCULATED, AccountabilityKind.REORGANISED}
)
KINDS_OF_PERSONS = frozenset(AccountabilityKind) - {
    AccountabilityKind.WRITTEN_INSPECTION,
    AccountabilityKind.REORGANISED,
}
LIVE = (OrderState.OPEN, OrderState.ANSWERED)


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


class SamePerson(Conflict):
    code, title, title_en = "same_person", "须由另一人办理", "Needs a second person"


@dataclass(frozen=True, slots=True)
class Standing:
    """What of an order decides its next step; every field is a column of `supervision_order`."""

    state: str
    issued_on: dt.date
    due_on: dt.date
    silent_percent: int
    step_days: int
    feedback_every_days: int | None = None
    lead_unit_code: str | None = None
    assigned_on: dt.date | None = None
    extensions: int = 0
    last_feedback_on: dt.date | None = None
    claimed_on: dt.date | None = None
    answered_by: str | None = None
    level: str | None = None
    level_on: dt.date | None = None
    escalated_on: dt.date | None = None
    closed_on: dt.date | None = None
    closed_by: str | None = None

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Self:
        return cls(**{f.name: row[f.name] for f in fields(cls)})

    @property
    def columns(self) -> dict[str, Any]:
        """As the row holds it, with the day a sweep must look at it again."""
        rung = next_rung(self)
        own: dict[str, Any] = {f.name: getattr(self, f.name) for f in fields(self)}
        return own | {"next_due_on": rung.due_on if rung else None}


@dataclass(frozen=True, slots=True)
class Rung:
    """A step of the ladder and the day it falls due."""

    level: SupervisionLevel
    due_on: dt.date


def next_rung(order: Standing) -> Rung | None:
    """The step that comes next if nothing else happens; None when nothing more comes by itself.

    催办 falls due on the first of: the day after the deadline, a feedback missed in the rhythm, and, without any
    feedback, the day `silent_percent` of the time is gone. Each further step comes `step_days` after the day the last
    one would have followed the deadline, and never sooner than `step_days` after the last one was taken, so that a unit
    always has time to answer a step. A claim of being done holds the ladder only if it was made in time.
    """
    if order.state not in LIVE:
        return None
    if order.lead_unit_code is None:
        return None if order.escalated_on else Rung(SupervisionLevel.ESCALATION, order.issued_on)
    if order.claimed_on is not None and order.claimed_on <= order.due_on:
        return None
    step = order.step_days * DAY
    if order.level is None or order.level_on is None:
        return Rung(LADDER[0], _reminder_on(order))
    place = LADDER.index(SupervisionLevel(order.level)) + 1
    if place == len(LADDER):
        return None
    return Rung(LADDER[place], max(order.due_on + DAY + place * step, order.level_on + step))


def _reminder_on(order: Standing) -> dt.date:
    begun = order.assigned_on or order.issued_on
    days = [order.due_on + DAY]
    if order.last_feedback_on is None:
        percent_of_days = (order.due_on - begun).days * order.silent_percent
        days.append(begun + max(1, -(-percent_of_days // 100)) * DAY)
    if order.feedback_every_days is not None:
        days.append((order.last_feedback_on or begun) + (order.feedback_every_days + 1) * DAY)
    return min(days)


def ladder(order: Standing, today: dt.date) -> Rung | None:
    """The one step to take today; None when none is due."""
    rung = next_rung(order)
    return rung if rung is not None and rung.due_on <= today else None


def climb(order: Standing, rung: Rung, today: dt.date) -> Standing:
    """The order after `rung`, which was due, has been taken."""
    if rung.level == SupervisionLevel.ESCALATION:
        return replace(order, escalated_on=today)
    return replace(order, level=rung.level.value, level_on=today)


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
    """After a unit has taken an order nobody owned. Its time begins today; it is given a day that is still to come."""
    _live(order)
    if order.lead_unit_code is not None:
        raise OrderOwned("已有责任单位的督办单不能再指定")
    if (due_on or order.due_on) < today:
        raise Invalid(errors=[FieldError("/due_on", "past", "原时限已过，请填写今天或以后的日期")])
    return replace(order, lead_unit_code=unit_code, assigned_on=today, due_on=due_on or order.due_on)


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
    if body.decided_on > today:
        raise Invalid(errors=[FieldError("/decided_on", "future_date", "请填写今天或以前的日期")])


def days_overdue(state: str, due_on: dt.date, today: dt.date) -> int:
    return max(0, (today - due_on).days) if state in LIVE else 0
