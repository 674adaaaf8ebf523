"""Sweeps on the wire."""

from functools import partial
from uuid import UUID

from fastapi import APIRouter, Response

from services.projects import work
from services.projects.supervision import queries, sweeping
from shared.chassis.app import CONFLICT
from shared.chassis.listing import CurrentPaging
from shared.chassis.route import CurrentCaller, CurrentClock
from shared.schemas.projects.supervision import SweepOut, SweepPage
from shared.storage.route import CurrentSession, Route
from shared.storage.rows import Row

router = APIRouter(prefix="/v1/projects/sweeps", tags=["督办扫描"], route_class=Route)


def _shown(row: Row) -> SweepOut:
    failure = row["error"] if row["job_state"] == "failed" else None
    return work.shown(SweepOut, row, failure=failure)


@router.post("", operation_id="run_sweep", summary="扫描本级督办事项", status_code=202, responses=CONFLICT)
async def run_sweep(
    caller: CurrentCaller, session: CurrentSession, clock: CurrentClock, response: Response
) -> SweepOut:
    """已有扫描在进行时，给出那一次。"""
    row = await sweeping.start(session, caller, caller.home, clock)
    response.headers["Location"] = f"/v1/projects/sweeps/{row['id']}"
    return _shown(row)


@router.get("", operation_id="list_sweeps", summary="扫描记录")
async def list_sweeps(paging: CurrentPaging, session: CurrentSession) -> SweepPage:
    rows, following = await paging.page("sweeps", None, partial(queries.sweeps, session, paging.scope))
    return SweepPage(items=[_shown(row) for row in rows], next_cursor=following)


@router.get("/{sweep_id}", operation_id="get_sweep", summary="一次扫描的进度与结果")
async def get_sweep(sweep_id: UUID, caller: CurrentCaller, session: CurrentSession) -> SweepOut:
    return _shown(await sweeping.load(session, caller, sweep_id))
