"""Tables of the directory. `division` is a code list of the nation, the same for every caller."""

from sqlalchemy import (
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import ARRAY

from gateway.metadata import metadata
from shared.storage.tables import division_column, moment_column

division = Table(
    "division",
    metadata,
    Column("code", String(6, collation="C"), primary_key=True),
    Column("name", Text, nullable=False),
    Column("level", Text, nullable=False),
    Column("parent", String(6, collation="C")),
    Column("valid_from", Date),
    Column("valid_to", Date),
)

unit = Table(
    "unit",
    metadata,
    division_column(),
    Column("id", Uuid, nullable=False),
    Column("code", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("aliases", ARRAY(Text), nullable=False),
    Column("version", Integer, nullable=False),
    moment_column("created_at"),
    moment_column("updated_at"),
    PrimaryKeyConstraint("division_code", "id"),
    UniqueConstraint("division_code", "code"),
)

person = Table(
    "person",
    metadata,
    division_column(),
    Column("id", Uuid, nullable=False),
    Column("code", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("post", Text),
    Column("unit_code", Text),
    Column("aliases", ARRAY(Text), nullable=False),
    Column("version", Integer, nullable=False),
    moment_column("created_at"),
    moment_column("updated_at"),
    PrimaryKeyConstraint("division_code", "id"),
    UniqueConstraint("division_code", "code"),
    ForeignKeyConstraint(["division_code", "unit_code"], ["unit.division_code", "unit.code"]),
    Index("person_unit_idx", "division_code", "unit_code"),
)
