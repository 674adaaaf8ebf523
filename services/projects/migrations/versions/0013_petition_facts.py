"""Close-out: how quiet petitions are is told by the petitions service, where it can be asked."""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

NAME = "closeout_item_source_check"


def upgrade() -> None:
    op.drop_constraint(op.f(NAME), "closeout_item", type_="check")
    sources = "source in ('ledger', 'quality', 'paths', 'petitions', 'attested')"
    op.create_check_constraint(op.f(NAME), "closeout_item", sources)


def downgrade() -> None:
    op.drop_constraint(op.f(NAME), "closeout_item", type_="check")
    op.create_check_constraint(op.f(NAME), "closeout_item", "source in ('ledger', 'quality', 'paths', 'attested')")
