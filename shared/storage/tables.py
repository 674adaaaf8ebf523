"""The tables every service has: audit, outbox, idempotency, jobs, files. DDL: `shared.storage.migrations`."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

NAMING = {
    "pk": "%(table_name)s_pkey",
    "uq": "%(table_name)s_%(column_0_N_name)s_key",
    "ix": "%(table_name)s_%(column_0_N_name)s_idx",
    "fk": "%(table_name)s_%(referred_table_name)s_fkey",
    "ck": "%(table_name)s_%(constraint_name)s_check",
}


def new_metadata() -> MetaData:
    return MetaData(naming_convention=NAMING)


kit = new_metadata()


def division_column() -> Column[str]:
    """GB/T 2260; collated C so that the range of a scope is the index's own order."""
    return Column("division_code", String(6, collation="C"), nullable=False)


def moment_column(name: str, *, nullable: bool = False) -> Column[object]:
    return Column(name, DateTime(timezone=True), nullable=nullable)


def one_of(column: str, values: Iterable[str]) -> CheckConstraint:
    """The column holds one of these words: text and a check, because an enum's `=` gets no index under row security."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} in ({listed})", name=column)


def work_table(metadata: MetaData, name: str, *parts: Any) -> Table:
    """A tenant table of rows people work on: its key, the given columns, its version, who made it and when."""
    return Table(
        name,
        metadata,
        division_column(),
        Column("id", Uuid, nullable=False),
        *(part for part in parts if isinstance(part, Column)),
        Column("version", Integer, nullable=False),
        Column("created_by", Text, nullable=False),
        moment_column("created_at"),
        moment_column("updated_at"),
        PrimaryKeyConstraint("division_code", "id"),
        # A constraint is made of columns that are already there, and may name any of them.
        *(part for part in parts if not isinstance(part, Column)),
    )


audit_head = Table(
    "audit_head",
    kit,
    division_column(),
    Column("seq", BigInteger, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    PrimaryKeyConstraint("division_code"),
)

audit_entry = Table(
    "audit_entry",
    kit,
    division_column(),
    Column("seq", BigInteger, nullable=False),
    Column("body", Text, nullable=False),
    Column("subject_type", Text, nullable=False),
    Column("subject_id", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("actor", Text, nullable=False),
    moment_column("recorded_at"),
    Column("hash", LargeBinary, nullable=False),
    PrimaryKeyConstraint("division_code", "seq"),
    Index(None, "division_code", "subject_type", "subject_id"),
)

outbox = Table(
    "outbox",
    kit,
    division_column(),
    Column("id", Uuid, nullable=False),
    Column("type", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("subject_version", Integer, nullable=False),
    Column("project_id", Uuid),
    moment_column("occurred_at"),
    moment_column("recorded_at"),
    Column("visibility", Text, nullable=False),
    Column("payload", Text, nullable=False),
    Column("status", Text, nullable=False, server_default=text("'pending'")),
    PrimaryKeyConstraint("division_code", "id"),
    UniqueConstraint("division_code", "subject", "subject_version"),
    Index("outbox_pending_idx", "recorded_at", postgresql_where=text("status = 'pending'")),
)

idempotency = Table(
    "idempotency",
    kit,
    division_column(),
    Column("caller", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("operation", Text, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("status", Integer, nullable=False),
    Column("headers", JSONB, nullable=False),
    Column("body", LargeBinary, nullable=False),
    moment_column("recorded_at"),
    PrimaryKeyConstraint("division_code", "caller", "key"),
)

stored_file = Table(
    "stored_file",
    kit,
    division_column(),
    Column("sha256", LargeBinary, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
    moment_column("recorded_at"),
    PrimaryKeyConstraint("division_code", "sha256"),
)

job = Table(
    "job",
    kit,
    division_column(),
    Column("id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("arguments", JSONB, nullable=False),
    moment_column("due_at"),
    moment_column("leased_until", nullable=True),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("done", Integer, nullable=False, server_default=text("0")),
    Column("total", Integer),
    Column("state", Text, nullable=False, server_default=text("'queued'")),
    Column("error", Text),
    moment_column("recorded_at"),
    moment_column("finished_at", nullable=True),
    PrimaryKeyConstraint("division_code", "id"),
    Index("job_due_idx", "due_at", postgresql_where=text("state in ('queued', 'running')")),
)

workday_override = Table(
    "workday_override",
    kit,
    Column("day", Date, primary_key=True),
    Column("is_workday", Boolean, nullable=False),
    Column("notice", Text, nullable=False),
)
"""State Council notices for years the calendar library does not know yet; the same for every division."""

UNTENANTED = frozenset({"workday_override", "division", "content_class", "alembic_version"})
"""Tables without a division; the catalogue test refuses any other."""
