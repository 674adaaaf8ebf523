"""Petitions: the clocks of a county side by side, for its figures."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "petition_clock_duty_idx",
        "petition_clock",
        ["division_code", "petition_id"],
        unique=False,
        postgresql_include=[
            "kind",
            "starts_on",
            "due_on",
            "met_on",
            "state",
            "ended_at",
            "recorded_at",
            "extended_at",
            "unextended_due_on",
            "suspended_on",
        ],
        postgresql_where=sa.text(
            "kind in ('route', 'notify', 'acceptance', 'handle', 'simple', 'review', 're_review')"
        ),
    )


def downgrade() -> None:
    op.drop_index("petition_clock_duty_idx", table_name="petition_clock")
