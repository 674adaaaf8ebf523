"""Rows of one tenant table by their key: read, add, change, page. Anything a feature asks beyond this is its own SQL.

Rows are plain dicts of the table's columns. Every statement names its divisions; row security is only the net.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Result, Table, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from shared.storage.divisions import within

Row = dict[str, Any]
EVERY: Mapping[str, Any] = {}
"""The filter that leaves nothing out."""


def dicts(found: Result[Any]) -> list[Row]:
    """Every row that was found, by the names of its columns. (A row's own mapping looks each name up again.)"""
    names = tuple(found.keys())
    return [dict(zip(names, row, strict=True)) for row in found.all()]


async def one(
    session: AsyncSession,
    table: Table,
    scope: str,
    row_id: UUID,
    *,
    lock: bool = False,
    only: Mapping[str, Any] = EVERY,
) -> Row | None:
    """The row of this id inside a division prefix, if it has the values of `only`; `lock` keeps it for the change that
    follows."""
    statement = select(table).where(within(table, scope), table.c.id == row_id, *matching(table, only))
    row = (await session.execute(statement.with_for_update() if lock else statement)).mappings().one_or_none()
    return dict(row) if row is not None else None


async def add(session: AsyncSession, table: Table, values: Mapping[str, Any]) -> Row | None:
    """The new row; None when it breaks a unique key, which the caller turns into words."""
    statement = insert(table).values(**values).on_conflict_do_nothing().returning(*table.c)
    row = (await session.execute(statement)).mappings().one_or_none()
    return dict(row) if row is not None else None


async def change(session: AsyncSession, table: Table, row: Row, values: Mapping[str, Any]) -> Row:
    """The row as it is afterwards; it was read with a lock."""
    changed = await session.execute(
        update(table)
        .where(table.c.division_code == row["division_code"], table.c.id == row["id"])
        .values(**values)
        .returning(*table.c)
    )
    return dict(changed.mappings().one())


def matching(table: Table, filters: Mapping[str, Any]) -> list[ColumnElement[bool]]:
    """`filters` are columns and the value each must have; None leaves one out."""
    return [table.c[name] == value for name, value in filters.items() if value is not None]


async def newest(
    session: AsyncSession,
    table: Table,
    scope: str,
    *where: ColumnElement[bool],
    after: Sequence[str] | None,
    limit: int,
) -> list[Row]:
    """Newest first: ids are UUIDv7, so their order is the order of recording. `after` is `[id]` of a cursor."""
    statement = select(table).where(within(table, scope), *where)
    if after is not None:
        statement = statement.where(table.c.id < UUID(after[0]))
    rows = await session.execute(statement.order_by(table.c.id.desc()).limit(limit))
    return dicts(rows)
