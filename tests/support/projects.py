"""The real projects service beside a real gateway, each on a database of its own; every test gets a county of its own.

Requests go to the app in process; the import worker's step is `run_jobs`. Tokens are signed by the gateway's own key,
which the service fetches as it does in production.
"""

import asyncio
import datetime as dt
import io
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any, TypeVar

import asyncpg
import httpx
import openpyxl
import pytest
from fastapi import FastAPI
from joserfc.jwk import OKPKey
from sqlalchemy import event

from deploy.parts import Part
from deploy.postgres.databases import Database as Addresses
from deploy.postgres.server import Server
from gateway.settings import read_key
from services.projects import app as service
from services.projects.ledger.imports.service import run_import
from services.projects.parties import Parties
from services.projects.settings import ProjectsSettings
from services.projects.supervision import sweeping
from shared.chassis.clock import FixedClock
from shared.chassis.identity import Caller, claims_of, prefix_of, sign
from shared.clients.gateway import GatewayClient
from shared.schemas.base import SHANGHAI
from shared.storage import jobs
from shared.storage.database import Database
from tests.support import gateway as gateways
from tests.support.postgres import clone

BASE = "/v1/projects"
LEASE = dt.timedelta(seconds=30)
MORNING = dt.datetime(2026, 11, 23, 9, 0, tzinfo=SHANGHAI)
T = TypeVar("T")
Cells = Sequence[Sequence[Any]]

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


@dataclass
class Projects:
    """The service, its worker's handlers and the keys of its door."""

    app: FastAPI
    http: httpx.AsyncClient
    addresses: Addresses
    database: Database
    clock: Ticking
    key: OKPKey
    gateway: gateways.Gateway
    client: GatewayClient

    def token(
        self,
        role: str = "office",
        home: str = "999902",
        subject: str = "user:1",
        unit: str | None = None,
        **changed: Any,
    ) -> str:
        caller = Caller(subject, "张三", frozenset({role}), prefix_of(home), home, unit)
        settings: dict[str, Any] = {"audience": "projects", "seconds": 30, "kind": "internal+jwt"} | changed
        return sign(self.key, claims_of(caller), **settings)

    async def call(self, token: str, method: str, path: str, **more: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {token}"} | more.pop("headers", {})
        return await self.http.request(method, BASE + path, headers=headers, **more)

    @property
    def handlers(self) -> Mapping[str, jobs.Handler]:
        return {
            "import_ledger": run_import(self.database, self.client, self.clock),
            sweeping.KIND: sweeping.run_sweep(self.database, Parties(self.client), self.clock),
        }

    async def run_jobs(self) -> int:
        """What the worker does until nothing is due; how many jobs it ran."""
        done = 0
        while await jobs.run_one(self.database, self.handlers, LEASE, self.clock):
            done += 1
        return done

    def county(self) -> "County":
        return County(self, next(_counties))


@dataclass
class County:
    """One county's office at work."""

    projects: Projects
    code: str
    subject: str = "user:1"
    headers: dict[str, str] = field(default_factory=dict)
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
        gateway = self.projects.gateway
        self.admin = self.admin or await gateway.admin()
        path = f"/v1/directory/{kind}"
        answer = await gateway.call(self.admin, "POST", path, json={**body, "division_code": self.code})
        assert answer.status_code == 201, answer.text

    async def call(
        self,
        method: str,
        path: str,
        *,
        role: str = "office",
        subject: str | None = None,
        unit: str | None = None,
        **more: Any,
    ) -> httpx.Response:
        """As one of this county: the office's user 1 unless said otherwise."""
        token = self.projects.token(role, self.code, subject or self.subject, unit)
        return await self.projects.call(token, method, path, **more)

    async def read(self, path: str, **query: Any) -> dict[str, Any]:
        """The JSON of a GET that must succeed."""
        answer = await self.call("GET", path, params={k: v for k, v in query.items() if v is not None})
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def create(self, name: str, **facts: Any) -> dict[str, Any]:
        answer = await self.call("POST", "/projects", json={"division_code": self.code, "name": name, **facts})
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    async def change(self, project: Mapping[str, Any], **facts: Any) -> dict[str, Any]:
        """PATCH at the version given."""
        answer = await self.call(
            "PATCH", f"/projects/{project['id']}", json=facts, headers={"If-Match": f'"{project["version"]}"'}
        )
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def move(self, project: Mapping[str, Any], machine: str, to: str, **more: Any) -> httpx.Response:
        """A status change; `machine` is `construction` or `resolution`."""
        return await self.call(
            "POST",
            f"/projects/{project['id']}/{machine}-status",
            json={"to": to, "reason": "现场核查", **more},
            headers={"If-Match": f'"{project["version"]}"'},
        )

    async def upload(self, content: bytes, *, query: str = "", **fields: str) -> httpx.Response:
        return await self.call("POST", f"/imports{query}", files={"file": ("台账.xlsx", content)}, data=fields)

    async def load(self, content: bytes, *, dry_run: bool = False, **fields: str) -> dict[str, Any]:
        """Upload, run the worker's step, and give the finished import."""
        accepted = await self.upload(content, query="?dry_run=true" if dry_run else "", **fields)
        assert accepted.status_code == 202, accepted.text
        await self.projects.run_jobs()
        return await self.read(f"/imports/{accepted.json()['id']}")

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

    async def named(self) -> dict[str, dict[str, Any]]:
        """Every project by its name."""
        return {p["name"]: p for p in await self.every("/projects")}


@asynccontextmanager
async def inside(county: County) -> AsyncIterator[asyncpg.Connection]:
    """As the role that serves requests, in a county."""
    connection = await asyncpg.connect(county.projects.addresses.app_url.replace("+asyncpg", ""))
    try:
        async with connection.transaction():
            await connection.execute(f"set local app.lo = '{county.code}'; set local app.hi = '{county.code}~'")
            yield connection
    except asyncpg.InFailedSQLTransactionError:
        pass
    finally:
        await connection.close()


def workbook(rows: Cells, sheet: str = "台账") -> bytes:
    """Rows of cells as an .xlsx."""
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.title = sheet
    for row in rows:
        page.append(list(row))
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def ledger(heads: Sequence[str], *rows: Sequence[Any], as_of: str | None = None) -> bytes:
    """A ledger with its heads and, where wanted, a 截至 line."""
    above: Cells = [["问题楼盘台账"], [f"截至：{as_of}"]] if as_of else [["问题楼盘台账"]]
    return workbook([*above, heads, *rows])


def cells_of(content: bytes) -> list[list[Any]]:
    """The first sheet of an .xlsx."""
    page = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    return [[cell.value for cell in row] for row in page.iter_rows()]


def edited(content: bytes, change: Mapping[str, Any]) -> bytes:
    """The same workbook with some cells changed, as a clerk does it offline: address to value."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    for address, value in change.items():
        book.worksheets[0][address] = value
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


async def until(look: Callable[[], Awaitable[T]], enough: Callable[[T], bool]) -> T:
    """Look again and again, for a minute at most, until what is seen is enough."""
    async with asyncio.timeout(60):
        seen = await look()
        while not enough(seen):
            await asyncio.sleep(0.02)
            seen = await look()
        return seen


@asynccontextmanager
async def running(addresses: Addresses, gateway: gateways.Gateway, key: OKPKey) -> AsyncIterator[Projects]:
    settings = ProjectsSettings(
        environment="local",
        database_url=addresses.app_url,
        gateway_url=gateway.url,
        client_secret=gateways.PROJECTS_SECRET,
        data_key="data-key-of-the-tests",
        log_level="CRITICAL",
    )
    clock = Ticking(MORNING)
    app = service.create(settings, clock)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(app.router.lifespan_context(app))
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        http = await stack.enter_async_context(httpx.AsyncClient(transport=transport, base_url="http://projects"))
        client = app.state.gateway
        yield Projects(app, http, addresses, app.state.database, clock, key, gateway, client)


@pytest.fixture(scope="session")
async def directory(
    postgres_server: Server, gateway_template: Part, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[tuple[gateways.Gateway, OKPKey]]:
    """A gateway for the session, and the key it signs with."""
    with clone(postgres_server, gateway_template) as database:
        postgres_server.psql(script=COUNTIES, database=database.name)
        settings = gateways.settings_for(database, tmp_path_factory.mktemp("gateway"))
        async with gateways.running(settings) as gateway:
            yield gateway, read_key(settings.signing_key.get_secret_value())


@pytest.fixture(scope="session")
async def running_projects(
    postgres_server: Server, projects_template: Part, directory: tuple[gateways.Gateway, OKPKey]
) -> AsyncIterator[Projects]:
    with clone(postgres_server, projects_template) as addresses:
        async with running(addresses, *directory) as projects:
            yield projects


@pytest.fixture
def projects(running_projects: Projects) -> Projects:
    """The service on the morning of 2026-11-23; its clock may be moved."""
    running_projects.clock.set(MORNING)
    return running_projects


@pytest.fixture
def county(projects: Projects) -> County:
    return projects.county()


@pytest.fixture
async def fresh(projects_database: Addresses, directory: tuple[gateways.Gateway, OKPKey]) -> AsyncIterator[Projects]:
    """The service on a database nobody else uses."""
    async with running(projects_database, *directory) as projects:
        yield projects


@dataclass
class Statements:
    """SQL sent to one database while counting, BEGIN and COMMIT included."""

    texts: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.texts)


@pytest.fixture
def statements(projects: Projects) -> Iterator[Statements]:
    seen, engine = Statements(), projects.database.engine.sync_engine

    def executed(_: Any, __: Any, statement: str, *___: Any) -> None:
        seen.texts.append(statement)

    def begun(_: Any) -> None:
        seen.texts.append("BEGIN")

    def committed(_: Any) -> None:
        seen.texts.append("COMMIT")

    listeners: dict[str, Callable[..., Any]] = {"before_cursor_execute": executed, "begin": begun, "commit": committed}
    for name, listener in listeners.items():
        event.listen(engine, name, listener)
    yield seen
    for name, listener in listeners.items():
        event.remove(engine, name, listener)
