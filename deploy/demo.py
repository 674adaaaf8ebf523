"""Demo data of `make run`: accounts, both ledgers and a county's project work, all through the gateway.

999902 is the seed county, whose sheet says 7 projects and lists 6; 999901 is the demo county with 24.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx

from deploy.demo_steps import COUNTY, PERSONS, STAFF, UNITS, WORKBOOKS
from deploy.demo_work import Work

PASSWORD = "Anju-demo-2024"  # noqa: S105 - printed by `make run`, and only ever set on a machine of one's own
IMPORT_SECONDS = 60.0

OTHERS = (
    ("office.999902", "演示县领导小组办公室", "office", "999902"),
    ("leader.999900", "示范市市领导", "leader", "999900"),
)
"""Accounts outside the demo county: name, what it is, role, division."""
LEDGERS = (("office.999901", "demo-999901-ledger.xlsx"), ("office.999902", "county-999902-ledger.xlsx"))
ACCOUNTS = (
    *((f"{who}.{COUNTY}", PASSWORD, f"示范县{name} {COUNTY}") for who, name, _, _ in STAFF),
    *((username, PASSWORD, f"{name} {division}") for username, name, _, division in OTHERS),
)
"""Name, password and what it is, for the lines `make run` prints."""


@dataclass(frozen=True)
class Bootstrap:
    """The first administrator."""

    user: str
    password: str


async def load(gateway: str, first: Bootstrap) -> None:
    """Create the accounts and import the ledgers; what is there already stays. Raises RuntimeError or httpx errors."""
    async with httpx.AsyncClient(base_url=gateway, timeout=30) as client:
        admin = await _sign_in(client, first.user, first.password)
        here = {"division_code": COUNTY}
        for code, name, kind in UNITS:
            await _create(client, admin, "/v1/directory/units", here | {"code": code, "name": name, "kind": kind})
        for code, name, post, unit in PERSONS:
            person = {"code": code, "name": name, "post": post, "unit_code": unit}
            await _create(client, admin, "/v1/directory/persons", here | person)
        for who, name, role, unit in STAFF:
            user = {"username": f"{who}.{COUNTY}", "name": f"示范县{name}", "roles": [role], "unit_code": unit}
            await _create(client, admin, "/v1/auth/users", here | user | {"password": PASSWORD})
        for username, name, role, division in OTHERS:
            user = {"username": username, "name": name, "roles": [role], "division_code": division}
            await _create(client, admin, "/v1/auth/users", user | {"password": PASSWORD})
        for username, workbook in LEDGERS:
            await _import(client, await _sign_in(client, username, PASSWORD), WORKBOOKS / workbook)
        people = {who: await _sign_in(client, f"{who}.{COUNTY}", PASSWORD) for who, _, _, _ in STAFF}
        await Work(client, people).load()


async def _create(client: httpx.AsyncClient, admin: dict[str, str], path: str, body: Mapping[str, object]) -> None:
    """What is there already stays."""
    _require(await client.post(path, json=body, headers=admin), 201, 409)


async def _sign_in(client: httpx.AsyncClient, username: str, password: str) -> dict[str, str]:
    form = {"grant_type": "password", "username": username, "password": password}
    answer = _require(await client.post("/v1/auth/token", data=form), 200)
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


async def _import(client: httpx.AsyncClient, caller: dict[str, str], workbook: Path) -> None:
    sent = {"file": (workbook.name, await asyncio.to_thread(workbook.read_bytes))}
    accepted = _require(await client.post("/v1/projects/imports", files=sent, headers=caller), 202)
    async with asyncio.timeout(IMPORT_SECONDS):
        while True:
            found = _require(await client.get(accepted.headers["location"], headers=caller), 200).json()
            if found["state"] not in ("queued", "running"):
                break
            await asyncio.sleep(0.1)
    if found["state"] != "succeeded":
        raise RuntimeError(f"{workbook.name}: {found['state']}")


def _require(answer: httpx.Response, *statuses: int) -> httpx.Response:
    if answer.status_code not in statuses:
        raise RuntimeError(f"{answer.request.method} {answer.request.url.path}: {answer.status_code} {answer.text}")
    return answer
