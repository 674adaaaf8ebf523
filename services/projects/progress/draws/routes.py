"""The draw of inspections on the wire."""

from functools import partial
from uuid import UUID

from fastapi import APIRouter, Response

from services.projects.progress import queries
from services.projects.progress.draws import service
from services.projects.progress.models import inspection_draw
from shared.chassis.app import CONFLICT
from shared.chassis.http import created, etag
from shared.chassis.listing import CurrentListing
from shared.chassis.route import CurrentCaller, CurrentClock
from shared.schemas.base import Day
from shared.schemas.projects.draws import InspectionDrawIn, InspectionDrawOut, InspectionDrawPage
from shared.storage import work
from shared.storage.route import CurrentSession, Route

router = APIRouter(prefix="/v1/projects", tags=["进度与真实性"], route_class=Route)
ONCE = CONFLICT | {200: {"description": "这一周已经抽取过，返回当时的结果", "model": InspectionDrawOut}}


@router.post(
    "/inspection-draws",
    operation_id="draw_inspections",
    summary="抽取一周的核查项目",
    status_code=201,
    responses=ONCE,
)
async def draw_inspections(
    body: InspectionDrawIn, caller: CurrentCaller, session: CurrentSession, clock: CurrentClock, response: Response
) -> InspectionDrawOut:
    """种子由系统随机产生；同一周再次抽取得到同一结果。"""
    row, is_new = await service.draw(session, caller, body, clock)
    if not is_new:
        response.status_code = 200
    created(response, f"/v1/projects/inspection-draws/{row['id']}", row["version"])
    return await service.shown(session, row)


@router.get("/inspection-draws", operation_id="list_inspection_draws", summary="历次核查抽取")
async def list_inspection_draws(
    listing: CurrentListing, session: CurrentSession, week_starting: Day | None = None
) -> InspectionDrawPage:
    filters = {"week_starting": week_starting}
    rows, following = await listing.page(
        "inspection_draw", filters, partial(queries.page, session, inspection_draw, listing.scope, filters, {})
    )
    return InspectionDrawPage(items=[service.listed(row) for row in rows], next_cursor=following)


@router.get("/inspection-draws/{inspection_draw_id}", operation_id="get_inspection_draw", summary="一次核查抽取")
async def get_inspection_draw(
    inspection_draw_id: UUID, caller: CurrentCaller, session: CurrentSession, response: Response
) -> InspectionDrawOut:
    """种子、算法、全部输入与结果，任何人可以复算。"""
    row = await work.load(session, inspection_draw, caller, inspection_draw_id, what="这次抽取")
    response.headers["ETag"] = etag(row["version"])
    return await service.shown(session, row)
