"""The one way a process listens: uvicorn on uvloop and httptools, with the deadlines and limits it lacks.

`serve` is called by `python -m …app`. The protocol closes what uvicorn leaves open: a client that never finishes its
request head (RFC 9110 15.5.9), a head of any size (RFC 6585 5), and a client that keeps sending a body nobody reads.
"""

import asyncio
import gc
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol
from uvicorn.supervisors import Multiprocess

from shared.chassis import logs, trace
from shared.chassis.problems import MEDIA_TYPE, problem_body
from shared.errors import HeaderTooLarge, Problem, RequestTimeout

SERVER_KEEP_ALIVE_SECONDS = 15
"""A service closes an idle connection after this long."""
CLIENT_KEEP_ALIVE_SECONDS = 10.0
"""A pool of connections to a service forgets them sooner, so that it never writes into one being closed."""
HEADER_DEADLINE_SECONDS = 10.0
MAX_HEADER_BYTES = 32 * 1024
MAX_HEADER_COUNT = 100
LINGER_SECONDS = 5.0
GRACEFUL_SHUTDOWN_SECONDS = 10


class _Refused(Exception):
    """Stops the parser; the protocol holds the answer."""


class BoundedProtocol(HttpToolsProtocol):
    """HTTP/1.1 whose heads are bounded in time and size, and whose refusals are problem documents."""

    header_deadline_seconds = HEADER_DEADLINE_SECONDS
    linger_seconds = LINGER_SECONDS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._head_open = False
        self._head_bytes = 0
        self._deadline: asyncio.TimerHandle | None = None
        self._linger: asyncio.TimerHandle | None = None
        self._refusal: Problem | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn narrows it
        super().connection_made(transport)
        self._arm()

    def connection_lost(self, exc: Exception | None) -> None:
        self._disarm()
        if self._linger is not None:
            self._linger.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():
            return
        super().data_received(data)
        if not self._head_open or self.transport.is_closing():
            return
        # The parser reports a header only once it is whole, so what it holds back is counted here.
        self._head_bytes += len(data)
        if self._head_bytes > MAX_HEADER_BYTES:
            self._refuse(HeaderTooLarge())
        elif self._deadline is None:
            self._arm()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._head_open, self._head_bytes = True, 0

    def on_headers_complete(self) -> None:
        self._head_open = False
        self._disarm()
        headers = self.headers
        size = len(self.url) + sum([len(name) + len(value) for name, value in headers])
        if size > MAX_HEADER_BYTES or len(headers) > MAX_HEADER_COUNT:
            self._refusal = HeaderTooLarge()
            raise _Refused
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        if self._linger is not None:
            self._linger.cancel()
            self._linger = None
        super().on_message_complete()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        # Answered before the body was read (413, 401): let the client read the answer, then hang up.
        if self.cycle.more_body and self._linger is None and not self.transport.is_closing():
            self._linger = self.loop.call_later(self.linger_seconds, self.transport.close)

    def send_400_response(self, msg: str) -> None:
        self._refuse(self._refusal or Problem("不是合法的 HTTP 请求"))

    def _arm(self) -> None:
        self._deadline = self.loop.call_later(self.header_deadline_seconds, self._late)

    def _disarm(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _late(self) -> None:
        if self._answering():
            # A pipelined request waits its turn; the answer under way must not be cut.
            self._arm()
        elif self._head_open:
            self._refuse(RequestTimeout("请求头未能及时送达"))
        else:
            self.transport.close()

    def _answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _refuse(self, problem: Problem) -> None:
        self._disarm()
        if self.transport.is_closing():
            return
        # Speak only where this refusal is the next answer: not into one under way, nor ahead of its turn.
        if not self._answering() or (self.cycle.more_body and not self.cycle.response_started):
            body = problem_body(problem, trace_id=trace.begin().trace_id)
            self.transport.write(
                STATUS_LINE[problem.status]
                + f"content-type: {MEDIA_TYPE}\r\ncontent-length: {len(body)}\r\nconnection: close\r\n\r\n".encode()
                + body
            )
        self.transport.close()


class _Config(uvicorn.Config):
    """Survives the trip into a worker process, where logging starts from nothing."""

    def __init__(self, *args: Any, service: str, level: str, **kwargs: Any) -> None:
        self.service, self.level = service, level
        super().__init__(*args, **kwargs)

    def configure_logging(self) -> None:
        logs.configure(self.service, self.level)

    def load(self) -> None:
        super().load()
        # The modules loaded by now stay: never walk them again. Measured: p99 of a list from 115 to 45 ms.
        gc.collect()
        gc.freeze()
        gc.set_threshold(50_000, 50, 50)


def serve(
    app: str,
    *,
    service: str,
    host: str,
    port: int,
    workers: int = 1,
    log_level: str = "INFO",
    trusted_proxies: str | None = None,
    date_header: bool = True,
    factory: bool = False,
) -> None:
    """Serve an import string (`package.module:app`) until SIGTERM or SIGINT; a taken port is one log line and exit 3.

    `trusted_proxies` are the addresses whose `X-Forwarded-For` is believed (comma separated); none by default.
    `factory` says that `app` names a function which makes it, so that importing it asks for no settings.
    `date_header=False` is for the gateway, which passes on the services' own.
    """
    config = _Config(
        app,
        service=service,
        level=log_level,
        factory=factory,
        host=host,
        port=port,
        workers=workers,
        loop="uvloop",
        http=BoundedProtocol,
        ws="none",
        lifespan="on",
        access_log=False,
        server_header=False,
        date_header=date_header,
        proxy_headers=trusted_proxies is not None,
        forwarded_allow_ips=trusted_proxies,
        timeout_keep_alive=SERVER_KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=GRACEFUL_SHUTDOWN_SECONDS,
    )
    if workers > 1:
        Multiprocess(config, sockets=[config.bind_socket()]).run()
        return
    server = uvicorn.Server(config)
    server.run()
    if not server.started:
        raise SystemExit(uvicorn.config.STARTUP_FAILURE)
