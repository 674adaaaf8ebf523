"""Petitions: numbers a county sets; who was rated, through which channel, since when."""

import sqlalchemy as sa
from alembic import op

from shared.storage.migrations import protect

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "threshold",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("division_code", "id", name=op.f("threshold_pkey")),
        sa.UniqueConstraint("division_code", "name", name=op.f("threshold_division_code_name_key")),
    )
    protect("threshold")
    op.add_column(
        "petition_rating",
        sa.Column("window_starts_on", sa.Date(), nullable=True, comment="the reply, or its delivery once known"),
    )
    op.add_column(
        "petition_rating",
        sa.Column(
            "rated_body_code", sa.Text(), nullable=True, comment="who replied; nobody where the petition office did"
        ),
    )
    op.add_column("petition_rating", sa.Column("rated_body_name", sa.Text(), nullable=True))
    op.add_column("petition_rating", sa.Column("channel", sa.Text(), nullable=True))
    op.add_column("petition_rating", sa.Column("remark_sealed", sa.LargeBinary(), nullable=True))
    op.create_check_constraint(
        op.f("petition_rating_channel_check"), "petition_rating", "channel in ('citizen', 'call_back')"
    )
    op.create_check_constraint(
        op.f("petition_rating_rated_in_its_window_check"),
        "petition_rating",
        "rated_on between window_starts_on and window_ends_on",
    )


def downgrade() -> None:
    for column in ("remark_sealed", "channel", "rated_body_name", "rated_body_code", "window_starts_on"):
        op.drop_column("petition_rating", column)
    op.drop_table("threshold")
