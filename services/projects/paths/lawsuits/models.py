"""Tables of 诉讼 and 府院联动."""

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, Date, ForeignKeyConstraint, Index, Text, Uuid, text

from services.projects.metadata import work_table
from shared.schemas.projects.lawsuits import LawsuitSide, LawsuitStage
from shared.storage.tables import one_of

lawsuit = work_table(
    "lawsuit",
    Column("court", Text, nullable=False),
    Column("cause", Text, nullable=False),
    Column("case_number", Text),
    Column("case_key", Text, comment="the number without width and brackets"),
    Column("amount_fen", BigInteger),
    Column("developer_side", Text),
    Column("stage", Text, nullable=False),
    Column("filed_on", Date, nullable=False),
    Column("closed_on", Date),
    Column("supervised", Boolean, nullable=False),
    Column("outcome", Text),
    one_of("developer_side", LawsuitSide),
    one_of("stage", LawsuitStage),
    CheckConstraint("(stage = 'closed') = (closed_on is not null)", name="closed"),
    CheckConstraint("closed_on >= filed_on", name="order"),
    # One judgment may concern several projects, each of which has it in its own register.
    Index(
        "lawsuit_case_key",
        "division_code",
        "project_id",
        "case_key",
        unique=True,
        postgresql_where=text("case_key is not null"),
    ),
)

liaison_matter = work_table(
    "liaison_matter",
    Column("matter", Text, nullable=False),
    Column("question", Text, nullable=False),
    Column("court_unit_code", Text, nullable=False),
    Column("court_unit_name", Text, nullable=False),
    Column("lawsuit_id", Uuid),
    Column("raised_on", Date, nullable=False),
    Column("answer", Text),
    Column("answered_on", Date),
    Column("answered_by", Text),
    Column("document_number", Text),
    ForeignKeyConstraint(["division_code", "lawsuit_id"], ["lawsuit.division_code", "lawsuit.id"]),
    CheckConstraint("(answer is null) = (answered_on is null)", name="answer"),
    CheckConstraint("answered_on >= raised_on", name="order"),
    Index("liaison_matter_unanswered_idx", "division_code", "id", postgresql_where=text("answered_on is null")),
)
