"""销号、质量与安全."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.storage.migrations import protect

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

TABLES = (
    "quality_inspection",
    "defect",
    "acceptance",
    "incident",
    "closeout",
    "closeout_item",
    "closeout_draw",
    "closeout_recheck",
)


def upgrade() -> None:
    op.create_table(
        "quality_inspection",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("inspected_on", sa.Date(), nullable=False),
        sa.Column("inspected_by", sa.Text(), nullable=False),
        sa.Column("inspected_name", sa.Text(), nullable=False),
        sa.Column("inspected_unit", sa.Text(), nullable=True),
        sa.Column("inspected_unit_name", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("document_number", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind in ('routine', 'special', 'before_resumption', 'complaint')",
            name=op.f("quality_inspection_kind_check"),
        ),
        sa.CheckConstraint(
            "verdict in ('passed', 'rectify', 'stop_work')", name=op.f("quality_inspection_verdict_check")
        ),
        sa.ForeignKeyConstraint(
            ["division_code", "project_id"],
            ["project.division_code", "project.id"],
            name=op.f("quality_inspection_project_fkey"),
        ),
        sa.PrimaryKeyConstraint("division_code", "id", name=op.f("quality_inspection_pkey")),
    )
    op.create_index(
        "quality_inspection_of_project_idx", "quality_inspection", ["division_code", "project_id"], unique=False
    )
    op.create_table(
        "defect",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("inspection_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=True),
        sa.Column("unit_name", sa.Text(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("measure", sa.Text(), nullable=True),
        sa.Column("document_number", sa.Text(), nullable=True),
        sa.Column("ordered_on", sa.Date(), nullable=True),
        sa.Column("rectified_by", sa.Text(), nullable=True),
        sa.Column("rectified_name", sa.Text(), nullable=True),
        sa.Column("rectified_unit", sa.Text(), nullable=True),
        sa.Column("rectified_on", sa.Date(), nullable=True),
        sa.Column("rectified_note", sa.Text(), nullable=True),
        sa.Column("reinspected_by", sa.Text(), nullable=True),
        sa.Column("reinspected_name", sa.Text(), nullable=True),
        sa.Column("reinspected_unit", sa.Text(), nullable=True),
        sa.Column("reinspected_on", sa.Date(), nullable=True),
        sa.Column("reinspected_note", sa.Text(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind in ('cracking', 'leaking', 'settlement', 'structure', 'concrete', 'masonry', 'equipment', 'fire_protection', 'edge_protection', 'lifting', 'other')",
            name=op.f("defect_kind_check"),
        ),
        sa.CheckConstraint("severity in ('minor', 'major', 'critical')", name=op.f("defect_severity_check")),
        sa.CheckConstraint(
            "status <> 'closed' or reinspected_by is not null", name=op.f("defect_reinspection_first_check")
        ),
        sa.CheckConstraint(
            "status = 'found' or num_nulls(unit_code, due_on, ordered_on) = 0", name=op.f("defect_order_first_check")
        ),
        sa.CheckConstraint("status in ('found', 'ordered', 'rectified', 'closed')", name=op.f("defect_status_check")),
        sa.CheckConstraint(
            "status not in ('rectified', 'closed') or rectified_by is not null",
            name=op.f("defect_rectification_first_check"),
        ),
        sa.CheckConstraint("reinspected_by <> rectified_by", name=op.f("defect_reinspected_by_another_check")),
        sa.ForeignKeyConstraint(
            ["division_code", "inspection_id"],
            ["quality_inspection.division_code", "quality_inspection.id"],
            name=op.f("defect_quality_inspection_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["division_code", "project_id"], ["project.division_code", "project.id"], name=op.f("defect_project_fkey")
        ),
        sa.PrimaryKeyConstraint("division_code", "id", name=op.f("defect_pkey")),
    )
    op.create_index("defect_of_inspection_idx", "defect", ["division_code", "inspection_id"], unique=False)
    op.create_index("defect_of_project_idx", "defect", ["division_code", "project_id"], unique=False)
    op.create_index(
        "defect_open_idx",
        "defect",
        ["division_code", "project_id"],
        unique=False,
        postgresql_where=sa.text("status <> 'closed'"),
    )
    op.create_table(
        "acceptance",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("part", sa.Text(), nullable=True),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("accepted_on", sa.Date(), nullable=False),
        sa.Column(
            "parties",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="role, unit, person and paper of each who signed",
        ),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("filed_on", sa.Date(), nullable=True),
        sa.Column("filing_document", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "filed_on is null or (passed and stage = 'completion')", name=op.f("acceptance_filed_when_complete_check")
        ),
        sa.CheckConstraint("stage in ('foundation', 'structure', 'completion')", name=op.f("acceptance_stage_check")),
        sa.ForeignKeyConstraint(
            ["division_code", "project_id"],
            ["project.division_code", "project.id"],
            name=op.f("acceptance_project_fkey"),
        ),
        sa.PrimaryKeyConstraint("division_code", "id", name=op.f("acceptance_pkey")),
    )
    op.create_index("acceptance_of_project_idx", "acceptance", ["division_code", "project_id"], unique=False)
    op.create_table(
        "incident",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("reported_on", sa.Date(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("dead", sa.Integer(), nullable=False),
        sa.Column("seriously_injured", sa.Integer(), nullable=False),
        sa.Column("slightly_injured", sa.Integer(), nullable=False),
        sa.Column("loss_fen", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind in ('fall', 'object_strike', 'collapse', 'lifting', 'machinery', 'electrocution', 'fire', 'poisoning', 'quality', 'other')",
            name=op.f("incident_kind_check"),
        ),
        sa.ForeignKeyConstraint(
            ["division_code", "project_id"], ["project.division_code", "project.id"], name=op.f("incident_project_fkey")
        ),
        sa.PrimaryKeyConstraint("division_code", "id", name=op.f("incident_pkey")),
    )
    op.create_index("incident_of_project_idx", "incident", ["division_code", "project_id"], unique=False)
    op.create_table(
        "closeout",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=True),
        sa.Column("quiet_weeks", sa.Integer(), nullable=False),
        sa.Column("reported_by", sa.Text(), nullable=False),
        sa.Column("reported_name", sa.Text(), nullable=False),
        sa.Column("reported_unit", sa.Text(), nullable=False),
        sa.Column("reported_unit_name", sa.Text(), nullable=False),
        sa.Column("reported_on", sa.Date(), nullable=False),
        sa.Column("reported_document", sa.Text(), nullable=True),
        sa.Column("reported_note", sa.Text(), nullable=True),
        sa.Column("department_checked_by", sa.Text(), nullable=True),
        sa.Column("department_checked_name", sa.Text(), nullable=True),
        sa.Column("department_checked_unit", sa.Text(), nullable=True),
        sa.Column("department_checked_unit_name", sa.Text(), nullable=True),
        sa.Column("department_checked_on", sa.Date(), nullable=True),
        sa.Column("department_checked_document", sa.Text(), nullable=True),
        sa.Column("department_checked_note", sa.Text(), nullable=True),
        sa.Column("site_checked_by", sa.Text(), nullable=True),
        sa.Column("site_checked_name", sa.Text(), nullable=True),
        sa.Column("site_checked_unit", sa.Text(), nullable=True),
        sa.Column("site_checked_unit_name", sa.Text(), nullable=True),
        sa.Column("site_checked_on", sa.Date(), nullable=True),
        sa.Column("site_checked_document", sa.Text(), nullable=True),
        sa.Column("site_checked_note", sa.Text(), nullable=True),
        sa.Column("notice_on", sa.Date(), nullable=True),
        sa.Column("notice_until", sa.Date(), nullable=True),
        sa.Column("notice_place", sa.Text(), nullable=True),
        sa.Column("notice_document", sa.Text(), nullable=True),
        sa.Column("approved_by", sa.Text(), nullable=True),
        sa.Column("approved_name", sa.Text(), nullable=True),
        sa.Column("approved_unit", sa.Text(), nullable=True),
        sa.Column("approved_unit_name", sa.Text(), nullable=True),
        sa.Column("approved_on", sa.Date(), nullable=True),
        sa.Column("approved_document", sa.Text(), nullable=True),
        sa.Column("approved_note", sa.Text(), nullable=True),
        sa.Column(
            "approved_project_version",
            sa.Integer(),
            nullable=True,
            comment="of the ledger's row, after it was moved to resolved",
        ),
        sa.Column("approved_construction_status", sa.Text(), nullable=True),
        sa.Column(
            "deliver_by", sa.Date(), nullable=True, comment="what was promised and not yet due when it was closed"
        ),
        sa.Column("returned_by", sa.Text(), nullable=True),
        sa.Column("returned_on", sa.Date(), nullable=True),
        sa.Column("returned_reason", sa.Text(), nullable=True),
        sa.Column("rebound_cause", sa.Text(), nullable=True),
        sa.Column("rebound_on", sa.Date(), nullable=True),
        sa.Column("rebound_occurred_on", sa.Date(), nullable=True),
        sa.Column("rebound_reference", sa.Text(), nullable=True),
        sa.Column("rebound_people", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(status = 'reopened') = (rebound_cause is not null)", name=op.f("closeout_rebound_first_check")
        ),
        sa.CheckConstraint(
            "(status in ('closed', 'reopened')) = (approved_by is not null)", name=op.f("closeout_approved_first_check")
        ),
        sa.CheckConstraint(
            "kind in ('stalled_housing', 'shantytown', 'land_acquisition', 'resettlement')",
            name=op.f("closeout_kind_check"),
        ),
        sa.CheckConstraint(
            "path in ('resume_and_deliver', 'merger_acquisition', 'subrogated_refund', 'in_kind_settlement', 'reorganization', 'composition', 'liquidation')",
            name=op.f("closeout_path_check"),
        ),
        sa.CheckConstraint(
            "rebound_cause in ('stopped_again', 'delivery_missed', 'group_petition', 'repeat_petition', 'recheck_failed', 'moved_back')",
            name=op.f("closeout_rebound_cause_check"),
        ),
        sa.CheckConstraint(
            "status <> 'published' or notice_until is not null", name=op.f("closeout_notice_first_check")
        ),
        sa.CheckConstraint(
            "status in ('requested', 'department_checked', 'returned') or site_checked_by is not null",
            name=op.f("closeout_site_first_check"),
        ),
        sa.CheckConstraint(
            "status in ('requested', 'department_checked', 'site_checked', 'published', 'closed', 'returned', 'reopened')",
            name=op.f("closeout_status_check"),
        ),
        sa.CheckConstraint(
            "status in ('requested', 'returned') or department_checked_by is not null",
            name=op.f("closeout_department_first_check"),
        ),
        sa.CheckConstraint(
            "num_nulls(approved_by, approved_unit, approved_on) = 3 or (num_nulls(approved_by, approved_unit, approved_on) = 0 and approved_by <> reported_by and approved_unit <> reported_unit and approved_by <> department_checked_by and approved_by <> site_checked_by)",
            name=op.f("closeout_approved_by_another_check"),
        ),
        sa.CheckConstraint(
            "num_nulls(department_checked_by, department_checked_unit, department_checked_on) = 3 or (num_nulls(department_checked_by, department_checked_unit, department_checked_on) = 0 and department_checked_by <> reported_by and department_checked_unit <> reported_unit)",
            name=op.f("closeout_department_checked_by_another_check"),
        ),
        sa.CheckConstraint(
            "num_nulls(site_checked_by, site_checked_unit, site_checked_on) = 3 or (num_nulls(site_checked_by, site_checked_unit, site_checked_on) = 0 and site_checked_by <> reported_by and site_checked_unit <> reported_unit)",
            name=op.f("closeout_site_checked_by_another_check"),
        ),
        sa.ForeignKeyConstraint(
            ["division_code", "project_id"], ["project.division_code", "project.id"], name=op.f("closeout_project_fkey")
        ),
        sa.PrimaryKeyConstraint("division_code", "id", name=op.f("closeout_pkey")),
    )
    op.create_index(
        "closeout_closed_idx",
        "closeout",
        ["division_code", "approved_on"],
        unique=False,
        postgresql_where=sa.text("approved_on is not null"),
    )
    op.create_index(
        "closeout_live_key",
        "closeout",
        ["division_code", "project_id"],
        unique=True,
        postgresql_where=sa.text("status not in ('returned', 'reopened')"),
    )
    op.create_index("closeout_of_project_idx", "closeout", ["division_code", "project_id"], unique=False)
    op.create_table(
        "closeout_item",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("closeout_id", sa.Uuid(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("value", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("source_version", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("met", sa.Boolean(), nullable=True),
        sa.Column("attested_by", sa.Text(), nullable=True),
        sa.Column("attested_unit", sa.Text(), nullable=True),
        sa.Column("attested_unit_name", sa.Text(), nullable=True),
        sa.Column("attested_on", sa.Date(), nullable=True),
        sa.Column("document_number", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "item in ('homes_delivered', 'completion_accepted', 'defects_closed', 'certificates_issued', 'petitions_quiet', 'wages_cleared', 'loans_on_schedule', 'funds_audited', 'lawsuits_registered', 'refunds_paid', 'households_settled', 'compensation_paid', 'land_cleared', 'court_ruling')",
            name=op.f("closeout_item_item_check"),
        ),
        sa.CheckConstraint(
            "source <> 'attested' or num_nulls(attested_by, attested_unit, attested_on, document_number) = 0",
            name=op.f("closeout_item_attested_by_somebody_check"),
        ),
        sa.CheckConstraint(
            "source in ('ledger', 'quality', 'paths', 'attested')", name=op.f("closeout_item_source_check")
        ),
        sa.ForeignKeyConstraint(
            ["division_code", "closeout_id"],
            ["closeout.division_code", "closeout.id"],
            name=op.f("closeout_item_closeout_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["division_code", "project_id"],
            ["project.division_code", "project.id"],
            name=op.f("closeout_item_project_fkey"),
        ),
        sa.PrimaryKeyConstraint("division_code", "id", name=op.f("closeout_item_pkey")),
        sa.UniqueConstraint(
            "division_code", "closeout_id", "item", name=op.f("closeout_item_division_code_closeout_id_item_key")
        ),
    )
    op.create_index("closeout_item_of_project_idx", "closeout_item", ["division_code", "project_id"], unique=False)
    op.create_table(
        "closeout_draw",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("drawn_on", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("division_code", "id", name=op.f("closeout_draw_pkey")),
    )
    op.create_table(
        "closeout_recheck",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("closeout_id", sa.Uuid(), nullable=False),
        sa.Column("draw_id", sa.Uuid(), nullable=False),
        sa.Column("chosen", sa.Boolean(), nullable=False),
        sa.Column("reported_by", sa.Text(), nullable=False),
        sa.Column("reported_unit", sa.Text(), nullable=False),
        sa.Column("rechecked_by", sa.Text(), nullable=True),
        sa.Column("rechecked_name", sa.Text(), nullable=True),
        sa.Column("rechecked_unit", sa.Text(), nullable=True),
        sa.Column("rechecked_unit_name", sa.Text(), nullable=True),
        sa.Column("rechecked_on", sa.Date(), nullable=True),
        sa.Column("rechecked_document", sa.Text(), nullable=True),
        sa.Column("rechecked_note", sa.Text(), nullable=True),
        sa.Column("passed", sa.Boolean(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(passed is null) = (rechecked_by is null)", name=op.f("closeout_recheck_recorded_whole_check")
        ),
        sa.CheckConstraint(
            "num_nulls(rechecked_by, rechecked_unit, rechecked_on) = 3 or (num_nulls(rechecked_by, rechecked_unit, rechecked_on) = 0 and rechecked_by <> reported_by and rechecked_unit <> reported_unit)",
            name=op.f("closeout_recheck_rechecked_by_another_check"),
        ),
        sa.ForeignKeyConstraint(
            ["division_code", "closeout_id"],
            ["closeout.division_code", "closeout.id"],
            name=op.f("closeout_recheck_closeout_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["division_code", "draw_id"],
            ["closeout_draw.division_code", "closeout_draw.id"],
            name=op.f("closeout_recheck_closeout_draw_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["division_code", "project_id"],
            ["project.division_code", "project.id"],
            name=op.f("closeout_recheck_project_fkey"),
        ),
        sa.PrimaryKeyConstraint("division_code", "id", name=op.f("closeout_recheck_pkey")),
        sa.UniqueConstraint(
            "division_code", "closeout_id", name=op.f("closeout_recheck_division_code_closeout_id_key")
        ),
    )
    op.create_index(
        op.f("closeout_recheck_division_code_draw_id_idx"),
        "closeout_recheck",
        ["division_code", "draw_id"],
        unique=False,
    )
    op.create_index(
        "closeout_recheck_of_project_idx", "closeout_recheck", ["division_code", "project_id"], unique=False
    )

    for table in TABLES:
        protect(table, rights=("select", "insert") if table == "closeout_draw" else ("select", "insert", "update"))


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
