"""Tables of 现场证据. Evidence is added and read, never changed."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    Numeric,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import ARRAY

from services.projects.metadata import metadata, work_table
from shared.storage.tables import division_column, moment_column

project_site = work_table(
    "project_site",
    Column("latitude", Numeric(9, 6), nullable=False),
    Column("longitude", Numeric(9, 6), nullable=False),
    UniqueConstraint("division_code", "project_id"),
)
"""Where a project is, CGCS2000."""

evidence = work_table(
    "evidence",
    Column("subject_type", Text, nullable=False),
    Column("subject_id", Text, nullable=False),
    Column("unit_code", Text),
    Column("description", Text),
    Column("filename", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("sha256", LargeBinary, nullable=False),
    Column("size_bytes", Integer, nullable=False),
    Column("width", Integer),
    Column("height", Integer),
    moment_column("taken_at", nullable=True),
    Column("latitude", Numeric(9, 6)),
    Column("longitude", Numeric(9, 6)),
    Column("skew_minutes", Integer),
    Column("distance_m", Integer),
    Column("flags", ARRAY(Text), nullable=False),
    Column("duplicate_of", Uuid),
    Column("duplicate_project_id", Uuid),
    Column("likeness", Numeric(5, 4)),
    Column("grey", LargeBinary),
    ForeignKeyConstraint(["division_code", "duplicate_of"], ["evidence.division_code", "evidence.id"]),
    CheckConstraint("(latitude is null) = (longitude is null)", name="place"),
    CheckConstraint("(duplicate_of is null) = (likeness is null)", name="duplicate"),
    Index("evidence_of_subject_idx", "division_code", "subject_type", "subject_id"),
    Index("evidence_of_file_idx", "division_code", "sha256"),
)
"""`grey` is the photo as `likeness` remembers it; the file itself is in `stored_file` under `sha256`."""

photo_key = Table(
    "photo_key",
    metadata,
    division_column(),
    Column("key", Integer, nullable=False),
    Column("evidence_id", Uuid, nullable=False),
    PrimaryKeyConstraint("division_code", "key", "evidence_id"),
    ForeignKeyConstraint(["division_code", "evidence_id"], ["evidence.division_code", "evidence.id"]),
)
"""The keys of every photo: what is looked up to find candidates for a near duplicate."""
