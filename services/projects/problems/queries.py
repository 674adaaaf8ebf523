"""Reads of the problem list."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Integer, and_, cast, func, literal, or_, select, type_coerce

from services.projects.problems.models import decision, problem, problem_event, problem_step
from shared.schemas.projects.decisions import DecisionState
from shared.schemas.projects.problems import ProblemLevel, ProblemState
from shared.storage import Session
from shared.storage.rows import Row, dicts, matching, newest

UNSOLVED = problem.c.state != ProblemState.solved


def _concerns(unit_code: str) -> ColumnElement[bool]:
    return or_(problem.c.unit_code == unit_code, problem.c.co_units.contains([{"code": unit_code}]))


def _overdue(today: dt.date, wanted: bool) -> ColumnElement[bool]:
    overdue = and_(UNSOLVED, problem.c.due_on < today)
    return overdue if wanted else ~overdue


async def page(
    session: Session,
    scope: str,
    equal: Mapping[str, Any],
    *,
    unit: str | None,
    overdue: bool | None,
    today: dt.date,
    after: Sequence[str] | None,
    limit: int,
) -> list[Row]:
    """`equal` are columns, `unit` is responsible or co-operates; None does not filter."""
    where = matching(problem, equal)
    if unit is not None:
        where.append(_concerns(unit))
    if overdue is not None:
        where.append(_overdue(today, overdue))
    return await newest(session, problem, scope, *where, after=after, limit=limit)


async def steps(session: Session, division_code: str, problem_id: UUID) -> list[Row]:
    where = (problem_step.c.division_code == division_code, problem_step.c.problem_id == problem_id)
    found = await session.execute(select(problem_step).where(*where).order_by(problem_step.c.due_on, problem_step.c.id))
    return dicts(found)


async def events(session: Session, division_code: str, problem_id: UUID) -> list[Row]:
    where = (problem_event.c.division_code == division_code, problem_event.c.problem_id == problem_id)
    order = problem_event.c.problem_version
    found = await session.execute(select(problem_event).where(*where).order_by(order))
    return dicts(found)


_TURN = (problem.c.unit_code.is_not(None), problem.c.due_on, problem.c.id)
"""Unowned first, then oldest due. Whoever locks several problems does it in this order and never waits in a ring."""


async def climbing(
    session: Session, division_code: str, due_by: Mapping[ProblemLevel, dt.date], limit: int
) -> list[Row]:
    """Unsolved problems that climb, locked: per level those due on the day given or before."""
    climbs = [and_(problem.c.level == level, problem.c.due_on <= day) for level, day in due_by.items()]
    found = await session.execute(
        select(problem)
        .where(problem.c.division_code == division_code, UNSOLVED, or_(*climbs))
        .order_by(*_TURN)
        .limit(limit)
        .with_for_update()
    )
    return dicts(found)


async def silent(session: Session, division_code: str, today: dt.date, percent: int) -> list[Row]:
    """Problems nobody has begun to solve though `percent` of their time is gone.

    The time begins anew when a problem is reopened, authorised or decided; none is lost while the leading group is
    still to decide.
    """
    begun = func.greatest(
        problem.c.found_on, problem.c.reopened_on, cast(problem.c.authorised_at, Date), decision.c.decided_on
    )
    gone = type_coerce(literal(today, Date) - begun, Integer)
    given = type_coerce(problem.c.due_on - begun, Integer)
    found = await session.execute(
        select(problem)
        .outerjoin(
            decision, and_(decision.c.division_code == problem.c.division_code, decision.c.id == problem.c.decision_id)
        )
        .where(
            problem.c.division_code == division_code,
            UNSOLVED,
            problem.c.state != ProblemState.working,
            begun < today,
            gone * 100 >= given * percent,
            decision.c.state.is_distinct_from(DecisionState.open),
        )
        .order_by(*_TURN)
    )
    return dicts(found)


async def locked(session: Session, division_code: str, problem_ids: Sequence[UUID]) -> list[Row]:
    where = (problem.c.division_code == division_code, problem.c.id.in_(problem_ids))
    found = await session.execute(select(problem).where(*where).order_by(*_TURN).with_for_update())
    return dicts(found)


async def of_decision(session: Session, division_code: str, decision_id: UUID, *, lock: bool = False) -> list[Row]:
    where = (problem.c.division_code == division_code, problem.c.decision_id == decision_id)
    statement = select(problem).where(*where).order_by(*_TURN)
    found = await session.execute(statement.with_for_update() if lock else statement)
    return dicts(found)
