"""The projects worker: imports, and the checkpoints of this service's audit chains."""

import asyncio
import datetime as dt
import signal

from shared.clients.gateway import GatewayClient

from services.projects import settings as own
from services.projects.ledger.imports import run_import
from shared.chassis import logs
from shared.chassis.clock import SystemClock
from shared.storage import checkpoints, jobs
from shared.storage.database import Database


async def main() -> None:
    settings = own.load()
    logs.configure("projects-worker", settings.log_level)
    clock, stop = SystemClock(), asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    # An import of 20,000 rows holds one statement for longer than a request may.
    database = Database(settings.database_url.get_secret_value(), pool_size=4, statement_timeout="300s")
    gateway = GatewayClient(settings.gateway_url, settings.client_id, settings.client_secret.get_secret_value())
    handlers = {"import_ledger": run_import(database, gateway, clock)}
    lease = dt.timedelta(seconds=settings.job_lease_seconds)
    anchoring = asyncio.create_task(checkpoints.anchor(settings, gateway, stop))
    try:
        await jobs.work(database, handlers, lease, clock, stop)
        await anchoring
    finally:
        await gateway.close()
        await database.close()


if __name__ == "__main__":
    asyncio.run(main())
