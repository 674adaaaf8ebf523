"""The divisions a statement names: row security is only the net beneath."""

from typing import Any

from sqlalchemy import ColumnElement, Table


def within(table: Table, scope: str) -> ColumnElement[bool]:
    """The rows of a division prefix: `=` where it is one county, else a range the index knows."""
    column: ColumnElement[Any] = table.c.division_code
    return column == scope if len(scope) == 6 else (column >= (scope or "0")) & (column < f"{scope}~")
