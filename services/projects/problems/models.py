"""Tables of 问题与决策."""

from sqlalchemy import (
    ARRAY,
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
from shared.schemas.projects.decisions import DecisionState, VoteChoice
from shared.schemas.projects.facts import ProblemType
from shared.schemas.projects.problems import (
    AuthorisationForm,
    ProblemCause,
    ProblemLevel,
    ProblemScope,
    ProblemState,
)
from shared.storage.tables import moment_column, one_of

decision = work_table(
    "decision",
    Column("title", Text, nullable=False),
    Column("question", Text, nullable=False),
    Column("legal_basis", Text, nullable=False),
    Column("options", JSONB, nullable=False, comment="[{key, title, consequence}]"),
    Column("state", Text, nullable=False),
    Column("submitted_unit", Text),
    Column("submitted_on", Date, nullable=False),
    Column("outcome", Text, comment="key of the option"),
    Column("document", Text),
    Column("note", Text),
    Column("decided_on", Date),
    one_of("state", DecisionState),
    CheckConstraint("(state = 'decided') = (outcome is not null and decided_on is not null)", name="outcome"),
    Index("decision_open_idx", "division_code", "submitted_on", postgresql_where=text("state = 'open'")),
    of_project=False,
)

problem = work_table(
    "problem",
    Column("title", Text, nullable=False),
    Column("description", Text),
    Column("type", Text, nullable=False),
    Column("detail", JSONB, nullable=False),
    Column("cause", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("level", Text, nullable=False),
    Column("unit_code", Text),
    Column("unit_name", Text),
    Column("co_units", JSONB, nullable=False, comment="[{code, name}]"),
    Column("outside_parties", ARRAY(Text), nullable=False),
    Column("found_on", Date, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("decision_id", Uuid),
    Column("authorised_form", Text),
    Column("authorised_document", Text),
    Column("authorised_by", Text),
    moment_column("authorised_at", nullable=True),
    moment_column("started_at", nullable=True),
    Column("solved_on", Date),
    Column("result", Text),
    Column("reopened", Integer, nullable=False),
    Column("reopened_on", Date),
    ForeignKeyConstraint(["division_code", "decision_id"], ["decision.division_code", "decision.id"]),
    one_of("type", ProblemType),
    one_of("cause", ProblemCause),
    one_of("scope", ProblemScope),
    one_of("state", ProblemState),
    one_of("level", ProblemLevel),
    one_of("authorised_form", AuthorisationForm),
    CheckConstraint("authorised_by <> created_by", name="two_persons"),
    CheckConstraint(
        "scope = 'common' or state = 'reported' or (authorised_by is not null and authorised_document is not null)",
        name="authorised_before_action",
    ),
    CheckConstraint("scope = 'individual' or state = 'reported' or decision_id is not null", name="decided"),
    CheckConstraint("(state = 'solved') = (solved_on is not null and result is not null)", name="solved"),
    Index("problem_due_idx", "division_code", "level", "due_on", postgresql_where=text("state <> 'solved'")),
    Index("problem_of_decision_idx", "division_code", "decision_id", postgresql_where=text("decision_id is not null")),
)

problem_step = work_table(
    "problem_step",
    Column("problem_id", Uuid, nullable=False),
    Column("title", Text, nullable=False),
    Column("unit_code", Text),
    Column("unit_name", Text),
    Column("due_on", Date, nullable=False),
    Column("done_on", Date),
    Column("result", Text),
    ForeignKeyConstraint(["division_code", "problem_id"], ["problem.division_code", "problem.id"]),
    CheckConstraint("(done_on is null) = (result is null)", name="done"),
    Index("problem_step_of_problem_idx", "division_code", "problem_id"),
)

problem_event = work_table(
    "problem_event",
    Column("problem_id", Uuid, nullable=False),
    Column("problem_version", Integer, nullable=False),
    Column("action", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("level", Text, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("note", Text),
    Column("document", Text),
    UniqueConstraint("division_code", "problem_id", "problem_version"),
    ForeignKeyConstraint(["division_code", "problem_id"], ["problem.division_code", "problem.id"]),
    # Not of a project: a key to it would have the sweep wait for whoever works on the project, and the other way round.
    of_project=False,
)
"""Append-only: what a problem's row can no longer tell once it moved on."""

decision_project = work_table(
    "decision_project",
    Column("decision_id", Uuid, nullable=False),
    Column("milestone_ids", ARRAY(Uuid), nullable=False),
    UniqueConstraint("division_code", "decision_id", "project_id"),
    ForeignKeyConstraint(["division_code", "decision_id"], ["decision.division_code", "decision.id"]),
)

decision_vote = work_table(
    "decision_vote",
    Column("decision_id", Uuid, nullable=False),
    Column("person_code", Text, nullable=False),
    Column("person_name", Text, nullable=False),
    Column("choice", Text, nullable=False),
    Column("option", Text),
    Column("dissent", Text),
    UniqueConstraint("division_code", "decision_id", "person_code"),
    ForeignKeyConstraint(["division_code", "decision_id"], ["decision.division_code", "decision.id"]),
    one_of("choice", VoteChoice),
    CheckConstraint("(choice = 'abstain') = (option is null)", name="option"),
    CheckConstraint("choice <> 'against' or dissent is not null", name="dissent"),
    of_project=False,
)

decision_task = work_table(
    "decision_task",
    Column("decision_id", Uuid, nullable=False),
    Column("title", Text, nullable=False),
    Column("unit_code", Text, nullable=False),
    Column("unit_name", Text, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("done_on", Date),
    Column("result", Text),
    ForeignKeyConstraint(["division_code", "decision_id"], ["decision.division_code", "decision.id"]),
    CheckConstraint("(done_on is null) = (result is null)", name="done"),
    Index("decision_task_of_decision_idx", "division_code", "decision_id"),
    of_project=False,
)
