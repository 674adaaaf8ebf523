"""Petitions: repeats as a person has decided them; those of a rule and of a project without a link are found."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from shared.storage.migrations import protect

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "repeat_decision",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("petition_id", sa.Uuid(), nullable=False),
        sa.Column(
            "named_id",
            sa.Uuid(),
            nullable=False,
            comment="the case the person named; petition.repeat_of is its main case",
        ),
        sa.Column("score", sa.SmallInteger(), nullable=False, comment="of the candidate as it was, 0–100"),
        sa.Column("grounds", JSONB(), nullable=False, comment="what agreed: keys and figures, no personal data"),
        sa.Column("decided_by_name", sa.Text(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("withdrawn_by", sa.Text(), nullable=True),
        sa.Column("withdrawn_by_name", sa.Text(), nullable=True),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("withdrawal_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("named_id <> petition_id", name=op.f("repeat_decision_of_another_check")),
        sa.CheckConstraint(
            "num_nulls(withdrawn_by, withdrawn_by_name, withdrawn_on, withdrawal_sealed) in (0, 4)",
            name=op.f("repeat_decision_withdrawn_whole_check"),
        ),
        sa.CheckConstraint("score between 0 and 100", name=op.f("repeat_decision_score_check")),
        sa.ForeignKeyConstraint(
            ["division_code", "named_id"], ["petition.division_code", "petition.id"], name="repeat_decision_named_fkey"
        ),
        sa.ForeignKeyConstraint(
            ["division_code", "petition_id"],
            ["petition.division_code", "petition.id"],
            name="repeat_decision_petition_fkey",
        ),
        sa.PrimaryKeyConstraint("division_code", "id", name=op.f("repeat_decision_pkey")),
    )
    op.create_index(
        "repeat_decision_live_key",
        "repeat_decision",
        ["division_code", "petition_id"],
        unique=True,
        postgresql_where=sa.text("withdrawn_on is null"),
    )
    op.create_index(
        "repeat_decision_named_idx",
        "repeat_decision",
        ["division_code", "named_id"],
        unique=False,
        postgresql_where=sa.text("withdrawn_on is null"),
    )
    op.create_index(
        "petition_project_name_idx",
        "petition",
        ["division_code", "project_name", "registered_on"],
        unique=False,
        postgresql_where=sa.text("project_name is not null"),
    )
    protect("repeat_decision")


def downgrade() -> None:
    op.drop_index("petition_project_name_idx", "petition")
    op.drop_table("repeat_decision")
