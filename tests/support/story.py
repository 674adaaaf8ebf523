"""A project's life told through the gateway: who did what on which day, and what the house answered.

The clock of the house is put to each day of the story, so months pass in seconds; tokens and leases run on real time.
"""

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from shared.schemas.base import SHANGHAI
from tests.support.house import PASSWORD, Headers, House

V1 = "/v1/projects"


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


@dataclass
class Story:
    """`lines` is what is told; `clock` the file the projects service reads its days from."""

    house: House
    clock: Path
    division: str
    lines: list[str] = field(default_factory=list)
    day: dt.date = dt.date.min
    people: dict[str, Headers] = field(default_factory=dict)

    def chapter(self, title: str) -> None:
        self.lines += ["", title] if self.lines else [title]

    def aside(self, text: str) -> None:
        """What is seen rather than done."""
        self.lines.append(f"{'':24}{text}")

    def on(self, day: str) -> None:
        """Nine in the morning of that day."""
        self.day = dt.date.fromisoformat(day)
        nine = dt.datetime.combine(self.day, dt.time(9), SHANGHAI)
        self.clock.write_text(str((nine - dt.datetime.now(SHANGHAI)).total_seconds()), encoding="ascii")

    async def unit(self, code: str, name: str, kind: str) -> None:
        await self._directory("units", {"code": code, "name": name, "kind": kind})

    async def person(self, code: str, name: str, post: str, unit: str) -> None:
        await self._directory("persons", {"code": code, "name": name, "post": post, "unit_code": unit})

    async def account(self, who: str, role: str, unit: str) -> None:
        """Somebody of a unit, signed in."""
        body = {"username": who, "name": who, "roles": [role], "unit_code": unit, "password": PASSWORD}
        await self._create("/v1/auth/users", body | {"division_code": self.division})
        grant = {"grant_type": "password", "username": who, "password": PASSWORD}
        self.people[who] = await self.house.signed_in(grant)

    async def get(self, who: str, path: str) -> Any:
        async with self.house.client(self.people[who]) as client:
            answer = await client.get(V1 + path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def does(
        self,
        who: str,
        what: str,
        method: str,
        path: str,
        /,
        *,
        tell: tuple[str, ...] = (),
        status: int = 200,
        version: int | None = None,
        **body: Any,
    ) -> Any:
        """One act by one person; the answer must have `status`, and the values named by `tell` join the line."""
        headers = {"If-Match": f'"{version}"'} if version is not None else {}
        async with self.house.client(self.people[who] | headers) as client:
            answer = await client.request(method, V1 + path, json=body or None)
        return self._told(who, what, answer, tell, status)

    def _told(self, who: str, what: str, answer: httpx.Response, tell: tuple[str, ...], status: int) -> Any:
        assert answer.status_code == status, f"{who} {what}: {answer.status_code} {answer.text}"
        found = answer.json()
        parts = [written(picked(found, path)) for path in tell]
        if status >= 400:
            parts = [found["title"], *([found["detail"]] if found["detail"] else []), *parts]
        outcome = f" → {answer.status_code} {' · '.join(parts)}" if parts or status >= 400 else ""
        self.lines.append(f"{self.day}  {who:<10}  {what}{outcome}".rstrip())
        return found

    async def _directory(self, kind: str, body: dict[str, Any]) -> None:
        await self._create(f"/v1/directory/{kind}", body | {"division_code": self.division})

    async def _create(self, path: str, body: dict[str, Any]) -> None:
        async with self.house.client(await self.house.admin()) as client:
            answer = await client.post(path, json=body)
        assert answer.status_code == 201, answer.text
