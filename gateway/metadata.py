"""The catalogue of the gateway's tables; identity, directory and audit add their own."""

from shared.storage.tables import new_metadata

metadata = new_metadata()
