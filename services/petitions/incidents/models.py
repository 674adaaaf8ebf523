"""Incidents, and the days units said that there was none."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from services.petitions.metadata import work_table
from shared.schemas.petitions.incidents import UnrestKind, UnrestLevel
from shared.storage.sealed import SealedColumn
from shared.storage.tables import moment_column, one_of

unrest = work_table(
    "unrest",
    moment_column("occurred_at"),
    Column("occurred_on", Date, nullable=False, comment="the day of occurred_at in China"),
    Column("place", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("level", Text, nullable=False),
    Column("involved", Integer, nullable=False),
    Column("injured", Integer, nullable=False),
    Column("detained", Integer, nullable=False),
    Column("cause", Text, nullable=False),
    Column("handling", Text, nullable=False),
    Column("project_id", Uuid),
    Column("project_code", Text),
    Column("project_name", Text),
    Column("petition_ids", ARRAY(Uuid), nullable=False),
    Column("unit_code", Text, nullable=False),
    Column("unit_name", Text, nullable=False),
    Column("detail_sealed", LargeBinary),
    Column("same_as", Text, nullable=False, comment="the project, else the place: rules.same_as"),
    Column("occurrence", SmallInteger, nullable=False, comment="1, or the n-th of its kind there on that day"),
    Column("result", Text),
    Column("closed_on", Date),
    one_of("kind", UnrestKind),
    one_of("level", UnrestLevel),
    CheckConstraint("involved >= 1 and injured >= 0 and detained >= 0", name="numbers"),
    CheckConstraint("(result is null) = (closed_on is null)", name="closed_whole"),
    CheckConstraint("closed_on >= occurred_on", name="closed_later"),
    UniqueConstraint("division_code", "occurred_on", "kind", "same_as", "occurrence", name="unrest_once_key"),
    Index("unrest_of_project_idx", "division_code", "project_id", postgresql_where=text("project_id is not null")),
)

no_unrest = work_table(
    "no_unrest",
    Column("unit_code", Text, nullable=False),
    Column("unit_name", Text, nullable=False),
    Column("day", Date, nullable=False),
    UniqueConstraint("division_code", "day", "unit_code"),
)

DETAIL = SealedColumn(unrest.c.detail_sealed)
SEALED = (DETAIL,)
