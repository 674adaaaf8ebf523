"""Rows of the problem list in the shape of the contract."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from services.projects.problems import queries, rules
from shared.schemas.projects.problems import (
    ProblemEventOut,
    ProblemFull,
    ProblemOut,
    ProblemState,
    ProblemStepOut,
)
from shared.storage import Session
from shared.storage.rows import Row


def _facts(row: Row, today: dt.date) -> dict[str, Any]:
    late = rules.days_late(ProblemState(row["state"]), row["due_on"], today)
    return {name: row[name] for name in ProblemOut.model_fields if name in row} | {"days_late": late}


def shown(row: Row, today: dt.date) -> ProblemOut:
    return ProblemOut.model_validate(_facts(row, today))


def step(row: Row) -> ProblemStepOut:
    return ProblemStepOut.model_validate({name: row[name] for name in ProblemStepOut.model_fields})


def event(row: Mapping[str, Any]) -> ProblemEventOut:
    return ProblemEventOut.model_validate({name: row[name] for name in ProblemEventOut.model_fields})


async def full(session: Session, row: Row, today: dt.date) -> ProblemFull:
    """With its steps and its history."""
    steps: Sequence[Row] = await queries.steps(session, row["division_code"], row["id"])
    events = await queries.events(session, row["division_code"], row["id"])
    more = {"steps": [step(each) for each in steps], "history": [event(each) for each in events]}
    return ProblemFull.model_validate(_facts(row, today) | more)
