"""The problem list 问题清单 on the wire."""

from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from services.projects.problems import queries, service, steps, views
from shared.chassis.app import CONFLICT, VERSIONED
from shared.chassis.clock import today
from shared.chassis.http import IfMatch, created, etag
from shared.chassis.listing import CurrentListing
from shared.chassis.route import CurrentCaller, CurrentClock
from shared.clients.parties import CurrentParties
from shared.schemas.gateway.identity import UnitCode
from shared.schemas.projects.facts import ProblemType
from shared.schemas.projects.problems import (
    ProblemAuthorisation,
    ProblemCreate,
    ProblemLevel,
    ProblemPatch,
    ProblemReopening,
    ProblemScope,
    ProblemSolution,
    ProblemStart,
    ProblemState,
    ProblemStepIn,
    ProblemStepOut,
    ProblemStepResult,
    ProjectProblemFull,
    ProjectProblemOut,
    ProjectProblemPage,
)
from shared.storage.route import CurrentSession, Route
from shared.storage.rows import Row

router = APIRouter(prefix="/v1/projects", tags=["问题与决策"], route_class=Route)


def _answer(row: Row, clock: CurrentClock, response: Response) -> ProjectProblemOut:
    response.headers["ETag"] = etag(row["version"])
    return views.shown(row, today(clock))


@router.get("/problems", operation_id="list_problems", summary="问题清单")
async def list_problems(
    listing: CurrentListing,
    session: CurrentSession,
    clock: CurrentClock,
    project_id: UUID | None = None,
    type: ProblemType | None = None,
    state: ProblemState | None = None,
    level: ProblemLevel | None = None,
    scope: ProblemScope | None = None,
    decision_id: UUID | None = None,
    unit: Annotated[UnitCode | None, Query(description="责任单位或协办单位")] = None,
    overdue: Annotated[bool | None, Query(description="是否逾期未解决")] = None,
) -> ProjectProblemPage:
    equal = {
        "project_id": project_id,
        "type": type,
        "state": state,
        "level": level,
        "scope": scope,
        "decision_id": decision_id,
    }
    day = today(clock)
    found = partial(queries.page, session, listing.scope, equal, unit=unit, overdue=overdue, today=day)
    rows, following = await listing.page("problems", equal | {"unit": unit, "overdue": overdue}, found)
    return ProjectProblemPage(items=[views.shown(row, day) for row in rows], next_cursor=following)


@router.post(
    "/projects/{project_id}/problems",
    operation_id="create_problem",
    summary="上报问题",
    status_code=201,
    responses=CONFLICT,
)
async def create_problem(
    project_id: UUID,
    body: ProblemCreate,
    caller: CurrentCaller,
    session: CurrentSession,
    clock: CurrentClock,
    parties: CurrentParties,
    response: Response,
) -> ProjectProblemOut:
    row = await service.create(session, caller, project_id, body, parties, clock)
    created(response, f"/v1/projects/problems/{row['id']}", row["version"])
    return views.shown(row, today(clock))


@router.get("/problems/{problem_id}", operation_id="get_problem", summary="问题详情：措施与经过")
async def get_problem(
    problem_id: UUID, caller: CurrentCaller, session: CurrentSession, clock: CurrentClock, response: Response
) -> ProjectProblemFull:
    row = await service.load(session, caller, problem_id)
    response.headers["ETag"] = etag(row["version"])
    return await views.full(session, row, today(clock))


@router.patch("/problems/{problem_id}", operation_id="update_problem", summary="修改问题", responses=VERSIONED)
async def update_problem(
    problem_id: UUID,
    body: ProblemPatch,
    version: IfMatch,
    caller: CurrentCaller,
    session: CurrentSession,
    clock: CurrentClock,
    parties: CurrentParties,
    response: Response,
) -> ProjectProblemOut:
    row = await service.update(session, caller, problem_id, version, body, parties, clock)
    return _answer(row, clock, response)


@router.post(
    "/problems/{problem_id}/authorise",
    operation_id="authorise_problem",
    summary="授权解决个性问题，或受理备案",
    responses=CONFLICT,
)
async def authorise_problem(
    problem_id: UUID,
    body: ProblemAuthorisation,
    caller: CurrentCaller,
    session: CurrentSession,
    clock: CurrentClock,
    response: Response,
) -> ProjectProblemOut:
    return _answer(await service.authorise(session, caller, problem_id, body, clock), clock, response)


@router.post("/problems/{problem_id}/start", operation_id="start_problem", summary="开始解决问题", responses=CONFLICT)
async def start_problem(
    problem_id: UUID,
    body: ProblemStart,
    caller: CurrentCaller,
    session: CurrentSession,
    clock: CurrentClock,
    response: Response,
) -> ProjectProblemOut:
    return _answer(await service.start(session, caller, problem_id, body.note, clock.now()), clock, response)


@router.post("/problems/{problem_id}/solve", operation_id="solve_problem", summary="问题已解决", responses=CONFLICT)
async def solve_problem(
    problem_id: UUID,
    body: ProblemSolution,
    caller: CurrentCaller,
    session: CurrentSession,
    clock: CurrentClock,
    response: Response,
) -> ProjectProblemOut:
    return _answer(await service.solve(session, caller, problem_id, body, clock), clock, response)


@router.post("/problems/{problem_id}/reopen", operation_id="reopen_problem", summary="重新打开问题", responses=CONFLICT)
async def reopen_problem(
    problem_id: UUID,
    body: ProblemReopening,
    caller: CurrentCaller,
    session: CurrentSession,
    clock: CurrentClock,
    response: Response,
) -> ProjectProblemOut:
    return _answer(await service.reopen(session, caller, problem_id, body, clock), clock, response)


@router.post(
    "/problems/{problem_id}/steps",
    operation_id="add_problem_step",
    summary="增加一项措施",
    status_code=201,
    responses=CONFLICT,
)
async def add_problem_step(
    problem_id: UUID,
    body: ProblemStepIn,
    caller: CurrentCaller,
    session: CurrentSession,
    clock: CurrentClock,
    parties: CurrentParties,
    response: Response,
) -> ProblemStepOut:
    row = await service.add_step(session, caller, problem_id, body, parties, clock)
    created(response, f"/v1/projects/problems/{problem_id}", row["version"])
    return views.step(row)


@router.post(
    "/problem-steps/{problem_step_id}/complete",
    operation_id="complete_problem_step",
    summary="措施已完成",
    responses=CONFLICT,
)
async def complete_problem_step(
    problem_step_id: UUID,
    body: ProblemStepResult,
    caller: CurrentCaller,
    session: CurrentSession,
    clock: CurrentClock,
    response: Response,
) -> ProblemStepOut:
    row = await steps.complete(session, caller, problem_step_id, body, clock)
    response.headers["ETag"] = etag(row["version"])
    return views.step(row)
