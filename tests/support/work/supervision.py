"""督办: a row of each kind in a seeded county, and a call that is granted for each operation."""

from collections.abc import Mapping
from typing import Any

from tests.support.county import Call, County

ORDERS = "/v1/projects/orders"
LEAD = "DEPARTMENT"
"""The unit of the house's user of that role."""
ORDER = {"source": "meeting", "matter": "十日内解决塔吊复检", "due_on": "2099-11-30"}


async def order(county: County, **asked: Any) -> str:
    """An order issued by the office, led by the department unless said otherwise."""
    await county.house.user("department", county.code)
    body = ORDER | {"lead_unit_code": LEAD} | asked
    return str((await county.post(ORDERS, await county.office(), body))["id"])


async def new_order(county: County) -> Mapping[str, str]:
    return {"order_id": await order(county)}


async def unowned_order(county: County) -> Mapping[str, str]:
    return {"order_id": await order(county, lead_unit_code=None)}


async def claimed_order(county: County) -> Mapping[str, str]:
    """Answered by the department, which says it is done."""
    row = await order(county)
    department = await county.house.user("department", county.code)
    await county.post(f"{ORDERS}/{row}/answer", department, {"progress": "已整改", "is_done": True})
    return {"order_id": row}


async def accepted_order(county: County) -> Mapping[str, str]:
    row = await claimed_order(county)
    review = {"verdict": "accepted", "opinion": "属实"}
    await county.post(f"{ORDERS}/{row['order_id']}/review", await county.office(), review)
    return row


async def seed(county: County) -> None:
    """Rows that the calls name, into `county.rows`."""
    county.rows |= await new_order(county)
    county.rows["sweep_id"] = (await sweep(county))["id"]


async def sweep(county: County) -> dict[str, Any]:
    """A sweep accepted, perhaps not run yet."""
    async with county.house.client(await county.office()) as client:
        answer = await client.post("/v1/projects/sweeps")
    assert answer.status_code == 202, answer.text
    return dict(answer.json())


CALLS: Mapping[str, Call] = {
    "issue_order": Call(json=ORDER | {"lead_unit_code": LEAD, "project_id": "{project_id}"}),
    "list_orders": Call(),
    "get_order": Call(),
    "list_order_feedbacks": Call(),
    "answer_order": Call(json={"progress": "正在整改"}, fresh=new_order),
    "review_order": Call(json={"verdict": "accepted", "opinion": "属实"}, fresh=claimed_order),
    "extend_order": Call(json={"due_on": "2099-12-31", "reason": "材料尚未到齐"}, fresh=new_order),
    "assign_order": Call(json={"lead_unit_code": LEAD}, fresh=unowned_order),
    "close_order": Call(json={"conclusion": "塔吊已复检合格"}, fresh=accepted_order),
    "record_accountability": Call(
        json={
            "kind": "circulated",
            "unit_code": LEAD,
            "document_number": "纪〔2026〕{n}号",
            "decided_on": "2026-01-05",
            "reason": "久拖不决",
            "order_id": "{order_id}",
        }
    ),
    "list_accountability": Call(),
    "run_sweep": Call(),
    "list_sweeps": Call(),
    "get_sweep": Call(),
}
