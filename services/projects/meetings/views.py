"""Meetings in the shape of the contract."""

import datetime as dt

from services.projects.meetings import queries, rules
from shared.schemas.projects.meetings import (
    ActionState,
    MeetingActionOut,
    MeetingFull,
    MeetingItemOut,
    MeetingOut,
    TopicOut,
)
from shared.storage import Session, work
from shared.storage.rows import Row


def topic(row: Row) -> TopicOut:
    return work.shown(TopicOut, row)


def shown(row: Row) -> MeetingOut:
    return work.shown(MeetingOut, row)


def action(row: Row, today: dt.date) -> MeetingActionOut:
    state = rules.action_state(row["due_on"], row["done_on"], today)
    late = (today - row["due_on"]).days if state is ActionState.overdue else None
    return work.shown(MeetingActionOut, row, state=state, days_late=late)


async def full(session: Session, row: Row, today: dt.date) -> MeetingFull:
    """With attendance, agenda and what came of it."""
    items = await queries.items(session, row["division_code"], row["id"])
    actions = await queries.actions_of(session, row["division_code"], meeting_id=row["id"])
    lines = [work.shown(MeetingItemOut, item) for item in items]
    return work.shown(MeetingFull, row, items=lines, actions=[action(one, today) for one in actions])
