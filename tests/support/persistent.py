"""Clients that do not give up: every change carries its Idempotency-Key and is sent again until it is acknowledged."""

import asyncio
import datetime as dt
import random
import time
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import aiohttp

from tests.support.sheets import XLSX, workbook
from tests.support.watching import WATCH

PATIENCE_SECONDS = 240.0
TRY_AGAIN = frozenset({429, 502, 503, 504})
BODY = "DEPARTMENT"
"""The unit that petitions are forwarded to."""


@dataclass(frozen=True)
class Acknowledged:
    """One change the house said yes to; `names` are what was made, of an import each row."""

    division_code: str
    key: str
    id: str
    names: tuple[str, ...] = ()


@dataclass
class Told:
    """What the clients were told, and how often they had to ask."""

    projects: list[Acknowledged] = field(default_factory=list)
    imports: list[Acknowledged] = field(default_factory=list)
    updates: list[Acknowledged] = field(default_factory=list)
    units: list[Acknowledged] = field(default_factory=list)
    petitions: list[Acknowledged] = field(default_factory=list)
    forwards: list[Acknowledged] = field(default_factory=list)
    registers: list[Acknowledged] = field(default_factory=list)
    acceptances: list[Acknowledged] = field(default_factory=list)
    """Registers that bring the day of acceptance of petitions that are there."""
    requests: int = 0
    lost: int = 0
    """Requests whose answer never came."""
    replayed: int = 0
    """Answers of a change that had been committed before its first answer was lost."""
    statuses: Counter[int] = field(default_factory=Counter)


@dataclass
class Persistent:
    """Everyone's requests over one session; `headers` by role and division."""

    session: aiohttp.ClientSession
    headers: Mapping[tuple[str, str], Mapping[str, str]]
    rng: random.Random
    told: Told

    async def create(self, division_code: str, name: str) -> None:
        body = {"division_code": division_code, "name": name, "size": {"units_total": 100}}
        made = await self._change(division_code, "/v1/projects/projects", 201, json=body)
        self.told.projects.append(replace(made, names=(name,)))

    async def add_unit(self, division_code: str, code: str) -> None:
        body = {"division_code": division_code, "code": code, "name": code, "kind": "department"}
        self.told.units.append(await self._change(division_code, "/v1/directory/units", 201, json=body))

    async def import_twice(self, division_code: str, names: tuple[str, ...]) -> None:
        """New projects, then, once they are there, another figure of each."""
        path = "/v1/projects/imports"
        self.told.imports.append(await self._import(division_code, path, names, ledger_of(names, units=100)))
        self.told.updates.append(await self._import(division_code, path, names, ledger_of(names, units=120)))

    async def register_and_forward(self, division_code: str, summary: str) -> None:
        path = "/v1/petitions/petitions"
        body = {
            "division_code": division_code,
            "channel_detail": {"channel": "phone", "line": "县长热线"},
            "persons": [{"name": "欧阳建国"}],
            "people_count": 1,
            "demand": "delivery",
            "summary": summary,
        }
        made = await self._change(division_code, path, 201, json=body)
        self.told.petitions.append(replace(made, names=(summary,)))
        sent = await self._change(division_code, f"{path}/{made.id}/forward", 200, json={"unit_code": BODY})
        self.told.forwards.append(sent)

    async def import_register_twice(self, division_code: str, codes: tuple[str, ...]) -> None:
        """New petitions, then, once they are there, the day each was accepted."""
        path, accepted_on = "/v1/petitions/imports", dt.date(2024, 1, 10)
        self.told.registers.append(await self._import(division_code, path, codes, register_of(codes, None)))
        self.told.acceptances.append(await self._import(division_code, path, codes, register_of(codes, accepted_on)))

    async def _import(self, division_code: str, path: str, names: tuple[str, ...], sent: bytes) -> Acknowledged:
        accepted = await self._change(division_code, path, 202, file=sent)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            _, found, _ = await self.send("GET", f"{path}/{accepted.id}", self._headers(division_code, path))
            if found["state"] not in ("queued", "running"):
                break
            assert time.monotonic() < deadline, f"an import stays {found['state']}"
            await asyncio.sleep(self.rng.uniform(0.3, 1.0))
        assert found["state"] == "succeeded", found
        return replace(accepted, names=names)

    async def _change(self, division_code: str, path: str, wanted: int, **content: Any) -> Acknowledged:
        key = str(uuid.UUID(int=self.rng.getrandbits(128), version=4))
        headers = {**self._headers(division_code, path), "Idempotency-Key": key}
        status, answer, replayed = await self.send("POST", path, headers, **content)
        assert status == wanted, (status, answer)
        self.told.replayed += replayed
        return Acknowledged(division_code, key, answer.get("id") or answer["petition_id"])

    def _headers(self, division_code: str, path: str) -> Mapping[str, str]:
        role = "petition_office" if path.startswith("/v1/petitions/") else "office"
        return self.headers[role, division_code]

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
                form.add_field("file", file, filename="sheet.xlsx", content_type=XLSX)
            self.told.requests += 1
            try:
                async with self.session.request(method, path, headers=headers, json=json, data=form) as response:
                    body = await response.json(content_type=None)
                    content = await response.read()
            except (aiohttp.ClientError, TimeoutError, OSError):
                self.told.lost += 1
            else:
                self.told.statuses[response.status] += 1
                WATCH.answer(method, path, response.status, response.headers, content)
                still_running = response.status == 409 and body["code"] == "still_running"
                if response.status not in TRY_AGAIN and not still_running:
                    return response.status, body, "Idempotency-Replayed" in response.headers
            await asyncio.sleep(self.rng.uniform(0.05, 0.5))


def ledger_of(names: Sequence[str], units: int) -> bytes:
    """Projects and how many flats each has."""
    rows = ([number, name, units] for number, name in enumerate(names, 1))
    return workbook([["序号", "项目名称", "总套数"], *rows])


def register_of(codes: Sequence[str], accepted_on: dt.date | None) -> bytes:
    """Petitions by the numbers of their register."""
    heads = ["登记编号", "登记日期", "信访形式", "信访人", "人数", "诉求类别", "责任单位", "受理告知日期"]
    rows = ([code, dt.date(2024, 1, 2), "来访", "欧阳建国", 1, "退房退款", BODY, accepted_on] for code in codes)
    return workbook([heads, *rows], sheet="信访登记")
