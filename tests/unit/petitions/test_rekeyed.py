"""Whatever the service keeps sealed is renewed by its re-key: a column nobody declared would keep an old key alive."""

from sqlalchemy import LargeBinary

from services.petitions.catalogue import metadata
from services.petitions.rekey import SEALED

PLAIN = {"calendar_seen.digest", "register_import.file_key"}
"""A digest of what everybody may know; the id of a sealed file."""


def test_every_sealed_column_is_declared() -> None:
    declared = {str(kept.column) for kept in SEALED}
    found = {
        str(column)
        for table in metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, LargeBinary)
    }
    assert found - declared <= PLAIN
    assert declared <= found
