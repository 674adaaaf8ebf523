"""A site at work: a project of a county with the units that answer for it and those that do not."""

from typing import Any

import httpx

from tests.support.projects import County

ENTERPRISE: dict[str, Any] = {"role": "enterprise", "unit": "QY", "subject": "user:qy"}
TASKFORCE: dict[str, Any] = {"role": "taskforce", "unit": "ZB", "subject": "user:zb"}
DEPARTMENT: dict[str, Any] = {"role": "department", "unit": "ZJJ", "subject": "user:zjj"}
UNITS = {
    "QY": ("甲置业有限公司", "enterprise"),
    "QY2": ("乙置业有限公司", "enterprise"),
    "ZB": ("第一专班", "taskforce"),
    "ZJJ": ("住房和城乡建设局", "department"),
    "XZ": ("城关镇", "township"),
    "GDJ": ("县供电公司", "enterprise"),
    "JL": ("正信监理有限公司", "enterprise"),
    "YH": ("农商银行", "bank"),
}
CLAIM = {"progress_pct": "62.5", "milestone": "主体封顶", "money_in_place_fen": 90_000_000}


class Site:
    """A stopped project of a county, with an enterprise and a task force that answer for it."""

    def __init__(self, county: County, project: dict[str, Any]) -> None:
        self.county, self.project, self.id = county, project, project["id"]

    async def post(self, what: str, body: dict[str, Any], **who: Any) -> httpx.Response:
        return await self.county.call("POST", f"/projects/{self.id}/{what}", json=body, **who)

    async def report(self, **facts: Any) -> dict[str, Any]:
        answer = await self.post("progress-reports", CLAIM | facts, **ENTERPRISE)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    async def inspect(self, who: dict[str, Any] | None = None, **facts: Any) -> dict[str, Any]:
        answer = await self.post("progress-inspections", facts, **(who or DEPARTMENT))
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    async def signal(self, kind: str, value: int, source: str, **more: Any) -> httpx.Response:
        body = {"kind": kind, "value": value, "source_unit_code": source, **more}
        return await self.post("signals", body)


async def answered_for(county: County, name: str = "御景名都", **facts: Any) -> Site:
    """A project the enterprise and the task force of the county answer for."""
    stopped = {
        "construction_status": "stopped",
        "effective_on": "2026-09-01",
        "parties": {"developer": "甲置业有限公司"},
    }
    site = Site(county, await county.create(name, **(stopped | facts)))
    for path, body in (
        ("responsibilities", {"kind": "enterprise", "unit_code": "QY", "began_on": "2026-09-01"}),
        ("duty", {"role": "taskforce", "unit_code": "ZB", "began_on": "2026-09-01"}),
    ):
        answer = await site.post(path, body)
        assert answer.status_code == 201, answer.text
    return site


async def peopled(county: County) -> County:
    for code, (name, kind) in UNITS.items():
        await county.unit(code, name, kind)
    made = await county.call(
        "POST", "/taskforces", json={"division_code": county.code, "unit_code": "ZB", "task": "续建"}
    )
    assert made.status_code == 201, made.text
    return county


def refused(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]
