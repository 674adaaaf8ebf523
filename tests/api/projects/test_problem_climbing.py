"""Deadlines of problems: they climb when they pass, whatever the order of acts and sweeps."""

import asyncio
import datetime as dt
from random import Random
from typing import Any

import pytest

from services.projects.problems import rules, service
from shared.chassis.clock import today
from tests.support.problems import REPORTER, Site, site

__all__ = ["site"]


async def test_a_deadline_is_extended_by_the_office_before_it_passes(site: Site) -> None:
    problem_id = await site.report(due_on="2026-11-30")

    async def extend(version: int, day: str, **who: Any) -> Any:
        headers = {"If-Match": f'"{version}"'}
        return await site.county.call("PATCH", f"/problems/{problem_id}", json={"due_on": day}, headers=headers, **who)

    assert (await extend(1, "2026-12-15", **REPORTER)).status_code == 403
    assert (await extend(1, "2026-11-28", **REPORTER)).status_code == 200
    assert (await extend(2, "2026-12-05")).status_code == 200
    site.wait(13)
    late = await extend(3, "2027-01-01")
    assert (late.status_code, late.json()["code"]) == (409, "deadline_passed")


async def test_an_overdue_problem_climbs_and_a_second_sweep_finds_nothing(site: Site) -> None:
    problem_id = await site.report(due_on="2026-11-30")
    unowned = await site.report(due_on="2026-11-30", unit_code=None)
    seen = []
    for days in (7, 6, 1, 7, 30):
        site.wait(days)
        climbed = await site.sweep()
        assert await site.sweep() == 0
        found = await site.get(problem_id)
        seen.append((found["days_late"], found["level"], climbed))
    assert seen == [
        (None, "unit", 0),
        (6, "unit", 0),
        (7, "office", 1),
        (14, "leading_group", 2),
        (44, "leading_group", 0),
    ]
    assert [turn["level"] for turn in (await site.get(unowned))["history"]] == ["office", "leading_group"]
    late = await site.county.every("/problems", overdue="true")
    assert {one["id"] for one in late} == {problem_id, unowned}
    await site.moved(problem_id, "authorise", "start", "solve")
    assert [one["id"] for one in await site.county.every("/problems", overdue="true")] == [unowned]
    assert [one["id"] for one in await site.county.every("/problems", overdue="false")] == [problem_id]
    assert (await site.get(problem_id))["days_late"] is None


async def test_a_county_sets_how_fast_problems_climb(site: Site) -> None:
    body = {"value": 1, "reason": "县委专题会议纪要"}
    headers = {"If-Match": '"0"'}
    await site.county.call("PUT", "/thresholds/problem_climb_days", json=body, headers=headers)
    problem_id = await site.report(due_on="2026-11-23")
    site.wait(1)
    assert await site.sweep() == 1
    assert (await site.get(problem_id))["level"] == "office"


async def test_sweeps_at_once_climb_once(site: Site) -> None:
    ids = [await site.report(due_on="2026-11-23") for _ in range(5)]
    site.wait(8)
    assert sum(await asyncio.gather(*(site.sweep() for _ in range(3)))) == 5
    for problem_id in ids:
        assert [turn["action"] for turn in (await site.get(problem_id))["history"]] == ["create", "climb"]


async def test_what_did_not_hold_is_reopened_and_allowed_anew(site: Site) -> None:
    problem_id = await site.report(due_on="2026-11-23")
    early = await site.act(problem_id, "reopen", {"reason": "未到位", "due_on": "2026-12-31"})
    assert (early.status_code, early.json()["code"]) == (409, "wrong_state")
    site.wait(8)
    await site.sweep()
    await site.moved(problem_id, "authorise", "start", "solve")
    assert await site.sweep() == 0
    past = await site.act(problem_id, "reopen", {"reason": "未到位", "due_on": "2026-11-30"})
    assert past.status_code == 422
    again = await site.act(problem_id, "reopen", {"reason": "未到位", "due_on": "2026-12-31"}, role="inspector")
    assert (again.status_code, again.json()["state"], again.json()["reopened"]) == (200, "reported", 1)
    assert (again.json()["authorised_by"], again.json()["result"], again.json()["level"]) == (None, None, "office")
    assert (await site.act(problem_id, "start")).json()["code"] == "not_authorised"
    await site.moved(problem_id, "authorise", "start", "solve")
    told = [turn["note"] for turn in (await site.get(problem_id))["history"] if turn["action"] in ("solve", "reopen")]
    assert told == ["专项借款已到位", "未到位", "专项借款已到位"]


@pytest.mark.parametrize("seed", range(3))
async def test_any_order_of_acts_and_sweeps_ends_where_the_rule_says(site: Site, seed: int) -> None:
    """Beside every problem stands what the rule makes of it, moved by the same acts."""
    random = Random(seed)
    due = {await site.report(due_on="2026-11-25"): dt.date(2026, 11, 25) for _ in range(3)}
    levels, states = dict.fromkeys(due, "unit"), dict.fromkeys(due, "reported")
    acts = {"reported": "authorise", "authorised": "start", "working": "solve", "solved": "reopen"}
    names = [level.value for level in rules.LEVELS]
    for _ in range(25):
        problem_id, turn = random.choice(sorted(due)), random.choice(["sweep", "wait", "act", "act"])
        now = today(site.county.projects.clock)
        if turn == "wait":
            site.wait(random.randint(1, 6))
        elif turn == "sweep":
            owed = {one: min(max((now - day).days, 0) // 7, 2) for one, day in due.items() if states[one] != "solved"}
            climbed = {one: names[rank] for one, rank in owed.items() if rank > names.index(levels[one])}
            levels |= climbed
            assert (await site.sweep(), await site.sweep()) == (len(climbed), 0)
        elif states[problem_id] == "solved":
            due[problem_id], states[problem_id] = now + dt.timedelta(days=2), "reported"
            body = {"reason": "又停工", "due_on": str(due[problem_id])}
            assert (await site.act(problem_id, "reopen", body)).status_code == 200
        else:
            await site.moved(problem_id, acts[states[problem_id]])
            states[problem_id] = list(acts)[list(acts).index(states[problem_id]) + 1]
        found = {one["id"]: (one["level"], one["state"]) for one in await site.county.every("/problems")}
        assert found == {one: (levels[one], states[one]) for one in due}


async def test_a_problem_is_silent_when_half_its_time_is_gone_and_nobody_began(site: Site) -> None:
    asked, idle = [await site.report(due_on="2026-12-03") for _ in range(2)]
    site.wait(4)
    assert await site.silent() == set()
    site.wait(1)
    assert await site.silent() == {asked, idle}
    await site.moved(asked, "authorise")
    assert await site.silent() == {idle}, "its time begins anew when it is allowed"
    site.wait(3)
    assert await site.silent() == {asked, idle}
    await site.moved(asked, "start")
    assert await site.silent() == {idle}


async def test_a_problem_reopened_begins_anew_whatever_was_done_before(site: Site) -> None:
    problem_id = await site.report(due_on="2026-12-03", steps=[{"title": "追缴", "due_on": "2026-12-01"}])
    step = (await site.get(problem_id))["steps"][0]
    await site.moved(problem_id, "authorise", "start")
    path = f"/problem-steps/{step['id']}/complete"
    assert (await site.county.call("POST", path, json={"result": "已追回"})).status_code == 200
    await site.moved(problem_id, "solve")
    site.wait(100)
    again = {"reason": "又被挪用", "due_on": "2027-03-13"}
    assert (await site.act(problem_id, "reopen", again)).status_code == 200
    assert await site.silent() == set(), "ten days from today, not a hundred gone"
    site.wait(4)
    assert await site.silent() == set()
    site.wait(1)
    assert await site.silent() == {problem_id}


async def test_a_problem_before_the_leading_group_is_not_silent(site: Site) -> None:
    county = site.county
    for code in ("L1", "L2"):
        await county.person(code, unit="ZJJ")
        seat = {"division_code": county.code, "person_code": code, "seat": "member"}
        assert (await county.call("POST", "/leading-group/members", json=seat)).status_code == 200
    problem_id = await site.report(scope="common", due_on="2026-12-03")
    site.wait(6)
    assert await site.silent() == {problem_id}, "nobody has put it to the group"
    question = {
        "division_code": county.code,
        "title": "专项借款",
        "question": "是否申请",
        "legal_basis": "专项借款管理办法",
        "options": [{"title": "申请"}],
        "problem_ids": [problem_id],
    }
    asked = await county.call("POST", "/decisions", json=question)
    assert asked.status_code == 201, asked.text
    assert await site.silent() == set(), "the group has yet to decide"
    path = f"/decisions/{asked.json()['id']}"
    for code in ("L1", "L2"):
        vote = {"person_code": code, "choice": "for", "option": "A"}
        assert (await county.call("POST", f"{path}/votes", json=vote)).status_code == 200
    outcome = {"option": "A", "document": "纪要〔2026〕3号"}
    assert (await county.call("POST", f"{path}/decide", json=outcome)).status_code == 200
    site.wait(1)
    assert await site.silent() == set()
    site.wait(1)
    assert await site.silent() == {problem_id}


async def test_more_problems_than_a_batch_climb_unowned_first(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "BATCH", 2)
    owned = [await site.report(due_on=f"2026-11-2{n}") for n in (5, 3, 4)]
    unowned = [await site.report(due_on="2026-11-26", unit_code=None) for _ in range(2)]
    site.wait(40)
    assert [await site.sweep() for _ in range(4)] == [2, 2, 1, 0]
    climbed = {one: (await site.get(one))["history"][-1] for one in (*owned, *unowned)}
    assert {turn["action"] for turn in climbed.values()} == {"climb"}
    answer = await site.county.call("GET", "/audit", role="auditor", params={"limit": 200})
    order = [e["subject_id"] for e in reversed(answer.json()["items"]) if e["action"] == "climb"]
    assert order == [*unowned, owned[1], owned[2], owned[0]]
