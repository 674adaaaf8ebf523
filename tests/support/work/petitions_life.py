"""信访办理: a petition at each step of its life, and a call that is granted for each operation."""

from collections.abc import Mapping
from typing import Any

from tests.support.county import HERE, Call, County
from tests.support.office import CLAIM, DELIVERED, OPINION, REASONS
from tests.support.work.petitions_registry import office, registered

SENT = {"unit_code": "DEPARTMENT", "co_units": [{"unit_code": "TOWNSHIP"}]}
ABOVE = {"body_name": "市人民政府", "level": "city"}
UPHELD = {"outcome": "uphold", "opinion": "维持原处理意见"}
AGREEMENT = {"kind": "mediation", "petitioner_agreed": True, "other_side_agreed": True, "agreement": "分期退款"}
Rows = Mapping[str, str]


async def _act(county: County, rows: Rows, act: str, body: Mapping[str, Any], *, role: str | None = None) -> Rows:
    headers = await county.house.user(role, county.code) if role else await office(county)
    await county.post(f"/v1/petitions/petitions/{rows['petition_id']}/{act}", headers, body)
    return rows


async def _sent(county: County) -> Rows:
    for role in ("department", "township"):
        await county.house.user(role, county.code)
    return await _act(county, await registered(county), "forward", SENT)


async def _objected(county: County) -> Rows:
    return await _act(county, await _sent(county), "object", {"reasons": "不属于本单位职权范围"})


async def _accepted(county: County) -> Rows:
    return await _act(county, await _sent(county), "accept", CLAIM)


async def _simple(county: County) -> Rows:
    return await _act(county, await _sent(county), "accept", CLAIM | {"simple_ground": "promised"})


async def _asked(county: County) -> Rows:
    asked = {"days": 30, "reasons": REASONS}
    return await _act(county, await _accepted(county), "extension", asked, role="department")


async def _opinion(county: County) -> Rows:
    return await _act(county, await _accepted(county), "reply", {"opinion": OPINION})


async def _told(county: County) -> Rows:
    return await _act(county, await _opinion(county), "deliver", DELIVERED | {"document": "opinion"})


async def _reviewing(county: County) -> Rows:
    return await _act(county, await _told(county), "review", ABOVE)


async def _hearing(county: County) -> Rows:
    return await _act(county, await _accepted(county), "hearing", {})


async def _re_reviewed(county: County) -> Rows:
    rows = await _act(county, await _reviewing(county), "review-decision", UPHELD)
    await _act(county, rows, "deliver", DELIVERED | {"document": "review_decision"})
    await _act(county, rows, "review", ABOVE | {"level": "province"})
    await _act(county, rows, "review-decision", UPHELD)
    return await _act(county, rows, "deliver", DELIVERED | {"document": "re_review_decision"})


async def _assigned(county: County) -> Rows:
    rows = await _sent(county)
    async with county.house.client(await office(county)) as client:
        listed = await client.get("/v1/petitions/assignments", params={"petition_id": rows["petition_id"]})
    (beside,) = [to for to in listed.json()["items"] if not to["is_lead"]]
    return {**rows, "assignment_id": beside["id"]}


async def seed(county: County) -> None:
    """Rows that the calls name, into `county.rows`."""
    county.rows["assignment_id"] = (await _assigned(county))["assignment_id"]


CALLS: Mapping[str, Call] = {
    "forward_petition": Call(json=SENT, fresh=registered),
    "assign_petition": Call(json=SENT, fresh=registered),
    "receive_petition": Call(json={}, fresh=_sent),
    "object_to_forward": Call(json={"reasons": "不属于本单位职权范围"}, fresh=_sent),
    "decide_objection": Call(json={"consents": True}, fresh=_objected),
    "notify_petitioner": Call(json={}, fresh=_sent),
    "accept_petition": Call(json=CLAIM, fresh=_sent),
    "reject_petition": Call(json={"reason": "in_time_limit", "explanation": "同一事项正在办理"}, fresh=_sent),
    "route_petition_to_legal_channel": Call(
        json={"legal_route": 1, "explanation": "请依法向人民法院提出"}, fresh=_sent
    ),
    "convert_to_normal_procedure": Call(json={"reasons": "需要调查核实"}, fresh=_simple),
    "extend_petition": Call(json={"days": 30, "reasons": REASONS}, fresh=_accepted),
    "review_extension": Call(json={"approved": False, "reasons": "按期可以办结"}, fresh=_asked),
    "reply_petition": Call(json={"opinion": OPINION}, fresh=_accepted),
    "settle_petition": Call(json=AGREEMENT, fresh=_accepted),
    "withdraw_petition": Call(json={}, fresh=_sent),
    "stand_aside": Call(json={"reasons": "与信访人有亲属关系", "subject": "user:kin"}, fresh=_sent),
    "comment_on_petition": Call(json={"text": "已上门走访"}),
    "deliver_document": Call(json=DELIVERED | {"document": "opinion"}, fresh=_opinion),
    "request_review": Call(json=ABOVE, fresh=_told),
    "decide_review": Call(json=UPHELD, fresh=_reviewing),
    "begin_hearing": Call(json={}, fresh=_accepted),
    "end_hearing": Call(json={}, fresh=_hearing),
    "terminate_petition": Call(json={}, fresh=_re_reviewed),
    "list_petition_acts": Call(),
    "list_petition_clocks": Call(),
    "list_petition_assignments": Call(query=HERE),
    "answer_assignment": Call(json={"answer": "已责令企业支付"}, fresh=_assigned),
    "list_clock_changes": Call(query=HERE),
}
