"""Demo data of `make run`: accounts, ledgers, a register and a county at work on both, all through the gateway.

999902 is the seed county, whose sheet says 7 projects and lists 6; 999901 is the demo county with 24 projects and 300
petitions.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import httpx

from deploy.demo_cast import ACCOUNTS, COUNTY, DATA, OTHERS, PASSWORD, PERSONS, STAFF, UNITS
from deploy.demo_petitions import PETITIONS
from deploy.demo_projects import CLOSEOUT, PROJECTS
from deploy.demo_work import Step, Work

__all__ = ["ACCOUNTS", "PASSWORD", "Bootstrap", "load"]
LEDGERS = tuple(
    Step(who, "/imports", file=DATA / workbook)
    for who, workbook in (
        (f"office.{COUNTY}", f"demo-{COUNTY}-ledger.xlsx"),
        ("office.999902", "county-999902-ledger.xlsx"),
    )
)


@dataclass(frozen=True)
class Bootstrap:
    """The first administrator."""

    user: str
    password: str


async def load(gateway: str, first: Bootstrap) -> None:
    """What is there already stays. Raises RuntimeError or httpx errors."""
    async with httpx.AsyncClient(base_url=gateway, timeout=30) as client:
        admin = await _sign_in(client, first.user, first.password)
        here: dict[str, object] = {"division_code": COUNTY}
        for code, name, kind, alias in UNITS:
            unit = here | {"code": code, "name": name, "kind": kind}
            await _create(client, admin, "/v1/directory/units", unit | {"aliases": [alias] if alias else []})
        for code, name, post, unit_code in PERSONS:
            person = {"code": code, "name": name, "post": post, "unit_code": unit_code}
            await _create(client, admin, "/v1/directory/persons", here | person)
        for who, name, role, unit_code in STAFF:
            user = {"username": f"{who}.{COUNTY}", "name": f"示范县{name}", "roles": [role], "unit_code": unit_code}
            await _create(client, admin, "/v1/auth/users", here | user | {"password": PASSWORD})
        for username, name, role, division in OTHERS:
            user = {"username": username, "name": name, "roles": [role], "division_code": division}
            await _create(client, admin, "/v1/auth/users", user | {"password": PASSWORD})
        people = {name: await _sign_in(client, name, PASSWORD) for name, _, _ in ACCOUNTS}
        work = Work(client, people | {who: people[f"{who}.{COUNTY}"] for who, _, _, _ in STAFF})
        await work.take("projects", LEDGERS)
        await work.take("projects", PROJECTS)
        await work.take("petitions", PETITIONS)
        await work.take("projects", CLOSEOUT)


async def _create(client: httpx.AsyncClient, admin: dict[str, str], path: str, body: Mapping[str, object]) -> None:
    _require(await client.post(path, json=body, headers=admin), 201, 409)


async def _sign_in(client: httpx.AsyncClient, username: str, password: str) -> dict[str, str]:
    form = {"grant_type": "password", "username": username, "password": password}
    answer = _require(await client.post("/v1/auth/token", data=form), 200)
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


def _require(answer: httpx.Response, *statuses: int) -> httpx.Response:
    if answer.status_code not in statuses:
        raise RuntimeError(f"{answer.request.method} {answer.request.url.path}: {answer.status_code} {answer.text}")
    return answer
