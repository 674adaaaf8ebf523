"""The three routes of a service's sweeps, under its own prefix and operation ids."""

from functools import partial
from typing import Annotated, NamedTuple, TypeVar
from uuid import UUID

from fastapi import APIRouter, Path, Response

from shared.chassis.app import CONFLICT
from shared.chassis.listing import CurrentPaging
from shared.chassis.route import CurrentCaller, CurrentClock
from shared.schemas.base import Page
from shared.schemas.sweeps import Sweep
from shared.service.sweeps import Sweeps
from shared.storage import sweeps as stored
from shared.storage import work
from shared.storage.route import CurrentSession, Route
from shared.storage.rows import Row

Shown = TypeVar("Shown", bound=Sweep)


class Names(NamedTuple):
    """Operation ids, for ever, and what is swept in the words of the first."""

    run: str
    list: str
    get: str
    swept: str


def sweep_router(
    sweeps: Sweeps,
    names: Names,
    *,
    prefix: str,
    tag: str,
    out: type[Shown],
    page: type[Page],
    key: str = "sweep_id",
) -> APIRouter:
    """Routes below `prefix`/sweeps, where `key` names one.

    Args:
        out: adds a field for every count; `page` has `items` of it.
    """
    Key = Annotated[UUID, Path(alias=key)]
    router = APIRouter(prefix=f"{prefix}/sweeps", tags=[tag], route_class=Route)

    def shown(row: Row) -> Shown:
        failure = row["error"] if row["job_state"] == "failed" else None
        return work.shown(out, row, failure=failure)

    @router.post(
        "",
        operation_id=names.run,
        summary=names.swept,
        description="已有扫描在进行时，给出那一次。",
        status_code=202,
        responses=CONFLICT,
        response_model=out,
    )
    async def run_sweep(
        caller: CurrentCaller, session: CurrentSession, clock: CurrentClock, response: Response
    ) -> Shown:
        row = await sweeps.start(session, caller, caller.home, clock)
        response.headers["Location"] = f"{prefix}/sweeps/{row['id']}"
        return shown(row)

    @router.get("", operation_id=names.list, summary="扫描记录", response_model=page)
    async def list_sweeps(paging: CurrentPaging, session: CurrentSession) -> Page:
        fetch = partial(stored.page, session, sweeps.table, paging.scope)
        found, following = await paging.page("sweeps", None, fetch)
        return page.model_validate({"items": [shown(row) for row in found], "next_cursor": following})

    @router.get(f"/{{{key}}}", operation_id=names.get, summary="一次扫描的进度与结果", response_model=out)
    async def get_sweep(sweep_id: Key, caller: CurrentCaller, session: CurrentSession) -> Shown:
        return shown(await sweeps.load(session, caller, sweep_id))

    return router
