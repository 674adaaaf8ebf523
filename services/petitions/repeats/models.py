"""Tables of repeats: what a person has decided, and took back."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    SmallInteger,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from services.petitions.metadata import work_table
from shared.storage.sealed import SealedColumn

repeat_decision = work_table(
    "repeat_decision",
    Column("petition_id", Uuid, nullable=False),
    Column("named_id", Uuid, nullable=False, comment="the case the person named; petition.repeat_of is its main case"),
    Column("score", SmallInteger, nullable=False, comment="of the candidate as it was, 0–100"),
    Column("grounds", JSONB, nullable=False, comment="what agreed: keys and figures, no personal data"),
    Column("decided_by_name", Text, nullable=False),
    Column("decided_on", Date, nullable=False),
    Column("reason_sealed", LargeBinary, nullable=False),
    Column("withdrawn_by", Text),
    Column("withdrawn_by_name", Text),
    Column("withdrawn_on", Date),
    Column("withdrawal_sealed", LargeBinary),
    ForeignKeyConstraint(
        ["division_code", "petition_id"],
        ["petition.division_code", "petition.id"],
        name="repeat_decision_petition_fkey",
    ),
    ForeignKeyConstraint(
        ["division_code", "named_id"], ["petition.division_code", "petition.id"], name="repeat_decision_named_fkey"
    ),
    CheckConstraint("named_id <> petition_id", name="of_another"),
    CheckConstraint("score between 0 and 100", name="score"),
    CheckConstraint(
        "num_nulls(withdrawn_by, withdrawn_by_name, withdrawn_on, withdrawal_sealed) in (0, 4)", name="withdrawn_whole"
    ),
    Index(
        "repeat_decision_live_key",
        "division_code",
        "petition_id",
        unique=True,
        postgresql_where=text("withdrawn_on is null"),
    ),
    Index("repeat_decision_named_idx", "division_code", "named_id", postgresql_where=text("withdrawn_on is null")),
)

REASON = SealedColumn(repeat_decision.c.reason_sealed)
WITHDRAWAL = SealedColumn(repeat_decision.c.withdrawal_sealed)
SEALED = (REASON, WITHDRAWAL)
