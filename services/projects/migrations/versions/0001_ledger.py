"""The ledger 台账: projects, their changes, their numbers, imports with the totals they state."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.storage.migrations import create_shared_tables, drop_shared_tables, protect

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_shared_tables()
    op.create_table(
        "ledger_import",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("filename", sa.Text(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("requested_by", sa.Text(), nullable=False),
        sa.Column("actor", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("dry_run", sa.Boolean(), nullable=False),
        sa.Column("clear_unknown", sa.Boolean(), nullable=False),
        sa.Column(
            "as_of", sa.Date(), nullable=True, comment="given with the request; the sheet's own line comes first"
        ),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column(
            "outcome", postgresql.JSONB(astext_type=sa.Text()), nullable=True, comment="ImportOut without the progress"
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("division_code", "id", name=op.f("ledger_import_pkey")),
    )
    op.create_index("ledger_import_created_idx", "ledger_import", ["division_code", "created_at"], unique=False)
    op.create_table(
        "project",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False, comment="normalised name, for matching"),
        sa.Column("developer_key", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("aliases", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("alias_keys", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("lists", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("construction_status", sa.Text(), nullable=True),
        sa.Column(
            "counted_construction_status",
            sa.Text(),
            nullable=True,
            comment="what statistics count while a resumption is only claimed",
        ),
        sa.Column("resolution_status", sa.Text(), nullable=True),
        sa.Column("resumption", sa.Text(), nullable=True),
        sa.Column("township", sa.Text(), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("usage", sa.Text(), nullable=True),
        sa.Column("developer", sa.Text(), nullable=True),
        sa.Column("developer_credit_code", sa.Text(), nullable=True),
        sa.Column("actual_controller", sa.Text(), nullable=True),
        sa.Column("owner_unit", sa.Text(), nullable=True),
        sa.Column("general_contractor", sa.Text(), nullable=True),
        sa.Column("supervisor", sa.Text(), nullable=True),
        sa.Column("competent_dept", sa.Text(), nullable=True),
        sa.Column("banks", sa.ARRAY(sa.Text()), nullable=True),
        sa.Column("administrator", sa.Text(), nullable=True),
        sa.Column("land_certificate", sa.Text(), nullable=True),
        sa.Column("land_planning_permit", sa.Text(), nullable=True),
        sa.Column("works_planning_permit", sa.Text(), nullable=True),
        sa.Column("construction_permit", sa.Text(), nullable=True),
        sa.Column("presale_permit", sa.Text(), nullable=True),
        sa.Column("missing_permits", sa.ARRAY(sa.Text()), nullable=True),
        sa.Column("site_area_m2", sa.Numeric(precision=18, scale=6), nullable=True),
        sa.Column("gfa_m2", sa.Numeric(precision=18, scale=6), nullable=True),
        sa.Column("area_sold_m2", sa.Numeric(precision=18, scale=6), nullable=True),
        sa.Column("buildings", sa.Integer(), nullable=True),
        sa.Column("units_total", sa.Integer(), nullable=True),
        sa.Column("units_sold", sa.Integer(), nullable=True),
        sa.Column("units_signed_online", sa.Integer(), nullable=True),
        sa.Column("units_delivered", sa.Integer(), nullable=True),
        sa.Column("units_undelivered_stated", sa.Integer(), nullable=True),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("contract_delivery_on", sa.Date(), nullable=True),
        sa.Column("stopped_on", sa.Date(), nullable=True),
        sa.Column("resumed_on", sa.Date(), nullable=True),
        sa.Column("planned_delivery_on", sa.Date(), nullable=True),
        sa.Column("completed_on", sa.Date(), nullable=True),
        sa.Column("delivered_on", sa.Date(), nullable=True),
        sa.Column("delay_days_stated", sa.Integer(), nullable=True),
        sa.Column("stopped_days_stated", sa.Integer(), nullable=True),
        sa.Column("milestone", sa.Text(), nullable=True),
        sa.Column("progress_pct", sa.Numeric(precision=18, scale=6), nullable=True),
        sa.Column("progress_note", sa.Text(), nullable=True),
        sa.Column("workers_on_site", sa.Integer(), nullable=True),
        sa.Column("cranes", sa.Integer(), nullable=True),
        sa.Column("power_kwh", sa.Integer(), nullable=True),
        sa.Column("total_investment_fen", sa.BigInteger(), nullable=True),
        sa.Column("remaining_cost_fen", sa.BigInteger(), nullable=True),
        sa.Column("funding_gap_fen", sa.BigInteger(), nullable=True),
        sa.Column("unsold_value_fen", sa.BigInteger(), nullable=True),
        sa.Column("escrow_balance_fen", sa.BigInteger(), nullable=True),
        sa.Column("diverted_fen", sa.BigInteger(), nullable=True),
        sa.Column("recovered_fen", sa.BigInteger(), nullable=True),
        sa.Column("special_loan_approved_fen", sa.BigInteger(), nullable=True),
        sa.Column("special_loan_allotted_fen", sa.BigInteger(), nullable=True),
        sa.Column("special_loan_used_fen", sa.BigInteger(), nullable=True),
        sa.Column("special_loan_repaid_fen", sa.BigInteger(), nullable=True),
        sa.Column("matching_finance_fen", sa.BigInteger(), nullable=True),
        sa.Column("whitelist_loan_fen", sa.BigInteger(), nullable=True),
        sa.Column("works_arrears_fen", sa.BigInteger(), nullable=True),
        sa.Column("wage_arrears_fen", sa.BigInteger(), nullable=True),
        sa.Column("tax_arrears_fen", sa.BigInteger(), nullable=True),
        sa.Column("frozen_fen", sa.BigInteger(), nullable=True),
        sa.Column("buyer_households", sa.Integer(), nullable=True),
        sa.Column("buyer_people", sa.Integer(), nullable=True),
        sa.Column("mortgage_suspension_households", sa.Integer(), nullable=True),
        sa.Column("mortgage_suspension_fen", sa.BigInteger(), nullable=True),
        sa.Column("petition_cases", sa.Integer(), nullable=True),
        sa.Column("petition_people", sa.Integer(), nullable=True),
        sa.Column("group_incidents", sa.Integer(), nullable=True),
        sa.Column("problem_types", sa.ARRAY(sa.Text()), nullable=True),
        sa.Column("problem_note", sa.Text(), nullable=True),
        sa.Column("lead_official", sa.Text(), nullable=True),
        sa.Column("responsible_unit", sa.Text(), nullable=True),
        sa.Column("taskforce", sa.Text(), nullable=True),
        sa.Column("risk_level", sa.Text(), nullable=True),
        sa.Column("resolution_mode", sa.Text(), nullable=True),
        sa.Column("next_step", sa.Text(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("marks", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column(
            "fact_days",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="fact to the day its value is from",
        ),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "construction_status in ('stopped', 'partly_stopped', 'behind_schedule', 'on_schedule', 'completed', 'delivered')",
            name=op.f("project_construction_status_check"),
        ),
        sa.CheckConstraint(
            "kind in ('stalled_housing', 'shantytown', 'land_acquisition', 'resettlement')",
            name=op.f("project_kind_check"),
        ),
        sa.CheckConstraint(
            "resolution_status in ('reserve', 'unresolved', 'resolving', 'resolved')",
            name=op.f("project_resolution_status_check"),
        ),
        sa.CheckConstraint("resumption in ('claimed')", name=op.f("project_resumption_check")),
        sa.PrimaryKeyConstraint("division_code", "id", name=op.f("project_pkey")),
        sa.UniqueConstraint(
            "division_code", "name_key", "developer_key", name=op.f("project_division_code_name_key_developer_key_key")
        ),
        sa.UniqueConstraint("division_code", "project_code", name=op.f("project_division_code_project_code_key")),
    )
    op.create_index("project_id_idx", "project", ["id"], unique=False)
    op.create_index("project_updated_everywhere_idx", "project", ["updated_at", "id"], unique=False)
    op.create_index("project_updated_idx", "project", ["division_code", "updated_at", "id"], unique=False)
    op.create_table(
        "project_number",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("division_code", name=op.f("project_number_pkey")),
    )
    op.create_table(
        "project_change",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column(
            "facts",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="fact to value; null is an explicit unknown",
        ),
        sa.Column("marks", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("evidence_note", sa.Text(), nullable=True),
        sa.Column("import_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["division_code", "project_id"],
            ["project.division_code", "project.id"],
            name=op.f("project_change_project_fkey"),
        ),
        sa.PrimaryKeyConstraint("division_code", "project_id", "version", name=op.f("project_change_pkey")),
    )
    op.create_index("project_change_recorded_idx", "project_change", ["division_code", "recorded_at"], unique=False)
    op.create_table(
        "stated_total",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("cell", sa.Text(), nullable=False),
        sa.Column("fact", sa.Text(), nullable=False),
        sa.Column("stated", sa.Text(), nullable=False),
        sa.Column("counted", sa.Text(), nullable=False),
        sa.Column("agrees", sa.Boolean(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["division_code", "import_id"],
            ["ledger_import.division_code", "ledger_import.id"],
            name=op.f("stated_total_ledger_import_fkey"),
        ),
        sa.PrimaryKeyConstraint("division_code", "import_id", "cell", "fact", name=op.f("stated_total_pkey")),
    )
    protect("ledger_import")
    protect("project")
    protect("project_number")
    protect("project_change", rights=("select", "insert"))
    protect("stated_total", rights=("select", "insert"))


def downgrade() -> None:
    op.drop_table("stated_total")
    op.drop_table("ledger_import")
    op.drop_table("project_number")
    op.drop_table("project_change")
    op.drop_table("project")
    drop_shared_tables()
