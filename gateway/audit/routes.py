"""Checkpoints on the wire."""

from typing import Annotated

from fastapi import APIRouter, Query, Request

from gateway.audit import service
from gateway.settings import GatewaySettings
from shared.chassis.http import Cursor
from shared.chassis.listing import scope_of
from shared.chassis.route import CurrentCaller, CurrentClock, CurrentCursors
from shared.schemas.audit import CheckpointPage, HeadsIn
from shared.storage.route import CurrentSession, Route

router = APIRouter(prefix="/v1/audit", tags=["审计"], route_class=Route)


@router.post("/checkpoints", operation_id="record_checkpoints", summary="登记审计链头", status_code=201)
async def record_checkpoints(
    body: HeadsIn, caller: CurrentCaller, session: CurrentSession, clock: CurrentClock, request: Request
) -> CheckpointPage:
    """一个服务只能登记自己的审计链。"""
    settings: GatewaySettings = request.app.state.settings
    keys, name = request.app.state.keys, caller.subject.removeprefix("client:")
    kept = await service.keep(session, keys, settings.checkpoint_file, name, body.heads, clock.now())
    return CheckpointPage(items=kept)


@router.get("/checkpoints", operation_id="list_checkpoints", summary="审计检查点")
async def list_checkpoints(
    caller: CurrentCaller,
    session: CurrentSession,
    cursors: CurrentCursors,
    request: Request,
    division_code: Annotated[str | None, Query(pattern=r"^\d{6}$", description="本级及以下；市、省以 00 结尾")] = None,
    of: Annotated[str | None, Query(alias="service", pattern=r"^[a-z][a-z0-9-]{2,31}$", description="哪个服务")] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 50,
    cursor: Cursor = None,
) -> CheckpointPage:
    scope = scope_of(caller, division_code)
    bound = [caller.subject, "checkpoints", scope, of]
    after = cursors.decode(cursor, bound) if cursor else None
    items, position = await service.page(session, request.app.state.keys, scope, of, after=after, limit=limit)
    return CheckpointPage(items=items, next_cursor=cursors.encode(position, bound) if position else None)
