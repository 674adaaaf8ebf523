"""The second process of every service: its jobs, its daily chores, the checkpoints of its audit chains."""

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

from shared.chassis import logs
from shared.chassis.clock import Clock
from shared.chassis.worker import every, stop_on_signal
from shared.clients.gateway import GatewayClient
from shared.clients.parties import Parties
from shared.service.settings import ServiceSettings
from shared.storage import jobs
from shared.storage.checkpoints import publish_forever
from shared.storage.database import Database
from shared.storage.idempotency import FORGET_SECONDS, forget_expired

Chore = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Tools:
    """What a service's handlers and chores are made of."""

    settings: ServiceSettings
    database: Database
    gateway: GatewayClient
    parties: Parties
    clock: Clock


@dataclass(frozen=True, slots=True)
class Duties:
    """`handlers` by kind of job; `chores` by how often, in seconds, a worker looks after them."""

    handlers: Mapping[str, jobs.Handler]
    chores: Mapping[Chore, float] = field(default_factory=dict)


async def work(settings: ServiceSettings, duties: Callable[[Tools], Duties]) -> None:
    """Until the process is told to stop."""
    logs.configure(f"{settings.service}-worker", settings.log_level)
    clock, stop = settings.clock(), stop_on_signal()
    # An import of 20,000 rows holds one statement for longer than a request may.
    database = Database(settings.database_url.get_secret_value(), pool_size=4, statement_timeout="300s")
    relay = Database(settings.relay_url, pool_size=1)
    gateway = GatewayClient(settings.gateway_url, settings.client_id, settings.client_secret.get_secret_value())
    own = duties(Tools(settings, database, gateway, Parties(gateway), clock))
    lease = dt.timedelta(seconds=settings.job_lease_seconds)
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(jobs.work(database, own.handlers, lease, clock, stop))
            group.create_task(publish_forever(relay, gateway.record_checkpoints, settings.checkpoint_seconds, stop))
            for chore, seconds in own.chores.items():
                group.create_task(every(seconds, chore, stop))
            group.create_task(every(FORGET_SECONDS, partial(forget_expired, database, clock), stop))
    finally:
        await gateway.close()
        await database.close()
        await relay.close()
