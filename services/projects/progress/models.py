"""Tables of 进度与真实性: claims, checks, signals, draws. None is overwritten: a correction is a row of its own."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    Numeric,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from services.projects.metadata import work_table
from shared.schemas.projects.progress import ReporterRole
from shared.schemas.projects.signals import SignalKind
from shared.storage.tables import moment_column, one_of

STANDING = text("corrected_at is null")


progress_report = work_table(
    "progress_report",
    Column("unit_code", Text, nullable=False),
    Column("unit_name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("effective_on", Date, nullable=False),
    Column("progress_pct", Numeric(9, 6)),
    Column("milestone", Text),
    Column("money_in_place_fen", BigInteger),
    Column("money_drawn_fen", BigInteger),
    Column("workers_planned", Integer),
    Column("note", Text),
    Column("recorded_by_unit", Text, comment="the unit of who entered it: the office's where it reported on behalf"),
    Column("corrects", Uuid),
    Column("correction_reason", Text),
    moment_column("corrected_at", nullable=True),
    one_of("role", ReporterRole),
    ForeignKeyConstraint(["division_code", "corrects"], ["progress_report.division_code", "progress_report.id"]),
    # What an inspection refers to, so that the database itself knows who made the claim.
    UniqueConstraint("division_code", "id", "unit_code", "created_by"),
    Index(
        "progress_report_standing_key",
        "division_code",
        "project_id",
        "effective_on",
        "unit_code",
        unique=True,
        postgresql_where=STANDING,
    ),
)

progress_inspection = work_table(
    "progress_inspection",
    Column("unit_code", Text, nullable=False),
    Column("unit_name", Text, nullable=False),
    Column("effective_on", Date, nullable=False),
    Column("report_id", Uuid),
    Column("reporting_unit_code", Text),
    Column("reported_by", Text),
    Column("progress_pct", Numeric(9, 6)),
    Column("money_in_place_fen", BigInteger),
    Column("workers_seen", Integer),
    Column("note", Text),
    CheckConstraint("num_nulls(report_id, reporting_unit_code, reported_by) in (0, 3)", name="report_whole"),
    CheckConstraint("unit_code <> reporting_unit_code", name="another_unit"),
    CheckConstraint("created_by <> reported_by", name="another_person"),
    ForeignKeyConstraint(
        ["division_code", "report_id", "reporting_unit_code", "reported_by"],
        [
            "progress_report.division_code",
            "progress_report.id",
            "progress_report.unit_code",
            "progress_report.created_by",
        ],
    ),
    Index("progress_inspection_of_reporter_idx", "division_code", "reporting_unit_code", "effective_on"),
)

site_signal = work_table(
    "site_signal",
    Column("kind", Text, nullable=False),
    Column("value", BigInteger, nullable=False),
    Column("effective_on", Date, nullable=False),
    Column("source_unit_code", Text, nullable=False),
    Column("source_unit_name", Text, nullable=False),
    Column("corrects", Uuid),
    Column("correction_reason", Text),
    moment_column("corrected_at", nullable=True),
    one_of("kind", SignalKind),
    ForeignKeyConstraint(["division_code", "corrects"], ["site_signal.division_code", "site_signal.id"]),
    Index(
        "site_signal_standing_key",
        "division_code",
        "project_id",
        "effective_on",
        "kind",
        "source_unit_code",
        unique=True,
        postgresql_where=STANDING,
    ),
)

inspection_draw = work_table(
    "inspection_draw",
    Column("week_starting", Date, nullable=False),
    Column("algorithm", Text, nullable=False),
    Column("seed", Text, nullable=False),
    Column("places", Integer, nullable=False),
    Column("inputs_sha256", Text, nullable=False),
    Column("candidates", JSONB, nullable=False),
    Column("picks", ARRAY(Uuid), nullable=False),
    UniqueConstraint("division_code", "week_starting"),
    of_project=False,
)
