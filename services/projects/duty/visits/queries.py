"""Reads of visits and promises."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, Table

from services.projects.duty.models import site_promise, visit
from shared.schemas.projects.visits import PromiseState, VisitKind
from shared.storage import Session, rows
from shared.storage.rows import Row


@dataclass(frozen=True, slots=True)
class Filter:
    """What both lists are asked by; None does not filter."""

    project_id: UUID | None = None
    person_code: str | None = None


def _where(table: Table, filters: Filter) -> list[ColumnElement[bool]]:
    given = {"project_id": filters.project_id, "person_code": filters.person_code}
    return [table.c[name] == value for name, value in given.items() if value is not None]


async def visits(
    session: Session,
    scope: str,
    filters: Filter,
    *,
    kind: VisitKind | None,
    after: Sequence[str] | None,
    limit: int,
) -> list[Row]:
    where = [*_where(visit, filters), *([visit.c.kind == kind] if kind else [])]
    return await rows.newest(session, visit, scope, *where, after=after, limit=limit)


async def promises(
    session: Session,
    scope: str,
    filters: Filter,
    *,
    state: PromiseState | None,
    today: dt.date,
    after: Sequence[str] | None,
    limit: int,
) -> list[Row]:
    where = [*_where(site_promise, filters), *_in_state(state, today)]
    return await rows.newest(session, site_promise, scope, *where, after=after, limit=limit)


def _in_state(state: PromiseState | None, today: dt.date) -> list[ColumnElement[bool]]:
    if state is None:
        return []
    if state is PromiseState.settled:
        return [site_promise.c.outcome.is_not(None)]
    due = site_promise.c.due_on
    return [site_promise.c.outcome.is_(None), due < today if state is PromiseState.overdue else due >= today]
