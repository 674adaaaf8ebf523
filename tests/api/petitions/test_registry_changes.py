"""A registered petition corrected, merged, split; its papers kept and given out."""

import asyncio
import datetime as dt
from typing import Any

import httpx
import pytest

from tests.support.county import DATA
from tests.support.intake import PERSON, SECRETS, petition
from tests.support.petitions import County, Petitions, Statements

BODY, OTHER = "ZJJ", "RSJ"
PDF = b"%PDF-1.7\n" + b"x" * 300_000


@pytest.fixture
async def county(petition_county: County) -> County:
    await petition_county.unit(BODY, "住建局")
    await petition_county.unit(OTHER, "人社局")
    return petition_county


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def patch(county: County, petition_id: str, version: int | None, **facts: Any) -> httpx.Response:
    who = {name: facts.pop(name) for name in ("role", "unit") if name in facts}
    headers = {} if version is None else {"If-Match": f'"{version}"'}
    return await county.call("PATCH", f"/petitions/{petition_id}", json=facts, headers=headers, **who)


async def test_facts_are_corrected_at_the_version_that_was_read(county: County) -> None:
    made = await county.create(**petition())
    changed = await patch(county, made["id"], 1, township="城关镇", demand="title", is_threat=True, people_count=3)
    assert (changed.status_code, changed.headers["etag"]) == (200, '"2.masked"'), changed.text
    body = changed.json()
    assert (body["township"], body["demand"], body["is_threat"], body["people_count"]) == ("城关镇", "title", True, 3)
    assert code(await patch(county, made["id"], 1, township="南关镇")) == (412, "stale_version")
    assert code(await patch(county, made["id"], None, township="南关镇")) == (428, "if_match_required")
    emptied = await patch(county, made["id"], 2, township=None, statement=None)
    assert (emptied.json()["township"], emptied.json()["has_statement"]) == (None, False)
    for wrong in (
        {"petition_class": "suggestion"},
        {"summary": "电话13812345678"},
        {"content_class": "019999"},
        {"people_count": None},
    ):
        assert (await patch(county, made["id"], 3, **wrong)).status_code == 422, wrong
    audit = (await county.call("GET", "/audit", role="auditor", params={"action": "update"})).json()["items"]
    assert audit[-1]["detail"] == {"changed": ["demand", "is_threat", "people_count", "township"]}


async def test_who_registered_it_corrects_it(county: County) -> None:
    body = {"division_code": county.code} | petition()
    made = (await county.call("POST", "/petitions", json=body, role="department", unit=BODY)).json()
    assert (await patch(county, made["id"], 1, role="department", unit=BODY, building="3号楼")).status_code == 200
    sent = await county.create(**petition(to_unit=BODY))
    assert code(await patch(county, sent["id"], 1, role="department", unit=BODY, building="3号楼"))[0] == 403
    assert (await patch(county, sent["id"], 1, role="department", unit=OTHER, building="3号楼")).status_code == 404


async def test_two_officers_at_once(county: County) -> None:
    made = await county.create(**petition())
    answers = await asyncio.gather(*(patch(county, made["id"], 1, township=f"{n}号镇") for n in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412]


async def test_petitions_are_merged_into_a_main_case(county: County) -> None:
    main, other, third = [await county.create(**petition()) for _ in range(3)]
    merged = await county.call("POST", f"/petitions/{other['id']}/merge", json={"into": main["id"]})
    assert (merged.status_code, merged.json()["state"]) == (200, "merged"), merged.text
    assert (merged.json()["merged_into"], merged.json()["next_due_on"]) == (main["id"], None)
    for child, into, expected in (
        (main, main, (409, "cannot_merge")),
        (main, other, (409, "cannot_merge")),
        (third, other, (409, "cannot_merge")),
        (other, main, (409, "act_not_allowed")),
    ):
        answer = await county.call("POST", f"/petitions/{child['id']}/merge", json={"into": into["id"]})
        assert code(answer) == expected, answer.text
    sealed = await county.create(**petition(petition_class="accusation"))
    answer = await county.call("POST", f"/petitions/{third['id']}/merge", json={"into": sealed["id"]})
    assert code(answer) == (409, "cannot_merge")
    nowhere = await county.call("POST", f"/petitions/{third['id']}/merge", json={"into": county_id()})
    assert nowhere.json()["errors"][0]["pointer"] == "/into"


def county_id() -> str:
    return "00000000-0000-7000-8000-000000000000"


async def test_two_that_merge_into_each_other_make_no_ring(county: County) -> None:
    for _ in range(5):
        one, two = await county.create(**petition()), await county.create(**petition())
        answers = await asyncio.gather(
            county.call("POST", f"/petitions/{one['id']}/merge", json={"into": two["id"]}),
            county.call("POST", f"/petitions/{two['id']}/merge", json={"into": one["id"]}),
        )
        assert sorted(answer.status_code for answer in answers) == [200, 409]


async def test_a_matter_is_split_off_with_its_persons(county: County) -> None:
    persons = [PERSON, {"role": "co_signer", "name": "王五"}]
    made = await county.create(**petition(persons=persons, registered_on="2026-11-16", people_count=2))
    chosen = [one["id"] for one in made["persons"] if one["role"] == "petitioner"]
    body = {"person_ids": chosen, "people_count": 1, "demand": "title", "summary": "反映办证问题"}
    split = await county.call("POST", f"/petitions/{made['id']}/split", json=body)
    assert split.status_code == 201, split.text
    new = split.json()
    assert (new["split_from"], new["registered_on"], new["demand"]) == (made["id"], "2026-11-16", "title")
    assert (new["petition_code"][-1], len(new["query_code"]), new["channel_detail"]) == ("2", 8, made["channel_detail"])
    assert not [secret for secret in SECRETS if secret in split.text]
    # Splitting wins no time: the clock runs from the day it was registered.
    assert new["next_due_on"] == made["next_due_on"]
    purpose = {"purpose": "handling", "purpose_note": "核对分案"}
    shown = (await county.call("POST", f"/petitions/{new['id']}/reveal", json=purpose)).json()
    assert [one["id_number"] for one in shown["persons"]] == [PERSON["id_number"]]
    assert shown["statement"] is None
    answer = await county.call("POST", f"/petitions/{made['id']}/split", json=body | {"person_ids": [made["id"]]})
    assert answer.json()["errors"][0]["pointer"] == "/person_ids"
    nobody = await county.call("POST", f"/petitions/{made['id']}/split", json=body | {"person_ids": []})
    assert nobody.json()["errors"][0]["pointer"] == "/persons"
    await county.call("POST", f"/petitions/{new['id']}/merge", json={"into": made["id"]})
    assert code(await county.call("POST", f"/petitions/{new['id']}/split", json=body)) == (409, "cannot_split")


async def attach(county: County, petition_id: str, name: str, content: bytes, **who: Any) -> httpx.Response:
    path = f"/petitions/{petition_id}/attachments"
    return await county.call("POST", path, data={"kind": "original"}, files={"file": (name, content)}, **who)


async def test_papers_are_kept_sealed_and_given_to_who_acts_on_them(county: County) -> None:
    made = await county.create(**petition(to_unit=BODY))
    added = await attach(county, made["id"], "欧阳建国来信.pdf", PDF)
    assert added.status_code == 201, added.text
    assert (added.json()["media_type"], added.json()["size"]) == ("application/pdf", len(PDF))
    photo = await attach(county, made["id"], "照片.bin", (DATA / "site-photo.jpg").read_bytes())
    assert photo.json()["media_type"] == "image/jpeg"
    listed = await county.read(f"/petitions/{made['id']}/attachments")
    assert [one["kind"] for one in listed["items"]] == ["original", "original"]
    # A file's name names people: it comes with the file only.
    assert "欧阳" not in str(listed) + added.text
    path = added.headers["location"].removeprefix("/v1/petitions")
    for role, unit, status in (
        ("petition_office", None, 200),
        ("department", BODY, 200),
        ("department", OTHER, 404),
        ("leader", None, 403),
        ("inspector", None, 403),
        ("enterprise", None, 403),
    ):
        answer = await county.call("GET", path, role=role, unit=unit)
        assert answer.status_code == status, (role, unit, answer.text)
        assert status != 200 or answer.content == PDF
    audit = (await county.call("GET", "/audit", role="auditor", params={"action": "download"})).json()["items"]
    assert [entry["detail"] for entry in audit] == [{"attachment_id": added.json()["id"], "kind": "original"}] * 2
    for name, content, status in (
        ("空.pdf", b"", 422),
        ("a.exe", b"MZ" + b"\0" * 500, 415),
        ("a.zip", b"PK\3\4x", 415),
    ):
        assert (await attach(county, made["id"], name, content)).status_code == status, name
    assert (await attach(county, made["id"], "a.pdf", PDF, role="department", unit=OTHER)).status_code == 404
    other = await county.create(**petition())
    elsewhere = path.replace(made["id"], other["id"])
    assert (await county.call("GET", elsewhere)).status_code == 404


async def test_a_city_reads_and_changes_nothing(petitions: Petitions, county: County) -> None:
    made = await county.create(**petition())
    city = petitions.token("petition_office", f"{county.code[:4]}00")
    for path, body in (
        ("/merge", {"into": made["id"]}),
        ("/split", {"people_count": 1, "demand": "title", "summary": "反映办证"}),
        ("/query-code", None),
        ("/project", {"project_id": None}),
    ):
        answer = await petitions.call(city, "POST", f"/petitions/{made['id']}{path}", json=body)
        assert answer.status_code == 403, (path, answer.text)


async def test_reading_one_costs_two_statements(county: County, petition_statements: Statements) -> None:
    made = await county.create(**petition(persons=[PERSON] * 5, people_count=5))
    petition_statements.texts.clear()
    await county.call("GET", f"/petitions/{made['id']}")
    assert len(petition_statements) == 4, petition_statements.texts


async def test_numbers_begin_anew_each_year(petitions: Petitions, county: County) -> None:
    await county.create(**petition())
    petitions.clock.advance(dt.timedelta(days=60))
    letter = {"channel": "letter", "received_on": "2026-12-31"}
    later = await county.create(**petition(channel_detail=letter))
    earlier = await county.create(**petition(registered_on="2026-12-31", channel_detail=letter))
    assert [made["petition_code"] for made in (later, earlier)] == [
        f"{county.code}-2027-000001",
        f"{county.code}-2026-000002",
    ]
