"""Every table of the service: importing this fills `metadata`."""

from services.projects import thresholds
from services.projects.closeout import models as closeout
from services.projects.clues import models as clues
from services.projects.duty import models as duty
from services.projects.enterprises import models as enterprises
from services.projects.evidence import models as evidence
from services.projects.ledger import models as ledger
from services.projects.meetings import models as meetings
from services.projects.metadata import metadata
from services.projects.paths import models as paths
from services.projects.paths.lawsuits import models as lawsuits
from services.projects.plan import models as plan
from services.projects.problems import models as problems
from services.projects.progress import models as progress
from services.projects.quality import models as quality
from services.projects.supervision import models as supervision

FEATURES = (
    closeout,
    clues,
    duty,
    enterprises,
    evidence,
    ledger,
    lawsuits,
    meetings,
    paths,
    plan,
    problems,
    progress,
    quality,
    supervision,
    thresholds,
)
__all__ = ["FEATURES", "metadata"]
