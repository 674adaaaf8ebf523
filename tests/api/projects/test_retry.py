"""Idempotency-Key: the same request again gets the same answer, and the effect happens once."""

import asyncio
from typing import Any

import httpx
from sqlalchemy import text

from shared.chassis import scope
from tests.support.projects import County, Projects
from tests.support.sheets import ledger

KEY = {"Idempotency-Key": "a-key-of-this-test"}


async def create(county: County, name: str, **more: Any) -> httpx.Response:
    return await county.call(
        "POST", "/projects", json={"division_code": county.code, "name": name, **more}, headers=KEY
    )


async def test_the_same_again_is_the_same_answer(county: County) -> None:
    first = await create(county, "甲", size={"units_sold": 1})
    body = f'{{"size": {{"units_sold":1}},"name":"甲", "division_code":"{county.code}"}}'
    again = await county.call(
        "POST", "/projects", content=body, headers=KEY | {"Content-Type": "application/json; charset=utf-8"}
    )
    assert (again.status_code, again.content) == (201, first.content)
    for name in ("etag", "location", "content-type"):
        assert again.headers[name] == first.headers[name]
    assert again.headers["idempotency-replayed"] == "true"
    assert "idempotency-replayed" not in first.headers
    assert len(await county.named()) == 1


async def test_other_content_under_the_key_is_refused(county: County) -> None:
    first = await create(county, "甲")
    other = await create(county, "乙")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    project = first.json()
    moved = await county.call(
        "POST",
        f"/projects/{project['id']}/construction-status",
        json={"to": "stopped", "reason": "x"},
        headers=KEY | {"If-Match": '"1"'},
    )
    assert moved.json()["code"] == "idempotency_key_reused"


async def test_a_key_belongs_to_its_caller(county: County) -> None:
    assert (await create(county, "甲")).status_code == 201
    colleague = County(county.projects, county.code, "user:2")
    assert (await create(colleague, "乙")).status_code == 201
    assert len(await county.named()) == 2


async def test_a_refused_request_keeps_no_key(county: County) -> None:
    assert (await create(county, "甲", effective_on="2027-01-01")).status_code == 422
    assert (await create(county, "甲")).status_code == 201


async def test_a_status_change_is_replayed_although_the_version_moved_on(county: County) -> None:
    project = await county.create("甲")
    headers = KEY | {"If-Match": '"1"'}
    path, body = f"/projects/{project['id']}/construction-status", {"to": "stopped", "reason": "x"}
    first = await county.call("POST", path, json=body, headers=headers)
    again = await county.call("POST", path, json=body, headers=headers)
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.content == first.content
    assert (await county.read(f"/projects/{project['id']}"))["version"] == 2


async def test_an_odd_key_is_refused(county: County) -> None:
    for key in ("short", "with a blank in it", "x" * 129):
        answer = await county.call("POST", "/projects", json={}, headers={"Idempotency-Key": key})
        assert (answer.status_code, answer.json()["code"]) == (422, "bad_idempotency_key")


async def test_parallel_requests_have_exactly_one_effect(county: County) -> None:
    answers = await asyncio.gather(*(create(county, "甲") for _ in range(8)))
    statuses = {a.status_code for a in answers}
    assert statuses <= {201, 409}
    assert 201 in statuses
    assert len({a.json()["id"] for a in answers if a.status_code == 201}) == 1
    for refused in (a for a in answers if a.status_code == 409):
        assert (refused.json()["code"], refused.headers["retry-after"]) == ("still_running", "1")
    assert (await create(county, "甲")).status_code == 201
    with scope.within(county.code):
        async with county.projects.database.session() as session:
            for table in ("project", "project_change", "audit_entry", "outbox", "idempotency"):
                assert (await session.execute(text(f"select count(*) from {table}"))).scalar_one() == 1


async def test_a_running_request_is_told_to_come_back(county: County, projects: Projects) -> None:
    """The division's counter is held, so whichever request has the key waits with it in hand."""
    await county.create("占位")
    with scope.within(county.code):
        async with projects.database.session() as session:
            await session.execute(text("select last from project_number for update"))
            both = [asyncio.create_task(create(county, "甲")) for _ in range(2)]
            told, waiting = await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
            answer = told.pop().result()
            assert (answer.status_code, answer.headers["retry-after"]) == (409, "1")
            await session.rollback()
    assert (await waiting.pop()).status_code == 201


async def test_an_upload_is_known_by_its_parts_not_by_its_boundary(county: County) -> None:
    book = ledger(["项目名称", "总套数"], ["甲", 1])

    async def send(boundary: str, content: bytes = book, mode: str = "row_by_row") -> httpx.Response:
        return await county.call(
            "POST",
            "/imports",
            files={"file": ("台账.xlsx", content)},
            data={"mode": mode},
            headers=KEY | {"Content-Type": f"multipart/form-data; boundary={boundary}"},
        )

    first, again = await send("one"), await send("two")
    assert (first.status_code, again.status_code) == (202, 202), again.text
    assert again.content == first.content
    assert again.headers["idempotency-replayed"] == "true"
    assert (await send("one", ledger(["项目名称", "总套数"], ["甲", 2]))).status_code == 422
    assert (await send("one", mode="all_or_nothing")).status_code == 422
    assert await county.projects.run_jobs() == 1
    assert len(await county.every("/imports")) == 1
