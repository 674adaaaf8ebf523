"""A county with one of everything, and for each operation of the house a call that its keeper may make."""

import asyncio
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.support.house import PASSWORD, Headers, House

DATA = Path(__file__).resolve().parent.parent / "data"
COUNTY, NEIGHBOUR, CITY = "999902", "999901", "999900"
"""Two counties of one city."""
LEDGERS = {COUNTY: DATA / "county-999902-ledger.xlsx", NEIGHBOUR: DATA / "demo-999901-ledger.xlsx"}
LEDGER = LEDGERS[COUNTY]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
IMPORT_SECONDS = 60.0
FINISHED = frozenset({"succeeded", "rejected", "failed"})


@dataclass
class County:
    """`rows` holds, by the name of the path parameter, one existing row of each kind; its ledger is in `LEDGERS`."""

    house: House
    code: str
    rows: dict[str, str] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def number(self) -> int:
        """Never the same twice, for names that must be new."""
        return next(self.numbers)

    async def office(self) -> Headers:
        return await self.house.user("office", self.code)

    async def new_project(self, **facts: Any) -> str:
        body = {"division_code": self.code, "name": f"新建 {self.code} {self.number()} 号院"} | facts
        return str((await self._post("/v1/projects/projects", await self.office(), body))["id"])

    async def import_ledger(self, file: Path) -> str:
        """The id of an import that has ended."""
        async with self.house.client(await self.office()) as client:
            sent = (file.name, await asyncio.to_thread(file.read_bytes), XLSX)
            accepted = await client.post("/v1/projects/imports", files={"file": sent})
            assert accepted.status_code == 202, accepted.text
        found = await self.ended(accepted.headers["location"])
        assert found["state"] == "succeeded", found
        return str(found["id"])

    async def ended(self, location: str) -> dict[str, Any]:
        """An import that the worker has done with."""
        async with self.house.client(await self.office()) as client, asyncio.timeout(IMPORT_SECONDS):
            while True:
                found: dict[str, Any] = (await client.get(location)).json()
                if found["state"] in FINISHED:
                    return found
                await asyncio.sleep(0.1)

    async def new_account(self) -> Headers:
        """A user whom nobody else uses, signed in with `PASSWORD`."""
        name = f"account-{self.code}-{self.number()}"
        body = {"username": name, "name": "临时", "roles": ["enterprise"], "password": PASSWORD}
        await self._post("/v1/auth/users", await self.house.admin(), body | {"division_code": self.code})
        return await self.house.signed_in({"grant_type": "password", "username": name, "password": PASSWORD})

    async def _post(self, path: str, headers: Headers, body: Mapping[str, Any]) -> Any:
        async with self.house.client(headers) as client:
            answer = await client.post(path, json=body)
        assert answer.status_code == 201, answer.text
        return answer.json()


async def seeded(house: House, code: str) -> County:
    """Everything a call of `CALLS` needs."""
    county = County(house, code)
    admin = await house.user("admin", code)
    user = {"username": f"target-{code}", "name": "对象", "roles": ["department"], "password": "Anju-2024-target"}
    client = {"id": f"target-{code}", "name": "对象", "role": "platform"}
    unit = {"code": "TARGET", "name": "对象局", "kind": "department"}
    person = {"code": "TARGET", "name": "对象"}
    for name, path, body in (
        ("user_id", "/v1/auth/users", user),
        ("client_id", "/v1/auth/clients", client),
        ("unit_id", "/v1/directory/units", unit),
        ("person_id", "/v1/directory/persons", person),
    ):
        county.rows[name] = (await county._post(path, admin, body | {"division_code": code}))["id"]
    county.rows["import_id"] = await county.import_ledger(LEDGERS[code])
    county.rows["project_id"] = await county.new_project()
    return county


@pytest.fixture(scope="session")
async def county(house: House) -> County:
    """One for all tests of a session, which may add to it but never take away."""
    return await seeded(house, COUNTY)


@pytest.fixture(scope="session")
async def neighbour(house: House) -> County:
    return await seeded(house, NEIGHBOUR)


@dataclass(frozen=True)
class Call:
    """What a request of one operation holds; `{n}` is a new number, `{county}` the county's code.

    `on_new_project` asks about a project nobody has changed yet; `if_match` about the version that is there.
    """

    query: Mapping[str, str] = field(default_factory=dict)
    json: Mapping[str, Any] | None = None
    form: Mapping[str, str] | None = None
    file: Path | None = None
    on_new_project: bool = False
    if_match: bool = False

    async def request(self, county: County, method: str, path: str) -> dict[str, Any]:
        """Arguments of `httpx.AsyncClient.request`, without the caller's headers."""
        rows = dict(county.rows)
        if self.on_new_project:
            rows["project_id"] = await county.new_project()
        asked: dict[str, Any] = {"method": method.upper(), "url": path.format(**rows), "headers": {}}
        asked["params"] = _filled(self.query, county)
        if self.json is not None:
            asked["json"] = _filled(self.json, county)
        if self.form is not None:
            asked["data"] = _filled(self.form, county)
        if self.file is not None:
            asked["files"] = {"file": (self.file.name, self.file.read_bytes(), XLSX)}
        if self.if_match:
            asked["headers"]["If-Match"] = '"1"' if self.on_new_project else await _version(county, asked["url"])
        return asked


async def _version(county: County, url: str) -> str:
    async with county.house.client(await county.house.admin()) as client:
        return str((await client.get(url)).headers["etag"])


def _filled(value: Any, county: County) -> Any:
    if isinstance(value, str):
        return value.replace("{n}", str(county.number())).replace("{county}", county.code)
    if isinstance(value, Mapping):
        return {name: _filled(inner, county) for name, inner in value.items()}
    if isinstance(value, list):
        return [_filled(inner, county) for inner in value]
    return value


HERE = {"division_code": "{county}"}
STATUS = {"reason": "现场核实"}
CALLS: Mapping[str, Call] = {
    "get_jwks": Call(),
    "create_token": Call(form={"grant_type": "password"}),
    "get_me": Call(),
    "change_password": Call(json={"current_password": "Not-my-2024-word", "new_password": "Anju-2024-newer"}),
    "list_users": Call(),
    "create_user": Call(
        json=HERE | {"username": "made-{n}", "name": "新人", "password": "Anju-2024-made", "roles": ["township"]}
    ),
    "get_user": Call(),
    "update_user": Call(json={"name": "对象"}, if_match=True),
    "disable_user": Call(),
    "enable_user": Call(),
    "revoke_tokens": Call(),
    "list_clients": Call(),
    "create_client": Call(json=HERE | {"id": "made-{n}", "name": "新平台", "role": "platform"}),
    "get_client": Call(),
    "rotate_client_secret": Call(),
    "disable_client": Call(),
    "list_divisions": Call(),
    "list_units": Call(query=HERE),
    "create_unit": Call(json=HERE | {"code": "U{n}", "name": "新设 {n} 局", "kind": "department"}),
    "get_unit": Call(),
    "update_unit": Call(json={"name": "对象局"}, if_match=True),
    "list_persons": Call(query=HERE),
    "create_person": Call(json=HERE | {"code": "P{n}", "name": "新人"}),
    "get_person": Call(),
    "update_person": Call(json={"name": "对象"}, if_match=True),
    "record_checkpoints": Call(json={"heads": [HERE | {"seq": 1, "hash": "0" * 64}]}),
    "list_checkpoints": Call(query=HERE),
    "list_gateway_audit_entries": Call(query=HERE),
    "verify_gateway_audit": Call(query=HERE),
    "list_project_labels": Call(),
    "list_projects": Call(query=HERE | {"count": "true"}),
    "create_project": Call(json=HERE | {"name": "新报 {county} {n} 号院"}),
    "get_project": Call(),
    "update_project": Call(json={"aliases": ["别名"]}, on_new_project=True, if_match=True),
    "change_construction_status": Call(json=STATUS | {"to": "stopped"}, on_new_project=True, if_match=True),
    "change_resolution_status": Call(json=STATUS | {"to": "resolving"}, on_new_project=True, if_match=True),
    "get_project_history": Call(),
    "get_project_statistics": Call(query=HERE),
    "list_contradictions": Call(query=HERE),
    "list_unmapped_names": Call(query=HERE),
    "import_ledger": Call(query={"dry_run": "true"}, form=HERE, file=LEDGER),
    "list_imports": Call(),
    "get_import": Call(),
    "download_import_result": Call(),
    "export_ledger": Call(query=HERE),
    "list_audit_entries": Call(query=HERE),
    "verify_audit": Call(query=HERE),
}
"""Every operation. Their rows exist, their words are valid: what is refused is refused for who is calling."""
