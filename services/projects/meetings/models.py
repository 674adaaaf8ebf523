"""Tables of 调度会."""

from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from services.projects.metadata import work_table
from shared.schemas.projects.meetings import AgendaSource, MatterOutcome, MeetingKind, MeetingState, TopicState
from shared.storage.tables import moment_column, one_of


def _maybe_of_project() -> list[Any]:
    """A meeting, a topic, a matter may be about the whole county."""
    return [
        Column("project_id", Uuid),
        ForeignKeyConstraint(["division_code", "project_id"], ["project.division_code", "project.id"]),
    ]


meeting = work_table(
    "meeting",
    *_maybe_of_project(),
    Column("held_on", Date, nullable=False),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("chair_code", Text, nullable=False),
    Column("chair_name", Text, nullable=False),
    Column("place", Text),
    Column("attendance", JSONB, nullable=False, comment="[{unit_code, unit_name, person_code, person_name, present}]"),
    Column("summary", Text),
    Column(
        "known_contradictions",
        JSONB,
        nullable=False,
        comment="refs there were when called; once held, those not new to the next",
    ),
    Column("recorded_by", Text),
    moment_column("recorded_at", nullable=True),
    one_of("kind", MeetingKind),
    one_of("state", MeetingState),
    CheckConstraint("kind <> 'site' or project_id is not null", name="site"),
    CheckConstraint("(state = 'held') = (recorded_by is not null and recorded_at is not null)", name="held"),
    Index("meeting_held_idx", "division_code", "held_on", "id"),
    of_project=False,
)

meeting_item = work_table(
    "meeting_item",
    *_maybe_of_project(),
    Column("meeting_id", Uuid, nullable=False),
    Column("position", Integer, nullable=False),
    Column("source", Text, nullable=False),
    Column("ref", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("unit_code", Text),
    Column("since", Date),
    Column("outcome", Text),
    Column("conclusion", Text),
    Column("solved_on", Date),
    UniqueConstraint("division_code", "meeting_id", "ref"),
    ForeignKeyConstraint(["division_code", "meeting_id"], ["meeting.division_code", "meeting.id"]),
    one_of("source", AgendaSource),
    one_of("outcome", MatterOutcome),
    CheckConstraint("(outcome is null) = (conclusion is null)", name="discussed"),
    CheckConstraint("solved_on is null or outcome in ('settled', 'assigned')", name="solved"),
    of_project=False,
)

meeting_action = work_table(
    "meeting_action",
    *_maybe_of_project(),
    Column("meeting_id", Uuid, nullable=False),
    Column("meeting_item_id", Uuid, nullable=False),
    Column("title", Text, nullable=False),
    Column("unit_code", Text, nullable=False),
    Column("unit_name", Text, nullable=False),
    Column("person_code", Text),
    Column("person_name", Text),
    Column("due_on", Date, nullable=False),
    Column("done_on", Date),
    Column("result", Text),
    ForeignKeyConstraint(["division_code", "meeting_id"], ["meeting.division_code", "meeting.id"]),
    ForeignKeyConstraint(["division_code", "meeting_item_id"], ["meeting_item.division_code", "meeting_item.id"]),
    CheckConstraint("(done_on is null) = (result is null)", name="done"),
    Index("meeting_action_of_item_idx", "division_code", "meeting_item_id"),
    Index("meeting_action_open_idx", "division_code", "due_on", postgresql_where=text("done_on is null")),
    of_project=False,
)

meeting_topic = work_table(
    "meeting_topic",
    *_maybe_of_project(),
    Column("title", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("unit_code", Text),
    Column("submitted_on", Date, nullable=False),
    Column("state", Text, nullable=False),
    Column("meeting_id", Uuid),
    ForeignKeyConstraint(["division_code", "meeting_id"], ["meeting.division_code", "meeting.id"]),
    one_of("state", TopicState),
    CheckConstraint("(state = 'discussed') = (meeting_id is not null)", name="discussed"),
    Index("meeting_topic_open_idx", "division_code", "id", postgresql_where=text("state = 'submitted'")),
    of_project=False,
)
