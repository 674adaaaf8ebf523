"""A county's thresholds on the wire, for every service that has any."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from shared.chassis.app import VERSIONED
from shared.chassis.http import IfMatch, etag
from shared.chassis.route import CurrentCaller, CurrentClock
from shared.schemas.thresholds import ThresholdIn, ThresholdList, ThresholdOut
from shared.storage.route import CurrentSession, Route
from shared.storage.thresholds import Thresholds


def threshold_router(prefix: str, thresholds: Thresholds, operation_prefix: str = "", key: str = "name") -> APIRouter:
    """`{prefix}/thresholds` as `list_…thresholds`, `get_…threshold`, `set_…threshold`; `key` names the path's part."""
    Name = Annotated[str, Path(alias=key, pattern="^[a-z_]{1,40}$")]
    router = APIRouter(prefix=f"{prefix}/thresholds", tags=["县级设置"], route_class=Route)

    @router.get("", operation_id=f"list_{operation_prefix}thresholds", summary="各项阈值：本县设定与默认值")
    async def list_thresholds(caller: CurrentCaller, session: CurrentSession) -> ThresholdList:
        return ThresholdList(items=await thresholds.listed(session, caller.home))

    @router.get(f"/{{{key}}}", operation_id=f"get_{operation_prefix}threshold", summary="一项阈值")
    async def get_threshold(
        name: Name, caller: CurrentCaller, session: CurrentSession, response: Response
    ) -> ThresholdOut:
        found = await thresholds.one(session, caller.home, name)
        response.headers["ETag"] = etag(found.version)
        return found

    @router.put(
        f"/{{{key}}}", operation_id=f"set_{operation_prefix}threshold", summary="设定一项阈值", responses=VERSIONED
    )
    async def set_threshold(
        name: Name,
        body: ThresholdIn,
        caller: CurrentCaller,
        session: CurrentSession,
        clock: CurrentClock,
        version: IfMatch,
        response: Response,
    ) -> ThresholdOut:
        found = await thresholds.set_one(session, caller, caller.home, name, version, body, clock.now())
        response.headers["ETag"] = etag(found.version)
        return found

    return router
