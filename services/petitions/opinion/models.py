"""What was said in public, and the answer."""

from sqlalchemy import CheckConstraint, Column, Date, Index, Integer, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from services.petitions.metadata import work_table
from shared.schemas.petitions.opinion import OpinionAnswerKind, OpinionHeat, OpinionSource
from shared.storage.tables import one_of

opinion_item = work_table(
    "opinion_item",
    Column("source", Text, nullable=False),
    Column("outlet", Text),
    Column("url", Text),
    Column("heat", Text, nullable=False),
    Column("views", Integer),
    Column("seen_on", Date, nullable=False),
    Column("summary", Text, nullable=False),
    Column("project_ids", ARRAY(Uuid), nullable=False),
    Column("projects", JSONB, nullable=False, comment="project_id, project_code, name of each as it was linked"),
    Column("owner_unit_code", Text, nullable=False),
    Column("owner_unit_name", Text, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("reminded_on", Date, comment="催办: that this day has passed"),
    Column("outcome", Text),
    Column("response", Text),
    Column("published_on", Date),
    one_of("source", OpinionSource),
    one_of("heat", OpinionHeat),
    one_of("outcome", OpinionAnswerKind),
    CheckConstraint("due_on >= seen_on", name="due_later"),
    CheckConstraint("num_nulls(outcome, response, published_on) in (0, 3)", name="answered_whole"),
    Index("opinion_item_url_key", "division_code", "url", unique=True, postgresql_where=text("url is not null")),
    Index(
        "opinion_item_unreminded_idx",
        "division_code",
        "due_on",
        "id",
        postgresql_where=text("outcome is null and reminded_on is null"),
    ),
)
