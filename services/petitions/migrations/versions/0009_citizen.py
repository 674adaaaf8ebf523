"""Petitions: codes tried with a number of late."""

import sqlalchemy as sa
from alembic import op

from shared.storage.migrations import protect

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "look_up_try",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column(
            "petition_code", sa.Text(), nullable=False, comment="as it was asked for: there may be no such petition"
        ),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("division_code", "petition_code", name=op.f("look_up_try_pkey")),
    )
    protect("look_up_try", rights=("select", "insert", "update", "delete"))


def downgrade() -> None:
    op.drop_table("look_up_try")
