"""What a county has set."""

from sqlalchemy import Column, Integer, Text, UniqueConstraint

from services.projects.metadata import work_table

threshold = work_table(
    "threshold",
    Column("name", Text, nullable=False),
    Column("value", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    UniqueConstraint("division_code", "name"),
    of_project=False,
)
