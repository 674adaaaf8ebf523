"""A project with a plan over the wire: what its tests share."""

from collections.abc import Mapping
from typing import Any

from shared.chassis.identity import Caller
from shared.chassis.scope import enter
from shared.storage import journal
from tests.support.projects import County

KEPT = {"done_on": "2026-11-20", "note": "已取得施工许可证"}


def node(key: str, days: int, *after: str | tuple[str, int], **more: Any) -> dict[str, Any]:
    pairs = [one if isinstance(one, tuple) else (one, 0) for one in after]
    dependencies = [{"key": name, "lag_days": lag} for name, lag in pairs]
    return {
        "key": key,
        "name": f"节点 {key}",
        "unit_code": "ZJJ",
        "duration_days": days,
        "dependencies": dependencies,
    } | more


PLAN: Mapping[str, Any] = {
    "path": "resume_and_deliver",
    "promised_on": "2026-12-31",
    "milestones": [
        node("accept", 3, ("build", 1), person_code="P1", post="项目经理"),
        node("permit", 5),
        node("funds", 2),
        node("build", 10, "permit", "funds"),
    ],
}


class Site:
    """A project of a county and its plan."""

    def __init__(self, county: County, project: Mapping[str, Any]) -> None:
        self.county, self.id = county, str(project["id"])
        self.path = f"/projects/{self.id}/plan"

    async def set(self, **facts: Any) -> Any:
        return await self.county.call("POST", self.path, json={**PLAN, **facts})

    async def planned(self, **facts: Any) -> dict[str, Any]:
        answer = await self.set(**facts)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    async def replan(self, version: int = 1, **facts: Any) -> Any:
        body = {"reason": "县委专题会议纪要〔2026〕3号", **facts}
        return await self.county.call("PATCH", self.path, json=body, headers={"If-Match": f'"{version}"'})

    async def milestones(self) -> dict[str, dict[str, Any]]:
        return {one["key"]: one for one in (await self.county.read(self.path))["milestones"]}

    async def act(self, key: str, act: str, body: Mapping[str, Any], **who: Any) -> Any:
        milestone_id = (await self.milestones())[key]["id"]
        return await self.county.call("POST", f"{self.path}/milestones/{milestone_id}/{act}", json=dict(body), **who)


async def new_site(county: County) -> Site:
    """A project nobody has planned, in a county that knows the units and the person of `PLAN`."""
    await county.unit("ZJJ", "住房和城乡建设局")
    await county.unit("ZB1", "御景名都专班", "taskforce")
    await county.person("P1", "王工", "ZJJ")
    return Site(county, await county.create("御景名都"))


async def as_service(site: Site, act: Any, *given: Any) -> Any:
    """A use case other features call, committed."""
    projects = site.county.projects
    caller = Caller("user:9", "李四", frozenset({"office"}), site.county.code, site.county.code)
    enter(site.county.code)
    async with projects.database.session() as session:
        found = await act(session, caller, site.county.code, *given, projects.clock.now())
        await journal.commit(session, "projects")
    return found
