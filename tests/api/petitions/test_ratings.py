"""群众满意度评价 over HTTP, as the office enters it after calling back."""

import asyncio
from typing import Any

import pytest

from tests.support.office import BODY, DELIVERED, GOVERNMENT, OPINION, OTHER, Office
from tests.support.petitions import Petitions, Statements

RATING = {"office_rating": "satisfied", "body_rating": "dissatisfied", "remark": "张三说答复太慢"}


async def replied(office: Office, on: str = "2026-11-10", **facts: Any) -> str:
    case = await office.registered("2026-11-02", **facts)
    await office.done(case, "forward", "2026-11-03", unit_code=BODY)
    await office.done(case, "accept", "2026-11-04", unit=BODY, petition_class="appeal_claim", legal_route=6)
    await office.done(case, "reply", on, unit=BODY, opinion=OPINION)
    return case


async def rate(office: Office, case: str, body: Any = RATING, **who: Any) -> Any:
    return await office.county.call("POST", f"/petitions/{case}/rating", json=body, **who)


async def standing(office: Office, case: str) -> dict[str, Any]:
    return await office.county.read(f"/petitions/{case}/rating")


async def test_the_window_opens_with_the_reply_and_again_with_its_delivery(office: Office) -> None:
    case = await office.accepted()
    assert (await standing(office, case))["state"] == "not_replied"
    early = await rate(office, case)
    assert (early.status_code, early.json()["code"]) == (409, "not_replied")
    await office.done(case, "reply", "2026-11-10", unit=BODY, opinion=OPINION)
    found = await standing(office, case)
    assert (found["state"], found["window_starts_on"], found["window_ends_on"]) == ("open", "2026-11-10", "2026-12-10")
    await office.done(case, "deliver", "2026-11-16", unit=BODY, document="opinion", **DELIVERED)
    found = await standing(office, case)
    assert (found["window_starts_on"], found["window_ends_on"]) == ("2026-11-16", "2026-12-16")
    await office.done(case, "review", "2026-11-18", unit_code=GOVERNMENT)
    answer = await rate(office, case)
    assert answer.status_code == 201, answer.text
    rating = answer.json()
    assert (rating["rated_body_code"], rating["rated_body_name"], rating["channel"]) == (BODY, "住建局", "call_back")
    assert (rating["rated_on"], rating["body_rating"], rating["remark"]) == (
        "2026-11-23",
        "dissatisfied",
        RATING["remark"],
    )
    again = await rate(office, case)
    assert (again.status_code, again.json()["code"]) == (409, "already_rated")
    await office.done(case, "review-decision", "2026-11-20", unit=GOVERNMENT, outcome="uphold", opinion="维持")
    await office.done(case, "deliver", "2026-11-23", unit=GOVERNMENT, document="review_decision", **DELIVERED)
    assert (await standing(office, case))["rating"]["window_ends_on"] == "2026-12-16"


async def test_the_window_is_the_countys_own(office: Office, petitions: Petitions) -> None:
    setting = {"value": 5, "reason": "省信访局通知"}
    path = "/thresholds/rating_window_days"
    put = await office.county.call("PUT", path, json=setting, headers={"If-Match": '"0"'})
    assert put.status_code == 200, put.text
    case = await replied(office, "2026-11-18")
    assert (await standing(office, case))["window_ends_on"] == "2026-11-23"
    late = await replied(office, "2026-11-17")
    refused = await rate(office, late)
    assert (refused.status_code, refused.json()["code"]) == (409, "rating_window_closed")
    assert (await standing(office, late))["state"] == "overdue"
    told_before = await rate(office, late, RATING | {"rated_on": "2026-11-22"})
    assert told_before.status_code == 201, told_before.text
    assert (await petitions.county().read(path))["value"] == 30


@pytest.mark.parametrize(("facts", "why"), [({"is_litigation": True}, "litigation")])
async def test_what_is_not_rated_says_why(office: Office, facts: dict[str, Any], why: str) -> None:
    case = await replied(office, **facts)
    found = await standing(office, case)
    assert (found["state"], found["exclusion"], found["window_ends_on"]) == ("excluded", why, None)
    refused = await rate(office, case)
    assert (refused.status_code, refused.json()["code"]) == (409, "not_open_to_rating")


async def test_the_office_that_answered_itself_is_rated_alone(office: Office) -> None:
    case = await office.registered()
    answer = {"result": "adopted", "text": "已采纳"}
    await office.done(case, "reply", "2026-11-10", petition_class="suggestion", answer=answer)
    both = await rate(office, case)
    assert (both.status_code, both.json()["errors"][0]["pointer"]) == (422, "/body_rating")
    alone = await rate(office, case, {"office_rating": "satisfied"})
    assert (alone.status_code, alone.json()["rated_body_code"]) == (201, None)


async def test_of_two_who_call_back_at_once_one_is_heard(office: Office) -> None:
    case = await replied(office)
    codes = [answer.status_code for answer in await asyncio.gather(*(rate(office, case) for _ in range(4)))]
    assert sorted(codes) == [201, 409, 409, 409]
    audit = await office.county.call("GET", "/audit", role="auditor", params={"subject_type": "petition_rating"})
    entries = audit.json()["items"]
    assert [entry["action"] for entry in entries] == ["rate", "open"]
    assert "张三" not in audit.text


async def test_ratings_are_listed_without_remarks_for_the_body(
    office: Office, petitions: Petitions, petition_statements: Statements
) -> None:
    first, second = await replied(office), await replied(office)
    await replied(office)
    for case in (first, second):
        assert (await rate(office, case)).status_code == 201
    before = len(petition_statements)
    rows = await office.county.every("/ratings", rated_body_code=BODY)
    assert len(petition_statements) - before == 3
    assert [row["petition_id"] for row in rows] == [second, first]
    assert await office.county.every("/ratings", body_rating="satisfied") == []
    answer = await office.county.call("GET", "/ratings", role="department", unit=BODY)
    assert [row["remark"] for row in answer.json()["items"]] == [None, None]
    assert (await office.county.call("GET", "/ratings", role="department", unit=OTHER)).json()["items"] == []
    body = await rate(office, first, role="department", unit=BODY)
    assert body.status_code == 403
    elsewhere = petitions.county()
    assert await elsewhere.every("/ratings") == []
    assert (await elsewhere.call("POST", f"/petitions/{first}/rating", json=RATING)).status_code == 404
    assert (await elsewhere.call("GET", f"/petitions/{first}/rating")).status_code == 404
