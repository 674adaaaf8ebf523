"""The heads of all audit chains of one database, told to the gateway again and again by every worker."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence

from sqlalchemy import select

from shared.schemas.audit import HeadIn
from shared.storage.database import Database
from shared.storage.tables import audit_head

Send = Callable[[Sequence[HeadIn]], Awaitable[object]]
BATCH = 1000
RETRY_SECONDS = 5.0
log = logging.getLogger("anju.checkpoints")


async def publish(relay: Database, send: Send, published: dict[str, int]) -> None:
    """Send every head that moved since `published` (division → seq), which then knows it."""
    async with relay.session() as session:
        rows = await session.execute(
            select(audit_head.c.division_code, audit_head.c.seq, audit_head.c.hash).where(audit_head.c.seq > 0)
        )
        heads = [HeadIn(division_code=code, seq=seq, hash=digest.hex()) for code, seq, digest in rows]
    moved = [head for head in heads if published.get(head.division_code) != head.seq]
    for start in range(0, len(moved), BATCH):
        part = moved[start : start + BATCH]
        await send(part)
        published |= {head.division_code: head.seq for head in part}


async def publish_forever(relay: Database, send: Send, seconds: float, stop: asyncio.Event) -> None:
    """Once at the start, then every `seconds` until told to stop; what fails is tried again soon."""
    published: dict[str, int] = {}
    while not stop.is_set():
        pause = seconds
        try:
            await publish(relay, send, published)
        except Exception as error:
            log.error("checkpoints not published", exc_info=error)
            pause = min(seconds, RETRY_SECONDS)
        try:
            await asyncio.wait_for(stop.wait(), pause)
        except TimeoutError:
            continue
