"""Petitions: what a calendar notice did to running clocks; the texts of acts may be re-keyed."""

import sqlalchemy as sa
from alembic import op

from shared.storage.migrations import allow_renewal, app_role, protect

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calendar_seen",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False, comment="of the notices the clocks were last counted by"),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("division_code", name=op.f("calendar_seen_pkey")),
    )
    op.create_table(
        "clock_change",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("petition_id", sa.Uuid(), nullable=False),
        sa.Column("clock_number", sa.SmallInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("due_before", sa.Date(), nullable=False),
        sa.Column("due_after", sa.Date(), nullable=False),
        sa.Column("internal_due_before", sa.Date(), nullable=False),
        sa.Column("internal_due_after", sa.Date(), nullable=False),
        sa.Column("was_provisional", sa.Boolean(), nullable=False),
        sa.Column("is_provisional", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind in ('route', 'notify', 'acceptance', 'objection', 'handle', 'simple', 'review_request', 'review', "
            "'re_review_request', 're_review')",
            name=op.f("clock_change_kind_check"),
        ),
        sa.ForeignKeyConstraint(
            ["division_code", "petition_id", "clock_number"],
            ["petition_clock.division_code", "petition_clock.petition_id", "petition_clock.number"],
            name=op.f("clock_change_petition_clock_fkey"),
        ),
        sa.PrimaryKeyConstraint("division_code", "id", name=op.f("clock_change_pkey")),
    )
    op.create_index("clock_change_of_petition_idx", "clock_change", ["division_code", "petition_id"], unique=False)
    protect("clock_change", rights=("select", "insert"))
    protect("calendar_seen")
    allow_renewal("petition_act", "text_sealed")


def downgrade() -> None:
    op.execute(f'revoke update (text_sealed) on petition_act from "{app_role()}"')
    op.drop_table("calendar_seen")
    op.drop_table("clock_change")
