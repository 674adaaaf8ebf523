"""A county that holds meetings, for tests over the wire."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pytest

from tests.support.projects import County

DEPARTMENT: Mapping[str, Any] = {"role": "department", "subject": "user:2", "unit": "ZJJ"}
ACTION: dict[str, Any] = {"title": "恢复施工用电", "unit_code": "ZJJ", "person_code": "P1", "due_on": "2026-11-30"}
ATTENDANCE = [{"unit_code": "ZJJ", "person_code": "P1"}, {"unit_code": "CZJ", "present": False}]
SUSPECT: Mapping[str, Any] = {"size": {"units_sold": 200, "units_total": 100}}
"""Sold more homes than there are: LEDGER-03."""


class Hall:
    """A county that holds meetings."""

    def __init__(self, county: County, project_id: str) -> None:
        self.county, self.project_id = county, project_id

    async def post(self, path: str, body: Mapping[str, Any], **who: Any) -> Any:
        return await self.county.call("POST", path, json=dict(body), **who)

    async def topic(self, title: str, **facts: Any) -> str:
        body = {"division_code": self.county.code, "title": title, "reason": "意见不一"} | facts
        answer = await self.post("/meeting-topics", body, **DEPARTMENT)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    async def ask(self, **facts: Any) -> Any:
        body = {"division_code": self.county.code, "held_on": "2026-11-23", "kind": "dispatch", "chair_code": "P1"}
        return await self.post("/meetings", body | facts)

    async def meeting(self, **facts: Any) -> dict[str, Any]:
        answer = await self.ask(**facts)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    async def minutes(self, meeting: Mapping[str, Any], **body: Any) -> Any:
        return await self.post(f"/meetings/{meeting['id']}/minutes", {"attendance": ATTENDANCE} | body)

    async def held(self, meeting: Mapping[str, Any], **body: Any) -> dict[str, Any]:
        answer = await self.minutes(meeting, **body)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def complete(self, action: Mapping[str, Any], **who: Any) -> Any:
        return await self.post(f"/meeting-actions/{action['id']}/complete", {"result": "已恢复"}, **who)

    async def agenda(self, **query: Any) -> list[tuple[str, str]]:
        """Source and title of what is proposed."""
        found = await self.county.read("/meetings/agenda", **query)
        return [(item["source"], item["title"]) for item in found["items"]]

    async def count(self, since: str = "2026-11-01", to: str = "2026-11-30") -> dict[str, Any]:
        return await self.county.read("/meetings/statistics", **{"from": since}, to=to)

    def wait(self, days: int) -> None:
        self.county.projects.clock.advance(dt.timedelta(days=days))


def concluded(item: Mapping[str, Any], outcome: str, *actions: Mapping[str, Any]) -> dict[str, Any]:
    said = {"meeting_item_id": item["id"], "outcome": outcome, "conclusion": "会议议定"}
    return said | {"actions": [dict(action) for action in actions]}


def raised(title: str, outcome: str, *actions: Mapping[str, Any]) -> dict[str, Any]:
    said = {"title": title, "outcome": outcome, "conclusion": "会议议定"}
    return said | {"actions": [dict(action) for action in actions]}


@pytest.fixture
async def hall(county: County) -> Hall:
    await county.unit("ZJJ", "住房和城乡建设局")
    await county.unit("CZJ", "财政局")
    await county.person("P1", "李明", unit="ZJJ")
    return Hall(county, (await county.create("御景名都"))["id"])
