"""Use cases of supervision orders. Every act computes the day the order's next step falls due."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from services.projects.ledger import service as ledger
from services.projects.supervision import queries, rules, writes
from services.projects.supervision.ladder import Standing
from services.projects.supervision.models import order_extension, order_feedback, supervision_order
from services.projects.thresholds import thresholds
from shared.chassis.clock import Clock, today
from shared.chassis.identity import Caller
from shared.clients.parties import Known
from shared.errors import Conflict, NotFound
from shared.schemas.base import SHANGHAI
from shared.schemas.projects.supervision import (
    AnswerIn,
    AssignIn,
    CloseIn,
    ExtendIn,
    OrderDetail,
    OrderExtensionOut,
    OrderFeedbackOut,
    OrderIn,
    OrderOut,
    OrderSource,
    OrderState,
    OrderStepOut,
    ReviewIn,
)
from shared.storage import Session, work
from shared.storage.rows import Row

OFFICE = "office"
_WHAT = "这张督办单"
Shown = TypeVar("Shown", bound=OrderOut)


@dataclass(frozen=True, slots=True)
class OverdueOrder:
    """A live order past its deadline."""

    order_id: UUID
    code: str
    matter: str
    project_id: UUID | None
    lead_unit_code: str | None
    due_on: dt.date
    source_ref: str | None


async def overdue_orders(session: Session, division_code: str, today: dt.date) -> list[OverdueOrder]:
    """Oldest due first."""
    return [
        OverdueOrder(
            order_id=row["id"],
            code=row["code"],
            matter=row["matter"],
            project_id=row["project_id"],
            lead_unit_code=row["lead_unit_code"],
            due_on=row["due_on"],
            source_ref=row["source_ref"],
        )
        for row in await queries.overdue(session, division_code, today)
    ]


async def open_order(
    session: Session,
    actor: Caller,
    division_code: str,
    *,
    source: OrderSource,
    source_ref: str,
    project_id: UUID | None,
    matter: str,
    lead_unit: tuple[str, str] | None,
    due_on: dt.date,
    now: dt.datetime,
) -> Row | None:
    """An order opened in the name of the office by a rule or a meeting; None when one of this `source_ref` is open.

    `lead_unit` is code and name; without it nobody owns the order. Who calls inside a transaction that also locks the
    project does so before: the county's counter of orders comes after it.
    """
    if await queries.refs(session, division_code, [source_ref], live=True):
        return None
    asked = {"source": source.value, "source_ref": source_ref, "project_id": project_id, "matter": matter}
    code, name = lead_unit or (None, None)
    issued_on = now.astimezone(SHANGHAI).date()
    return await _add(
        session,
        actor,
        division_code,
        asked | {"lead_unit_code": code, "lead_unit_name": name, "due_on": due_on, "issued_by_office": True},
        issued_on,
        now,
    )


async def _add(
    session: Session, actor: Caller, division_code: str, asked: dict[str, Any], issued_on: dt.date, now: dt.datetime
) -> Row | None:
    settings = await thresholds.values(session, division_code)
    standing = Standing(
        state=OrderState.OPEN.value,
        issued_on=issued_on,
        due_on=asked["due_on"],
        silent_percent=settings["silent_percent"],
        step_days=settings["ladder_step_days"],
        feedback_every_days=asked.get("feedback_every_days"),
        lead_unit_code=asked["lead_unit_code"],
        assigned_on=issued_on if asked["lead_unit_code"] else None,
    )
    code = await writes.next_code(session, division_code)
    plain = {"is_criticism": False, "co_units": [], "first_due_on": asked["due_on"], "code": code}
    told = {name: asked[name] for name in ("source", "project_id", "lead_unit_code", "due_on")} | {"code": code}
    values = plain | asked | standing.columns
    return await work.add(session, supervision_order, actor, division_code, values, now, action="issue", detail=told)


async def issue(session: Session, caller: Caller, body: OrderIn, known: Known, clock: Clock) -> Row:
    """An order issued by a person: the office, or a leader in his own name."""
    rules.check_issue(body, today(clock))
    if body.project_id is not None:
        await ledger.own_project(session, caller, body.project_id, lock=True)
    asked = body.model_dump(exclude={"co_unit_codes", "due_on"}) | {
        "due_on": body.due_on,
        "lead_unit_name": body.lead_unit_code and known.unit(body.lead_unit_code, "/lead_unit_code").name,
        "co_units": [
            {"code": code, "name": known.unit(code, f"/co_unit_codes/{place}").name}
            for place, code in enumerate(body.co_unit_codes)
        ],
        "person_name": body.person_code and known.person(body.person_code, "/person_code").name,
        "issued_by_office": OFFICE in caller.roles,
    }
    row = await _add(session, caller, caller.home, asked, today(clock), clock.now())
    if row is None:
        raise Conflict("督办单编号刚刚被占用，请重试")
    return row


async def load(session: Session, caller: Caller, order_id: UUID) -> Row:
    return _seen(caller, await work.load(session, supervision_order, caller, order_id, what=_WHAT))


async def load_own(session: Session, caller: Caller, order_id: UUID) -> Row:
    """Locked, in the caller's own division."""
    return _seen(caller, await work.load_own(session, supervision_order, caller, order_id, None, what=_WHAT))


def _seen(caller: Caller, row: Row) -> Row:
    party = rules.party_of(caller.roles, caller.unit)
    if party is not None and party not in {row["lead_unit_code"], *(unit["code"] for unit in row["co_units"])}:
        raise NotFound(f"没有{_WHAT}，或不在您的管辖范围内")
    return row


async def _move(
    session: Session, caller: Caller, row: Row, standing: Standing, clock: Clock, action: str, **more: Any
) -> Row:
    """The order as it stands after an act; what people wrote stays out of audit and events."""
    before = {name: row[name] for name in standing.columns}
    told = {name: value for name, value in standing.columns.items() if value != before[name]}
    return await work.move(
        session, supervision_order, caller, row, standing.columns | more, clock.now(), action=action, detail=told
    )


async def answer(session: Session, caller: Caller, order_id: UUID, body: AnswerIn, clock: Clock) -> Row:
    row = await load_own(session, caller, order_id)
    on_behalf = rules.answers_on_behalf(row["lead_unit_code"], caller.unit, OFFICE in caller.roles)
    after = rules.answer(Standing.of(row), today(clock), is_done=body.is_done)
    said = {
        "order_id": order_id,
        "unit_code": row["lead_unit_code"],
        "on_behalf": on_behalf,
        "answered_on": today(clock),
        "progress": body.progress,
        "is_done": body.is_done,
    }
    told = {"order_id": order_id, "is_done": body.is_done, "on_behalf": on_behalf}
    await work.add(session, order_feedback, caller, row["division_code"], said, clock.now(), detail=told)
    return await _move(session, caller, row, after, clock, "answer")


async def review(session: Session, caller: Caller, order_id: UUID, body: ReviewIn, clock: Clock) -> Row:
    row = await load_own(session, caller, order_id)
    claim = await queries.claim(session, row)
    if claim is None:
        raise rules.NothingToReview("责任单位尚未申请审核")
    after = rules.review(Standing.of(row), body.verdict, claim["created_by"], caller.subject)
    judged = {"verdict": body.verdict.value, "reviewed_by": caller.subject, "reviewed_on": today(clock)}
    await work.move(
        session,
        order_feedback,
        caller,
        claim,
        judged | {"opinion": body.opinion},
        clock.now(),
        action="review",
        detail=judged,
    )
    return await _move(session, caller, row, after, clock, "review")


async def extend(session: Session, caller: Caller, order_id: UUID, body: ExtendIn, clock: Clock) -> Row:
    row = await load_own(session, caller, order_id)
    rules.check_issuer(row["created_by"], row["issued_by_office"], caller.subject, OFFICE in caller.roles)
    after = rules.extend(Standing.of(row), body.due_on, today(clock))
    given = {"order_id": order_id, "number": after.extensions, "from_on": row["due_on"], "to_on": body.due_on}
    await work.add(
        session,
        order_extension,
        caller,
        row["division_code"],
        given | {"reason": body.reason},
        clock.now(),
        detail=given,
    )
    return await _move(session, caller, row, after, clock, "extend")


async def assign(session: Session, caller: Caller, order_id: UUID, body: AssignIn, known: Known, clock: Clock) -> Row:
    unit = known.unit(body.lead_unit_code, "/lead_unit_code")
    person = known.person(body.person_code, "/person_code") if body.person_code else None
    row = await load_own(session, caller, order_id)
    after = rules.assign(Standing.of(row), unit.code, body.due_on, today(clock))
    more = {"lead_unit_name": unit.name}
    if person is not None:
        more |= {"person_code": person.code, "person_name": person.name}
    return await _move(session, caller, row, after, clock, "assign", **more)


async def close(session: Session, caller: Caller, order_id: UUID, body: CloseIn, clock: Clock) -> Row:
    row = await load_own(session, caller, order_id)
    after = rules.close(Standing.of(row), today(clock), caller.subject)
    return await _move(session, caller, row, after, clock, "close", conclusion=body.conclusion)


def shown(model: type[Shown], row: Row, today: dt.date, **more: Any) -> Shown:
    """A row in the shape of `OrderOut`, or of `OrderDetail` with what else that holds."""
    unit = {"code": row["lead_unit_code"], "name": row["lead_unit_name"]} if row["lead_unit_code"] else None
    overdue = rules.days_overdue(row["state"], row["due_on"], today)
    return work.shown(model, row, lead_unit=unit, days_overdue=overdue, **more)


async def detail(session: Session, caller: Caller, order_id: UUID, clock: Clock) -> OrderDetail:
    row = await load(session, caller, order_id)
    return shown(
        OrderDetail,
        row,
        today(clock),
        steps=[work.shown(OrderStepOut, step) for step in await queries.steps(session, row)],
        extension_list=[work.shown(OrderExtensionOut, given) for given in await queries.extensions(session, row)],
        feedback_list=[work.shown(OrderFeedbackOut, said) for said in await queries.feedbacks(session, row)],
    )
