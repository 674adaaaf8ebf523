"""A real gateway on a real socket and database, with the first administrator logged in."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from joserfc.jwk import OKPKey
from pydantic import SecretStr
from starlette.types import ASGIApp, Message

from deploy.parts import PROJECTS, SERVICES
from deploy.postgres.databases import Database
from gateway.app import create_app
from gateway.settings import GatewaySettings
from shared.chassis.clock import Clock
from tests.support.listening import listening
from tests.support.watching import WATCH

ADMIN, ADMIN_PASSWORD = "root-admin", "First-Login-2024"
SECRETS = {service.name: f"secret-of-the-{service.name}-service" for service in SERVICES}
PROJECTS_SECRET = SECRETS[PROJECTS.name]
PASSWORD = "Anju-2024-ok"


@asynccontextmanager
async def alive(app: ASGIApp) -> AsyncIterator[None]:
    """Run an app's lifespan as a server does."""
    to_app: asyncio.Queue[Message] = asyncio.Queue()
    from_app: asyncio.Queue[Message] = asyncio.Queue()
    running: asyncio.Task[None] = asyncio.create_task(
        app({"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}, to_app.get, from_app.put)  # type: ignore[arg-type]  # a coroutine function is what ASGI has
    )
    try:
        await to_app.put({"type": "lifespan.startup"})
        answer = await from_app.get()
        assert answer["type"] == "lifespan.startup.complete", answer
        yield
    finally:
        await to_app.put({"type": "lifespan.shutdown"})
        await running


def settings_for(database: Database, folder: Path, **changed: Any) -> GatewaySettings:
    key = OKPKey.generate_key("Ed25519", private=True)
    values: dict[str, Any] = {
        "environment": "local",
        "database_url": database.app_url,
        "relay_database_url": database.relay_url,
        "service_urls": dict.fromkeys(SECRETS, "http://127.0.0.1:1"),
        "signing_key": key.as_pem(private=True).decode(),
        "data_key": "data-key-of-the-tests",
        "checkpoint_file": folder / "checkpoints.jsonl",
        "bootstrap_user": ADMIN,
        "bootstrap_password": ADMIN_PASSWORD,
        "service_clients": {name: SecretStr(secret) for name, secret in SECRETS.items()},
        "log_level": "ERROR",
    }
    return GatewaySettings(**(values | changed))


@dataclass
class Gateway:
    """Calls of a running gateway; `tokens` are access tokens by username."""

    http: httpx.AsyncClient
    url: str

    async def grant(self, **form: str) -> httpx.Response:
        return await self.http.post("/v1/auth/token", data=form)

    async def login(self, username: str, password: str = PASSWORD) -> str:
        answer = await self.grant(grant_type="password", username=username, password=password)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["access_token"])

    async def admin(self) -> str:
        await self.awake()
        return await self.login(ADMIN, ADMIN_PASSWORD)

    async def awake(self) -> None:
        """Until it trusts its revocations again: between tests its loop stands still, and they grow old."""
        async with asyncio.timeout(60):
            answer = await self.http.get("/readyz")
            while answer.status_code != 200:
                await asyncio.sleep(0.02)
                answer = await self.http.get("/readyz")

    async def service(self) -> str:
        answer = await self.grant(grant_type="client_credentials", client_id="projects", client_secret=PROJECTS_SECRET)
        return str(answer.json()["access_token"])

    async def call(self, token: str, method: str, path: str, **more: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {token}"} | more.pop("headers", {})
        answer = await self.http.request(method, path, headers=headers, **more)
        if answer.status_code != 503:
            return answer
        await self.awake()
        return await self.http.request(method, path, headers=headers, **more)

    async def user(self, token: str, username: str, roles: list[str], division_code: str = "999902") -> dict[str, Any]:
        """A new user with `PASSWORD`."""
        body = {"username": username, "name": username, "password": PASSWORD, "roles": roles}
        answer = await self.call(token, "POST", "/v1/auth/users", json=body | {"division_code": division_code})
        assert answer.status_code == 201, answer.text
        return dict(answer.json())


@asynccontextmanager
async def running(settings: GatewaySettings, clock: Clock | None = None) -> AsyncIterator[Gateway]:
    app = create_app(settings, clock)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(alive(app))
        port = await stack.enter_async_context(listening(app))
        url = f"http://127.0.0.1:{port}"
        http = await stack.enter_async_context(
            httpx.AsyncClient(base_url=url, timeout=30, event_hooks={"response": [WATCH.answered]})
        )
        yield Gateway(http, url)
