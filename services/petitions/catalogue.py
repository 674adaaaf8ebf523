"""Every table of the service: importing this fills `metadata`."""

from services.petitions.life import models as life
from services.petitions.metadata import metadata
from services.petitions.registry import models as registry

FEATURES = (registry, life)
__all__ = ["FEATURES", "metadata"]
