"""What the gateway signs and what it accepts: access tokens for clients, internal ones for one service each.

An access token carries the epoch of its subject's credentials. A changed password, role or secret raises the epoch, and
every gateway process learns of it within `POLL_SECONDS`: no clock decides, and a new login is valid at once.
"""

import asyncio
import logging
import time
from dataclasses import dataclass, field, replace
from typing import Any

from joserfc.jwk import KeySet, OKPKey
from starlette.types import Scope as AsgiScope

from gateway.identity import queries
from gateway.limits import Rate
from gateway.proxy import Admission
from gateway.settings import GatewaySettings, read_key
from shared.chassis import scope
from shared.chassis.clock import Clock
from shared.chassis.identity import INTERNAL_SECONDS, VISITOR, Caller, caller_of, claims_of, prefix_of, sign, verify
from shared.errors import Forbidden, Unauthenticated, Unavailable
from shared.storage.database import Database

AUDIENCE = "anju"
ACCESS_SECONDS = 900
REUSE_INTERNAL_SECONDS = 5.0
POLL_SECONDS = 2.0
RETRY_SECONDS = 0.5
STALE_SECONDS = 5.0
"""Revocations not read for this long: better nobody than somebody who was shut out."""
MAX_GRANTS = 20_000
OWN_SERVICE = "gateway"
SEEN_THROUGH = "internal:"
"""Before a token that the gateway made for its own operations, see `behalf`."""
log = logging.getLogger("anju.identity")


class SecondHop(Forbidden):
    code, title, title_en = "second_hop", "被服务调用的服务不得再调用其他服务", "Second hop"


def caller_of_user(row: dict[str, Any]) -> Caller:
    code = row["division_code"]
    return Caller(f"user:{row['id']}", row["name"], frozenset(row["roles"]), prefix_of(code), code, row["unit_code"])


def caller_of_client(row: dict[str, Any]) -> Caller:
    code = row["division_code"]
    return Caller(f"client:{row['id']}", row["name"], frozenset({row["role"]}), prefix_of(code), code)


class Keys:
    """The key that signs, and every key that verifies."""

    def __init__(self, settings: GatewaySettings) -> None:
        self.signing = read_key(settings.signing_key.get_secret_value())
        retired = [read_key(settings.retired_key)] if settings.retired_key else []
        self.known = KeySet([self.signing, *retired])

    def document(self) -> dict[str, Any]:
        """The JWKS (RFC 7517), public halves only."""
        shown: list[OKPKey] = [key for key in self.known.keys if isinstance(key, OKPKey)]
        return {"keys": [key.as_dict(private=False) | {"use": "sig", "alg": "Ed25519"} for key in shown]}

    def access_token(self, caller: Caller, epoch: int, session: str | None = None) -> str:
        claims = claims_of(caller) | {"ver": epoch} | ({"sid": session} if session else {})
        return sign(self.signing, claims, audience=AUDIENCE, seconds=ACCESS_SECONDS, kind="at+jwt")

    def internal_token(self, caller: Caller, service: str) -> str:
        return sign(self.signing, claims_of(caller), audience=service, seconds=INTERNAL_SECONDS, kind="internal+jwt")


class Revocations:
    """Who was shut out lately, read from the database again and again by `run`."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.database, self.clock = database, clock
        self.epochs: dict[str, int] = {}
        self.read_at = -STALE_SECONDS

    async def read(self) -> None:
        # The answer is as old as its question.
        asked_at = time.monotonic()
        with scope.within(scope.EVERYWHERE):
            async with self.database.session() as session:
                self.epochs = await queries.voided(session, self.clock.now())
        self.read_at = asked_at

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                async with asyncio.timeout(POLL_SECONDS):
                    await self.read()
                await asyncio.sleep(POLL_SECONDS)
            except Exception as error:
                log.error("revocations cannot be read", exc_info=error)
                await asyncio.sleep(RETRY_SECONDS)

    async def complaint(self) -> str | None:
        """The readiness check."""
        return "吊销名单未能更新" if time.monotonic() - self.read_at > STALE_SECONDS else None

    def check(self, subject: str, epoch: int, session: str | None) -> None:
        if time.monotonic() - self.read_at > STALE_SECONDS:
            raise Unavailable("暂时无法确认登录状态，请稍后再试")
        if self.epochs.get(subject, 0) > epoch or (session is not None and f"session:{session}" in self.epochs):
            raise Unauthenticated("登录已失效，请重新登录")


@dataclass(slots=True)
class Grant:
    """A verified access token, with the internal tokens made from it lately."""

    caller: Caller
    expires_at: int
    epoch: int
    session: str | None
    bearers: dict[str, tuple[float, Admission]] = field(default_factory=dict)


class Door:
    """Answers for every request who is calling, from memory: the gateway's own routes and the forwarded ones."""

    def __init__(self, keys: Keys, revocations: Revocations, settings: GatewaySettings) -> None:
        self.keys, self.revocations = keys, revocations
        self.grants: dict[str, Grant] = {}
        self.visitors: dict[str, tuple[float, str]] = {}
        self.user_rate = Rate("caller", settings.user_requests_per_minute, 60)
        self.visitor_rate = Rate("visitor", settings.visitor_requests_per_minute, 60)
        self.service_rate = Rate("service", settings.service_requests_per_minute, 60)

    async def caller(self, token: str) -> Caller:
        if token.startswith(SEEN_THROUGH):
            internal = token.removeprefix(SEEN_THROUGH)
            return caller_of(verify(internal, self.keys.known, audience=OWN_SERVICE, kind="internal+jwt"))
        return self.grant(token).caller

    def grant(self, token: str) -> Grant:
        grant = self.grants.get(token)
        if grant is None:
            claims = verify(token, self.keys.known, audience=AUDIENCE, kind="at+jwt")
            grant = Grant(caller_of(claims), claims["exp"], claims["ver"], claims.get("sid"))
            if len(self.grants) >= MAX_GRANTS:
                self.grants.clear()
            self.grants[token] = grant
        elif grant.expires_at <= time.time():
            del self.grants[token]
            raise Unauthenticated("登录已过期")
        self.revocations.check(grant.caller.subject, grant.epoch, grant.session)
        return grant

    async def admit(self, asgi: AsgiScope, service: str) -> Admission:
        """The proxy's hook: the caller's identity signed for `service`."""
        if asgi["raw_path"].startswith(f"/v1/{service}/public/".encode()):
            return self._visitor(asgi, service)
        authorization, subject = b"", None
        for name, value in asgi["headers"]:
            if name == b"authorization":
                authorization = value
            elif name == b"x-anju-on-behalf-of":
                subject = value
        kind, _, token = authorization.decode("latin-1").partition(" ")
        if kind.lower() != "bearer" or not token:
            raise Unauthenticated("缺少登录凭证")
        grant = self.grant(token.strip())
        if subject is not None:
            return self._admission(self._on_behalf(grant.caller, subject.decode("latin-1")), grant.caller, service)
        made = grant.bearers.get(service)
        now = time.monotonic()
        if made is None or now - made[0] > REUSE_INTERNAL_SECONDS:
            made = (now, self._admission(grant.caller, grant.caller, service))
            grant.bearers[service] = made
        return made[1]

    def _visitor(self, asgi: AsgiScope, service: str) -> Admission:
        """Whoever asks is nobody, with an account or without, and is counted by address."""
        now, address = time.monotonic(), asgi["client"][0] if asgi["client"] else "unknown"
        made_at, bearer = self.visitors.get(service, (0.0, ""))
        if not bearer or now - made_at > REUSE_INTERNAL_SECONDS:
            bearer = f"Bearer {self.keys.internal_token(VISITOR, service)}"
            self.visitors[service] = (now, bearer)
        return Admission(f"visitor:{address}", bearer, self.visitor_rate)

    def _admission(self, caller: Caller, counted: Caller, service: str) -> Admission:
        rate = self.service_rate if "service" in counted.roles else self.user_rate
        return Admission(counted.subject, f"Bearer {self.keys.internal_token(caller, service)}", rate)

    def _on_behalf(self, service: Caller, subject_token: str) -> Caller:
        """Whoever asked the service, seen through it; `subject_token` is the internal one the service was sent.

        The role `service` is added: summaries admit it whatever the caller's own rights.
        """
        if "service" not in service.roles:
            raise Forbidden("只有系统服务可以代他人调用")
        audience = service.subject.removeprefix("client:")
        asked = caller_of(verify(subject_token, self.keys.known, audience=audience, kind="internal+jwt"))
        if asked.on_behalf_of:
            raise SecondHop("请由最初的服务取齐所需信息")
        return replace(asked, roles=asked.roles | {"service"}, on_behalf_of=service.subject)
