"""Orders 督办单 over the wire: who acts on them, and how."""

from collections.abc import Mapping
from typing import Any

import httpx

from tests.support.projects import County
from tests.support.sweeping import day

LEAD = {"role": "department", "subject": "user:lead", "unit": "ZJJ"}
OTHER = {"role": "department", "subject": "user:other", "unit": "SWJ"}
LEADER = {"role": "leader", "subject": "user:leader"}
PROGRESS = {"progress": "已联系检测机构"}
CLAIM = {"progress": "塔吊已复检合格", "is_done": True}
ACCEPT = {"verdict": "accepted", "opinion": "属实"}
RETURN = {"verdict": "returned", "opinion": "缺检测报告"}
CLOSE = {"conclusion": "塔吊已复检合格，恢复使用"}


async def issue(county: County, who: Mapping[str, Any] | None = None, **asked: Any) -> dict[str, Any]:
    body = {"source": "meeting", "matter": "十日内解决塔吊复检", "lead_unit_code": "ZJJ", "due_on": day(10)} | asked
    answer = await county.call("POST", "/orders", json=body, **(who or {}))
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def act(
    county: County, order: Mapping[str, Any], name: str, body: Mapping[str, Any], **who: Any
) -> httpx.Response:
    return await county.call("POST", f"/orders/{order['id']}/{name}", json=body, **who)


async def audit(county: County) -> list[dict[str, Any]]:
    """Oldest first."""
    answer = await county.call("GET", "/audit", role="auditor", params={"limit": 200})
    assert answer.status_code == 200, answer.text
    return list(reversed(answer.json()["items"]))


async def steps(county: County, order: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Level, day due and day taken of each step."""
    found = (await county.read(f"/orders/{order['id']}"))["steps"]
    return [(step["level"], step["due_on"], step["taken_on"]) for step in found]
