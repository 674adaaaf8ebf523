"""The gateway's background work: checkpoints of its own audit chains, and forgetting what has expired."""

import asyncio
import datetime as dt
import logging
import sys
from collections.abc import Sequence
from functools import partial

from pydantic import ValidationError

from gateway.audit import service as checkpoints
from gateway.identity import queries
from gateway.identity.tokens import Keys
from gateway.settings import GatewaySettings, load
from shared.chassis import logs, scope
from shared.chassis.clock import Clock
from shared.chassis.worker import every, stop_on_signal
from shared.schemas.audit import HeadIn
from shared.storage.checkpoints import publish_forever
from shared.storage.database import Database
from shared.storage.idempotency import FORGET_SECONDS, forget_expired

PRUNE_SECONDS = 600.0
KEEP_ATTEMPTS = dt.timedelta(days=1)
log = logging.getLogger("anju.worker")


async def work(settings: GatewaySettings, clock: Clock, stop: asyncio.Event) -> None:
    """Until `stop` is set."""
    database = Database(settings.database_url.get_secret_value(), pool_size=2)
    relay = Database(settings.relay_url, pool_size=1)
    keys = Keys(settings)

    async def keep(heads: Sequence[HeadIn]) -> None:
        async with database.session() as session:
            now = clock.now()
            await checkpoints.keep(session, keys, settings.checkpoint_file, settings.service, heads, now)
            await session.commit()

    async def prune() -> None:
        async with database.session() as session:
            now = clock.now()
            await queries.prune(session, now, now - KEEP_ATTEMPTS)
            await session.commit()

    try:
        with scope.within(scope.EVERYWHERE):
            async with asyncio.TaskGroup() as group:
                group.create_task(publish_forever(relay, keep, settings.checkpoint_seconds, stop))
                group.create_task(every(PRUNE_SECONDS, prune, stop))
                group.create_task(every(FORGET_SECONDS, partial(forget_expired, database, clock), stop))
    finally:
        await database.close()
        await relay.close()


async def main(settings: GatewaySettings) -> None:
    log.info("worker started")
    await work(settings, settings.clock(), stop_on_signal())
    log.info("worker stopped")


if __name__ == "__main__":
    try:
        loaded = load()
    except ValidationError as error:
        reasons = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        sys.exit(f"设置有误 / settings: {reasons}")
    logs.configure(f"{loaded.service}-worker", loaded.log_level)
    asyncio.run(main(loaded))
