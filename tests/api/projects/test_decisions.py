"""A common problem before the leading group: it blocks, is voted on, decided, and only then solved."""

import asyncio
import datetime as dt
from collections.abc import Mapping
from typing import Any

import pytest

from services.projects.problems import service
from services.projects.problems.decisions.queries import Undecided
from shared.chassis.scope import enter
from tests.support.projects import County, Projects

PROBLEM: Mapping[str, Any] = {
    "title": "消防通道与规划冲突",
    "detail": {"type": "planning", "matter": "layout", "change": "调整总平面"},
    "cause": "legacy",
    "scope": "common",
    "due_on": "2026-12-31",
    "unit_code": "ZJJ",
}
DECISION: Mapping[str, Any] = {
    "title": "总平面调整",
    "question": "是否同意调整总平面并免收相关费用",
    "legal_basis": "城乡规划法第四十三条",
    "options": [{"title": "同意", "consequence": "减少车位 12 个"}, {"title": "不同意"}],
}
OUTCOME = {"option": "A", "document": "专题会议纪要〔2026〕3号"}
DEPARTMENT: Mapping[str, Any] = {"role": "department", "subject": "user:2", "unit": "ZJJ"}
GROUP = ("L1", "L2", "L3")


class Room:
    """A county with a leading group of three, one project and its milestones."""

    def __init__(self, county: County, project_id: str) -> None:
        self.county, self.project_id = county, project_id

    async def problem(self, **facts: Any) -> str:
        path = f"/projects/{self.project_id}/problems"
        answer = await self.county.call("POST", path, json={**PROBLEM, **facts}, **DEPARTMENT)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    async def ask(self, **facts: Any) -> Any:
        return await self.county.call(
            "POST", "/decisions", json={"division_code": self.county.code, **DECISION, **facts}, **DEPARTMENT
        )

    async def decision(self, **facts: Any) -> str:
        answer = await self.ask(**({"projects": [{"project_id": self.project_id}]} | facts))
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    async def vote(self, decision_id: str, person: str, choice: str, option: str | None = None, **more: Any) -> Any:
        body = {"person_code": person, "choice": choice} | ({"option": option} if option else {}) | more
        return await self.county.call("POST", f"/decisions/{decision_id}/votes", json=body)

    async def carried(self, decision_id: str, **outcome: Any) -> Any:
        for person in GROUP[:2]:
            assert (await self.vote(decision_id, person, "for", "A")).status_code == 200
        return await self.act(decision_id, "decide", OUTCOME | outcome)

    async def act(self, decision_id: str, act: str, body: Mapping[str, Any], **who: Any) -> Any:
        return await self.county.call("POST", f"/decisions/{decision_id}/{act}", json=dict(body), **who)

    async def turn(self, problem_id: str, act: str, **body: Any) -> Any:
        return await self.county.call("POST", f"/problems/{problem_id}/{act}", json=body)

    async def undecided(self) -> list[Undecided]:
        enter(self.county.code)
        async with self.county.projects.database.session() as session:
            return await service.undecided(session, self.county.code)

    async def blocked(self) -> dict[str, list[str]]:
        """What each milestone waits for, by its name."""
        plan = await self.county.read(f"/projects/{self.project_id}/plan")
        return {one["name"]: [block["cause"] for block in one["blocked"]] for one in plan["milestones"]}


@pytest.fixture
async def room(county: County) -> Room:
    await county.unit("ZJJ", "住房和城乡建设局")
    for code in (*GROUP, "OTHER"):
        await county.person(code, unit="ZJJ")
    for code in GROUP:
        seat = {"division_code": county.code, "person_code": code, "seat": "member"}
        answer = await county.call("POST", "/leading-group/members", json=seat)
        assert answer.status_code == 200, answer.text
    return Room(county, (await county.create("御林名都"))["id"])


async def planned(room: Room) -> dict[str, str]:
    """Ids of two milestones by name."""
    milestones = [
        {"key": key, "name": name, "unit_code": "ZJJ", "duration_days": 10}
        for key, name in (("a", "总平面审批"), ("b", "消防验收"))
    ]
    body = {"path": "resume_and_deliver", "promised_on": "2027-06-30", "milestones": milestones}
    answer = await room.county.call("POST", f"/projects/{room.project_id}/plan", json=body)
    assert answer.status_code == 201, answer.text
    return {one["name"]: one["id"] for one in answer.json()["milestones"]}


async def test_an_undecided_question_blocks_its_milestones_and_its_problems(room: Room) -> None:
    milestones, problem_id = await planned(room), await room.problem()
    assert (await room.turn(problem_id, "start")).json()["code"] == "undecided"
    affected = {"project_id": room.project_id, "milestone_ids": [milestones["总平面审批"]]}
    decision_id = await room.decision(projects=[affected], problem_ids=[problem_id])
    cause = f"decision:{decision_id}"
    assert await room.blocked() == {"总平面审批": [cause], "消防验收": []}
    (waiting,) = await room.undecided()
    assert (str(waiting.decision_id), str(waiting.project_id), waiting.title) == (
        decision_id,
        room.project_id,
        "总平面调整",
    )
    for act, body in (("start", {}), ("solve", {"result": "已解决"})):
        refused = await room.turn(problem_id, act, **body)
        assert (refused.status_code, refused.json()["code"]) == (409, "undecided")
    assert (await room.carried(decision_id)).status_code == 200
    assert await room.blocked() == {"总平面审批": [], "消防验收": []}
    assert await room.undecided() == []
    assert (await room.turn(problem_id, "start")).status_code == 200
    assert (await room.turn(problem_id, "solve", result="总平面已调整")).json()["state"] == "solved"
    history = (await room.county.read(f"/problems/{problem_id}"))["history"]
    assert [turn["action"] for turn in history] == ["create", "submit", "start", "solve"]


async def test_votes_and_dissent_are_kept_by_member(room: Room) -> None:
    decision_id = await room.decision()
    assert (await room.vote(decision_id, "L1", "for", "A")).status_code == 200
    assert (await room.vote(decision_id, "L2", "against", "A")).status_code == 422, "dissent is noted"
    assert (await room.vote(decision_id, "L2", "against", "A", dissent="车位不足")).status_code == 200
    assert (await room.vote(decision_id, "L3", "abstain", "A")).status_code == 422
    assert (await room.vote(decision_id, "L3", "abstain")).status_code == 200
    assert (await room.vote(decision_id, "L3", "for", "C")).json()["errors"][0]["code"] == "unknown_option"
    assert (await room.vote(decision_id, "OTHER", "for", "A")).json()["errors"][0]["code"] == "not_a_member"
    assert (await room.vote(decision_id, "NOBODY", "for", "A")).json()["errors"][0]["code"] == "unknown_person"
    found = await room.county.read(f"/decisions/{decision_id}")
    assert {vote["person_code"]: (vote["choice"], vote["dissent"]) for vote in found["votes"]} == {
        "L1": ("for", None),
        "L2": ("against", "车位不足"),
        "L3": ("abstain", None),
    }
    assert [(o["key"], o["votes_for"], o["votes_against"]) for o in found["options"]] == [("A", 1, 1), ("B", 0, 0)]
    assert found["abstentions"] == 1
    tied = await room.act(decision_id, "decide", OUTCOME)
    assert (tied.status_code, tied.json()["code"]) == (409, "not_carried")
    corrected = await room.vote(decision_id, "L2", "for", "A")
    assert (corrected.json()["version"], corrected.json()["dissent"]) == (2, None)
    assert (await room.act(decision_id, "decide", OUTCOME)).json()["outcome"] == "A"
    late = await room.vote(decision_id, "L1", "against", "A", dissent="反悔")
    assert (late.status_code, late.json()["code"]) == (409, "not_open")


async def test_a_minority_decides_nothing(room: Room) -> None:
    decision_id = await room.decision()
    await room.vote(decision_id, "L1", "for", "A")
    refused = await room.act(decision_id, "decide", OUTCOME)
    assert (refused.status_code, refused.json()["code"]) == (409, "no_quorum")
    assert (await room.county.read(f"/decisions/{decision_id}"))["state"] == "open"


async def test_who_left_the_group_before_the_day_does_not_decide(room: Room) -> None:
    decision_id = await room.decision()
    for person in ("L1", "L2"):
        await room.vote(decision_id, person, "for", "A")
    await room.vote(decision_id, "L3", "against", "A", dissent="车位不足")
    room.county.projects.clock.advance(dt.timedelta(days=1))
    leaves = {"division_code": room.county.code, "person_code": "L1", "seat": None, "reason": "调离"}
    assert (await room.county.call("POST", "/leading-group/members", json=leaves)).status_code == 200
    refused = await room.act(decision_id, "decide", OUTCOME)
    assert (refused.status_code, refused.json()["code"]) == (409, "not_carried"), "one for, one against"
    before = await room.act(decision_id, "decide", OUTCOME | {"decided_on": "2026-11-23"})
    assert (before.status_code, before.json()["decided_on"]) == (200, "2026-11-23")


async def test_what_is_decided_is_done_by_units_with_days(room: Room) -> None:
    decision_id = await room.decision()
    task = {"title": "批复总平面", "unit_code": "ZJJ", "due_on": "2026-12-10"}
    early = await room.carried(decision_id, tasks=[task | {"due_on": "2026-11-01"}])
    assert early.json()["errors"][0]["pointer"] == "/tasks/0/due_on"
    unknown = await room.act(decision_id, "decide", OUTCOME | {"tasks": [task | {"unit_code": "NOBODY"}]})
    assert unknown.json()["errors"][0]["pointer"] == "/tasks/0/unit_code"
    assert (await room.act(decision_id, "decide", OUTCOME | {"tasks": [task]})).status_code == 200
    (made,) = (await room.county.read(f"/decisions/{decision_id}"))["tasks"]
    assert (made["unit_name"], made["due_on"], made["done_on"]) == ("住房和城乡建设局", "2026-12-10", None)
    path = f"/decision-tasks/{made['id']}/complete"
    stranger = await room.county.call("POST", path, json={"result": "已批复"}, role="department", unit="CZJ")
    assert (stranger.status_code, stranger.json()["code"]) == (403, "not_your_unit")
    before = await room.county.call("POST", path, json={"result": "已批复", "done_on": "2026-11-22"}, **DEPARTMENT)
    assert before.status_code == 422
    done = await room.county.call("POST", path, json={"result": "已批复"}, **DEPARTMENT)
    assert (done.status_code, done.json()["done_on"]) == (200, "2026-11-23")
    assert (await room.county.call("POST", path, json={"result": "又批复"}, **DEPARTMENT)).status_code == 409


async def test_a_question_withdrawn_blocks_nothing_and_may_be_asked_again(room: Room) -> None:
    milestones, problem_id = await planned(room), await room.problem()
    affected = {"project_id": room.project_id, "milestone_ids": list(milestones.values())}
    first = await room.decision(projects=[affected], problem_ids=[problem_id])
    again = await room.ask(projects=[affected], problem_ids=[problem_id])
    assert (again.status_code, again.json()["code"]) == (409, "wrong_state")
    stranger = await room.act(first, "withdraw", {"reason": "x"}, role="department", unit="CZJ")
    assert stranger.status_code == 403
    assert (await room.act(first, "withdraw", {"reason": "材料不全"}, **DEPARTMENT)).status_code == 200
    assert await room.blocked() == {"总平面审批": [], "消防验收": []}
    assert (await room.county.read(f"/problems/{problem_id}"))["decision_id"] is None
    second = await room.decision(problem_ids=[problem_id], projects=[])
    found = await room.county.read(f"/decisions/{second}")
    assert ([one["project_id"] for one in found["projects"]], found["problem_ids"]) == ([room.project_id], [problem_id])
    listed = await room.county.every("/decisions", project_id=room.project_id)
    assert [(one["id"], one["state"]) for one in listed] == [(second, "open"), (first, "withdrawn")]
    assert [one["id"] for one in await room.county.every("/decisions", state="open")] == [second]


async def test_an_individual_problem_found_to_be_common_stops_until_the_decision(room: Room) -> None:
    problem_id = await room.problem(scope="individual")
    permit = {"form": "filing", "document": "备案〔2026〕7号"}
    await room.turn(problem_id, "authorise", **permit)
    await room.turn(problem_id, "start")
    refused = await room.ask(problem_ids=[problem_id])
    assert (refused.status_code, refused.json()["code"]) == (409, "wrong_state")
    changed = await room.county.call(
        "PATCH", f"/problems/{problem_id}", json={"scope": "common"}, headers={"If-Match": '"3"'}
    )
    assert (changed.json()["state"], changed.json()["authorised_by"]) == ("reported", None)
    assert (await room.turn(problem_id, "authorise", **permit)).status_code == 409
    decision_id = await room.decision(problem_ids=[problem_id])
    back = await room.county.call(
        "PATCH", f"/problems/{problem_id}", json={"scope": "individual"}, headers={"If-Match": '"5"'}
    )
    assert (back.status_code, back.json()["code"]) == (409, "wrong_state")
    await room.carried(decision_id)
    assert (await room.turn(problem_id, "start")).status_code == 200


async def test_what_is_asked_is_checked(room: Room, projects: Projects) -> None:
    other = projects.county()
    foreign = (await other.create("邻县项目"))["id"]
    milestones = await planned(room)
    second = (await room.county.create("凤凰名都"))["id"]
    for facts, status, pointer in (
        ({}, 422, "/projects"),
        ({"projects": [{"project_id": foreign}]}, 404, None),
        ({"problem_ids": [foreign]}, 422, "/problem_ids/0"),
        ({"projects": [{"project_id": room.project_id, "milestone_ids": [foreign]}]}, 422, "/projects/0/milestone_ids"),
        (
            {"projects": [{"project_id": second, "milestone_ids": [milestones["消防验收"]]}]},
            422,
            "/projects/0/milestone_ids",
        ),
        ({"projects": [{"project_id": second}], "options": []}, 422, "/options"),
    ):
        answer = await room.ask(**facts)
        assert answer.status_code == status, answer.text
        if pointer:
            assert answer.json()["errors"][0]["pointer"] == pointer
    decision_id = await room.decision()
    assert (await other.call("GET", f"/decisions/{decision_id}")).status_code == 404
    assert (await other.call("POST", f"/decisions/{decision_id}/decide", json=OUTCOME)).status_code == 404
    assert (await other.read("/decisions"))["items"] == []
    assert (await room.act(decision_id, "decide", OUTCOME | {"decided_on": "2026-11-22"})).status_code == 422


async def test_decided_once_however_many_decide(room: Room) -> None:
    decision_id = await room.decision()
    for person in GROUP:
        await room.vote(decision_id, person, "for", "A")
    task = {"title": "批复总平面", "unit_code": "ZJJ", "due_on": "2026-12-10"}
    answers = await asyncio.gather(*(room.act(decision_id, "decide", OUTCOME | {"tasks": [task]}) for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409]
    assert len((await room.county.read(f"/decisions/{decision_id}"))["tasks"]) == 1


async def test_the_same_members_votes_at_once_are_one_vote(room: Room) -> None:
    decision_id = await room.decision()
    answers = await asyncio.gather(*(room.vote(decision_id, "L1", "for", option) for option in "ABAB"))
    assert {answer.status_code for answer in answers} == {200}
    (vote,) = (await room.county.read(f"/decisions/{decision_id}"))["votes"]
    assert vote["version"] == 4
