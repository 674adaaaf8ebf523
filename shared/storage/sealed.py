"""Which columns are sealed, what binds a value to its row, and by which other column it is found.

Declared once beside the table: the feature seals and opens by it, and so does the re-key (`shared.storage.rekey`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, func

from shared.storage.blind import Normalise
from shared.storage.secrets import Vault


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """A `bytea` column of sealed text. `bound_by` are columns of the row, never of those that change; all of them and
    the name (`table.column` unless given) must fit for a value to open."""

    column: Column[bytes] | Column[bytes | None]
    bound_by: tuple[str, ...] = ("division_code", "id")
    name: str = ""
    rows_at_once: int = 200
    """What a re-key holds in one transaction: some ten milliseconds."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", self.name or str(self.column))

    @property
    def table(self) -> Table:
        return self.column.table

    @property
    def read_for(self) -> tuple[str, ...]:
        """The columns it takes to open a value."""
        return (self.column.name, *self.bound_by)

    def bound(self, row: Mapping[str, Any]) -> tuple[str, ...]:
        return (self.name, *[str(row[name]) for name in self.bound_by])

    def seal(self, vault: Vault, row: Mapping[str, Any], text: str) -> bytes:
        """`row` holds at least the columns of `bound_by`."""
        return vault.seal(text, *self.bound(row))

    def open(self, vault: Vault, row: Mapping[str, Any]) -> str | None:
        """None where the column is null. Raises `Damaged`."""
        sealed = row[self.column.name]
        return None if sealed is None else vault.open(bytes(sealed), *self.bound(row))

    def renew(self, vault: Vault, row: Mapping[str, Any]) -> bytes | None:
        """The same content under the current key. Raises `Damaged`."""
        sealed = row[self.column.name]
        if sealed is None:
            return None
        bound = self.bound(row)
        return vault.seal_bytes(vault.open_bytes(bytes(sealed), *bound), *bound)

    def is_stale(self, vault: Vault) -> ColumnElement[bool]:
        """Not null and not under the current key."""
        return func.substr(self.column, 1, len(vault.header)) != vault.header


@dataclass(frozen=True, slots=True)
class BlindColumn:
    """A `bytea` column by which the rows of `source` are found; equal `purpose`s of one service can be compared."""

    column: Column[bytes] | Column[bytes | None]
    source: SealedColumn
    purpose: str
    normalise: Normalise

    @property
    def rows_at_once(self) -> int:
        return self.source.rows_at_once

    @property
    def table(self) -> Table:
        return self.column.table

    @property
    def read_for(self) -> tuple[str, ...]:
        return (self.column.name, "division_code", *self.source.read_for)

    def of(self, vault: Vault, division_code: str, value: str) -> bytes | None:
        """What is stored beside the sealed value; None when nobody can be found by it."""
        return vault.blind(self.purpose, self.normalise).of(division_code, value)

    def finds(self, vault: Vault, division_code: str, value: str) -> ColumnElement[bool]:
        """The rows of one division that hold the value, under whichever key they are indexed."""
        return (self.table.c.division_code == division_code) & self.column.in_(self.any_of(vault, division_code, value))

    def any_of(self, vault: Vault, division_code: str, value: str) -> tuple[bytes, ...]:
        """What `finds` compares with, for a statement that is made once."""
        return vault.blind(self.purpose, self.normalise).any_of(division_code, value)

    def renew(self, vault: Vault, row: Mapping[str, Any]) -> bytes | None:
        value = self.source.open(vault, row)
        return None if value is None else self.of(vault, row["division_code"], value)

    def is_stale(self, vault: Vault) -> ColumnElement[bool]:
        header = vault.blind(self.purpose, self.normalise).header
        return func.substr(self.column, 1, len(header)) != header


Kept = SealedColumn | BlindColumn
"""What a re-key has to renew."""


def seal(vault: Vault, row: Mapping[str, Any], texts: Mapping[SealedColumn, str | None]) -> dict[str, bytes | None]:
    """The values of several sealed columns of one row."""
    return {
        column.column.name: None if text is None else column.seal(vault, row, text) for column, text in texts.items()
    }
