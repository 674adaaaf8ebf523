"""The petitions worker: imports and sweeps."""

import asyncio
from functools import partial

from services.petitions import settings as own
from services.petitions.imports.service import run_import
from services.petitions.life import recount
from services.petitions.reminders import sweeping
from shared.service import sweeps
from shared.service.worker import Duties, Tools, work
from shared.storage.secrets import Vault


def duties(tools: Tools) -> Duties:
    vault = Vault(tools.settings.keys(), tools.settings.service)
    begin_sweeps = partial(sweeping.SWEEPS.start_daily, tools.database, tools.clock, tools.settings.sweep_except)
    return Duties(
        handlers={
            recount.KIND: recount.run_recount(tools.database, tools.clock),
            "import_petitions": run_import(tools.database, vault, tools.gateway, tools.clock),
            sweeps.KIND: sweeping.run_sweep(tools.database, vault, tools.clock),
        },
        chores={
            partial(recount.start_where_changed, tools.database, tools.clock): recount.EVERY_SECONDS,
            begin_sweeps: sweeps.EVERY_SECONDS,
        },
    )


if __name__ == "__main__":
    asyncio.run(work(own.load(), duties))
