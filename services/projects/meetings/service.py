"""Use cases of the meetings: submit a topic, call a meeting, do what it decided, count."""

import datetime as dt
from uuid import UUID

from services.projects.ledger import service as ledger
from services.projects.ledger.insight.statistics import ratio
from services.projects.meetings import agenda, queries, rules
from services.projects.meetings.agenda import Proposal
from services.projects.meetings.models import meeting, meeting_action, meeting_item, meeting_topic
from services.projects.meetings.rules import Matter
from shared.chassis.clock import Clock, today
from shared.chassis.days import happened_on
from shared.chassis.identity import Caller
from shared.chassis.permissions import require_home
from shared.clients.parties import Parties
from shared.schemas.projects.meetings import (
    MatterOutcome,
    MeetingActionResult,
    MeetingCreate,
    MeetingState,
    MeetingStatistics,
    TopicCreate,
    TopicState,
)
from shared.storage import Session, work
from shared.storage.ids import new_id
from shared.storage.rows import Row

WHAT = "这次会议"


async def submit_topic(session: Session, caller: Caller, body: TopicCreate, clock: Clock) -> Row:
    require_home(caller, body.division_code)
    if body.project_id is not None:
        await ledger.own_project(session, caller, body.project_id)
    told = {"project_id": body.project_id, "unit_code": caller.unit, "submitted_on": today(clock)}
    values = told | {"title": body.title, "reason": body.reason, "state": TopicState.submitted}
    made = await work.add(
        session, meeting_topic, caller, caller.home, values, clock.now(), action="submit", detail=told
    )
    assert made is not None
    return made


async def propose(session: Session, caller: Caller, project_id: UUID | None, clock: Clock) -> Proposal:
    """The agenda of the caller's own county, or of one of its projects."""
    if project_id is not None:
        await ledger.own_project(session, caller, project_id)
    return await agenda.proposal(session, caller.home, project_id, clock)


async def create(session: Session, caller: Caller, body: MeetingCreate, parties: Parties, clock: Clock) -> Row:
    """A meeting with the agenda as it is proposed now, or what was chosen of it in the order chosen."""
    require_home(caller, body.division_code)
    known = await parties.of(body.division_code, body.chair_code)
    chair = known.person(body.chair_code, "/chair_code")
    rules.check_kind(body.kind, body.project_id)
    found, now = await propose(session, caller, body.project_id, clock), clock.now()
    proposed = {matter.ref: matter for matter in found.matters}
    chosen = body.agenda if body.agenda is not None else [matter.ref for matter in rules.listed(found.matters)[0]]
    rules.check_chosen(chosen, proposed)
    told = {"held_on": body.held_on, "kind": body.kind, "project_id": body.project_id, "chair_code": chair.code}
    values = told | {
        "state": MeetingState.planned,
        "chair_name": chair.name,
        "place": body.place,
        "attendance": [],
        "known_contradictions": found.contradictions,
    }
    refs = list(dict.fromkeys(chosen))
    made = await work.add(session, meeting, caller, caller.home, values, now, detail=told | {"agenda": refs})
    assert made is not None
    await queries.put_items(session, [item(made, at, proposed[ref], caller, now) for at, ref in enumerate(refs, 1)])
    return made


def item(row: Row, position: int, matter: Matter, caller: Caller, now: dt.datetime) -> Row:
    """A line of the agenda of the meeting `row`."""
    made = {"id": new_id(), "version": 1, "created_by": caller.subject, "created_at": now, "updated_at": now}
    names = ("source", "ref", "title", "project_id", "unit_code", "since")
    of_matter = {name: getattr(matter, name) for name in names}
    return made | of_matter | {"division_code": row["division_code"], "meeting_id": row["id"], "position": position}


async def load(session: Session, caller: Caller, meeting_id: UUID) -> Row:
    return await work.load(session, meeting, caller, meeting_id, what=WHAT)


async def complete(session: Session, caller: Caller, action_id: UUID, body: MeetingActionResult, clock: Clock) -> Row:
    held = await work.load(session, meeting_action, caller, action_id, what="这项任务")
    action, agenda_item = await lock_action(session, caller, held)
    rules.check_action(caller.roles, caller.unit, action["unit_code"], done=action["done_on"] is not None)
    since = (await load(session, caller, action["meeting_id"]))["held_on"]
    done_on = happened_on(body.done_on, today(clock), "/done_on", since=since)
    return await finish(session, caller, action, agenda_item, body.result, done_on, clock.now())


async def lock_action(session: Session, caller: Caller, action: Row) -> tuple[Row, Row]:
    """An action and its matter, the matter locked first: those who finish two actions of it see each other's."""
    agenda_item = await work.load_own(session, meeting_item, caller, action["meeting_item_id"], None)
    return await work.load_own(session, meeting_action, caller, action["id"], None), agenda_item


async def finish(
    session: Session, caller: Caller, action: Row, agenda_item: Row, result: str, done_on: dt.date, now: dt.datetime
) -> Row:
    """The action done; with the last of them the matter is solved. Both rows are locked."""
    told = {"meeting_id": action["meeting_id"], "done_on": done_on}
    values = {"done_on": done_on, "result": result}
    moved = await work.move(session, meeting_action, caller, action, values, now, action="complete", detail=told)
    of_item = await queries.actions_of(session, action["division_code"], item_id=agenda_item["id"])
    outcome = MatterOutcome(agenda_item["outcome"])
    solved = rules.solved_on(outcome, done_on, [one["done_on"] for one in of_item])
    if solved is not None:
        await work.move(session, meeting_item, caller, agenda_item, {"solved_on": solved}, now, action="solve")
    return moved


async def statistics(session: Session, scope: str, since: dt.date, to: dt.date, today: dt.date) -> MeetingStatistics:
    """A period that goes beyond today is counted as far as it has come: nothing is overdue before its day."""
    rules.check_period(since, to)
    found = await queries.counts(session, scope, since, min(to, today))
    return MeetingStatistics(
        **{"from": since},
        to=to,
        scope=[scope],
        meetings=found.dispatch_meetings + found.site_dispatches,
        dispatch_meetings=found.dispatch_meetings,
        site_dispatches=found.site_dispatches,
        matters_raised=found.matters_raised,
        matters_solved=found.matters_solved,
        solved_rate=ratio("matters_solved_of_raised", found.raised_and_solved, found.matters_raised),
        actions_due=found.actions_due,
        done_in_time_rate=ratio("actions_done_in_time_of_due", found.done_in_time, found.actions_due),
        actions_overdue=found.actions_overdue,
    )
