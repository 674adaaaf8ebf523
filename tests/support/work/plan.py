"""一项目一策: a row of each kind in a seeded county, and a call that is granted for each operation."""

from collections.abc import Mapping
from typing import Any

from tests.support.county import HERE, Call, County

FIRST, SECOND = (
    {"key": "permits", "name": "补办施工许可", "unit_code": "TASKFORCE", "duration_days": 20},
    {
        "key": "topping-out",
        "name": "主体结构封顶",
        "post": "项目经理",
        "unit_code": "TARGET",
        "person_code": "TARGET",
        "duration_days": 60,
        "dependencies": [{"key": "permits", "lag_days": 3}],
    },
)
PLAN: dict[str, Any] = {
    "path": "resume_and_deliver",
    "promised_on": "2027-12-31",
    "note": "一项目一策已经县政府常务会议审定",
    "milestones": [FIRST, SECOND],
}
DONE = {"done_on": "2026-11-20", "note": "已取得施工许可证"}


async def seed(county: County) -> None:
    """Rows that the calls name, into `county.rows`."""
    await county.house.user("taskforce", county.code)  # whose unit answers for the first milestone
    made = await _set(county, county.rows["project_id"])
    county.rows["milestone_id"] = made["milestones"][0]["id"]
    county.rows["baseline_number"] = "1"


async def _set(county: County, project_id: str) -> dict[str, Any]:
    path = f"/v1/projects/projects/{project_id}/plan"
    return dict(await county.post(path, await county.office(), PLAN))


async def _planned(county: County) -> Mapping[str, str]:
    """A plan nobody has reported on yet."""
    made = await _set(county, await county.new_project())
    return {"project_id": made["project_id"], "milestone_id": made["milestones"][0]["id"]}


async def _done(county: County) -> Mapping[str, str]:
    rows = await _planned(county)
    path = "/v1/projects/projects/{project_id}/plan/milestones/{milestone_id}/complete".format(**rows)
    await county.post(path, await county.office(), DONE)
    return rows


CALLS: Mapping[str, Call] = {
    "set_plan": Call(json=PLAN, on_new_project=True),
    "get_plan": Call(),
    "replan": Call(json={"promised_on": "2028-03-31", "reason": "县委专题会议纪要"}, if_match=True, fresh=_planned),
    "list_baselines": Call(),
    "get_baseline": Call(),
    "complete_milestone": Call(json=DONE, fresh=_planned),
    "reopen_milestone": Call(json={"reason": "许可证尚未核发"}, fresh=_done),
    "report_forecast": Call(json={"started_on": "2026-11-20", "note": "已受理"}, fresh=_planned),
    "list_milestone_reports": Call(),
    "get_battle_map": Call(query=HERE),
}
