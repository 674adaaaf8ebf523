"""Tables of 一项目一策: the plan, what it was at each replan, its milestones and what blocks them."""

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
from shared.schemas.projects.facts import ResolutionMode
from shared.schemas.projects.plan import MilestoneReportKind
from shared.storage.tables import moment_column, one_of

plan = work_table(
    "plan",
    Column("path", Text, nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("promised_on", Date, nullable=False),
    Column("first_promised_on", Date, nullable=False),
    Column("note", Text),
    Column("baseline", Integer, nullable=False, comment="number of the baseline that stands"),
    UniqueConstraint("division_code", "project_id"),
    one_of("path", ResolutionMode),
)

plan_baseline = work_table(
    "plan_baseline",
    Column("plan_id", Uuid, nullable=False),
    Column("number", Integer, nullable=False),
    Column("path", Text, nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("promised_on", Date, nullable=False),
    Column("note", Text),
    Column("reason", Text),
    Column("schedule", JSONB, nullable=False, comment="BaselineDetail's dates as they were computed that day"),
    UniqueConstraint("division_code", "plan_id", "number"),
    ForeignKeyConstraint(["division_code", "plan_id"], ["plan.division_code", "plan.id"]),
    one_of("path", ResolutionMode),
)

milestone = work_table(
    "milestone",
    Column("plan_id", Uuid, nullable=False),
    Column("position", Integer, nullable=False, comment="after everything it depends on"),
    Column("key", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("post", Text),
    Column("unit_code", Text, nullable=False),
    Column("unit_name", Text, nullable=False),
    Column("person_code", Text),
    Column("person_name", Text),
    Column("duration_days", Integer, nullable=False),
    Column("after", JSONB, nullable=False, comment="key of a milestone to working days that must lie between"),
    Column("started_on", Date),
    Column("reported_on", Date, comment="when whoever does it says it will be done"),
    Column("done_on", Date),
    moment_column("dropped_at", nullable=True),
    ForeignKeyConstraint(["division_code", "plan_id"], ["plan.division_code", "plan.id"]),
    CheckConstraint("duration_days >= 1", name="duration"),
    CheckConstraint("started_on <= done_on", name="order"),
    Index(
        "milestone_live_key",
        "division_code",
        "plan_id",
        "key",
        unique=True,
        postgresql_where=text("dropped_at is null"),
    ),
)

milestone_block = work_table(
    "milestone_block",
    Column("milestone_id", Uuid, nullable=False),
    Column("cause", Text, nullable=False),
    Column("title", Text, nullable=False),
    moment_column("lifted_at", nullable=True),
    ForeignKeyConstraint(["division_code", "milestone_id"], ["milestone.division_code", "milestone.id"]),
    Index(
        "milestone_block_live_key",
        "division_code",
        "milestone_id",
        "cause",
        unique=True,
        postgresql_where=text("lifted_at is null"),
    ),
    Index("milestone_block_of_cause_idx", "division_code", "cause", postgresql_where=text("lifted_at is null")),
)

milestone_report = work_table(
    "milestone_report",
    Column("milestone_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("started_on", Date),
    Column("forecast_on", Date),
    Column("done_on", Date),
    Column("note", Text, nullable=False),
    ForeignKeyConstraint(["division_code", "milestone_id"], ["milestone.division_code", "milestone.id"]),
    one_of("kind", MilestoneReportKind),
    CheckConstraint("(kind = 'done') = (done_on is not null)", name="done"),
    Index("milestone_report_of_milestone_idx", "division_code", "milestone_id", "id"),
)
