"""The one way into an operation: authenticate, authorise, enter the scope, read the input strictly, then run it.

A service's routers use `route_class=Route`, so no operation can be reached without passing here, and an operation
without an entry in the permission table is refused.
"""

from collections.abc import Awaitable, Callable, Iterator
from typing import Annotated, Any, Protocol

from fastapi import Depends, params
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

from shared.chassis import permissions, scope, strict
from shared.chassis.clock import Clock
from shared.chassis.http import Cursors
from shared.chassis.identity import Caller
from shared.errors import Forbidden, Unauthenticated

Handler = Callable[[Request], Awaitable[Response]]


class Authenticator(Protocol):
    async def caller(self, token: str) -> Caller: ...


def bearer_token(request: Request) -> str:
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer" or not token:
        raise Unauthenticated("缺少登录凭证")
    return token.strip()


async def authenticate(request: Request) -> Caller:
    authenticator: Authenticator = request.app.state.authenticator
    return await authenticator.caller(bearer_token(request))


# Dependencies are coroutines: FastAPI sends plain functions through a thread, one hop each.
async def current_caller(request: Request) -> Caller:
    caller: Caller = request.scope["anju.caller"]
    return caller


async def current_clock(request: Request) -> Clock:
    clock: Clock = request.app.state.clock
    return clock


async def current_cursors(request: Request) -> Cursors:
    cursors: Cursors = request.app.state.cursors
    return cursors


CurrentCaller = Annotated[Caller, Depends(current_caller)]
CurrentClock = Annotated[Clock, Depends(current_clock)]
CurrentCursors = Annotated[Cursors, Depends(current_cursors)]


def _query_names(dependant: Dependant) -> Iterator[str]:
    for field in dependant.query_params:
        model = field.field_info.annotation
        fields = getattr(model, "model_fields", None)
        if fields:
            yield from (info.alias or name for name, info in fields.items())
        else:
            yield field.alias
    for child in dependant.dependencies:
        yield from _query_names(child)


class Route(APIRoute):
    """`open_to_all` routes (the token endpoint) carry `openapi_extra={"security": []}` and skip authentication."""

    def get_route_handler(self) -> Callable[[Request], Any]:
        handler = super().get_route_handler()
        query_names = frozenset(_query_names(self.dependant))
        operation = self.operation_id or self.name
        is_open = (self.openapi_extra or {}).get("security") == []
        body = self.body_field
        is_form = body is not None and isinstance(body.field_info, params.Form)
        form_names = frozenset(field.alias for field in self.dependant.body_params)

        async def handle(request: Request) -> Response:
            request.scope["anju.operation"] = operation
            strict.check_target(request, query_names)
            if not is_open:
                caller = await authenticate(request)
                if request.app.state.permissions.get(operation) is None:
                    raise Forbidden("此操作未开放")
                permissions.require(request.app.state.permissions, operation, caller)
                request.scope["anju.caller"] = caller
                scope.enter(caller.scope)
            if is_form:
                strict.check_content_type(request, "multipart/form-data")
                # Parsed here, inside the body limits, and kept on the request for FastAPI to find.
                await request.form(max_files=4, max_fields=20, max_part_size=64_000)
            elif body is not None:
                content = await request.body()
                if content:
                    strict.check_content_type(request, "application/json")
                    # FastAPI asks `request.json()`, which answers with what is already there.
                    request._json = strict.loads(content)
            try:
                if is_form:
                    strict.check_form(await request.form(), form_names)
                return await self.run(request, handler)
            finally:
                # Uploads lie in temporary files, also where nobody came to read them.
                await request.close()

        return handle

    async def run(self, request: Request, handler: Handler) -> Response:
        """Storage wraps this in a transaction."""
        return await handler(request)
