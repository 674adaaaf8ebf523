"""The catalogue of this service's tables; every feature's `models` adds its own."""

from shared.storage.tables import new_metadata

metadata = new_metadata()
