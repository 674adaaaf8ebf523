"""The gateway's own operations called by a service on behalf of whoever asked it."""

from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.identity.tokens import OWN_SERVICE, SEEN_THROUGH, Door
from shared.chassis import trace
from shared.chassis.problems import problem_response
from shared.errors import Problem

HEADER = b"x-anju-on-behalf-of"


class OnBehalf:
    """Wraps the gateway's own app: the caller it sees is the original one, as a forwarded service would see it."""

    def __init__(self, app: ASGIApp, door: Door) -> None:
        self.app, self.door = app, door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and any(name == HEADER for name, _ in scope["headers"]):
            try:
                admission = await self.door.admit(scope, OWN_SERVICE)
            except Problem as problem:
                await problem_response(problem, trace_id=trace.begin().trace_id)(scope, receive, send)
                return
            token = admission.bearer.removeprefix("Bearer ")
            kept = [(name, value) for name, value in scope["headers"] if name not in (b"authorization", HEADER)]
            scope = dict(scope) | {"headers": [*kept, (b"authorization", f"Bearer {SEEN_THROUGH}{token}".encode())]}
        await self.app(scope, receive, send)
