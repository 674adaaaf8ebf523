"""The gateway's tables: identity, directory, checkpoints."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.storage.migrations import app_role, create_shared_tables, drop_shared_tables, protect

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

CHANGED = ("client", "person", "unit", "user_account")
PRUNED = ("login_attempt", "refresh_token", "revocation")


def upgrade() -> None:
    create_shared_tables()
    op.create_table(
        "checkpoint",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signature", sa.Text(), nullable=False, comment="compact JWS over all of the above"),
        sa.PrimaryKeyConstraint("division_code", "service", "seq", "hash", name=op.f("checkpoint_pkey")),
    )
    op.create_table(
        "client",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("division_code", "id", name=op.f("client_pkey")),
        sa.UniqueConstraint("id", name=op.f("client_id_key")),
    )
    op.create_table(
        "division",
        sa.Column("code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("parent", sa.String(length=6, collation="C"), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("division_pkey")),
    )
    op.create_table(
        "login_attempt",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False, comment="hash of a username or of an address"),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("division_code", "key", name=op.f("login_attempt_pkey")),
    )
    op.create_table(
        "refresh_token",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("family", sa.Uuid(), nullable=False, comment="one login; rotated tokens stay in their family"),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("division_code", "hash", name=op.f("refresh_token_pkey")),
    )
    op.create_index("refresh_token_expires_idx", "refresh_token", ["expires_at"], unique=False)
    op.create_index("refresh_token_family_idx", "refresh_token", ["division_code", "family"], unique=False)
    op.create_table(
        "revocation",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False, comment="user:…, client:… or session:…"),
        sa.Column("epoch", sa.Integer(), nullable=False, comment="the first epoch that is valid again"),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("division_code", "subject", name=op.f("revocation_pkey")),
    )
    op.create_table(
        "unit",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("aliases", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("division_code", "id", name=op.f("unit_pkey")),
        sa.UniqueConstraint("division_code", "code", name=op.f("unit_division_code_code_key")),
    )
    op.create_table(
        "user_account",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("roles", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=True),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False, comment="tokens of an earlier epoch are void"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("division_code", "id", name=op.f("user_account_pkey")),
        sa.UniqueConstraint("username", name=op.f("user_account_username_key")),
    )
    op.create_table(
        "person",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("post", sa.Text(), nullable=True),
        sa.Column("unit_code", sa.Text(), nullable=True),
        sa.Column("aliases", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["division_code", "unit_code"], ["unit.division_code", "unit.code"], name=op.f("person_unit_fkey")
        ),
        sa.PrimaryKeyConstraint("division_code", "id", name=op.f("person_pkey")),
        sa.UniqueConstraint("division_code", "code", name=op.f("person_division_code_code_key")),
    )
    op.create_index("person_unit_idx", "person", ["division_code", "unit_code"], unique=False)

    for table in CHANGED:
        protect(table)
    for table in PRUNED:
        protect(table, rights=("select", "insert", "update", "delete"))
    protect("checkpoint", rights=("select", "insert"))
    op.execute(f'grant select, insert, update on division to "{app_role()}"')


def downgrade() -> None:
    for table in ("person", "checkpoint", "division", *PRUNED, "user_account", "client", "unit"):
        op.drop_table(table)
    drop_shared_tables()
