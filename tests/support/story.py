"""A story told through the gateway: who did what and when, and what the house answered.

The clock of the house is put to each day of the story, so months pass in seconds; tokens and leases run on real time.
"""

import asyncio
import datetime as dt
import os
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from deploy.local import CLONE
from shared.schemas.base import SHANGHAI
from tests.support.house import PASSWORD, Headers, House

V1 = "/v1"
WHO = 10
"""Columns of a line for who acts; a Chinese character takes two."""
ENDED_SECONDS = 60.0


@dataclass(frozen=True)
class Said:
    """One value of an answer in the words people use for it."""

    path: str
    words: Mapping[Any, str]


Told = str | Said


def picked(answer: Any, path: str) -> Any:
    """`critical_path`, `milestones.0.due.on`: one value inside a JSON answer."""
    for step in path.split("."):
        answer = answer[int(step)] if isinstance(answer, list) else answer[step]
    return answer


def written(value: Any) -> str:
    if isinstance(value, list):
        return "、".join(written(inner) for inner in value) or "—"
    if isinstance(value, dict):
        return " ".join(f"{name}={written(inner)}" for name, inner in value.items())
    return "—" if value is None else str(value)


def said(answer: Any, what: Told) -> str:
    if isinstance(what, str):
        return written(picked(answer, what))
    value = picked(answer, what.path)
    return "—" if value is None else what.words[value]


def wide(text: str, columns: int) -> str:
    """Filled up with spaces."""
    return text + " " * (columns - sum(2 if unicodedata.east_asian_width(ch) in "WF" else 1 for ch in text))


@dataclass
class Story:
    """`lines` is what is told; `clock` the file the services read their days from."""

    house: House
    clock: Path
    division: str
    lines: list[str] = field(default_factory=list)
    when: str = ""
    day: dt.date = dt.date.min
    people: dict[str, Headers] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    """What somebody is called in the telling, where that is not the account's name."""

    def chapter(self, title: str) -> None:
        self.lines += ["", title] if self.lines else [title]

    def aside(self, text: str) -> None:
        """What is seen rather than done."""
        self.lines.append(" " * (len(self.when) + WHO + 4) + text)

    def line(self, who: str, what: str) -> None:
        """What somebody has looked at."""
        self.lines.append(f"{self.when}  {wide(self.names[who], WHO)}  {what}".rstrip())

    def on(self, day: str) -> None:
        """Nine in the morning of that day; lines begin with the day."""
        self.day = dt.date.fromisoformat(day)
        self._put(dt.time(9))
        self.when = day

    def at(self, hour: str) -> None:
        """That hour of the same day; lines begin with the hour."""
        self._put(dt.time.fromisoformat(hour))
        self.when = hour

    def _put(self, time: dt.time) -> None:
        moment = dt.datetime.combine(self.day, time, SHANGHAI)
        self.clock.write_text(str((moment - dt.datetime.now(SHANGHAI)).total_seconds()), encoding="ascii")

    async def unit(self, code: str, name: str, kind: str) -> None:
        await self._directory("units", {"code": code, "name": name, "kind": kind})

    async def person(self, code: str, name: str, post: str, unit: str) -> None:
        await self._directory("persons", {"code": code, "name": name, "post": post, "unit_code": unit})

    async def account(self, who: str, role: str, unit: str, name: str | None = None) -> None:
        """Somebody of a unit, signed in."""
        body = {"username": who, "name": name or who, "roles": [role], "unit_code": unit, "password": PASSWORD}
        await self._create("/v1/auth/users", body | {"division_code": self.division})
        grant = {"grant_type": "password", "username": who, "password": PASSWORD}
        self.people[who] = await self.house.signed_in(grant)
        self.names[who] = name or who

    def visitor(self, who: str, name: str) -> None:
        """Somebody without an account."""
        self.people[who], self.names[who] = {}, name

    async def get(self, who: str, path: str) -> Any:
        async with self.house.client(self.people[who]) as client:
            answer = await client.get(V1 + path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def ended(self, who: str, path: str) -> Any:
        """The worker's job, waited for."""
        async with asyncio.timeout(ENDED_SECONDS):
            while True:
                found = await self.get(who, path)
                if found["state"] not in ("queued", "running"):
                    break
                await asyncio.sleep(0.1)
        assert found["state"] in ("finished", "succeeded"), found
        return found

    async def does(
        self,
        who: str,
        what: str,
        method: str,
        path: str,
        /,
        *,
        tell: tuple[Told, ...] = (),
        status: int = 200,
        version: int | None = None,
        file: Path | None = None,
        **body: Any,
    ) -> Any:
        """One act by one person; the answer must have `status`, and the values named by `tell` join the line."""
        headers = {"If-Match": f'"{version}"'} if version is not None else {}
        sent: dict[str, Any] = {"json": body if body or method == "POST" else None}
        if file is not None:
            sent = {"data": body, "files": {"file": (file.name, await asyncio.to_thread(file.read_bytes))}}
        async with self.house.client(self.people[who] | headers) as client:
            answer = await client.request(method, V1 + path, **sent)
        return self._told(who, what, answer, tell, status)

    def _told(self, who: str, what: str, answer: httpx.Response, tell: tuple[Told, ...], status: int) -> Any:
        assert answer.status_code == status, f"{who} {what}: {answer.status_code} {answer.text}"
        found = answer.json()
        parts = [said(found, each) for each in tell] if status < 400 else []
        if status >= 400:
            wrong = [error["message"] for error in found["errors"]] if status == 422 else []
            parts = list(dict.fromkeys([found["title"], *(wrong or [found["detail"]])]))
        outcome = f" → {answer.status_code} {' · '.join(parts)}" if parts or status >= 400 else ""
        self.line(who, what + outcome)
        return found

    def check(self, document: str, head: str) -> None:
        """The document tells it word for word; `ANJU_REGENERATE=story` writes it anew, to be read before a commit."""
        path = CLONE / "docs" / document
        text = head + "\n```text\n" + "\n".join(self.lines) + "\n```\n"
        if os.environ.get("ANJU_REGENERATE") == "story":
            path.write_text(text, encoding="utf-8")
        assert path.read_text(encoding="utf-8") == text

    async def _directory(self, kind: str, body: dict[str, Any]) -> None:
        await self._create(f"/v1/directory/{kind}", body | {"division_code": self.division})

    async def _create(self, path: str, body: dict[str, Any]) -> None:
        async with self.house.client(await self.house.admin()) as client:
            answer = await client.post(path, json=body)
        assert answer.status_code == 201, answer.text
