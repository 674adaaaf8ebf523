"""Incidents over HTTP: reported once, counted, closed; and the units that said there was none, or nothing."""

import asyncio
from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from tests.support.office import BODY, OTHER, Office
from tests.support.petitions import Petitions, Statements

INCIDENT = {
    "occurred_at": "2026-11-23T08:30:00+08:00",
    "place": "县政府南门",
    "kind": "gathering",
    "level": "ordinary",
    "involved": 40,
    "injured": 1,
    "cause": "二期逾期交房",
    "handling": "分管领导到场接访，人员已劝返",
    "detail": "带头人李某……",
}
INCIDENTS, REPORTING = "/incidents", "/incident-reporting"
ZJJ: dict[str, Any] = {"role": "department", "unit": BODY}


async def post(office: Office, path: str, body: Mapping[str, Any], **who: Any) -> httpx.Response:
    return await office.county.call("POST", path, json=body, **(who or ZJJ))


async def made(office: Office, **facts: Any) -> dict[str, Any]:
    answer = await post(office, INCIDENTS, INCIDENT | facts)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def test_an_incident_is_reported_updated_and_closed(office: Office) -> None:
    incident = await made(office)
    assert (incident["unit_name"], incident["occurred_on"], incident["state"]) == ("住建局", "2026-11-23", "open")
    assert (incident["detail"], incident["petition_ids"]) == (INCIDENT["detail"], None)
    path, headers = f"{INCIDENTS}/{incident['id']}", {"If-Match": '"1"'}
    changed = await office.county.call("PATCH", path, json={"involved": 60, "detained": 2}, headers=headers, **ZJJ)
    assert (changed.status_code, changed.json()["involved"], changed.json()["injured"]) == (200, 60, 1)
    stale = await office.county.call("PATCH", path, json={"involved": 61}, headers=headers, **ZJJ)
    assert stale.status_code == 412
    early = await post(office, f"{path}/close", {"result": "已劝返", "closed_on": "2026-11-22"})
    assert (early.status_code, early.json()["errors"][0]["pointer"]) == (422, "/closed_on")
    closed = await post(office, f"{path}/close", {"result": "已劝返，诉求转办"})
    assert (closed.status_code, closed.json()["state"]) == (200, "closed")
    again = await post(office, f"{path}/close", {"result": "已劝返"})
    assert (again.status_code, again.json()["code"]) == (409, "incident_closed")
    audit = await office.county.call("GET", "/audit", role="auditor", params={"subject_id": incident["id"]})
    assert [entry["action"] for entry in audit.json()["items"]] == ["close", "update", "report"]
    assert not any(word in audit.text for word in ("李某", "劝返", "南门"))


async def test_one_incident_is_one_row_whoever_reports_it(office: Office) -> None:
    await made(office)
    other = {"role": "department", "unit": OTHER}
    same = INCIDENT | {"place": "县政府（南门）", "occurred_at": "2026-11-23T00:50:00Z"}
    answer = await post(office, INCIDENTS, same, **other)
    assert (answer.status_code, answer.json()["code"]) == (409, "already_reported")
    said = await post(office, INCIDENTS, same | {"is_another": True}, **other)
    assert said.status_code == 201
    await made(office, place="县政府北门")
    await made(office, occurred_at="2026-11-22T23:59:00+08:00")
    at_once = await asyncio.gather(*(post(office, INCIDENTS, INCIDENT | {"kind": "banner"}) for _ in range(4)))
    assert sorted(answer.status_code for answer in at_once) == [201, 409, 409, 409]


@pytest.mark.parametrize(
    ("facts", "pointer"),
    [
        ({"occurred_at": "2026-11-23T09:30:00+08:00"}, "/occurred_at"),
        ({"involved": 0}, "/involved"),
        ({"cause": "联系 13812345678"}, "/cause"),
        ({"petition_ids": ["00000000-0000-7000-8000-000000000000"]}, "/petition_ids/0"),
    ],
)
async def test_what_is_wrong_is_said_where(office: Office, facts: dict[str, Any], pointer: str) -> None:
    answer = await post(office, INCIDENTS, INCIDENT | facts)
    assert answer.status_code == 422, answer.text
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


async def test_only_the_office_sees_which_petitions_it_is_about(office: Office) -> None:
    case = await office.registered(petition_class="accusation")
    mine = await post(office, INCIDENTS, INCIDENT | {"petition_ids": [case]})
    assert mine.status_code == 422
    by_phone = INCIDENT | {"petition_ids": [case], "unit_code": BODY}
    linked = await post(office, INCIDENTS, by_phone, role="petition_office")
    assert (linked.status_code, linked.json()["petition_ids"]) == (201, [case])
    for who, seen in (({"role": "office"}, (None, None)), (ZJJ, (None, INCIDENT["detail"]))):
        answer = await office.county.call("GET", f"{INCIDENTS}/{linked.json()['id']}", **who)
        assert (answer.json()["petition_ids"], answer.json()["detail"]) == seen


async def test_incidents_are_counted(office: Office, petition_statements: Statements) -> None:
    await made(office)
    await made(office, place="工地", level="larger", involved=200, injured=0)
    await made(office, occurred_at="2026-10-01T10:00:00+08:00", involved=9)
    before = len(petition_statements)
    found = await office.county.read("/incident-counts", from_on="2026-11-01", until="2026-11-30")
    assert len(petition_statements) - before == 3
    assert (found["incidents"], found["involved"], found["injured"], found["detained"]) == (2, 240, 1, 0)
    assert [(row["level"], row["incidents"]) for row in found["items"]] == [("larger", 1), ("ordinary", 1)]
    before = len(petition_statements)
    rows = await office.county.every(INCIDENTS, from_on="2026-11-01", level="larger")
    assert (len(petition_statements) - before, [row["place"] for row in rows]) == (3, ["工地"])
    other = await office.county.call("GET", INCIDENTS, role="department", unit=OTHER)
    assert other.json()["items"] == []


async def test_none_is_said_by_a_unit_and_silence_is_shown(office: Office) -> None:
    await office.county.unit("BANK", "某银行", "bank")
    none = await post(office, REPORTING, {}, role="department", unit=OTHER)
    assert none.status_code == 201, none.text
    assert none.json()["day"] == "2026-11-23"
    twice = await post(office, REPORTING, {}, role="department", unit=OTHER)
    assert (twice.status_code, twice.json()["code"]) == (409, "none_reported")
    assert (await post(office, REPORTING, {"day": "2026-11-24"})).status_code == 422
    assert (await post(office, REPORTING, {"unit_code": OTHER, "day": "2026-11-22"})).status_code == 403
    await made(office)
    refused = await post(office, REPORTING, {})
    assert (refused.status_code, refused.json()["code"]) == (409, "incidents_reported")

    async def reports(day: str | None = None) -> dict[str, str]:
        found = await office.county.read(REPORTING, day=day)
        assert found["silent"] == sum(item["report"] == "silent" for item in found["items"])
        return {item["unit_code"]: item["report"] for item in found["items"]}

    expected = {"XFJ": "silent", "XZF": "silent", BODY: "incidents", OTHER: "none"}
    assert await reports() == expected
    after = await post(office, INCIDENTS, INCIDENT | {"kind": "banner"}, role="department", unit=OTHER)
    assert after.status_code == 201
    assert await reports() == expected | {OTHER: "contradicted"}
    assert set((await reports("2026-11-20")).values()) == {"silent"}
    by_phone = await post(office, REPORTING, {"unit_code": "XZF"}, role="petition_office")
    assert by_phone.status_code == 201
    assert (await reports())["XZF"] == "none"


async def test_no_county_sees_anothers_incidents(office: Office, petitions: Petitions) -> None:
    incident = await made(office)
    elsewhere = petitions.county()
    assert await elsewhere.every(INCIDENTS) == []
    path = f"{INCIDENTS}/{incident['id']}"
    assert (await elsewhere.call("GET", path)).status_code == 404
    assert (await elsewhere.call("POST", f"{path}/close", json={"result": "已劝返"})).status_code == 404
    counted = await elsewhere.read("/incident-counts", from_on="2026-11-01", until="2026-11-30")
    assert counted["incidents"] == 0
