"""Checkpoints: signed with the gateway's key, kept in its database and in a file that only grows."""

import asyncio
import datetime as dt
import logging
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import orjson
from joserfc import jws
from joserfc.errors import JoseError

from gateway.audit import queries
from gateway.audit.queries import Row
from gateway.identity.tokens import Keys
from shared.chassis.identity import ALGORITHM
from shared.schemas.audit import CheckpointOut, HeadIn
from shared.storage import Session

log = logging.getLogger("anju.checkpoints")
PAGE = 1000


async def keep(
    session: Session, keys: Keys, file: Path, service: str, heads: Sequence[HeadIn], now: dt.datetime
) -> list[CheckpointOut]:
    """Sign and keep `heads`. The file is written first: a line too many is harmless, a line too few is not."""
    known = await queries.latest(session, service, [head.division_code for head in heads])
    for head in heads:
        if head.seq < known.get(head.division_code, 0):
            log.error("an audit chain became shorter", extra={"division": head.division_code, "of": service})
    kept = [_signed(keys, service, head, now) for head in heads]
    lines = b"".join(orjson.dumps(each.model_dump(mode="json", exclude={"genuine"})) + b"\n" for each in kept)
    await asyncio.to_thread(_append, file, lines)
    rows = [each.model_dump(exclude={"genuine"}) | {"hash": bytes.fromhex(each.hash)} for each in kept]
    await queries.keep(session, rows)
    return kept


def _append(file: Path, lines: bytes) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        while lines:
            lines = lines[os.write(descriptor, lines) :]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _payload(checkpoint: dict[str, Any]) -> bytes:
    stated = {name: checkpoint[name] for name in ("division_code", "service", "seq", "hash")}
    return orjson.dumps(
        stated | {"recorded_at": checkpoint["recorded_at"].astimezone(dt.UTC)}, option=orjson.OPT_SORT_KEYS
    )


def _signed(keys: Keys, service: str, head: HeadIn, now: dt.datetime) -> CheckpointOut:
    values = head.model_dump() | {"service": service, "recorded_at": now}
    header = {"alg": ALGORITHM, "kid": keys.signing.kid, "typ": "checkpoint+jws"}
    signature = jws.serialize_compact(header, _payload(values), keys.signing, algorithms=[ALGORITHM])
    return CheckpointOut(**values, signature=signature, genuine=True)


def _holds(keys: Keys, checkpoint: dict[str, Any]) -> bool:
    try:
        found = jws.deserialize_compact(checkpoint["signature"], keys.known, algorithms=[ALGORITHM])
    except (JoseError, ValueError, KeyError):
        return False
    return found.payload == _payload(checkpoint)


async def page(
    session: Session, keys: Keys, scope: str, service: str | None, *, after: Sequence[Any] | None, limit: int
) -> tuple[list[CheckpointOut], list[Any] | None]:
    """A page of checkpoints, forged ones marked, and the position it ends at if there are more."""
    rows = await queries.page(session, scope, service, after=after, limit=limit + 1)
    shown = [row | {"hash": row["hash"].hex()} for row in rows[:limit]]
    for row in shown:
        row["genuine"] = _holds(keys, row)
        if not row["genuine"]:
            log.error("a checkpoint with a wrong signature", extra={"division": row["division_code"]})
    position = _position(shown[-1]) if len(rows) > limit else None
    return [CheckpointOut.model_validate(row) for row in shown], position


def _position(row: Row) -> list[Any]:
    return [row["division_code"], row["service"], row["seq"], row["hash"]]


async def every(session: Session, keys: Keys, scope: str, service: str) -> list[CheckpointOut]:
    """All checkpoints of one service's chains in a division prefix."""
    found, position = await page(session, keys, scope, service, after=None, limit=PAGE)
    while position is not None:
        more, position = await page(session, keys, scope, service, after=position, limit=PAGE)
        found += more
    return found
