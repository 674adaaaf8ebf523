"""Petitions: warnings of projects and enterprises and what they said; the enterprise of a project."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from shared.storage.migrations import protect

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "petition", sa.Column("developer", sa.Text(), nullable=True, comment="开发企业, as the ledger calls it")
    )
    op.create_table(
        "petition_warning",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("subject_key", sa.Text(), nullable=False, comment="a project's id, an enterprise's name"),
        sa.Column("subject_name", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("grade", sa.Text(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("peak_score", sa.Integer(), nullable=False),
        sa.Column("trend", sa.Text(), nullable=False),
        sa.Column("factors", JSONB(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=True, comment="who must act; null is the petition office"),
        sa.Column("unit_name", sa.Text(), nullable=True),
        sa.Column("act_by", sa.Date(), nullable=False),
        sa.Column("acknowledged_by", sa.Text(), nullable=True),
        sa.Column("acknowledged_by_name", sa.Text(), nullable=True),
        sa.Column("acknowledged_on", sa.Date(), nullable=True),
        sa.Column("closed_by", sa.Text(), nullable=True, comment="null where a rule closed it"),
        sa.Column("closed_by_name", sa.Text(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("note_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(state = 'closed') = (closed_on is not null) and (closed_on is null) = (outcome is null)",
            name=op.f("petition_warning_closed_whole_check"),
        ),
        sa.CheckConstraint("subject = 'project' or project_id is null", name=op.f("petition_warning_project_check")),
        sa.CheckConstraint("grade in ('notice', 'warning', 'severe')", name=op.f("petition_warning_grade_check")),
        sa.CheckConstraint(
            "outcome in ('handled', 'false_alarm', 'subsided')", name=op.f("petition_warning_outcome_check")
        ),
        sa.CheckConstraint("state in ('open', 'acknowledged', 'closed')", name=op.f("petition_warning_state_check")),
        sa.CheckConstraint("subject in ('project', 'enterprise')", name=op.f("petition_warning_subject_check")),
        sa.CheckConstraint("trend in ('rising', 'steady', 'falling')", name=op.f("petition_warning_trend_check")),
        sa.CheckConstraint(
            "score between 0 and 100 and peak_score >= score", name=op.f("petition_warning_score_check")
        ),
        sa.PrimaryKeyConstraint("division_code", "id", name=op.f("petition_warning_pkey")),
    )
    op.create_index(
        "petition_warning_closed_idx",
        "petition_warning",
        ["division_code", "closed_on"],
        unique=False,
        postgresql_where=sa.text("state = 'closed'"),
    )
    op.create_index(
        "petition_warning_live_key",
        "petition_warning",
        ["division_code", "subject", "subject_key"],
        unique=True,
        postgresql_where=sa.text("state <> 'closed'"),
    )
    op.create_table(
        "warning_reading",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("warning_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, comment="of the warning that said it"),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("grade", sa.Text(), nullable=False),
        sa.Column("factors", JSONB(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("grade in ('notice', 'warning', 'severe')", name=op.f("warning_reading_grade_check")),
        sa.ForeignKeyConstraint(
            ["division_code", "warning_id"],
            ["petition_warning.division_code", "petition_warning.id"],
            name=op.f("warning_reading_petition_warning_fkey"),
        ),
        sa.PrimaryKeyConstraint("division_code", "warning_id", "version", name=op.f("warning_reading_pkey")),
    )
    op.add_column("sweep", sa.Column("warned", sa.Integer(), nullable=False, server_default="0"))
    op.alter_column("sweep", "warned", server_default=None)
    protect("petition_warning")
    protect("warning_reading", rights=("select", "insert"))


def downgrade() -> None:
    op.drop_table("warning_reading")
    op.drop_table("petition_warning")
    op.drop_column("sweep", "warned")
    op.drop_column("petition", "developer")
