"""Tables of the ledger. The fact columns of `project` come from the contract, so the two cannot drift apart.

`project` holds what is known today; `project_change` holds every change as it was told, on both time axes
(`effective_on`: the day it was true; `recorded_at`: when we learnt it), and is never updated.
"""

import datetime as dt
from decimal import Decimal
from typing import Any, get_args, get_origin

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    Numeric,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeEngine

from services.projects.metadata import metadata
from shared.schemas.projects.facts import (
    GROUP_OF,
    GROUPS,
    ConstructionStatus,
    ProjectKind,
    ResolutionStatus,
    Resumption,
)
from shared.storage.tables import division_column, moment_column, one_of
from shared.workbook.imports.models import import_table


def _scalar(annotation: Any) -> Any:
    """The bare Python type inside `Annotated[...] | None`."""
    while get_args(annotation) and get_origin(annotation) is not list:
        annotation = get_args(annotation)[0]
    return annotation


def _column_type(fact: str) -> TypeEngine[Any]:
    bare = _scalar(GROUPS[GROUP_OF[fact]].model_fields[fact].annotation)
    if get_origin(bare) is list:
        return ARRAY(Text)
    if issubclass(bare, Decimal):
        return Numeric(18, 6)
    if issubclass(bare, dt.date):
        return Date()
    if issubclass(bare, int):
        return BigInteger() if fact.endswith("_fen") else Integer()
    return Text()


FACT_TYPES: dict[str, TypeEngine[Any]] = {fact: _column_type(fact) for fact in GROUP_OF}


project = Table(
    "project",
    metadata,
    division_column(),
    Column("id", Uuid, nullable=False),
    Column("project_code", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("name_key", Text, nullable=False, comment="normalised name, for matching"),
    Column("developer_key", Text, nullable=False, server_default=text("''")),
    Column("aliases", ARRAY(Text), nullable=False),
    Column("alias_keys", ARRAY(Text), nullable=False),
    Column("kind", Text, nullable=False),
    Column("lists", ARRAY(Text), nullable=False),
    Column("construction_status", Text),
    Column("counted_construction_status", Text, comment="what statistics count while a resumption is only claimed"),
    Column("resolution_status", Text),
    Column("resumption", Text),
    *(Column(fact, type_) for fact, type_ in FACT_TYPES.items()),
    Column("marks", JSONB, nullable=False, server_default=text("'{}'")),
    Column("fact_days", JSONB, nullable=False, comment="fact to the day its value is from"),
    Column("effective_on", Date, nullable=False),
    Column("version", Integer, nullable=False),
    moment_column("created_at"),
    moment_column("updated_at"),
    PrimaryKeyConstraint("division_code", "id"),
    UniqueConstraint("division_code", "project_code"),
    UniqueConstraint("division_code", "name_key", "developer_key"),
    one_of("kind", ProjectKind),
    one_of("construction_status", ConstructionStatus),
    one_of("resolution_status", ResolutionStatus),
    one_of("resumption", Resumption),
    Index("project_updated_idx", "division_code", "updated_at", "id"),
    # A city's or a province's list, and a project asked for by id from above its county.
    Index("project_updated_everywhere_idx", "updated_at", "id"),
    Index("project_id_idx", "id"),
)

project_change = Table(
    "project_change",
    metadata,
    division_column(),
    Column("project_id", Uuid, nullable=False),
    Column("version", Integer, nullable=False),
    Column("action", Text, nullable=False),
    Column("effective_on", Date, nullable=False),
    moment_column("recorded_at"),
    Column("actor", Text, nullable=False),
    Column("facts", JSONB, nullable=False, comment="fact to value; null is an explicit unknown"),
    Column("marks", JSONB, nullable=False),
    Column("reason", Text),
    Column("evidence_note", Text),
    Column("import_id", Uuid),
    PrimaryKeyConstraint("division_code", "project_id", "version"),
    ForeignKeyConstraint(["division_code", "project_id"], ["project.division_code", "project.id"]),
    Index("project_change_recorded_idx", "division_code", "recorded_at"),
)

project_number = Table(
    "project_number",
    metadata,
    division_column(),
    Column("last", Integer, nullable=False),
    PrimaryKeyConstraint("division_code"),
)

ledger_import = import_table("ledger_import", metadata)

stated_total = Table(
    "stated_total",
    metadata,
    division_column(),
    Column("import_id", Uuid, nullable=False),
    Column("cell", Text, nullable=False),
    Column("fact", Text, nullable=False),
    Column("stated", Text, nullable=False),
    Column("counted", Text, nullable=False),
    Column("agrees", Boolean, nullable=False),
    Column("effective_on", Date, nullable=False),
    moment_column("recorded_at"),
    PrimaryKeyConstraint("division_code", "import_id", "cell", "fact"),
    ForeignKeyConstraint(["division_code", "import_id"], ["ledger_import.division_code", "ledger_import.id"]),
)
