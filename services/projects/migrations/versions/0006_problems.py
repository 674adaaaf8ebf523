"""问题与决策、调度会."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.storage.migrations import protect

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

APPEND_ONLY = ("problem_event", "decision_project")
TABLES = (
    "decision",
    "problem",
    "problem_step",
    "problem_event",
    "decision_project",
    "decision_vote",
    "decision_task",
    "meeting",
    "meeting_item",
    "meeting_action",
    "meeting_topic",
)


def upgrade() -> None:
    op.create_table(
        "decision",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("legal_basis", sa.Text(), nullable=False),
        sa.Column(
            "options", postgresql.JSONB(astext_type=sa.Text()), nullable=False, comment="[{key, title, consequence}]"
        ),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("submitted_unit", sa.Text(), nullable=True),
        sa.Column("submitted_on", sa.Date(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True, comment="key of the option"),
        sa.Column("document", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(state = 'decided') = (outcome is not null and decided_on is not null)",
            name=op.f("decision_outcome_check"),
        ),
        sa.CheckConstraint("state in ('open', 'decided', 'withdrawn')", name=op.f("decision_state_check")),
        sa.PrimaryKeyConstraint("division_code", "id", name=op.f("decision_pkey")),
    )
    op.create_index(
        "decision_open_idx",
        "decision",
        ["division_code", "submitted_on"],
        unique=False,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "decision_project",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("milestone_ids", sa.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["division_code", "decision_id"],
            ["decision.division_code", "decision.id"],
            name=op.f("decision_project_decision_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["division_code", "project_id"],
            ["project.division_code", "project.id"],
            name=op.f("decision_project_project_fkey"),
        ),
        sa.PrimaryKeyConstraint("division_code", "id", name=op.f("decision_project_pkey")),
        sa.UniqueConstraint(
            "division_code",
            "decision_id",
            "project_id",
            name=op.f("decision_project_division_code_decision_id_project_id_key"),
        ),
    )
    op.create_index(
        "decision_project_of_project_idx", "decision_project", ["division_code", "project_id"], unique=False
    )
    op.create_table(
        "decision_task",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=False),
        sa.Column("unit_name", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(done_on is null) = (result is null)", name=op.f("decision_task_done_check")),
        sa.ForeignKeyConstraint(
            ["division_code", "decision_id"],
            ["decision.division_code", "decision.id"],
            name=op.f("decision_task_decision_fkey"),
        ),
        sa.PrimaryKeyConstraint("division_code", "id", name=op.f("decision_task_pkey")),
    )
    op.create_index("decision_task_of_decision_idx", "decision_task", ["division_code", "decision_id"], unique=False)
    op.create_table(
        "decision_vote",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("person_code", sa.Text(), nullable=False),
        sa.Column("person_name", sa.Text(), nullable=False),
        sa.Column("choice", sa.Text(), nullable=False),
        sa.Column("option", sa.Text(), nullable=True),
        sa.Column("dissent", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(choice = 'abstain') = (option is null)", name=op.f("decision_vote_option_check")),
        sa.CheckConstraint("choice <> 'against' or dissent is not null", name=op.f("decision_vote_dissent_check")),
        sa.CheckConstraint("choice in ('abstain', 'against', 'for')", name=op.f("decision_vote_choice_check")),
        sa.ForeignKeyConstraint(
            ["division_code", "decision_id"],
            ["decision.division_code", "decision.id"],
            name=op.f("decision_vote_decision_fkey"),
        ),
        sa.PrimaryKeyConstraint("division_code", "id", name=op.f("decision_vote_pkey")),
        sa.UniqueConstraint(
            "division_code",
            "decision_id",
            "person_code",
            name=op.f("decision_vote_division_code_decision_id_person_code_key"),
        ),
    )
    op.create_table(
        "problem",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("detail", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=True),
        sa.Column("unit_name", sa.Text(), nullable=True),
        sa.Column("co_units", postgresql.JSONB(astext_type=sa.Text()), nullable=False, comment="[{code, name}]"),
        sa.Column("outside_parties", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("found_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=True),
        sa.Column("authorised_form", sa.Text(), nullable=True),
        sa.Column("authorised_document", sa.Text(), nullable=True),
        sa.Column("authorised_by", sa.Text(), nullable=True),
        sa.Column("authorised_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("solved_on", sa.Date(), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("reopened", sa.Integer(), nullable=False),
        sa.Column("reopened_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(state = 'solved') = (solved_on is not null and result is not null)", name=op.f("problem_solved_check")
        ),
        sa.CheckConstraint(
            "authorised_form in ('authorisation', 'filing')", name=op.f("problem_authorised_form_check")
        ),
        sa.CheckConstraint("cause in ('objective', 'subjective', 'legacy')", name=op.f("problem_cause_check")),
        sa.CheckConstraint("level in ('unit', 'office', 'leading_group')", name=op.f("problem_level_check")),
        sa.CheckConstraint(
            "scope = 'common' or state = 'reported' or (authorised_by is not null and authorised_document is not null)",
            name=op.f("problem_authorised_before_action_check"),
        ),
        sa.CheckConstraint(
            "scope = 'individual' or state = 'reported' or decision_id is not null", name=op.f("problem_decided_check")
        ),
        sa.CheckConstraint("scope in ('individual', 'common')", name=op.f("problem_scope_check")),
        sa.CheckConstraint(
            "state in ('reported', 'authorised', 'working', 'solved')", name=op.f("problem_state_check")
        ),
        sa.CheckConstraint(
            "type in ('funding', 'permits', 'labour', 'quality', 'debt', 'legal', 'planning', 'other')",
            name=op.f("problem_type_check"),
        ),
        sa.CheckConstraint("authorised_by <> created_by", name=op.f("problem_two_persons_check")),
        sa.ForeignKeyConstraint(
            ["division_code", "decision_id"],
            ["decision.division_code", "decision.id"],
            name=op.f("problem_decision_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["division_code", "project_id"], ["project.division_code", "project.id"], name=op.f("problem_project_fkey")
        ),
        sa.PrimaryKeyConstraint("division_code", "id", name=op.f("problem_pkey")),
    )
    op.create_index(
        "problem_due_idx",
        "problem",
        ["division_code", "level", "due_on"],
        unique=False,
        postgresql_where=sa.text("state <> 'solved'"),
    )
    op.create_index(
        "problem_of_decision_idx",
        "problem",
        ["division_code", "decision_id"],
        unique=False,
        postgresql_where=sa.text("decision_id is not null"),
    )
    op.create_index("problem_of_project_idx", "problem", ["division_code", "project_id"], unique=False)
    op.create_table(
        "problem_event",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("problem_id", sa.Uuid(), nullable=False),
        sa.Column("problem_version", sa.Integer(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("document", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["division_code", "problem_id"],
            ["problem.division_code", "problem.id"],
            name=op.f("problem_event_problem_fkey"),
        ),
        sa.PrimaryKeyConstraint("division_code", "id", name=op.f("problem_event_pkey")),
        sa.UniqueConstraint(
            "division_code",
            "problem_id",
            "problem_version",
            name=op.f("problem_event_division_code_problem_id_problem_version_key"),
        ),
    )
    op.create_table(
        "problem_step",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("problem_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=True),
        sa.Column("unit_name", sa.Text(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(done_on is null) = (result is null)", name=op.f("problem_step_done_check")),
        sa.ForeignKeyConstraint(
            ["division_code", "problem_id"],
            ["problem.division_code", "problem.id"],
            name=op.f("problem_step_problem_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["division_code", "project_id"],
            ["project.division_code", "project.id"],
            name=op.f("problem_step_project_fkey"),
        ),
        sa.PrimaryKeyConstraint("division_code", "id", name=op.f("problem_step_pkey")),
    )
    op.create_index("problem_step_of_problem_idx", "problem_step", ["division_code", "problem_id"], unique=False)
    op.create_index("problem_step_of_project_idx", "problem_step", ["division_code", "project_id"], unique=False)
    op.create_table(
        "meeting",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=True),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("chair_code", sa.Text(), nullable=False),
        sa.Column("chair_name", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column(
            "attendance",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="[{unit_code, unit_name, person_code, person_name, present}]",
        ),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.Column(
            "known_contradictions",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="refs there were when called; once held, those not new to the next",
        ),
        sa.Column("recorded_by", sa.Text(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(state = 'held') = (recorded_by is not null and recorded_at is not null)", name=op.f("meeting_held_check")
        ),
        sa.CheckConstraint("kind <> 'site' or project_id is not null", name=op.f("meeting_site_check")),
        sa.CheckConstraint("kind in ('dispatch', 'site')", name=op.f("meeting_kind_check")),
        sa.CheckConstraint("state in ('planned', 'held')", name=op.f("meeting_state_check")),
        sa.ForeignKeyConstraint(
            ["division_code", "project_id"], ["project.division_code", "project.id"], name=op.f("meeting_project_fkey")
        ),
        sa.PrimaryKeyConstraint("division_code", "id", name=op.f("meeting_pkey")),
    )
    op.create_index("meeting_held_idx", "meeting", ["division_code", "held_on", "id"], unique=False)
    op.create_table(
        "meeting_item",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=True),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=True),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("conclusion", sa.Text(), nullable=True),
        sa.Column("solved_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("outcome in ('settled', 'assigned', 'deferred')", name=op.f("meeting_item_outcome_check")),
        sa.CheckConstraint(
            "solved_on is null or outcome in ('settled', 'assigned')", name=op.f("meeting_item_solved_check")
        ),
        sa.CheckConstraint(
            "source in ('action', 'order', 'milestone', 'decision', 'contradiction', 'topic', 'floor')",
            name=op.f("meeting_item_source_check"),
        ),
        sa.CheckConstraint("(outcome is null) = (conclusion is null)", name=op.f("meeting_item_discussed_check")),
        sa.ForeignKeyConstraint(
            ["division_code", "meeting_id"],
            ["meeting.division_code", "meeting.id"],
            name=op.f("meeting_item_meeting_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["division_code", "project_id"],
            ["project.division_code", "project.id"],
            name=op.f("meeting_item_project_fkey"),
        ),
        sa.PrimaryKeyConstraint("division_code", "id", name=op.f("meeting_item_pkey")),
        sa.UniqueConstraint(
            "division_code", "meeting_id", "ref", name=op.f("meeting_item_division_code_meeting_id_ref_key")
        ),
    )
    op.create_table(
        "meeting_topic",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=True),
        sa.Column("submitted_on", sa.Date(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(state = 'discussed') = (meeting_id is not null)", name=op.f("meeting_topic_discussed_check")
        ),
        sa.CheckConstraint("state in ('submitted', 'discussed')", name=op.f("meeting_topic_state_check")),
        sa.ForeignKeyConstraint(
            ["division_code", "meeting_id"],
            ["meeting.division_code", "meeting.id"],
            name=op.f("meeting_topic_meeting_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["division_code", "project_id"],
            ["project.division_code", "project.id"],
            name=op.f("meeting_topic_project_fkey"),
        ),
        sa.PrimaryKeyConstraint("division_code", "id", name=op.f("meeting_topic_pkey")),
    )
    op.create_index(
        "meeting_topic_open_idx",
        "meeting_topic",
        ["division_code", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'submitted'"),
    )
    op.create_table(
        "meeting_action",
        sa.Column("division_code", sa.String(length=6, collation="C"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=True),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("meeting_item_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=False),
        sa.Column("unit_name", sa.Text(), nullable=False),
        sa.Column("person_code", sa.Text(), nullable=True),
        sa.Column("person_name", sa.Text(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(done_on is null) = (result is null)", name=op.f("meeting_action_done_check")),
        sa.ForeignKeyConstraint(
            ["division_code", "meeting_id"],
            ["meeting.division_code", "meeting.id"],
            name=op.f("meeting_action_meeting_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["division_code", "meeting_item_id"],
            ["meeting_item.division_code", "meeting_item.id"],
            name=op.f("meeting_action_meeting_item_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["division_code", "project_id"],
            ["project.division_code", "project.id"],
            name=op.f("meeting_action_project_fkey"),
        ),
        sa.PrimaryKeyConstraint("division_code", "id", name=op.f("meeting_action_pkey")),
    )
    op.create_index("meeting_action_of_item_idx", "meeting_action", ["division_code", "meeting_item_id"], unique=False)
    op.create_index(
        "meeting_action_open_idx",
        "meeting_action",
        ["division_code", "due_on"],
        unique=False,
        postgresql_where=sa.text("done_on is null"),
    )
    for table in TABLES:
        protect(table, rights=("select", "insert") if table in APPEND_ONLY else ("select", "insert", "update"))


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
