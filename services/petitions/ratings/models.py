"""Ratings: what a petitioner may say of the office and of the responsible body, until when, and what was said.

A row stands from the reply on, so that who did not rate in time can be counted.
"""

from sqlalchemy import CheckConstraint, Column, Date, ForeignKeyConstraint, LargeBinary, Text, UniqueConstraint, Uuid

from services.petitions.metadata import work_table
from shared.schemas.petitions.ratings import Rating, RatingChannel
from shared.storage.sealed import SealedColumn
from shared.storage.tables import one_of

petition_rating = work_table(
    "petition_rating",
    Column("petition_id", Uuid, nullable=False),
    Column("window_starts_on", Date, comment="the reply, or its delivery once known"),
    Column("rated_on", Date),
    Column("window_ends_on", Date, comment="last day to rate; unknown of an imported register"),
    Column("body_rating", Text, comment="of the responsible body"),
    Column("office_rating", Text, comment="of the petition office"),
    Column("rated_body_code", Text, comment="who replied; nobody where the petition office did"),
    Column("rated_body_name", Text),
    Column("channel", Text),
    Column("remark_sealed", LargeBinary),
    one_of("body_rating", Rating),
    one_of("office_rating", Rating),
    one_of("channel", RatingChannel),
    CheckConstraint(
        "(rated_on is not null) = (body_rating is not null or office_rating is not null)", name="rated_on_a_day"
    ),
    CheckConstraint("rated_on between window_starts_on and window_ends_on", name="rated_in_its_window"),
    UniqueConstraint("division_code", "petition_id"),
    ForeignKeyConstraint(["division_code", "petition_id"], ["petition.division_code", "petition.id"]),
)

REMARK = SealedColumn(petition_rating.c.remark_sealed)
SEALED = (REMARK,)
