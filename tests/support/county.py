"""A county at work through the gateway, and what a call of one operation holds."""

import asyncio
import itertools
import mimetypes
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from string import Formatter
from typing import Any

from tests.support.house import PASSWORD, Headers, House
from tests.support.sheets import XLSX

DATA = Path(__file__).resolve().parent.parent / "data"
COUNTY, NEIGHBOUR, CITY = "999902", "999901", "999900"
"""Two counties of one city."""
LEDGERS = {COUNTY: DATA / "county-999902-ledger.xlsx", NEIGHBOUR: DATA / "demo-999901-ledger.xlsx"}
LEDGER = LEDGERS[COUNTY]
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
        return str((await self.post("/v1/projects/projects", await self.office(), body))["id"])

    async def import_ledger(self, file: Path) -> str:
        """The id of an import that has ended."""
        async with self.house.client(await self.office()) as client:
            sent = (file.name, await asyncio.to_thread(file.read_bytes), XLSX)
            accepted = await client.post("/v1/projects/imports", files={"file": sent})
            assert accepted.status_code == 202, accepted.text
        found = await self.ended(accepted.headers["location"])
        assert found["state"] == "succeeded", found
        return str(found["id"])

    async def ended(self, location: str, who: Headers | None = None) -> dict[str, Any]:
        """An import that the worker has done with."""
        headers = who or await self.office()
        async with self.house.client(headers) as client, asyncio.timeout(IMPORT_SECONDS):
            while True:
                found: dict[str, Any] = (await client.get(location)).json()
                if found["state"] in FINISHED:
                    return found
                await asyncio.sleep(0.1)

    async def new_account(self) -> Headers:
        """A user whom nobody else uses, signed in with `PASSWORD`."""
        name = f"account-{self.code}-{self.number()}"
        body = {"username": name, "name": "临时", "roles": ["enterprise"], "password": PASSWORD}
        await self.post("/v1/auth/users", await self.house.admin(), body | {"division_code": self.code})
        return await self.house.signed_in({"grant_type": "password", "username": name, "password": PASSWORD})

    async def post(self, path: str, headers: Headers, body: Mapping[str, Any]) -> Any:
        """The JSON of a POST that must create."""
        async with self.house.client(headers) as client:
            answer = await client.post(path, json=body)
        assert answer.status_code in (200, 201), answer.text
        return answer.json()


@dataclass(frozen=True)
class Call:
    """What a request of one operation holds; `{n}` is a new number, `{county}` the county's code.

    `on_new_project` asks about a project nobody has changed yet; `if_match` about the version that is there; `fresh`
    makes rows of this call's own, by the name of the path parameter, where the call moves them on.
    """

    query: Mapping[str, str] = field(default_factory=dict)
    json: Mapping[str, Any] | None = None
    form: Mapping[str, str] | None = None
    file: Path | None = None
    on_new_project: bool = False
    if_match: bool = False
    fresh: "Callable[[County], Awaitable[Mapping[str, str]]] | None" = None

    async def request(self, county: County, method: str, path: str, *, granted: bool = True) -> dict[str, Any]:
        """Arguments of `httpx.AsyncClient.request`, without the caller's headers.

        A call that is not to be `granted` moves nothing on and asks about the rows of `county`, where it has them.
        """
        rows = dict(county.rows)
        if self.on_new_project:
            rows["project_id"] = await county.new_project()
        if self.fresh is not None and (granted or not _names(path) <= rows.keys()):
            rows |= await self.fresh(county)
        asked: dict[str, Any] = {"method": method.upper(), "url": path.format(**rows), "headers": {}}
        asked["params"] = _filled(self.query, county, rows)
        if self.json is not None:
            asked["json"] = _filled(self.json, county, rows)
        if self.form is not None:
            asked["data"] = _filled(self.form, county, rows)
        if self.file is not None:
            kind = XLSX if self.file.suffix == ".xlsx" else mimetypes.guess_type(self.file.name)[0]
            asked["files"] = {"file": (self.file.name, self.file.read_bytes(), kind)}
        if self.if_match:
            asked["headers"]["If-Match"] = '"1"' if self.on_new_project else await _version(county, asked["url"])
        return asked


def _names(path: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(path) if name}


async def _version(county: County, url: str) -> str:
    keepers = {"projects": "office", "petitions": "petition_office"}
    keeper = keepers.get(url.split("/")[2])
    headers = await (county.house.user(keeper, county.code) if keeper else county.house.admin())
    async with county.house.client(headers) as client:
        return str((await client.get(url)).headers["etag"])


def _filled(value: Any, county: County, rows: Mapping[str, str]) -> Any:
    """`{n}` a new number, `{county}` the county's code, `{project_id}` and the like a row of the call."""
    if isinstance(value, str):
        for name, row in rows.items():
            value = value.replace(f"{{{name}}}", row)
        return value.replace("{n}", str(county.number())).replace("{county}", county.code)
    if isinstance(value, Mapping):
        return {name: _filled(inner, county, rows) for name, inner in value.items()}
    if isinstance(value, list):
        return [_filled(inner, county, rows) for inner in value]
    return value


HERE = {"division_code": "{county}"}
