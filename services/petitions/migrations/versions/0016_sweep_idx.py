"""Petitions: what a sweep looks for lies side by side; public opinion nobody answered is reminded of once."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

RUNNING = sa.text("state = 'running'")


def upgrade() -> None:
    op.drop_index("petition_clock_kind_idx", table_name="petition_clock")
    op.drop_index("petition_clock_due_idx", table_name="petition_clock")
    op.create_index(
        "petition_clock_due_idx",
        "petition_clock",
        ["division_code", "kind", "due_on", "petition_id"],
        postgresql_where=RUNNING,
    )
    op.create_index(
        "petition_clock_met_late_idx",
        "petition_clock",
        ["division_code", "met_on"],
        postgresql_where=sa.text("state = 'met' and met_on > due_on"),
    )
    op.add_column("opinion_item", sa.Column("reminded_on", sa.Date(), comment="催办: that this day has passed"))
    op.drop_index("opinion_item_open_idx", table_name="opinion_item")
    op.create_index(
        "opinion_item_unreminded_idx",
        "opinion_item",
        ["division_code", "due_on", "id"],
        postgresql_where=sa.text("outcome is null and reminded_on is null"),
    )


def downgrade() -> None:
    op.drop_index("opinion_item_unreminded_idx", table_name="opinion_item")
    op.create_index(
        "opinion_item_open_idx",
        "opinion_item",
        ["division_code", "due_on"],
        postgresql_where=sa.text("outcome is null"),
    )
    op.drop_column("opinion_item", "reminded_on")
    op.drop_index("petition_clock_met_late_idx", table_name="petition_clock")
    op.drop_index("petition_clock_due_idx", table_name="petition_clock")
    op.create_index("petition_clock_due_idx", "petition_clock", ["division_code", "due_on"], postgresql_where=RUNNING)
    op.create_index("petition_clock_kind_idx", "petition_clock", ["division_code", "kind", "due_on"])
