"""A county's thresholds on the wire."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from services.projects.thresholds import service
from shared.chassis.app import VERSIONED
from shared.chassis.http import IfMatch, etag
from shared.chassis.route import CurrentCaller, CurrentClock
from shared.schemas.projects.thresholds import ThresholdIn, ThresholdList, ThresholdOut
from shared.storage.route import CurrentSession, Route

Name = Annotated[str, Path(pattern="^[a-z_]{1,40}$")]
router = APIRouter(prefix="/v1/projects/thresholds", tags=["县级设置"], route_class=Route)


@router.get("", operation_id="list_thresholds", summary="各项阈值：本县设定与默认值")
async def list_thresholds(caller: CurrentCaller, session: CurrentSession) -> ThresholdList:
    return ThresholdList(items=await service.listed(session, caller.home))


@router.get("/{name}", operation_id="get_threshold", summary="一项阈值")
async def get_threshold(name: Name, caller: CurrentCaller, session: CurrentSession, response: Response) -> ThresholdOut:
    found = await service.one(session, caller.home, name)
    response.headers["ETag"] = etag(found.version)
    return found


@router.put("/{name}", operation_id="set_threshold", summary="设定一项阈值", responses=VERSIONED)
async def set_threshold(
    name: Name,
    body: ThresholdIn,
    caller: CurrentCaller,
    session: CurrentSession,
    clock: CurrentClock,
    version: IfMatch,
    response: Response,
) -> ThresholdOut:
    found = await service.set_one(session, caller, caller.home, name, version, body, clock.now())
    response.headers["ETag"] = etag(found.version)
    return found
