"""Idempotency-Key: the same request again gets the same answer, and the effect happens once.

The answer is stored in the transaction of its effect. While a first request runs, its key is held by a transaction
advisory lock, so a parallel retry is told 409 + Retry-After instead of waiting. A key is bound to caller, operation
and content; another content under the same key is 422. The digest of the content is keyed: whoever reads the
database cannot try which ID number somebody asked about.
"""

import datetime as dt
import hashlib
import hmac
import json
import re
from collections.abc import Sequence

import orjson
from sqlalchemy import delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response

from shared.chassis import scope
from shared.chassis.clock import Clock
from shared.chassis.identity import Caller
from shared.chassis.keys import Keys
from shared.errors import Conflict, Invalid
from shared.storage.database import Database
from shared.storage.tables import idempotency

_KEY = re.compile(r"[\x21-\x7e]{8,128}")
KEPT = dt.timedelta(days=2)
"""An Idempotency-Key may be used again after this long."""
FORGET_SECONDS = 600.0
_KEPT_HEADERS = ("content-type", "etag", "location")


class BadIdempotencyKey(Invalid):
    code, title, title_en = "bad_idempotency_key", "Idempotency-Key 格式不正确", "Bad Idempotency-Key"


class KeyReused(Invalid):
    code, title, title_en = "idempotency_key_reused", "同一个 Idempotency-Key 已用于不同的内容", "Key reused"


class StillRunning(Conflict):
    code, title, title_en = "still_running", "同一请求正在处理", "Still running"


def key_of(request: Request) -> str | None:
    key = request.headers.get("idempotency-key")
    if key is not None and not _KEY.fullmatch(key):
        raise BadIdempotencyKey("须为 8 至 128 个可见 ASCII 字符")
    return key


async def digests_of(request: Request, operation: str) -> list[bytes]:
    """Of operation, target and content, under every known key, the current one first.

    Content is canonical JSON, or each part's SHA-256 (clients change the boundary).
    """
    digest = hashlib.sha256(f"{operation} {request.scope['path']}?{request.url.query}\n".encode())
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        parts = []
        for name, value in (await request.form()).multi_items():
            if isinstance(value, UploadFile):
                part = hashlib.sha256()
                while block := await value.read(1 << 20):
                    part.update(block)
                await value.seek(0)
                parts.append([name, value.filename, part.hexdigest()])
            else:
                parts.append([name, value])
        digest.update(orjson.dumps(sorted(parts, key=str)))
    elif await request.body():
        # The standard library writes whatever it has read: lone surrogates and integers of any size too.
        digest.update(json.dumps(await request.json(), sort_keys=True).encode())
    keys: Keys = request.app.state.settings.keys()
    derived = keys.derived("anju idempotency")
    current = sorted(derived, key=lambda key_id: key_id != keys.current)
    return [hmac.digest(derived[key_id], digest.digest(), "sha256") for key_id in current]


async def begin(session: AsyncSession, caller: Caller, key: str, digests: Sequence[bytes]) -> Response | None:
    """Hold the key for this transaction; a stored answer is given again."""
    lock = int.from_bytes(hashlib.sha256(f"{caller.subject} {key}".encode()).digest()[:8], "big", signed=True)
    if not (await session.execute(select(func.pg_try_advisory_xact_lock(lock)))).scalar_one():
        raise StillRunning("同一请求正在处理，请稍后用同一个 Idempotency-Key 重试", headers={"Retry-After": "1"})
    found = (
        await session.execute(
            select(idempotency.c.digest, idempotency.c.status, idempotency.c.headers, idempotency.c.body).where(
                idempotency.c.division_code == caller.home,
                idempotency.c.caller == caller.subject,
                idempotency.c.key == key,
            )
        )
    ).one_or_none()
    if found is None:
        return None
    if found.digest not in digests:
        raise KeyReused("换一个 Idempotency-Key，或发送与第一次相同的内容")
    return Response(found.body, found.status, found.headers | {"Idempotency-Replayed": "true"})


async def keep(
    session: AsyncSession,
    caller: Caller,
    key: str,
    operation: str,
    digest: bytes,
    response: Response,
    body: bytes,
    now: dt.datetime,
) -> None:
    await session.execute(
        insert(idempotency).values(
            division_code=caller.home,
            caller=caller.subject,
            key=key,
            operation=operation,
            digest=digest,
            status=response.status_code,
            headers={name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers},
            body=body,
            recorded_at=now,
        )
    )


async def forget_expired(database: Database, clock: Clock) -> None:
    """Delete answers nobody will ask for again, in all divisions; a worker's chore."""
    with scope.within(scope.EVERYWHERE):
        async with database.session() as session:
            await session.execute(delete(idempotency).where(idempotency.c.recorded_at < clock.now() - KEPT))
            await session.commit()
