"""The whole of Anju as real processes on a PostgreSQL of its own: what `make run` starts, made for tests.

A test kills and starts processes by the names of `make run`: gateway, gateway-worker, projects, projects-worker, ….
"""

import itertools
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from deploy import children, secrets
from deploy.local import BOOTSTRAP_USER, CLONE, URLS, environment_of
from deploy.parts import GATEWAY, PARTS
from deploy.ports import free_port
from deploy.postgres import databases
from deploy.postgres.databases import Database, Passwords
from deploy.postgres.server import Server
from deploy.postgres.temporary import temporary_server
from deploy.processes import READY_SECONDS, STOP_SECONDS, Process, Running
from shared.schemas.gateway.directory import UnitKind
from shared.schemas.gateway.identity import NATION, ClientRole
from tests.support.watching import WATCH

PASSWORD = "Anju-2024-house"
MACHINES = frozenset(ClientRole)
FRESH_SECONDS = 600.0  # an access token lives 900
UNLIMITED = "1000000000"
SETTINGS = {
    "ANJU_GATEWAY_USER_REQUESTS_PER_MINUTE": UNLIMITED,
    "ANJU_GATEWAY_OWN_REQUESTS_PER_MINUTE": UNLIMITED,
    "ANJU_GATEWAY_VISITOR_REQUESTS_PER_MINUTE": UNLIMITED,
    "ANJU_GATEWAY_SERVICE_REQUESTS_PER_MINUTE": UNLIMITED,
    # A sign-in says which address it comes from, so that failed logins of one test lock out no other.
    "ANJU_GATEWAY_TRUSTED_PROXIES": "127.0.0.1",
    **{f"{part.prefix}CHECKPOINT_SECONDS": "1" for part in PARTS},
    **{f"{part.prefix}JOB_LEASE_SECONDS": "2" for part in PARTS},
}
Headers = dict[str, str]


@dataclass
class House:
    """Addresses and databases by the name of the part, and accounts; `secrets` are named as in `deploy.secrets`."""

    server: Server
    logs: Path
    urls: Mapping[str, str]
    databases: Mapping[str, Database]
    secrets: Mapping[str, str]
    processes: Mapping[str, Process]
    _children: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    _tokens: dict[tuple[str, str], tuple[float, Headers]] = field(default_factory=dict)
    _client_secrets: dict[tuple[str, str], str] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    @property
    def gateway_url(self) -> str:
        return self.urls[GATEWAY.name]

    def start(self, name: str, *, wait: bool = True) -> None:
        """Start a process; with `wait`, return once it is ready. Every start has a log file of its own."""
        process = self.processes[name]
        self._children[name] = children.start(
            [sys.executable, "-m", process.module, *process.arguments],
            log=self.logs / f"{name}-{next(self._numbers)}.log",
            environment=process.environment,
            directory=CLONE,
        )
        if wait:
            self.wait_until_ready(name)

    def kill(self, name: str) -> None:
        """SIGKILL, and wait until it is gone."""
        child = self._children.pop(name)
        child.kill()
        child.wait()

    def wait_until_ready(self, name: str) -> None:
        deadline = time.monotonic() + READY_SECONDS
        port = self.processes[name].port
        while port is not None:
            assert self._children[name].poll() is None, f"{name} ended: {self._end_of(name)}"
            assert time.monotonic() < deadline, f"{name} is not ready"
            try:
                if httpx.get(f"http://127.0.0.1:{port}/readyz", timeout=2).status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.05)

    def _end_of(self, name: str) -> str:
        return max(self.logs.glob(f"{name}-[0-9]*.log"), key=lambda path: path.stat().st_mtime).read_text()[-2000:]

    def stop(self) -> None:
        children.stop(list(self._children.values()), signal.SIGTERM, STOP_SECONDS)
        self._children.clear()

    def log_text(self) -> str:
        """Everything every process has logged so far, PostgreSQL included."""
        files = [*sorted(self.logs.glob("*.log")), self.server.log]
        return "".join(path.read_text(errors="replace") for path in files)

    def transactions_left(self) -> set[str]:
        """Transactions that idle now and still did ten seconds on: those of a worker's every beat come and go."""
        sql = """
            select pid || ' ' || xact_start || ' ' || replace(query, e'\\n', ' ') from pg_stat_activity
            where state like 'idle in transaction%'
        """
        left = set(self.server.psql("-c", sql).splitlines())
        deadline = time.monotonic() + 10
        while left and time.monotonic() < deadline:
            time.sleep(0.2)
            left &= set(self.server.psql("-c", sql).splitlines())
        return left

    def client(self, headers: Mapping[str, str] | None = None, *, url: str | None = None) -> httpx.AsyncClient:
        """A client of the gateway, or of `url`; to be entered and left."""
        # Nothing here is TLS, and reading a machine's certificates takes longer than most tests.
        hooks = {"response": [WATCH.answered]}
        url = url or self.gateway_url
        return httpx.AsyncClient(base_url=url, headers=headers, timeout=60, verify=False, event_hooks=hooks)

    async def admin(self) -> Headers:
        """Headers of the nation's first administrator."""
        return await self._fresh(("admin", NATION))

    async def user(self, role: str, division_code: str) -> Headers:
        """Headers of a user, or for `platform` and `service` of a client, with this role; made at the first call.

        Below the nation a user belongs to a unit called after the role: `OFFICE`, `ENTERPRISE`, `TASKFORCE`, …
        """
        return await self._fresh((role, division_code))

    async def _fresh(self, who: tuple[str, str]) -> Headers:
        made_at, headers = self._tokens.get(who, (0.0, Headers()))
        if not headers or time.monotonic() - made_at > FRESH_SECONDS:
            headers = await self._sign_in(who, is_new=not headers)
            self._tokens[who] = (time.monotonic(), headers)
        return headers

    async def _sign_in(self, who: tuple[str, str], *, is_new: bool) -> Headers:
        role, division_code = who
        name = f"{role}-{division_code}"
        password = PASSWORD
        if who == ("admin", NATION):
            name, password = BOOTSTRAP_USER, self.secrets["ANJU_GATEWAY_BOOTSTRAP_PASSWORD"]
        elif is_new and role in MACHINES:
            body = {"id": name, "name": name, "role": role, "division_code": division_code}
            self._client_secrets[who] = (await self._create("/v1/auth/clients", body))["secret"]
        elif is_new:
            here = {"division_code": division_code}
            if division_code != NATION:
                kind = role if role in set(UnitKind) else UnitKind.DEPARTMENT
                await self._create(
                    "/v1/directory/units", here | {"code": role.upper(), "name": f"{role}单位", "kind": kind}
                )
                here["unit_code"] = role.upper()
            person = here | {"username": name, "name": name, "roles": [role]}
            await self._create("/v1/auth/users", person | {"password": PASSWORD})
        form = {"grant_type": "password", "username": name, "password": password}
        return await self.signed_in(self.client_grant(*who) if role in MACHINES else form)

    def client_grant(self, role: str, division_code: str) -> dict[str, str]:
        """What a client that `user` has made asks the token endpoint with."""
        name, secret = f"{role}-{division_code}", self._client_secrets[role, division_code]
        return {"grant_type": "client_credentials", "client_id": name, "client_secret": secret}

    async def signed_in(self, form: Mapping[str, str]) -> Headers:
        address = f"10.0.{next(self._numbers) // 250}.{next(self._numbers) % 250}"
        async with self.client() as client:
            answer = await client.post("/v1/auth/token", data=form, headers={"X-Forwarded-For": address})
        assert answer.status_code == 200, answer.text
        return {"Authorization": f"Bearer {answer.json()['access_token']}"}

    async def _create(self, path: str, body: Mapping[str, object]) -> dict[str, Any]:
        async with self.client(await self.admin()) as client:
            answer = await client.post(path, json=body)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())


@contextmanager
def running_house(*, durable: bool = False, settings: Mapping[str, str] | None = None) -> Iterator[House]:
    """A house that is ready; `durable` where a test pulls PostgreSQL's plug, `settings` win over `SETTINGS`."""
    with ExitStack() as undo:
        folder = Path(undo.enter_context(tempfile.TemporaryDirectory(prefix="anju-house-")))
        logs = folder / "logs"
        logs.mkdir()
        WATCH.logs(logs)
        server = undo.enter_context(temporary_server(durable=durable))
        own = secrets.fresh()
        made: dict[str, Database] = {}
        for part in PARTS:
            passwords = Passwords(*(own[f"{part.prefix}{role}_PASSWORD"] for role in secrets.ROLES))
            made[part.name] = databases.create(server, part.database, passwords)
        reach = {
            name: dict(zip(URLS, (found.owner_url, found.app_url, found.relay_url), strict=True))
            for name, found in made.items()
        }
        ports = {part.name: free_port() for part in PARTS}
        given = SETTINGS | dict(settings or {})
        processes: dict[str, Process] = {}
        migrations = []
        for part in PARTS:
            environment = environment_of(part, reach[part.name], ports, own, folder)
            environment |= {name: value for name, value in given.items() if name.startswith(part.prefix)}
            processes[part.name] = Process(part.name, f"{part.package}.app", environment, port=ports[part.name])
            processes[f"{part.name}-worker"] = Process(f"{part.name}-worker", f"{part.package}.worker", environment)
            owner = {f"{part.prefix}OWNER_DATABASE_URL": made[part.name].owner_url}
            migration = (f"{part.name}-migrate", "shared.storage.migrate", environment | owner, (part.package,))
            migrations.append(Process(*migration))
        migrating = Running(CLONE, logs)
        undo.callback(migrating.stop)
        migrating.run_to_end(migrations)
        house = House(
            server=server,
            logs=logs,
            urls={name: f"http://127.0.0.1:{port}" for name, port in ports.items()},
            databases=made,
            secrets=own,
            processes=processes,
        )
        undo.callback(house.stop)
        for name in processes:
            house.start(name, wait=False)
        for name in processes:
            house.wait_until_ready(name)
        yield house


@pytest.fixture(scope="session")
def house() -> Iterator[House]:
    """One for all tests of a session that only use it; whoever kills processes makes a house of their own."""
    with running_house() as running:
        yield running
