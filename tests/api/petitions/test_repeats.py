"""Repeats over HTTP: who is found by what, what a person decides, and what becomes of chains and of ended cases."""

import asyncio
from collections.abc import Mapping
from typing import Any

import httpx

from tests.support.intake import DETAILS, PERSON, SECRETS, known_petition
from tests.support.office import BODY, CLAIM, DELIVERED, OTHER, Office
from tests.support.petitions import County, Statements

WHY = {"reason": "欧阳建国本人确认是同一诉求"}
STOPPED = "紫薇花园3号楼应于去年交房，至今停工，要求明确交房时间"
STOPPED_TOO = "紫薇花园三号楼工地停建一年多，业主盼给出交楼日期"
LEAKS = "紫薇花园顶层漏雨，墙面发霉"


async def register(county: County, on: str = "2026-11-02", **facts: Any) -> str:
    return str((await county.create(**known_petition(registered_on=on, channel_detail=DETAILS["phone"]) | facts))["id"])


async def confirm(county: County, case: str, main: str, **more: Any) -> httpx.Response:
    body = {"main_petition_id": main} | WHY | more.pop("body", {})
    return await county.call("POST", f"/petitions/{case}/repeat", json=body, **more)


async def candidates(county: County, case: str) -> dict[str, dict[str, Any]]:
    found = await county.read(f"/petitions/{case}/repeat-candidates")
    assert not any(secret in str(found) for secret in SECRETS)
    return {one["petition_id"]: one for one in found["items"]}


async def test_candidates_say_what_agrees_and_show_nobody(office: Office) -> None:
    county = office.county
    stranger = {"name": "司马小光", "id_number": "110105195001010013", "phone": "13900001111"}
    signer = [stranger, {"role": "co_signer", "id_number": PERSON["id_number"], "name": "欧阳建国"}]
    signed = await register(county, "2026-09-01", persons=signer, summary=STOPPED_TOO)
    phoned = await register(
        county, "2026-09-02", persons=[{"phone": "+86 138 1234 5678", "name": "某某"}], summary=LEAKS, demand="quality"
    )
    alike = await register(county, "2026-09-03", persons=[stranger], summary=STOPPED_TOO)
    other = await register(county, "2026-09-04", persons=[stranger], summary="小区物业乱收费", demand="other")
    case = await register(county, "2026-11-02", summary=STOPPED)
    found = await candidates(county, case)
    assert next(iter(found)) == signed, "the likeliest first"
    assert {one: found[one]["verdict"] for one in found} == {
        signed: "likely",
        phoned: "same_person",
        alike: "similar_matter",
    }
    assert other not in found
    keys = {"key": "id_number", "role": "petitioner", "other_role": "co_signer"}
    assert keys in found[signed]["persons"]
    assert {"3号楼", "交房", "停工", "紫薇花园"} <= set(found[signed]["matter"]["words"])
    assert found[signed]["person_score"] == 100
    assert "证件号码相同" in found[signed]["reasons"]
    assert found[phoned]["persons"] == [{"key": "phone", "role": "petitioner", "other_role": "petitioner"}]
    assert found[alike]["persons"] == []


async def test_a_person_decides_and_the_main_case_counts(office: Office) -> None:
    county = office.county
    first = await register(county, "2026-09-01", people_count=6)
    second = await register(county, "2026-10-08", people_count=2)
    third = await register(county, "2026-11-02", people_count=3)
    # Said to repeat the second, which is then said to repeat the first.
    assert (await confirm(county, third, second)).status_code == 200
    told = await confirm(county, second, first)
    assert told.status_code == 200, told.text
    case = told.json()
    assert (case["main_petition_id"], case["case_count"], case["people_count"]) == (first, 3, 11)
    assert [(one["petition_id"], one["named_petition_id"]) for one in case["repeats"]] == [
        (second, first),
        (third, second),
    ]
    assert (case["repeats"][0]["decided_by_name"], case["repeats"][0]["decided_on"]) == ("张三", "2026-11-23")
    assert case["repeats"][0]["reason"] == WHY["reason"]
    for repeat in (second, third):
        assert (await county.read(f"/petitions/{repeat}"))["repeat_of"] == first
        assert (await county.read(f"/petitions/{repeat}/repeats")) == case
    assert {one["id"] for one in await county.every("/petitions", is_repeat=True)} == {second, third}
    # Taken back: what repeats the second repeats it again.
    back = await county.call("POST", f"/petitions/{second}/repeat/withdraw", json={"reason": "诉求不同"})
    assert (back.status_code, back.json()["main_petition_id"], back.json()["case_count"]) == (200, second, 2)
    assert (await county.read(f"/petitions/{first}/repeats"))["people_count"] == 6
    assert (await county.read(f"/petitions/{third}"))["repeat_of"] == second


async def test_what_is_no_repeat_is_refused(office: Office) -> None:
    county = office.county
    first, later = await register(county, "2026-09-01"), await register(county, "2026-10-08")
    sealed = await register(county, "2026-09-01", petition_class="accusation")

    async def refused(case: str, main: str, **more: Any) -> tuple[int, str]:
        answer = await confirm(county, case, main, **more)
        told = answer.json()
        return answer.status_code, told["errors"][0]["code"] if told["errors"] else told["code"]

    assert await refused(first, first) == (422, "itself")
    assert await refused(first, later) == (422, "later")
    assert await refused(later, sealed) == (422, "sealed")
    assert await refused(later, first, role="department", unit=BODY) == (403, "forbidden")
    assert await refused(later, first, body={"decided_on": "2026-11-24"}) == (422, "future_date")
    elsewhere = office.county.service.county()
    assert (await confirm(elsewhere, later, first)).status_code == 404
    assert (await elsewhere.call("GET", f"/petitions/{first}/repeat-candidates")).status_code == 404
    twin = await register(county, "2026-09-01")
    assert (await confirm(county, twin, first)).status_code == 200
    assert await refused(first, twin) == (422, "ring")
    assert await refused(twin, first) == (409, "already_decided")
    withdrawn = await county.call("POST", f"/petitions/{later}/repeat/withdraw", json=WHY)
    assert (withdrawn.status_code, withdrawn.json()["code"]) == (409, "not_decided")


async def test_two_decide_at_once_and_one_wins(office: Office) -> None:
    county = office.county
    mains = [await register(county, f"2026-09-0{day}") for day in (1, 2, 3)]
    case = await register(county)
    answers = await asyncio.gather(*(confirm(county, case, main) for main in mains))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409]
    # A ring that two close at once is closed by neither.
    twins = [await register(county, "2026-10-08"), await register(county, "2026-10-08")]
    both = await asyncio.gather(confirm(county, twins[0], twins[1]), confirm(county, twins[1], twins[0]))
    assert sorted(answer.status_code for answer in both) == [200, 422]


async def test_a_repeat_of_an_ended_case_is_not_accepted_again(office: Office) -> None:
    """Art. 36, paragraph 3."""
    county = office.county
    case = await office.told("2026-03-02")
    for act, on, unit, body in (
        ("review", "2026-03-10", None, {"unit_code": "XZF"}),
        ("review-decision", "2026-03-20", "XZF", {"outcome": "uphold", "opinion": "维持原处理意见"}),
        ("deliver", "2026-03-21", "XZF", {"document": "review_decision", **DELIVERED}),
        ("review", "2026-04-01", None, {"body_name": "市住建局", "level": "city"}),
        ("review-decision", "2026-04-10", None, {"outcome": "uphold", "opinion": "维持复查意见"}),
        ("deliver", "2026-04-12", None, {"document": "re_review_decision", **DELIVERED}),
        ("terminate", "2026-04-12", None, {}),
    ):
        await office.done(case, act, on, unit=unit, **body)
    again = await office.sent("2026-11-02")
    found = await candidates(county, again)
    assert found[case]["is_ended"]
    told = await confirm(county, again, case)
    assert told.json()["no_longer_accepted"] is True
    assert await office.refused(again, "accept", unit=BODY, **CLAIM) == (409, "no_longer_accepted")
    body = {"reason": "ended", "explanation": "同一事实和理由已经复核终结"}
    assert (await office.done(again, "reject", "2026-11-05", unit=BODY, **body))["state"] == "rejected"


async def test_accusations_lead_to_accusations_only(office: Office) -> None:
    county = office.county
    accused: dict[str, Any] = {"petition_class": "accusation", "accused_unit_code": OTHER, "demand": "other"}
    nobody: dict[str, Any] = {"persons": [], "is_anonymous": True, "summary": "反映负责人收受好处"} | accused
    first, second = await register(county, "2026-09-01", **nobody), await register(county, **nobody)
    named = await register(county, summary="反映负责人收受好处", **accused)
    claim = await register(county, summary="反映负责人收受好处", demand="other")
    found = await candidates(county, second)
    assert found[first]["verdict"] == "likely"
    assert found[first]["persons"] == [{"key": "accused_unit", "role": None, "other_role": None}]
    assert claim not in found
    assert named not in await candidates(county, claim)
    hidden = await county.call("GET", f"/petitions/{second}/repeat-candidates", role="department", unit=OTHER)
    assert hidden.status_code == 404


async def test_repeats_by_rule(office: Office) -> None:
    """The same ID number, project and demand as an earlier case, in whichever order they are registered."""
    county = office.county
    second = await register(county, "2026-10-08")
    assert (await county.read(f"/petitions/{second}"))["rule_repeat_of"] is None
    third = await register(county, "2026-11-02", persons=[PERSON | {"id_number": " 11010519491231002x"}])
    assert (await county.read(f"/petitions/{third}"))["rule_repeat_of"] == second
    # Written into the register later than it came.
    first = await register(county, "2026-09-01")
    assert [(await county.read(f"/petitions/{one}"))["rule_repeat_of"] for one in (first, second, third)] == [
        None,
        first,
        first,
    ]
    for other in (
        await register(county, demand="refund"),
        await register(county, persons=[PERSON | {"id_number": "110105195001010013"}]),
        await register(county, petition_class="accusation"),
    ):
        assert (await county.read(f"/petitions/{other}"))["rule_repeat_of"] is None
    # What is corrected is asked anew, with what leant on it.
    path, body = f"/petitions/{first}", {"demand": "title"}
    seen = await county.call("GET", path)
    changed = await county.call("PATCH", path, json=body, headers={"If-Match": seen.headers["etag"]})
    assert changed.status_code == 200, changed.text
    assert [(await county.read(f"/petitions/{one}"))["rule_repeat_of"] for one in (first, second, third)] == [
        None,
        None,
        second,
    ]


async def test_each_decision_leaves_its_trace_without_persons(office: Office) -> None:
    county = office.county
    first, second = await register(county, "2026-09-01"), await register(county)
    assert (await confirm(county, second, first)).status_code == 200
    audit = await county.call("GET", "/audit", params={"limit": 200}, role="auditor")
    entries = audit.json()["items"]
    traced: list[Mapping[str, Any]] = [one for one in entries if one["action"] in ("confirm", "repeat")]
    assert [one["action"] for one in traced if one["action"] == "confirm"] == ["confirm"]
    assert [one["subject_id"] for one in traced if one["action"] == "repeat"] == [second]
    assert not any(secret in audit.text for secret in SECRETS)
    assert WHY["reason"] not in audit.text


async def test_looking_takes_as_many_statements_for_many(office: Office, petition_statements: Statements) -> None:
    county = office.county
    case = await register(county)

    async def counted() -> int:
        before = len(petition_statements)
        await candidates(county, case)
        return len(petition_statements) - before

    few = await counted()
    for _ in range(5):
        await register(county, "2026-09-01")
    assert await counted() <= few + 1
    assert few <= 7
