"""What a service is told about the caller, and the one hop a service may add."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from gateway.settings import GatewaySettings
from shared.chassis.identity import NOWHERE, Verifier
from shared.clients.gateway import GatewayClient
from tests.support.gateway import PROJECTS_SECRET, Gateway, running
from tests.support.listening import listening


@asynccontextmanager
async def echoing(settings: GatewaySettings) -> AsyncIterator[Gateway]:
    """A gateway whose projects service answers with the caller it sees and the token it was sent."""
    found: dict[str, Verifier] = {}

    async def echo(request: Request) -> Response:
        token = request.headers["authorization"].removeprefix("Bearer ")
        caller = await found["verifier"].caller(token)
        seen = {"subject": caller.subject, "roles": sorted(caller.roles), "scope": caller.scope, "home": caller.home}
        return JSONResponse(seen | {"on_behalf_of": caller.on_behalf_of, "token": token})

    async with listening(Starlette(routes=[Route("/v1/projects/{rest:path}", echo)])) as port:
        changed = settings.model_copy(update={"service_urls": {"projects": f"http://127.0.0.1:{port}"}})
        async with running(changed) as gateway:
            found["verifier"] = Verifier("projects", gateway.url)
            yield gateway


async def test_a_service_sees_the_caller(gateway_settings: GatewaySettings) -> None:
    async with echoing(gateway_settings) as gateway:
        await gateway.user(await gateway.admin(), "clerk", ["office", "leader"], "999902")
        token = await gateway.login("clerk")
        seen = await gateway.call(token, "GET", "/v1/projects/anything")
        body = seen.json()
        assert (body["roles"], body["scope"], body["home"]) == (["leader", "office"], "999902", "999902")
        assert body["on_behalf_of"] is None
        assert body["token"] != token
        assert "ratelimit" in seen.headers


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer x.y.z", "Basic eDp5", "Bearer \xff"])
async def test_strangers_are_refused(gateway_settings: GatewaySettings, header: str) -> None:
    async with echoing(gateway_settings) as gateway:
        headers = [(b"authorization", header.encode("latin-1"))]
        for path in ("/v1/projects/anything", "/v1/auth/me"):
            answer = await gateway.http.get(path, headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")


@pytest.mark.parametrize("path", ["/v1/projects/public", "/v1/projects/publicly/x", "/v1/projects/x/public/y"])
async def test_only_a_public_address_is_open(gateway_settings: GatewaySettings, path: str) -> None:
    async with echoing(gateway_settings) as gateway:
        assert (await gateway.http.get(path)).status_code == 401


async def test_whoever_asks_a_public_operation_is_a_visitor_counted_by_address(
    gateway_settings: GatewaySettings,
) -> None:
    narrow = gateway_settings.model_copy(update={"visitor_requests_per_minute": 3})
    async with echoing(narrow) as gateway:
        admin = await gateway.admin()
        for headers in ({}, {"Authorization": f"Bearer {admin}"}, {"Authorization": "Bearer x.y.z"}):
            seen = await gateway.http.get("/v1/projects/public/x", headers=headers)
            assert seen.status_code == 200, seen.text
            told = {name: seen.json()[name] for name in ("subject", "roles", "scope", "home", "on_behalf_of")}
            assert told == {
                "subject": "visitor",
                "roles": ["visitor"],
                "scope": NOWHERE,
                "home": NOWHERE,
                "on_behalf_of": None,
            }
        assert (await gateway.http.get("/v1/projects/public/x")).status_code == 429
        # Their own requests are counted apart.
        assert (await gateway.call(admin, "GET", "/v1/projects/x")).status_code == 200


async def test_an_internal_token_opens_no_door(gateway_settings: GatewaySettings) -> None:
    async with echoing(gateway_settings) as gateway:
        internal = (await gateway.call(await gateway.admin(), "GET", "/v1/projects/x")).json()["token"]
        assert (await gateway.call(internal, "GET", "/v1/projects/x")).status_code == 401


async def test_one_hop_on_behalf(gateway_settings: GatewaySettings) -> None:
    async with echoing(gateway_settings) as gateway:
        await gateway.user(await gateway.admin(), "clerk", ["office"], "999902")
        clerk = await gateway.login("clerk")
        service = await gateway.service()
        internal = (await gateway.call(clerk, "GET", "/v1/projects/x")).json()

        async def behalf(token: str, subject: str) -> httpx.Response:
            return await gateway.call(token, "GET", "/v1/projects/x", headers={"X-Anju-On-Behalf-Of": subject})

        hop = (await behalf(service, internal["token"])).json()
        assert (hop["subject"], hop["scope"]) == (internal["subject"], "999902")
        assert hop["on_behalf_of"] == "client:projects"
        assert hop["roles"] == ["office", "service"]
        second = await behalf(service, hop["token"])
        assert (second.status_code, second.json()["code"]) == (403, "second_hop")
        assert (await behalf(clerk, internal["token"])).status_code == 403
        assert (await behalf(service, clerk)).status_code == 401
        assert (await behalf(service, "nonsense")).status_code == 401


async def test_own_operations_on_behalf(gateway_settings: GatewaySettings) -> None:
    """What the gateway itself answers to a service is bounded by whoever asked the service."""
    async with echoing(gateway_settings) as gateway:
        root = await gateway.admin()
        for code in ("999901", "999902"):
            unit = {"division_code": code, "code": "ZJJ", "name": "住建局", "kind": "department"}
            assert (await gateway.call(root, "POST", "/v1/directory/units", json=unit)).status_code == 201
        await gateway.user(root, "clerk", ["office"], "999902")
        internal = (await gateway.call(await gateway.login("clerk"), "GET", "/v1/projects/x")).json()["token"]
        async with GatewayClient(gateway.url, "projects", PROJECTS_SECRET) as client:
            assert len(await client.list_units("999901")) == 1
            assert len(await client.list_units("999902", on_behalf_of=internal)) == 1
            assert await client.list_units("999901", on_behalf_of=internal) == []
        headers = {"X-Anju-On-Behalf-Of": internal}
        assert (await gateway.call(root, "GET", "/v1/directory/units", headers=headers)).status_code == 403
