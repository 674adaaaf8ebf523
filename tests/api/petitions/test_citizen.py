"""A petitioner asks without an account: what they are told, and that a wrong code learns nothing."""

import datetime as dt
from typing import Any

import httpx
import pytest

from services.petitions.citizen import codes, rules
from shared.chassis.identity import VISITOR, claims_of, sign
from tests.support.intake import petition as intake
from tests.support.office import BODY, CLAIM, DELIVERED, GOVERNMENT, OPINION, REASONS, Office
from tests.support.petitions import Petitions

Given = dict[str, str]


async def registered(office: Office, **facts: Any) -> tuple[str, Given]:
    """The id, and what the petitioner holds."""
    made = await office.county.create(**intake(registered_on="2026-11-02", **facts))
    return made["id"], {name: made[name] for name in ("petition_code", "query_code")}


async def ask(petitions: Petitions, path: str, body: Any, **headers: str) -> httpx.Response:
    """As a visitor, by whom the gateway says so."""
    token = sign(petitions.key, claims_of(VISITOR), audience="petitions", seconds=30, kind="internal+jwt")
    return await petitions.call(token, "POST", f"/public/{path}", json=body, headers=headers)


def plain(answer: httpx.Response) -> tuple[int, Any, Any]:
    """All that an answer says, but for its own number."""
    body = answer.json()
    assert isinstance(body.pop("trace_id"), str)
    return answer.status_code, body, sorted(set(answer.headers) - {"date"})


def wrong(code: str) -> str:
    return ("3" if code[0] == "2" else "2") + code[1:]


async def test_a_petitioner_sees_dates_offices_and_outcomes_and_nothing_else(
    office: Office, petitions: Petitions
) -> None:
    case, given = await registered(office)
    await office.done(case, "forward", "2026-11-03", unit_code=BODY, note="张三来访")
    await office.done(case, "notify", "2026-11-04", unit=BODY)
    await office.done(case, "accept", "2026-11-05", unit=BODY, **CLAIM)
    await office.done(case, "comments", "2026-11-06", unit=BODY, text="张三情绪激动")
    await office.done(case, "extension", "2026-11-09", unit=BODY, days=20, reasons=REASONS)
    granted = {"approved": True, "told_on": "2026-11-10", "reasons": REASONS}
    await office.done(case, "extension-review", "2026-11-10", unit=BODY, subject="user:head", **granted)
    await office.done(case, "reply", "2026-11-11", unit=BODY, opinion=OPINION)
    await office.done(case, "deliver", "2026-11-12", unit=BODY, document="opinion", **DELIVERED)
    await office.done(case, "review", "2026-11-13", unit_code=GOVERNMENT)
    decided = {"outcome": "uphold", "opinion": "维持原处理意见"}
    await office.done(case, "review-decision", "2026-11-16", unit=GOVERNMENT, **decided)
    answer = await ask(petitions, "look-up", given)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert found["petition_code"] == given["petition_code"]
    assert (found["registered_on"], found["state"], found["unit"]) == ("2026-11-02", "已复查", "县政府")
    told = [(step["on"], step["step"], step["unit"], step["outcome"] or step["document"]) for step in found["steps"]]
    assert told[1:] == [
        ("2026-11-03", "转送", "住建局", None),
        ("2026-11-04", "告知收到和去向", "住建局", None),
        ("2026-11-05", "受理", "住建局", None),
        ("2026-11-10", "批准延期", "住建局", None),
        ("2026-11-11", "出具处理意见书", "住建局", "请求事实清楚、符合规定，予以支持"),
        ("2026-11-12", "送达", "住建局", "处理意见书"),
        ("2026-11-13", "申请复查（复核）", "县政府", None),
        ("2026-11-16", "作出复查（复核）意见", "县政府", "维持"),
    ]
    assert found["steps"][4]["days"] == 20
    assert (found["rating"], found["rate_until"]) == ("可评价", "2026-12-12")
    for word in ("张三", OPINION["opinion"], REASONS, case, "user:"):
        assert word not in answer.text


async def test_whatever_is_wrong_is_answered_alike(office: Office, petitions: Petitions) -> None:
    _, given = await registered(office)
    _, another = await registered(office)
    _, sealed = await registered(office, petition_class="accusation")
    number, code = given["petition_code"], given["query_code"]
    asked = [
        given | {"query_code": wrong(code)},
        given | {"query_code": another["query_code"]},
        given | {"query_code": "?"},
        {"petition_code": f"{number[:-6]}999999", "query_code": code},
        {"petition_code": f"999999{number[6:]}", "query_code": code},
    ]
    if sealed["query_code"]:
        asked.append(sealed)
    answers = [
        plain(await ask(petitions, path, body | more))
        for path, more in (("look-up", {}), ("rating", {"office_rating": "satisfied"}))
        for body in asked
    ]
    assert all(answer == answers[0] for answer in answers)
    assert (answers[0][0], answers[0][1]["code"]) == (404, "not_found")
    typed = f" {code[:4].lower()}-{code[4:].lower()}"
    assert (await ask(petitions, "look-up", given | {"query_code": typed})).status_code == 200


async def test_the_same_statements_are_sent_for_a_wrong_code_and_no_petition(
    office: Office, petitions: Petitions, petition_statements: Any
) -> None:
    _, given = await registered(office)
    texts = []
    for body in (
        given | {"query_code": wrong(given["query_code"])},
        given | {"petition_code": f"{given['petition_code'][:-6]}999999"},
    ):
        before = len(petition_statements)
        await ask(petitions, "look-up", body)
        texts.append(petition_statements.texts[before:])
    assert texts[0] == texts[1]


async def test_a_number_rests_after_too_many_codes_without_telling(office: Office, petitions: Petitions) -> None:
    _, given = await registered(office)
    _, another = await registered(office)
    refused = {
        str(plain(await ask(petitions, "look-up", given | {"query_code": wrong(given["query_code"])})))
        for _ in range(rules.TRIES)
    }
    resting = await ask(petitions, "look-up", given)
    assert {str(plain(resting))} == refused
    assert (await ask(petitions, "look-up", another)).status_code == 200
    petitions.clock.advance(rules.REST + dt.timedelta(seconds=1))
    assert (await ask(petitions, "look-up", given)).status_code == 200
    for _ in range(rules.TRIES + 5):
        assert (await ask(petitions, "look-up", given)).status_code == 200


async def test_a_petitioner_rates_once(office: Office, petitions: Petitions) -> None:
    case, given = await registered(office)
    both = given | {"office_rating": "satisfied", "body_rating": "basically_satisfied", "remark": "感谢李主任"}
    early = await ask(petitions, "rating", both)
    assert (early.status_code, early.json()["code"]) == (409, "not_replied")
    await office.done(case, "forward", "2026-11-03", unit_code=BODY)
    await office.done(case, "accept", "2026-11-04", unit=BODY, **CLAIM)
    await office.done(case, "reply", "2026-11-10", unit=BODY, opinion=OPINION)
    made = await ask(petitions, "rating", both)
    assert made.status_code == 200, made.text
    assert made.json() == {
        "petition_code": given["petition_code"],
        "rated_on": "2026-11-23",
        "office_rating": "满意",
        "body_rating": "基本满意",
    }
    again = await ask(petitions, "rating", both)
    assert (again.status_code, again.json()["code"]) == (409, "already_rated")
    standing = await office.county.read(f"/petitions/{case}/rating")
    assert (standing["rating"]["channel"], standing["rating"]["remark"]) == ("citizen", "感谢李主任")
    assert (await ask(petitions, "look-up", given)).json()["rating"] == "已评价"
    audit = await office.county.call("GET", "/audit", role="auditor", params={"subject_type": "petition_rating"})
    entry = audit.json()["items"][0]
    assert (entry["action"], entry["actor"]) == ("rate", "citizen")
    assert "李主任" not in audit.text


async def test_a_new_code_replaces_the_old_one(office: Office, petitions: Petitions) -> None:
    case, given = await registered(office)
    issued = await office.county.call("POST", f"/petitions/{case}/query-code")
    assert issued.status_code in (200, 201), issued.text
    assert (await ask(petitions, "look-up", given)).status_code == 404
    new = given | {"query_code": issued.json()["query_code"]}
    assert (await ask(petitions, "look-up", new)).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        {"petition_code": "999902-2026-1", "query_code": "22222222"},
        {"petition_code": "099902-2026-000001", "query_code": "22222222"},
        {"petition_code": "999902-2026-000001"},
        {"petition_code": "999902-2026-000001", "query_code": "2" * 41},
        {"petition_code": "999902-2026-000001\n", "query_code": "22222222"},
    ],
)
async def test_what_is_no_number_is_told_so(petitions: Petitions, body: Any) -> None:
    assert (await ask(petitions, "look-up", body)).status_code == 422


async def test_nobody_else_asks_there_and_a_visitor_asks_nothing_else(office: Office, petitions: Petitions) -> None:
    case, given = await registered(office)
    assert (await petitions.http.post("/v1/petitions/public/look-up", json=given)).status_code == 401
    assert (await office.county.call("POST", "/public/look-up", json=given)).status_code == 403
    token = sign(petitions.key, claims_of(VISITOR), audience="petitions", seconds=30, kind="internal+jwt")
    for path in (f"/petitions/{case}", "/petitions", "/ratings"):
        assert (await petitions.call(token, "GET", path)).status_code == 403


async def test_a_retry_of_a_visitor_is_not_anothers_answer(office: Office, petitions: Petitions) -> None:
    _, given = await registered(office)
    key = {"Idempotency-Key": "the-same-for-everybody"}
    assert (await ask(petitions, "look-up", given, **key)).status_code == 200
    assert (await ask(petitions, "look-up", given | {"query_code": codes.new_code()}, **key)).status_code == 404
