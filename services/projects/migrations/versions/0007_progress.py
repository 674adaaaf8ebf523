"""进度与真实性: claims, checks, signals, draws; a claimed resumption can be verified."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.storage.migrations import protect

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

STANDING = sa.text("corrected_at is null")


def upgrade() -> None:
    op.drop_constraint(op.f("project_resumption_check"), "project")
    op.create_check_constraint(op.f("project_resumption_check"), "project", "resumption in ('claimed', 'verified')")
    op.create_table(
        "progress_report",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=False),
        sa.Column("unit_name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("progress_pct", sa.Numeric(precision=9, scale=6), nullable=True),
        sa.Column("milestone", sa.Text(), nullable=True),
        sa.Column("money_in_place_fen", sa.BigInteger(), nullable=True),
        sa.Column("money_drawn_fen", sa.BigInteger(), nullable=True),
        sa.Column("workers_planned", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column(
            "recorded_by_unit",
            sa.Text(),
            nullable=True,
            comment="the unit of who entered it: the office's where it reported on behalf",
        ),
        sa.Column("corrects", sa.Uuid(), nullable=True),
        sa.Column("correction_reason", sa.Text(), nullable=True),
        sa.Column("corrected_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("role in ('enterprise', 'taskforce')", name=op.f("progress_report_role_check")),
        sa.ForeignKeyConstraint(
            ["division_code", "corrects"],
            ["progress_report.division_code", "progress_report.id"],
            name=op.f("progress_report_progress_report_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["division_code", "project_id"],
            ["project.division_code", "project.id"],
            name=op.f("progress_report_project_fkey"),
        ),
        sa.PrimaryKeyConstraint("division_code", "id", name=op.f("progress_report_pkey")),
        sa.UniqueConstraint(
            "division_code",
            "id",
            "unit_code",
            "created_by",
            name=op.f("progress_report_division_code_id_unit_code_created_by_key"),
        ),
    )
    op.create_index("progress_report_of_project_idx", "progress_report", ["division_code", "project_id"])
    op.create_index(
        "progress_report_standing_key",
        "progress_report",
        ["division_code", "project_id", "effective_on", "unit_code"],
        unique=True,
        postgresql_where=STANDING,
    )
    op.create_table(
        "progress_inspection",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=False),
        sa.Column("unit_name", sa.Text(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=True),
        sa.Column("reporting_unit_code", sa.Text(), nullable=True),
        sa.Column("reported_by", sa.Text(), nullable=True),
        sa.Column("progress_pct", sa.Numeric(precision=9, scale=6), nullable=True),
        sa.Column("money_in_place_fen", sa.BigInteger(), nullable=True),
        sa.Column("workers_seen", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "num_nulls(report_id, reporting_unit_code, reported_by) in (0, 3)",
            name=op.f("progress_inspection_report_whole_check"),
        ),
        sa.CheckConstraint("unit_code <> reporting_unit_code", name=op.f("progress_inspection_another_unit_check")),
        sa.CheckConstraint("created_by <> reported_by", name=op.f("progress_inspection_another_person_check")),
        sa.ForeignKeyConstraint(
            ["division_code", "project_id"],
            ["project.division_code", "project.id"],
            name=op.f("progress_inspection_project_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["division_code", "report_id", "reporting_unit_code", "reported_by"],
            [
                "progress_report.division_code",
                "progress_report.id",
                "progress_report.unit_code",
                "progress_report.created_by",
            ],
            name=op.f("progress_inspection_progress_report_fkey"),
        ),
        sa.PrimaryKeyConstraint("division_code", "id", name=op.f("progress_inspection_pkey")),
    )
    op.create_index("progress_inspection_of_project_idx", "progress_inspection", ["division_code", "project_id"])
    op.create_index(
        "progress_inspection_of_reporter_idx",
        "progress_inspection",
        ["division_code", "reporting_unit_code", "effective_on"],
    )
    op.create_table(
        "site_signal",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("source_unit_code", sa.Text(), nullable=False),
        sa.Column("source_unit_name", sa.Text(), nullable=False),
        sa.Column("corrects", sa.Uuid(), nullable=True),
        sa.Column("correction_reason", sa.Text(), nullable=True),
        sa.Column("corrected_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind in ('workers_on_site', 'cranes', 'electricity', 'supervisor_log', 'wages_paid', 'materials')",
            name=op.f("site_signal_kind_check"),
        ),
        sa.ForeignKeyConstraint(
            ["division_code", "corrects"],
            ["site_signal.division_code", "site_signal.id"],
            name=op.f("site_signal_site_signal_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["division_code", "project_id"],
            ["project.division_code", "project.id"],
            name=op.f("site_signal_project_fkey"),
        ),
        sa.PrimaryKeyConstraint("division_code", "id", name=op.f("site_signal_pkey")),
    )
    op.create_index("site_signal_of_project_idx", "site_signal", ["division_code", "project_id"])
    op.create_index(
        "site_signal_standing_key",
        "site_signal",
        ["division_code", "project_id", "effective_on", "kind", "source_unit_code"],
        unique=True,
        postgresql_where=STANDING,
    )
    op.create_table(
        "inspection_draw",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("week_starting", sa.Date(), nullable=False),
        sa.Column("algorithm", sa.Text(), nullable=False),
        sa.Column("seed", sa.Text(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("inputs_sha256", sa.Text(), nullable=False),
        sa.Column("candidates", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("picks", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("division_code", "id", name=op.f("inspection_draw_pkey")),
        sa.UniqueConstraint(
            "division_code", "week_starting", name=op.f("inspection_draw_division_code_week_starting_key")
        ),
    )
    protect("progress_report")
    protect("progress_inspection", rights=("select", "insert"))
    protect("site_signal")
    protect("inspection_draw", rights=("select", "insert"))


def downgrade() -> None:
    op.drop_table("inspection_draw")
    op.drop_table("site_signal")
    op.drop_table("progress_inspection")
    op.drop_table("progress_report")
    op.drop_constraint(op.f("project_resumption_check"), "project")
    op.create_check_constraint(op.f("project_resumption_check"), "project", "resumption in ('claimed')")
