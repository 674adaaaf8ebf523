"""Reads of 领导包案."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Table, func, select, tuple_

from services.petitions.leaders.models import case_leader, case_plan, case_promise
from services.petitions.life.case import FINAL
from services.petitions.registry.about import of_petition, seen
from services.petitions.registry.models import petition
from services.petitions.registry.visibility import visible
from shared.chassis.identity import Caller
from shared.schemas.petitions.leaders import CasePromiseOutcome, CasePromiseState
from shared.storage import Session
from shared.storage.divisions import within
from shared.storage.rows import Row, dicts, matching

_OPEN = petition.c.state.not_in([state.value for state in FINAL])


async def live(session: Session, table: Table, division_code: str, petition_id: UUID) -> Row | None:
    """The leader or the plan a case has now; the petition is locked."""
    ended = case_leader.c.released_on if table is case_leader else case_plan.c.superseded_on
    wanted = select(table).where(
        table.c.division_code == division_code, table.c.petition_id == petition_id, ended.is_(None)
    )
    row = (await session.execute(wanted)).mappings().one_or_none()
    return dict(row) if row is not None else None


async def page(
    session: Session,
    caller: Caller,
    table: Table,
    scope: str,
    filters: Mapping[str, Any],
    *where: ColumnElement[bool],
    after: Sequence[str] | None,
    limit: int,
) -> list[Row]:
    return await seen(session, caller, table, scope, *matching(table, filters), *where, after=after, limit=limit)


async def leaders(
    session: Session, caller: Caller, scope: str, filters: Mapping[str, Any], is_live: bool | None, **paging: Any
) -> list[Row]:
    ended = case_leader.c.released_on
    where = [] if is_live is None else [ended.is_(None) if is_live else ended.is_not(None)]
    return await page(session, caller, case_leader, scope, filters, *where, **paging)


async def promises(
    session: Session,
    caller: Caller,
    scope: str,
    filters: Mapping[str, Any],
    state: CasePromiseState | None,
    today: dt.date,
    **paging: Any,
) -> list[Row]:
    where = [] if state is None else [_in_state(state, today)]
    return await page(session, caller, case_promise, scope, filters, *where, **paging)


def _in_state(state: CasePromiseState, today: dt.date) -> ColumnElement[bool]:
    outcome, due = case_promise.c.outcome, case_promise.c.due_on
    if state in (CasePromiseState.kept, CasePromiseState.broken):
        return outcome == state.value
    return outcome.is_(None) & (due < today if state is CasePromiseState.overdue else due >= today)


async def loads(
    session: Session, caller: Caller, scope: str, today: dt.date, *, after: Sequence[str] | None, limit: int
) -> list[Row]:
    """One row for each leader who has a case the caller may see, by division and code. Two statements."""
    leader = (case_leader.c.division_code, case_leader.c.person_code)
    led = (
        select(
            *leader,
            func.max(case_leader.c.person_name).label("person_name"),
            func.count().label("cases"),
            func.sum(petition.c.people_count).label("people"),
            func.count().filter(_OPEN).label("open_cases"),
            func.count().filter(_OPEN, petition.c.next_due_on < today).label("overdue_cases"),
            func.min(case_leader.c.taken_on).label("longest_since"),
        )
        .join(petition, of_petition(case_leader))
        .where(*_led(caller, scope))
        .group_by(*leader)
        .order_by(*leader)
        .limit(limit)
    )
    if after is not None:
        led = led.where(tuple_(*leader) > tuple_(*after))
    found = dicts(await session.execute(led))
    promised = await session.execute(
        select(
            *leader,
            func.count().filter(case_promise.c.outcome.is_(None)).label("open_promises"),
            func.count().filter(_in_state(CasePromiseState.overdue, today)).label("overdue_promises"),
            func.count().filter(_in_state(CasePromiseState.broken, today)).label("broken_promises"),
        )
        .join(petition, of_petition(case_leader))
        .join(case_promise, of_petition(case_promise))
        .where(*_led(caller, scope), case_leader.c.person_code.in_([row["person_code"] for row in found]))
        .group_by(*leader)
    )
    counts = {(row["division_code"], row["person_code"]): dict(row) for row in promised.mappings()}
    nothing = {"open_promises": 0, "overdue_promises": 0, "broken_promises": 0}
    return [nothing | counts.get((row["division_code"], row["person_code"]), {}) | row for row in found]


def _led(caller: Caller, scope: str) -> list[ColumnElement[bool]]:
    return [within(case_leader, scope), within(petition, scope), visible(caller), case_leader.c.released_on.is_(None)]


async def broken(
    session: Session, division_code: str, today: dt.date, since: dt.date, project_id: UUID | None
) -> list[Row]:
    """Promises said to be broken since a day, or open past theirs; with the project of their petition."""
    is_broken = (case_promise.c.outcome == CasePromiseOutcome.broken.value) & (case_promise.c.settled_on >= since)
    wanted = (
        select(
            case_promise.c.id,
            case_promise.c.petition_id,
            petition.c.project_id,
            case_promise.c.unit_code,
            case_promise.c.due_on,
            case_promise.c.settled_on,
        )
        .join(petition, of_petition(case_promise))
        .where(
            case_promise.c.division_code == division_code,
            petition.c.division_code == division_code,
            is_broken | _in_state(CasePromiseState.overdue, today),
        )
        .order_by(case_promise.c.due_on, case_promise.c.id)
    )
    if project_id is not None:
        wanted = wanted.where(petition.c.project_id == project_id)
    return dicts(await session.execute(wanted))
