"""Demo data of `make run`: accounts of two counties and their city, and both ledgers, all through the gateway.

999902 is the seed county, whose sheet says 7 projects and lists 6; 999901 is the demo county with 24.
"""

import asyncio
from dataclasses import dataclass
from pathlib import Path

import httpx

WORKBOOKS = Path(__file__).resolve().parent.parent / "tests" / "data"
PASSWORD = "Anju-demo-2024"  # noqa: S105 - printed by `make run`, and only ever set on a machine of one's own
IMPORT_SECONDS = 60.0

USERS = (
    ("office.999901", "示范县领导小组办公室", ["office"], "999901"),
    ("leader.999901", "示范县县领导", ["leader"], "999901"),
    ("auditor.999901", "示范县审计员", ["auditor"], "999901"),
    ("office.999902", "演示县领导小组办公室", ["office"], "999902"),
    ("leader.999900", "示范市市领导", ["leader"], "999900"),
)
LEDGERS = (("office.999901", "demo-999901-ledger.xlsx"), ("office.999902", "county-999902-ledger.xlsx"))
ACCOUNTS = tuple((username, PASSWORD, f"{name} {division}") for username, name, _, division in USERS)
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
        for username, name, roles, division in USERS:
            body = {"username": username, "name": name, "roles": roles, "division_code": division}
            made = await client.post("/v1/auth/users", json=body | {"password": PASSWORD}, headers=admin)
            _require(made, 201, 409)
        for username, workbook in LEDGERS:
            await _import(client, await _sign_in(client, username, PASSWORD), WORKBOOKS / workbook)


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
