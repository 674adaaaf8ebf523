"""Use cases of the problem list: report, allow, work, solve, climb. Each act locks its own problem."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.projects.ledger import service as ledger
from services.projects.problems import queries, rules, steps
from services.projects.problems.decisions import queries as decisions
from services.projects.problems.decisions.queries import Undecided
from services.projects.problems.models import problem, problem_event
from services.projects.thresholds import thresholds
from shared.chassis.clock import Clock, today
from shared.chassis.days import happened_on
from shared.chassis.identity import Caller
from shared.clients.parties import Known, Parties
from shared.schemas.projects.decisions import DecisionState
from shared.schemas.projects.problems import (
    ProblemAuthorisation,
    ProblemCreate,
    ProblemLevel,
    ProblemPatch,
    ProblemReopening,
    ProblemScope,
    ProblemSolution,
    ProblemState,
    ProblemStepIn,
)
from shared.storage import Session, rows, work
from shared.storage.ids import new_id
from shared.storage.rows import Row

BATCH = 200
WHAT = "这个问题"
NOT_ALLOWED_ANY_MORE: dict[str, Any] = dict.fromkeys(
    ("authorised_form", "authorised_document", "authorised_by", "authorised_at", "started_at")
)
"""A problem that is to be allowed anew; what allowed it before stays in its history."""


async def undecided(session: Session, division_code: str) -> list[Undecided]:
    """Questions the leading group has not decided, once per project, oldest first."""
    return await decisions.undecided(session, division_code)


@dataclass(frozen=True, slots=True)
class Silent:
    """A problem that should long have been begun; `unit_code` is None where nobody is responsible."""

    problem_id: UUID
    project_id: UUID
    title: str
    unit_code: str | None
    due_on: dt.date


async def silent(session: Session, division_code: str, today: dt.date, percent: int) -> list[Silent]:
    """Problems nobody has begun to solve though `percent` of their time is gone, unowned first, then oldest due."""
    return [
        Silent(row["id"], row["project_id"], row["title"], row["unit_code"], row["due_on"])
        for row in await queries.silent(session, division_code, today, percent)
    ]


async def sweep(session: Session, actor: Caller, division_code: str, today: dt.date, now: dt.datetime) -> int:
    """At most `BATCH` overdue problems climb, unowned first, then oldest due; how many did, 0 when no more are due."""
    climb_days = await thresholds.value(session, division_code, "problem_climb_days")
    due_by = {level: day for level in ProblemLevel if (day := rules.climbs_when_due_by(level, today, climb_days))}
    found = await queries.climbing(session, division_code, due_by, BATCH)
    for row in found:
        level = rules.level_on(ProblemLevel(row["level"]), row["due_on"], today, climb_days)
        await turn(session, actor, row, {"level": level}, now, action="climb")
    return len(found)


async def turn(
    session: Session,
    caller: Caller,
    row: Row,
    values: Mapping[str, Any],
    now: dt.datetime,
    *,
    action: str,
    note: str | None = None,
    document: str | None = None,
    detail: Mapping[str, Any] | None = None,
) -> Row:
    """The problem moved on, with the line of its history that says how. Words people wrote stay out of the audit."""
    told = {"state": row["state"], "level": row["level"], "due_on": row["due_on"]} | dict(values)
    told = {name: told[name] for name in ("state", "level", "due_on")} | dict(detail or {})
    moved = await work.move(session, problem, caller, row, values, now, action=action, detail=told)
    await _remember(session, caller, moved, now, action, note, document)
    return moved


async def _remember(
    session: Session, caller: Caller, row: Row, now: dt.datetime, action: str, note: str | None, document: str | None
) -> None:
    copied = {name: row[name] for name in ("division_code", "state", "level", "due_on")}
    made = {"id": new_id(), "version": 1, "created_by": caller.subject, "created_at": now, "updated_at": now}
    said = {"problem_id": row["id"], "problem_version": row["version"], "action": action}
    await rows.add(session, problem_event, copied | made | said | {"note": note, "document": document})


def _co_units(known: Known, codes: Sequence[str], unit_code: str | None) -> list[dict[str, str]]:
    named = [(code, known.unit(code, f"/co_unit_codes/{at}").name) for at, code in enumerate(codes)]
    return [{"code": code, "name": name} for code, name in dict(named).items() if code != unit_code]


async def create(
    session: Session, caller: Caller, project_id: UUID, body: ProblemCreate, parties: Parties, clock: Clock
) -> Row:
    codes = [body.unit_code, *body.co_unit_codes, *(step.unit_code for step in body.steps)]
    known = await parties.of(caller.home, *codes)
    row = await ledger.own_project(session, caller, project_id)
    division, now = row["division_code"], clock.now()
    found_on = happened_on(body.found_on, today(clock), "/found_on")
    rules.check_due(body.due_on, found_on)
    values = body.model_dump(include={"title", "description", "cause", "scope", "outside_parties", "due_on"})
    values |= steps.unit(known, body.unit_code, "/unit_code") | {
        "project_id": project_id,
        "type": body.detail.type,
        "detail": body.detail.model_dump(mode="json"),
        "co_units": _co_units(known, body.co_unit_codes, body.unit_code),
        "found_on": found_on,
        "state": ProblemState.reported,
        "level": rules.first_level(body.unit_code),
        "reopened": 0,
    }
    told = {name: values[name] for name in ("type", "cause", "scope", "unit_code", "due_on", "level")}
    made = await work.add(session, problem, caller, division, values, now, detail=told)
    assert made is not None
    await _remember(session, caller, made, now, "create", None, None)
    for at, step in enumerate(body.steps):
        await steps.put(session, caller, made, step, known, f"/steps/{at}/unit_code", now)
    return made


async def load(session: Session, caller: Caller, problem_id: UUID) -> Row:
    return await work.load(session, problem, caller, problem_id, what=WHAT)


async def own(session: Session, caller: Caller, problem_id: UUID) -> Row:
    """Locked, and the caller's to act on."""
    row = await work.load_own(session, problem, caller, problem_id, None, what=WHAT)
    rules.check_party(caller.roles, caller.unit, rules.concerned(row))
    return row


async def is_decided(session: Session, row: Row) -> bool:
    if row["decision_id"] is None:
        return False
    state = await decisions.state_of(session, row["division_code"], row["decision_id"])
    return state is DecisionState.decided


async def update(
    session: Session,
    caller: Caller,
    problem_id: UUID,
    version: int,
    body: ProblemPatch,
    parties: Parties,
    clock: Clock,
) -> Row:
    given = body.model_fields_set
    known = await parties.of(caller.home, body.unit_code, *body.co_unit_codes)
    row = await work.load_own(session, problem, caller, problem_id, version, what=WHAT)
    rules.check_editor(caller.roles, caller.unit, caller.subject, row)
    rules.check_unsolved(ProblemState(row["state"]))
    plain = given & {"title", "description", "cause", "outside_parties", "due_on"}
    values: dict[str, Any] = body.model_dump(include=plain)
    if "due_on" in given:
        rules.check_deadline_change(caller.roles, row["due_on"], body.due_on, today(clock))
        rules.check_due(body.due_on, row["found_on"])
    if "unit_code" in given:
        rules.check_reassignment(caller.roles, caller.subject, row, body.unit_code)
        values |= steps.unit(known, body.unit_code, "/unit_code")
        values["level"] = max(rules.first_level(body.unit_code), ProblemLevel(row["level"]), key=rules.LEVELS.index)
    if given & {"co_unit_codes", "unit_code"}:
        unit_code = values.get("unit_code", row["unit_code"])
        before = [unit for unit in row["co_units"] if unit["code"] != unit_code]
        values["co_units"] = _co_units(known, body.co_unit_codes, unit_code) if "co_unit_codes" in given else before
    if "detail" in given:
        values |= {"type": body.detail.type, "detail": body.detail.model_dump(mode="json")}
    if "scope" in given and body.scope != row["scope"]:
        rules.check_scope_change(body.scope, linked=row["decision_id"] is not None)
        # Who allowed it as the other kind of problem did not allow this.
        values |= NOT_ALLOWED_ANY_MORE | {"scope": body.scope, "state": ProblemState.reported}
    return await turn(session, caller, row, values, clock.now(), action="update", detail={"changed": sorted(given)})


async def authorise(
    session: Session, caller: Caller, problem_id: UUID, body: ProblemAuthorisation, clock: Clock
) -> Row:
    row, now = await own(session, caller, problem_id), clock.now()
    state = rules.authorise(ProblemState(row["state"]), ProblemScope(row["scope"]), row["created_by"], caller.subject)
    values = {
        "state": state,
        "authorised_form": body.form,
        "authorised_document": body.document,
        "authorised_by": caller.subject,
        "authorised_at": now,
    }
    told = {"form": body.form}
    return await turn(
        session, caller, row, values, now, action="authorise", note=body.note, document=body.document, detail=told
    )


async def start(session: Session, caller: Caller, problem_id: UUID, note: str | None, now: dt.datetime) -> Row:
    row = await own(session, caller, problem_id)
    state = rules.start(ProblemState(row["state"]), ProblemScope(row["scope"]), decided=await is_decided(session, row))
    return await turn(session, caller, row, {"state": state, "started_at": now}, now, action="start", note=note)


async def solve(session: Session, caller: Caller, problem_id: UUID, body: ProblemSolution, clock: Clock) -> Row:
    row = await own(session, caller, problem_id)
    state = rules.solve(ProblemState(row["state"]), ProblemScope(row["scope"]), decided=await is_decided(session, row))
    solved_on = happened_on(body.solved_on, today(clock), "/solved_on", since=steps.begun_on(row))
    values = {"state": state, "solved_on": solved_on, "result": body.result}
    told = {"solved_on": solved_on}
    return await turn(session, caller, row, values, clock.now(), action="solve", note=body.result, detail=told)


async def reopen(session: Session, caller: Caller, problem_id: UUID, body: ProblemReopening, clock: Clock) -> Row:
    row = await work.load_own(session, problem, caller, problem_id, None, what=WHAT)
    state = rules.reopen(ProblemState(row["state"]), body.due_on, today(clock))
    again = {"due_on": body.due_on, "solved_on": None, "result": None, "reopened": row["reopened"] + 1}
    again |= {"reopened_on": today(clock)}
    values = NOT_ALLOWED_ANY_MORE | again | {"state": state}
    return await turn(session, caller, row, values, clock.now(), action="reopen", note=body.reason)


async def add_step(
    session: Session, caller: Caller, problem_id: UUID, body: ProblemStepIn, parties: Parties, clock: Clock
) -> Row:
    known = await parties.of(caller.home, body.unit_code)
    row = await own(session, caller, problem_id)
    rules.check_unsolved(ProblemState(row["state"]))
    return await steps.put(session, caller, row, body, known, "/unit_code", clock.now())
