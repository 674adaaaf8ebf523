"""An import says what its original is kept under, which need not be a digest."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column("ledger_import", "sha256", new_column_name="file_key", comment="what the original is kept under")


def downgrade() -> None:
    op.alter_column("ledger_import", "file_key", new_column_name="sha256", comment=None)
