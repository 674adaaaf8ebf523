"""Every table of the gateway: importing this fills `metadata`."""

from gateway.audit import models as audit
from gateway.directory import models as directory
from gateway.identity import models as identity
from gateway.metadata import metadata

FEATURES = (audit, directory, identity)
__all__ = ["FEATURES", "metadata"]
