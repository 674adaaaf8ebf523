"""Tables of 企业档案: firms, what was found about them, what was done."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from services.projects.metadata import work_table
from shared.schemas.projects.enterprises import EnforcementKind, FindingKind
from shared.storage.tables import one_of

enterprise = work_table(
    "enterprise",
    Column("name", Text, nullable=False),
    Column("name_key", Text, nullable=False, comment="normalised name, for matching"),
    Column("credit_code", Text),
    Column("unit_code", Text),
    Column("unit_name", Text),
    Column("aliases", ARRAY(Text), nullable=False),
    Column("alias_keys", ARRAY(Text), nullable=False),
    UniqueConstraint("division_code", "name_key"),
    UniqueConstraint("division_code", "credit_code"),
    UniqueConstraint("division_code", "unit_code"),
    of_project=False,
)

enterprise_finding = work_table(
    "enterprise_finding",
    Column("enterprise_id", Uuid, nullable=False),
    Column("project_id", Uuid),
    Column("kind", Text, nullable=False),
    Column("found_on", Date, nullable=False),
    Column("source_unit_code", Text, nullable=False),
    Column("source_unit_name", Text, nullable=False),
    Column("document_number", Text),
    Column("amount_fen", BigInteger),
    Column("note", Text, nullable=False),
    ForeignKeyConstraint(["division_code", "enterprise_id"], ["enterprise.division_code", "enterprise.id"]),
    ForeignKeyConstraint(["division_code", "project_id"], ["project.division_code", "project.id"]),
    one_of("kind", FindingKind),
    Index("enterprise_finding_of_enterprise_idx", "division_code", "enterprise_id", "found_on"),
    of_project=False,
)

enforcement_step = work_table(
    "enforcement_step",
    Column("enterprise_id", Uuid, nullable=False),
    Column("project_id", Uuid),
    Column("kind", Text, nullable=False),
    Column("taken_on", Date, nullable=False),
    Column("by_unit_code", Text, nullable=False),
    Column("by_unit_name", Text, nullable=False),
    Column("document_number", Text, nullable=False),
    Column("until_on", Date),
    Column("lifts", Uuid),
    Column("result", Text),
    Column("result_on", Date),
    ForeignKeyConstraint(["division_code", "enterprise_id"], ["enterprise.division_code", "enterprise.id"]),
    ForeignKeyConstraint(["division_code", "project_id"], ["project.division_code", "project.id"]),
    ForeignKeyConstraint(["division_code", "lifts"], ["enforcement_step.division_code", "enforcement_step.id"]),
    one_of("kind", EnforcementKind),
    CheckConstraint("(kind = 'lifted') = (lifts is not null)", name="lifts"),
    CheckConstraint("(result is null) = (result_on is null)", name="result"),
    CheckConstraint("until_on >= taken_on", name="until"),
    CheckConstraint("result_on >= taken_on", name="order"),
    Index("enforcement_step_of_enterprise_idx", "division_code", "enterprise_id", "taken_on"),
    Index(
        "enforcement_step_lifts_key",
        "division_code",
        "lifts",
        unique=True,
        postgresql_where=text("lifts is not null"),
    ),
    of_project=False,
)
