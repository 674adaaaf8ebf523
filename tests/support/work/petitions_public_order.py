"""舆情、过激行为与群体性事件: a call that is granted for each operation."""

import datetime as dt
from collections.abc import Mapping

from tests.support.county import HERE, Call, County
from tests.support.work.petitions_registry import office

PETITIONS = "/v1/petitions"
ITEM = {
    "source": "forum",
    "heat": "low",
    "summary": "帖子询问二期交房时间",
    "project_ids": ["{project_id}"],
    "owner_unit_code": "DEPARTMENT",
    "due_on": "2099-12-31",
}
ANSWER = {"outcome": "explained", "response": "已公布交房时间"}
INCIDENT = {
    "occurred_at": "2024-11-20T08:30:00+08:00",
    "place": "县政府南门",
    "kind": "gathering",
    "level": "ordinary",
    "involved": 40,
    "cause": "逾期交房",
    "handling": "已劝返",
    "is_another": True,
}


async def _item(county: County) -> Mapping[str, str]:
    body = ITEM | {"project_ids": [county.rows["project_id"]]}
    made = await county.post(f"{PETITIONS}/opinion-items", await office(county), body)
    return {"opinion_item_id": made["id"]}


async def _incident(county: County) -> Mapping[str, str]:
    body = INCIDENT | {"place": f"路口 {county.number()}", "unit_code": "DEPARTMENT"}
    return {"unrest_id": (await county.post(f"{PETITIONS}/incidents", await office(county), body))["id"]}


async def _free_day(county: County) -> Mapping[str, str]:
    """A day no unit has reported about."""
    return {"free_day": (dt.date(1949, 1, 1) + dt.timedelta(days=county.number() % 27_000)).isoformat()}


async def seed(county: County) -> None:
    """Rows that the calls name, into `county.rows`; they are of the unit that a department's user belongs to."""
    await county.house.user("department", county.code)
    county.rows |= await _free_day(county)
    county.rows |= await _item(county)
    county.rows |= await _incident(county)


CALLS: Mapping[str, Call] = {
    "record_opinion_item": Call(json=ITEM),
    "list_opinion_items": Call(query=HERE),
    "get_opinion_item": Call(),
    "update_opinion_item": Call(json={"heat": "high"}, if_match=True),
    "answer_opinion_item": Call(json=ANSWER, fresh=_item),
    "report_incident": Call(json=INCIDENT | {"place": "路口 {n}"}),
    "list_petition_incidents": Call(query=HERE),
    "get_petition_incident": Call(),
    "update_petition_incident": Call(json={"involved": 50}, if_match=True, fresh=_incident),
    "close_incident": Call(json={"result": "已劝返"}, fresh=_incident),
    "count_incidents": Call(query=HERE | {"from_on": "2024-11-01", "until": "2024-11-30"}),
    "report_no_incidents": Call(json={"day": "{free_day}"}, fresh=_free_day),
    "list_incident_reporting": Call(),
}
