"""The sealed register: who transfers cannot look back, readers leave traces, and nobody else can tell it exists."""

import asyncio
import os
import subprocess
import sys
from typing import Any

import pytest
from sqlalchemy import text

from shared.chassis import scope
from shared.chassis.keys import Keys
from shared.storage.secrets import Vault
from tests.support.projects import County, Projects

Json = dict[str, Any]
SECRET = "监管账户资金去向不明"
CLUE = {"recipient": "discipline", "subject": "抽挪监管资金", "matter": SECRET, "transferred_on": "2026-11-20"}
RECEIVE = {"document_number": "收字〔2026〕1号", "received_on": "2026-11-21"}
RESULT = {"outcome": "case_filed", "result_on": "2026-11-22", "document_number": "立字1号", "note": "已立案审查"}


async def transferred(county: County, **more: Any) -> str:
    answer = await county.call("POST", "/clues", json=CLUE | more)
    assert answer.status_code == 201, answer.text
    assert set(answer.json()) == {"receipt_number"}
    assert "location" not in answer.headers
    return str(answer.json()["receipt_number"])


async def clue(county: County, number: str, role: str = "inspector") -> Json:
    answer = await county.call("GET", "/clues", role=role)
    return dict(next(item for item in answer.json()["items"] if item["receipt_number"] == number))


async def rows(projects: Projects, county: County, statement: str) -> list[Any]:
    with scope.within(county.code):
        async with projects.database.session() as session:
            return list(await session.execute(text(statement), {"division": county.code}))


async def test_a_clue_is_transferred_received_and_answered(county: County) -> None:
    project = await county.create("碧水园")
    number = await transferred(county, project_id=project["id"], document_number="移字1号")
    listed = await clue(county, number)
    assert (listed["state"], set(listed) & {"subject", "matter", "project_id"}) == ("transferred", set())
    path = f"/clues/{listed['id']}"
    early = await county.call("POST", f"{path}/results", role="inspector", json=RESULT)
    assert (early.status_code, early.json()["code"]) == (409, "not_received")
    received = await county.call("POST", f"{path}/receive", role="inspector", json=RECEIVE)
    assert (received.status_code, received.json()) == (200, {"receipt_number": number})
    again = await county.call("POST", f"{path}/receive", role="inspector", json=RECEIVE)
    assert (again.status_code, again.json()["code"]) == (409, "already_received")
    for outcome in ("case_filed", "sanctioned"):
        answer = await county.call("POST", f"{path}/results", role="inspector", json=RESULT | {"outcome": outcome})
        assert (answer.status_code, answer.json()) == (200, {"receipt_number": number})
    read = (await county.call("GET", path, role="inspector")).json()
    assert (read["matter"], read["project_id"], read["document_number"]) == (SECRET, project["id"], "移字1号")
    assert (read["state"], read["received_on"]) == ("answered", "2026-11-21")
    assert [(one["outcome"], one["note"]) for one in read["results"]] == [
        ("case_filed", "已立案审查"),
        ("sanctioned", "已立案审查"),
    ]


@pytest.mark.parametrize("role", ["office", "leader", "department", "taskforce", "township", "auditor", "admin"])
async def test_nobody_else_reads_or_counts(county: County, role: str) -> None:
    listed = await clue(county, await transferred(county))
    for method, path in (("GET", "/clues"), ("GET", f"/clues/{listed['id']}")):
        assert (await county.call(method, path, role=role)).status_code == 403


async def test_each_recipient_knows_its_own_and_discipline_inspection_all(county: County, projects: Projects) -> None:
    recipients = ("discipline", "political_legal", "judicial")
    numbers = {name: await transferred(county, recipient=name) for name in recipients}

    async def seen(role: str, **query: Any) -> set[str]:
        answer = await county.call("GET", "/clues", role=role, params=query)
        return {item["receipt_number"] for item in answer.json()["items"]}

    assert await seen("inspector") == set(numbers.values())
    assert await seen("judicial") == {numbers["political_legal"], numbers["judicial"]}
    assert await seen("judicial", recipient="discipline") == set()
    assert await seen("inspector", recipient="judicial", state="transferred") == {numbers["judicial"]}
    assert await seen("inspector", state="received") == set()
    theirs = await clue(county, numbers["discipline"])
    for method, act, body in (("GET", "", None), ("POST", "/receive", RECEIVE), ("POST", "/results", RESULT)):
        answer = await county.call(method, f"/clues/{theirs['id']}{act}", role="judicial", json=body)
        assert answer.status_code == 404
    stranger = projects.county()
    assert (await stranger.call("GET", f"/clues/{theirs['id']}", role="inspector")).status_code == 404
    page = (await county.call("GET", "/clues", role="inspector", params={"limit": 2})).json()
    rest = await county.call("GET", "/clues", role="inspector", params={"limit": 2, "cursor": page["next_cursor"]})
    assert (len(page["items"]), len(rest.json()["items"]), rest.json()["next_cursor"]) == (2, 1, None)


async def test_every_read_is_audited_and_only_inspectors_list_it(county: County) -> None:
    listed = await clue(county, await transferred(county))
    await county.call("GET", f"/clues/{listed['id']}", role="judicial")
    await county.call("GET", f"/clues/{listed['id']}", role="inspector", subject="user:9")
    await county.call("GET", "/clues", role="judicial")

    async def audit(role: str, **query: Any) -> list[tuple[str, str, str]]:
        answer = await county.call("GET", "/audit", role=role, params=query)
        return [(one["subject_type"], one["action"], one["actor"]) for one in answer.json()["items"]]

    of_this = await audit("inspector", subject_id=listed["id"])
    assert of_this == [("clue", "read", "user:9"), ("clue", "list", "user:1"), ("clue", "transfer", "user:1")]
    assert ("clue", "list", "user:1") in await audit("inspector", subject_id="-"), "a list that showed nothing"
    assert await audit("auditor") == []
    assert await audit("auditor", subject_type="clue") == await audit("auditor", action="transfer") == []
    whole = await county.call("GET", "/audit/verify", role="auditor", params={"division_code": county.code})
    assert whole.json()["ok"] is True


async def test_nothing_at_rest_and_no_event_says_what_it_is_about(county: County, projects: Projects) -> None:
    project = await county.create("碧水园")
    key = {"Idempotency-Key": f"clue-{county.code}"}
    sent = CLUE | {"project_id": project["id"]}
    first = await county.call("POST", "/clues", json=sent, headers=key)
    assert (await county.call("POST", "/clues", json=sent, headers=key)).json() == first.json()
    listed = await clue(county, first.json()["receipt_number"])
    await county.call("POST", f"/clues/{listed['id']}/receive", role="inspector", json=RECEIVE)
    await county.call("POST", f"/clues/{listed['id']}/results", role="inspector", json=RESULT)
    events = await rows(
        projects,
        county,
        "select type, project_id, payload, visibility from outbox where division_code = :division "
        "and subject not like 'project/%' order by id",
    )
    assert [tuple(event) for event in events] == [
        ("projects.clue.transfer", None, "{}", "sealed"),
        ("projects.clue.receive", None, "{}", "sealed"),
        ("projects.clue_result.create", None, "{}", "sealed"),
        ("projects.clue.answer", None, "{}", "sealed"),
    ]
    hidden = [SECRET, CLUE["subject"], project["id"], RESULT["note"], RESULT["document_number"]]
    told = "select body from audit_entry where subject_type in ('clue', 'clue_result') and division_code = :division"
    kept = "select encode(body, 'escape') from idempotency where division_code = :division"
    stored = "select encode(content, 'escape') from clue where division_code = :division"
    results = "select encode(content, 'escape') from clue_result where division_code = :division"
    for statement in (told, kept, stored, results):
        found = await rows(projects, county, statement)
        assert found
        assert not [word for word in hidden for row in found if str(word) in str(row[0])]
    whole = await rows(projects, county, "select content from clue where division_code = :division")
    assert not [word for word in hidden if str(word).encode() in bytes(whole[0][0])]


async def test_a_clue_put_under_another_number_does_not_open(county: County, projects: Projects) -> None:
    one, other = await clue(county, await transferred(county)), await clue(county, await transferred(county))
    with scope.within(county.code):
        async with projects.database.session() as session:
            swap = text("update clue set content = (select content from clue where id = :one) where id = :other")
            await session.execute(swap, {"one": one["id"], "other": other["id"]})
            await session.commit()
    assert (await county.call("GET", f"/clues/{one['id']}", role="inspector")).status_code == 200
    moved = await county.call("GET", f"/clues/{other['id']}", role="inspector")
    assert (moved.status_code, moved.json()["code"]) == (500, "sealed_value_damaged")
    assert SECRET not in moved.text


async def test_days_are_checked_and_a_project_is_the_countys_own(county: County, projects: Projects) -> None:
    future = await county.call("POST", "/clues", json=CLUE | {"transferred_on": "2026-11-24"})
    assert future.status_code == 422
    theirs = await projects.county().create("邻县")
    assert (await county.call("POST", "/clues", json=CLUE | {"project_id": theirs["id"]})).status_code == 404
    listed = await clue(county, await transferred(county))
    early = RECEIVE | {"received_on": "2026-11-19"}
    answer = await county.call("POST", f"/clues/{listed['id']}/receive", role="inspector", json=early)
    assert answer.status_code == 422


async def command(told: dict[str, str], *arguments: str) -> tuple[int | None, list[str]]:
    """`python -m services.projects.rekey`: its exit code and its lines."""
    running = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "services.projects.rekey", *arguments), env=os.environ | told, stdout=subprocess.PIPE
    )
    said, _ = await running.communicate()
    return running.returncode, said.decode().splitlines()


async def test_a_new_key_is_put_under_everything_and_clues_are_read_on(fresh: Projects) -> None:
    county, old, new = fresh.county(), "data-key-of-the-tests", "next data key of the tests"
    listed = await clue(county, await transferred(county))
    path = f"/clues/{listed['id']}"
    await county.call("POST", f"{path}/receive", role="inspector", json=RECEIVE)
    await county.call("POST", f"{path}/results", role="inspector", json=RESULT)
    told = {
        "ANJU_PROJECTS_ENVIRONMENT": "local",
        "ANJU_PROJECTS_DATABASE_URL": fresh.addresses.app_url,
        "ANJU_PROJECTS_GATEWAY_URL": "http://127.0.0.1:1",
        "ANJU_PROJECTS_CLIENT_SECRET": "not asked for here",
        "ANJU_PROJECTS_DATA_KEY": new,
        "ANJU_PROJECTS_DATA_KEY_ID": "2",
        "ANJU_PROJECTS_DATA_KEYS_OTHER": f'{{"1": "{old}"}}',
    }
    assert await command(told, "check") == (1, ["clue: 1 行待更换密钥", "clue_result: 1 行待更换密钥"])
    code, lines = await command(told)
    assert (code, lines[-1]) == (0, "clue_result: 已更换 1 行，剩余 0 行")
    assert (await command(told, "check"))[0] == 0
    fresh.app.state.vault = Vault(Keys(2, {2: new.encode()}), "projects")
    read = (await county.call("GET", path, role="inspector")).json()
    assert (read["matter"], read["results"][0]["note"]) == (SECRET, "已立案审查")
    assert read["version"] == 3, "three acts; a re-key is none"
