"""An order from issue to close over the wire: who may do what, what each act leaves behind, and who never sees it."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from tests.support.projects import MORNING, County

TODAY = MORNING.date()
DAY = dt.timedelta(days=1)


def day(offset: int) -> str:
    return (TODAY + offset * DAY).isoformat()


@pytest.fixture
async def office(county: County) -> County:
    await county.unit("ZJJ", "住房和城乡建设局")
    await county.unit("SWJ", "税务局")
    await county.person("P1", "王某", unit="ZJJ")
    return county


async def issue(county: County, who: Mapping[str, Any] | None = None, **asked: Any) -> dict[str, Any]:
    body = {"source": "meeting", "matter": "十日内解决塔吊复检", "lead_unit_code": "ZJJ", "due_on": day(10)} | asked
    answer = await county.call("POST", "/orders", json=body, **(who or {}))
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def act(
    county: County, order: Mapping[str, Any], name: str, body: Mapping[str, Any], **who: Any
) -> httpx.Response:
    return await county.call("POST", f"/orders/{order['id']}/{name}", json=body, **who)


LEAD = {"role": "department", "subject": "user:lead", "unit": "ZJJ"}
OTHER = {"role": "department", "subject": "user:other", "unit": "SWJ"}
LEADER = {"role": "leader", "subject": "user:leader"}
PROGRESS = {"progress": "已联系检测机构"}
CLAIM = {"progress": "塔吊已复检合格", "is_done": True}
ACCEPT = {"verdict": "accepted", "opinion": "属实"}
RETURN = {"verdict": "returned", "opinion": "缺检测报告"}
CLOSE = {"conclusion": "塔吊已复检合格，恢复使用"}


async def test_an_order_is_issued_answered_reviewed_and_closed(office: County) -> None:
    project = await office.create("御水名都")
    order = await issue(
        office,
        source="superior",
        source_number="市督字〔2026〕18号第3项",
        is_criticism=True,
        project_id=project["id"],
        co_unit_codes=["SWJ"],
        person_code="P1",
        feedback_every_days=7,
    )
    assert order["code"] == f"{office.code}-D-0001"
    assert order["lead_unit"] == {"code": "ZJJ", "name": "住房和城乡建设局"}
    assert order["co_units"] == [{"code": "SWJ", "name": "税务局"}]
    assert (order["person_name"], order["is_criticism"], order["state"]) == ("王某", True, "open")
    assert (order["next_due_on"], order["level"]) == (day(5), None)
    told = await act(office, order, "answer", PROGRESS, **LEAD)
    assert (told.status_code, told.json()["state"], told.json()["next_due_on"]) == (200, "open", day(8))
    claimed = await act(office, order, "answer", CLAIM, **LEAD)
    assert (claimed.json()["state"], claimed.json()["next_due_on"]) == ("answered", None)
    returned = await act(office, order, "review", RETURN)
    assert (returned.json()["state"], returned.json()["next_due_on"]) == ("open", day(8))
    assert (await act(office, order, "answer", CLAIM, **LEAD)).status_code == 200
    assert (await act(office, order, "review", ACCEPT)).json()["state"] == "accepted"
    closed = await act(office, order, "close", CLOSE, **LEADER)
    assert (closed.json()["state"], closed.json()["closed_on"]) == ("closed", day(0))
    seen = await office.read(f"/orders/{order['id']}")
    assert [f["verdict"] for f in seen["feedback_list"]] == ["accepted", "returned", None]
    assert [f["on_behalf"] for f in seen["feedback_list"]] == [False] * 3
    assert (seen["conclusion"], seen["steps"], seen["extension_list"]) == (CLOSE["conclusion"], [], [])
    first = await office.read(f"/orders/{order['id']}/feedbacks", limit=2)
    rest = await office.read(f"/orders/{order['id']}/feedbacks", limit=2, cursor=first["next_cursor"])
    assert [*first["items"], *rest["items"]] == seen["feedback_list"]


async def test_each_act_leaves_one_audit_row_and_one_event(office: County) -> None:
    order = await issue(office)
    await act(office, order, "answer", CLAIM, **LEAD)
    await act(office, order, "review", ACCEPT)
    await act(office, order, "close", CLOSE)
    entries = await audit(office)
    kinds = [(e["subject_type"], e["action"]) for e in entries]
    assert kinds == [
        ("supervision_order", "issue"),
        ("order_feedback", "create"),
        ("supervision_order", "answer"),
        ("order_feedback", "review"),
        ("supervision_order", "review"),
        ("supervision_order", "close"),
    ]
    assert "塔吊" not in str(entries)


async def audit(county: County) -> list[dict[str, Any]]:
    """Oldest first."""
    answer = await county.call("GET", "/audit", role="auditor", params={"limit": 200})
    assert answer.status_code == 200, answer.text
    return list(reversed(answer.json()["items"]))
