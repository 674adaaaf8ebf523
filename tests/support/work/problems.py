"""问题与决策: a row of each kind in a seeded county, and a call that is granted for each operation."""

from collections.abc import Mapping
from typing import Any

from tests.support.county import HERE, Call, County

WORKERS = ("department", "taskforce", "township")
PROBLEM: dict[str, Any] = {
    "title": "复工资金不足",
    "detail": {"type": "funding", "gap_fen": 1_200_000_000},
    "cause": "objective",
    "scope": "individual",
    "due_on": "2027-06-30",
    "unit_code": "DEPARTMENT",
    "co_unit_codes": ["TASKFORCE", "TOWNSHIP"],
}
PERMIT = {"form": "filing", "document": "问题楼盘办〔2026〕12号"}
DECISION: dict[str, Any] = {
    "division_code": "{county}",
    "title": "规划调整",
    "question": "是否同意调整公共配套",
    "legal_basis": "城乡规划法第四十三条",
    "options": [{"title": "同意调整"}, {"title": "维持原规划"}],
}
STEP = {"title": "召开债权人座谈会", "due_on": "2027-03-31"}
PATH = "/v1/projects"


async def new_problem(county: County, **facts: Any) -> str:
    """Reported by the department, for the office to authorise."""
    reporter = await county.house.user("department", county.code)
    path = f"{PATH}/projects/{county.rows['project_id']}/problems"
    return str((await county.post(path, reporter, PROBLEM | facts))["id"])


async def _moved(county: County, problem_id: str, act: str, body: Mapping[str, Any]) -> str:
    await county.post(f"{PATH}/problems/{problem_id}/{act}", await county.office(), body)
    return problem_id


async def _authorised(county: County) -> str:
    return await _moved(county, await new_problem(county), "authorise", PERMIT)


async def _working(county: County) -> str:
    return await _moved(county, await _authorised(county), "start", {})


async def _solved(county: County) -> str:
    return await _moved(county, await _working(county), "solve", {"result": "资金已到位"})


async def _step(county: County) -> str:
    path = f"{PATH}/problems/{await _working(county)}/steps"
    return str((await county.post(path, await county.office(), STEP))["id"])


async def new_decision(county: County) -> str:
    body = DECISION | {"division_code": county.code, "projects": [{"project_id": county.rows["project_id"]}]}
    return str((await county.post(f"{PATH}/decisions", await county.office(), body))["id"])


async def _voted(county: County) -> str:
    """By everybody who sits in the leading group."""
    decision_id, office = await new_decision(county), await county.office()
    async with county.house.client(office) as client:
        group = (await client.get(f"{PATH}/leading-group")).json()
    for member in group["members"]:
        vote = {"choice": "for", "person_code": member["person_code"], "option": "A"}
        await county.post(f"{PATH}/decisions/{decision_id}/votes", office, vote)
    return decision_id


async def _task(county: County) -> str:
    decision_id = await _voted(county)
    task = {"title": "办理规划变更", "unit_code": "DEPARTMENT", "due_on": "2027-03-31"}
    body = {"option": "A", "document": "专题会议纪要〔2026〕3号", "tasks": [task]}
    office = await county.office()
    await county.post(f"{PATH}/decisions/{decision_id}/decide", office, body)
    async with county.house.client(office) as client:
        found = (await client.get(f"{PATH}/decisions/{decision_id}")).json()
    return str(found["tasks"][0]["id"])


async def seed(county: County) -> None:
    """Rows that the calls name, into `county.rows`."""
    for role in WORKERS:
        await county.house.user(role, county.code)
    seat = {"division_code": county.code, "person_code": "TARGET", "seat": "head", "unit_code": "TARGET"}
    await county.post(f"{PATH}/leading-group/members", await county.office(), seat)
    county.rows["problem_id"] = await new_problem(county)
    county.rows["problem_step_id"] = await _step(county)
    county.rows["decision_id"] = await new_decision(county)
    county.rows["decision_task_id"] = await _task(county)


async def _fresh_problem(county: County) -> Mapping[str, str]:
    return {"problem_id": await new_problem(county)}


async def _fresh_authorised(county: County) -> Mapping[str, str]:
    return {"problem_id": await _authorised(county)}


async def _fresh_working(county: County) -> Mapping[str, str]:
    return {"problem_id": await _working(county)}


async def _fresh_solved(county: County) -> Mapping[str, str]:
    return {"problem_id": await _solved(county)}


async def _fresh_step(county: County) -> Mapping[str, str]:
    return {"problem_step_id": await _step(county)}


async def _fresh_decision(county: County) -> Mapping[str, str]:
    return {"decision_id": await new_decision(county)}


async def _fresh_voted(county: County) -> Mapping[str, str]:
    return {"decision_id": await _voted(county)}


async def _fresh_task(county: County) -> Mapping[str, str]:
    return {"decision_task_id": await _task(county)}


CALLS: Mapping[str, Call] = {
    "list_problems": Call(query=HERE),
    "create_problem": Call(json=PROBLEM),
    "get_problem": Call(),
    "update_problem": Call(json={"title": "复工资金缺口"}, if_match=True, fresh=_fresh_problem),
    "authorise_problem": Call(json=PERMIT, fresh=_fresh_problem),
    "start_problem": Call(json={}, fresh=_fresh_authorised),
    "solve_problem": Call(json={"result": "资金已到位"}, fresh=_fresh_working),
    "reopen_problem": Call(json={"reason": "资金又被冻结", "due_on": "2027-06-30"}, fresh=_fresh_solved),
    "add_problem_step": Call(json=STEP),
    "complete_problem_step": Call(json={"result": "已召开"}, fresh=_fresh_step),
    "list_decisions": Call(query=HERE),
    "create_decision": Call(json=DECISION | {"projects": [{"project_id": "{project_id}"}]}),
    "get_decision": Call(),
    "vote_decision": Call(json={"choice": "for", "person_code": "TARGET", "option": "A"}, fresh=_fresh_decision),
    "decide_decision": Call(json={"option": "A", "document": "纪要"}, fresh=_fresh_voted),
    "withdraw_decision": Call(json={"reason": "已另行解决"}, fresh=_fresh_decision),
    "complete_decision_task": Call(json={"result": "已办理"}, fresh=_fresh_task),
}
