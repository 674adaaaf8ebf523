"""The outermost layer of an app: limits, trace, HEAD and OPTIONS, one log line, one answer whatever happens."""

import asyncio
import logging
import time
from collections.abc import Iterable

from starlette.routing import BaseRoute, Match, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.chassis import metrics, trace
from shared.chassis.problems import problem_response
from shared.chassis.settings import Settings
from shared.errors import Internal, MethodNotAllowed, Problem, RequestTimeout, TooLarge

log = logging.getLogger("anju.access")


class ClientGone(Exception):
    """The client hung up while we were reading: nobody is left to answer."""


class Edge:
    """Wraps a FastAPI app; `routes` is asked for the methods of a path."""

    def __init__(self, app: ASGIApp, settings: Settings, routes: Iterable[BaseRoute]) -> None:
        self.app, self.settings, self.routes = app, settings, list(routes)
        self.literal: dict[str, set[str]] = {}
        for route in self.routes:
            if isinstance(route, Route) and not route.param_convertors:
                self.literal.setdefault(route.path, set()).update(route.methods or ())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        here = trace.begin(
            headers.get(b"traceparent", b"").decode("latin-1"), headers.get(b"x-request-id", b"").decode("latin-1")
        )
        trace.enter(here)
        inner = dict(scope)
        started, method, status = time.perf_counter(), scope["method"], 0
        language = headers.get(b"accept-language", b"").decode("latin-1")

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                sent = message.get("headers", [])
                if status == 405:
                    # The router only knows the methods of the first route that has this path.
                    allow = (b"allow", ", ".join(self._allowed(inner)).encode())
                    sent = [*(h for h in sent if h[0] != b"allow"), allow]
                if not any(name == b"cache-control" for name, _ in sent):
                    sent = [*sent, (b"cache-control", b"no-store")]
                message["headers"] = [
                    *sent,
                    (b"x-request-id", here.request_id.encode()),
                    (b"traceparent", here.traceparent.encode()),
                    (b"x-content-type-options", b"nosniff"),
                ]
            elif method == "HEAD":
                message = {**message, "body": b""}
            await send(message)

        abandoned = False
        try:
            if method == "HEAD":
                inner["method"] = "GET"
            if method == "OPTIONS":
                await self._options(inner, answer)
            else:
                await self._run(inner, self._bounded(headers, receive), answer)
        except ClientGone:
            status = 499
        except Exception as error:
            problem = error if isinstance(error, Problem) else Internal()
            if not isinstance(error, Problem):
                logging.getLogger("anju.errors").error("unhandled", exc_info=error)
            if status:
                raise
            await problem_response(problem, trace_id=here.trace_id, language=language)(inner, receive, answer)
        except GeneratorExit:
            # Thrown away by the garbage collector, perhaps inside another report: its locks are not re-entrant.
            abandoned = True
            raise
        finally:
            if not abandoned:
                self._report(inner, method, status, time.perf_counter() - started)

    async def _run(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] not in self.literal.get(scope["path"], {scope["method"]}):
            # Left to the router, `GET /orders/sweep` would be the order named "sweep".
            raise MethodNotAllowed
        await self.app(scope, receive, send)
        if ending := scope.get("anju.ending"):
            # What a read leaves behind is over before its request is: nothing runs on after the last of them.
            await ending

    def _bounded(self, headers: dict[bytes, bytes], receive: Receive) -> Receive:
        """The body within its size and its deadline, however it is sent."""
        is_upload = headers.get(b"content-type", b"").startswith(b"multipart/form-data")
        limit = self.settings.max_upload_bytes if is_upload else self.settings.max_body_bytes
        too_large = TooLarge(f"内容不得超过 {limit // 1_000_000} MB")
        declared = headers.get(b"content-length", b"")
        deadline = time.monotonic() + self.settings.body_deadline_seconds
        seen, complete = 0, False

        async def bounded() -> Message:
            nonlocal seen, complete
            if complete:
                return await receive()
            if declared.isdigit() and int(declared) > limit:
                raise too_large
            try:
                message = await asyncio.wait_for(receive(), max(0.0, deadline - time.monotonic()))
            except TimeoutError:
                raise RequestTimeout("请求内容未能及时送达") from None
            if message["type"] == "http.disconnect":
                raise ClientGone
            seen += len(message.get("body", b""))
            if seen > limit:
                raise too_large
            complete = not message.get("more_body", False)
            return message

        return bounded

    def _allowed(self, scope: Scope) -> list[str]:
        matching = (r for r in self.routes if r.matches(scope)[0] is not Match.NONE)
        methods = self.literal.get(scope["path"]) or {m for r in matching for m in getattr(r, "methods", None) or ()}
        return sorted(methods | {"OPTIONS"} | ({"HEAD"} if "GET" in methods else set())) if methods else []

    async def _options(self, scope: Scope, send: Send) -> None:
        allowed = self._allowed(scope)
        status = 204 if allowed else 404
        headers = [(b"allow", ", ".join(allowed).encode())] if allowed else []
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    def _report(self, scope: Scope, method: str, status: int, seconds: float) -> None:
        operation = scope.get("anju.operation", "none")
        metrics.REQUESTS.labels(operation, str(status)).inc()
        metrics.SECONDS.labels(operation).observe(seconds)
        if operation != "none" or status >= 400:
            log.info(
                "request",
                extra={"method": method, "operation": operation, "status": status, "ms": round(seconds * 1000, 1)},
            )
