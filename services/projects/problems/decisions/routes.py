"""Decisions of the leading group on the wire."""

from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from services.projects.problems.decisions import queries, service, views
from shared.chassis.app import CONFLICT
from shared.chassis.http import created, etag
from shared.chassis.listing import CurrentListing
from shared.chassis.route import CurrentCaller, CurrentClock
from shared.clients.parties import CurrentParties
from shared.schemas.projects.decisions import (
    DecisionCreate,
    DecisionFull,
    DecisionOut,
    DecisionOutcome,
    DecisionPage,
    DecisionState,
    DecisionTaskOut,
    DecisionTaskResult,
    DecisionWithdrawal,
    VoteIn,
    VoteOut,
)
from shared.storage.route import CurrentSession, Route
from shared.storage.rows import Row

router = APIRouter(prefix="/v1/projects", tags=["问题与决策"], route_class=Route)


def _answer(row: Row, response: Response) -> DecisionOut:
    response.headers["ETag"] = etag(row["version"])
    return views.shown(row)


@router.get("/decisions", operation_id="list_decisions", summary="领导小组决策事项")
async def list_decisions(
    listing: CurrentListing,
    session: CurrentSession,
    state: DecisionState | None = None,
    project_id: Annotated[UUID | None, Query(description="涉及的项目")] = None,
) -> DecisionPage:
    filters = {"state": state, "project_id": project_id}
    rows, following = await listing.page("decisions", filters, partial(queries.page, session, listing.scope, filters))
    return DecisionPage(items=[views.shown(row) for row in rows], next_cursor=following)


@router.post(
    "/decisions",
    operation_id="create_decision",
    summary="提请领导小组决策；部门可提出议题",
    status_code=201,
    responses=CONFLICT,
)
async def create_decision(
    body: DecisionCreate, caller: CurrentCaller, session: CurrentSession, clock: CurrentClock, response: Response
) -> DecisionOut:
    row = await service.create(session, caller, body, clock)
    created(response, f"/v1/projects/decisions/{row['id']}", row["version"])
    return views.shown(row)


@router.get("/decisions/{decision_id}", operation_id="get_decision", summary="决策事项详情：方案、表决、任务")
async def get_decision(
    decision_id: UUID, caller: CurrentCaller, session: CurrentSession, response: Response
) -> DecisionFull:
    row = await service.load(session, caller, decision_id)
    response.headers["ETag"] = etag(row["version"])
    return await views.full(session, row)


@router.post(
    "/decisions/{decision_id}/votes",
    operation_id="vote_decision",
    summary="记录一名成员的表决；决定前重新记录即更正",
    responses=CONFLICT,
)
async def vote_decision(
    decision_id: UUID,
    body: VoteIn,
    caller: CurrentCaller,
    session: CurrentSession,
    clock: CurrentClock,
    parties: CurrentParties,
    response: Response,
) -> VoteOut:
    row = await service.vote(session, caller, decision_id, body, parties, clock)
    response.headers["ETag"] = etag(row["version"])
    return views.vote(row)


@router.post(
    "/decisions/{decision_id}/decide",
    operation_id="decide_decision",
    summary="作出决策并布置任务",
    responses=CONFLICT,
)
async def decide_decision(
    decision_id: UUID,
    body: DecisionOutcome,
    caller: CurrentCaller,
    session: CurrentSession,
    clock: CurrentClock,
    parties: CurrentParties,
    response: Response,
) -> DecisionOut:
    return _answer(await service.decide(session, caller, decision_id, body, parties, clock), response)


@router.post(
    "/decisions/{decision_id}/withdraw", operation_id="withdraw_decision", summary="撤回决策事项", responses=CONFLICT
)
async def withdraw_decision(
    decision_id: UUID,
    body: DecisionWithdrawal,
    caller: CurrentCaller,
    session: CurrentSession,
    clock: CurrentClock,
    response: Response,
) -> DecisionOut:
    return _answer(await service.withdraw(session, caller, decision_id, body.reason, clock.now()), response)


@router.post(
    "/decision-tasks/{decision_task_id}/complete",
    operation_id="complete_decision_task",
    summary="决策任务已完成",
    responses=CONFLICT,
)
async def complete_decision_task(
    decision_task_id: UUID,
    body: DecisionTaskResult,
    caller: CurrentCaller,
    session: CurrentSession,
    clock: CurrentClock,
    response: Response,
) -> DecisionTaskOut:
    row = await service.complete_task(session, caller, decision_task_id, body, clock)
    response.headers["ETag"] = etag(row["version"])
    return views.task(row)
