"""Reads of 舆情."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select

from services.petitions.opinion.models import opinion_item
from services.petitions.opinion.rules import is_confined
from shared.chassis.identity import Caller
from shared.schemas.petitions.opinion import OpinionState
from shared.storage import Session, rows
from shared.storage.rows import Row, dicts, matching


def theirs(caller: Caller) -> list[ColumnElement[bool]]:
    return [opinion_item.c.owner_unit_code == (caller.unit or "")] if is_confined(caller) else []


async def items(
    session: Session,
    caller: Caller,
    scope: str,
    filters: Mapping[str, Any],
    project_id: UUID | None,
    state: OpinionState | None,
    today: dt.date,
    *,
    after: Sequence[str] | None,
    limit: int,
) -> list[Row]:
    where = [*theirs(caller), *matching(opinion_item, filters)]
    if project_id is not None:
        where.append(opinion_item.c.project_ids.contains([project_id]))
    if state is not None:
        where.append(_in_state(state, today))
    return await rows.newest(session, opinion_item, scope, *where, after=after, limit=limit)


def _in_state(state: OpinionState, today: dt.date) -> ColumnElement[bool]:
    if state is OpinionState.answered:
        return opinion_item.c.outcome.is_not(None)
    due = opinion_item.c.due_on
    return opinion_item.c.outcome.is_(None) & (due < today if state is OpinionState.overdue else due >= today)


async def unreminded(session: Session, division_code: str, today: dt.date, limit: int) -> list[Row]:
    """What nobody has answered in time and nobody was reminded of, locked, longest first."""
    wanted = select(opinion_item).where(
        opinion_item.c.division_code == division_code,
        _in_state(OpinionState.overdue, today),
        opinion_item.c.reminded_on.is_(None),
    )
    ordered = wanted.order_by(opinion_item.c.due_on, opinion_item.c.id).limit(limit)
    return dicts(await session.execute(ordered.with_for_update()))
