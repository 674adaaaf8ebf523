"""Use cases of decisions: submit a question, vote, decide, withdraw, do what was decided."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from services.projects.duty.groups import service as groups
from services.projects.ledger import service as ledger
from services.projects.plan import service as plan
from services.projects.problems import queries as problems
from services.projects.problems import rules as problem_rules
from services.projects.problems import service as problem_list
from services.projects.problems.decisions import queries, rules
from services.projects.problems.models import decision, decision_project, decision_task, decision_vote
from shared.chassis.clock import Clock, today
from shared.chassis.days import happened_on
from shared.chassis.identity import Caller
from shared.chassis.permissions import require_home
from shared.clients.parties import Parties
from shared.errors import FieldError, Invalid
from shared.schemas.projects.decisions import (
    Abstention,
    DecisionCreate,
    DecisionOutcome,
    DecisionState,
    DecisionTaskResult,
    VoteIn,
)
from shared.storage import Session, work
from shared.storage.rows import Row

WHAT = "这项决策"


async def load(session: Session, caller: Caller, decision_id: UUID) -> Row:
    return await work.load(session, decision, caller, decision_id, what=WHAT)


async def _open(session: Session, caller: Caller, decision_id: UUID) -> Row:
    """Locked, and still to be decided."""
    row = await work.load_own(session, decision, caller, decision_id, None, what=WHAT)
    rules.check_open(DecisionState(row["state"]))
    return row


async def create(session: Session, caller: Caller, body: DecisionCreate, clock: Clock) -> Row:
    """Its milestones wait from now on, its problems are before the leading group."""
    require_home(caller, body.division_code)
    division, now = body.division_code, clock.now()
    asked = await _problems(session, division, body.problem_ids)
    affected = await _affected(session, caller, body, asked)
    values = body.model_dump(include={"title", "question", "legal_basis"}) | {
        "options": rules.lettered([option.model_dump() for option in body.options]),
        "state": DecisionState.open,
        "submitted_unit": caller.unit,
        "submitted_on": today(clock),
    }
    told = {"options": len(body.options), "projects": list(affected), "problems": [row["id"] for row in asked]}
    made = await work.add(session, decision, caller, division, values, now, detail=told)
    assert made is not None
    for project_id, milestone_ids in affected.items():
        values = {"decision_id": made["id"], "project_id": project_id, "milestone_ids": milestone_ids}
        await work.add(session, decision_project, caller, division, values, now)
    for row in asked:
        told = {"decision_id": made["id"]}
        await problem_list.turn(session, caller, row, told, now, action="submit", detail=told)
    blocked = [milestone for milestones in affected.values() for milestone in milestones]
    if blocked:
        await plan.block(session, caller, division, blocked, rules.cause(made["id"]), body.title, now)
    return made


async def _problems(session: Session, division_code: str, problem_ids: Sequence[UUID]) -> list[Row]:
    """The common problems it is to settle, locked; none of them before the group already."""
    wanted = list(dict.fromkeys(problem_ids))
    found = await problems.locked(session, division_code, wanted) if wanted else []
    known = {row["id"] for row in found}
    if unknown := [at for at, one in enumerate(problem_ids) if one not in known]:
        raise Invalid(
            errors=[FieldError(f"/problem_ids/{at}", "unknown_problem", "本县没有这个问题") for at in unknown]
        )
    for row in found:
        waiting = row["decision_id"] is not None and not await problem_list.is_decided(session, row)
        problem_rules.check_submittable(row, waiting=waiting)
    return found


async def _affected(
    session: Session, caller: Caller, body: DecisionCreate, asked: Sequence[Row]
) -> dict[UUID, list[UUID]]:
    """Milestones by project, the projects of its problems included."""
    affected: dict[UUID, list[UUID]] = {row["project_id"]: [] for row in asked}
    for at, one in enumerate(body.projects):
        affected.setdefault(one.project_id, []).extend(one.milestone_ids)
        await ledger.own_project(session, caller, one.project_id)
        found = await plan.find_milestones(session, caller.home, one.milestone_ids) if one.milestone_ids else []
        known = {row["id"] for row in found if row["project_id"] == one.project_id}
        if not known.issuperset(one.milestone_ids):
            pointer = f"/projects/{at}/milestone_ids"
            raise Invalid(errors=[FieldError(pointer, "unknown_milestone", "此项目的计划中没有这个节点")])
    if not affected:
        raise Invalid(errors=[FieldError("/projects", "project_required", "请列出涉及的项目或问题")])
    return {project: list(dict.fromkeys(milestones)) for project, milestones in affected.items()}


async def vote(
    session: Session, caller: Caller, decision_id: UUID, body: VoteIn, parties: Parties, clock: Clock
) -> Row:
    """A member's vote; told again before the decision, it takes the place of the former one."""
    known = await parties.of(caller.home, body.person_code)
    row = await _open(session, caller, decision_id)
    person, now = known.person(body.person_code, "/person_code"), clock.now()
    rules.check_member(await _members(session, row, today(clock)), person.code)
    option = None if isinstance(body, Abstention) else body.option
    if option is not None:
        rules.check_option(row["options"], option)
    values: dict[str, Any] = {"choice": body.choice, "option": option, "dissent": getattr(body, "dissent", None)}
    told = {"decision_id": decision_id, "person_code": person.code, "choice": body.choice, "option": option}
    before = await queries.vote_of(session, row["division_code"], decision_id, person.code)
    if before is not None:
        return await work.move(session, decision_vote, caller, before, values, now, action="change", detail=told)
    values |= {"decision_id": decision_id, "person_code": person.code, "person_name": person.name}
    made = await work.add(session, decision_vote, caller, row["division_code"], values, now, detail=told)
    assert made is not None, "votes of one decision take turns"
    return made


async def _members(session: Session, row: Row, on: dt.date) -> set[str]:
    """Codes of those who sat in the leading group on a day."""
    seats = await groups.seats(session, row["division_code"], None, on)
    return {seat.person_code for seat in seats}


async def decide(
    session: Session, caller: Caller, decision_id: UUID, body: DecisionOutcome, parties: Parties, clock: Clock
) -> Row:
    known = await parties.of(caller.home, *(task.unit_code for task in body.tasks))
    row, now = await _open(session, caller, decision_id), clock.now()
    division = row["division_code"]
    decided_on = happened_on(body.decided_on, today(clock), "/decided_on", since=row["submitted_on"])
    rules.check_option(row["options"], body.option)
    rules.check_due(body.tasks, decided_on)
    members = await _members(session, row, decided_on)
    votes = [vote for vote in await queries.votes(session, division, decision_id) if vote["person_code"] in members]
    rules.check_quorum(len(votes), len(members))
    rules.check_carried(rules.tally([option["key"] for option in row["options"]], votes), body.option)
    for at, task in enumerate(body.tasks):
        unit = known.unit(task.unit_code, f"/tasks/{at}/unit_code")
        values = task.model_dump() | {"decision_id": decision_id, "unit_name": unit.name}
        told = {"decision_id": decision_id, "unit_code": unit.code, "due_on": task.due_on}
        await work.add(session, decision_task, caller, division, values, now, detail=told)
    outcome = {"state": DecisionState.decided, "outcome": body.option, "decided_on": decided_on}
    return await _close(session, caller, row, outcome, {"document": body.document, "note": body.note}, now, "decide")


async def withdraw(session: Session, caller: Caller, decision_id: UUID, reason: str, now: dt.datetime) -> Row:
    """Its problems may be submitted again."""
    row = await _open(session, caller, decision_id)
    problem_rules.check_party(caller.roles, caller.unit, [row["submitted_unit"]])
    for one in await problems.of_decision(session, row["division_code"], decision_id, lock=True):
        told = {"decision_id": None}
        await problem_list.turn(session, caller, one, told, now, action="withdraw", note=reason, detail=told)
    return await _close(session, caller, row, {"state": DecisionState.withdrawn}, {"note": reason}, now, "withdraw")


async def _close(
    session: Session,
    caller: Caller,
    row: Row,
    outcome: Mapping[str, Any],
    words: Mapping[str, Any],
    now: dt.datetime,
    action: str,
) -> Row:
    """No longer open: nothing waits for it any more. `words` stay out of audit and event."""
    await plan.unblock(session, caller, row["division_code"], rules.cause(row["id"]), now)
    values = {**outcome, **words}
    return await work.move(session, decision, caller, row, values, now, action=action, detail=outcome)


async def complete_task(session: Session, caller: Caller, task_id: UUID, body: DecisionTaskResult, clock: Clock) -> Row:
    row = await work.load_own(session, decision_task, caller, task_id, None, what="这项任务")
    problem_rules.check_party(caller.roles, caller.unit, [row["unit_code"]])
    rules.check_not_done(done=row["done_on"] is not None)
    since = await queries.decided_on(session, row["division_code"], row["decision_id"])
    done_on = happened_on(body.done_on, today(clock), "/done_on", since=since)
    values = {"done_on": done_on, "result": body.result}
    told = {"decision_id": row["decision_id"], "done_on": done_on}
    return await work.move(session, decision_task, caller, row, values, clock.now(), action="complete", detail=told)
