"""The projects worker: imports, sweeps, and the checkpoints of this service's audit chains."""

import asyncio
import datetime as dt
from functools import partial

from services.projects import settings as own
from services.projects.ledger.imports.service import run_import
from services.projects.parties import Parties
from services.projects.supervision import sweeping
from shared.chassis import logs
from shared.chassis.worker import every, stop_on_signal
from shared.clients.gateway import GatewayClient
from shared.storage import jobs
from shared.storage.checkpoints import publish_forever
from shared.storage.database import Database
from shared.storage.idempotency import FORGET_SECONDS, forget_expired


async def main() -> None:
    settings = own.load()
    logs.configure("projects-worker", settings.log_level)
    clock, stop = settings.clock(), stop_on_signal()
    # An import of 20,000 rows holds one statement for longer than a request may.
    database = Database(settings.database_url.get_secret_value(), pool_size=4, statement_timeout="300s")
    gateway = GatewayClient(settings.gateway_url, settings.client_id, settings.client_secret.get_secret_value())
    handlers = {
        "import_ledger": run_import(database, gateway, clock),
        sweeping.KIND: sweeping.run_sweep(database, Parties(gateway), clock),
    }
    begin_sweeps = partial(sweeping.start_daily, database, clock, settings.sweep_except)
    lease = dt.timedelta(seconds=settings.job_lease_seconds)
    relay_url = settings.relay_database_url or settings.database_url
    relay = Database(relay_url.get_secret_value(), pool_size=1)
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(jobs.work(database, handlers, lease, clock, stop))
            group.create_task(publish_forever(relay, gateway.record_checkpoints, settings.checkpoint_seconds, stop))
            group.create_task(every(sweeping.EVERY_SECONDS, begin_sweeps, stop))
            group.create_task(every(FORGET_SECONDS, partial(forget_expired, database, clock), stop))
    finally:
        await gateway.close()
        await database.close()
        await relay.close()


if __name__ == "__main__":
    asyncio.run(main())
