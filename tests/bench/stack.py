"""What is measured: a durable PostgreSQL on a disk, the real gateway and the real projects service, one worker each."""

import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from joserfc.jwk import OKPKey

from deploy.parts import GATEWAY, PETITIONS, PROJECTS
from deploy.ports import free_port
from deploy.postgres import databases
from deploy.postgres.databases import Database, Passwords
from deploy.postgres.migrations import migrate
from deploy.postgres.server import Server
from shared.chassis.identity import Caller, claims_of, prefix_of, sign
from tests.bench.gateway import running

SECRET = "A-secret-of-2024-benches"
COUNTY, CITY, PROVINCE = "999901", "999900", "990000"
OFFICE = f"office.{COUNTY}"
UNLIMITED = "1000000000"
HOURS = 4 * 3600


@dataclass(frozen=True)
class Stack:
    """Where everything listens; `bare_url` reaches the projects database as superuser: no row security at all."""

    server: Server
    database: Database
    bare_url: str
    gateway: str
    projects: str
    gateway_pid: int
    key: OKPKey
    outside: str

    def token(self, home: str = COUNTY, role: str = "office", service: str = PROJECTS.name) -> dict[str, str]:
        """Headers the service believes, as the gateway would send them."""
        caller = Caller("user:bench", "bench", frozenset([role]), prefix_of(home), home)
        return bearer(sign(self.key, claims_of(caller), audience=service, seconds=HOURS, kind="internal+jwt"))


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}", "accept": "application/json", "accept-language": "zh-CN"}


@contextmanager
def postgres() -> Iterator[Server]:
    """On a disk and with fsync, unlike the server of the tests."""
    with tempfile.TemporaryDirectory(prefix="anju-bench-", ignore_cleanup_errors=True) as folder:
        server = Server(Path(folder), free_port(), log=Path(folder, "server.log"), durable=True)
        try:
            server.start()
            yield server
        finally:
            server.stop()


@contextmanager
def stack() -> Iterator[Stack]:
    with ExitStack() as undo:
        server = undo.enter_context(postgres())
        made = {}
        for part in (GATEWAY, PROJECTS):
            made[part] = databases.create(server, part.database, Passwords(SECRET, SECRET, SECRET))
            migrate(part, made[part].owner_url)
        server.psql("-c", f"create role bench superuser login password '{SECRET}'")
        key = OKPKey.generate_key("Ed25519")
        key = OKPKey.import_key(dict(key.as_dict(private=True)) | {"kid": key.thumbprint()})
        ports = {part: free_port() for part in (GATEWAY, PROJECTS)}
        urls = {part: f"http://127.0.0.1:{port}" for part, port in ports.items()}
        folder = undo.enter_context(tempfile.TemporaryDirectory())
        common = {
            part: {"ENVIRONMENT": "local", "PORT": str(ports[part]), "DATABASE_URL": made[part].app_url}
            | {"RELAY_DATABASE_URL": made[part].relay_url, "DATA_KEY": SECRET}
            for part in ports
        }
        gateway = common[GATEWAY] | {
            "SERVICE_URLS": json.dumps({PROJECTS.name: urls[PROJECTS]}),
            "SIGNING_KEY": json.dumps(key.as_dict(private=True)),
            "SERVICE_CLIENTS": json.dumps(dict.fromkeys((PROJECTS.name, PETITIONS.name), SECRET)),
            "BOOTSTRAP_USER": "admin",
            "BOOTSTRAP_PASSWORD": SECRET,
            "CHECKPOINT_FILE": f"{folder}/checkpoints.jsonl",
            "USER_REQUESTS_PER_MINUTE": UNLIMITED,
            "OWN_REQUESTS_PER_MINUTE": UNLIMITED,
            "SERVICE_REQUESTS_PER_MINUTE": UNLIMITED,
        }
        projects = common[PROJECTS] | {"GATEWAY_URL": urls[GATEWAY], "CLIENT_ID": "projects", "CLIENT_SECRET": SECRET}
        pids = {}
        for part, settings in ((GATEWAY, gateway), (PROJECTS, projects)):
            environment = {f"{part.prefix}{name}": value for name, value in settings.items()}
            command = [sys.executable, "-m", f"{part.package}.app"]
            pids[part] = undo.enter_context(running(command, ports[part], environment))
        yield Stack(
            server,
            made[PROJECTS],
            server.url("bench", SECRET, PROJECTS.database).replace("+asyncpg", ""),
            urls[GATEWAY],
            urls[PROJECTS],
            pids[GATEWAY],
            key,
            _sign_in(urls[GATEWAY]),
        )


def _sign_in(gateway: str) -> str:
    """An access token of a county's office, from the real token endpoint."""
    with httpx.Client(base_url=gateway, timeout=30) as client:

        def token(username: str) -> str:
            form = {"grant_type": "password", "username": username, "password": SECRET}
            found: str = client.post("/v1/auth/token", data=form).raise_for_status().json()["access_token"]
            return found

        user = {
            "username": "office.999901",
            "name": "测速",
            "roles": ["office"],
            "division_code": COUNTY,
            "password": SECRET,
        }
        client.post("/v1/auth/users", json=user, headers=bearer(token("admin"))).raise_for_status()
        return token("office.999901")
