"""Why the apps look alike: `create_app` puts the same house around every service's routers.

Liveness `/healthz` says the process runs, readiness `/readyz` says each named check passes, `/metrics` is for
Prometheus. `/openapi.json` is served to the gateway, which merges the documents of all services.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from shared.chassis import logs, metrics, problems
from shared.chassis.clock import Clock, SystemClock
from shared.chassis.edge import Edge
from shared.chassis.http import Cursors
from shared.chassis.openapi import document
from shared.chassis.permissions import Permissions, check_complete, check_public
from shared.chassis.route import Authenticator
from shared.chassis.settings import Settings

Check = Callable[[], Awaitable[str | None]]
Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]

DOCUMENTED: dict[int | str, dict[str, Any]] = {
    status: {"description": text}
    for status, text in {
        400: "内容无法解析",
        401: "未登录或登录已失效",
        403: "没有权限",
        404: "没有找到，或不在管辖范围内",
        408: "请求发送超时",
        413: "内容过大",
        415: "不支持的内容类型",
        422: "内容不符合要求",
        429: "请求过于频繁",
        431: "请求头过大",
        500: "系统内部错误",
        502: "后端服务不可用",
        503: "服务暂不可用",
        504: "后端服务超时",
    }.items()
}
"""What any operation may answer besides its own. `document` adds the shape, the same for all: a model here would cost
FastAPI a field for each status of each route."""

CONFLICT: dict[int | str, dict[str, Any]] = {409: {"description": "与现有数据冲突"}}
VERSIONED: dict[int | str, dict[str, Any]] = CONFLICT | {
    412: {"description": "版本已变"},
    428: {"description": "缺少 If-Match"},
}


def create_app(
    settings: Settings,
    *,
    title: str,
    routers: Sequence[APIRouter],
    permissions: Permissions,
    authenticator: Authenticator,
    checks: Mapping[str, Check],
    warnings: Mapping[str, Check] | None = None,
    lifespan: Lifespan,
    clock: Clock | None = None,
) -> FastAPI:
    """A FastAPI app with the house rules.

    `checks` are what readiness depends on (None is well, text the reason); `warnings` are shown beside them.
    """
    logs.configure(settings.service, settings.log_level)

    @asynccontextmanager
    async def living(app: FastAPI) -> AsyncIterator[None]:
        async with lifespan(app):
            # Seconds of work for a service of two hundred operations: begun now, so that nobody waits for it later.
            app.state.document = asyncio.create_task(asyncio.to_thread(document, app))
            yield

    app = FastAPI(
        title=title,
        version="1",
        lifespan=living,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        responses=DOCUMENTED,
    )
    app.state.settings = settings
    app.state.permissions = permissions
    app.state.authenticator = authenticator
    app.state.cursors = Cursors(*settings.keys().each)
    app.state.clock = clock or SystemClock()
    for router in routers:
        app.include_router(router)
    operations = [route for router in routers for route in router.routes if isinstance(route, APIRoute)]
    check_complete(
        permissions,
        [str(r.operation_id) for r in operations if (r.openapi_extra or {}).get("security") != []],
    )
    check_public(permissions, {str(r.operation_id): r.path for r in operations})
    problems.install(app)
    _add_house_routes(app, checks, warnings or {})
    app.add_middleware(Edge, settings=settings, routes=operations)
    return app


def _add_house_routes(app: FastAPI, checks: Mapping[str, Check], warnings: Mapping[str, Check]) -> None:
    async def healthz(_: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def readyz(_: Request) -> Response:
        found = {name: await check() for name, check in checks.items()}
        ready = not any(found.values())
        warned = {name: text for name, warning in warnings.items() if ready and (text := await warning())}
        body = {
            "status": "ready" if ready else "not_ready",
            "checks": {name: reason or "ok" for name, reason in found.items()},
            "warnings": warned,
        }
        return JSONResponse(body, 200 if ready else 503)

    async def exposition(_: Request) -> Response:
        return metrics.exposition()

    async def openapi(_: Request) -> Response:
        return JSONResponse(await asyncio.shield(app.state.document))

    app.add_route("/healthz", healthz, include_in_schema=False)
    app.add_route("/readyz", readyz, include_in_schema=False)
    app.add_route("/metrics", exposition, include_in_schema=False)
    app.add_route("/openapi.json", openapi, include_in_schema=False)
