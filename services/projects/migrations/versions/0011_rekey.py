"""What clues have sealed may be re-keyed: results are otherwise only ever added."""

from alembic import op

from shared.storage.migrations import allow_renewal, app_role

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    allow_renewal("clue_result", "content")


def downgrade() -> None:
    op.execute(f'revoke update (content) on clue_result from "{app_role()}"')
