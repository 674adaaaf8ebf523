"""Who a petition is from: masked everywhere, whole for a stated purpose, found only by an exact value at home."""

import io
from typing import Any

import openpyxl
import pytest

from tests.support.intake import MASKED, PERSON, SECRETS, STATEMENT, known_petition
from tests.support.petitions import County, Petitions, Statements

BODY, OTHER = "ZJJ", "RSJ"
CONTACT = {"purpose": "contact", "purpose_note": "电话告知受理结果"}


@pytest.fixture
async def county(petition_county: County) -> County:
    await petition_county.unit("XFJ", "信访局", "petition_office")
    await petition_county.unit(BODY, "住建局")
    await petition_county.unit(OTHER, "人社局")
    return petition_county


async def audited(county: County, action: str) -> list[dict[str, Any]]:
    answer = await county.call("GET", "/audit", role="auditor", params={"action": action})
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


def personal(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret in text]


async def test_a_person_is_masked_in_every_answer(county: County) -> None:
    made = await county.create(**known_petition(to_unit=BODY))
    one = f"/petitions/{made['id']}"
    assert {name: made["persons"][0][name] for name in MASKED} == MASKED
    for role, unit in (("petition_office", None), ("department", BODY), ("leader", None), ("inspector", None)):
        for path in (one, "/petitions", "/petitions?sort=due&q=逾期"):
            answer = await county.call("GET", path, role=role, unit=unit)
            assert answer.status_code == 200, answer.text
            assert MASKED["name"] in answer.text, (role, path)
            assert personal(answer.text) == [], (role, path)
    answer = await county.call("GET", "/export")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    cells = [str(cell.value) for row in sheet.iter_rows() for cell in row]
    assert set(MASKED.values()) <= set(cells)
    assert personal("".join(cells)) == []
    assert [entry["detail"] for entry in await audited(county, "export")] == [{"filters": [], "rows": 1}]


async def test_persons_are_revealed_for_a_purpose_that_is_written_down(county: County) -> None:
    made = await county.create(**known_petition(to_unit=BODY))
    path = f"/petitions/{made['id']}/reveal"
    assert (await county.call("POST", path, json={})).status_code == 422
    assert (await county.call("POST", path, json={"purpose": "contact"})).status_code == 422
    shown = await county.call("POST", path, json=CONTACT, role="department", unit=BODY, subject="user:body")
    assert shown.status_code == 200, shown.text
    assert shown.headers["etag"] == '"1.revealed"'
    assert shown.json()["statement"] == STATEMENT
    assert {name: shown.json()["persons"][0][name] for name in PERSON} == PERSON
    entries = await audited(county, "reveal")
    assert [(entry["actor"], entry["subject_id"], entry["detail"]) for entry in entries] == [
        ("user:body", made["id"], CONTACT)
    ]
    for role, unit, status in (
        ("department", OTHER, 404),
        ("department", None, 404),
        ("inspector", None, 403),
        ("leader", None, 403),
        ("office", None, 403),
        ("enterprise", BODY, 403),
        ("petition_office", None, 200),
    ):
        answer = await county.call("POST", path, json=CONTACT, role=role, unit=unit)
        assert answer.status_code == status, (role, unit, answer.text)
    assert len(await audited(county, "reveal")) == 2


async def test_who_handles_it_beside_the_lead_does_not_reveal(county: County) -> None:
    """The lead is the handling body; units beside it see the petition masked."""
    made = await county.create(**known_petition())
    sent = {"unit_code": BODY, "co_units": [{"unit_code": OTHER}]}
    assert (await county.call("POST", f"/petitions/{made['id']}/forward", json=sent)).status_code == 200
    path = f"/petitions/{made['id']}"
    assert (await county.call("GET", path, role="department", unit=OTHER)).status_code == 200
    answer = await county.call("POST", f"{path}/reveal", json=CONTACT, role="department", unit=OTHER)
    assert (answer.status_code, answer.json()["code"]) == (403, "not_revealed")


async def test_another_division_neither_sees_nor_reveals(petitions: Petitions, county: County) -> None:
    made = await county.create(**known_petition())
    for home, seen, revealed in (("110199", 404, 404), (f"{county.code[:4]}00", 200, 403)):
        token = petitions.token("petition_office", home)
        answer = await petitions.call(token, "GET", f"/petitions/{made['id']}")
        assert answer.status_code == seen, answer.text
        assert personal(answer.text) == []
        answer = await petitions.call(token, "POST", f"/petitions/{made['id']}/reveal", json=CONTACT)
        assert answer.status_code == revealed, answer.text


async def test_a_purpose_names_nobody(county: County) -> None:
    made = await county.create(**known_petition())
    path = f"/petitions/{made['id']}/reveal"
    for note in ("告知欧阳建国", "回电13812345678"):
        answer = await county.call("POST", path, json=CONTACT | {"purpose_note": note})
        assert answer.status_code == 422, answer.text
        assert answer.json()["errors"][0]["pointer"] == "/purpose_note"
        assert personal(answer.text) == []
    searched = CONTACT | {"name": PERSON["name"], "purpose_note": "核对欧阳建国"}
    assert (await county.call("POST", "/petitions/find-by-person", json=searched)).status_code == 422
    assert await audited(county, "reveal") == []


async def test_a_stored_answer_is_masked(county: County) -> None:
    made = await county.create(**known_petition())
    key = {"Idempotency-Key": f"reveal-{county.code}"}
    path = f"/petitions/{made['id']}/reveal"
    first = await county.call("POST", path, json=CONTACT, headers=key)
    again = await county.call("POST", path, json=CONTACT, headers=key)
    assert personal(first.text)
    assert again.headers["idempotency-replayed"] == "true"
    assert personal(again.text) == []
    assert again.json()["statement"] is None
    assert {name: again.json()["persons"][0][name] for name in MASKED} == MASKED


async def patched(county: County, found: dict[str, Any], **facts: Any) -> Any:
    headers = {"If-Match": f'"{found["version"]}.masked"'}
    return await county.call("PATCH", f"/petitions/{found['id']}", json=facts, headers=headers)


async def whole(county: County, petition_id: str) -> dict[str, Any]:
    answer = await county.call("POST", f"/petitions/{petition_id}/reveal", json=CONTACT)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_a_masked_value_sent_back_overwrites_nothing(county: County) -> None:
    made = await county.create(**known_petition())
    back = [{name: made["persons"][0][name] for name in ("id", "role", *MASKED)}]
    same = await patched(county, made, persons=back, summary=made["summary"])
    assert (same.status_code, same.json()["version"]) == (200, 1), same.text
    moved = await patched(county, made, persons=[back[0] | {"phone": "13900001111"}])
    assert (moved.status_code, moved.json()["version"]) == (200, 2), moved.text
    assert moved.json()["persons"][0]["phone"] == "139****1111"
    kept = (await whole(county, made["id"]))["persons"][0]
    assert {name: kept[name] for name in PERSON} == PERSON | {"phone": "13900001111"}
    for stars in ("139****2222", "****1111"):
        refused = await patched(county, moved.json(), persons=[back[0] | {"phone": stars}])
        assert (refused.status_code, refused.json()["code"]) == (422, "masked_value"), refused.text
        assert stars not in refused.text
    new = await patched(county, moved.json(), persons=[{"name": "李**"}])
    assert (new.status_code, new.json()["code"]) == (422, "masked_value")


async def test_persons_are_added_emptied_and_found_under_what_they_are_now(county: County) -> None:
    made = await county.create(**known_petition(people_count=3))
    first = made["persons"][0]["id"]
    added = await patched(county, made, persons=[{"role": "co_signer", "name": "王五", "phone": "0311-88886666"}])
    assert [(p["role"], p["name"]) for p in added.json()["persons"]] == [("petitioner", "欧阳**"), ("co_signer", "王*")]
    assert added.json()["is_joint"] is True
    renamed = await patched(county, added.json(), persons=[{"id": first, "name": "赵六"}])
    assert await found(county, name=PERSON["name"]) == []
    assert await found(county, name="赵六") == [made["id"]]
    emptied = {"id": first} | dict.fromkeys(("name", "id_number", "phone", "address"))
    gone = await patched(county, renamed.json(), persons=[emptied])
    assert [p["name"] for p in gone.json()["persons"]] == ["王*"]
    assert await found(county, phone=PERSON["phone"]) == []
    six = [{"role": "representative", "name": f"代表{n}"} for n in range(6)]
    refused = await patched(county, gone.json(), persons=six, people_count=80)
    assert (refused.status_code, refused.json()["code"]) == (422, "too_many_representatives")
    stranger = await patched(county, gone.json(), persons=[{"id": made["id"], "name": "孙七"}])
    assert stranger.json()["errors"][0]["pointer"] == "/persons/0/id"


async def found(county: County, **by: str) -> list[str]:
    answer = await county.call("POST", "/petitions/find-by-person", json=CONTACT | by)
    assert answer.status_code == 200, answer.text
    assert personal(answer.text) == []
    return [item["id"] for item in answer.json()["items"]]


async def test_a_search_costs_itself_and_its_audit_row(county: County, petition_statements: Statements) -> None:
    made = await county.create(**known_petition())
    petition_statements.texts.clear()
    assert await found(county, phone=PERSON["phone"]) == [made["id"]]
    assert len(petition_statements) == 4, petition_statements.texts


async def test_a_person_is_found_by_a_whole_value_and_at_home_only(petitions: Petitions, county: County) -> None:
    made = await county.create(**known_petition())
    signed = await county.create(**known_petition(persons=[{"name": "发起人"}, PERSON | {"role": "co_signer"}]))
    there = petitions.county()
    elsewhere = await there.create(**known_petition())
    for by in (
        {"id_number": "11010519491231002x"},
        {"phone": "+86 138-1234-5678"},
        {"name": "欧阳 建国"},
    ):
        assert await found(county, **by) == [signed["id"], made["id"]], by
        assert await found(there, **by) == [elsewhere["id"]]
    for by in ({"name": "欧阳"}, {"phone": "12345678"}, {"id_number": "110105194912310020"}):
        assert await found(county, **by) == [], by
    assert len(await audited(county, "find_by_person")) == 6
    detail = (await audited(county, "find_by_person"))[-1]["detail"]
    assert detail == CONTACT | {"by": "id_number", "found": 2}
    both = CONTACT | {"name": "张三", "phone": "13812345678"}
    assert (await county.call("POST", "/petitions/find-by-person", json=both)).status_code == 422
    for role in ("department", "inspector", "leader", "enterprise"):
        answer = await county.call("POST", "/petitions/find-by-person", json=CONTACT | {"name": "张三"}, role=role)
        assert answer.status_code == 403
    # Who sits above sees counties' petitions, but looks nobody up in them.
    city = petitions.token("petition_office", f"{county.code[:4]}00")
    answer = await petitions.call(city, "POST", "/petitions/find-by-person", json=CONTACT | {"name": PERSON["name"]})
    assert (answer.status_code, answer.json()["items"]) == (200, [])
