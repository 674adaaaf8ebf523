"""Reads of the leading group's decisions."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Table, select

from services.projects.problems.models import decision, decision_project, decision_task, decision_vote
from shared.schemas.projects.decisions import DecisionState
from shared.storage import Session
from shared.storage.rows import Row, dicts, newest


@dataclass(frozen=True, slots=True)
class Undecided:
    """A question before the leading group, once for each project it holds up."""

    decision_id: UUID
    title: str
    project_id: UUID
    since: dt.date


async def undecided(session: Session, division_code: str) -> list[Undecided]:
    """Oldest first."""
    found = await session.execute(
        select(decision.c.id, decision.c.title, decision_project.c.project_id, decision.c.submitted_on)
        .join(
            decision_project,
            (decision_project.c.division_code == decision.c.division_code)
            & (decision_project.c.decision_id == decision.c.id),
        )
        .where(decision.c.division_code == division_code, decision.c.state == DecisionState.open)
        .order_by(decision.c.submitted_on, decision.c.id, decision_project.c.project_id)
    )
    return [Undecided(*row) for row in found]


async def page(
    session: Session, scope: str, filters: Mapping[str, Any], *, after: Sequence[str] | None, limit: int
) -> list[Row]:
    """`filters`: `state`, `project_id`; None does not filter."""
    where = [decision.c.state == filters["state"]] if filters["state"] is not None else []
    if filters["project_id"] is not None:
        of_project = select(decision_project.c.decision_id).where(
            decision_project.c.division_code == decision.c.division_code,
            decision_project.c.project_id == filters["project_id"],
        )
        where.append(decision.c.id.in_(of_project))
    return await newest(session, decision, scope, *where, after=after, limit=limit)


async def _of(session: Session, table: Table, division_code: str, decision_id: UUID) -> list[Row]:
    where = (table.c.division_code == division_code, table.c.decision_id == decision_id)
    found = await session.execute(select(table).where(*where).order_by(table.c.id))
    return dicts(found)


async def projects(session: Session, division_code: str, decision_id: UUID) -> list[Row]:
    return await _of(session, decision_project, division_code, decision_id)


async def votes(session: Session, division_code: str, decision_id: UUID) -> list[Row]:
    return await _of(session, decision_vote, division_code, decision_id)


async def tasks(session: Session, division_code: str, decision_id: UUID) -> list[Row]:
    return await _of(session, decision_task, division_code, decision_id)


async def state_of(session: Session, division_code: str, decision_id: UUID) -> DecisionState | None:
    where = (decision.c.division_code == division_code, decision.c.id == decision_id)
    found = (await session.execute(select(decision.c.state).where(*where))).scalar_one_or_none()
    return DecisionState(found) if found else None


async def vote_of(session: Session, division_code: str, decision_id: UUID, person_code: str) -> Row | None:
    where = (
        decision_vote.c.division_code == division_code,
        decision_vote.c.decision_id == decision_id,
        decision_vote.c.person_code == person_code,
    )
    row = (await session.execute(select(decision_vote).where(*where))).mappings().one_or_none()
    return dict(row) if row is not None else None


async def decided_on(session: Session, division_code: str, decision_id: UUID) -> dt.date:
    """Of a decision that has been made."""
    where = (decision.c.division_code == division_code, decision.c.id == decision_id)
    found: dt.date = (await session.execute(select(decision.c.decided_on).where(*where))).scalar_one()
    return found
