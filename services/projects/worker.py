"""The projects worker: imports and sweeps."""

import asyncio
from functools import partial

from services.projects import settings as own
from services.projects.ledger.imports.service import run_import
from services.projects.supervision import sweeping
from shared.clients.petitions import ProjectPetitions
from shared.service import sweeps
from shared.service.worker import Duties, Tools, work


def duties(tools: Tools) -> Duties:
    begin_sweeps = partial(sweeping.SWEEPS.start_daily, tools.database, tools.clock, tools.settings.sweep_except)
    return Duties(
        handlers={
            "import_ledger": run_import(tools.database, tools.gateway, tools.clock),
            sweeps.KIND: sweeping.run_sweep(
                tools.database, tools.parties, ProjectPetitions(tools.gateway), tools.clock
            ),
        },
        chores={begin_sweeps: sweeps.EVERY_SECONDS},
    )


if __name__ == "__main__":
    asyncio.run(work(own.load(), duties))
