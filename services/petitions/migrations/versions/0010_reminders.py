"""Petitions: reminders and supervision, the sweeps that make them, and what a duty's reminders have come to."""

import sqlalchemy as sa
from alembic import op

from shared.storage.migrations import protect

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

DUTIES = ("petition_clock", "assignment", "case_promise")
WAITING = {
    "petition_clock": "starts_on where state = 'running' and kind not in "
    "('objection', 'review_request', 're_review_request')",
    "assignment": "sent_on where due_on is not null and answered_on is null and ended_on is null",
    "case_promise": "made_on where outcome is null",
}


def upgrade() -> None:
    for table in DUTIES:
        looked = "when a sweep looks at it next, null when never"
        op.add_column(table, sa.Column("next_reminder_on", sa.Date(), nullable=True, comment=looked))
        steps = "steps taken so far"
        op.add_column(
            table, sa.Column("reminded", sa.SmallInteger(), server_default=sa.text("0"), nullable=False, comment=steps)
        )
        # The owner is under the policies of the tenants too, and has none.
        op.execute(f"alter table {table} no force row level security")
        op.execute(f"update {table} set next_reminder_on = {WAITING[table]}")  # noqa: S608 — our own words
        op.execute(f"alter table {table} force row level security")
    _index("petition_clock", "petition_clock_unowned_reminder_idx", " and unit_code is null")
    _index("petition_clock", "petition_clock_reminder_idx", " and unit_code is not null")
    _index("assignment", "assignment_reminder_idx")
    _index("case_promise", "case_promise_reminder_idx")
    op.create_table(
        "sweep",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("swept_on", sa.Date(), nullable=False),
        sa.Column("lapsed", sa.Integer(), nullable=False),
        sa.Column("reminded", sa.Integer(), nullable=False),
        sa.Column("supervised", sa.Integer(), nullable=False),
        sa.Column("climbed", sa.Integer(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state in ('running', 'finished')", name=op.f("sweep_state_check")),
        sa.PrimaryKeyConstraint("division_code", "id", name=op.f("sweep_pkey")),
    )
    op.create_index("sweep_day_idx", "sweep", ["division_code", "swept_on"], unique=False)
    op.create_index(
        "sweep_running_key", "sweep", ["division_code"], unique=True, postgresql_where=sa.text("state = 'running'")
    )
    op.create_table(
        "petition_supervision",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("petition_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("subject_ref", sa.Text(), nullable=False, comment="number of the clock in its petition, else the id"),
        sa.Column("clock_kind", sa.Text(), nullable=True),
        sa.Column("unit_code", sa.Text(), nullable=True, comment="null: nobody's yet, so the petition office's"),
        sa.Column("unit_name", sa.Text(), nullable=True),
        sa.Column("missed_on", sa.Date(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False, comment="of the written answer"),
        sa.Column("step_days", sa.Integer(), nullable=False, comment="the county's setting on the day it was opened"),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=True),
        sa.Column("level_on", sa.Date(), nullable=True),
        sa.Column("next_due_on", sa.Date(), nullable=True, comment="of the next step; null when none comes by itself"),
        sa.Column("document_number", sa.Text(), nullable=True),
        sa.Column("is_adopted", sa.Boolean(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("answered_by", sa.Text(), nullable=True),
        sa.Column("answer_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("verdict", sa.Text(), nullable=True),
        sa.Column("reviewed_on", sa.Date(), nullable=True),
        sa.Column("reviewed_by", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(state = 'closed') = (verdict is not distinct from 'accepted')",
            name=op.f("petition_supervision_closed_check"),
        ),
        sa.CheckConstraint(
            "clock_kind in ('route', 'notify', 'acceptance', 'objection', 'handle', 'simple', 'review_request', "
            "'review', 're_review_request', 're_review')",
            name=op.f("petition_supervision_clock_kind_check"),
        ),
        sa.CheckConstraint(
            "level in ('bulletin', 'interview', 'accountability')", name=op.f("petition_supervision_level_check")
        ),
        sa.CheckConstraint("state in ('open', 'answered', 'closed')", name=op.f("petition_supervision_state_check")),
        sa.CheckConstraint(
            "subject in ('clock', 'assignment', 'promise')", name=op.f("petition_supervision_subject_check")
        ),
        sa.CheckConstraint("verdict in ('accepted', 'returned')", name=op.f("petition_supervision_verdict_check")),
        sa.CheckConstraint("reviewed_by <> answered_by", name=op.f("petition_supervision_two_persons_check")),
        sa.ForeignKeyConstraint(
            ["division_code", "petition_id"],
            ["petition.division_code", "petition.id"],
            name=op.f("petition_supervision_petition_fkey"),
        ),
        sa.PrimaryKeyConstraint("division_code", "id", name=op.f("petition_supervision_pkey")),
        sa.UniqueConstraint(
            "division_code",
            "petition_id",
            "subject",
            "subject_ref",
            name="petition_supervision_once_key",
        ),
    )
    op.create_index(
        "petition_supervision_due_idx",
        "petition_supervision",
        ["division_code", "next_due_on", "id"],
        unique=False,
        postgresql_where=sa.text("next_due_on is not null and unit_code is not null"),
    )
    op.create_index(
        "petition_supervision_of_unit_idx", "petition_supervision", ["division_code", "unit_code", "id"], unique=False
    )
    op.create_index(
        "petition_supervision_unowned_due_idx",
        "petition_supervision",
        ["division_code", "next_due_on", "id"],
        unique=False,
        postgresql_where=sa.text("next_due_on is not null and unit_code is null"),
    )
    op.create_table(
        "reminder",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("petition_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("subject_ref", sa.Text(), nullable=False, comment="number of the clock in its petition, else the id"),
        sa.Column("clock_kind", sa.Text(), nullable=True),
        sa.Column("unit_code", sa.Text(), nullable=True, comment="null: nobody's yet, so the petition office's"),
        sa.Column("unit_name", sa.Text(), nullable=True),
        sa.Column("band", sa.Text(), nullable=False),
        sa.Column("step", sa.SmallInteger(), nullable=False, comment="place of the band in its order, from 1"),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("internal_due_on", sa.Date(), nullable=False),
        sa.Column("fell_due_on", sa.Date(), nullable=False),
        sa.Column("reminded_on", sa.Date(), nullable=False),
        sa.Column("acknowledged_on", sa.Date(), nullable=True),
        sa.Column("acknowledged_by", sa.Text(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("answered_by", sa.Text(), nullable=True),
        sa.Column("expected_on", sa.Date(), nullable=True),
        sa.Column("answer_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("band in ('warning', 'severe', 'critical', 'overdue')", name=op.f("reminder_band_check")),
        sa.CheckConstraint(
            "clock_kind in ('route', 'notify', 'acceptance', 'objection', 'handle', 'simple', 'review_request', "
            "'review', 're_review_request', 're_review')",
            name=op.f("reminder_clock_kind_check"),
        ),
        sa.CheckConstraint("subject in ('clock', 'assignment', 'promise')", name=op.f("reminder_subject_check")),
        sa.CheckConstraint(
            "num_nulls(acknowledged_on, acknowledged_by) in (0, 2)", name=op.f("reminder_acknowledged_whole_check")
        ),
        sa.CheckConstraint(
            "num_nulls(answered_on, answered_by, answer_sealed) in (0, 3)", name=op.f("reminder_answered_whole_check")
        ),
        sa.CheckConstraint("reminded_on >= fell_due_on", name=op.f("reminder_when_due_check")),
        sa.ForeignKeyConstraint(
            ["division_code", "petition_id"],
            ["petition.division_code", "petition.id"],
            name=op.f("reminder_petition_fkey"),
        ),
        sa.PrimaryKeyConstraint("division_code", "id", name=op.f("reminder_pkey")),
        sa.UniqueConstraint(
            "division_code",
            "petition_id",
            "subject",
            "subject_ref",
            "band",
            name="reminder_once_key",
        ),
    )
    op.create_index("reminder_of_unit_idx", "reminder", ["division_code", "unit_code", "id"], unique=False)
    op.create_table(
        "petition_supervision_step",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("supervision_id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "level in ('bulletin', 'interview', 'accountability')", name=op.f("petition_supervision_step_level_check")
        ),
        sa.CheckConstraint("taken_on >= due_on", name=op.f("petition_supervision_step_when_due_check")),
        sa.ForeignKeyConstraint(
            ["division_code", "supervision_id"],
            ["petition_supervision.division_code", "petition_supervision.id"],
            name=op.f("petition_supervision_step_petition_supervision_fkey"),
        ),
        sa.PrimaryKeyConstraint("division_code", "id", name=op.f("petition_supervision_step_pkey")),
        sa.UniqueConstraint(
            "division_code",
            "supervision_id",
            "level",
            name=op.f("petition_supervision_step_division_code_supervision_id_level_key"),
        ),
    )
    protect("sweep")
    protect("reminder")
    protect("petition_supervision")
    protect("petition_supervision_step", rights=("select", "insert"))


def _index(table: str, name: str, whose: str = "") -> None:
    columns = ["division_code", "next_reminder_on", "petition_id"]
    op.create_index(name, table, columns, postgresql_where=sa.text(f"next_reminder_on is not null{whose}"))


def downgrade() -> None:
    for table in ("petition_supervision_step", "petition_supervision", "reminder", "sweep"):
        op.drop_table(table)
    for table in DUTIES:
        op.drop_column(table, "reminded")
        op.drop_column(table, "next_reminder_on")
