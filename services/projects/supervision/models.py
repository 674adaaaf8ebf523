"""Tables of supervision 督办.

`supervision_order` is what stands today and when the next step falls due; feedback, extensions and steps are how it
came about. `next_due_on` is null where nothing will fall due by itself, so the two indexes a sweep reads hold only
orders that are on their way.
"""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from services.projects.metadata import metadata, work_table
from shared.schemas.projects.supervision import (
    AccountabilityKind,
    OrderSource,
    OrderState,
    OrderVerdict,
    SupervisionLevel,
)
from shared.storage.sweeps import sweep_table
from shared.storage.tables import division_column, one_of

LIVE = text("state in ('open', 'answered')")
UNITS = "'written_inspection', 'circulated', 'reorganised'"
PERSONS = "'circulated', 'admonished', 'post_changed', 'disciplined'"


def _of_order() -> tuple[Column[object], ForeignKeyConstraint]:
    keys = ["supervision_order.division_code", "supervision_order.id"]
    return Column("order_id", Uuid, nullable=False), ForeignKeyConstraint(["division_code", "order_id"], keys)


supervision_number = Table(
    "supervision_number",
    metadata,
    division_column(),
    Column("last", Integer, nullable=False),
    PrimaryKeyConstraint("division_code"),
)

supervision_order = work_table(
    "supervision_order",
    Column("project_id", Uuid),
    Column("code", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("source_number", Text),
    Column("source_ref", Text, comment="what a rule or a meeting opened it for"),
    Column("is_criticism", Boolean, nullable=False),
    Column("matter", Text, nullable=False),
    Column("lead_unit_code", Text),
    Column("lead_unit_name", Text),
    Column("co_units", JSONB, nullable=False, comment="[{code, name}]"),
    Column("person_code", Text),
    Column("person_name", Text),
    Column("issued_by_office", Boolean, nullable=False, comment="else by the leader who is created_by"),
    Column("state", Text, nullable=False),
    Column("issued_on", Date, nullable=False),
    Column("assigned_on", Date),
    Column("first_due_on", Date, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("feedback_every_days", Integer),
    Column("silent_percent", Integer, nullable=False, comment="the county's setting on the day of issue"),
    Column("step_days", Integer, nullable=False, comment="the county's setting on the day of issue"),
    Column("extensions", Integer, nullable=False),
    Column("last_feedback_on", Date),
    Column("claimed_on", Date, comment="done, says the unit; the review is still to come"),
    Column("answered_by", Text, comment="whose feedback was accepted"),
    Column("level", Text),
    Column("level_on", Date),
    Column("escalated_on", Date),
    Column("next_due_on", Date),
    Column("closed_on", Date),
    Column("closed_by", Text),
    Column("conclusion", Text),
    ForeignKeyConstraint(["division_code", "project_id"], ["project.division_code", "project.id"]),
    UniqueConstraint("division_code", "code"),
    one_of("source", OrderSource),
    one_of("state", OrderState),
    one_of("level", [level for level in SupervisionLevel if level != SupervisionLevel.ESCALATION]),
    CheckConstraint("closed_by <> answered_by", name="two_persons"),
    CheckConstraint("(state = 'closed') = (closed_by is not null)", name="closed"),
    CheckConstraint("closed_by is null or answered_by is not null", name="accepted"),
    Index("supervision_order_of_project_idx", "division_code", "project_id"),
    Index("supervision_order_of_unit_idx", "division_code", "lead_unit_code", "id"),
    Index("supervision_order_ref_idx", "division_code", "source_ref", postgresql_where=text("source_ref is not null")),
    Index(
        "supervision_order_open_ref_key",
        "division_code",
        "source_ref",
        unique=True,
        postgresql_where=text("state <> 'closed'"),
    ),
    Index("supervision_order_live_idx", "division_code", "due_on", postgresql_where=LIVE),
    Index(
        "supervision_order_owned_due_idx",
        "division_code",
        "next_due_on",
        "id",
        postgresql_where=text("next_due_on is not null and lead_unit_code is not null"),
    ),
    Index(
        "supervision_order_unowned_due_idx",
        "division_code",
        "next_due_on",
        "id",
        postgresql_where=text("next_due_on is not null and lead_unit_code is null"),
    ),
    of_project=False,
)

order_feedback = work_table(
    "order_feedback",
    *_of_order(),
    Column("unit_code", Text),
    Column("on_behalf", Boolean, nullable=False),
    Column("answered_on", Date, nullable=False),
    Column("progress", Text, nullable=False),
    Column("is_done", Boolean, nullable=False),
    Column("verdict", Text),
    Column("opinion", Text),
    Column("reviewed_by", Text),
    Column("reviewed_on", Date),
    one_of("verdict", OrderVerdict),
    CheckConstraint("reviewed_by <> created_by", name="two_persons"),
    CheckConstraint("(verdict is null) = (reviewed_by is null)", name="reviewed"),
    Index("order_feedback_of_order_idx", "division_code", "order_id", "id"),
    Index(
        "order_feedback_claim_key",
        "division_code",
        "order_id",
        unique=True,
        postgresql_where=text("is_done and verdict is null"),
    ),
    of_project=False,
)

order_extension = work_table(
    "order_extension",
    *_of_order(),
    Column("number", Integer, nullable=False),
    Column("from_on", Date, nullable=False),
    Column("to_on", Date, nullable=False),
    Column("reason", Text, nullable=False),
    UniqueConstraint("division_code", "order_id", "number"),
    CheckConstraint("to_on > from_on", name="later"),
    of_project=False,
)

COUNTS = ("opened", "escalated", "climbed", "problems", "closeouts")
sweep = sweep_table(metadata, COUNTS)

order_step = work_table(
    "order_step",
    *_of_order(),
    Column("level", Text, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("taken_on", Date, nullable=False),
    UniqueConstraint("division_code", "order_id", "level"),
    one_of("level", SupervisionLevel),
    CheckConstraint("taken_on >= due_on", name="when_due"),
    of_project=False,
)

accountability = work_table(
    "accountability",
    Column("project_id", Uuid),
    Column("order_id", Uuid),
    Column("kind", Text, nullable=False),
    Column("unit_code", Text, nullable=False, comment="the unit, or the unit of the person"),
    Column("unit_name", Text, nullable=False),
    Column("person_code", Text),
    Column("person_name", Text),
    Column("document_number", Text, nullable=False),
    Column("decided_on", Date, nullable=False),
    Column("reason", Text, nullable=False),
    ForeignKeyConstraint(["division_code", "project_id"], ["project.division_code", "project.id"]),
    ForeignKeyConstraint(["division_code", "order_id"], ["supervision_order.division_code", "supervision_order.id"]),
    one_of("kind", AccountabilityKind),
    CheckConstraint(
        f"case when person_code is null then kind in ({UNITS}) else kind in ({PERSONS}) end", name="kind_of_subject"
    ),
    Index("accountability_of_order_idx", "division_code", "order_id"),
    of_project=False,
)
