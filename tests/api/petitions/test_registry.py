"""Intake over HTTP: every channel, the people behind a petition, numbers, clocks, and who is refused what."""

import asyncio
from typing import Any

import pytest

from shared.chassis.permissions import ROLES
from tests.support.intake import DETAILS, MASKED, PERSON, SECRETS, known_petition, petition, representatives
from tests.support.petitions import County, Statements

OFFICE_UNIT, BODY, OTHER = "XFJ", "ZJJ", "RSJ"


@pytest.fixture
async def county(petition_county: County) -> County:
    await petition_county.unit(OFFICE_UNIT, "信访局", "petition_office")
    await petition_county.unit(BODY, "住建局")
    await petition_county.unit(OTHER, "人社局")
    await petition_county.unit("KFS", "安居置业", "enterprise")
    return petition_county


async def refused(county: County, **facts: Any) -> tuple[int, str, str]:
    """Status, code and where."""
    sender = {name: facts.pop(name) for name in ("role", "unit") if name in facts}
    body = {"division_code": county.code} | petition(**facts)
    answer = await county.call("POST", "/petitions", json=body, **sender)
    assert answer.status_code >= 400, answer.text
    told = answer.json()
    return answer.status_code, told["code"], told["errors"][0]["pointer"] if told["errors"] else ""


@pytest.mark.parametrize("channel", [name for name in DETAILS if name != "one_stop_desk"])
async def test_every_channel_is_registered_with_its_own_fields(county: County, channel: str) -> None:
    made = await county.create(**petition(channel_detail=DETAILS[channel]))
    assert made["channel"] == channel
    assert {name: value for name, value in made["channel_detail"].items() if value} == DETAILS[channel]
    assert made["petition_code"] == f"{county.code}-2026-000001"
    assert (made["state"], made["registered_on"]) == ("registered", "2026-11-23")
    assert made["petitioned_on"] == DETAILS[channel].get("received_on", "2026-11-23")
    # Art. 22: 15 days to route it, whichever way it came.
    assert (made["next_due_on"], made["next_internal_due_on"]) == ("2026-12-08", "2026-12-08")
    assert made["visit_level"] == ("city" if channel == "visit" else None)
    wrong = await refused(county, channel_detail=DETAILS[channel] | {"postcode": "100000"})
    assert wrong[:2] == (422, "invalid"), wrong


async def test_the_one_stop_desk_hands_to_several_departments_at_once(county: County) -> None:
    desk = {"channel_detail": DETAILS["one_stop_desk"]}
    units = [{"unit_code": BODY, "is_lead": True, "due_on": "2026-12-01"}, {"unit_code": OTHER}]
    made = await county.create(**petition(**desk, handed_to=units))
    assert (made["state"], made["body_unit_code"], made["body_unit_name"]) == ("forwarded", BODY, "住建局")
    sent = await county.every("/assignments", petition_id=made["id"])
    assert {(to["unit_code"], to["is_lead"], to["due_on"]) for to in sent} == {
        (BODY, True, "2026-12-01"),
        (OTHER, False, None),
    }
    clocks = (await county.read(f"/petitions/{made['id']}/clocks"))["items"]
    assert {(c["kind"], c["state"]) for c in clocks} == {
        ("route", "met"),
        ("notify", "running"),
        ("acceptance", "running"),
        ("objection", "running"),
    }
    for unit in (BODY, OTHER):
        seen = await county.call("GET", f"/petitions/{made['id']}", role="department", unit=unit)
        assert seen.status_code == 200, seen.text
    assert await refused(county, **desk) == (422, "bad_petition", "/handed_to")
    assert await refused(county, **desk, handed_to=[{"unit_code": BODY}]) == (422, "bad_petition", "/handed_to")
    twice = [{"unit_code": BODY, "is_lead": True}, {"unit_code": BODY}]
    assert await refused(county, **desk, handed_to=twice) == (422, "bad_petition", "/handed_to")
    firm = [{"unit_code": "KFS", "is_lead": True}]
    assert (await refused(county, **desk, handed_to=firm))[2] == "/handed_to/0/unit_code"
    assert await refused(county, handed_to=units) == (422, "bad_petition", "/handed_to")


async def test_a_body_registers_what_came_to_itself(county: County) -> None:
    """Art. 23: nobody routes it, its own duties begin."""
    body = {"division_code": county.code} | petition()
    made = await county.call("POST", "/petitions", json=body, role="department", unit=BODY)
    assert made.status_code == 201, made.text
    assert (made.json()["state"], made.json()["body_unit_name"]) == ("forwarded", "住建局")
    clocks = (await county.read(f"/petitions/{made.json()['id']}/clocks"))["items"]
    assert {clock["kind"] for clock in clocks} == {"notify", "acceptance"}
    assert (await refused(county, role="department", unit=BODY, to_unit=OTHER))[0] == 403
    assert (await refused(county, role="department"))[0] == 403
    by_office = await county.create(**petition(to_unit=OTHER))
    assert (by_office["state"], by_office["body_unit_code"]) == ("forwarded", OTHER)


async def test_a_sixth_representative_is_refused_and_the_group_registered_with_five(county: County) -> None:
    body = {"division_code": county.code} | petition(persons=representatives(6), people_count=86)
    answer = await county.call("POST", "/petitions", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "too_many_representatives")
    assert "第二十条" in answer.text
    assert "5 名代表" in answer.json()["errors"][0]["message"]
    made = await county.create(**petition(persons=representatives(5), people_count=86))
    assert (made["people_count"], len(made["persons"])) == (86, 5)
    groups = await county.every("/petitions", is_group=True)
    assert [found["id"] for found in groups] == [made["id"]]


async def test_joint_and_anonymous_petitions(county: County) -> None:
    signers = [{"role": "co_signer", "name": f"签名人{n}"} for n in range(12)]
    joint = await county.create(**petition(persons=[PERSON, *signers], people_count=1))
    assert (joint["is_joint"], joint["petitioner"]) == (True, MASKED["name"])
    nobody = await county.create(**petition(persons=[], is_anonymous=True))
    assert (nobody["persons"], nobody["petitioner"]) == ([], None)
    acts = (await county.read(f"/petitions/{nobody['id']}/acts"))["items"]
    assert [act["kind"] for act in acts] == ["register"]
    await county.call("POST", f"/petitions/{nobody['id']}/forward", json={"unit_code": BODY})
    clocks = (await county.read(f"/petitions/{nobody['id']}/clocks"))["items"]
    # Art. 23: whose name or address is not clear cannot be told.
    assert "notify" not in {clock["kind"] for clock in clocks}
    assert await refused(county, persons=[]) == (422, "bad_petition", "/persons")
    assert await refused(county, is_anonymous=True) == (422, "bad_petition", "/is_anonymous")
    assert await refused(county, people_count=0) == (422, "invalid", "/people_count")
    assert await refused(county, persons=representatives(4), people_count=3) == (422, "bad_petition", "/people_count")


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"summary": "请回电13812345678"}, (422, "invalid", "/summary")),
        ({"summary": "本人１１０１０５１９４９１２３１００２Ｘ反映"}, (422, "invalid", "/summary")),
        ({"building": "联系138-1234-5678"}, (422, "invalid", "/building")),
        ({"building": "3号楼2单元1201室"}, (422, "invalid", "/building")),
        ({"persons": [PERSON | {"phone": "138****5678"}]}, (422, "invalid", "/persons/0/phone")),
        ({"persons": [{}]}, (422, "invalid", "/persons/0")),
        ({"registered_on": "2026-11-24"}, (422, "bad_day", "/registered_on")),
        ({"petitioned_on": "2026-11-24"}, (422, "bad_day", "/petitioned_on")),
        (
            {"channel_detail": {"channel": "letter", "postmark_on": "2026-11-21", "received_on": "2026-11-20"}},
            (422, "bad_day", "/channel_detail/received_on"),
        ),
        ({"legal_route": 6}, (422, "bad_petition", "/legal_route")),
        ({"accused_unit_code": BODY}, (422, "bad_petition", "/accused_unit_code")),
        ({"content_class": "010199"}, (422, "bad_petition", "/content_class")),
        ({"to_unit": "NOBODY"}, (422, "invalid", "/to_unit")),
        ({"to_unit": "KFS"}, (422, "invalid", "/to_unit")),
        (
            {"channel_detail": DETAILS["phone"], "is_skip_level": True},
            (422, "bad_petition", "/is_skip_level"),
        ),
    ],
)
async def test_what_is_not_registered(county: County, facts: dict[str, Any], expected: tuple[int, str, str]) -> None:
    assert await refused(county, **facts) == expected
    assert await county.every("/petitions") == []


async def test_the_register_says_what_it_did_and_nothing_personal(county: County) -> None:
    made = await county.create(**known_petition(petition_class="appeal_claim", legal_route=6, content_class="010101"))
    told = str(made)
    assert not [secret for secret in SECRETS if secret in told]
    found = (await county.call("GET", "/audit", role="auditor")).json()["items"]
    assert [(entry["action"], entry["subject_id"]) for entry in found] == [("register", made["id"])]
    assert found[0]["detail"]["petition_code"] == made["petition_code"]
    read = await county.call("GET", f"/petitions/{made['id']}")
    assert read.headers["etag"] == '"1.masked"'
    assert read.json() == {name: value for name, value in made.items() if name != "query_code"}
    again = await county.call("GET", f"/petitions/{made['id']}", headers={"If-None-Match": '"1.masked"'})
    assert again.status_code == 304


async def test_the_query_code_is_shown_once(county: County) -> None:
    body, key = {"division_code": county.code} | petition(), {"Idempotency-Key": "register-once-1"}
    first = await county.call("POST", "/petitions", json=body, headers=key)
    again = await county.call("POST", "/petitions", json=body, headers=key)
    assert (first.status_code, again.status_code) == (201, 201)
    code = first.json()["query_code"]
    assert len(code) == 8
    assert again.json() == first.json() | {"query_code": None}
    assert len(await county.every("/petitions")) == 1
    issued = await county.call("POST", f"/petitions/{first.json()['id']}/query-code")
    assert issued.status_code == 200, issued.text
    assert issued.json()["query_code"] not in (None, code)


async def test_registering_in_parallel_gives_no_number_twice(county: County) -> None:
    made = await asyncio.gather(*(county.create(**petition()) for _ in range(12)))
    codes = {one["petition_code"] for one in made}
    assert codes == {f"{county.code}-2026-{number:06d}" for number in range(1, 13)}


async def test_only_who_keeps_a_register_registers(county: County) -> None:
    body = {"division_code": county.code} | petition()
    for role in ROLES:
        answer = await county.call("POST", "/petitions", json=body, role=role, unit=BODY)
        expected = 201 if role in ("petition_office", "department", "township") else 403
        assert answer.status_code == expected, (role, answer.text)
    elsewhere = await county.call("POST", "/petitions", json=body | {"division_code": "110000"})
    assert elsewhere.status_code == 404


async def test_enterprises_see_nothing(county: County) -> None:
    made = await county.create(**petition())
    one = f"/petitions/{made['id']}"
    for method, path in (
        ("GET", "/petitions"),
        ("GET", one),
        ("GET", "/export"),
        ("POST", f"{one}/reveal"),
        ("POST", "/petitions/find-by-person"),
        ("GET", f"{one}/attachments"),
        ("POST", f"{one}/merge"),
        ("POST", f"{one}/split"),
    ):
        answer = await county.call(method, path, role="enterprise", unit="KFS", json={} if method == "POST" else None)
        assert answer.status_code == 403, (path, answer.text)


async def test_the_code_list_has_three_levels(county: County, petition_statements: Statements) -> None:
    found = (await county.read("/content-classes"))["items"]
    assert len(petition_statements) == 3
    by_code = {one["code"]: one for one in found}
    assert by_code["010101"]["parent"] == "0101"
    assert by_code["0101"] == {"code": "0101", "level": 2, "parent": "01", "name": "住房保障与房地产"}
    assert {one["level"] for one in found} == {1, 2, 3}
    assert all(one["parent"] in by_code for one in found if one["level"] > 1)


async def test_every_word_has_a_label(county: County) -> None:
    labels = await county.read("/labels")
    assert labels["Channel"]["one_stop_desk"] == "一站式窗口"
    assert labels["RevealPurpose"]["delivery"] == "送达文书"
