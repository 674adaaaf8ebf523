"""调度会: a row of each kind in a seeded county, and a call that is granted for each operation."""

from collections.abc import Mapping
from typing import Any

from tests.support.county import HERE, Call, County

PATH = "/v1/projects"
MEETING: dict[str, Any] = HERE | {"held_on": "2025-03-03", "kind": "dispatch", "chair_code": "TARGET", "agenda": []}
TOPIC = HERE | {"title": "水电气接入", "reason": "三家单位意见不一", "project_id": "{project_id}"}
MINUTES: Mapping[str, Any] = {
    "attendance": [{"unit_code": "DEPARTMENT", "person_code": "TARGET"}, {"unit_code": "TASKFORCE", "present": False}],
    "raised": [
        {
            "title": "施工用电中断",
            "outcome": "assigned",
            "conclusion": "三日内恢复",
            "actions": [{"title": "恢复施工用电", "unit_code": "DEPARTMENT", "due_on": "2025-03-06"}],
        }
    ],
}


async def new_meeting(county: County) -> dict[str, Any]:
    return dict(await county.post(f"{PATH}/meetings", await county.office(), MEETING | {"division_code": county.code}))


async def new_action(county: County) -> str:
    path = f"{PATH}/meetings/{(await new_meeting(county))['id']}/minutes"
    return str((await county.post(path, await county.office(), MINUTES))["actions"][0]["id"])


async def seed(county: County) -> None:
    """Rows that the calls name, into `county.rows`."""
    county.rows["meeting_id"] = (await new_meeting(county))["id"]
    county.rows["meeting_action_id"] = await new_action(county)


async def _fresh_meeting(county: County) -> Mapping[str, str]:
    return {"meeting_id": (await new_meeting(county))["id"]}


async def _fresh_action(county: County) -> Mapping[str, str]:
    return {"meeting_action_id": await new_action(county)}


CALLS: Mapping[str, Call] = {
    "submit_topic": Call(json=TOPIC),
    "list_topics": Call(query=HERE),
    "propose_agenda": Call(),
    "get_meeting_statistics": Call(query=HERE | {"from": "2025-01-01", "to": "2025-12-31"}),
    "list_meetings": Call(query=HERE),
    "create_meeting": Call(json=MEETING),
    "get_meeting": Call(),
    "record_minutes": Call(json=MINUTES, fresh=_fresh_meeting),
    "list_actions": Call(query=HERE),
    "complete_action": Call(json={"result": "已恢复"}, fresh=_fresh_action),
}
