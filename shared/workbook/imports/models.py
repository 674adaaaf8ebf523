"""The table of a service's imports; its migration protects it like any other."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Index,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB

from shared.storage.tables import division_column, moment_column


def import_table(name: str, metadata: MetaData) -> Table:
    return Table(
        name,
        metadata,
        division_column(),
        Column("id", Uuid, nullable=False),
        Column("job_id", Uuid, nullable=False),
        Column("filename", Text, nullable=False),
        Column("file_key", LargeBinary, nullable=False, comment="what the original is kept under"),
        Column("requested_by", Text, nullable=False),
        Column("actor", JSONB, nullable=False),
        Column("mode", Text, nullable=False),
        Column("dry_run", Boolean, nullable=False),
        Column("clear_unknown", Boolean, nullable=False),
        Column("as_of", Date, comment="given with the request; the sheet's own line comes first"),
        Column("state", Text, nullable=False),
        Column("outcome", JSONB, comment="ImportOut without the progress"),
        moment_column("created_at"),
        moment_column("finished_at", nullable=True),
        PrimaryKeyConstraint("division_code", "id"),
        Index(f"{name}_created_idx", "division_code", "created_at"),
    )
