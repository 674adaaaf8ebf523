"""一项目一策 on the wire: the plan of a project, its milestones, its baselines, and a county's battle map."""

from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response

from services.projects.plan import reporting, service
from shared.chassis.app import CONFLICT, VERSIONED
from shared.chassis.http import IfMatch, created, etag
from shared.chassis.identity import Caller
from shared.chassis.listing import CurrentPaging
from shared.chassis.route import CurrentCaller, CurrentClock
from shared.clients.parties import CurrentParties, Known
from shared.schemas.base import DivisionCode, Text
from shared.schemas.gateway.directory import PersonCode
from shared.schemas.projects.plan import (
    BaselineDetail,
    BaselinePage,
    BattleMap,
    ForecastIn,
    MilestoneDone,
    MilestoneIn,
    MilestoneOut,
    MilestoneReopened,
    MilestoneReportOut,
    MilestoneReportPage,
    PlanIn,
    PlanOut,
    PlanPatch,
)
from shared.storage import work
from shared.storage.route import CurrentSession, Route

router = APIRouter(prefix="/v1/projects", tags=["一项目一策"], route_class=Route)
PLAN = "/projects/{project_id}/plan"
MILESTONE = f"{PLAN}/milestones/{{milestone_id}}"


async def _named(parties: CurrentParties, caller: Caller, milestones: list[MilestoneIn]) -> Known:
    """Asked before the first statement: no transaction is open while another process is waited for."""
    codes = {code for one in milestones for code in (one.unit_code, one.person_code)}
    return await parties.of(caller.home, *codes)


@router.post(PLAN, operation_id="set_plan", summary="编制一项目一策", status_code=201, responses=CONFLICT)
async def set_plan(
    project_id: UUID,
    body: PlanIn,
    caller: CurrentCaller,
    session: CurrentSession,
    clock: CurrentClock,
    parties: CurrentParties,
    response: Response,
) -> PlanOut:
    known = await _named(parties, caller, body.milestones)
    made = await service.set_plan(session, caller, project_id, body, known, clock)
    created(response, f"/v1/projects/projects/{project_id}/plan", made.version)
    return made


@router.get(PLAN, operation_id="get_plan", summary="一项目一策及倒排工期")
async def get_plan(
    project_id: UUID, caller: CurrentCaller, session: CurrentSession, clock: CurrentClock, response: Response
) -> PlanOut:
    found = await service.get_plan(session, caller, project_id, clock)
    response.headers["ETag"] = etag(found.version)
    return found


@router.patch(PLAN, operation_id="replan", summary="调整计划（保留原计划）", responses=VERSIONED)
async def replan(
    project_id: UUID,
    body: PlanPatch,
    version: IfMatch,
    caller: CurrentCaller,
    session: CurrentSession,
    clock: CurrentClock,
    parties: CurrentParties,
    response: Response,
) -> PlanOut:
    known = await _named(parties, caller, body.milestones)
    found = await service.replan(session, caller, project_id, version, body, known, clock)
    response.headers["ETag"] = etag(found.version)
    return found


@router.get(f"{PLAN}/baselines", operation_id="list_baselines", summary="历次计划")
async def list_baselines(
    project_id: UUID, caller: CurrentCaller, session: CurrentSession, paging: CurrentPaging
) -> BaselinePage:
    fetch = partial(service.list_baselines, session, caller, project_id)
    items, following = await paging.page("baselines", project_id, fetch, lambda item: [item.number])
    return BaselinePage(items=items, next_cursor=following)


@router.get(f"{PLAN}/baselines/{{baseline_number}}", operation_id="get_baseline", summary="某一版计划的全部节点")
async def get_baseline(
    project_id: UUID,
    baseline_number: Annotated[int, Path(ge=1, le=1_000_000)],
    caller: CurrentCaller,
    session: CurrentSession,
) -> BaselineDetail:
    return await service.get_baseline(session, caller, project_id, baseline_number)


def _answer(found: MilestoneOut, response: Response) -> MilestoneOut:
    response.headers["ETag"] = etag(found.version)
    return found


@router.post(f"{MILESTONE}/complete", operation_id="complete_milestone", summary="节点完成", responses=CONFLICT)
async def complete_milestone(
    project_id: UUID,
    milestone_id: UUID,
    body: MilestoneDone,
    caller: CurrentCaller,
    session: CurrentSession,
    clock: CurrentClock,
    response: Response,
) -> MilestoneOut:
    return _answer(await reporting.complete(session, caller, project_id, milestone_id, body, clock), response)


@router.post(f"{MILESTONE}/reopen", operation_id="reopen_milestone", summary="撤销节点完成", responses=CONFLICT)
async def reopen_milestone(
    project_id: UUID,
    milestone_id: UUID,
    body: MilestoneReopened,
    caller: CurrentCaller,
    session: CurrentSession,
    clock: CurrentClock,
    response: Response,
) -> MilestoneOut:
    return _answer(await reporting.reopen(session, caller, project_id, milestone_id, body, clock), response)


@router.post(
    f"{MILESTONE}/forecast", operation_id="report_forecast", summary="上报节点开始与预计完成日期", responses=CONFLICT
)
async def report_forecast(
    project_id: UUID,
    milestone_id: UUID,
    body: ForecastIn,
    caller: CurrentCaller,
    session: CurrentSession,
    clock: CurrentClock,
    response: Response,
) -> MilestoneOut:
    return _answer(await reporting.report_forecast(session, caller, project_id, milestone_id, body, clock), response)


@router.get(f"{MILESTONE}/reports", operation_id="list_milestone_reports", summary="节点历次上报")
async def list_milestone_reports(
    project_id: UUID,
    milestone_id: UUID,
    caller: CurrentCaller,
    session: CurrentSession,
    paging: CurrentPaging,
) -> MilestoneReportPage:
    fetch = partial(reporting.reports, session, caller, project_id, milestone_id)
    rows, following = await paging.page("milestone-reports", milestone_id, fetch)
    return MilestoneReportPage(items=[work.shown(MilestoneReportOut, row) for row in rows], next_cursor=following)


@router.get("/battle-map", operation_id="get_battle_map", summary="作战图：全县项目与节点", response_model=BattleMap)
async def get_battle_map(
    caller: CurrentCaller,
    session: CurrentSession,
    clock: CurrentClock,
    division_code: Annotated[DivisionCode | None, Query(description="一个县；不填即本县")] = None,
    township: Text | None = None,
    lead_code: Annotated[PersonCode | None, Query(description="现任包抓领导")] = None,
    resolved: Annotated[bool, Query(description="也列出已化解的项目")] = False,
) -> Response:
    body = await service.battle_map(
        session, caller, division_code, clock, township=township, lead=lead_code, resolved=resolved
    )
    return Response(body, media_type="application/json")
