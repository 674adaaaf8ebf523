"""Reads of supervision."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Text, and_, any_, bindparam, not_, select

from services.projects.supervision.models import (
    LIVE,
    accountability,
    order_extension,
    order_feedback,
    order_step,
    supervision_order,
)
from shared.schemas.projects.supervision import SupervisionLevel
from shared.storage import Session, Table, rows
from shared.storage.rows import Row, dicts

SHOWN = 50
"""How many feedbacks and extensions an order carries with it."""


async def page(
    session: Session,
    scope: str,
    filters: Mapping[str, Any],
    *,
    today: dt.date,
    after: Sequence[str] | None,
    limit: int,
) -> list[Row]:
    """`filters`: None does not filter. `unit` and `party` lead or co-operate: the unit asked for, and the one whose
    orders are all that the caller sees. `overdue` and `unowned` are about orders still live."""
    order = supervision_order
    equal = {name: filters[name] for name in ("state", "level", "source", "project_id")}
    where: list[ColumnElement[bool]] = []
    if filters["level"] == SupervisionLevel.ESCALATION:
        equal["level"] = None
        where.append(order.c.escalated_on.is_not(None))
    for unit in (filters["unit"], filters["party"]):
        if unit is not None:
            where.append((order.c.lead_unit_code == unit) | order.c.co_units.contains([{"code": unit}]))
    for name, is_so in (("overdue", order.c.due_on < today), ("unowned", order.c.lead_unit_code.is_(None))):
        if filters[name] is not None:
            where.append(and_(LIVE, is_so) if filters[name] else not_(and_(LIVE, is_so)))
    return await rows.newest(session, order, scope, *rows.matching(order, equal), *where, after=after, limit=limit)


async def overdue(session: Session, division_code: str, today: dt.date) -> list[Row]:
    """Live orders past their deadline, oldest due first."""
    order = supervision_order
    found = await session.execute(
        select(order)
        .where(order.c.division_code == division_code, LIVE, order.c.due_on < today)
        .order_by(order.c.due_on, order.c.id)
    )
    return dicts(found)


async def refs(session: Session, division_code: str, source_refs: Sequence[str], *, live: bool = False) -> set[str]:
    """Those of `source_refs` for which an order was ever opened; with `live`, is not closed yet."""
    order = supervision_order
    statement = select(order.c.source_ref).where(
        order.c.division_code == division_code,
        order.c.source_ref == any_(bindparam("refs", list(source_refs), ARRAY(Text))),
    )
    if live:
        statement = statement.where(order.c.state != "closed")
    return set((await session.execute(statement)).scalars())


async def _of_order(session: Session, table: Table, order: Row, *order_by: Any) -> list[Row]:
    statement = select(table).where(table.c.division_code == order["division_code"], table.c.order_id == order["id"])
    found = await session.execute(statement.order_by(*order_by).limit(SHOWN))
    return dicts(found)


async def steps(session: Session, order: Row) -> list[Row]:
    return await _of_order(session, order_step, order, order_step.c.id)


async def extensions(session: Session, order: Row) -> list[Row]:
    """The newest first."""
    return await _of_order(session, order_extension, order, order_extension.c.number.desc())


async def feedbacks(
    session: Session, order: Row, *, after: Sequence[str] | None = None, limit: int = SHOWN
) -> list[Row]:
    """The newest first."""
    of_order = order_feedback.c.order_id == order["id"]
    return await rows.newest(session, order_feedback, order["division_code"], of_order, after=after, limit=limit)


async def claim(session: Session, order: Row) -> Row | None:
    """The feedback that asks for a review, locked; at most one."""
    found = await session.execute(
        select(order_feedback)
        .where(
            order_feedback.c.division_code == order["division_code"],
            order_feedback.c.order_id == order["id"],
            order_feedback.c.is_done,
            order_feedback.c.verdict.is_(None),
        )
        .with_for_update()
    )
    row = found.mappings().one_or_none()
    return dict(row) if row is not None else None


async def accountabilities(
    session: Session, scope: str, filters: Mapping[str, Any], *, after: Sequence[str] | None, limit: int
) -> list[Row]:
    where = rows.matching(accountability, filters)
    return await rows.newest(session, accountability, scope, *where, after=after, limit=limit)


async def due_orders(session: Session, division_code: str, today: dt.date, *, owned: bool, limit: int) -> list[Row]:
    """Orders whose next step is due, locked, oldest due first."""
    order = supervision_order
    lead = order.c.lead_unit_code
    found = await session.execute(
        select(order)
        .where(
            order.c.division_code == division_code,
            order.c.next_due_on <= today,
            lead.is_not(None) if owned else lead.is_(None),
        )
        .order_by(order.c.next_due_on, order.c.id)
        .limit(limit)
        .with_for_update()
    )
    return dicts(found)
