"""The catalogue of this service's tables; every feature's `models` adds its own."""

from functools import partial

from shared.storage import tables
from shared.storage.tables import new_metadata

metadata = new_metadata()
work_table = partial(tables.work_table, metadata)
