"""Reads and bulk writes of the meetings."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from services.projects.meetings.models import meeting, meeting_action, meeting_item, meeting_topic
from shared.schemas.projects.meetings import ActionState, AgendaSource, MeetingKind, MeetingState, TopicState
from shared.storage import Session
from shared.storage.bulk import insert_many
from shared.storage.divisions import within
from shared.storage.rows import Row, dicts, matching, newest

HELD = meeting.c.state == MeetingState.held


async def _rows(session: Session, statement: Any) -> list[Row]:
    return dicts(await session.execute(statement))


async def meetings(
    session: Session, scope: str, filters: Mapping[str, Any], *, after: Sequence[str] | None, limit: int
) -> list[Row]:
    """`filters`: `project_id`, `kind`, `state`; None does not filter."""
    return await newest(session, meeting, scope, *matching(meeting, filters), after=after, limit=limit)


async def topics(
    session: Session, scope: str, filters: Mapping[str, Any], *, after: Sequence[str] | None, limit: int
) -> list[Row]:
    """`filters`: `project_id`, `state`; None does not filter."""
    return await newest(session, meeting_topic, scope, *matching(meeting_topic, filters), after=after, limit=limit)


async def actions(
    session: Session,
    scope: str,
    filters: Mapping[str, Any],
    *,
    today: dt.date,
    after: Sequence[str] | None,
    limit: int,
) -> list[Row]:
    """`filters`: `project_id`, `meeting_id`, `unit_code`, `state`; None does not filter."""
    where = matching(meeting_action, {**filters, "state": None})
    undone, due_on = meeting_action.c.done_on.is_(None), meeting_action.c.due_on
    states = {
        ActionState.open: and_(undone, due_on >= today),
        ActionState.overdue: and_(undone, due_on < today),
        ActionState.done: ~undone,
    }
    if filters["state"] is not None:
        where.append(states[filters["state"]])
    return await newest(session, meeting_action, scope, *where, after=after, limit=limit)


async def open_actions(session: Session, division_code: str) -> list[Row]:
    where = (meeting_action.c.division_code == division_code, meeting_action.c.done_on.is_(None))
    return await _rows(session, select(meeting_action).where(*where))


async def open_topics(session: Session, division_code: str) -> list[Row]:
    where = (meeting_topic.c.division_code == division_code, meeting_topic.c.state == TopicState.submitted)
    return await _rows(session, select(meeting_topic).where(*where))


async def last_held(session: Session, division_code: str) -> Row | None:
    """The latest meeting with minutes."""
    latest = (
        select(meeting)
        .where(meeting.c.division_code == division_code, HELD)
        .order_by(meeting.c.held_on.desc(), meeting.c.id.desc())
        .limit(1)
    )
    return next(iter(await _rows(session, latest)), None)


async def known_contradictions(session: Session, division_code: str) -> set[str]:
    """Refs that are not new to the next meeting: as the minutes recorded last left them, whenever that meeting was."""
    latest = (
        select(meeting.c.known_contradictions)
        .where(meeting.c.division_code == division_code, HELD)
        .order_by(meeting.c.recorded_at.desc(), meeting.c.id.desc())
        .limit(1)
    )
    return set((await session.execute(latest)).scalar_one_or_none() or ())


async def items(session: Session, division_code: str, meeting_id: UUID) -> list[Row]:
    where = (meeting_item.c.division_code == division_code, meeting_item.c.meeting_id == meeting_id)
    return await _rows(session, select(meeting_item).where(*where).order_by(meeting_item.c.position))


async def put_items(session: Session, items: Sequence[Row]) -> None:
    await insert_many(session, meeting_item, items)


async def actions_of(
    session: Session, division_code: str, *, meeting_id: UUID | None = None, item_id: UUID | None = None
) -> list[Row]:
    where = [meeting_action.c.division_code == division_code]
    where += [meeting_action.c.meeting_id == meeting_id] if meeting_id is not None else []
    where += [meeting_action.c.meeting_item_id == item_id] if item_id is not None else []
    return await _rows(session, select(meeting_action).where(*where).order_by(meeting_action.c.id))


@dataclass(frozen=True, slots=True)
class Counts:
    """What `MeetingStatistics` is made of."""

    dispatch_meetings: int
    site_dispatches: int
    matters_raised: int
    matters_solved: int
    raised_and_solved: int
    actions_due: int
    done_in_time: int
    actions_overdue: int


async def counts(session: Session, scope: str, since: dt.date, to: dt.date) -> Counts:
    """Counts over two days, both included."""
    held = select(
        func.count().filter(meeting.c.kind == MeetingKind.dispatch),
        func.count().filter(meeting.c.kind == MeetingKind.site),
    ).where(within(meeting, scope), HELD, meeting.c.held_on.between(since, to))
    last_first = (meeting.c.held_on.desc(), meeting.c.id.desc())
    solved_on = func.array_agg(aggregate_order_by(meeting_item.c.solved_on, *last_first))[1]
    matters = (
        select(func.min(meeting.c.held_on).label("raised_on"), solved_on.label("solved_on"))
        .join(
            meeting,
            and_(meeting.c.division_code == meeting_item.c.division_code, meeting.c.id == meeting_item.c.meeting_id),
        )
        .where(
            within(meeting_item, scope),
            meeting_item.c.outcome.is_not(None),
            meeting_item.c.source != AgendaSource.action,
            meeting.c.held_on <= to,
        )
        .group_by(meeting_item.c.division_code, meeting_item.c.ref)
        .subquery()
    )
    raised = matters.c.raised_on.between(since, to)
    raised_solved = select(
        func.count().filter(raised),
        func.count().filter(matters.c.solved_on.between(since, to)),
        func.count().filter(and_(raised, matters.c.solved_on <= to)),
    ).select_from(matters)
    due_on, done_on = meeting_action.c.due_on, meeting_action.c.done_on
    due = due_on.between(since, to)
    acted = select(
        func.count().filter(due),
        func.count().filter(and_(due, done_on <= due_on)),
        func.count().filter(and_(due_on < to, done_on.is_(None) | (done_on > to))),
    ).where(within(meeting_action, scope))
    found = [(await session.execute(statement)).one() for statement in (held, raised_solved, acted)]
    return Counts(*(int(number) for row in found for number in row))
