"""Petitions: imports of registers."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.storage.migrations import protect

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "register_import",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("filename", sa.Text(), nullable=False),
        sa.Column("file_key", sa.LargeBinary(), nullable=False, comment="what the original is kept under"),
        sa.Column("requested_by", sa.Text(), nullable=False),
        sa.Column("actor", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("dry_run", sa.Boolean(), nullable=False),
        sa.Column("clear_unknown", sa.Boolean(), nullable=False),
        sa.Column(
            "as_of", sa.Date(), nullable=True, comment="given with the request; the sheet's own line comes first"
        ),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column(
            "outcome", postgresql.JSONB(astext_type=sa.Text()), nullable=True, comment="ImportOut without the progress"
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("division_code", "id", name=op.f("register_import_pkey")),
    )
    op.create_index("register_import_created_idx", "register_import", ["division_code", "created_at"], unique=False)
    protect("register_import")


def downgrade() -> None:
    op.drop_table("register_import")
