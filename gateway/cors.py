"""Which web pages may call us (Fetch standard, CORS): an allow-list of origins, answered before anything else."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.chassis import trace
from shared.chassis.problems import problem_response
from shared.errors import Forbidden

METHODS = b"GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"
REQUEST_HEADERS = (
    b"Accept-Language, Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, traceparent, X-Request-ID"
)
RESPONSE_HEADERS = (
    b"Allow, Content-Disposition, ETag, Location, RateLimit, RateLimit-Policy, Retry-After, traceparent, X-Request-ID"
)
MAX_AGE_SECONDS = b"600"


class Cors:
    """Wraps the whole gateway. Tokens travel in a header, so credentials are never allowed."""

    def __init__(self, app: ASGIApp, origins: frozenset[str]) -> None:
        self.app = app
        self.origins = frozenset(origin.encode() for origin in origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        origin = None
        if scope["type"] == "http":
            origin = next((value for name, value in scope["headers"] if name == b"origin"), None)
        if origin is None:
            await self.app(scope, receive, send)
            return
        preflight = scope["method"] == "OPTIONS" and any(
            name == b"access-control-request-method" for name, _ in scope["headers"]
        )
        if origin in self.origins:
            granted = [(b"access-control-allow-origin", origin), (b"vary", b"Origin")]
            if preflight:
                await _allow(send, granted)
                return
            granted.append((b"access-control-expose-headers", RESPONSE_HEADERS))
        else:
            granted = [(b"vary", b"Origin")]
            if preflight:
                answer = problem_response(Forbidden("此来源不在允许之列"), trace_id=trace.begin().trace_id)
                await answer(scope, receive, send)
                return

        async def add(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *granted]
            await send(message)

        await self.app(scope, receive, add)


async def _allow(send: Send, granted: list[tuple[bytes, bytes]]) -> None:
    headers = [
        *granted,
        (b"access-control-allow-methods", METHODS),
        (b"access-control-allow-headers", REQUEST_HEADERS),
        (b"access-control-max-age", MAX_AGE_SECONDS),
    ]
    await send({"type": "http.response.start", "status": 204, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
