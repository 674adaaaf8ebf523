"""`python -m services.petitions.rekey [check]`: what this service has sealed, put under its current key."""

import sys

from services.petitions import settings as own
from services.petitions.citizen.codes import QUERY_CODE
from services.petitions.incidents import models as incidents
from services.petitions.leaders import models as leaders
from services.petitions.life import models as life
from services.petitions.ratings import models as ratings
from services.petitions.registry import models as registry
from services.petitions.reminders import models as reminders
from services.petitions.repeats import models as repeats
from services.petitions.warnings import models as warnings
from shared.service.rekey import main
from shared.storage import sealed_files

SEALED = (
    *registry.SEALED,
    QUERY_CODE,
    *life.SEALED,
    *leaders.SEALED,
    *ratings.SEALED,
    *repeats.SEALED,
    *reminders.SEALED,
    *warnings.SEALED,
    *incidents.SEALED,
    *sealed_files.KEPT,
)

if __name__ == "__main__":
    sys.exit(main(own.load(), SEALED))
