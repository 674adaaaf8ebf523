"""Tables of 线索移交. What a clue says, which project it is about and what came of it are sealed; in the clear is
what the recipient's list needs. No column names a project: nothing about a project may tell that it has a clue."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
    Uuid,
)

from services.projects.metadata import work_table
from shared.schemas.projects.clues import ClueRecipient, ClueState
from shared.storage.sealed import SealedColumn
from shared.storage.tables import one_of

clue = work_table(
    "clue",
    Column("receipt_number", Text, nullable=False),
    Column("recipient", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("content", LargeBinary, nullable=False, comment="sealed: subject, matter, project_id, document_number"),
    Column("transferred_on", Date, nullable=False),
    Column("received_on", Date),
    Column("received_document", Text),
    UniqueConstraint("division_code", "receipt_number"),
    one_of("recipient", ClueRecipient),
    one_of("state", ClueState),
    CheckConstraint("(state = 'transferred') = (received_on is null)", name="received"),
    CheckConstraint("(received_on is null) = (received_document is null)", name="receipt"),
    CheckConstraint("received_on >= transferred_on", name="order"),
    of_project=False,
)

clue_result = work_table(
    "clue_result",
    Column("clue_id", Uuid, nullable=False),
    Column("content", LargeBinary, nullable=False, comment="sealed: outcome, result_on, document_number, note"),
    ForeignKeyConstraint(["division_code", "clue_id"], ["clue.division_code", "clue.id"]),
    Index("clue_result_of_clue_idx", "division_code", "clue_id"),
    of_project=False,
)

MATTER = SealedColumn(clue.c.content, name="clue")
RESULT = SealedColumn(clue_result.c.content, name="clue_result")
SEALED = (MATTER, RESULT)
