"""A problem from the report to the solution: who may act on it, and when."""

import asyncio
from typing import Any

import pytest
import sqlalchemy as sa

from deploy.postgres.server import Server
from shared.chassis.scope import enter
from tests.support.problems import FUNDING, PERMIT, PROBLEM, REPORTER, Site, site
from tests.support.projects import Projects, Statements
from tests.support.rows import rows

__all__ = ["site"]


async def test_from_report_to_solution_every_turn_is_remembered(site: Site) -> None:
    problem_id = await site.report(steps=[{"title": "追缴抽挪资金", "due_on": "2026-12-10", "unit_code": "CZJ"}])
    step = (await site.get(problem_id))["steps"][0]
    early = await site.county.call("POST", f"/problem-steps/{step['id']}/complete", json={"result": "已追回"})
    assert (early.status_code, early.json()["code"]) == (409, "wrong_state"), "doing a step is action"
    await site.moved(problem_id, "authorise", "start")
    done = await site.county.call(
        "POST", f"/problem-steps/{step['id']}/complete", json={"result": "已追回"}, role="department", unit="CZJ"
    )
    assert (done.status_code, done.json()["done_on"]) == (200, "2026-11-23")
    solved = await site.act(problem_id, "solve", {"result": "专项借款已到位", "solved_on": "2026-11-23"}, **REPORTER)
    assert solved.status_code == 200
    found = await site.get(problem_id)
    assert [turn["action"] for turn in found["history"]] == ["create", "authorise", "start", "solve"]
    assert [turn["state"] for turn in found["history"]] == ["reported", "authorised", "working", "solved"]
    assert found["history"][1]["document"] == PERMIT["document"]
    assert (found["authorised_by"], found["created_by"]) == ("user:1", "user:2")
    assert (found["state"], found["result"], found["days_late"]) == ("solved", "专项借款已到位", None)


async def test_an_individual_problem_is_not_acted_on_before_authorisation_or_filing(site: Site) -> None:
    for form in ("authorisation", "filing"):
        problem_id = await site.report()
        early = await site.act(problem_id, "start")
        assert (early.status_code, early.json()["code"]) == (409, "not_authorised")
        also = await site.act(problem_id, "solve", {"result": "已解决"})
        assert (also.status_code, also.json()["code"]) == (409, "not_authorised")
        assert (await site.act(problem_id, "authorise", PERMIT | {"form": form})).status_code == 200
        assert (await site.act(problem_id, "solve", {"result": "已解决"})).json()["code"] == "wrong_state"
        assert (await site.act(problem_id, "start")).json()["state"] == "working"


async def test_nothing_was_done_or_solved_before_it_was_allowed(site: Site) -> None:
    problem_id = await site.report(found_on="2026-11-01", steps=[{"title": "追缴", "due_on": "2026-12-10"}])
    step = (await site.get(problem_id))["steps"][0]
    await site.moved(problem_id, "authorise", "start")
    site.wait(2)
    for day, status in (("2026-11-22", 422), ("2026-11-26", 422), ("2026-11-23", 200)):
        path = f"/problem-steps/{step['id']}/complete"
        done = await site.county.call("POST", path, json={"result": "已追回", "done_on": day})
        solved = await site.act(problem_id, "solve", {"result": "已解决", "solved_on": day})
        assert (done.status_code, solved.status_code) == (status, status), day
    assert solved.json()["solved_on"] == "2026-11-23"


async def test_who_reported_does_not_authorise(site: Site) -> None:
    path = f"/projects/{site.project_id}/problems"
    own = (await site.county.call("POST", path, json=dict(PROBLEM))).json()
    refused = await site.act(own["id"], "authorise", PERMIT)
    assert (refused.status_code, refused.json()["code"]) == (409, "same_person")
    other = await site.act(own["id"], "authorise", PERMIT, subject="user:9")
    assert (other.status_code, other.json()["authorised_by"]) == (200, "user:9")


async def test_the_database_itself_refuses_one_person_for_both(site: Site, projects: Projects) -> None:
    problem_id = await site.report()
    enter(site.county.code)
    async with projects.database.session() as session:
        with pytest.raises(sa.exc.IntegrityError, match="problem_two_persons_check"):
            await session.execute(
                sa.text(
                    "update problem set state = 'authorised', authorised_by = created_by, authorised_document = 'x' "
                    "where division_code = :division and id = :id"
                ),
                {"division": site.county.code, "id": problem_id},
            )
    async with projects.database.session() as session:
        with pytest.raises(sa.exc.IntegrityError, match="problem_authorised_before_action_check"):
            await session.execute(
                sa.text("update problem set state = 'working' where division_code = :division and id = :id"),
                {"division": site.county.code, "id": problem_id},
            )


async def test_of_two_authorisations_at_once_one_counts(site: Site, projects: Projects) -> None:
    problem_id = await site.report()
    answers = await asyncio.gather(
        *(site.act(problem_id, "authorise", PERMIT, subject=f"user:{n}") for n in range(10, 14))
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    winner = next(answer.json() for answer in answers if answer.status_code == 200)
    found = await site.get(problem_id)
    assert found["authorised_by"] == winner["authorised_by"]
    assert [turn["action"] for turn in found["history"]] == ["create", "authorise"]


async def test_each_change_leaves_one_audit_row_and_one_event_without_words(
    site: Site, projects: Projects, postgres_server: Server
) -> None:
    problem_id = await site.moved(await site.report(description="联系人王某"), "authorise", "start", "solve")
    server, name = postgres_server, projects.addresses.name
    audit = rows(server, name, f"select action, body from audit_entry where subject_id = '{problem_id}' order by seq")
    assert [row["action"] for row in audit] == ["create", "authorise", "start", "solve"]
    sent = rows(server, name, f"select type, payload from outbox where subject = 'problem/{problem_id}'")
    assert sorted(row["type"] for row in sent) == [
        f"projects.problem.{act}" for act in ("authorise", "create", "solve", "start")
    ]
    told = "".join(row["body"] for row in audit) + "".join(row["payload"] for row in sent)
    assert "王某" not in told
    assert "专项借款" not in told


async def test_only_units_concerned_and_the_office_act(site: Site) -> None:
    problem_id = await site.moved(await site.report(co_unit_codes=["CZJ", "ZJJ", "CZJ"]), "authorise")
    assert [unit["code"] for unit in (await site.get(problem_id))["co_units"]] == ["CZJ"]
    stranger = await site.act(problem_id, "start", role="department", unit="SWJ")
    assert (stranger.status_code, stranger.json()["code"]) == (403, "not_your_unit")
    nobody = await site.act(problem_id, "start", role="department")
    assert nobody.status_code == 403
    helper = await site.act(problem_id, "start", role="department", unit="CZJ")
    assert helper.status_code == 200
    assert (await site.act(problem_id, "authorise", PERMIT, **REPORTER)).json()["code"] == "forbidden"


async def test_another_county_sees_nothing(site: Site, projects: Projects) -> None:
    problem_id = await site.report()
    elsewhere = projects.county()
    assert (await elsewhere.call("GET", f"/problems/{problem_id}")).status_code == 404
    for act, body in (("authorise", PERMIT), ("start", {}), ("solve", {"result": "x"})):
        assert (await elsewhere.call("POST", f"/problems/{problem_id}/{act}", json=body)).status_code == 404
    path = f"/projects/{site.project_id}/problems"
    assert (await elsewhere.call("POST", path, json={**PROBLEM, "unit_code": None})).status_code == 404
    assert (await elsewhere.read("/problems"))["items"] == []
    beyond = await elsewhere.call("GET", "/problems", params={"division_code": site.county.code})
    assert beyond.status_code == 404
    city = projects.token("office", site.county.code[:4] + "00")
    answer = await projects.call(city, "POST", f"/problems/{problem_id}/start", json={})
    assert answer.status_code == 403, "a city reads"


async def test_what_is_reported_is_checked(site: Site) -> None:
    for facts, pointer in (
        ({"unit_code": "NOBODY"}, "/unit_code"),
        ({"co_unit_codes": ["ZJJ", "NOBODY"]}, "/co_unit_codes/1"),
        ({"found_on": "2026-11-24"}, "/found_on"),
        ({"found_on": "2026-11-20", "due_on": "2026-11-19"}, "/due_on"),
        ({"steps": [{"title": "x", "due_on": "2026-12-01", "unit_code": "NOBODY"}]}, "/steps/0/unit_code"),
    ):
        answer = await site.ask(**facts)
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)
    for detail in (
        {"type": "funding"},
        {"type": "permits", "permits": []},
        {"type": "labour", "arrears_fen": -1},
        {"type": "labour", "arrears_fen": 1, "creditor": "某银行"},
        {"type": "nothing"},
        {},
    ):
        assert (await site.ask(detail=detail)).status_code == 422, detail
    for detail in (
        {"type": "permits", "permits": ["construction_permit"]},
        {"type": "labour", "arrears_fen": 88_000_00, "workers": 40},
        {"type": "quality", "defects": ["leak"], "buildings": ["3#"]},
        {"type": "debt", "creditor": "某银行", "creditor_kind": "bank", "debt_fen": 1},
        {"type": "legal", "matter": "seizure"},
        {"type": "planning", "matter": "plot_ratio", "change": "容积率 2.5 调为 2.8"},
        {"type": "other", "matter": "邻里纠纷"},
    ):
        found = await site.get(await site.report(detail=detail))
        assert found["type"] == detail["type"]
        assert found["detail"] == found["detail"] | detail


async def test_a_problem_is_changed_at_the_version_read(site: Site) -> None:
    problem_id = await site.report()

    async def patch(version: int, **facts: Any) -> Any:
        headers = {"If-Match": f'"{version}"'}
        return await site.county.call("PATCH", f"/problems/{problem_id}", json=facts, headers=headers)

    assert (await site.county.call("PATCH", f"/problems/{problem_id}", json={})).status_code == 428
    changed = await patch(
        1, unit_code="CZJ", detail={"type": "debt", "creditor": "甲", "creditor_kind": "tax", "debt_fen": 5}
    )
    assert (changed.status_code, changed.json()["unit_name"], changed.json()["type"]) == (200, "财政局", "debt")
    assert (await patch(1, title="迟了")).status_code == 412
    assert (await patch(2, detail=None)).status_code == 422
    assert (await patch(2, due_on=None)).status_code == 422
    assert (await patch(2, cause=None)).status_code == 422
    unowned = await patch(2, unit_code=None)
    assert (unowned.json()["unit_code"], unowned.json()["level"]) == (None, "office")
    await site.moved(problem_id, "authorise", "start", "solve")
    closed = await patch(6, title="改不得")
    assert (closed.status_code, closed.json()["code"]) == (409, "wrong_state")


async def test_the_list_is_filtered_and_paged_in_one_statement(site: Site, statements: Statements) -> None:
    ids = [await site.report(detail=FUNDING if n % 2 else {"type": "other", "matter": "x"}) for n in range(5)]
    await site.moved(ids[0], "authorise")
    other = (await site.county.create("御水名都"))["id"]
    assert {one["id"] for one in await site.county.every("/problems", limit=2)} == set(ids)
    assert await site.county.every("/problems", project_id=other) == []
    for query, expected in (
        ({"state": "authorised"}, {ids[0]}),
        ({"type": "funding"}, {ids[1], ids[3]}),
        ({"unit": "ZJJ"}, set(ids)),
        ({"unit": "CZJ"}, set()),
        ({"level": "office"}, set()),
    ):
        assert {one["id"] for one in await site.county.every("/problems", **query)} == expected
    statements.texts.clear()
    await site.county.read("/problems", limit=2)
    assert len([text for text in statements.texts if "from problem" in text.lower().replace("\n", " ")]) == 1


async def test_no_unit_hands_its_problem_to_another(site: Site) -> None:
    problem_id = await site.moved(await site.report(), "authorise")
    body, path = {"unit_code": "CZJ"}, f"/problems/{problem_id}"
    handed = await site.county.call("PATCH", path, json=body, headers={"If-Match": '"2"'}, **REPORTER)
    assert (handed.status_code, handed.json()["code"]) == (403, "forbidden")
    same = await site.county.call("PATCH", path, json={"unit_code": "ZJJ"}, headers={"If-Match": '"2"'}, **REPORTER)
    assert same.status_code == 200
    office = await site.county.call("PATCH", path, json=body, headers={"If-Match": '"3"'})
    assert (office.status_code, office.json()["unit_code"]) == (200, "CZJ")
