"""Clients that do not give up: every change carries its Idempotency-Key and is sent again until it is acknowledged."""

import asyncio
import io
import random
import time
import uuid
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import openpyxl

PATIENCE_SECONDS = 240.0
TRY_AGAIN = frozenset({429, 502, 503, 504})
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Acknowledged:
    """One change the house said yes to; `names` are the projects of an import."""

    division_code: str
    key: str
    id: str
    names: tuple[str, ...] = ()


@dataclass
class Ledger:
    """What the clients were told, and how often they had to ask."""

    projects: list[Acknowledged] = field(default_factory=list)
    imports: list[Acknowledged] = field(default_factory=list)
    updates: list[Acknowledged] = field(default_factory=list)
    units: list[Acknowledged] = field(default_factory=list)
    requests: int = 0
    lost: int = 0
    """Requests whose answer never came."""
    replayed: int = 0
    """Answers of a change that had been committed before its first answer was lost."""
    statuses: Counter[int] = field(default_factory=Counter)


@dataclass
class Persistent:
    """Everyone's requests over one session; `headers` by division."""

    session: aiohttp.ClientSession
    headers: Mapping[str, Mapping[str, str]]
    rng: random.Random
    told: Ledger

    async def create(self, division_code: str, name: str) -> None:
        body = {"division_code": division_code, "name": name, "size": {"units_total": 100}}
        key, made = await self._change(division_code, "/v1/projects/projects", 201, json=body)
        assert made["name"] == name
        self.told.projects.append(Acknowledged(division_code, key, made["id"]))

    async def add_unit(self, division_code: str, code: str) -> None:
        body = {"division_code": division_code, "code": code, "name": code, "kind": "department"}
        key, made = await self._change(division_code, "/v1/directory/units", 201, json=body)
        self.told.units.append(Acknowledged(division_code, key, made["id"]))

    async def import_twice(self, division_code: str, names: tuple[str, ...]) -> None:
        """New projects, then, once they are there, another figure of each."""
        self.told.imports.append(await self._import(division_code, names, units=100))
        self.told.updates.append(await self._import(division_code, names, units=120))

    async def _import(self, division_code: str, names: tuple[str, ...], units: int) -> Acknowledged:
        sent = workbook(names, units)
        key, accepted = await self._change(division_code, "/v1/projects/imports", 202, file=sent)
        path = f"/v1/projects/imports/{accepted['id']}"
        deadline = time.monotonic() + PATIENCE_SECONDS
        while accepted["state"] in ("queued", "running"):
            assert time.monotonic() < deadline, f"an import stays {accepted['state']}"
            await asyncio.sleep(self.rng.uniform(0.3, 1.0))
            _, accepted, _ = await self.send("GET", path, self.headers[division_code])
        assert accepted["state"] == "succeeded", accepted
        return Acknowledged(division_code, key, accepted["id"], names)

    async def _change(self, division_code: str, path: str, wanted: int, **content: Any) -> tuple[str, dict[str, Any]]:
        key = str(uuid.UUID(int=self.rng.getrandbits(128), version=4))
        headers = {**self.headers[division_code], "Idempotency-Key": key}
        status, answer, replayed = await self.send("POST", path, headers, **content)
        assert status == wanted, (status, answer)
        self.told.replayed += replayed
        return key, answer

    async def send(
        self, method: str, path: str, headers: Mapping[str, str], *, file: bytes | None = None, json: Any = None
    ) -> tuple[int, dict[str, Any], bool]:
        """Status, body and whether it is a repeated answer of the first that is not „come again"."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            assert time.monotonic() < deadline, f"{method} {path} is never answered: {self.told.statuses}"
            form = None
            if file is not None:
                form = aiohttp.FormData()
                form.add_field("file", file, filename="ledger.xlsx", content_type=XLSX)
            self.told.requests += 1
            try:
                async with self.session.request(method, path, headers=headers, json=json, data=form) as response:
                    body = await response.json(content_type=None)
            except (aiohttp.ClientError, TimeoutError, OSError):
                self.told.lost += 1
            else:
                self.told.statuses[response.status] += 1
                still_running = response.status == 409 and body["code"] == "still_running"
                if response.status not in TRY_AGAIN and not still_running:
                    return response.status, body, "Idempotency-Replayed" in response.headers
            await asyncio.sleep(self.rng.uniform(0.05, 0.5))


def workbook(names: tuple[str, ...], units: int) -> bytes:
    """A ledger of two columns."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["序号", "项目名称", "总套数"])
    for number, name in enumerate(names, 1):
        sheet.append([number, name, units])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()
