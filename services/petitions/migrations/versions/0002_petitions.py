"""Petitions: intake, acts, clocks, who handles them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.storage.migrations import protect

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = ("petition_number", "petition", "petitioner", "petition_act", "petition_clock", "assignment")
APPEND_ONLY = ("petition_act",)


def upgrade() -> None:
    op.create_table(
        "petition",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("petition_code", sa.Text(), nullable=False),
        sa.Column("register_code", sa.Text(), nullable=True, comment="登记编号 of the register it was imported from"),
        sa.Column("import_id", sa.Uuid(), nullable=True),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column(
            "channel_detail", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.Column("purpose", sa.Text(), nullable=True),
        sa.Column("petition_class", sa.Text(), nullable=True),
        sa.Column("legal_route", sa.SmallInteger(), nullable=True),
        sa.Column("is_class_assumed", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("is_sealed", sa.Boolean(), server_default=sa.text("false"), nullable=False, comment="检举控告"),
        sa.Column("accused_unit_code", sa.Text(), nullable=True),
        sa.Column("content_class", sa.Text(), nullable=True),
        sa.Column("visit_level", sa.Text(), nullable=True),
        sa.Column("is_skip_level", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("petitioned_on", sa.Date(), nullable=False, comment="信访日期"),
        sa.Column("registered_on", sa.Date(), nullable=False, comment="登记日期"),
        sa.Column("people_count", sa.Integer(), nullable=False, comment="人次"),
        sa.Column("involved_count", sa.Integer(), nullable=True),
        sa.Column("is_joint", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("is_anonymous", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("is_threat", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("is_backlog", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("is_litigation", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("is_cross_region", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("summary", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("statement_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("demand", sa.Text(), nullable=False),
        sa.Column("problem_type", sa.Text(), nullable=True),
        sa.Column("project_id", sa.Uuid(), nullable=True),
        sa.Column("project_code", sa.Text(), nullable=True),
        sa.Column("project_name", sa.Text(), nullable=True, comment="as the ledger, else the register, calls it"),
        sa.Column("building", sa.Text(), nullable=True),
        sa.Column("township", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("state_since", sa.Date(), nullable=False),
        sa.Column("acts", sa.Integer(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("sender_unit_code", sa.Text(), nullable=True),
        sa.Column("sender_unit_name", sa.Text(), nullable=True),
        sa.Column("body_unit_code", sa.Text(), nullable=True, comment="the unit that must act now"),
        sa.Column("body_unit_name", sa.Text(), nullable=True),
        sa.Column("accepted_on", sa.Date(), nullable=True),
        sa.Column("opinion_on", sa.Date(), nullable=True),
        sa.Column("delivered_on", sa.Date(), nullable=True),
        sa.Column(
            "standing",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="the rest of the case: life.service.STANDING",
        ),
        sa.Column("next_due_on", sa.Date(), nullable=True, comment="earliest day by law of what runs, duties only"),
        sa.Column("next_internal_due_on", sa.Date(), nullable=True),
        sa.Column("repeat_of", sa.Uuid(), nullable=True, comment="the main case, confirmed by a person"),
        sa.Column(
            "rule_repeat_of", sa.Uuid(), nullable=True, comment="an earlier case of the same person, project and demand"
        ),
        sa.Column("merged_into", sa.Uuid(), nullable=True),
        sa.Column("split_from", sa.Uuid(), nullable=True),
        sa.Column("query_code_hash", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "channel in ('letter', 'visit', 'online', 'phone', 'hotline', 'dedicated_line', 'one_stop_desk', 'forwarded')",
            name=op.f("petition_channel_check"),
        ),
        sa.CheckConstraint(
            "demand in ('delivery', 'refund', 'title', 'quality', 'wages', 'compensation', 'mortgage', 'other')",
            name=op.f("petition_demand_check"),
        ),
        sa.CheckConstraint(
            "is_sealed or petition_class is distinct from 'accusation'", name=op.f("petition_accusation_sealed_check")
        ),
        sa.CheckConstraint(
            "legal_route is null or petition_class = 'appeal_claim'", name=op.f("petition_legal_route_of_a_claim_check")
        ),
        sa.CheckConstraint(
            "petition_class in ('suggestion', 'accusation', 'appeal_claim')", name=op.f("petition_petition_class_check")
        ),
        sa.CheckConstraint(
            "purpose in ('appeal', 'claim', 'suggestion', 'accusation', 'inquiry', 'other')",
            name=op.f("petition_purpose_check"),
        ),
        sa.CheckConstraint(
            "state in ('registered', 'forwarded', 'returned', 'accepted', 'rejected', 'routed_to_legal_channel', 'answered', 'opinion_issued', 'review_requested', 'reviewed', 're_review_requested', 're_reviewed', 'terminated', 'lapsed', 'settled', 'withdrawn', 'merged')",
            name=op.f("petition_state_check"),
        ),
        sa.CheckConstraint(
            "visit_level in ('county', 'city', 'province', 'beijing')", name=op.f("petition_visit_level_check")
        ),
        sa.CheckConstraint("legal_route between 1 and 6", name=op.f("petition_legal_route_check")),
        sa.CheckConstraint("people_count >= 1", name=op.f("petition_people_count_check")),
        sa.ForeignKeyConstraint(
            ["division_code", "merged_into"],
            ["petition.division_code", "petition.id"],
            name="petition_merged_into_fkey",
        ),
        sa.ForeignKeyConstraint(
            ["division_code", "repeat_of"], ["petition.division_code", "petition.id"], name="petition_repeat_of_fkey"
        ),
        sa.ForeignKeyConstraint(
            ["division_code", "split_from"], ["petition.division_code", "petition.id"], name="petition_split_from_fkey"
        ),
        sa.PrimaryKeyConstraint("division_code", "id", name=op.f("petition_pkey")),
        sa.UniqueConstraint("division_code", "petition_code", name=op.f("petition_division_code_petition_code_key")),
    )
    op.create_index("petition_body_idx", "petition", ["division_code", "body_unit_code", "next_due_on"], unique=False)
    op.create_index(
        "petition_due_idx",
        "petition",
        ["division_code", "next_due_on", "id"],
        unique=False,
        postgresql_where=sa.text("next_due_on is not null"),
    )
    op.create_index(
        "petition_internal_due_idx",
        "petition",
        ["division_code", "next_internal_due_on", "id"],
        unique=False,
        postgresql_where=sa.text("next_internal_due_on is not null"),
    )
    op.create_index(
        "petition_project_idx",
        "petition",
        ["division_code", "project_id", "registered_on"],
        unique=False,
        postgresql_where=sa.text("project_id is not null"),
    )
    op.create_index(
        "petition_register_key",
        "petition",
        ["division_code", "register_code"],
        unique=True,
        postgresql_where=sa.text("register_code is not null"),
    )
    op.create_index("petition_registered_idx", "petition", ["division_code", "registered_on", "id"], unique=False)
    op.create_index(
        "petition_repeat_idx",
        "petition",
        ["division_code", "repeat_of"],
        unique=False,
        postgresql_where=sa.text("repeat_of is not null"),
    )
    op.create_table(
        "petition_number",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("division_code", "year", name=op.f("petition_number_pkey")),
    )
    op.create_table(
        "assignment",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("petition_id", sa.Uuid(), nullable=False),
        sa.Column("act_number", sa.Integer(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=False),
        sa.Column("unit_name", sa.Text(), nullable=False),
        sa.Column("is_lead", sa.Boolean(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True, comment="the sender's own deadline, besides the law's"),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("answer_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True, comment="returned or overtaken"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["division_code", "petition_id"],
            ["petition.division_code", "petition.id"],
            name=op.f("assignment_petition_fkey"),
        ),
        sa.PrimaryKeyConstraint("division_code", "id", name=op.f("assignment_pkey")),
    )
    op.create_index(
        "assignment_live_key",
        "assignment",
        ["division_code", "petition_id", "unit_code"],
        unique=True,
        postgresql_where=sa.text("ended_on is null"),
    )
    op.create_index("assignment_of_unit_idx", "assignment", ["division_code", "unit_code", "petition_id"], unique=False)
    op.create_index(
        "assignment_one_lead_key",
        "assignment",
        ["division_code", "petition_id"],
        unique=True,
        postgresql_where=sa.text("is_lead and ended_on is null"),
    )
    op.create_table(
        "petition_act",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("petition_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("acted_on", sa.Date(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=True),
        sa.Column("to_unit_code", sa.Text(), nullable=True),
        sa.Column("to_unit_name", sa.Text(), nullable=True),
        sa.Column("document_number", sa.Text(), nullable=True),
        sa.Column(
            "facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False, comment="what else life.case.Act says"
        ),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=True, comment="reasons, opinions: free text of an officer"),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind in ('register', 'forward', 'assign', 'receive', 'object', 'consent_to_return', 'refuse_return', 'notify', 'accept', 'reject', 'route_to_legal_channel', 'convert_to_normal', 'request_extension', 'approve_extension', 'refuse_extension', 'answer', 'issue_opinion', 'deliver', 'request_review', 'decide_review', 'begin_hearing', 'end_hearing', 'settle', 'terminate', 'lapse', 'withdraw', 'merge', 'stand_aside', 'comment')",
            name=op.f("petition_act_kind_check"),
        ),
        sa.ForeignKeyConstraint(
            ["division_code", "petition_id"],
            ["petition.division_code", "petition.id"],
            name=op.f("petition_act_petition_fkey"),
        ),
        sa.PrimaryKeyConstraint("division_code", "petition_id", "number", name=op.f("petition_act_pkey")),
    )
    op.create_table(
        "petition_clock",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("petition_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("rule_version", sa.Text(), nullable=False),
        sa.Column("started_by", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("days", sa.SmallInteger(), nullable=False),
        sa.Column("day_type", sa.Text(), nullable=False),
        sa.Column("extended_days", sa.SmallInteger(), nullable=False),
        sa.Column("suspended_days", sa.SmallInteger(), nullable=False),
        sa.Column("suspended_on", sa.Date(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.Column("met_on", sa.Date(), nullable=True),
        sa.Column("internal_due_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("is_provisional", sa.Boolean(), nullable=False),
        sa.Column(
            "unit_code", sa.Text(), nullable=True, comment="whose duty it is; the office's where nobody has it yet"
        ),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("day_type in ('calendar', 'working')", name=op.f("petition_clock_day_type_check")),
        sa.CheckConstraint(
            "kind in ('route', 'notify', 'acceptance', 'objection', 'handle', 'simple', 'review_request', 'review', 're_review_request', 're_review')",
            name=op.f("petition_clock_kind_check"),
        ),
        sa.CheckConstraint("state in ('running', 'suspended', 'met', 'void')", name=op.f("petition_clock_state_check")),
        sa.ForeignKeyConstraint(
            ["division_code", "petition_id"],
            ["petition.division_code", "petition.id"],
            name=op.f("petition_clock_petition_fkey"),
        ),
        sa.PrimaryKeyConstraint("division_code", "petition_id", "number", name=op.f("petition_clock_pkey")),
    )
    op.create_index(
        "petition_clock_due_idx",
        "petition_clock",
        ["division_code", "due_on"],
        unique=False,
        postgresql_where=sa.text("state = 'running'"),
    )
    op.create_index("petition_clock_kind_idx", "petition_clock", ["division_code", "kind", "due_on"], unique=False)
    op.create_index(
        "petition_clock_one_of_a_kind_key",
        "petition_clock",
        ["division_code", "petition_id", "kind"],
        unique=True,
        postgresql_where=sa.text("state in ('running', 'suspended')"),
    )
    op.create_table(
        "petitioner",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("petition_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.SmallInteger(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("id_number_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("address_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("name_index", sa.LargeBinary(), nullable=True),
        sa.Column("id_number_index", sa.LargeBinary(), nullable=True),
        sa.Column("phone_index", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "role <> 'representative' or ordinal <= 5", name=op.f("petitioner_at_most_five_representatives_check")
        ),
        sa.CheckConstraint(
            "role in ('petitioner', 'representative', 'co_signer', 'represented')", name=op.f("petitioner_role_check")
        ),
        sa.ForeignKeyConstraint(
            ["division_code", "petition_id"],
            ["petition.division_code", "petition.id"],
            name=op.f("petitioner_petition_fkey"),
        ),
        sa.PrimaryKeyConstraint("division_code", "id", name=op.f("petitioner_pkey")),
        sa.UniqueConstraint(
            "division_code",
            "petition_id",
            "role",
            "ordinal",
            name=op.f("petitioner_division_code_petition_id_role_ordinal_key"),
        ),
    )
    op.create_index(
        "petitioner_id_number_idx",
        "petitioner",
        ["division_code", "id_number_index"],
        unique=False,
        postgresql_where=sa.text("id_number_index is not null"),
    )
    op.create_index(
        "petitioner_name_idx",
        "petitioner",
        ["division_code", "name_index"],
        unique=False,
        postgresql_where=sa.text("name_index is not null"),
    )
    op.create_index(
        "petitioner_phone_idx",
        "petitioner",
        ["division_code", "phone_index"],
        unique=False,
        postgresql_where=sa.text("phone_index is not null"),
    )

    for table in TABLES:
        protect(table, rights=("select", "insert") if table in APPEND_ONLY else ("select", "insert", "update"))


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
