"""Petitions: the ratings of a county side by side, for its figures."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "petition_rating_figures_idx",
        "petition_rating",
        ["division_code", "petition_id"],
        unique=False,
        postgresql_include=[
            "created_at",
            "updated_at",
            "rated_on",
            "body_rating",
            "office_rating",
            "window_ends_on",
            "rated_body_code",
        ],
    )


def downgrade() -> None:
    op.drop_index("petition_rating_figures_idx", table_name="petition_rating")
