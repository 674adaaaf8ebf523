"""Tables of identity. Passwords, secrets and refresh tokens are kept as hashes only."""

from sqlalchemy import (
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import ARRAY

from gateway.metadata import metadata
from shared.storage.tables import division_column, moment_column

user_account = Table(
    "user_account",
    metadata,
    division_column(),
    Column("id", Uuid, nullable=False),
    Column("username", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("roles", ARRAY(Text), nullable=False),
    Column("unit_code", Text),
    Column("password_hash", Text, nullable=False),
    Column("disabled", Boolean, nullable=False),
    Column("epoch", Integer, nullable=False, comment="tokens of an earlier epoch are void"),
    Column("version", Integer, nullable=False),
    moment_column("created_at"),
    moment_column("updated_at"),
    PrimaryKeyConstraint("division_code", "id"),
    # Not led by the division: whoever logs in names no county, so a name must mean one person everywhere.
    UniqueConstraint("username"),
)

client = Table(
    "client",
    metadata,
    division_column(),
    Column("id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("secret_hash", LargeBinary, nullable=False),
    Column("disabled", Boolean, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    moment_column("created_at"),
    moment_column("updated_at"),
    PrimaryKeyConstraint("division_code", "id"),
    # As with usernames: the token endpoint is told nothing but the id.
    UniqueConstraint("id"),
)

refresh_token = Table(
    "refresh_token",
    metadata,
    division_column(),
    Column("hash", LargeBinary, nullable=False),
    Column("family", Uuid, nullable=False, comment="one login; rotated tokens stay in their family"),
    Column("user_id", Uuid, nullable=False),
    Column("epoch", Integer, nullable=False),
    moment_column("expires_at"),
    moment_column("used_at", nullable=True),
    PrimaryKeyConstraint("division_code", "hash"),
    Index("refresh_token_family_idx", "division_code", "family"),
    Index("refresh_token_expires_idx", "expires_at"),
)

revocation = Table(
    "revocation",
    metadata,
    division_column(),
    Column("subject", Text, nullable=False, comment="user:…, client:… or session:…"),
    Column("epoch", Integer, nullable=False, comment="the first epoch that is valid again"),
    moment_column("expires_at"),
    PrimaryKeyConstraint("division_code", "subject"),
)

login_attempt = Table(
    "login_attempt",
    metadata,
    division_column(),
    Column("key", LargeBinary, nullable=False, comment="hash of a username or of an address"),
    Column("failures", Integer, nullable=False),
    moment_column("failed_at"),
    PrimaryKeyConstraint("division_code", "key"),
)
"""Kept for names nobody has as well, so that a lock tells nothing; therefore under the nation's code."""
