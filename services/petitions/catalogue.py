"""Every table of the service: importing this fills `metadata`."""

from services.petitions.metadata import metadata

FEATURES = ()
__all__ = ["FEATURES", "metadata"]
