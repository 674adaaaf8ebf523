"""The catalogue of this service's tables; every feature's `models` adds its own."""

from typing import Any

from sqlalchemy import Column, ForeignKeyConstraint, Index, Table, Uuid

from shared.storage import tables
from shared.storage.tables import new_metadata

metadata = new_metadata()


def work_table(name: str, *parts: Any, of_project: bool = True) -> Table:
    """A table of project work; about one project unless said otherwise."""
    project = (
        Column("project_id", Uuid, nullable=False),
        ForeignKeyConstraint(["division_code", "project_id"], ["project.division_code", "project.id"]),
        Index(f"{name}_of_project_idx", "division_code", "project_id"),
    )
    return tables.work_table(metadata, name, *(project if of_project else ()), *parts)
