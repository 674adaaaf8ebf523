"""Tables of intake: the petition, the people behind it, its numbers.

Personal data stands in `…_sealed` columns only, each bound to its table, division, row and column; `…_index` columns
find it by exact match inside one division. `summary` is written by staff and holds none; `statement` is as received.
"""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from services.petitions.metadata import metadata, reminded_columns, work_table
from shared.schemas.petitions.intake import Channel, Demand, PetitionerRole, Purpose, VisitLevel
from shared.schemas.petitions.states import PetitionClass, PetitionState
from shared.storage import blind
from shared.storage.sealed import BlindColumn, SealedColumn
from shared.storage.tables import division_column, moment_column, one_of

petition = work_table(
    "petition",
    Column("petition_code", Text, nullable=False),
    Column("register_code", Text, comment="登记编号 of the register it was imported from"),
    Column("import_id", Uuid),
    Column("channel", Text, nullable=False),
    Column("channel_detail", JSONB, nullable=False, server_default=text("'{}'")),
    Column("purpose", Text),
    Column("petition_class", Text),
    Column("legal_route", SmallInteger),
    Column("is_class_assumed", Boolean, nullable=False, server_default=text("false")),
    Column("is_sealed", Boolean, nullable=False, server_default=text("false"), comment="检举控告"),
    Column("accused_unit_code", Text),
    Column("content_class", Text),
    Column("visit_level", Text),
    Column("is_skip_level", Boolean, nullable=False, server_default=text("false")),
    Column("petitioned_on", Date, nullable=False, comment="信访日期"),
    Column("registered_on", Date, nullable=False, comment="登记日期"),
    Column("people_count", Integer, nullable=False, comment="人次"),
    Column("involved_count", Integer),
    Column("is_joint", Boolean, nullable=False, server_default=text("false")),
    Column("is_anonymous", Boolean, nullable=False, server_default=text("false")),
    Column("is_threat", Boolean, nullable=False, server_default=text("false")),
    Column("is_backlog", Boolean, nullable=False, server_default=text("false")),
    Column("is_litigation", Boolean, nullable=False, server_default=text("false")),
    Column("is_cross_region", Boolean, nullable=False, server_default=text("false")),
    Column("summary", Text, nullable=False, server_default=text("''")),
    Column("statement_sealed", LargeBinary),
    Column("demand", Text, nullable=False),
    Column("problem_type", Text),
    Column("project_id", Uuid),
    Column("project_code", Text),
    Column("project_name", Text, comment="as the ledger, else the register, calls it"),
    Column("developer", Text, comment="开发企业, as the ledger calls it"),
    moment_column("project_asked_at", nullable=True),
    Column("building", Text),
    Column("township", Text),
    # What the acts have made of it (services.petitions.life).
    Column("state", Text, nullable=False),
    Column("state_since", Date, nullable=False),
    Column("acts", Integer, nullable=False),
    Column("last_on", Date, nullable=False),
    Column("sender_unit_code", Text),
    Column("sender_unit_name", Text),
    Column("body_unit_code", Text, comment="the unit that must act now"),
    Column("body_unit_name", Text),
    Column("accepted_on", Date),
    Column("opinion_on", Date),
    Column("delivered_on", Date),
    Column("standing", JSONB, nullable=False, comment="the rest of the case: life.service.STANDING"),
    Column("next_due_on", Date, comment="earliest day by law of what runs, duties only"),
    Column("next_internal_due_on", Date),
    Column("repeat_of", Uuid, comment="the main case, confirmed by a person"),
    Column("rule_repeat_of", Uuid, comment="an earlier case of the same person, project and demand"),
    Column("merged_into", Uuid),
    Column("split_from", Uuid),
    Column("query_code_hash", LargeBinary),
    one_of("channel", Channel),
    one_of("purpose", Purpose),
    one_of("petition_class", PetitionClass),
    one_of("visit_level", VisitLevel),
    one_of("demand", Demand),
    one_of("state", PetitionState),
    CheckConstraint("legal_route between 1 and 6", name="legal_route"),
    CheckConstraint("legal_route is null or petition_class = 'appeal_claim'", name="legal_route_of_a_claim"),
    CheckConstraint("is_sealed or petition_class is distinct from 'accusation'", name="accusation_sealed"),
    CheckConstraint("people_count >= 1", name="people_count"),
    CheckConstraint("merged_into <> id and split_from <> id", name="of_another"),
    UniqueConstraint("division_code", "petition_code"),
    ForeignKeyConstraint(
        ["division_code", "repeat_of"], ["petition.division_code", "petition.id"], name="petition_repeat_of_fkey"
    ),
    ForeignKeyConstraint(
        ["division_code", "merged_into"], ["petition.division_code", "petition.id"], name="petition_merged_into_fkey"
    ),
    ForeignKeyConstraint(
        ["division_code", "split_from"], ["petition.division_code", "petition.id"], name="petition_split_from_fkey"
    ),
    Index(
        "petition_register_key",
        "division_code",
        "register_code",
        unique=True,
        postgresql_where=text("register_code is not null"),
    ),
    Index("petition_due_idx", "division_code", "next_due_on", "id", postgresql_where=text("next_due_on is not null")),
    Index(
        "petition_internal_due_idx",
        "division_code",
        "next_internal_due_on",
        "id",
        postgresql_where=text("next_internal_due_on is not null"),
    ),
    Index("petition_registered_idx", "division_code", "registered_on", "id"),
    Index(
        "petition_project_idx",
        "division_code",
        "project_id",
        "registered_on",
        postgresql_where=text("project_id is not null"),
    ),
    Index("petition_body_idx", "division_code", "body_unit_code", "next_due_on"),
    Index(
        "petition_project_name_idx",
        "division_code",
        "project_name",
        "registered_on",
        postgresql_where=text("project_name is not null"),
    ),
    Index(
        "petition_rule_repeat_idx",
        "division_code",
        "rule_repeat_of",
        postgresql_where=text("rule_repeat_of is not null"),
    ),
    Index("petition_repeat_idx", "division_code", "repeat_of", postgresql_where=text("repeat_of is not null")),
)

petitioner = work_table(
    "petitioner",
    Column("petition_id", Uuid, nullable=False),
    Column("ordinal", SmallInteger, nullable=False),
    Column("role", Text, nullable=False),
    Column("name_sealed", LargeBinary),
    Column("id_number_sealed", LargeBinary),
    Column("phone_sealed", LargeBinary),
    Column("address_sealed", LargeBinary),
    Column("name_index", LargeBinary),
    Column("id_number_index", LargeBinary),
    Column("phone_index", LargeBinary),
    one_of("role", PetitionerRole),
    CheckConstraint("role <> 'representative' or ordinal <= 5", name="at_most_five_representatives"),
    UniqueConstraint("division_code", "petition_id", "role", "ordinal"),
    ForeignKeyConstraint(["division_code", "petition_id"], ["petition.division_code", "petition.id"]),
    Index("petitioner_name_idx", "division_code", "name_index", postgresql_where=text("name_index is not null")),
    Index(
        "petitioner_id_number_idx",
        "division_code",
        "id_number_index",
        postgresql_where=text("id_number_index is not null"),
    ),
    Index("petitioner_phone_idx", "division_code", "phone_index", postgresql_where=text("phone_index is not null")),
)

assignment = work_table(
    "assignment",
    Column("petition_id", Uuid, nullable=False),
    Column("act_number", Integer, nullable=False),
    Column("unit_code", Text, nullable=False),
    Column("unit_name", Text, nullable=False),
    Column("is_lead", Boolean, nullable=False),
    Column("sent_on", Date, nullable=False),
    Column("due_on", Date, comment="the sender's own deadline, besides the law's"),
    Column("answered_on", Date),
    Column("answer_sealed", LargeBinary),
    Column("ended_on", Date, comment="returned or overtaken"),
    *reminded_columns(),
    ForeignKeyConstraint(["division_code", "petition_id"], ["petition.division_code", "petition.id"]),
    Index(
        "assignment_reminder_idx",
        "division_code",
        "next_reminder_on",
        "petition_id",
        postgresql_where=text("next_reminder_on is not null"),
    ),
    Index("assignment_of_unit_idx", "division_code", "unit_code", "petition_id"),
    Index(
        "assignment_live_key",
        "division_code",
        "petition_id",
        "unit_code",
        unique=True,
        postgresql_where=text("ended_on is null"),
    ),
    Index(
        "assignment_one_lead_key",
        "division_code",
        "petition_id",
        unique=True,
        postgresql_where=text("is_lead and ended_on is null"),
    ),
)

petition_number = Table(
    "petition_number",
    metadata,
    division_column(),
    Column("year", SmallInteger, nullable=False),
    Column("last", Integer, nullable=False),
    moment_column("updated_at"),
    PrimaryKeyConstraint("division_code", "year"),
)

content_class = Table(
    "content_class",
    metadata,
    Column("code", Text, primary_key=True),
    Column("level", SmallInteger, nullable=False),
    Column("parent", Text),
    Column("name", Text, nullable=False),
    CheckConstraint("level between 1 and 3 and length(code) = 2 * level", name="level"),
    CheckConstraint("(level = 1) = (parent is null)", name="parent"),
)
"""A code list, the same for every division."""

STATEMENT = SealedColumn(petition.c.statement_sealed)
NAME = SealedColumn(petitioner.c.name_sealed)
ID_NUMBER = SealedColumn(petitioner.c.id_number_sealed)
PHONE = SealedColumn(petitioner.c.phone_sealed)
ADDRESS = SealedColumn(petitioner.c.address_sealed)
BY_NAME = BlindColumn(petitioner.c.name_index, NAME, "name", blind.name)
BY_ID_NUMBER = BlindColumn(petitioner.c.id_number_index, ID_NUMBER, "id_number", blind.citizen_id)
BY_PHONE = BlindColumn(petitioner.c.phone_index, PHONE, "phone", blind.mobile)
SEALED = (STATEMENT, NAME, ID_NUMBER, PHONE, ADDRESS, BY_NAME, BY_ID_NUMBER, BY_PHONE)
"""For the re-key."""
