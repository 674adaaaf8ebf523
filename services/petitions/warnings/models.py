"""Tables of warnings: one live per subject, and what it said every day it moved."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from services.petitions.metadata import metadata, work_table
from shared.schemas.petitions.warnings import (
    WarningGrade,
    WarningOutcome,
    WarningState,
    WarningSubject,
    WarningTrend,
)
from shared.storage.sealed import SealedColumn
from shared.storage.tables import division_column, moment_column, one_of

petition_warning = work_table(
    "petition_warning",
    Column("subject", Text, nullable=False),
    Column("subject_key", Text, nullable=False, comment="a project's id, an enterprise's name"),
    Column("subject_name", Text, nullable=False),
    Column("project_id", Uuid),
    Column("state", Text, nullable=False),
    Column("grade", Text, nullable=False),
    Column("score", Integer, nullable=False),
    Column("peak_score", Integer, nullable=False),
    Column("trend", Text, nullable=False),
    Column("factors", JSONB, nullable=False),
    Column("as_of", Date, nullable=False),
    Column("opened_on", Date, nullable=False),
    Column("unit_code", Text, comment="who must act; null is the petition office"),
    Column("unit_name", Text),
    Column("act_by", Date, nullable=False),
    Column("acknowledged_by", Text),
    Column("acknowledged_by_name", Text),
    Column("acknowledged_on", Date),
    Column("closed_by", Text, comment="null where a rule closed it"),
    Column("closed_by_name", Text),
    Column("closed_on", Date),
    Column("outcome", Text),
    Column("note_sealed", LargeBinary),
    one_of("subject", WarningSubject),
    one_of("state", WarningState),
    one_of("grade", WarningGrade),
    one_of("trend", WarningTrend),
    one_of("outcome", WarningOutcome),
    CheckConstraint("score between 0 and 100 and peak_score >= score", name="score"),
    CheckConstraint(
        "(state = 'closed') = (closed_on is not null) and (closed_on is null) = (outcome is null)", name="closed_whole"
    ),
    CheckConstraint("subject = 'project' or project_id is null", name="project"),
    Index(
        "petition_warning_live_key",
        "division_code",
        "subject",
        "subject_key",
        unique=True,
        postgresql_where=text("state <> 'closed'"),
    ),
    Index("petition_warning_closed_idx", "division_code", "closed_on", postgresql_where=text("state = 'closed'")),
)

warning_reading = Table(
    "warning_reading",
    metadata,
    division_column(),
    Column("warning_id", Uuid, nullable=False),
    Column("version", Integer, nullable=False, comment="of the warning that said it"),
    Column("as_of", Date, nullable=False),
    Column("score", Integer, nullable=False),
    Column("grade", Text, nullable=False),
    Column("factors", JSONB, nullable=False),
    moment_column("recorded_at"),
    PrimaryKeyConstraint("division_code", "warning_id", "version"),
    ForeignKeyConstraint(["division_code", "warning_id"], ["petition_warning.division_code", "petition_warning.id"]),
    one_of("grade", WarningGrade),
)

NOTE = SealedColumn(petition_warning.c.note_sealed)
SEALED = (NOTE,)
