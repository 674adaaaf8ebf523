"""一项目一策: plans, their baselines, milestones and what blocks them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.storage.migrations import protect

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

PATHS = (
    "path in ('resume_and_deliver', 'merger_acquisition', 'subrogated_refund', 'in_kind_settlement', 'reorganization', "
    "'composition', 'liquidation')"
)


def _about_project(table: str) -> list[sa.Column | sa.Constraint]:
    return [
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["division_code", "project_id"],
            ["project.division_code", "project.id"],
            name=op.f(f"{table}_project_fkey"),
        ),
        sa.PrimaryKeyConstraint("division_code", "id", name=op.f(f"{table}_pkey")),
    ]


def _keys() -> list[sa.Column]:
    return [
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
    ]


def upgrade() -> None:
    op.create_table(
        "plan",
        *_keys(),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("promised_on", sa.Date(), nullable=False),
        sa.Column("first_promised_on", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("baseline", sa.Integer(), nullable=False, comment="number of the baseline that stands"),
        *_about_project("plan"),
        sa.UniqueConstraint("division_code", "project_id", name=op.f("plan_division_code_project_id_key")),
        sa.CheckConstraint(PATHS, name=op.f("plan_path_check")),
    )
    op.create_table(
        "plan_baseline",
        *_keys(),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("promised_on", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column(
            "schedule",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="BaselineDetail's dates as they were computed that day",
        ),
        *_about_project("plan_baseline"),
        sa.UniqueConstraint(
            "division_code", "plan_id", "number", name=op.f("plan_baseline_division_code_plan_id_number_key")
        ),
        sa.ForeignKeyConstraint(
            ["division_code", "plan_id"], ["plan.division_code", "plan.id"], name=op.f("plan_baseline_plan_fkey")
        ),
        sa.CheckConstraint(PATHS, name=op.f("plan_baseline_path_check")),
    )
    op.create_table(
        "milestone",
        *_keys(),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False, comment="after everything it depends on"),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("post", sa.Text(), nullable=True),
        sa.Column("unit_code", sa.Text(), nullable=False),
        sa.Column("unit_name", sa.Text(), nullable=False),
        sa.Column("person_code", sa.Text(), nullable=True),
        sa.Column("person_name", sa.Text(), nullable=True),
        sa.Column("duration_days", sa.Integer(), nullable=False),
        sa.Column(
            "after",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="key of a milestone to working days that must lie between",
        ),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("reported_on", sa.Date(), nullable=True, comment="when whoever does it says it will be done"),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True),
        *_about_project("milestone"),
        sa.ForeignKeyConstraint(
            ["division_code", "plan_id"], ["plan.division_code", "plan.id"], name=op.f("milestone_plan_fkey")
        ),
        sa.CheckConstraint("duration_days >= 1", name=op.f("milestone_duration_check")),
        sa.CheckConstraint("started_on <= done_on", name=op.f("milestone_order_check")),
    )
    op.create_index(
        "milestone_live_key",
        "milestone",
        ["division_code", "plan_id", "key"],
        unique=True,
        postgresql_where=sa.text("dropped_at is null"),
    )
    op.create_table(
        "milestone_block",
        *_keys(),
        sa.Column("milestone_id", sa.Uuid(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        *_about_project("milestone_block"),
        sa.ForeignKeyConstraint(
            ["division_code", "milestone_id"],
            ["milestone.division_code", "milestone.id"],
            name=op.f("milestone_block_milestone_fkey"),
        ),
    )
    op.create_table(
        "milestone_report",
        *_keys(),
        sa.Column("milestone_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("forecast_on", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        *_about_project("milestone_report"),
        sa.ForeignKeyConstraint(
            ["division_code", "milestone_id"],
            ["milestone.division_code", "milestone.id"],
            name=op.f("milestone_report_milestone_fkey"),
        ),
        sa.CheckConstraint("kind in ('progress', 'done', 'reopened')", name=op.f("milestone_report_kind_check")),
        sa.CheckConstraint("(kind = 'done') = (done_on is not null)", name=op.f("milestone_report_done_check")),
    )
    op.create_index("milestone_report_of_milestone_idx", "milestone_report", ["division_code", "milestone_id", "id"])
    standing = {"postgresql_where": sa.text("lifted_at is null")}
    op.create_index(
        "milestone_block_live_key",
        "milestone_block",
        ["division_code", "milestone_id", "cause"],
        unique=True,
        **standing,
    )
    op.create_index("milestone_block_of_cause_idx", "milestone_block", ["division_code", "cause"], **standing)
    for table in ("plan", "plan_baseline", "milestone", "milestone_block", "milestone_report"):
        op.create_index(f"{table}_of_project_idx", table, ["division_code", "project_id"])
    protect("plan")
    protect("plan_baseline", rights=("select", "insert"))
    protect("milestone")
    protect("milestone_block")
    protect("milestone_report", rights=("select", "insert"))


def downgrade() -> None:
    op.drop_table("milestone_report")
    op.drop_table("milestone_block")
    op.drop_table("milestone")
    op.drop_table("plan_baseline")
    op.drop_table("plan")
