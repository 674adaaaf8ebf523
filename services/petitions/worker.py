"""The petitions worker: imports and sweeps."""

import asyncio

from services.petitions import settings as own
from shared.service.worker import Duties, Tools, work


def duties(_tools: Tools) -> Duties:
    return Duties(handlers={})


if __name__ == "__main__":
    asyncio.run(work(own.load(), duties))
