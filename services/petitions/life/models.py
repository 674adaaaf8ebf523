"""Tables of a petition's life: its acts, which are never changed, and the clocks they started and stopped.

The acts are the case (`life.rules.fold`); the clocks, and the columns of `petition` below `state`, are what they come
to, kept so that a list can be asked for what is due.
"""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from services.petitions.metadata import metadata, reminded_columns
from services.petitions.registry.models import assignment
from shared.schemas.petitions.states import ActKind, ClockKind, DayType
from shared.storage.sealed import SealedColumn
from shared.storage.tables import division_column, moment_column, one_of

petition_act = Table(
    "petition_act",
    metadata,
    division_column(),
    Column("petition_id", Uuid, nullable=False),
    Column("number", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("acted_on", Date, nullable=False),
    Column("actor", Text, nullable=False),
    Column("actor_name", Text, nullable=False),
    Column("unit_code", Text),
    Column("to_unit_code", Text),
    Column("to_unit_name", Text),
    Column("document_number", Text),
    Column("facts", JSONB, nullable=False, comment="what else life.case.Act says"),
    Column("text_sealed", LargeBinary, comment="reasons, opinions: free text of an officer"),
    moment_column("recorded_at"),
    PrimaryKeyConstraint("division_code", "petition_id", "number"),
    ForeignKeyConstraint(["division_code", "petition_id"], ["petition.division_code", "petition.id"]),
    one_of("kind", ActKind),
)

petition_clock = Table(
    "petition_clock",
    metadata,
    division_column(),
    Column("petition_id", Uuid, nullable=False),
    Column("number", SmallInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("rule_version", Text, nullable=False),
    Column("started_by", Integer, nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("days", SmallInteger, nullable=False),
    Column("day_type", Text, nullable=False),
    Column("extended_days", SmallInteger, nullable=False),
    moment_column("extended_at", nullable=True),
    Column("unextended_due_on", Date, comment="what was believed before `extended_at`"),
    Column("suspended_days", SmallInteger, nullable=False),
    Column("suspended_on", Date),
    Column("state", Text, nullable=False),
    Column("ended_by", Integer),
    Column("met_on", Date),
    Column("internal_due_on", Date, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("is_provisional", Boolean, nullable=False),
    Column("unit_code", Text, comment="whose duty it is; the office's where nobody has it yet"),
    moment_column("recorded_at"),
    moment_column("ended_at", nullable=True),
    *reminded_columns(),
    PrimaryKeyConstraint("division_code", "petition_id", "number"),
    ForeignKeyConstraint(["division_code", "petition_id"], ["petition.division_code", "petition.id"]),
    one_of("kind", ClockKind),
    one_of("day_type", DayType),
    one_of("state", ("running", "suspended", "met", "void")),
    Index(
        "petition_clock_one_of_a_kind_key",
        "division_code",
        "petition_id",
        "kind",
        unique=True,
        postgresql_where=text("state in ('running', 'suspended')"),
    ),
    Index(
        "petition_clock_due_idx",
        "division_code",
        "kind",
        "due_on",
        "petition_id",
        postgresql_where=text("state = 'running'"),
    ),
    Index(
        "petition_clock_met_late_idx",
        "division_code",
        "met_on",
        postgresql_where=text("state = 'met' and met_on > due_on"),
    ),
    Index(
        "petition_clock_unowned_reminder_idx",
        "division_code",
        "next_reminder_on",
        "petition_id",
        postgresql_where=text("next_reminder_on is not null and unit_code is null"),
    ),
    Index(
        "petition_clock_reminder_idx",
        "division_code",
        "next_reminder_on",
        "petition_id",
        postgresql_where=text("next_reminder_on is not null and unit_code is not null"),
    ),
)

clock_change = Table(
    "clock_change",
    metadata,
    division_column(),
    Column("id", Uuid, nullable=False),
    Column("petition_id", Uuid, nullable=False),
    Column("clock_number", SmallInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("due_before", Date, nullable=False),
    Column("due_after", Date, nullable=False),
    Column("internal_due_before", Date, nullable=False),
    Column("internal_due_after", Date, nullable=False),
    Column("was_provisional", Boolean, nullable=False),
    Column("is_provisional", Boolean, nullable=False),
    moment_column("recorded_at"),
    PrimaryKeyConstraint("division_code", "id"),
    ForeignKeyConstraint(
        ["division_code", "petition_id", "clock_number"],
        ["petition_clock.division_code", "petition_clock.petition_id", "petition_clock.number"],
    ),
    one_of("kind", ClockKind),
    Index("clock_change_of_petition_idx", "division_code", "petition_id"),
)
"""What a calendar notice did to a clock that ran."""

calendar_seen = Table(
    "calendar_seen",
    metadata,
    division_column(),
    Column("digest", LargeBinary, nullable=False, comment="of the notices the clocks were last counted by"),
    moment_column("seen_at"),
    PrimaryKeyConstraint("division_code"),
)

ACT_TEXT = SealedColumn(petition_act.c.text_sealed, bound_by=("division_code", "petition_id", "number"))
ANSWER = SealedColumn(assignment.c.answer_sealed)
SEALED = (ACT_TEXT, ANSWER)
