"""Grants of the token endpoint (RFC 6749): who proves what, and what a failure costs."""

import asyncio
import datetime as dt
import hashlib
import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import unquote_plus
from uuid import UUID

from gateway.identity import queries, rules
from gateway.identity.passwords import hash_secret, is_password, is_secret, new_secret
from gateway.identity.queries import Row
from gateway.identity.tokens import ACCESS_SECONDS, Keys, caller_of_client, caller_of_user
from shared.chassis.identity import Caller, prefix_of
from shared.errors import Problem, TooManyRequests
from shared.schemas.gateway.identity import NATION, TokenOut
from shared.storage import Session
from shared.storage.ids import new_id
from shared.storage.journal import Change, record

REFRESH_LIFETIME = dt.timedelta(hours=12)
"""Of the login, however often it is refreshed."""
VOID_FOR = dt.timedelta(seconds=ACCESS_SECONDS + 60)
EVERY_EPOCH = 2**31 - 1
AT_ONCE = 2
MAX_WAITING = 64


class GrantRefused(Problem):
    """`error` is the word RFC 6749 5.2 has for it."""

    error = "invalid_request"
    code, title, title_en = "invalid_request", "令牌请求有误", "The token request is malformed"


class UnsupportedGrant(GrantRefused):
    error = "unsupported_grant_type"
    code, title, title_en = "unsupported_grant_type", "不支持此种授权方式", "The grant type is not supported"


class InvalidGrant(GrantRefused):
    error = "invalid_grant"
    code, title, title_en = "invalid_grant", "用户名或密码不对，或登录已失效", "The credentials or token are not valid"


class InvalidClient(GrantRefused):
    error = "invalid_client"
    status, code, title, title_en = 401, "invalid_client", "客户端编号或密钥不对", "Client authentication failed"


class Throttled(GrantRefused):
    error = "slow_down"
    status, code, title, title_en = 429, "login_throttled", "登录失败次数过多，请稍后再试", "Too many failed logins"


class Turnstile:
    """Passwords are verified a few at a time: each costs memory and a processor, and holds a connection."""

    def __init__(self) -> None:
        self._gate = asyncio.Semaphore(AT_ONCE)
        self._waiting = 0

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        if self._waiting >= MAX_WAITING:
            raise TooManyRequests("正在登录的人过多，请稍后再试")
        self._waiting += 1
        try:
            async with self._gate:
                yield
        finally:
            self._waiting -= 1


async def by_password(
    session: Session, keys: Keys, username: str, password: str, address: str, now: dt.datetime
) -> TokenOut:
    """Raises `InvalidGrant` or `Throttled`; what was counted and recorded is to be committed all the same."""
    username = username.lower()
    name_key, address_key = _key("name", username), _key("address", address)
    failures, failed_at = await queries.attempts(session, name_key, now, lock=True)
    wait = max(
        rules.locked_for(failures, failed_at, now),
        rules.pause_for(*await queries.attempts(session, address_key, now, lock=False), now),
    )
    if wait:
        raise Throttled(headers={"Retry-After": str(math.ceil(wait.total_seconds()))})
    user = await queries.user_by_name(session, username)
    proven = await is_password(password, user["password_hash"] if user else None)
    if user is None or not proven or user["disabled"]:
        failures = rules.failures_now(failures, failed_at, now) + 1
        await queries.set_failures(session, name_key, failures, now)
        await queries.add_failure(session, address_key, now, now - rules.LOCK)
        _record_failure(session, user, now, locked=failures >= rules.LOCK_AFTER_FAILURES)
        raise InvalidGrant
    await queries.set_failures(session, name_key, 0, now)
    caller = caller_of_user(user)
    record(session, Change(caller.home, "user", str(user["id"]), "login", caller, now))
    return await _issue(session, keys, user, new_id(), now + REFRESH_LIFETIME)


def _key(kind: str, text: str) -> bytes:
    return hashlib.sha256(f"{kind}:{text}".encode()).digest()


def _record_failure(session: Session, user: Row | None, now: dt.datetime, *, locked: bool) -> None:
    division_code = user["division_code"] if user else NATION
    nobody = Caller("system:login", "login", frozenset(), prefix_of(division_code), division_code)
    subject = str(user["id"]) if user else "unknown"
    detail = {"locked": locked, "disabled": bool(user and user["disabled"])}
    record(session, Change(division_code, "user", subject, "login_failed", nobody, now, detail=detail))


async def _issue(session: Session, keys: Keys, user: Row, family: UUID, until: dt.datetime) -> TokenOut:
    secret = new_secret()
    await queries.keep_refresh_token(
        session,
        {
            "division_code": user["division_code"],
            "hash": hash_secret(secret),
            "family": family,
            "user_id": user["id"],
            "epoch": user["epoch"],
            "expires_at": until,
        },
    )
    return TokenOut(
        access_token=keys.access_token(caller_of_user(user), user["epoch"], str(family)),
        expires_in=ACCESS_SECONDS,
        # Led by the division, so that the token is found under its tenant's key.
        refresh_token=user["division_code"] + secret,
    )


async def by_refresh_token(session: Session, keys: Keys, token: str, now: dt.datetime) -> TokenOut:
    """A new pair for an unused token. A used one was stolen, from us or from its owner: its family ends."""
    division_code, secret = token[:6], token[6:]
    found = await queries.use_refresh_token(session, division_code, hash_secret(secret), now)
    if found is None:
        raise InvalidGrant
    user = await queries.user(session, division_code, found["user_id"])
    if user is None or user["disabled"] or user["epoch"] != found["epoch"] or found["expires_at"] <= now:
        raise InvalidGrant
    if found["used_at"] is not None:
        await queries.end_family(session, division_code, found["family"], now)
        await queries.void_tokens(session, division_code, f"session:{found['family']}", EVERY_EPOCH, now + VOID_FOR)
        caller = caller_of_user(user)
        record(session, Change(division_code, "user", str(user["id"]), "refresh_token_reused", caller, now))
        raise InvalidGrant
    return await _issue(session, keys, user, found["family"], found["expires_at"])


async def by_client(session: Session, keys: Keys, client_id: str, secret: str, now: dt.datetime) -> TokenOut:
    """`secret` as sent, or form-encoded as RFC 6749 2.3.1 has it for HTTP Basic."""
    client = await queries.machine(session, "", client_id)
    stored = client["secret_hash"] if client else bytes(32)
    proven = any(is_secret(each, stored) for each in (secret, unquote_plus(secret)))
    if client is None or not proven or client["disabled"]:
        home = client["division_code"] if client else NATION
        nobody = Caller("system:login", "login", frozenset(), prefix_of(home), home)
        subject = client["id"] if client else "unknown"
        record(session, Change(home, "client", subject, "login_failed", nobody, now))
        raise InvalidClient
    caller = caller_of_client(client)
    record(session, Change(caller.home, "client", client["id"], "login", caller, now))
    return TokenOut(access_token=keys.access_token(caller, client["epoch"]), expires_in=ACCESS_SECONDS)
