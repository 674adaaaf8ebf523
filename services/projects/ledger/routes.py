"""The ledger 台账 on the wire: projects, their status, their history."""

from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from services.projects.ledger import queries, service
from services.projects.ledger.parameters import LedgerPageQuery
from shared.chassis.app import CONFLICT, VERSIONED
from shared.chassis.http import IfMatch, created, etag, not_modified
from shared.chassis.listing import CurrentPaging
from shared.chassis.route import CurrentCaller, CurrentClock, CurrentCursors
from shared.schemas.base import Day, Moment
from shared.schemas.projects.labels import LABELS
from shared.schemas.projects.ledger import (
    ConstructionStatusChange,
    FactChange,
    HistoryPage,
    ProjectCreate,
    ProjectDetail,
    ProjectOut,
    ProjectPage,
    ProjectPatch,
    ResolutionStatusChange,
)
from shared.storage.route import CurrentSession, Route

router = APIRouter(prefix="/v1/projects", tags=["台账"], route_class=Route)


@router.get("/labels", operation_id="list_project_labels", summary="各枚举值的中文名称")
async def list_project_labels() -> dict[str, dict[str, str]]:
    return LABELS


@router.get("/projects", operation_id="list_projects", summary="项目列表", response_model=ProjectPage)
async def list_projects(
    query: Annotated[LedgerPageQuery, Query()], caller: CurrentCaller, session: CurrentSession, cursors: CurrentCursors
) -> Response:
    filters = query.filter(caller)
    bound = [caller.subject, filters.shape, filters.values, query.sort]
    after = cursors.decode(query.cursor, bound) if query.cursor else None
    found = await queries.page(session, filters, sort=query.sort, after=after, limit=query.limit + 1)
    items, rest = found[: query.limit], found[query.limit :]
    following = f'"{cursors.encode([items[-1][1], items[-1][2]], bound)}"' if rest else "null"
    total = await queries.count(session, filters) if query.count else "null"
    body = f'{{"items":[{",".join(item for item, _, _ in items)}],"next_cursor":{following},"total":{total}}}'
    return Response(body, media_type="application/json")


@router.post("/projects", operation_id="create_project", summary="新增项目", status_code=201, responses=CONFLICT)
async def create_project(
    body: ProjectCreate, caller: CurrentCaller, session: CurrentSession, clock: CurrentClock, response: Response
) -> ProjectOut:
    row = await service.create(session, caller, body, clock)
    created(response, f"/v1/projects/projects/{row['id']}", row["version"])
    return ProjectOut.model_validate(service.as_project(row))


@router.get("/projects/{project_id}", operation_id="get_project", summary="项目详情")
async def get_project(
    project_id: UUID,
    caller: CurrentCaller,
    session: CurrentSession,
    clock: CurrentClock,
    request: Request,
    response: Response,
    as_of: Annotated[Day | None, Query(description="那一天的情况；不填即今天")] = None,
    known_at: Annotated[Moment | None, Query(description="截至当时已掌握的情况")] = None,
) -> ProjectDetail:
    detail = await service.detail(session, caller, project_id, as_of=as_of, known_at=known_at, clock=clock)
    tag = etag(detail.version, str(detail.derived.as_of))
    response.headers["ETag"] = tag
    unchanged = not_modified(request, tag)
    return unchanged or detail  # type: ignore[return-value]  # FastAPI sends a Response as it is


@router.patch("/projects/{project_id}", operation_id="update_project", summary="修改项目", responses=VERSIONED)
async def update_project(
    project_id: UUID,
    body: ProjectPatch,
    version: IfMatch,
    caller: CurrentCaller,
    session: CurrentSession,
    clock: CurrentClock,
    response: Response,
) -> ProjectOut:
    row = await service.update(session, caller, project_id, version, body, clock)
    response.headers["ETag"] = etag(row["version"])
    return ProjectOut.model_validate(service.as_project(row))


@router.post(
    "/projects/{project_id}/construction-status",
    operation_id="change_construction_status",
    summary="变更建设状态",
    responses=VERSIONED,
)
async def change_construction_status(
    project_id: UUID,
    body: ConstructionStatusChange,
    version: IfMatch,
    caller: CurrentCaller,
    session: CurrentSession,
    clock: CurrentClock,
    response: Response,
) -> ProjectOut:
    row = await service.change_construction_status(session, caller, project_id, version, body, clock)
    response.headers["ETag"] = etag(row["version"])
    return ProjectOut.model_validate(service.as_project(row))


@router.post(
    "/projects/{project_id}/resolution-status",
    operation_id="change_resolution_status",
    summary="变更化解状态",
    responses=VERSIONED,
)
async def change_resolution_status(
    project_id: UUID,
    body: ResolutionStatusChange,
    version: IfMatch,
    caller: CurrentCaller,
    session: CurrentSession,
    clock: CurrentClock,
    response: Response,
) -> ProjectOut:
    row = await service.change_resolution_status(session, caller, project_id, version, body, clock)
    response.headers["ETag"] = etag(row["version"])
    return ProjectOut.model_validate(service.as_project(row))


@router.get("/projects/{project_id}/history", operation_id="get_project_history", summary="项目变更历史")
async def get_project_history(
    project_id: UUID,
    caller: CurrentCaller,
    session: CurrentSession,
    paging: CurrentPaging,
    fact: Annotated[str | None, Query(max_length=60, description="只看某一项")] = None,
) -> HistoryPage:
    row = await service.load(session, caller, project_id)
    fetch = partial(queries.history, session, row["division_code"], project_id, fact=fact)
    found, following = await paging.page("history", [project_id, fact], fetch, lambda change: [change["version"]])
    return HistoryPage(items=[FactChange.model_validate(change) for change in found], next_cursor=following)
