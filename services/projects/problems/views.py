"""Rows of the problem list in the shape of the contract."""

import datetime as dt
from typing import Any

from services.projects.problems import queries, rules
from shared.schemas.projects.problems import (
    ProblemEventOut,
    ProblemState,
    ProblemStepOut,
    ProjectProblemFull,
    ProjectProblemOut,
)
from shared.storage import Session, work
from shared.storage.rows import Row


def _late(row: Row, today: dt.date) -> dict[str, Any]:
    return {"days_late": rules.days_late(ProblemState(row["state"]), row["due_on"], today)}


def shown(row: Row, today: dt.date) -> ProjectProblemOut:
    return work.shown(ProjectProblemOut, row, **_late(row, today))


def step(row: Row) -> ProblemStepOut:
    return work.shown(ProblemStepOut, row)


async def full(session: Session, row: Row, today: dt.date) -> ProjectProblemFull:
    """With its steps and its history."""
    steps = await queries.steps(session, row["division_code"], row["id"])
    events = await queries.events(session, row["division_code"], row["id"])
    history = [work.shown(ProblemEventOut, event) for event in events]
    return work.shown(ProjectProblemFull, row, steps=[step(one) for one in steps], history=history, **_late(row, today))
