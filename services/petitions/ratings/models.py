"""Ratings: what a petitioner may say of the office and of the responsible body, until when, and what was said."""

from sqlalchemy import CheckConstraint, Column, Date, ForeignKeyConstraint, Text, UniqueConstraint, Uuid

from services.petitions.metadata import work_table
from shared.schemas.petitions.ratings import Rating
from shared.storage.tables import one_of

petition_rating = work_table(
    "petition_rating",
    Column("petition_id", Uuid, nullable=False),
    Column("window_ends_on", Date, comment="last day to rate; unknown of an imported register"),
    Column("rated_on", Date),
    Column("body_rating", Text, comment="of the responsible body"),
    Column("office_rating", Text, comment="of the petition office"),
    one_of("body_rating", Rating),
    one_of("office_rating", Rating),
    CheckConstraint(
        "(rated_on is not null) = (body_rating is not null or office_rating is not null)", name="rated_on_a_day"
    ),
    UniqueConstraint("division_code", "petition_id"),
    ForeignKeyConstraint(["division_code", "petition_id"], ["petition.division_code", "petition.id"]),
)
