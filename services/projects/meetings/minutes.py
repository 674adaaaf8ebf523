"""Minutes: who came, what was concluded, which actions came of it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from services.projects.ledger import service as ledger
from services.projects.meetings import queries, rules, service
from services.projects.meetings.models import meeting, meeting_action, meeting_item, meeting_topic
from services.projects.meetings.rules import Matter
from shared.chassis.clock import Clock, today
from shared.chassis.identity import Caller
from shared.clients.parties import Known, Parties
from shared.schemas.projects.meetings import (
    AgendaSource,
    Attendee,
    Conclusion,
    MatterOutcome,
    MatterRaised,
    MeetingActionIn,
    MeetingState,
    MinutesIn,
    TopicState,
)
from shared.storage import Session, rows, work
from shared.storage.rows import Row


async def record(
    session: Session, caller: Caller, meeting_id: UUID, body: MinutesIn, parties: Parties, clock: Clock
) -> Row:
    """Once for each meeting; what its agenda held and nobody came to is proposed again."""
    known = await parties.of(caller.home, *_codes(body))
    row = await work.load_own(session, meeting, caller, meeting_id, None, what=service.WHAT)
    rules.check_minutes(MeetingState(row["state"]), row["held_on"], today(clock))
    now = clock.now()
    items = {item["id"]: item for item in await queries.items(session, row["division_code"], meeting_id)}
    rules.check_items([matter.meeting_item_id for matter in body.matters], items)
    for raised in body.raised:
        if raised.project_id is not None:
            await ledger.own_project(session, caller, raised.project_id)
    attendance = [_attendee(known, one, at) for at, one in enumerate(body.attendance)]
    for at, matter in enumerate(body.matters):
        item = items[matter.meeting_item_id]
        await _conclude(session, caller, row, item, matter, known, f"/matters/{at}", now)
        await _settle_source(session, caller, row, item, matter, now)
    for at, raised in enumerate(body.raised):
        item = await _raise(session, caller, row, raised, len(items) + at + 1, now)
        await _conclude(session, caller, row, item, raised, known, f"/raised/{at}", now)
    discussed = {items[matter.meeting_item_id]["ref"] for matter in body.matters}
    known_before = await queries.known_contradictions(session, row["division_code"])
    values = {
        "state": MeetingState.held,
        "attendance": attendance,
        "summary": body.summary,
        "known_contradictions": rules.known_after(row["known_contradictions"], known_before, discussed),
        "recorded_by": caller.subject,
        "recorded_at": now,
    }
    told = {"held_on": row["held_on"], "kind": row["kind"], "discussed": len(discussed), "raised": len(body.raised)}
    return await work.move(session, meeting, caller, row, values, now, action="record_minutes", detail=told)


def _codes(body: MinutesIn) -> Sequence[str | None]:
    concluded: list[Conclusion] = [*body.matters, *body.raised]
    named: list[Attendee | MeetingActionIn] = [*body.attendance, *(a for one in concluded for a in one.actions)]
    return [code for one in named for code in (one.unit_code, one.person_code)]


def _attendee(known: Known, one: Attendee, at: int) -> dict[str, Any]:
    return _party(known, one.unit_code, one.person_code, f"/attendance/{at}") | {"present": one.present}


def _party(known: Known, unit_code: str, person_code: str | None, pointer: str) -> dict[str, Any]:
    person = known.person(person_code, f"{pointer}/person_code") if person_code is not None else None
    return {
        "unit_code": unit_code,
        "unit_name": known.unit(unit_code, f"{pointer}/unit_code").name,
        "person_code": person_code,
        "person_name": person.name if person else None,
    }


async def _raise(
    session: Session, caller: Caller, row: Row, body: MatterRaised, position: int, now: dt.datetime
) -> Row:
    """A matter of the floor: a line of the agenda after the fact."""
    ref = f"floor:{row['id']}:{position}"
    matter = Matter(AgendaSource.floor, ref, body.title, body.project_id, caller.unit, row["held_on"])
    made = await rows.add(session, meeting_item, service.item(row, position, matter, caller, now))
    assert made is not None
    return made


async def _conclude(
    session: Session,
    caller: Caller,
    row: Row,
    item: Row,
    body: Conclusion,
    known: Known,
    pointer: str,
    now: dt.datetime,
) -> None:
    rules.check_conclusion(pointer, body.outcome, [action.due_on for action in body.actions], row["held_on"])
    for at, action in enumerate(body.actions):
        party = _party(known, action.unit_code, action.person_code, f"{pointer}/actions/{at}")
        told: Mapping[str, Any] = {
            "meeting_id": row["id"],
            "meeting_item_id": item["id"],
            "project_id": item["project_id"],
            "unit_code": action.unit_code,
            "due_on": action.due_on,
        }
        values = {**told, **party, "title": action.title}
        await work.add(session, meeting_action, caller, row["division_code"], values, now, detail=told)
    solved_on = rules.solved_on(body.outcome, row["held_on"], [None] * len(body.actions))
    values = {"outcome": body.outcome, "conclusion": body.conclusion, "solved_on": solved_on}
    told = {"meeting_id": row["id"], "ref": item["ref"], "outcome": body.outcome, "solved_on": solved_on}
    await work.move(session, meeting_item, caller, item, values, now, action="conclude", detail=told)


async def _settle_source(
    session: Session, caller: Caller, row: Row, item: Row, body: Conclusion, now: dt.datetime
) -> None:
    """What meetings own themselves leaves the next agenda: a topic that was dealt with, an action found done."""
    source_id = item["ref"].partition(":")[2]
    if item["source"] == AgendaSource.topic and body.outcome is not MatterOutcome.deferred:
        topic = await work.load_own(session, meeting_topic, caller, UUID(source_id), None)
        if topic["state"] == TopicState.submitted:
            told = {"state": TopicState.discussed, "meeting_id": row["id"]}
            await work.move(session, meeting_topic, caller, topic, told, now, action="discuss")
    if item["source"] == AgendaSource.action and body.outcome is MatterOutcome.settled:
        found = await work.load(session, meeting_action, caller, UUID(source_id))
        action, its_item = await service.lock_action(session, caller, found)
        if action["done_on"] is None:
            await service.finish(session, caller, action, its_item, body.conclusion, row["held_on"], now)
