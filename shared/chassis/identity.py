"""Who is calling: a short-lived token the gateway signed for this one service (Ed25519, RFC 9864).

A service accepts nothing else. The gateway's public keys come from its JWKS document and are asked again when a token
names a key nobody knows yet.
"""

import asyncio
import math
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import aiohttp
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OKPKey

from shared.errors import Unauthenticated, Unavailable

ALGORITHM = "Ed25519"
ISSUER = "anju-gateway"
INTERNAL_SECONDS = 30
JWKS_RETRY_SECONDS = 5.0
JWKS_FAILED_SECONDS = 1.0
CLOCK_SKEW_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Caller:
    """`scope` is a division prefix (county `999902`, city `9999`, province `99`, nation empty), `home` a full code."""

    subject: str
    name: str
    roles: frozenset[str]
    scope: str
    home: str
    unit: str | None = None
    on_behalf_of: str | None = None

    def covers(self, division_code: str) -> bool:
        return division_code.startswith(self.scope)


NOWHERE = "000001"
"""A code no division has."""
VISITOR = Caller("visitor", "访客", frozenset({"visitor"}), NOWHERE, NOWHERE)
"""Whoever asks a public operation: nobody in particular, who sees no division until the operation enters one."""


def prefix_of(division_code: str) -> str:
    """`999902` stays, city `999900` → `9999`, province `990000` → `99`."""
    while division_code.endswith("00"):
        division_code = division_code[:-2]
    return division_code


def claims_of(caller: Caller) -> dict[str, Any]:
    claims: dict[str, Any] = {
        "sub": caller.subject,
        "name": caller.name,
        "roles": sorted(caller.roles),
        "scope": caller.scope,
        "home": caller.home,
    }
    if caller.unit:
        claims["unit"] = caller.unit
    if caller.on_behalf_of:
        claims["obo"] = caller.on_behalf_of
    return claims


def caller_of(claims: dict[str, Any]) -> Caller:
    return Caller(
        subject=claims["sub"],
        name=claims["name"],
        roles=frozenset(claims["roles"]),
        scope=claims["scope"],
        home=claims["home"],
        unit=claims.get("unit"),
        on_behalf_of=claims.get("obo"),
    )


def sign(key: OKPKey, claims: dict[str, Any], *, audience: str, seconds: int, kind: str) -> str:
    now = int(time.time())
    header = {"alg": ALGORITHM, "kid": key.kid, "typ": kind}
    body = claims | {"iss": ISSUER, "aud": audience, "iat": now, "exp": now + seconds}
    return jwt.encode(header, body, key, algorithms=[ALGORITHM])


def verify(token: str, keys: KeySet, *, audience: str, kind: str) -> dict[str, Any]:
    """The claims of a valid token; anything else is `Unauthenticated`."""
    try:
        decoded = jwt.decode(token, keys, algorithms=[ALGORITHM])
    except (JoseError, ValueError, KeyError, TypeError):
        raise Unauthenticated("登录凭证无效") from None
    claims = decoded.claims
    if decoded.header.get("typ") != kind or claims.get("aud") != audience or claims.get("iss") != ISSUER:
        raise Unauthenticated("登录凭证不适用于此服务")
    if not isinstance(claims.get("exp"), int) or claims["exp"] < time.time() - (
        CLOCK_SKEW_SECONDS if kind == "internal+jwt" else 0
    ):
        raise Unauthenticated("登录已过期")
    return claims


class Verifier:
    """Verifies internal tokens of one service; remembers verified ones until they expire."""

    def __init__(self, service: str, gateway_url: str, keys: Iterable[OKPKey] = ()) -> None:
        self.service = service
        self.url = f"{gateway_url}/.well-known/jwks.json"
        self.keys = KeySet(list(keys))
        self.asked_at, self.answered = -math.inf, False
        self.asking = asyncio.Lock()
        self.seen: dict[str, tuple[float, Caller]] = {}

    async def caller(self, token: str) -> Caller:
        cached = self.seen.get(token)
        if cached is not None and cached[0] > time.time():
            return cached[1]
        if not self._knows_key(token):
            await self._ask(token)
        claims = verify(token, self.keys, audience=self.service, kind="internal+jwt")
        caller = caller_of(claims)
        if len(self.seen) > 10_000:
            self.seen.clear()
        self.seen[token] = (claims["exp"], caller)
        return caller

    def _knows_key(self, token: str) -> bool:
        try:
            kid = jws.extract_compact(token.encode()).headers().get("kid")
        except (JoseError, ValueError, KeyError, TypeError):
            raise Unauthenticated("登录凭证无效") from None
        return any(key.kid == kid for key in self.keys.keys)

    async def _ask(self, token: str) -> None:
        """One question at a time. Without an answer nobody is refused: that would be 401 for a token that is good."""
        async with self.asking:
            if self._knows_key(token):
                return
            since = time.monotonic() - self.asked_at
            if self.answered and since < JWKS_RETRY_SECONDS:
                return
            if not self.answered and since < JWKS_FAILED_SECONDS:
                raise Unavailable("暂时无法取得网关公钥")
            self.answered = False
            try:
                timeout = aiohttp.ClientTimeout(total=3)
                async with aiohttp.ClientSession(timeout=timeout) as session, session.get(self.url) as answer:
                    answer.raise_for_status()
                    self.keys = KeySet.import_key_set(await answer.json())
                self.answered = True
            except (aiohttp.ClientError, TimeoutError, ValueError, JoseError):
                raise Unavailable("暂时无法取得网关公钥") from None
            finally:
                self.asked_at = time.monotonic()
