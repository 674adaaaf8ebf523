"""Tables of 催办 and 督办. A duty is reminded of a band once, and supervised once: the database says so.

What a duty's reminders have come to stands with the duty (`metadata.reminded_columns`).
"""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)

from services.petitions.metadata import metadata, work_table
from shared.schemas.petitions.reminders import (
    REMINDED_BANDS,
    PetitionSupervisionState,
    PetitionSupervisionStep,
    ReminderSubject,
    SupervisionVerdict,
)
from shared.schemas.petitions.states import ClockKind
from shared.storage.sealed import SealedColumn
from shared.storage.sweeps import sweep_table
from shared.storage.tables import one_of

COUNTS = ("lapsed", "reminded", "supervised", "climbed", "warned")
sweep = sweep_table(metadata, COUNTS)


def _of_duty() -> tuple[object, ...]:
    """Which duty, and whose it is."""
    return (
        Column("petition_id", Uuid, nullable=False),
        Column("subject", Text, nullable=False),
        Column("subject_ref", Text, nullable=False, comment="number of the clock in its petition, else the id"),
        Column("clock_kind", Text),
        Column("unit_code", Text, comment="null: nobody's yet, so the petition office's"),
        Column("unit_name", Text),
        ForeignKeyConstraint(["division_code", "petition_id"], ["petition.division_code", "petition.id"]),
        one_of("subject", ReminderSubject),
        one_of("clock_kind", ClockKind),
    )


reminder = work_table(
    "reminder",
    *_of_duty(),
    Column("band", Text, nullable=False),
    Column("step", SmallInteger, nullable=False, comment="place of the band in its order, from 1"),
    Column("due_on", Date, nullable=False),
    Column("internal_due_on", Date, nullable=False),
    Column("fell_due_on", Date, nullable=False),
    Column("reminded_on", Date, nullable=False),
    Column("acknowledged_on", Date),
    Column("acknowledged_by", Text),
    Column("answered_on", Date),
    Column("answered_by", Text),
    Column("expected_on", Date),
    Column("answer_sealed", LargeBinary),
    one_of("band", REMINDED_BANDS),
    CheckConstraint("reminded_on >= fell_due_on", name="when_due"),
    CheckConstraint("num_nulls(answered_on, answered_by, answer_sealed) in (0, 3)", name="answered_whole"),
    CheckConstraint("num_nulls(acknowledged_on, acknowledged_by) in (0, 2)", name="acknowledged_whole"),
    UniqueConstraint(
        "division_code",
        "petition_id",
        "subject",
        "subject_ref",
        "band",
        name="reminder_once_key",
    ),
    Index("reminder_of_unit_idx", "division_code", "unit_code", "id"),
)

petition_supervision = work_table(
    "petition_supervision",
    *_of_duty(),
    Column("missed_on", Date, nullable=False),
    Column("opened_on", Date, nullable=False),
    Column("due_on", Date, nullable=False, comment="of the written answer"),
    Column("step_days", Integer, nullable=False, comment="the county's setting on the day it was opened"),
    Column("state", Text, nullable=False),
    Column("level", Text),
    Column("level_on", Date),
    Column("next_due_on", Date, comment="of the next step; null when none comes by itself"),
    Column("document_number", Text),
    Column("is_adopted", Boolean),
    Column("answered_on", Date),
    Column("answered_by", Text),
    Column("answer_sealed", LargeBinary),
    Column("verdict", Text),
    Column("reviewed_on", Date),
    Column("reviewed_by", Text),
    one_of("state", PetitionSupervisionState),
    one_of("level", PetitionSupervisionStep),
    one_of("verdict", SupervisionVerdict),
    CheckConstraint("reviewed_by <> answered_by", name="two_persons"),
    CheckConstraint("(state = 'closed') = (verdict is not distinct from 'accepted')", name="closed"),
    UniqueConstraint(
        "division_code",
        "petition_id",
        "subject",
        "subject_ref",
        name="petition_supervision_once_key",
    ),
    Index("petition_supervision_of_unit_idx", "division_code", "unit_code", "id"),
    Index(
        "petition_supervision_unowned_due_idx",
        "division_code",
        "next_due_on",
        "id",
        postgresql_where=text("next_due_on is not null and unit_code is null"),
    ),
    Index(
        "petition_supervision_due_idx",
        "division_code",
        "next_due_on",
        "id",
        postgresql_where=text("next_due_on is not null and unit_code is not null"),
    ),
)

petition_supervision_step = work_table(
    "petition_supervision_step",
    Column("supervision_id", Uuid, nullable=False),
    Column("level", Text, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("taken_on", Date, nullable=False),
    ForeignKeyConstraint(
        ["division_code", "supervision_id"], ["petition_supervision.division_code", "petition_supervision.id"]
    ),
    one_of("level", PetitionSupervisionStep),
    CheckConstraint("taken_on >= due_on", name="when_due"),
    UniqueConstraint("division_code", "supervision_id", "level"),
)

REMINDER_ANSWER = SealedColumn(reminder.c.answer_sealed)
SUPERVISION_ANSWER = SealedColumn(petition_supervision.c.answer_sealed)
SEALED = (REMINDER_ANSWER, SUPERVISION_ANSWER)
