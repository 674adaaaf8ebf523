"""Tables of 化解路径: the paths a project has been on, their stages, the legal dates those set, proof of insolvency.

A court case outlives a change of path (重整 that becomes 清算), so stages and deadlines belong to the case.
"""

from sqlalchemy import BigInteger, CheckConstraint, Column, Date, ForeignKeyConstraint, Index, Integer, Text, Uuid, text

from services.projects.metadata import work_table
from services.projects.paths.rules import REPEATED
from shared.schemas.projects.facts import ResolutionMode
from shared.schemas.projects.paths import DeadlineRule, InsolvencyKind, PathStage
from shared.storage.tables import one_of

_REPEATED = ", ".join(f"'{stage}'" for stage in sorted(REPEATED))

project_path = work_table(
    "project_path",
    Column("case_id", Uuid, nullable=False),
    Column("path", Text, nullable=False),
    Column("started_on", Date, nullable=False),
    Column("ended_on", Date),
    Column("end_reason", Text),
    one_of("path", ResolutionMode),
    CheckConstraint("ended_on >= started_on", name="order"),
    CheckConstraint("(ended_on is null) = (end_reason is null)", name="end"),
    Index(
        "project_path_live_key",
        "division_code",
        "project_id",
        unique=True,
        postgresql_where=text("ended_on is null"),
    ),
)

path_stage = work_table(
    "path_stage",
    Column("case_id", Uuid, nullable=False),
    Column("path", Text, nullable=False),
    Column("stage", Text, nullable=False),
    Column("reached_on", Date, nullable=False),
    Column("document_number", Text),
    Column("court", Text),
    Column("note", Text),
    Column("claims_until", Date),
    Column("meeting_on", Date),
    Column("answers", Uuid),
    Column("withdrawn_on", Date),
    Column("withdrawal_reason", Text),
    ForeignKeyConstraint(["division_code", "answers"], ["path_stage.division_code", "path_stage.id"]),
    one_of("path", ResolutionMode),
    one_of("stage", PathStage),
    CheckConstraint("(withdrawn_on is null) = (withdrawal_reason is null)", name="withdrawal"),
    Index(
        "path_stage_once_key",
        "division_code",
        "case_id",
        "stage",
        unique=True,
        postgresql_where=text(f"withdrawn_on is null and stage not in ({_REPEATED})"),
    ),
    Index("path_stage_of_case_idx", "division_code", "case_id"),
)

path_deadline = work_table(
    "path_deadline",
    Column("case_id", Uuid, nullable=False),
    Column("stage_id", Uuid, nullable=False),
    Column("rule", Text, nullable=False),
    Column("from_on", Date, nullable=False),
    Column("internal_due", Date, nullable=False),
    Column("extended_months", Integer, nullable=False),
    Column("met_on", Date),
    Column("met_stage_id", Uuid),
    Column("void_on", Date),
    ForeignKeyConstraint(["division_code", "stage_id"], ["path_stage.division_code", "path_stage.id"]),
    one_of("rule", DeadlineRule),
    CheckConstraint("(met_on is null) = (met_stage_id is null)", name="met"),
    Index("path_deadline_of_case_idx", "division_code", "case_id"),
    Index(
        "path_deadline_open_idx",
        "division_code",
        "internal_due",
        "id",
        postgresql_where=text("met_on is null and void_on is null"),
    ),
)

insolvency_evidence = work_table(
    "insolvency_evidence",
    Column("kind", Text, nullable=False),
    Column("evidence_on", Date, nullable=False),
    Column("document_number", Text, nullable=False),
    Column("issuer", Text, nullable=False),
    Column("unpaid_fen", BigInteger),
    Column("assets_fen", BigInteger),
    Column("liabilities_fen", BigInteger),
    Column("note", Text),
    one_of("kind", InsolvencyKind),
    CheckConstraint(
        "kind <> 'assets_below_liabilities' or coalesce(assets_fen < liabilities_fen, false)", name="assets_below"
    ),
)
