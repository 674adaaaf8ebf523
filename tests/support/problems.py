"""A project with problems, for tests over the wire."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pytest

from services.projects.problems import service
from shared.chassis.clock import today
from shared.chassis.identity import Caller
from shared.chassis.scope import enter
from shared.storage import journal
from tests.support.projects import County

FUNDING = {"type": "funding", "gap_fen": 1_200_000_000}
PROBLEM: Mapping[str, Any] = {
    "title": "复工资金不足",
    "detail": FUNDING,
    "cause": "objective",
    "scope": "individual",
    "due_on": "2026-12-31",
    "unit_code": "ZJJ",
}
PERMIT = {"form": "authorisation", "document": "问题楼盘办〔2026〕12号"}
REPORTER: Mapping[str, Any] = {"role": "department", "subject": "user:2", "unit": "ZJJ"}


class Site:
    """A project of a county, and its problems."""

    def __init__(self, county: County, project_id: str) -> None:
        self.county, self.project_id = county, project_id

    async def ask(self, **facts: Any) -> Any:
        path = f"/projects/{self.project_id}/problems"
        return await self.county.call("POST", path, json={**PROBLEM, **facts}, **REPORTER)

    async def report(self, **facts: Any) -> str:
        answer = await self.ask(**facts)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    async def act(self, problem_id: str, act: str, body: Mapping[str, Any] | None = None, **who: Any) -> Any:
        return await self.county.call("POST", f"/problems/{problem_id}/{act}", json=dict(body or {}), **who)

    async def moved(self, problem_id: str, *acts: str) -> str:
        bodies = {"authorise": PERMIT, "start": {}, "solve": {"result": "专项借款已到位"}}
        for act in acts:
            answer = await self.act(problem_id, act, bodies[act])
            assert answer.status_code == 200, answer.text
        return problem_id

    async def get(self, problem_id: str) -> dict[str, Any]:
        return await self.county.read(f"/problems/{problem_id}")

    async def sweep(self) -> int:
        projects, code = self.county.projects, self.county.code
        actor = Caller("system:sweep", "巡查", frozenset({"office"}), code, code)
        enter(code)
        async with projects.database.session() as session:
            now = projects.clock.now()
            climbed = await service.sweep(session, actor, code, today(projects.clock), now)
            await journal.commit(session, "projects")
        return climbed

    async def silent(self) -> set[str]:
        """Ids of those half of whose time is gone without anybody having begun."""
        projects, code = self.county.projects, self.county.code
        enter(code)
        async with projects.database.session() as session:
            return {str(one.problem_id) for one in await service.silent(session, code, today(projects.clock), 50)}

    def wait(self, days: int) -> None:
        self.county.projects.clock.advance(dt.timedelta(days=days))


@pytest.fixture
async def site(county: County) -> Site:
    await county.unit("ZJJ", "住房和城乡建设局")
    await county.unit("CZJ", "财政局")
    return Site(county, (await county.create("御景名都"))["id"])
