"""The catalogue of this service's tables; every feature's `models` adds its own."""

from functools import partial

from sqlalchemy import Column, Date, SmallInteger, text

from shared.storage import tables
from shared.storage.tables import new_metadata

metadata = new_metadata()
work_table = partial(tables.work_table, metadata)


def reminded_columns() -> tuple[Column[object], Column[object]]:
    """Of a table of duties that units are reminded of (`services.petitions.reminders`)."""
    return (
        Column("next_reminder_on", Date, comment="when a sweep looks at it next, null when never"),
        Column("reminded", SmallInteger, nullable=False, server_default=text("0"), comment="steps taken so far"),
    )
