"""Tables of 包抓与专班: terms of duty, task forces and the seats in them, backstops, visits, promises.

A term is written once and ended once; a trigger of revision 0003 refuses any other change, so that "who answered for
this on 3 May" stays what it was.
"""

from sqlalchemy import CheckConstraint, Column, Date, ForeignKeyConstraint, Index, Text, UniqueConstraint, Uuid, text

from services.projects.metadata import work_table
from shared.schemas.projects.duty import DutyRole
from shared.schemas.projects.groups import Seat
from shared.schemas.projects.visits import PromisedTo, PromiseOutcome, VisitKind
from shared.storage.tables import one_of

LIVE = text("ended_on is null")


def _person(*, nullable: bool = False) -> list[Column[str]]:
    """A person as the directory had them on the day."""
    return [
        Column("person_code", Text, nullable=nullable),
        Column("person_name", Text, nullable=nullable),
        Column("post", Text),
        Column("unit_code", Text),
        Column("unit_name", Text),
    ]


taskforce = work_table(
    "taskforce",
    Column("unit_code", Text, nullable=False),
    Column("unit_name", Text, nullable=False),
    Column("task", Text, nullable=False),
    Column("area", Text),
    Column("formed_on", Date, nullable=False),
    Column("document_number", Text),
    UniqueConstraint("division_code", "unit_code"),
    of_project=False,
)

duty = work_table(
    "duty",
    Column("role", Text, nullable=False),
    *_person(nullable=True),
    Column("taskforce_id", Uuid),
    Column("began_on", Date, nullable=False),
    Column("ended_on", Date),
    Column("handover_note", Text),
    Column("end_reason", Text),
    Column("ended_by", Text),
    ForeignKeyConstraint(["division_code", "taskforce_id"], ["taskforce.division_code", "taskforce.id"]),
    one_of("role", DutyRole),
    CheckConstraint("(role = 'taskforce') = (taskforce_id is not null)", name="taskforce"),
    CheckConstraint("ended_on >= began_on", name="order"),
    Index("duty_live_key", "division_code", "project_id", "role", unique=True, postgresql_where=LIVE),
    Index("duty_of_person_idx", "division_code", "person_code", postgresql_where=LIVE),
    Index("duty_of_taskforce_idx", "division_code", "taskforce_id", postgresql_where=LIVE),
)

group_seat = work_table(
    "group_seat",
    Column("taskforce_id", Uuid, comment="null: the county's leading group"),
    Column("seat", Text, nullable=False),
    Column("assignment", Text),
    *_person(),
    Column("began_on", Date, nullable=False),
    Column("ended_on", Date),
    Column("end_reason", Text),
    Column("ended_by", Text),
    ForeignKeyConstraint(["division_code", "taskforce_id"], ["taskforce.division_code", "taskforce.id"]),
    one_of("seat", Seat),
    CheckConstraint("ended_on >= began_on", name="order"),
    Index(
        "group_seat_live_key",
        "division_code",
        "taskforce_id",
        "person_code",
        unique=True,
        postgresql_where=LIVE,
        postgresql_nulls_not_distinct=True,
    ),
    Index(
        "group_seat_head_key",
        "division_code",
        "taskforce_id",
        unique=True,
        postgresql_where=text("seat = 'head' and ended_on is null"),
        postgresql_nulls_not_distinct=True,
    ),
    of_project=False,
)

backstop = work_table(
    "backstop",
    Column("enterprise_duty_id", Uuid, nullable=False),
    Column("enterprise_code", Text, nullable=False),
    Column("enterprise_name", Text, nullable=False),
    Column("call_number", Text, nullable=False),
    Column("called_on", Date, nullable=False),
    Column("document_number", Text, nullable=False),
    Column("decided_on", Date, nullable=False),
    Column("undertaking", Text, nullable=False),
    Column("reason", Text, nullable=False),
    ForeignKeyConstraint(["division_code", "enterprise_duty_id"], ["duty.division_code", "duty.id"]),
    UniqueConstraint("division_code", "project_id", "document_number"),
    CheckConstraint("called_on < decided_on", name="called_first"),
)

visit = work_table(
    "visit",
    Column("kind", Text, nullable=False),
    Column("visited_on", Date, nullable=False),
    *_person(),
    Column("found", Text, nullable=False),
    one_of("kind", VisitKind),
    Index("visit_of_person_idx", "division_code", "person_code", "visited_on"),
)

site_promise = work_table(
    "site_promise",
    Column("visit_id", Uuid),
    *_person(),
    Column("promised_to", Text, nullable=False),
    Column("matter", Text, nullable=False),
    Column("made_on", Date, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("outcome", Text),
    Column("outcome_note", Text),
    Column("settled_on", Date),
    Column("settled_by", Text),
    ForeignKeyConstraint(["division_code", "visit_id"], ["visit.division_code", "visit.id"]),
    one_of("promised_to", PromisedTo),
    one_of("outcome", PromiseOutcome),
    CheckConstraint("made_on <= due_on", name="due"),
    CheckConstraint("(outcome is null) = (settled_on is null)", name="settled"),
    Index("site_promise_open_idx", "division_code", "person_code", "due_on", postgresql_where=text("outcome is null")),
)
