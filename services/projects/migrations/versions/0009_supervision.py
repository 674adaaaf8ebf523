"""Supervision orders 督办单, their ladder, accountability 问责, and the sweeps that move them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.storage.migrations import protect

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "supervision_number",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("division_code", name=op.f("supervision_number_pkey")),
    )
    op.create_table(
        "sweep",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("swept_on", sa.Date(), nullable=False),
        sa.Column("opened", sa.Integer(), nullable=False),
        sa.Column("escalated", sa.Integer(), nullable=False),
        sa.Column("climbed", sa.Integer(), nullable=False),
        sa.Column("problems", sa.Integer(), nullable=False),
        sa.Column("closeouts", sa.Integer(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state in ('running', 'finished')", name=op.f("sweep_state_check")),
        sa.PrimaryKeyConstraint("division_code", "id", name=op.f("sweep_pkey")),
    )
    op.create_index("sweep_day_idx", "sweep", ["division_code", "swept_on"], unique=False)
    op.create_index(
        "sweep_running_key", "sweep", ["division_code"], unique=True, postgresql_where=sa.text("state = 'running'")
    )
    op.create_table(
        "supervision_order",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=True),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_number", sa.Text(), nullable=True),
        sa.Column("source_ref", sa.Text(), nullable=True, comment="what a rule or a meeting opened it for"),
        sa.Column("is_criticism", sa.Boolean(), nullable=False),
        sa.Column("matter", sa.Text(), nullable=False),
        sa.Column("lead_unit_code", sa.Text(), nullable=True),
        sa.Column("lead_unit_name", sa.Text(), nullable=True),
        sa.Column("co_units", postgresql.JSONB(astext_type=sa.Text()), nullable=False, comment="[{code, name}]"),
        sa.Column("person_code", sa.Text(), nullable=True),
        sa.Column("person_name", sa.Text(), nullable=True),
        sa.Column("issued_by_office", sa.Boolean(), nullable=False, comment="else by the leader who is created_by"),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("assigned_on", sa.Date(), nullable=True),
        sa.Column("first_due_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("feedback_every_days", sa.Integer(), nullable=True),
        sa.Column("silent_percent", sa.Integer(), nullable=False, comment="the county's setting on the day of issue"),
        sa.Column("step_days", sa.Integer(), nullable=False, comment="the county's setting on the day of issue"),
        sa.Column("extensions", sa.Integer(), nullable=False),
        sa.Column("last_feedback_on", sa.Date(), nullable=True),
        sa.Column("claimed_on", sa.Date(), nullable=True, comment="done, says the unit; the review is still to come"),
        sa.Column("answered_by", sa.Text(), nullable=True, comment="whose feedback was accepted"),
        sa.Column("level", sa.Text(), nullable=True),
        sa.Column("level_on", sa.Date(), nullable=True),
        sa.Column("escalated_on", sa.Date(), nullable=True),
        sa.Column("next_due_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closed_by", sa.Text(), nullable=True),
        sa.Column("conclusion", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(state = 'closed') = (closed_by is not null)", name=op.f("supervision_order_closed_check")),
        sa.CheckConstraint(
            "level in ('reminder', 'bulletin', 'interview', 'listed', 'accountability')",
            name=op.f("supervision_order_level_check"),
        ),
        sa.CheckConstraint(
            "source in ('meeting', 'instruction', 'inspection', 'petition', 'rule', 'superior')",
            name=op.f("supervision_order_source_check"),
        ),
        sa.CheckConstraint(
            "state in ('open', 'answered', 'accepted', 'closed')", name=op.f("supervision_order_state_check")
        ),
        sa.CheckConstraint("closed_by <> answered_by", name=op.f("supervision_order_two_persons_check")),
        sa.CheckConstraint(
            "closed_by is null or answered_by is not null", name=op.f("supervision_order_accepted_check")
        ),
        sa.ForeignKeyConstraint(
            ["division_code", "project_id"],
            ["project.division_code", "project.id"],
            name=op.f("supervision_order_project_fkey"),
        ),
        sa.PrimaryKeyConstraint("division_code", "id", name=op.f("supervision_order_pkey")),
        sa.UniqueConstraint("division_code", "code", name=op.f("supervision_order_division_code_code_key")),
    )
    op.create_index(
        "supervision_order_live_idx",
        "supervision_order",
        ["division_code", "due_on"],
        unique=False,
        postgresql_where=sa.text("state in ('open', 'answered')"),
    )
    op.create_index(
        "supervision_order_of_project_idx", "supervision_order", ["division_code", "project_id"], unique=False
    )
    op.create_index(
        "supervision_order_of_unit_idx", "supervision_order", ["division_code", "lead_unit_code", "id"], unique=False
    )
    op.create_index(
        "supervision_order_open_ref_key",
        "supervision_order",
        ["division_code", "source_ref"],
        unique=True,
        postgresql_where=sa.text("state <> 'closed'"),
    )
    op.create_index(
        "supervision_order_owned_due_idx",
        "supervision_order",
        ["division_code", "next_due_on", "id"],
        unique=False,
        postgresql_where=sa.text("next_due_on is not null and lead_unit_code is not null"),
    )
    op.create_index(
        "supervision_order_ref_idx",
        "supervision_order",
        ["division_code", "source_ref"],
        unique=False,
        postgresql_where=sa.text("source_ref is not null"),
    )
    op.create_index(
        "supervision_order_unowned_due_idx",
        "supervision_order",
        ["division_code", "next_due_on", "id"],
        unique=False,
        postgresql_where=sa.text("next_due_on is not null and lead_unit_code is null"),
    )
    op.create_table(
        "accountability",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=True),
        sa.Column("order_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=False, comment="the unit, or the unit of the person"),
        sa.Column("unit_name", sa.Text(), nullable=False),
        sa.Column("person_code", sa.Text(), nullable=True),
        sa.Column("person_name", sa.Text(), nullable=True),
        sa.Column("document_number", sa.Text(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "case when person_code is null then kind in ('written_inspection', 'circulated', 'reorganised') else kind in ('circulated', 'admonished', 'post_changed', 'disciplined') end",
            name=op.f("accountability_kind_of_subject_check"),
        ),
        sa.CheckConstraint(
            "kind in ('written_inspection', 'circulated', 'reorganised', 'admonished', 'post_changed', 'disciplined')",
            name=op.f("accountability_kind_check"),
        ),
        sa.ForeignKeyConstraint(
            ["division_code", "order_id"],
            ["supervision_order.division_code", "supervision_order.id"],
            name=op.f("accountability_supervision_order_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["division_code", "project_id"],
            ["project.division_code", "project.id"],
            name=op.f("accountability_project_fkey"),
        ),
        sa.PrimaryKeyConstraint("division_code", "id", name=op.f("accountability_pkey")),
    )
    op.create_index("accountability_of_order_idx", "accountability", ["division_code", "order_id"], unique=False)
    op.create_table(
        "order_extension",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("to_on > from_on", name=op.f("order_extension_later_check")),
        sa.ForeignKeyConstraint(
            ["division_code", "order_id"],
            ["supervision_order.division_code", "supervision_order.id"],
            name=op.f("order_extension_supervision_order_fkey"),
        ),
        sa.PrimaryKeyConstraint("division_code", "id", name=op.f("order_extension_pkey")),
        sa.UniqueConstraint(
            "division_code", "order_id", "number", name=op.f("order_extension_division_code_order_id_number_key")
        ),
    )
    op.create_table(
        "order_feedback",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=True),
        sa.Column("on_behalf", sa.Boolean(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=False),
        sa.Column("progress", sa.Text(), nullable=False),
        sa.Column("is_done", sa.Boolean(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=True),
        sa.Column("opinion", sa.Text(), nullable=True),
        sa.Column("reviewed_by", sa.Text(), nullable=True),
        sa.Column("reviewed_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("verdict in ('accepted', 'returned')", name=op.f("order_feedback_verdict_check")),
        sa.CheckConstraint("(verdict is null) = (reviewed_by is null)", name=op.f("order_feedback_reviewed_check")),
        sa.CheckConstraint("reviewed_by <> created_by", name=op.f("order_feedback_two_persons_check")),
        sa.ForeignKeyConstraint(
            ["division_code", "order_id"],
            ["supervision_order.division_code", "supervision_order.id"],
            name=op.f("order_feedback_supervision_order_fkey"),
        ),
        sa.PrimaryKeyConstraint("division_code", "id", name=op.f("order_feedback_pkey")),
    )
    op.create_index(
        "order_feedback_claim_key",
        "order_feedback",
        ["division_code", "order_id"],
        unique=True,
        postgresql_where=sa.text("is_done and verdict is null"),
    )
    op.create_index("order_feedback_of_order_idx", "order_feedback", ["division_code", "order_id", "id"], unique=False)
    op.create_table(
        "order_step",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "level in ('escalation', 'reminder', 'bulletin', 'interview', 'listed', 'accountability')",
            name=op.f("order_step_level_check"),
        ),
        sa.CheckConstraint("taken_on >= due_on", name=op.f("order_step_when_due_check")),
        sa.ForeignKeyConstraint(
            ["division_code", "order_id"],
            ["supervision_order.division_code", "supervision_order.id"],
            name=op.f("order_step_supervision_order_fkey"),
        ),
        sa.PrimaryKeyConstraint("division_code", "id", name=op.f("order_step_pkey")),
        sa.UniqueConstraint(
            "division_code", "order_id", "level", name=op.f("order_step_division_code_order_id_level_key")
        ),
    )
    for table in ("supervision_number", "sweep", "supervision_order", "accountability", "order_feedback"):
        protect(table)
    for table in ("order_extension", "order_step"):
        protect(table, rights=("select", "insert"))


def downgrade() -> None:
    for table in ("order_step", "order_feedback", "order_extension", "accountability", "supervision_order", "sweep"):
        op.drop_table(table)
    op.drop_table("supervision_number")
