"""Every table of the service: importing this fills `metadata`."""

from services.petitions import thresholds
from services.petitions.attachments import models as attachments
from services.petitions.citizen import models as citizen
from services.petitions.imports import models as imports
from services.petitions.incidents import models as incidents
from services.petitions.kpis import models as kpis
from services.petitions.leaders import models as leaders
from services.petitions.life import models as life
from services.petitions.metadata import metadata
from services.petitions.opinion import models as opinion
from services.petitions.ratings import models as ratings
from services.petitions.registry import models as registry
from services.petitions.reminders import models as reminders
from services.petitions.repeats import models as repeats
from services.petitions.warnings import models as warnings
from shared.storage.sealed_files import add_tables

add_tables(metadata)
FEATURES = (
    registry,
    life,
    attachments,
    imports,
    leaders,
    thresholds,
    ratings,
    citizen,
    opinion,
    incidents,
    kpis,
    repeats,
    reminders,
    warnings,
)
__all__ = ["FEATURES", "metadata"]
