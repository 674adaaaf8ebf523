"""How often a petition's number was tried with a query code of late."""

from sqlalchemy import Column, Integer, PrimaryKeyConstraint, Table, Text

from services.petitions.metadata import metadata
from shared.storage.tables import division_column, moment_column

look_up_try = Table(
    "look_up_try",
    metadata,
    division_column(),
    Column("petition_code", Text, nullable=False, comment="as it was asked for: there may be no such petition"),
    moment_column("since"),
    Column("tries", Integer, nullable=False),
    PrimaryKeyConstraint("division_code", "petition_code"),
)
