"""Reads of visits and promises."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement

from services.projects.duty.models import site_promise, visit
from shared.schemas.projects.visits import PromiseState
from shared.storage import Session, rows
from shared.storage.rows import Row


async def visits(
    session: Session, scope: str, filters: Mapping[str, Any], *, after: Sequence[str] | None, limit: int
) -> list[Row]:
    return await rows.newest(session, visit, scope, *rows.matching(visit, filters), after=after, limit=limit)


async def promises(
    session: Session,
    scope: str,
    filters: Mapping[str, Any],
    state: PromiseState | None,
    today: dt.date,
    *,
    after: Sequence[str] | None,
    limit: int,
) -> list[Row]:
    where = [*rows.matching(site_promise, filters), *_in_state(state, today)]
    return await rows.newest(session, site_promise, scope, *where, after=after, limit=limit)


def _in_state(state: PromiseState | None, today: dt.date) -> list[ColumnElement[bool]]:
    if state is None:
        return []
    if state is PromiseState.settled:
        return [site_promise.c.outcome.is_not(None)]
    due = site_promise.c.due_on
    return [site_promise.c.outcome.is_(None), due < today if state is PromiseState.overdue else due >= today]
