"""Petitions: public opinion, incidents, days without any."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.storage.migrations import protect

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "no_unrest",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=False),
        sa.Column("unit_name", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("division_code", "id", name=op.f("no_unrest_pkey")),
        sa.UniqueConstraint(
            "division_code", "day", "unit_code", name=op.f("no_unrest_division_code_day_unit_code_key")
        ),
    )
    op.create_table(
        "opinion_item",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("outlet", sa.Text(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("heat", sa.Text(), nullable=False),
        sa.Column("views", sa.Integer(), nullable=True),
        sa.Column("seen_on", sa.Date(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("project_ids", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column(
            "projects",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="project_id, project_code, name of each as it was linked",
        ),
        sa.Column("owner_unit_code", sa.Text(), nullable=False),
        sa.Column("owner_unit_name", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("response", sa.Text(), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("heat in ('low', 'medium', 'high', 'explosive')", name=op.f("opinion_item_heat_check")),
        sa.CheckConstraint(
            "outcome in ('resolved', 'explained', 'refuted', 'pending')", name=op.f("opinion_item_outcome_check")
        ),
        sa.CheckConstraint(
            "source in ('government_platform', 'news', 'microblog', 'short_video', 'chat_group', 'forum', 'other')",
            name=op.f("opinion_item_source_check"),
        ),
        sa.CheckConstraint("due_on >= seen_on", name=op.f("opinion_item_due_later_check")),
        sa.CheckConstraint(
            "num_nulls(outcome, response, published_on) in (0, 3)", name=op.f("opinion_item_answered_whole_check")
        ),
        sa.PrimaryKeyConstraint("division_code", "id", name=op.f("opinion_item_pkey")),
    )
    op.create_index(
        "opinion_item_open_idx",
        "opinion_item",
        ["division_code", "due_on"],
        unique=False,
        postgresql_where=sa.text("outcome is null"),
    )
    op.create_index(
        "opinion_item_url_key",
        "opinion_item",
        ["division_code", "url"],
        unique=True,
        postgresql_where=sa.text("url is not null"),
    )
    op.create_table(
        "unrest",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("occurred_on", sa.Date(), nullable=False, comment="the day of occurred_at in China"),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("involved", sa.Integer(), nullable=False),
        sa.Column("injured", sa.Integer(), nullable=False),
        sa.Column("detained", sa.Integer(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("handling", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=True),
        sa.Column("project_code", sa.Text(), nullable=True),
        sa.Column("project_name", sa.Text(), nullable=True),
        sa.Column("petition_ids", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=False),
        sa.Column("unit_name", sa.Text(), nullable=False),
        sa.Column("detail_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("same_as", sa.Text(), nullable=False, comment="the project, else the place: rules.same_as"),
        sa.Column(
            "occurrence", sa.SmallInteger(), nullable=False, comment="1, or the n-th of its kind there on that day"
        ),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind in ('gathering', 'sit_in', 'blocking', 'banner', 'clash', 'self_harm', 'threat', 'other')",
            name=op.f("unrest_kind_check"),
        ),
        sa.CheckConstraint(
            "level in ('ordinary', 'larger', 'major', 'extraordinary')", name=op.f("unrest_level_check")
        ),
        sa.CheckConstraint("(result is null) = (closed_on is null)", name=op.f("unrest_closed_whole_check")),
        sa.CheckConstraint("closed_on >= occurred_on", name=op.f("unrest_closed_later_check")),
        sa.CheckConstraint("involved >= 1 and injured >= 0 and detained >= 0", name=op.f("unrest_numbers_check")),
        sa.PrimaryKeyConstraint("division_code", "id", name=op.f("unrest_pkey")),
        sa.UniqueConstraint("division_code", "occurred_on", "kind", "same_as", "occurrence", name="unrest_once_key"),
    )
    op.create_index(
        "unrest_of_project_idx",
        "unrest",
        ["division_code", "project_id"],
        unique=False,
        postgresql_where=sa.text("project_id is not null"),
    )
    protect("opinion_item")
    protect("unrest")
    protect("no_unrest", rights=("select", "insert"))


def downgrade() -> None:
    op.drop_table("no_unrest")
    op.drop_table("unrest")
    op.drop_table("opinion_item")
