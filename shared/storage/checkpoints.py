"""The heads of all audit chains of one database, told to the gateway again and again by every worker."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from sqlalchemy import select

from shared.chassis.worker import every
from shared.schemas.audit import HeadIn
from shared.storage.database import Database
from shared.storage.tables import audit_head

Send = Callable[[Sequence[HeadIn]], Awaitable[object]]
BATCH = 1000


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
    """Once at the start, then every `seconds` until told to stop."""
    published: dict[str, int] = {}

    async def publish_heads() -> None:
        await publish(relay, send, published)

    await every(seconds, publish_heads, stop)
