"""Takes the steps of the demo county through the gateway, each as the account that may."""

import asyncio
import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from shared.schemas.base import SHANGHAI

ENDED_SECONDS = 60.0
Headers = Mapping[str, str]
_DAY = re.compile(r"\{today([+-]\d+)?\}")


@dataclass(frozen=True)
class Step:
    """Who asks, where, with what, and under which name the answer's id is remembered: of a list asked for, the first.

    `{lanting}` is the project 兰亭序, `{today+30}` a day.
    """

    who: str
    path: str
    body: Mapping[str, Any] = field(default_factory=dict)
    saves: str | None = None
    method: str = "POST"
    file: Path | None = None


class Work:
    """`saved` holds the ids that later steps name."""

    def __init__(self, client: httpx.AsyncClient, people: Mapping[str, Headers]) -> None:
        self.client, self.people = client, people
        self.saved: dict[str, str] = {}
        self.taken = 0
        self.today = dt.datetime.now(SHANGHAI).date()

    async def take(self, service: str, steps: Sequence[Step]) -> None:
        """In their order. Every POST carries an Idempotency-Key, so loading twice changes nothing."""
        for step in steps:
            self.taken += 1
            await self._take(f"/v1/{service}{self._filled(step.path)}", step)

    async def _take(self, url: str, step: Step) -> None:
        headers = dict(self.people[step.who])
        if step.method == "POST":
            headers["Idempotency-Key"] = f"demo-step-{self.taken:03}"
        elif step.method == "PATCH":
            headers["If-Match"] = (await self.client.get(url, headers=headers)).headers["etag"]
        sent: dict[str, Any] = {} if step.method == "GET" else {"json": self._filled(step.body)}
        if step.file is not None:
            content = await asyncio.to_thread(step.file.read_bytes)
            sent = {"data": self._filled(step.body), "files": {"file": (step.file.name, content)}}
        answer = await self.client.request(step.method, url, headers=headers, **sent)
        if not answer.is_success:
            raise RuntimeError(f"demo: {step.method} {url}: {answer.status_code} {answer.text}")
        if answer.status_code == 202:
            await ended(self.client, self.people[step.who], answer)
        if step.saves is not None:
            found = answer.json()
            self.saved[step.saves] = (found["items"][0] if step.method == "GET" else found)["id"]

    def _filled(self, value: Any) -> Any:
        if isinstance(value, str):
            value = _DAY.sub(lambda m: str(self.today + dt.timedelta(days=int(m[1] or 0))), value)
            return re.sub(r"\{(\w+)\}", lambda m: self.saved[m[1]], value)
        if isinstance(value, Mapping):
            return {name: self._filled(inner) for name, inner in value.items()}
        if isinstance(value, list | tuple):
            return [self._filled(inner) for inner in value]
        return value


async def ended(client: httpx.AsyncClient, caller: Headers, accepted: httpx.Response) -> None:
    """Wait for the worker's job. Raises RuntimeError where it failed."""
    where = accepted.headers["location"]
    async with asyncio.timeout(ENDED_SECONDS):
        while True:
            found = (await client.get(where, headers=caller)).raise_for_status().json()
            if found["state"] not in ("queued", "running"):
                break
            await asyncio.sleep(0.1)
    if found["state"] not in ("succeeded", "finished"):
        raise RuntimeError(f"demo: {where}: {found['state']}")
