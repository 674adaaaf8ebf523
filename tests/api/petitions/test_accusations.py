"""Accusations 检举控告 are sealed (信访工作条例 arts. 30, 46): the accused unit never learns that there is one."""

from typing import Any

import pytest

from tests.support.intake import petition
from tests.support.petitions import County

ACCUSED, OTHER = "ZJJ", "JW"
SEALED = {"petition_class": "accusation", "accused_unit_code": ACCUSED, "summary": "反映干部推诿扯皮"}
PURPOSE = {"purpose": "handling", "purpose_note": "调查核实"}


@pytest.fixture
async def county(petition_county: County) -> County:
    await petition_county.unit(ACCUSED, "住建局")
    await petition_county.unit(OTHER, "纪委监委")
    await petition_county.unit("XFJ", "信访局", "petition_office")
    return petition_county


async def sees(county: County, petition_id: str, role: str, unit: str | None = None) -> set[str]:
    """Through which doors somebody meets the petition."""
    doors = set()
    for name, path in (
        ("get", f"/petitions/{petition_id}"),
        ("attachments", f"/petitions/{petition_id}/attachments"),
        ("acts", f"/petitions/{petition_id}/acts"),
    ):
        answer = await county.call("GET", path, role=role, unit=unit)
        assert answer.status_code in (200, 403, 404), answer.text
        doors |= {name} if answer.status_code == 200 else set()
    for sort in ("-registered_on", "due"):
        listed = await county.call("GET", "/petitions", role=role, unit=unit, params={"count": "true", "sort": sort})
        if listed.status_code == 200:
            doors |= {"list"} if petition_id in listed.text else set()
            doors |= {"count"} if listed.json()["total"] else set()
    exported = await county.call("GET", "/export", role=role, unit=unit)
    if exported.status_code == 200:
        doors |= {"export"} if len(exported.content) > await empty_export(county) else set()
    return doors


async def empty_export(county: County) -> int:
    return len((await county.call("GET", "/export", params={"township": "没有这个乡镇"})).content) + 100


async def test_an_accusation_is_not_there_for_the_accused(county: County) -> None:
    made = await county.create(**petition(**SEALED))
    assert made["is_sealed"] is True
    every = {"get", "attachments", "acts", "list", "count", "export"}
    assert await sees(county, made["id"], "petition_office") == every
    assert await sees(county, made["id"], "inspector") == every
    for role, unit in (
        ("department", ACCUSED),
        ("petition_office", ACCUSED),
        ("inspector", ACCUSED),
        ("department", OTHER),
        ("office", None),
        ("leader", None),
        ("enterprise", None),
    ):
        assert await sees(county, made["id"], role, unit) == set(), (role, unit)
    sent = await county.call("POST", f"/petitions/{made['id']}/forward", json={"unit_code": OTHER})
    assert sent.status_code == 200, sent.text
    # Who handles it sees it; its acts and attachments too.
    assert await sees(county, made["id"], "department", OTHER) == every - {"export"}
    assert await sees(county, made["id"], "department", ACCUSED) == set()
    reveal = f"/petitions/{made['id']}/reveal"
    assert (await county.call("POST", reveal, json=PURPOSE, role="department", unit=OTHER)).status_code == 200
    assert (await county.call("POST", reveal, json=PURPOSE, role="petition_office", unit=ACCUSED)).status_code == 404


async def test_an_accusation_does_not_go_to_the_accused(county: County) -> None:
    def refused(answer: Any) -> tuple[int, str]:
        return answer.status_code, answer.json()["code"]

    body = {"division_code": county.code} | petition(**SEALED)
    assert refused(await county.call("POST", "/petitions", json=body | {"to_unit": ACCUSED})) == (403, "accused_unit")
    by_accused = await county.call("POST", "/petitions", json=body, role="petition_office", unit=ACCUSED)
    assert refused(by_accused) == (403, "accused_unit")
    made = await county.create(**petition(**SEALED))
    path = f"/petitions/{made['id']}"
    assert refused(await county.call("POST", f"{path}/forward", json={"unit_code": ACCUSED})) == (403, "accused_unit")
    with_others = {"unit_code": OTHER, "co_units": [{"unit_code": ACCUSED}]}
    assert refused(await county.call("POST", f"{path}/forward", json=with_others)) == (403, "accused_unit")


async def test_who_is_accused_may_become_known_later(county: County) -> None:
    made = await county.create(**petition(purpose="accusation", summary="反映违规审批"))
    assert (made["is_sealed"], made["accused_unit_code"]) == (True, None)
    path, body = f"/petitions/{made['id']}", {"accused_unit_code": ACCUSED}
    await county.call("POST", f"{path}/forward", json={"unit_code": ACCUSED})
    held = await county.call("PATCH", path, json=body, headers={"If-Match": '"2"'})
    assert (held.status_code, held.json()["code"]) == (403, "accused_unit")
    other = await county.create(**petition(purpose="accusation", summary="反映违规审批"))
    named = await county.call("PATCH", f"/petitions/{other['id']}", json=body, headers={"If-Match": '"1"'})
    assert (named.status_code, named.json()["accused_unit_code"]) == (200, ACCUSED), named.text
    # What is left to count is the one it got before anybody knew.
    assert await sees(county, other["id"], "petition_office", ACCUSED) <= {"count", "export"}
    assert (await county.call("GET", f"/petitions/{other['id']}", unit=ACCUSED)).status_code == 404
    plain = await county.create(**petition())
    wrong = await county.call("PATCH", f"/petitions/{plain['id']}", json=body, headers={"If-Match": '"1"'})
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/accused_unit_code")
    turned = {"purpose": "accusation"}
    sealed = await county.call("PATCH", f"/petitions/{plain['id']}", json=turned, headers={"If-Match": '"1"'})
    assert sealed.json()["is_sealed"] is True
