"""Takes the steps of the demo county through the gateway."""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

import httpx

from deploy.demo_steps import COUNTY, PROJECTS, STEPS, Step
from shared.schemas.base import SHANGHAI

_DAY = re.compile(r"\{today([+-]\d+)?\}")


class Work:
    """Runs the steps through the gateway."""

    def __init__(self, client: httpx.AsyncClient, people: Mapping[str, Mapping[str, str]]) -> None:
        self.client, self.people = client, people
        self.saved: dict[str, str] = {}
        self.today = dt.datetime.now(SHANGHAI).date()

    async def load(self) -> None:
        for name, title in PROJECTS.items():
            found = await self.client.get(
                "/v1/projects/projects",
                params={"q": title, "division_code": COUNTY},
                headers=dict(self.people["office"]),
            )
            self.saved[name] = found.raise_for_status().json()["items"][0]["id"]
        for number, step in enumerate(STEPS, start=1):
            await self._take(number, step)

    async def _take(self, number: int, step: Step) -> None:
        headers = dict(self.people[step.who])
        url = "/v1/projects" + self._filled(step.path)
        if step.method == "POST":
            headers["Idempotency-Key"] = f"demo-step-{number:03}"
        else:
            headers["If-Match"] = (await self.client.get(url, headers=headers)).headers["etag"]
        body = self._filled(step.body)
        if step.file is None:
            answer = await self.client.request(step.method, url, headers=headers, json=body)
        else:
            files = {"file": (step.file.name, step.file.read_bytes())}
            answer = await self.client.request(step.method, url, headers=headers, data=body, files=files)
        if not answer.is_success:
            raise RuntimeError(f"demo: {step.method} {url}: {answer.status_code} {answer.text}")
        if step.saves is not None:
            self.saved[step.saves] = answer.json()["id"]

    def _filled(self, value: Any) -> Any:
        if isinstance(value, str):
            value = _DAY.sub(lambda m: str(self.today + dt.timedelta(days=int(m[1] or 0))), value)
            return re.sub(r"\{(\w+)\}", lambda m: self.saved[m[1]], value)
        if isinstance(value, Mapping):
            return {name: self._filled(inner) for name, inner in value.items()}
        if isinstance(value, list | tuple):
            return [self._filled(inner) for inner in value]
        return value
