"""Tables of 领导包案. A case has one leader and one plan at a time; who led it before, and by which plan, stays."""

from sqlalchemy import CheckConstraint, Column, Date, ForeignKeyConstraint, Index, LargeBinary, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

from services.petitions.metadata import reminded_columns, work_table
from shared.schemas.petitions.leaders import CasePromiseOutcome
from shared.storage.sealed import SealedColumn
from shared.storage.tables import one_of


def _of_petition() -> tuple[Column[object], ForeignKeyConstraint]:
    key = ForeignKeyConstraint(["division_code", "petition_id"], ["petition.division_code", "petition.id"])
    return Column("petition_id", Uuid, nullable=False), key


case_leader = work_table(
    "case_leader",
    *_of_petition(),
    Column("person_code", Text, nullable=False),
    Column("person_name", Text, nullable=False),
    Column("post", Text),
    Column("unit_code", Text),
    Column("unit_name", Text),
    Column("document_number", Text),
    Column("taken_on", Date, nullable=False),
    Column("released_on", Date),
    Column("note_sealed", LargeBinary, comment="handover, or why nobody leads it any more"),
    CheckConstraint("released_on >= taken_on", name="released_later"),
    Index(
        "case_leader_live_key",
        "division_code",
        "petition_id",
        unique=True,
        postgresql_where=text("released_on is null"),
    ),
    Index("case_leader_of_petition_idx", "division_code", "petition_id"),
    Index("case_leader_load_idx", "division_code", "person_code", postgresql_where=text("released_on is null")),
)

case_plan = work_table(
    "case_plan",
    *_of_petition(),
    Column("made_on", Date, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("goal", Text, nullable=False),
    Column("measures_sealed", LargeBinary, nullable=False),
    Column("unit_code", Text, nullable=False),
    Column("unit_name", Text, nullable=False),
    Column("superseded_on", Date),
    CheckConstraint("due_on >= made_on", name="due_later"),
    CheckConstraint("superseded_on >= made_on", name="superseded_later"),
    Index(
        "case_plan_live_key",
        "division_code",
        "petition_id",
        unique=True,
        postgresql_where=text("superseded_on is null"),
    ),
    Index("case_plan_of_petition_idx", "division_code", "petition_id"),
)

case_meeting = work_table(
    "case_meeting",
    *_of_petition(),
    Column("held_on", Date, nullable=False),
    Column("place", Text),
    Column("chair_code", Text, nullable=False),
    Column("chair_name", Text, nullable=False),
    Column("units", JSONB, nullable=False, comment="unit_code, unit_name, attended of each that was called"),
    Column("outcome", Text, nullable=False),
    Column("notes_sealed", LargeBinary),
    Index("case_meeting_of_petition_idx", "division_code", "petition_id"),
)

case_promise = work_table(
    "case_promise",
    *_of_petition(),
    Column("matter", Text, nullable=False),
    Column("made_on", Date, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("unit_code", Text, nullable=False),
    Column("unit_name", Text, nullable=False),
    Column("person_code", Text),
    Column("person_name", Text),
    Column("document_number", Text),
    Column("outcome", Text),
    Column("settled_on", Date),
    Column("settled_by", Text),
    Column("settled_unit", Text),
    *reminded_columns(),
    Column("note_sealed", LargeBinary),
    one_of("outcome", CasePromiseOutcome),
    CheckConstraint("due_on >= made_on", name="due_later"),
    CheckConstraint("num_nulls(outcome, settled_on, settled_by) in (0, 3)", name="settled_whole"),
    CheckConstraint("outcome <> 'kept' or settled_by <> created_by", name="kept_says_another"),
    CheckConstraint("outcome <> 'kept' or settled_unit is distinct from unit_code", name="kept_says_another_unit"),
    Index(
        "case_promise_reminder_idx",
        "division_code",
        "next_reminder_on",
        "petition_id",
        postgresql_where=text("next_reminder_on is not null"),
    ),
    Index("case_promise_of_petition_idx", "division_code", "petition_id"),
    Index("case_promise_open_idx", "division_code", "due_on", postgresql_where=text("outcome is null")),
)

LEADER_NOTE = SealedColumn(case_leader.c.note_sealed)
PLAN_MEASURES = SealedColumn(case_plan.c.measures_sealed)
MEETING_NOTES = SealedColumn(case_meeting.c.notes_sealed)
PROMISE_NOTE = SealedColumn(case_promise.c.note_sealed)
SEALED = (LEADER_NOTE, PLAN_MEASURES, MEETING_NOTES, PROMISE_NOTE)
