"""A service that has just started learns the gateway's keys once, and refuses nobody meanwhile."""

import asyncio

import pytest
from aiohttp import web
from joserfc.jwk import OKPKey

from deploy.ports import free_port
from shared.chassis.identity import Caller, Verifier, claims_of, sign
from shared.errors import Unauthenticated, Unavailable

CLERK = Caller("user:1", "clerk", frozenset({"office"}), "999902", "999902")


def key_named(name: str) -> OKPKey:
    return OKPKey.generate_key("Ed25519", {"kid": name}, private=True)


def token_by(key: OKPKey) -> str:
    return sign(key, claims_of(CLERK), audience="projects", seconds=30, kind="internal+jwt")


async def test_many_callers_at_a_cold_start() -> None:
    key, asked = key_named("one"), 0

    async def answer(_: web.Request) -> web.Response:
        nonlocal asked
        asked += 1
        await asyncio.sleep(0.1)
        return web.json_response({"keys": [key.as_dict(private=False)]})

    app = web.Application()
    app.router.add_get("/.well-known/jwks.json", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        verifier = Verifier("projects", f"http://127.0.0.1:{port}")
        token = token_by(key)
        assert await asyncio.gather(*(verifier.caller(token) for _ in range(20))) == [CLERK] * 20
        with pytest.raises(Unauthenticated):
            await verifier.caller(token_by(key_named("forged")))
        assert asked == 1
    finally:
        await runner.cleanup()


async def test_without_a_gateway_a_caller_is_told_to_come_again() -> None:
    verifier = Verifier("projects", "http://127.0.0.1:1")
    token = token_by(key_named("one"))
    found = await asyncio.gather(*(verifier.caller(token) for _ in range(5)), return_exceptions=True)
    assert [type(each) for each in found] == [Unavailable] * 5
