"""舆情 over HTTP: recorded, answered by its owner, overdue where nobody did."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from shared.clients.gateway import ProjectName
from shared.errors import NotFound
from tests.support.office import BODY, OTHER, Office
from tests.support.petitions import Petitions, Statements
from tests.support.sweeping import day, on, swept

ITEM: dict[str, Any] = {
    "source": "short_video",
    "outlet": "业主视频号",
    "url": "https://example.cn/v/1",
    "heat": "medium",
    "views": 12000,
    "seen_on": "2026-11-19",
    "summary": "视频反映二期停工，评论要求明确复工时间",
    "owner_unit_code": BODY,
    "due_on": "2026-11-25",
}
ANSWER = {"outcome": "explained", "response": "已公布复工计划，十二月五日前全面复工"}
ITEMS = "/opinion-items"


async def post(office: Office, path: str, body: Mapping[str, Any], **who: Any) -> httpx.Response:
    return await office.county.call("POST", path, json=body, **who)


async def made(office: Office, **facts: Any) -> dict[str, Any]:
    answer = await post(office, ITEMS, ITEM | facts)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def patch(office: Office, item: Mapping[str, Any], **facts: Any) -> httpx.Response:
    headers = {"If-Match": f'"{item["version"]}"'}
    return await office.county.call("PATCH", f"{ITEMS}/{item['id']}", json=facts, headers=headers)


async def test_an_item_is_recorded_once_and_answered_by_its_owner(office: Office) -> None:
    item = await made(office)
    assert (item["state"], item["owner_unit_name"], item["projects"]) == ("open", "住建局", [])
    again = await post(office, ITEMS, ITEM)
    assert (again.status_code, again.json()["code"]) == (409, "already_recorded")
    await made(office, url=None)
    await made(office, url=None)
    answer = f"{ITEMS}/{item['id']}/answer"
    assert (await post(office, answer, ANSWER, role="department", unit=OTHER)).status_code == 404
    assert (await post(office, answer, ANSWER, role="leader")).status_code == 403
    early = await post(office, answer, ANSWER | {"published_on": "2026-11-18"}, role="department", unit=BODY)
    assert (early.status_code, early.json()["errors"][0]["pointer"]) == (422, "/published_on")
    done = await post(office, answer, ANSWER, role="department", unit=BODY)
    assert done.status_code == 200, done.text
    assert (done.json()["state"], done.json()["published_on"]) == ("answered", "2026-11-23")
    twice = await post(office, answer, ANSWER)
    assert (twice.status_code, twice.json()["code"]) == (409, "already_answered")
    audit = await office.county.call("GET", "/audit", role="auditor", params={"subject_id": item["id"]})
    assert [entry["action"] for entry in audit.json()["items"]] == ["answer", "record"]
    assert ITEM["summary"] not in audit.text


async def test_an_item_changes_at_the_version_read(office: Office) -> None:
    item = await made(office)
    changed = await patch(office, item, heat="explosive", owner_unit_code=OTHER, due_on="2026-11-24")
    assert changed.status_code == 200, changed.text
    new = changed.json()
    assert (new["heat"], new["owner_unit_name"], new["due_on"]) == ("explosive", "人社局", "2026-11-24")
    assert new["views"] == ITEM["views"]
    assert (await patch(office, item, heat="low")).status_code == 412
    assert (await patch(office, new, due_on="2026-11-18")).status_code == 422
    assert (await patch(office, new, summary="联系 13812345678")).status_code == 422
    assert (await patch(office, new, due_on=None)).status_code == 422
    answered = (await post(office, f"{ITEMS}/{item['id']}/answer", ANSWER)).json()
    assert (await patch(office, answered, due_on="2026-12-24")).status_code == 409
    assert (await patch(office, answered, heat="low")).status_code == 200


@pytest.mark.parametrize(
    ("facts", "pointer"),
    [
        ({"owner_unit_code": "NOBODY"}, "/owner_unit_code"),
        ({"seen_on": "2026-11-24"}, "/seen_on"),
        ({"due_on": "2026-11-18"}, "/due_on"),
        ({"url": "javascript:alert(1)"}, "/url"),
        ({"summary": "身份证 11010519491231002X"}, "/summary"),
    ],
)
async def test_what_is_wrong_is_said_where(office: Office, facts: dict[str, Any], pointer: str) -> None:
    answer = await post(office, ITEMS, ITEM | facts)
    assert answer.status_code == 422, answer.text
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


async def test_an_item_is_about_projects_of_its_county(
    office: Office, petitions: Petitions, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = uuid4(), uuid4()
    known = {here: office.county.code, there: petitions.county().code}

    async def name_project(project_id: UUID) -> ProjectName:
        if project_id not in known:
            raise NotFound
        return ProjectName(project_id=project_id, division_code=known[project_id], project_code="A-1", name="安居苑")

    monkeypatch.setattr(petitions.client, "name_project", name_project)
    item = await made(office, project_ids=[str(here), str(here)])
    assert item["projects"] == [{"project_id": str(here), "project_code": "A-1", "name": "安居苑"}]
    await made(office, url=None)
    assert [row["id"] for row in await office.county.every(ITEMS, project_id=str(here))] == [item["id"]]
    for strange in (there, uuid4()):
        refused = await post(office, ITEMS, ITEM | {"url": None, "project_ids": [str(here), str(strange)]})
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/project_ids/1")
    assert (await patch(office, item, project_ids=[])).json()["projects"] == []


async def test_what_nobody_answered_is_overdue_from_the_day_after(
    office: Office, petition_statements: Statements
) -> None:
    late = await made(office, due_on="2026-11-22")
    await made(office, url=None, due_on="2026-11-23")
    before = len(petition_statements)
    rows = await office.county.every(ITEMS, state="overdue")
    assert len(petition_statements) - before == 3
    assert [(row["id"], row["days_late"]) for row in rows] == [(late["id"], 1)]


async def test_an_owner_is_reminded_once_of_what_it_did_not_answer_in_time(office: Office) -> None:
    late = await made(office, due_on="2026-11-22")
    later = await made(office, url=None, due_on="2026-11-23")
    answered = await made(office, url=None, due_on="2026-11-20")
    await post(office, f"{ITEMS}/{answered['id']}/answer", ANSWER)

    async def reminded() -> dict[str, str | None]:
        return {row["id"]: row["reminded_on"] for row in await office.county.every(ITEMS)}

    nobody = {late["id"]: None, later["id"]: None, answered["id"]: None}
    assert await reminded() == nobody
    assert [(await swept(office.county))["reminded"] for _ in range(2)] == [1, 0]
    assert await reminded() == nobody | {late["id"]: day(0)}
    on(office.county.service, 1)
    assert (await swept(office.county))["reminded"] == 1
    assert await reminded() == nobody | {late["id"]: day(0), later["id"]: day(1)}
    audit = await office.county.call("GET", "/audit", role="auditor", params={"subject_id": late["id"]})
    assert [entry["action"] for entry in audit.json()["items"]] == ["remind", "record"]
    assert audit.json()["items"][0]["detail"]["owner_unit_code"] == BODY


async def test_another_day_to_answer_by_is_reminded_of_anew(office: Office) -> None:
    item = await made(office, due_on="2026-11-22")
    await swept(office.county)
    (item,) = await office.county.every(ITEMS)
    hotter = (await patch(office, item, heat="explosive", due_on="2026-11-22")).json()
    assert hotter["reminded_on"] == day(0)
    assert (await patch(office, hotter, due_on="2026-11-24")).json()["reminded_on"] is None
    assert (await swept(office.county))["reminded"] == 0
    on(office.county.service, 2)
    assert (await swept(office.county))["reminded"] == 1


async def test_a_unit_sees_its_own_and_another_county_none(office: Office, petitions: Petitions) -> None:
    item = await made(office)
    for unit, seen in ((BODY, 1), (OTHER, 0), (None, 0)):
        answer = await office.county.call("GET", ITEMS, role="department", unit=unit)
        assert len(answer.json()["items"]) == seen
        one = await office.county.call("GET", f"{ITEMS}/{item['id']}", role="department", unit=unit)
        assert one.status_code == (200 if seen else 404)
    elsewhere = petitions.county()
    assert await elsewhere.every(ITEMS) == []
    assert (await elsewhere.call("POST", f"{ITEMS}/{item['id']}/answer", json=ANSWER)).status_code == 404
    headers = {"If-Match": '"1"'}
    changed = await elsewhere.call("PATCH", f"{ITEMS}/{item['id']}", json={"heat": "low"}, headers=headers)
    assert changed.status_code == 404
