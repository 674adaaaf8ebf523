"""领导包案: a call that is granted for each operation, on petitions of this feature's own."""

from collections.abc import Mapping

from tests.support.county import HERE, Call, County
from tests.support.work.petitions_registry import office, registered

PETITIONS = "/v1/petitions"
TAKE = {"person_code": "TARGET"}
PLAN = {"goal": "年底前交付", "measures": "专班驻点", "due_on": "2099-12-31", "unit_code": "TARGET"}
MEETING = {"chair_code": "TARGET", "units": [{"unit_code": "TARGET", "attended": True}], "outcome": "明确牵头单位"}
PROMISE = {"matter": "年底前通水通电", "due_on": "2099-12-31", "unit_code": "TARGET"}


async def _led(county: County) -> Mapping[str, str]:
    row = await registered(county)
    await county.post(f"{PETITIONS}/petitions/{row['petition_id']}/leader", await office(county), TAKE)
    return row


async def _promised(county: County) -> Mapping[str, str]:
    path = f"{PETITIONS}/petitions/{county.rows['petition_id']}/case-promises"
    return {"case_promise_id": (await county.post(path, await office(county), PROMISE))["id"]}


async def seed(county: County) -> None:
    """Rows that the calls name, into `county.rows`."""
    county.rows |= await _promised(county)


CALLS: Mapping[str, Call] = {
    "take_case": Call(json=TAKE, fresh=registered),
    "release_case": Call(json={"reason": "工作调整"}, fresh=_led),
    "list_case_leaders": Call(query=HERE),
    "list_leader_cases": Call(query=HERE),
    "set_case_plan": Call(json=PLAN),
    "list_case_plans": Call(query=HERE),
    "hold_case_meeting": Call(json=MEETING),
    "list_case_meetings": Call(query=HERE),
    "record_promise": Call(json=PROMISE),
    "settle_promise": Call(json={"outcome": "broken", "note": "资金未到位"}, fresh=_promised),
    "list_promises": Call(query=HERE),
}
