"""The steps 措施 of a problem: each with its unit and its day, done only once the problem may be worked on."""

import datetime as dt
from uuid import UUID

from services.projects.problems import rules
from services.projects.problems.models import problem, problem_step
from shared.chassis.clock import Clock, today
from shared.chassis.days import happened_on
from shared.chassis.identity import Caller
from shared.clients.parties import Known
from shared.schemas.base import SHANGHAI
from shared.schemas.projects.problems import ProblemState, ProblemStepIn, ProblemStepResult
from shared.storage import Session, work
from shared.storage.rows import Row


def begun_on(row: Row) -> dt.date:
    """The day work on a problem began: what came of it is no older, or it was done before it was allowed."""
    started_at: dt.datetime = row["started_at"]
    return started_at.astimezone(SHANGHAI).date()


def unit(known: Known, code: str | None, pointer: str) -> dict[str, str | None]:
    name = known.unit(code, pointer).name if code is not None else None
    return {"unit_code": code, "unit_name": name}


async def put(
    session: Session, caller: Caller, row: Row, body: ProblemStepIn, known: Known, pointer: str, now: dt.datetime
) -> Row:
    """A new step of the problem `row`."""
    own = {"unit_code": row["unit_code"], "unit_name": row["unit_name"]}
    whose = own if body.unit_code is None else unit(known, body.unit_code, pointer)
    values = {"project_id": row["project_id"], "problem_id": row["id"], "title": body.title, "due_on": body.due_on}
    told = {"problem_id": row["id"], "unit_code": whose["unit_code"], "due_on": body.due_on}
    made = await work.add(session, problem_step, caller, row["division_code"], values | whose, now, detail=told)
    assert made is not None
    return made


async def complete(session: Session, caller: Caller, step_id: UUID, body: ProblemStepResult, clock: Clock) -> Row:
    what = "这项措施"
    found = await work.load(session, problem_step, caller, step_id, what=what)
    # The problem first, as every act on it does, so that nobody waits in a ring.
    row = await work.load_own(session, problem, caller, found["problem_id"], None)
    step = await work.load_own(session, problem_step, caller, step_id, None, what=what)
    rules.check_party(caller.roles, caller.unit, rules.concerned(row) | {step["unit_code"]})
    rules.complete_step(ProblemState(row["state"]), done=step["done_on"] is not None)
    done_on = happened_on(body.done_on, today(clock), "/done_on", since=begun_on(row))
    told = {"problem_id": row["id"], "done_on": done_on}
    values = {"done_on": done_on, "result": body.result}
    return await work.move(session, problem_step, caller, step, values, clock.now(), action="complete", detail=told)
