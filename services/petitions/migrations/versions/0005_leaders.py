"""Petitions: who leads a case, by which plan, its meetings and promises."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.storage.migrations import allow_renewal, protect

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "case_leader",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("petition_id", sa.Uuid(), nullable=False),
        sa.Column("person_code", sa.Text(), nullable=False),
        sa.Column("person_name", sa.Text(), nullable=False),
        sa.Column("post", sa.Text(), nullable=True),
        sa.Column("unit_code", sa.Text(), nullable=True),
        sa.Column("unit_name", sa.Text(), nullable=True),
        sa.Column("document_number", sa.Text(), nullable=True),
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.Column("released_on", sa.Date(), nullable=True),
        sa.Column("note_sealed", sa.LargeBinary(), nullable=True, comment="handover, or why nobody leads it any more"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("released_on >= taken_on", name=op.f("case_leader_released_later_check")),
        sa.ForeignKeyConstraint(
            ["division_code", "petition_id"],
            ["petition.division_code", "petition.id"],
            name=op.f("case_leader_petition_fkey"),
        ),
        sa.PrimaryKeyConstraint("division_code", "id", name=op.f("case_leader_pkey")),
    )
    op.create_index(
        "case_leader_live_key",
        "case_leader",
        ["division_code", "petition_id"],
        unique=True,
        postgresql_where=sa.text("released_on is null"),
    )
    op.create_index(
        "case_leader_load_idx",
        "case_leader",
        ["division_code", "person_code"],
        unique=False,
        postgresql_where=sa.text("released_on is null"),
    )
    op.create_index("case_leader_of_petition_idx", "case_leader", ["division_code", "petition_id"], unique=False)
    op.create_table(
        "case_meeting",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("petition_id", sa.Uuid(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("chair_code", sa.Text(), nullable=False),
        sa.Column("chair_name", sa.Text(), nullable=False),
        sa.Column(
            "units",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="unit_code, unit_name, attended of each that was called",
        ),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("notes_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["division_code", "petition_id"],
            ["petition.division_code", "petition.id"],
            name=op.f("case_meeting_petition_fkey"),
        ),
        sa.PrimaryKeyConstraint("division_code", "id", name=op.f("case_meeting_pkey")),
    )
    op.create_index("case_meeting_of_petition_idx", "case_meeting", ["division_code", "petition_id"], unique=False)
    op.create_table(
        "case_plan",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("petition_id", sa.Uuid(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("goal", sa.Text(), nullable=False),
        sa.Column("measures_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=False),
        sa.Column("unit_name", sa.Text(), nullable=False),
        sa.Column("superseded_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("due_on >= made_on", name=op.f("case_plan_due_later_check")),
        sa.CheckConstraint("superseded_on >= made_on", name=op.f("case_plan_superseded_later_check")),
        sa.ForeignKeyConstraint(
            ["division_code", "petition_id"],
            ["petition.division_code", "petition.id"],
            name=op.f("case_plan_petition_fkey"),
        ),
        sa.PrimaryKeyConstraint("division_code", "id", name=op.f("case_plan_pkey")),
    )
    op.create_index(
        "case_plan_live_key",
        "case_plan",
        ["division_code", "petition_id"],
        unique=True,
        postgresql_where=sa.text("superseded_on is null"),
    )
    op.create_index("case_plan_of_petition_idx", "case_plan", ["division_code", "petition_id"], unique=False)
    op.create_table(
        "case_promise",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("petition_id", sa.Uuid(), nullable=False),
        sa.Column("matter", sa.Text(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=False),
        sa.Column("unit_name", sa.Text(), nullable=False),
        sa.Column("person_code", sa.Text(), nullable=True),
        sa.Column("person_name", sa.Text(), nullable=True),
        sa.Column("document_number", sa.Text(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.Column("settled_by", sa.Text(), nullable=True),
        sa.Column("settled_unit", sa.Text(), nullable=True),
        sa.Column("note_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "outcome <> 'kept' or settled_by <> created_by", name=op.f("case_promise_kept_says_another_check")
        ),
        sa.CheckConstraint(
            "outcome <> 'kept' or settled_unit is distinct from unit_code",
            name=op.f("case_promise_kept_says_another_unit_check"),
        ),
        sa.CheckConstraint("outcome in ('kept', 'broken')", name=op.f("case_promise_outcome_check")),
        sa.CheckConstraint("due_on >= made_on", name=op.f("case_promise_due_later_check")),
        sa.CheckConstraint(
            "num_nulls(outcome, settled_on, settled_by) in (0, 3)", name=op.f("case_promise_settled_whole_check")
        ),
        sa.ForeignKeyConstraint(
            ["division_code", "petition_id"],
            ["petition.division_code", "petition.id"],
            name=op.f("case_promise_petition_fkey"),
        ),
        sa.PrimaryKeyConstraint("division_code", "id", name=op.f("case_promise_pkey")),
    )
    op.create_index("case_promise_of_petition_idx", "case_promise", ["division_code", "petition_id"], unique=False)
    op.create_index(
        "case_promise_open_idx",
        "case_promise",
        ["division_code", "due_on"],
        unique=False,
        postgresql_where=sa.text("outcome is null"),
    )
    protect("case_leader")
    protect("case_plan")
    protect("case_meeting", rights=("select", "insert"))
    protect("case_promise")
    allow_renewal("case_meeting", "notes_sealed")


def downgrade() -> None:
    op.drop_table("case_promise")
    op.drop_table("case_meeting")
    op.drop_table("case_plan")
    op.drop_table("case_leader")
