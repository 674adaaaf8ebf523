"""The petitions worker: imports and sweeps."""

import asyncio
from functools import partial

from services.petitions import settings as own
from services.petitions.life import recount
from shared.service.worker import Duties, Tools, work


def duties(tools: Tools) -> Duties:
    return Duties(
        handlers={recount.KIND: recount.run_recount(tools.database, tools.clock)},
        chores={partial(recount.start_where_changed, tools.database, tools.clock): recount.EVERY_SECONDS},
    )


if __name__ == "__main__":
    asyncio.run(work(own.load(), duties))
