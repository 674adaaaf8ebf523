"""`python -m services.projects.rekey [check]`: what this service has sealed, put under its current key."""

import sys

from services.projects import settings as own
from services.projects.clues import models as clues
from shared.service.rekey import main

SEALED = clues.SEALED

if __name__ == "__main__":
    sys.exit(main(own.load(), SEALED))
