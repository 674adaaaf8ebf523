"""化解路径与诉讼、企业档案、线索移交."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.storage.migrations import protect

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TABLES = (
    "project_path",
    "path_stage",
    "path_deadline",
    "insolvency_evidence",
    "lawsuit",
    "liaison_matter",
    "enterprise",
    "enterprise_finding",
    "enforcement_step",
    "clue",
    "clue_result",
)
APPEND_ONLY = ("insolvency_evidence", "enterprise_finding", "clue_result")


def upgrade() -> None:
    op.create_table(
        "project_path",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "path in ('resume_and_deliver', 'merger_acquisition', 'subrogated_refund', "
            "'in_kind_settlement', 'reorganization', 'composition', 'liquidation')",
            name=op.f("project_path_path_check"),
        ),
        sa.CheckConstraint("(ended_on is null) = (end_reason is null)", name=op.f("project_path_end_check")),
        sa.CheckConstraint("ended_on >= started_on", name=op.f("project_path_order_check")),
        sa.ForeignKeyConstraint(
            ["division_code", "project_id"],
            ["project.division_code", "project.id"],
            name=op.f("project_path_project_fkey"),
        ),
        sa.PrimaryKeyConstraint("division_code", "id", name=op.f("project_path_pkey")),
    )
    op.create_index(
        "project_path_live_key",
        "project_path",
        ["division_code", "project_id"],
        unique=True,
        postgresql_where=sa.text("ended_on is null"),
    )
    op.create_index("project_path_of_project_idx", "project_path", ["division_code", "project_id"], unique=False)
    op.create_table(
        "path_stage",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("reached_on", sa.Date(), nullable=False),
        sa.Column("document_number", sa.Text(), nullable=True),
        sa.Column("court", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("claims_until", sa.Date(), nullable=True),
        sa.Column("meeting_on", sa.Date(), nullable=True),
        sa.Column("answers", sa.Uuid(), nullable=True),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("withdrawal_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "path in ('resume_and_deliver', 'merger_acquisition', 'subrogated_refund', "
            "'in_kind_settlement', 'reorganization', 'composition', 'liquidation')",
            name=op.f("path_stage_path_check"),
        ),
        sa.CheckConstraint(
            "stage in ('scheme_approved', 'funds_in_place', 'work_resumed', "
            "'completion_accepted', 'handed_over', 'titles_issued', 'due_diligence_done', "
            "'assets_appraised', 'acquisition_signed', 'transfer_registered', 'housing_secured', "
            "'households_verified', 'lots_drawn', 'settlement_signed', 'claims_assigned', "
            "'refunds_paid', 'suit_filed', 'first_instance_judged', 'second_instance_judged', "
            "'enforcement_applied', 'recovered', 'application_filed', 'accepted', 'announced', "
            "'creditors_notified', 'first_creditors_meeting', 'contract_demanded', "
            "'contract_answered', 'reorganization_ruled', 'plan_extended', 'plan_submitted', "
            "'plan_voted', 'plan_passed', 'plan_approval_requested', 'plan_approved', "
            "'plan_performed', 'composition_ruled', 'composition_passed', 'composition_approved', "
            "'composition_performed', 'declared_bankrupt', 'bankruptcy_announced', "
            "'assets_realized', 'assets_distributed', 'closing_requested', 'proceedings_closed', "
            "'deregistered')",
            name=op.f("path_stage_stage_check"),
        ),
        sa.CheckConstraint(
            "(withdrawn_on is null) = (withdrawal_reason is null)", name=op.f("path_stage_withdrawal_check")
        ),
        sa.ForeignKeyConstraint(
            ["division_code", "answers"],
            ["path_stage.division_code", "path_stage.id"],
            name=op.f("path_stage_path_stage_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["division_code", "project_id"],
            ["project.division_code", "project.id"],
            name=op.f("path_stage_project_fkey"),
        ),
        sa.PrimaryKeyConstraint("division_code", "id", name=op.f("path_stage_pkey")),
    )
    op.create_index("path_stage_of_case_idx", "path_stage", ["division_code", "case_id"], unique=False)
    op.create_index("path_stage_of_project_idx", "path_stage", ["division_code", "project_id"], unique=False)
    op.create_index(
        "path_stage_once_key",
        "path_stage",
        ["division_code", "case_id", "stage"],
        unique=True,
        postgresql_where=sa.text("withdrawn_on is null and stage not in ('contract_answered', 'contract_demanded')"),
    )
    op.create_table(
        "path_deadline",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("stage_id", sa.Uuid(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("internal_due", sa.Date(), nullable=False),
        sa.Column("extended_months", sa.Integer(), nullable=False),
        sa.Column("met_on", sa.Date(), nullable=True),
        sa.Column("met_stage_id", sa.Uuid(), nullable=True),
        sa.Column("void_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "rule in ('creditors_notice', 'claims_period', 'first_meeting', 'meeting_notice', "
            "'contract_decision', 'contract_reply', 'plan_draft', 'plan_vote', "
            "'plan_approval_request', 'plan_approval_ruling', 'bankruptcy_notice', "
            "'closing_ruling', 'deregistration')",
            name=op.f("path_deadline_rule_check"),
        ),
        sa.CheckConstraint("(met_on is null) = (met_stage_id is null)", name=op.f("path_deadline_met_check")),
        sa.ForeignKeyConstraint(
            ["division_code", "project_id"],
            ["project.division_code", "project.id"],
            name=op.f("path_deadline_project_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["division_code", "stage_id"],
            ["path_stage.division_code", "path_stage.id"],
            name=op.f("path_deadline_path_stage_fkey"),
        ),
        sa.PrimaryKeyConstraint("division_code", "id", name=op.f("path_deadline_pkey")),
    )
    op.create_index("path_deadline_of_case_idx", "path_deadline", ["division_code", "case_id"], unique=False)
    op.create_index("path_deadline_of_project_idx", "path_deadline", ["division_code", "project_id"], unique=False)
    op.create_index(
        "path_deadline_open_idx",
        "path_deadline",
        ["division_code", "internal_due", "id"],
        unique=False,
        postgresql_where=sa.text("met_on is null and void_on is null"),
    )
    op.create_table(
        "insolvency_evidence",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("evidence_on", sa.Date(), nullable=False),
        sa.Column("document_number", sa.Text(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("unpaid_fen", sa.BigInteger(), nullable=True),
        sa.Column("assets_fen", sa.BigInteger(), nullable=True),
        sa.Column("liabilities_fen", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind <> 'assets_below_liabilities' or coalesce(assets_fen < liabilities_fen, false)",
            name=op.f("insolvency_evidence_assets_below_check"),
        ),
        sa.CheckConstraint(
            "kind in ('unable_to_pay', 'assets_below_liabilities', 'manifestly_insolvent', 'likely_to_fail')",
            name=op.f("insolvency_evidence_kind_check"),
        ),
        sa.ForeignKeyConstraint(
            ["division_code", "project_id"],
            ["project.division_code", "project.id"],
            name=op.f("insolvency_evidence_project_fkey"),
        ),
        sa.PrimaryKeyConstraint("division_code", "id", name=op.f("insolvency_evidence_pkey")),
    )
    op.create_index(
        "insolvency_evidence_of_project_idx", "insolvency_evidence", ["division_code", "project_id"], unique=False
    )
    op.create_table(
        "lawsuit",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("court", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("case_number", sa.Text(), nullable=True),
        sa.Column("case_key", sa.Text(), nullable=True, comment="the number without width and brackets"),
        sa.Column("amount_fen", sa.BigInteger(), nullable=True),
        sa.Column("developer_side", sa.Text(), nullable=True),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("filed_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("supervised", sa.Boolean(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(stage = 'closed') = (closed_on is not null)", name=op.f("lawsuit_closed_check")),
        sa.CheckConstraint(
            "developer_side in ('plaintiff', 'defendant', 'third_party')", name=op.f("lawsuit_developer_side_check")
        ),
        sa.CheckConstraint(
            "stage in ('filed', 'first_instance', 'second_instance', 'retrial', 'enforcement', 'closed')",
            name=op.f("lawsuit_stage_check"),
        ),
        sa.CheckConstraint("closed_on >= filed_on", name=op.f("lawsuit_order_check")),
        sa.ForeignKeyConstraint(
            ["division_code", "project_id"], ["project.division_code", "project.id"], name=op.f("lawsuit_project_fkey")
        ),
        sa.PrimaryKeyConstraint("division_code", "id", name=op.f("lawsuit_pkey")),
    )
    op.create_index(
        "lawsuit_case_key",
        "lawsuit",
        ["division_code", "project_id", "case_key"],
        unique=True,
        postgresql_where=sa.text("case_key is not null"),
    )
    op.create_index("lawsuit_of_project_idx", "lawsuit", ["division_code", "project_id"], unique=False)
    op.create_table(
        "liaison_matter",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("matter", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("court_unit_code", sa.Text(), nullable=False),
        sa.Column("court_unit_name", sa.Text(), nullable=False),
        sa.Column("lawsuit_id", sa.Uuid(), nullable=True),
        sa.Column("raised_on", sa.Date(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("answered_by", sa.Text(), nullable=True),
        sa.Column("document_number", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(answer is null) = (answered_on is null)", name=op.f("liaison_matter_answer_check")),
        sa.CheckConstraint("answered_on >= raised_on", name=op.f("liaison_matter_order_check")),
        sa.ForeignKeyConstraint(
            ["division_code", "lawsuit_id"],
            ["lawsuit.division_code", "lawsuit.id"],
            name=op.f("liaison_matter_lawsuit_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["division_code", "project_id"],
            ["project.division_code", "project.id"],
            name=op.f("liaison_matter_project_fkey"),
        ),
        sa.PrimaryKeyConstraint("division_code", "id", name=op.f("liaison_matter_pkey")),
    )
    op.create_index("liaison_matter_of_project_idx", "liaison_matter", ["division_code", "project_id"], unique=False)
    op.create_index(
        "liaison_matter_unanswered_idx",
        "liaison_matter",
        ["division_code", "id"],
        unique=False,
        postgresql_where=sa.text("answered_on is null"),
    )
    op.create_table(
        "enterprise",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False, comment="normalised name, for matching"),
        sa.Column("credit_code", sa.Text(), nullable=True),
        sa.Column("unit_code", sa.Text(), nullable=True),
        sa.Column("unit_name", sa.Text(), nullable=True),
        sa.Column("aliases", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("alias_keys", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("division_code", "id", name=op.f("enterprise_pkey")),
        sa.UniqueConstraint("division_code", "credit_code", name=op.f("enterprise_division_code_credit_code_key")),
        sa.UniqueConstraint("division_code", "name_key", name=op.f("enterprise_division_code_name_key_key")),
        sa.UniqueConstraint("division_code", "unit_code", name=op.f("enterprise_division_code_unit_code_key")),
    )
    op.create_table(
        "enterprise_finding",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("found_on", sa.Date(), nullable=False),
        sa.Column("source_unit_code", sa.Text(), nullable=False),
        sa.Column("source_unit_name", sa.Text(), nullable=False),
        sa.Column("document_number", sa.Text(), nullable=True),
        sa.Column("amount_fen", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind in ('asset_transfer', 'lost_contact', 'contact_restored', 'internal_finance', "
            "'fund_diversion', 'other')",
            name=op.f("enterprise_finding_kind_check"),
        ),
        sa.ForeignKeyConstraint(
            ["division_code", "enterprise_id"],
            ["enterprise.division_code", "enterprise.id"],
            name=op.f("enterprise_finding_enterprise_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["division_code", "project_id"],
            ["project.division_code", "project.id"],
            name=op.f("enterprise_finding_project_fkey"),
        ),
        sa.PrimaryKeyConstraint("division_code", "id", name=op.f("enterprise_finding_pkey")),
    )
    op.create_index(
        "enterprise_finding_of_enterprise_idx",
        "enterprise_finding",
        ["division_code", "enterprise_id", "found_on"],
        unique=False,
    )
    op.create_table(
        "enforcement_step",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.Column("by_unit_code", sa.Text(), nullable=False),
        sa.Column("by_unit_name", sa.Text(), nullable=False),
        sa.Column("document_number", sa.Text(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("lifts", sa.Uuid(), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("result_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(kind = 'lifted') = (lifts is not null)", name=op.f("enforcement_step_lifts_check")),
        sa.CheckConstraint(
            "kind in ('summons', 'restriction', 'blacklisting', 'judicial', 'lifted')",
            name=op.f("enforcement_step_kind_check"),
        ),
        sa.CheckConstraint("(result is null) = (result_on is null)", name=op.f("enforcement_step_result_check")),
        sa.CheckConstraint("result_on >= taken_on", name=op.f("enforcement_step_order_check")),
        sa.CheckConstraint("until_on >= taken_on", name=op.f("enforcement_step_until_check")),
        sa.ForeignKeyConstraint(
            ["division_code", "enterprise_id"],
            ["enterprise.division_code", "enterprise.id"],
            name=op.f("enforcement_step_enterprise_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["division_code", "lifts"],
            ["enforcement_step.division_code", "enforcement_step.id"],
            name=op.f("enforcement_step_enforcement_step_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["division_code", "project_id"],
            ["project.division_code", "project.id"],
            name=op.f("enforcement_step_project_fkey"),
        ),
        sa.PrimaryKeyConstraint("division_code", "id", name=op.f("enforcement_step_pkey")),
    )
    op.create_index(
        "enforcement_step_lifts_key",
        "enforcement_step",
        ["division_code", "lifts"],
        unique=True,
        postgresql_where=sa.text("lifts is not null"),
    )
    op.create_index(
        "enforcement_step_of_enterprise_idx",
        "enforcement_step",
        ["division_code", "enterprise_id", "taken_on"],
        unique=False,
    )
    op.create_table(
        "clue",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("receipt_number", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column(
            "content", sa.LargeBinary(), nullable=False, comment="sealed: subject, matter, project_id, document_number"
        ),
        sa.Column("transferred_on", sa.Date(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("received_document", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(state = 'transferred') = (received_on is null)", name=op.f("clue_received_check")),
        sa.CheckConstraint(
            "recipient in ('discipline', 'political_legal', 'judicial')", name=op.f("clue_recipient_check")
        ),
        sa.CheckConstraint("state in ('transferred', 'received', 'answered')", name=op.f("clue_state_check")),
        sa.CheckConstraint("(received_on is null) = (received_document is null)", name=op.f("clue_receipt_check")),
        sa.CheckConstraint("received_on >= transferred_on", name=op.f("clue_order_check")),
        sa.PrimaryKeyConstraint("division_code", "id", name=op.f("clue_pkey")),
        sa.UniqueConstraint("division_code", "receipt_number", name=op.f("clue_division_code_receipt_number_key")),
    )
    op.create_table(
        "clue_result",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clue_id", sa.Uuid(), nullable=False),
        sa.Column(
            "content", sa.LargeBinary(), nullable=False, comment="sealed: outcome, result_on, document_number, note"
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["division_code", "clue_id"], ["clue.division_code", "clue.id"], name=op.f("clue_result_clue_fkey")
        ),
        sa.PrimaryKeyConstraint("division_code", "id", name=op.f("clue_result_pkey")),
    )
    op.create_index("clue_result_of_clue_idx", "clue_result", ["division_code", "clue_id"], unique=False)
    for table in TABLES:
        protect(table, rights=("select", "insert") if table in APPEND_ONLY else ("select", "insert", "update"))


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
