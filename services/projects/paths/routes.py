"""化解路径 on the wire: stages, legal dates, proof of insolvency."""

from functools import partial
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response

from services.projects.paths import insolvency, service
from shared.chassis.app import CONFLICT
from shared.chassis.http import created
from shared.chassis.listing import CurrentListing, CurrentPaging
from shared.chassis.route import CurrentCaller, CurrentClock
from shared.schemas.projects.paths import (
    InsolvencyEvidenceCreate,
    InsolvencyEvidenceOut,
    InsolvencyEvidencePage,
    PathDeadlinePage,
    PathStageRecord,
    ProjectPathOut,
    Withdrawal,
)
from shared.storage.route import CurrentSession, Route

router = APIRouter(prefix="/v1/projects", tags=["化解路径"], route_class=Route)


@router.post(
    "/projects/{project_id}/path-stages",
    operation_id="record_path_stage",
    summary="记录化解路径的阶段",
    status_code=201,
    responses=CONFLICT,
)
async def record_path_stage(
    project_id: UUID,
    body: PathStageRecord,
    caller: CurrentCaller,
    session: CurrentSession,
    clock: CurrentClock,
    response: Response,
) -> ProjectPathOut:
    response.headers["Location"] = f"/v1/projects/projects/{project_id}/path"
    return await service.record_stage(session, caller, project_id, body, clock)


@router.post(
    "/path-stages/{path_stage_id}/withdraw",
    operation_id="withdraw_path_stage",
    summary="撤销录错的阶段",
    responses=CONFLICT,
)
async def withdraw_path_stage(
    path_stage_id: UUID, body: Withdrawal, caller: CurrentCaller, session: CurrentSession, clock: CurrentClock
) -> ProjectPathOut:
    return await service.withdraw_stage(session, caller, path_stage_id, body, clock)


@router.get("/projects/{project_id}/path", operation_id="get_path", summary="项目的化解路径、阶段与法定期限")
async def get_path(
    project_id: UUID, caller: CurrentCaller, session: CurrentSession, clock: CurrentClock
) -> ProjectPathOut:
    return await service.shown(session, caller, project_id, clock)


@router.get("/path-deadlines", operation_id="list_path_deadlines", summary="各项目的法定期限")
async def list_path_deadlines(
    listing: CurrentListing,
    session: CurrentSession,
    clock: CurrentClock,
    project_id: UUID | None = None,
    overdue: Annotated[bool, Query(description="只看已逾期的")] = False,
    is_open: Annotated[bool | None, Query(description="只看未办的，或只看已办的")] = None,
) -> PathDeadlinePage:
    filters: dict[str, Any] = {"project_id": project_id, "overdue": overdue, "is_open": is_open}
    fetch = partial(service.deadline_page, session, listing.scope, clock, **filters)
    items, following = await listing.page("path-deadlines", filters, fetch, lambda due: [due.internal_due, due.id])
    return PathDeadlinePage(items=items, next_cursor=following)


@router.post(
    "/projects/{project_id}/insolvency-evidence",
    operation_id="record_insolvency_evidence",
    summary="登记破产原因证据",
    status_code=201,
)
async def record_insolvency_evidence(
    project_id: UUID,
    body: InsolvencyEvidenceCreate,
    caller: CurrentCaller,
    session: CurrentSession,
    clock: CurrentClock,
    response: Response,
) -> InsolvencyEvidenceOut:
    made = await insolvency.record_evidence(session, caller, project_id, body, clock)
    created(response, f"/v1/projects/projects/{project_id}/insolvency-evidence", made.version)
    return made


@router.get(
    "/projects/{project_id}/insolvency-evidence",
    operation_id="list_insolvency_evidence",
    summary="破产原因证据",
)
async def list_insolvency_evidence(
    project_id: UUID, caller: CurrentCaller, session: CurrentSession, paging: CurrentPaging
) -> InsolvencyEvidencePage:
    fetch = partial(insolvency.evidence_page, session, caller, project_id)
    items, following = await paging.page("insolvency-evidence", project_id, fetch)
    return InsolvencyEvidencePage(items=items, next_cursor=following)
