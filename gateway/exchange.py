"""One forwarded request from its head to the answer's last byte."""

import asyncio
import logging
import re
from dataclasses import dataclass
from typing import Any

import aiohttp
from starlette.types import Receive, Scope, Send
from yarl import URL

from gateway.upstream import WHOLE_BODY_BYTES, Body, request_headers, response_headers, too_large
from shared.chassis import trace
from shared.chassis.problems import problem_response
from shared.errors import BadGateway, GatewayTimeout, MethodNotAllowed, Problem

log = logging.getLogger("anju.gateway")

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
WATCH_AFTER_SECONDS = 0.05

# Anything two parsers could read as two different routes: dot segments, empty segments, encoded separators.
_AMBIGUOUS = re.compile(rb"//|/\.{1,2}(?:/|$)|%2e|%2f|%5c|%00|\\|[^\x21-\x7e]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class BodyLimits:
    """The largest upload any service takes, and how long a body may take to arrive."""

    size: int = 20_000_000
    seconds: float = 60.0


class Disconnect:
    """Cancels a request when its client hangs up; watching begins late, as most answers come sooner than it pays."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._task = asyncio.current_task()
        self._timer: asyncio.TimerHandle | None = None
        self._watcher: asyncio.Task[None] | None = None
        self.noticed = False

    def watch(self) -> None:
        """To be called once the request's body has been read."""
        self._timer = asyncio.get_running_loop().call_later(WATCH_AFTER_SECONDS, self._begin)

    def _begin(self) -> None:
        self._watcher = asyncio.get_running_loop().create_task(self._wait())

    async def _wait(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        assert self._task is not None
        self.noticed = self._task.cancel()

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if self._watcher is not None:
            self._watcher.cancel()


class Exchange:
    """`service` is the name of where it goes; `status` becomes what was answered, 0 before."""

    def __init__(self, service: str, scope: Scope, receive: Receive, send: Send) -> None:
        self.service, self.scope, self.receive, self.send = service, scope, receive, send
        self.known: dict[bytes, bytes] = dict(scope["headers"])
        self.trace = trace.begin(
            self.known.get(b"traceparent", b"").decode("latin-1"),
            self.known.get(b"x-request-id", b"").decode("latin-1"),
        )
        self.added = [
            (b"x-request-id", self.trace.request_id.encode()),
            (b"traceparent", self.trace.traceparent.encode()),
        ]
        self.disconnect = Disconnect(receive)
        self.status = 0

    def check(self, limits: BodyLimits) -> None:
        """Refuse what can be refused by the head alone."""
        if _AMBIGUOUS.search(self.scope["raw_path"]):
            raise Problem("地址不规范")
        if self.scope["method"] not in METHODS:
            raise MethodNotAllowed(headers={"Allow": ", ".join(sorted(METHODS))})
        if int(self.known.get(b"content-length", 0)) > limits.size:
            raise too_large(limits.size)

    async def forward(self, session: aiohttp.ClientSession, base: str, bearer: str, limits: BodyLimits) -> None:
        scope = self.scope
        client = scope["client"][0] if scope["client"] else "unknown"
        headers = request_headers(scope["headers"], self.known, self.trace, bearer=bearer, client=client)
        target = base + scope["raw_path"].decode()
        if scope["query_string"]:
            target += "?" + scope["query_string"].decode()
        length = int(self.known.get(b"content-length", 0))
        body: Body | None = None
        data: Any = None
        if length or b"transfer-encoding" in self.known:
            body = Body(self.receive, limits.size, limits.seconds, self.disconnect.watch)
            if 0 < length <= WHOLE_BODY_BYTES:
                data = await body.whole()
            else:
                data = body.stream()
                if length:
                    headers.append(("content-length", str(length)))
        else:
            self.disconnect.watch()
        whole: bytes | None = None
        try:
            answer = await session.request(
                scope["method"], URL(target, encoded=True), headers=headers, data=data, allow_redirects=False
            )
            answered, size = response_headers(answer)
            if size is not None and size <= WHOLE_BODY_BYTES:
                whole = await answer.read()
        except (aiohttp.ClientError, OSError) as error:
            # A body that failed takes the connection with it: tell the cause, not the consequence.
            if body is not None and body.failure is not None:
                raise body.failure from None
            raise (GatewayTimeout if isinstance(error, TimeoutError) else BadGateway)() from None
        await self._relay(answer, answered, whole)

    async def _relay(
        self, answer: aiohttp.ClientResponse, headers: list[tuple[bytes, bytes]], whole: bytes | None
    ) -> None:
        try:
            self.status = answer.status
            await self.send({"type": "http.response.start", "status": answer.status, "headers": headers + self.added})
            if whole is None:
                async for chunk in answer.content.iter_any():
                    await self.send({"type": "http.response.body", "body": chunk, "more_body": True})
            self.disconnect.stop()
            await self.send({"type": "http.response.body", "body": whole or b""})
        except (aiohttp.ClientError, OSError):
            # Too late for a problem document; the server hangs up on an answer that was not completed.
            log.warning("answer cut short by the service")
        finally:
            # Back in the pool already if it was read to its end.
            answer.close()

    async def refuse(self, problem: Problem) -> None:
        self.status = problem.status
        language = self.known.get(b"accept-language", b"").decode("latin-1")
        response = problem_response(problem, trace_id=self.trace.trace_id, language=language)
        named = {name.lower() for name, _ in response.raw_headers}
        response.raw_headers += [header for header in self.added if header[0] not in named]
        response.raw_headers += [(b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff")]
        await response(self.scope, self.receive, self.send)
