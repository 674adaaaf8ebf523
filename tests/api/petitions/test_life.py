"""Whole lives of petitions over HTTP, one of each class and route, and what each step is refused for."""

from typing import Any
from uuid import uuid4

import pytest

from tests.support.office import BODY, CLAIM, DELIVERED, GOVERNMENT, OPINION, OTHER, REASONS, Office


async def test_a_claim_goes_through_all_three_levels(office: Office) -> None:
    """Arts. 22–36, from the Spring Festival of domain.md 1.1 on."""
    case = await office.registered("2026-02-10")
    assert await office.running(case) == {"route": "2026-02-25"}
    await office.done(case, "forward", "2026-02-10", unit_code=BODY, document_number="安信转〔2026〕1号")
    assert await office.running(case) == {
        "notify": "2026-02-25",
        "acceptance": "2026-02-25",
        "objection": "2026-02-24",
    }
    await office.done(case, "receive", "2026-02-10", unit=BODY)
    await office.done(case, "notify", "2026-02-10", unit=BODY)
    await office.done(case, "accept", "2026-02-10", unit=BODY, **CLAIM)
    assert await office.running(case) == {"handle": "2026-04-13"}
    await office.done(case, "extension", "2026-04-01", unit=BODY, days=30, reasons=REASONS)
    assert await office.running(case) == {"handle": "2026-04-13"}
    granted = {"approved": True, "told_on": "2026-04-02", "reasons": REASONS}
    await office.done(case, "extension-review", "2026-04-02", unit=BODY, subject="user:head", **granted)
    assert await office.running(case) == {"handle": "2026-05-11"}
    stands = await office.done(case, "reply", "2026-05-11", unit=BODY, opinion=OPINION)
    assert (stands["state"], stands["opinion_on"], stands["next_due_on"]) == ("opinion_issued", "2026-05-11", None)
    await office.done(case, "deliver", "2026-05-12", unit=BODY, document="opinion", **DELIVERED)
    assert await office.running(case) == {"review_request": "2026-06-11"}
    await office.done(case, "review", "2026-06-11", unit_code=GOVERNMENT)
    assert await office.running(case) == {"review": "2026-07-13"}
    decided = {"outcome": "uphold", "opinion": "维持原处理意见"}
    await office.done(case, "review-decision", "2026-07-13", unit=GOVERNMENT, **decided)
    await office.done(case, "deliver", "2026-07-14", unit=GOVERNMENT, document="review_decision", **DELIVERED)
    assert await office.running(case) == {"re_review_request": "2026-08-13"}
    # The re-review is the city's: the office writes down what it did.
    above = {"body_name": "市住建局", "level": "city"}
    assert (await office.done(case, "review", "2026-08-13", **above))["body_unit_name"] == "市住建局"
    await office.done(case, "hearing", "2026-09-01")
    assert await office.running(case) == {"re_review": "2026-09-14"}
    await office.done(case, "hearing-end", "2026-09-10")
    assert await office.running(case) == {"re_review": "2026-09-22"}
    await office.done(case, "review-decision", "2026-09-22", document_number="市复核〔2026〕3号", **decided)
    assert await office.refused(case, "terminate") == (409, "act_not_allowed")
    await office.done(case, "deliver", "2026-09-23", document="re_review_decision", **DELIVERED)
    assert (await office.done(case, "terminate", "2026-09-23"))["state"] == "terminated"
    assert await office.running(case) == {}
    # The duty to explain and help stays (art. 37).
    assert (await office.done(case, "comments", "2026-10-08", text="上门解释政策"))["state"] == "terminated"
    assert await office.refused(case, "accept", **CLAIM) == (409, "act_not_allowed")


@pytest.mark.parametrize("kind", ["enterprise", "bank"])
async def test_who_is_complained_about_is_given_no_petition(office: Office, kind: str) -> None:
    """Neither an enterprise nor a bank handles petitions, whichever door one would come through."""
    await office.county.unit("QY", "安居置业", kind=kind)
    case = await office.registered()
    assert await office.refused(case, "forward", unit_code="QY") == (422, "invalid")
    assert await office.refused(case, "assign", unit_code="QY") == (422, "invalid")
    beside = {"unit_code": BODY, "co_units": [{"unit_code": "QY"}]}
    assert await office.refused(case, "forward", **beside) == (422, "invalid")
    assert await office.refused(await office.told(), "review", unit_code="QY") == (422, "invalid")


async def test_every_clock_says_by_what_it_stands(office: Office) -> None:
    case = await office.registered("2026-11-02")
    paper = "安信转〔2026〕15号"
    await office.done(case, "forward", "2026-11-03", unit_code=BODY, document_number=paper)
    found = await office.county.read(f"/petitions/{case}/clocks")
    assert found["as_of"] == "2026-11-23"
    route, notify, acceptance, objection = found["items"]
    assert (route["state"], route["met_on"], route["ended_by"], route["band"]) == ("met", "2026-11-03", 2, None)
    assert acceptance == {
        "number": 3,
        "kind": "acceptance",
        "is_duty": True,
        "rule_id": "23.acceptance",
        "rule_version": "2022-05-01",
        "article": "信访工作条例第二十三条",
        "basis": "自收到之日起15日内告知是否受理和处理途径、程序",
        "days": 15,
        "day_type": "calendar",
        "extended_days": 0,
        "suspended_days": 0,
        "suspended_on": None,
        "started_by": 2,
        "started_by_kind": "forward",
        "started_by_document": paper,
        "starts_on": "2026-11-03",
        "due_on": "2026-11-18",
        "internal_due_on": "2026-11-18",
        "calendar": "official",
        "state": "missed",
        "ended_by": None,
        "met_on": None,
        "days_late": 5,
        "band": "overdue",
        "unit_code": BODY,
    }
    assert notify["rule_id"] == "23.notify"
    # A window nobody used is over, and nobody is late.
    assert (objection["state"], objection["days_late"], objection["band"]) == ("void", 0, None)


async def test_a_day_in_a_year_without_notice_is_marked(office: Office) -> None:
    case = await office.accepted("2026-11-20")
    clocks = (await office.county.read(f"/petitions/{case}/clocks"))["items"]
    assert {c["kind"]: (c["due_on"], c["calendar"]) for c in clocks}["handle"] == ("2027-01-19", "provisional")


async def test_an_objection_is_returned_only_with_the_senders_consent(office: Office) -> None:
    case = await office.sent("2026-11-18")
    why = {"reasons": "该事项属于人社部门职权"}
    assert (await office.tell(case, "object", {}, unit=BODY)).status_code == 422
    await office.done(case, "object", "2026-11-20", unit=BODY, **why)
    assert await office.refused(case, "objection-decision", unit=BODY, consents=True) == (403, "not_your_petition")
    returned = await office.done(case, "objection-decision", "2026-11-20", consents=True)
    assert (returned["state"], returned["body_unit_code"]) == ("returned", None)
    assert await office.running(case) == {"route": "2026-12-07"}
    sent = await office.done(case, "assign", "2026-11-23", unit_code=OTHER)
    assert (sent["state"], sent["body_unit_code"], sent["body_unit_name"]) == ("forwarded", OTHER, "人社局")
    await office.done(case, "object", "2026-11-23", unit=OTHER, **why)
    await office.done(case, "objection-decision", "2026-11-23", consents=False, reasons="属于你局职责")
    assert await office.refused(case, "object", unit=OTHER, **why) == (409, "act_not_allowed")
    live = await office.county.every("/assignments", petition_id=case, is_live=True)
    assert [(to["unit_code"], to["is_lead"]) for to in live] == [(OTHER, True)]
    ended = await office.county.every("/assignments", petition_id=case, is_live=False)
    assert [(to["unit_code"], to["ended_on"]) for to in ended] == [(BODY, "2026-11-20")]


@pytest.mark.parametrize(
    ("accept", "answer"),
    [
        ({"petition_class": "suggestion"}, {"result": "partly_adopted", "text": "部分采纳"}),
        ({"petition_class": "accusation"}, {"result": "told", "text": "已查实处理"}),
    ],
)
async def test_a_suggestion_and_an_accusation_are_answered(
    office: Office, accept: dict[str, Any], answer: dict[str, Any]
) -> None:
    case = await office.sent()
    await office.done(case, "accept", "2026-11-03", unit=BODY, **accept)
    assert await office.running(case) == {}
    assert await office.refused(case, "reply", unit=BODY, opinion=OPINION) == (409, "act_not_allowed")
    assert (await office.done(case, "reply", "2026-11-10", unit=BODY, answer=answer))["state"] == "answered"
    paper = {"document": "answer", **DELIVERED}
    assert (await office.done(case, "deliver", "2026-11-11", unit=BODY, **paper))["state"] == "answered"


@pytest.mark.parametrize("route", [1, 2, 3, 4, 5])
async def test_five_routes_lead_elsewhere(office: Office, route: int) -> None:
    case = await office.sent()
    refused = await office.refused(case, "accept", unit=BODY, petition_class="appeal_claim", legal_route=route)
    assert refused == (409, "act_not_allowed")
    told = {"legal_route": route, "explanation": "请依法向有权机关提出"}
    stands = await office.done(case, "route-to-legal-channel", "2026-11-05", unit=BODY, **told)
    assert (stands["state"], stands["legal_route"]) == ("routed_to_legal_channel", route)
    assert await office.running(case) == {}


async def test_the_simple_procedure_and_back(office: Office) -> None:
    case = await office.accepted("2026-11-16", simple_ground="clear_first")
    assert await office.running(case) == {"simple": "2026-11-30"}
    extension = {"days": 5, "reasons": REASONS}
    assert await office.refused(case, "extension", unit=BODY, **extension) == (409, "act_not_allowed")
    await office.done(case, "convert", "2026-11-20", unit=BODY, reasons="需要调查")
    assert await office.running(case) == {"handle": "2027-01-15"}
    assert await office.refused(case, "convert", unit=BODY, reasons="需要调查") == (409, "act_not_allowed")


@pytest.mark.parametrize("reason", ["in_time_limit", "ended"])
async def test_what_is_not_accepted_says_why(office: Office, reason: str) -> None:
    case = await office.registered()
    stands = await office.done(case, "reject", "2026-11-03", reason=reason, explanation="同一事项正在办理")
    assert stands["state"] == "rejected"
    (act,) = [a for a in (await office.county.read(f"/petitions/{case}/acts"))["items"] if a["kind"] == "reject"]
    assert (act["reason"], act["text"]) == (reason, "同一事项正在办理")


async def test_a_body_that_got_it_directly_hands_it_on(office: Office) -> None:
    """Art. 23: nobody sent it, so there is nobody to object to."""
    case = await office.registered("2026-11-18", to_unit=BODY)
    assert await office.refused(case, "object", unit=BODY, reasons="不是本单位") == (409, "act_not_allowed")
    stands = await office.done(case, "forward", "2026-11-19", unit=BODY, unit_code=OTHER)
    assert (stands["state"], stands["body_unit_code"]) == ("forwarded", OTHER)
    # Now that body is the sender: it sees what it sent, consents, and sends it to somebody else.
    await office.done(case, "object", "2026-11-20", unit=OTHER, reasons="不是本单位")
    assert await office.refused(case, "objection-decision", unit=OTHER, consents=True) == (403, "not_your_petition")
    await office.done(case, "objection-decision", "2026-11-20", unit=BODY, consents=True)
    assert (await office.tell(case, "accept", CLAIM, unit=OTHER)).status_code == 404
    stands = await office.done(case, "forward", "2026-11-23", unit=BODY, unit_code=GOVERNMENT)
    assert stands["body_unit_name"] == "县政府"


async def test_settled_withdrawn_and_done_again(office: Office) -> None:
    agreement = {"kind": "mediation", "agreement": "双方同意分期退款", "petitioner_agreed": True}
    settled = await office.accepted()
    alone = await office.tell(settled, "settle", agreement | {"other_side_agreed": False}, unit=BODY)
    assert (alone.status_code, alone.json()["errors"][0]["pointer"]) == (422, "/other_side_agreed")
    stands = await office.done(settled, "settle", "2026-11-10", unit=BODY, other_side_agreed=True, **agreement)
    assert stands["state"] == "settled"
    withdrawn = await office.accepted()
    assert (await office.done(withdrawn, "withdraw", "2026-11-10", note="本人书面撤回"))["state"] == "withdrawn"
    again = await office.told("2026-10-12")
    await office.done(again, "review", "2026-10-20", unit_code=GOVERNMENT)
    redo = {"outcome": "redo", "opinion": "事实不清，撤销并重新办理"}
    stands = await office.done(again, "review-decision", "2026-11-02", unit=GOVERNMENT, **redo)
    assert (stands["state"], stands["body_unit_code"], stands["body_unit_name"]) == ("accepted", BODY, "住建局")
    assert await office.running(again) == {"handle": "2027-01-04"}


async def test_an_extension_is_approved_by_another_and_told(office: Office) -> None:
    case = await office.accepted()
    ask = {"days": 30, "reasons": REASONS}
    assert (await office.tell(case, "extension", ask | {"days": 31}, unit=BODY)).status_code == 422
    await office.done(case, "extension", "2026-11-10", unit=BODY, **ask)
    yes = {"approved": True, "reasons": REASONS}
    told = {"told_on": "2026-11-23"}
    assert await office.refused(case, "extension-review", unit=BODY, **yes, **told) == (409, "same_person")
    head = {"unit": BODY, "subject": "user:head"}
    assert await office.refused(case, "extension-review", **head, **yes) == (422, "bad_act")
    late = await office.refused(case, "extension-review", **head, **yes, told_on="2026-11-24")
    assert late == (422, "bad_day")
    await office.done(case, "extension-review", "2026-11-23", **head, **yes, **told)
    assert await office.refused(case, "extension", unit=BODY, **ask) == (409, "act_not_allowed")


async def test_who_stood_aside_takes_no_further_part(office: Office) -> None:
    """Art. 28."""
    case = await office.accepted()
    await office.done(case, "stand-aside", "2026-11-05", unit=BODY, subject="user:kin", reasons="与信访人是亲属")
    refused = await office.refused(case, "reply", unit=BODY, subject="user:kin", opinion=OPINION)
    assert refused == (409, "stood_aside")
    await office.done(case, "reply", "2026-11-10", unit=BODY, opinion=OPINION)


@pytest.mark.parametrize(
    ("act", "body", "pointer"),
    [
        ("forward", {"unit_code": "NOBODY"}, "/unit_code"),
        ("forward", {"unit_code": BODY, "co_units": [{"unit_code": BODY}]}, "/co_units/0/unit_code"),
        ("forward", {"unit_code": BODY, "document_number": "13812345678"}, "/document_number"),
        ("forward", {"unit_code": BODY, "on": "2026-11-24"}, "/on"),
        ("forward", {"unit_code": BODY, "on": "2026-11-01"}, "/on"),
        ("forward", {"unit_code": BODY, "due_on": "2026-11-01", "on": "2026-11-02"}, "/due_on"),
        ("reply", {"answer": {"result": "told", "text": "谢谢"}}, "/petition_class"),
        ("reply", {}, "/"),
        ("reply", {"opinion": OPINION | {"remedy": "可向法院提起行政诉讼"}}, "/opinion/remedy"),
        ("review", {"body_name": "市政府"}, "/"),
        ("review", {"body_name": "市政府13812345678", "level": "city"}, "/body_name"),
        ("review", {}, "/"),
    ],
)
async def test_what_is_wrong_is_said_where(office: Office, act: str, body: dict[str, Any], pointer: str) -> None:
    case = await office.registered("2026-11-02")
    answer = await office.tell(case, act, body)
    assert answer.status_code == 422, answer.text
    assert pointer in [error["pointer"] for error in answer.json()["errors"]]


async def test_nobody_acts_for_another_unit_or_county(office: Office, petitions: Any) -> None:
    case = await office.sent()
    assert await office.refused(case, "accept", unit=OTHER, **CLAIM) == (404, "not_found")
    elsewhere = petitions.county()
    there = await elsewhere.call("POST", f"/petitions/{case}/accept", json=CLAIM)
    assert there.status_code == 404
    assert (await office.tell(str(uuid4()), "accept", CLAIM)).status_code == 404
    enterprise = await office.tell(case, "accept", CLAIM, role="enterprise", unit=BODY)
    assert enterprise.status_code == 403
