"""A real service beside a real gateway, each on a database of its own; every test gets a county of its own.

Requests go to the app in process; the worker's step is `run_jobs`. Tokens are signed by the gateway's own key, which
the service fetches as it does in production. `projects.py` and `petitions.py` say what is each one's own.
"""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from typing import Any, ClassVar, Generic, TypeVar

import httpx
import pytest
from fastapi import FastAPI
from joserfc.jwk import OKPKey

from deploy.parts import GATEWAY
from deploy.postgres.databases import Database as Addresses
from gateway.settings import read_key
from shared.chassis.clock import FixedClock
from shared.chassis.identity import Caller, claims_of, prefix_of, sign
from shared.clients.gateway import GatewayClient
from shared.schemas.base import SHANGHAI
from shared.service.settings import ServiceSettings
from shared.service.worker import Duties, Tools
from shared.storage import jobs
from shared.storage.database import Database
from tests.support import gateway as gateways
from tests.support.postgres import Templates
from tests.support.watching import WATCH, hear

LEASE = dt.timedelta(seconds=30)
MORNING = dt.datetime(2026, 11, 23, 9, 0, tzinfo=SHANGHAI)
T = TypeVar("T")

_counties = (str(number) for number in count(110101) if number % 100)
COUNTIES = """
insert into division (code, name, level)
select (110000 + n)::text, '试验县', 'county' from generate_series(101, 9999) n where n % 100 > 0
"""
"""What `County.code` counts through, for the gateway's directory."""


class Ticking(FixedClock):
    """A clock that moves by a millisecond whenever it is read, and otherwise only when told."""

    def now(self) -> dt.datetime:
        self.advance(dt.timedelta(milliseconds=1))
        return super().now()


@dataclass(frozen=True)
class Directory:
    """A gateway, and the key it signs with."""

    gateway: gateways.Gateway
    key: OKPKey


@dataclass
class Service:
    """The service, its worker's handlers and the keys of its door."""

    settings: ServiceSettings
    app: FastAPI
    http: httpx.AsyncClient
    addresses: Addresses
    database: Database
    clock: Ticking
    key: OKPKey
    gateway: gateways.Gateway
    client: GatewayClient
    handlers: Mapping[str, jobs.Handler]

    @property
    def base(self) -> str:
        return f"/v1/{self.settings.service}"

    def token(
        self,
        role: str = "office",
        home: str = "999902",
        subject: str = "user:1",
        unit: str | None = None,
        **changed: Any,
    ) -> str:
        caller = Caller(subject, "张三", frozenset({role}), prefix_of(home), home, unit)
        settings: dict[str, Any] = {"audience": self.settings.service, "seconds": 30, "kind": "internal+jwt"} | changed
        return sign(self.key, claims_of(caller), **settings)

    async def call(self, token: str, method: str, path: str, **more: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {token}"} | more.pop("headers", {})
        return await self.http.request(method, self.base + path, headers=headers, **more)

    async def run_jobs(self) -> int:
        """What the worker does until nothing is due; how many jobs it ran."""
        done = 0
        while await jobs.run_one(self.database, self.handlers, LEASE, self.clock):
            done += 1
        return done


S = TypeVar("S", bound=Service)


@dataclass
class County(Generic[S]):
    """One county at work, as a person of its `ROLE` unless said otherwise."""

    ROLE: ClassVar[str] = "office"

    service: S
    code: str = field(default_factory=partial(next, _counties))
    subject: str = "user:1"
    admin: str | None = None

    async def unit(self, code: str, name: str | None = None, kind: str = "department") -> None:
        """A unit of this county in the gateway's directory."""
        await self._register("units", {"code": code, "name": name or f"{code} 局", "kind": kind})

    async def person(
        self, code: str, name: str | None = None, unit: str | None = None, post: str | None = None
    ) -> None:
        """A person of this county in the gateway's directory."""
        body = {"code": code, "name": name or f"{code} 同志", "unit_code": unit, "post": post}
        await self._register("persons", body)

    async def _register(self, kind: str, body: Mapping[str, Any]) -> None:
        gateway = self.service.gateway
        self.admin = self.admin or await gateway.admin()
        path = f"/v1/directory/{kind}"
        answer = await gateway.call(self.admin, "POST", path, json={**body, "division_code": self.code})
        assert answer.status_code == 201, answer.text

    async def call(
        self,
        method: str,
        path: str,
        *,
        role: str | None = None,
        subject: str | None = None,
        unit: str | None = None,
        **more: Any,
    ) -> httpx.Response:
        token = self.service.token(role or self.ROLE, self.code, subject or self.subject, unit)
        return await self.service.call(token, method, path, **more)

    async def read(self, path: str, **query: Any) -> dict[str, Any]:
        """The JSON of a GET that must succeed."""
        answer = await self.call("GET", path, params={k: v for k, v in query.items() if v is not None})
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def every(self, path: str, **query: Any) -> list[dict[str, Any]]:
        """All items of a list, page by page."""
        items: list[dict[str, Any]] = []
        cursor: str | None = None
        while True:
            page = await self.read(path, cursor=cursor, **query)
            items += page["items"]
            cursor = page["next_cursor"]
            if cursor is None:
                return items

    async def add(self, path: str, **facts: Any) -> dict[str, Any]:
        """The JSON of a POST that must create a row of this county."""
        answer = await self.call("POST", path, json={"division_code": self.code, **facts})
        assert answer.status_code == 201, answer.text
        return dict(answer.json())


async def until(look: Callable[[], Awaitable[T]], enough: Callable[[T], bool]) -> T:
    """Look again and again, for a minute at most, until what is seen is enough."""
    async with asyncio.timeout(60):
        seen = await look()
        while not enough(seen):
            await asyncio.sleep(0.02)
            seen = await look()
        return seen


@asynccontextmanager
async def running(
    kind: type[S],
    settings: type[ServiceSettings],
    create: Callable[..., FastAPI],
    duties: Callable[[Tools], Duties],
    addresses: Addresses,
    directory: Directory,
) -> AsyncIterator[S]:
    """The service as `create` makes it, with the handlers of its worker's `duties`, on the morning of 2026-11-23."""
    told = settings(
        environment="local",
        database_url=addresses.app_url,
        gateway_url=directory.gateway.url,
        client_secret=gateways.SECRETS[settings.service],
        data_key="data-key-of-the-tests",
    )
    clock = Ticking(MORNING)
    app = create(told, clock)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(app.router.lifespan_context(app))
        hear()
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        hooks = {"response": [WATCH.answered]}
        client = httpx.AsyncClient(transport=transport, base_url="http://service", event_hooks=hooks)
        http = await stack.enter_async_context(client)
        database, asked = app.state.database, app.state.gateway
        own = duties(Tools(told, database, asked, app.state.parties, clock))
        # Migrating a template and making the app hold up the loop that the gateway lives in.
        await directory.gateway.awake()
        yield kind(told, app, http, addresses, database, clock, directory.key, directory.gateway, asked, own.handlers)


@pytest.fixture(scope="session")
async def directory(templates: Templates, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Directory]:
    """One for the session."""
    with templates.clone(GATEWAY) as database:
        templates.server.psql(script=COUNTIES, database=database.name)
        settings = gateways.settings_for(database, tmp_path_factory.mktemp("gateway"))
        async with gateways.running(settings) as gateway:
            yield Directory(gateway, read_key(settings.signing_key.get_secret_value()))
