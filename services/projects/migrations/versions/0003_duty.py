"""包抓与专班: terms of duty, task forces, seats, backstops, visits, promises."""

import sqlalchemy as sa
from alembic import op

from shared.storage.migrations import protect

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

END_ONCE = """
create function end_once() returns trigger language plpgsql as $$
declare ending constant text[] := array['ended_on', 'end_reason', 'ended_by', 'version', 'updated_at'];
begin
    if old.ended_on is null and new.ended_on is not null and to_jsonb(old) - ending = to_jsonb(new) - ending then
        return new;
    end if;
    raise insufficient_privilege using message = format('a term in %I is ended once and otherwise stands', tg_table_name);
end $$
"""
"""History that nobody edits: not the app, not a hand on its connection."""


def upgrade() -> None:
    op.create_table(
        "taskforce",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=False),
        sa.Column("unit_name", sa.Text(), nullable=False),
        sa.Column("task", sa.Text(), nullable=False),
        sa.Column("area", sa.Text(), nullable=True),
        sa.Column("formed_on", sa.Date(), nullable=False),
        sa.Column("document_number", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("division_code", "id", name=op.f("taskforce_pkey")),
        sa.UniqueConstraint("division_code", "unit_code", name=op.f("taskforce_division_code_unit_code_key")),
    )
    op.create_table(
        "duty",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("person_code", sa.Text(), nullable=True),
        sa.Column("person_name", sa.Text(), nullable=True),
        sa.Column("post", sa.Text(), nullable=True),
        sa.Column("unit_code", sa.Text(), nullable=True),
        sa.Column("unit_name", sa.Text(), nullable=True),
        sa.Column("taskforce_id", sa.Uuid(), nullable=True),
        sa.Column("began_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("handover_note", sa.Text(), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=True),
        sa.Column("ended_by", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(role = 'taskforce') = (taskforce_id is not null)", name=op.f("duty_taskforce_check")),
        sa.CheckConstraint(
            "role in ('lead', 'supporting', 'taskforce', 'enterprise', 'territory', 'department', 'judicial')",
            name=op.f("duty_role_check"),
        ),
        sa.CheckConstraint("ended_on >= began_on", name=op.f("duty_order_check")),
        sa.ForeignKeyConstraint(
            ["division_code", "project_id"], ["project.division_code", "project.id"], name=op.f("duty_project_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["division_code", "taskforce_id"],
            ["taskforce.division_code", "taskforce.id"],
            name=op.f("duty_taskforce_fkey"),
        ),
        sa.PrimaryKeyConstraint("division_code", "id", name=op.f("duty_pkey")),
    )
    op.create_index(
        "duty_live_key",
        "duty",
        ["division_code", "project_id", "role"],
        unique=True,
        postgresql_where=sa.text("ended_on is null"),
    )
    op.create_index(
        "duty_of_person_idx",
        "duty",
        ["division_code", "person_code"],
        unique=False,
        postgresql_where=sa.text("ended_on is null"),
    )
    op.create_index("duty_of_project_idx", "duty", ["division_code", "project_id"], unique=False)
    op.create_index(
        "duty_of_taskforce_idx",
        "duty",
        ["division_code", "taskforce_id"],
        unique=False,
        postgresql_where=sa.text("ended_on is null"),
    )
    op.create_table(
        "group_seat",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("taskforce_id", sa.Uuid(), nullable=True, comment="null: the county's leading group"),
        sa.Column("seat", sa.Text(), nullable=False),
        sa.Column("assignment", sa.Text(), nullable=True),
        sa.Column("person_code", sa.Text(), nullable=False),
        sa.Column("person_name", sa.Text(), nullable=False),
        sa.Column("post", sa.Text(), nullable=True),
        sa.Column("unit_code", sa.Text(), nullable=True),
        sa.Column("unit_name", sa.Text(), nullable=True),
        sa.Column("began_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=True),
        sa.Column("ended_by", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("seat in ('head', 'deputy', 'member')", name=op.f("group_seat_seat_check")),
        sa.CheckConstraint("ended_on >= began_on", name=op.f("group_seat_order_check")),
        sa.ForeignKeyConstraint(
            ["division_code", "taskforce_id"],
            ["taskforce.division_code", "taskforce.id"],
            name=op.f("group_seat_taskforce_fkey"),
        ),
        sa.PrimaryKeyConstraint("division_code", "id", name=op.f("group_seat_pkey")),
    )
    op.create_index(
        "group_seat_head_key",
        "group_seat",
        ["division_code", "taskforce_id"],
        unique=True,
        postgresql_where=sa.text("seat = 'head' and ended_on is null"),
        postgresql_nulls_not_distinct=True,
    )
    op.create_index(
        "group_seat_live_key",
        "group_seat",
        ["division_code", "taskforce_id", "person_code"],
        unique=True,
        postgresql_where=sa.text("ended_on is null"),
        postgresql_nulls_not_distinct=True,
    )
    op.create_table(
        "visit",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("visited_on", sa.Date(), nullable=False),
        sa.Column("person_code", sa.Text(), nullable=False),
        sa.Column("person_name", sa.Text(), nullable=False),
        sa.Column("post", sa.Text(), nullable=True),
        sa.Column("unit_code", sa.Text(), nullable=True),
        sa.Column("unit_name", sa.Text(), nullable=True),
        sa.Column("found", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind in ('day', 'night')", name=op.f("visit_kind_check")),
        sa.ForeignKeyConstraint(
            ["division_code", "project_id"], ["project.division_code", "project.id"], name=op.f("visit_project_fkey")
        ),
        sa.PrimaryKeyConstraint("division_code", "id", name=op.f("visit_pkey")),
    )
    op.create_index("visit_of_person_idx", "visit", ["division_code", "person_code", "visited_on"], unique=False)
    op.create_index("visit_of_project_idx", "visit", ["division_code", "project_id"], unique=False)
    op.create_table(
        "backstop",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("enterprise_duty_id", sa.Uuid(), nullable=False),
        sa.Column("enterprise_code", sa.Text(), nullable=False),
        sa.Column("enterprise_name", sa.Text(), nullable=False),
        sa.Column("call_number", sa.Text(), nullable=False),
        sa.Column("called_on", sa.Date(), nullable=False),
        sa.Column("document_number", sa.Text(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("undertaking", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("called_on < decided_on", name=op.f("backstop_called_first_check")),
        sa.ForeignKeyConstraint(
            ["division_code", "enterprise_duty_id"], ["duty.division_code", "duty.id"], name=op.f("backstop_duty_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["division_code", "project_id"], ["project.division_code", "project.id"], name=op.f("backstop_project_fkey")
        ),
        sa.PrimaryKeyConstraint("division_code", "id", name=op.f("backstop_pkey")),
        sa.UniqueConstraint(
            "division_code",
            "project_id",
            "document_number",
            name=op.f("backstop_division_code_project_id_document_number_key"),
        ),
    )
    op.create_index("backstop_of_project_idx", "backstop", ["division_code", "project_id"], unique=False)
    op.create_table(
        "site_promise",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=True),
        sa.Column("person_code", sa.Text(), nullable=False),
        sa.Column("person_name", sa.Text(), nullable=False),
        sa.Column("post", sa.Text(), nullable=True),
        sa.Column("unit_code", sa.Text(), nullable=True),
        sa.Column("unit_name", sa.Text(), nullable=True),
        sa.Column("promised_to", sa.Text(), nullable=False),
        sa.Column("matter", sa.Text(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("outcome_note", sa.Text(), nullable=True),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.Column("settled_by", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("outcome in ('kept', 'broken', 'released')", name=op.f("site_promise_outcome_check")),
        sa.CheckConstraint(
            "promised_to in ('owners', 'enterprise', 'contractor', 'workers', 'creditors', 'others')",
            name=op.f("site_promise_promised_to_check"),
        ),
        sa.CheckConstraint("(outcome is null) = (settled_on is null)", name=op.f("site_promise_settled_check")),
        sa.CheckConstraint("made_on <= due_on", name=op.f("site_promise_due_check")),
        sa.ForeignKeyConstraint(
            ["division_code", "project_id"],
            ["project.division_code", "project.id"],
            name=op.f("site_promise_project_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["division_code", "visit_id"], ["visit.division_code", "visit.id"], name=op.f("site_promise_visit_fkey")
        ),
        sa.PrimaryKeyConstraint("division_code", "id", name=op.f("site_promise_pkey")),
    )
    op.create_index("site_promise_of_project_idx", "site_promise", ["division_code", "project_id"], unique=False)
    op.create_index(
        "site_promise_open_idx",
        "site_promise",
        ["division_code", "person_code", "due_on"],
        unique=False,
        postgresql_where=sa.text("outcome is null"),
    )
    op.execute(END_ONCE)
    for table in ("duty", "group_seat"):
        op.execute(f"create trigger end_once before update on {table} for each row execute function end_once()")
    for table in ("taskforce", "duty", "group_seat", "site_promise"):
        protect(table)
    for table in ("visit", "backstop"):
        protect(table, rights=("select", "insert"))


def downgrade() -> None:
    for table in ("site_promise", "visit", "backstop", "group_seat", "duty", "taskforce"):
        op.drop_table(table)
    op.execute("drop function end_once()")
