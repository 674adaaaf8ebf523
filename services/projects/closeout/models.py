"""Tables of 销号. The database itself refuses a checker who is the reporter or of the reporter's unit, and a state that
skips a check."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from services.projects.metadata import work_table
from shared.schemas.projects.closeout import ChecklistItem, ChecklistSource, CloseoutStatus, ReboundCause
from shared.schemas.projects.facts import ProjectKind, ResolutionMode
from shared.storage.tables import moment_column, one_of

LIVE = "status not in ('returned', 'reopened')"


def _act(name: str, *, given: bool = False) -> list[Column[Any]]:
    """Who took a step: person, unit, day and paper."""
    return [
        Column(f"{name}_by", Text, nullable=not given),
        Column(f"{name}_name", Text, nullable=not given),
        Column(f"{name}_unit", Text, nullable=not given),
        Column(f"{name}_unit_name", Text, nullable=not given),
        Column(f"{name}_on", Date, nullable=not given),
        Column(f"{name}_document", Text),
        Column(f"{name}_note", Text),
    ]


def _another(name: str, *more: str) -> CheckConstraint:
    """The step was taken by nobody yet, or by another person of another unit than the reporter's."""
    found = f"num_nulls({name}_by, {name}_unit, {name}_on)"
    apart = [f"{name}_by <> reported_by", f"{name}_unit <> reported_unit", *more]
    return CheckConstraint(f"{found} = 3 or ({found} = 0 and {' and '.join(apart)})", name=f"{name}_by_another")


closeout = work_table(
    "closeout",
    Column("status", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("path", Text),
    Column("quiet_weeks", Integer, nullable=False),
    *_act("reported", given=True),
    *_act("department_checked"),
    *_act("site_checked"),
    Column("notice_on", Date),
    Column("notice_until", Date),
    Column("notice_place", Text),
    Column("notice_document", Text),
    *_act("approved"),
    Column("approved_project_version", Integer, comment="of the ledger's row, after it was moved to resolved"),
    Column("approved_construction_status", Text),
    Column("deliver_by", Date, comment="what was promised and not yet due when it was closed"),
    Column("returned_by", Text),
    Column("returned_on", Date),
    Column("returned_reason", Text),
    Column("rebound_cause", Text),
    Column("rebound_on", Date),
    Column("rebound_occurred_on", Date),
    Column("rebound_reference", Text),
    Column("rebound_people", Integer),
    one_of("status", CloseoutStatus),
    one_of("kind", ProjectKind),
    one_of("path", ResolutionMode),
    one_of("rebound_cause", ReboundCause),
    _another("department_checked"),
    _another("site_checked"),
    _another("approved", "approved_by <> department_checked_by", "approved_by <> site_checked_by"),
    CheckConstraint(
        "status in ('requested', 'returned') or department_checked_by is not null", name="department_first"
    ),
    CheckConstraint(
        "status in ('requested', 'department_checked', 'returned') or site_checked_by is not null", name="site_first"
    ),
    CheckConstraint("(status in ('closed', 'reopened')) = (approved_by is not null)", name="approved_first"),
    CheckConstraint("status <> 'published' or notice_until is not null", name="notice_first"),
    CheckConstraint("(status = 'reopened') = (rebound_cause is not null)", name="rebound_first"),
    Index("closeout_live_key", "division_code", "project_id", unique=True, postgresql_where=text(LIVE)),
    Index("closeout_closed_idx", "division_code", "approved_on", postgresql_where=text("approved_on is not null")),
)

closeout_item = work_table(
    "closeout_item",
    Column("closeout_id", Uuid, nullable=False),
    Column("item", Text, nullable=False),
    Column("source", Text),
    Column("value", JSONB, nullable=False, server_default=text("'{}'")),
    Column("source_version", Integer),
    moment_column("asked_at", nullable=True),
    Column("met", Boolean),
    Column("attested_by", Text),
    Column("attested_unit", Text),
    Column("attested_unit_name", Text),
    Column("attested_on", Date),
    Column("document_number", Text),
    ForeignKeyConstraint(["division_code", "closeout_id"], ["closeout.division_code", "closeout.id"]),
    UniqueConstraint("division_code", "closeout_id", "item"),
    one_of("item", ChecklistItem),
    one_of("source", ChecklistSource),
    CheckConstraint(
        "source <> 'attested' or num_nulls(attested_by, attested_unit, attested_on, document_number) = 0",
        name="attested_by_somebody",
    ),
)

closeout_draw = work_table(
    "closeout_draw",
    Column("seed", BigInteger, nullable=False),
    Column("percent", Integer, nullable=False),
    Column("drawn_on", Date, nullable=False),
    of_project=False,
)

closeout_recheck = work_table(
    "closeout_recheck",
    Column("closeout_id", Uuid, nullable=False),
    Column("draw_id", Uuid, nullable=False),
    Column("chosen", Boolean, nullable=False),
    Column("reported_by", Text, nullable=False),
    Column("reported_unit", Text, nullable=False),
    *_act("rechecked"),
    Column("passed", Boolean),
    ForeignKeyConstraint(["division_code", "closeout_id"], ["closeout.division_code", "closeout.id"]),
    ForeignKeyConstraint(["division_code", "draw_id"], ["closeout_draw.division_code", "closeout_draw.id"]),
    UniqueConstraint("division_code", "closeout_id"),
    Index(None, "division_code", "draw_id"),
    _another("rechecked"),
    CheckConstraint("(passed is null) = (rechecked_by is null)", name="recorded_whole"),
)
"""Every close-out that was in a draw, chosen or not: nobody draws twice until the lot suits him."""
