"""Petitions: ratings; when an extension became known; indexes of the figures."""

import sqlalchemy as sa
from alembic import op

from shared.storage.migrations import protect

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "petition_rating",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("petition_id", sa.Uuid(), nullable=False),
        sa.Column(
            "window_ends_on", sa.Date(), nullable=True, comment="last day to rate; unknown of an imported register"
        ),
        sa.Column("rated_on", sa.Date(), nullable=True),
        sa.Column("body_rating", sa.Text(), nullable=True, comment="of the responsible body"),
        sa.Column("office_rating", sa.Text(), nullable=True, comment="of the petition office"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "body_rating in ('satisfied', 'basically_satisfied', 'dissatisfied')",
            name=op.f("petition_rating_body_rating_check"),
        ),
        sa.CheckConstraint(
            "office_rating in ('satisfied', 'basically_satisfied', 'dissatisfied')",
            name=op.f("petition_rating_office_rating_check"),
        ),
        sa.CheckConstraint(
            "(rated_on is not null) = (body_rating is not null or office_rating is not null)",
            name=op.f("petition_rating_rated_on_a_day_check"),
        ),
        sa.ForeignKeyConstraint(
            ["division_code", "petition_id"],
            ["petition.division_code", "petition.id"],
            name=op.f("petition_rating_petition_fkey"),
        ),
        sa.PrimaryKeyConstraint("division_code", "id", name=op.f("petition_rating_pkey")),
        sa.UniqueConstraint("division_code", "petition_id", name=op.f("petition_rating_division_code_petition_id_key")),
    )
    protect("petition_rating")
    op.add_column("petition_clock", sa.Column("extended_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "petition_clock",
        sa.Column("unextended_due_on", sa.Date(), nullable=True, comment="what was believed before `extended_at`"),
    )
    op.create_index(
        "petition_act_closing_idx",
        "petition_act",
        ["division_code", "petition_id"],
        unique=False,
        postgresql_where=sa.text(
            "(kind in ('issue_opinion', 'answer', 'settle', 'reject', 'route_to_legal_channel', 'withdraw', 'merge') "
            "or (kind = 'decide_review' and facts ->> 'outcome' = 'redo'))"
        ),
        postgresql_include=["number", "kind", "acted_on", "recorded_at"],
    )
    op.create_index(
        "petition_rule_repeat_idx",
        "petition",
        ["division_code", "rule_repeat_of"],
        unique=False,
        postgresql_where=sa.text("rule_repeat_of is not null"),
    )


def downgrade() -> None:
    op.drop_index("petition_rule_repeat_idx", table_name="petition")
    op.drop_index("petition_act_closing_idx", table_name="petition_act")
    op.drop_column("petition_clock", "unextended_due_on")
    op.drop_column("petition_clock", "extended_at")
    op.drop_table("petition_rating")
