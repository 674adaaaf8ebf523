"""The half of the proxy that talks to a service: its connections, the headers that may cross, the body on its way."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping

import aiohttp
from starlette.types import Receive

from shared.chassis.server import CLIENT_KEEP_ALIVE_SECONDS
from shared.chassis.trace import Trace
from shared.errors import Problem, RequestTimeout, TooLarge

CONNECT_SECONDS = 2.0
WHOLE_BODY_BYTES = 64 * 1024
"""Bodies up to this size pass in one piece, larger ones as they come."""

Headers = Iterable[tuple[bytes, bytes]]

# RFC 9110 7.6.1, with the older names still met.
HOP_BY_HOP = frozenset(
    {b"connection", b"keep-alive", b"proxy-connection", b"te", b"trailer", b"transfer-encoding", b"upgrade"}
    | {b"proxy-authenticate", b"proxy-authorization", b"proxy-authentication-info"}
)
# What only the gateway may say to a service, and what it says itself.
OURS = frozenset(
    {b"authorization", b"cookie", b"forwarded", b"host", b"x-real-ip", b"via", b"expect", b"content-length"}
    | {b"traceparent", b"tracestate", b"x-request-id"}
)
NOT_REQUESTED = HOP_BY_HOP | OURS
INTERNAL_PREFIXES = (b"x-forwarded-", b"x-internal-", b"x-anju-")
NOT_ANSWERED = HOP_BY_HOP | {b"server", b"set-cookie", b"traceparent", b"x-request-id"}


class ClientGone(Exception):
    """The client hung up: nobody is left to answer."""


def open_session(read_seconds: float) -> aiohttp.ClientSession:
    """Connections to the services; `read_seconds` is the longest silence of a service before 504."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=CLIENT_KEEP_ALIVE_SECONDS),
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS, sock_read=read_seconds),
        skip_auto_headers=("Accept", "Accept-Encoding", "Content-Type", "User-Agent"),
        auto_decompress=False,
    )


def _named_by_connection(headers: Headers) -> set[bytes]:
    values = [value for name, value in headers if name.lower() == b"connection"]
    return {token.strip().lower() for value in values for token in value.split(b",")} - {b"close", b"keep-alive"}


def request_headers(
    headers: Headers, known: Mapping[bytes, bytes], trace: Trace, *, bearer: str, client: str
) -> list[tuple[str, str]]:
    """The client's headers as the service may see them; 400 where a value is not UTF-8.

    `known` is a mapping of the same headers, `client` the peer's address.
    """
    dropped = NOT_REQUESTED
    if b"connection" in known:
        dropped = dropped | _named_by_connection(headers)
    try:
        passed = [
            (name.decode(), value.decode())
            for name, value in headers
            if name not in dropped and not name.startswith(INTERNAL_PREFIXES)
        ]
    except UnicodeDecodeError:
        raise Problem("请求头须为 UTF-8") from None
    passed.append(("authorization", bearer))
    passed.append(("traceparent", trace.traceparent))
    passed.append(("x-request-id", trace.request_id))
    passed.append(("forwarded", f'for="[{client}]"' if ":" in client else f"for={client}"))
    return passed


def response_headers(answer: aiohttp.ClientResponse) -> tuple[list[tuple[bytes, bytes]], int | None]:
    """The service's headers as the client may see them, and the length of the body if it was told."""
    dropped = NOT_ANSWERED
    if "connection" in answer.headers:
        dropped = dropped | _named_by_connection(answer.raw_headers)
    passed: list[tuple[bytes, bytes]] = []
    length = None
    bodiless = answer.status in {204, 304}
    for given, value in answer.raw_headers:
        name = given.lower()
        if name in dropped:
            continue
        if name == b"content-length":
            if bodiless:
                continue
            length = int(value)
        passed.append((name, value))
    return passed, 0 if bodiless else length


class Body:
    """A request's body on its way to a service: bounded in size and time whatever its head says.

    aiohttp wraps what a generator raises, so the reason a body was not delivered is kept in `failure`.
    """

    def __init__(self, receive: Receive, limit: int, seconds: float, on_sent: Callable[[], None]) -> None:
        self._receive = receive
        self._limit = limit
        self._deadline = asyncio.get_running_loop().time() + seconds
        self._on_sent = on_sent
        self._seen = 0
        self.failure: Problem | ClientGone | None = None

    async def _next(self) -> tuple[bytes, bool]:
        try:
            async with asyncio.timeout_at(self._deadline):
                message = await self._receive()
        except TimeoutError:
            raise RequestTimeout("请求内容未能及时送达") from None
        if message["type"] == "http.disconnect":
            raise ClientGone
        chunk: bytes = message.get("body", b"")
        self._seen += len(chunk)
        if self._seen > self._limit:
            raise too_large(self._limit)
        return chunk, message.get("more_body", False)

    async def whole(self) -> bytes:
        chunk, more = await self._next()
        if more:
            chunks = [chunk]
            while more:
                chunk, more = await self._next()
                chunks.append(chunk)
            chunk = b"".join(chunks)
        self._on_sent()
        return chunk

    async def stream(self) -> AsyncIterator[bytes]:
        try:
            more = True
            while more:
                chunk, more = await self._next()
                if chunk:
                    yield chunk
        except (Problem, ClientGone) as failure:
            self.failure = failure
            raise
        self._on_sent()


def too_large(limit: int) -> TooLarge:
    return TooLarge(f"内容不得超过 {limit // 1_000_000} MB")
