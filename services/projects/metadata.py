"""The catalogue of this service's tables; every feature's `models` adds its own."""

from typing import Any

from sqlalchemy import Column, ForeignKeyConstraint, Index, Integer, PrimaryKeyConstraint, Table, Text, Uuid

from shared.storage.tables import division_column, moment_column, new_metadata

metadata = new_metadata()


def work_table(name: str, *parts: Any, of_project: bool = True) -> Table:
    """A table of project work: tenant key, version, who made it and when; about one project unless said otherwise."""
    project = [
        Column("project_id", Uuid, nullable=False),
        ForeignKeyConstraint(["division_code", "project_id"], ["project.division_code", "project.id"]),
        Index(f"{name}_of_project_idx", "division_code", "project_id"),
    ]
    return Table(
        name,
        metadata,
        division_column(),
        Column("id", Uuid, nullable=False),
        *(project if of_project else []),
        *(part for part in parts if isinstance(part, Column)),
        Column("version", Integer, nullable=False),
        Column("created_by", Text, nullable=False),
        moment_column("created_at"),
        moment_column("updated_at"),
        PrimaryKeyConstraint("division_code", "id"),
        # A constraint is made of columns that are already there, and may name any of them.
        *(part for part in parts if not isinstance(part, Column)),
    )
