"""The forwarding path over real sockets: what crosses, what does not, and what a client sees when a service fails."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.access import AccessLog
from gateway.cors import Cors
from gateway.exchange import BodyLimits
from gateway.limits import Rate
from gateway.proxy import Admission, Proxy
from shared.errors import Forbidden
from tests.support.listening import listening, peer, raw

RATE = Rate("user", 100_000, 60)
LIMITS = BodyLimits(size=200_000, seconds=0.5)
TRACEPARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


async def admit(scope: Scope, service: str) -> Admission:
    headers = dict(scope["headers"])
    if headers.get(b"authorization") != b"Bearer outside":
        raise Forbidden("没有权限")
    quota = headers.get(b"x-test-quota")
    rate = Rate("narrow", int(quota), 60) if quota else RATE
    return Admission(f"user:{quota}", f"Bearer inside-{service}", rate)


async def not_found(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 404, "headers": [(b"x-own", b"app")]})
    await send({"type": "http.response.body", "body": b""})


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers what arrived, as JSON; the path chooses the manner."""
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message.get("body", b""), message.get("more_body", False)
    headers = [(name.decode(), value.decode()) for name, value in scope["headers"]]
    seen = {
        "method": scope["method"],
        "path": scope["raw_path"].decode(),
        "query": scope["query_string"].decode(),
        "headers": headers,
        "size": len(body),
        "body": body[:100].decode("latin-1"),
    }
    answer = json.dumps(seen).encode()
    extra: list[tuple[bytes, bytes]] = []
    status = 200
    if scope["path"].endswith("/unchanged"):
        status, answer = 304, b""
        extra = [(b"etag", b'"7"'), (b"content-length", b"999")]
    elif scope["path"].endswith("/gzip"):
        extra = [(b"content-encoding", b"gzip"), (b"content-length", b"3")]
        answer = b"\x1f\x8b\x08"
    elif scope["path"].endswith("/hops"):
        extra = [(b"connection", b"x-hop"), (b"x-hop", b"1"), (b"set-cookie", b"a=b"), (b"x-kept", b"1")]
    elif scope["path"].endswith("/large"):
        answer = b"0123456789" * 50_000
        extra = [(b"content-length", str(len(answer)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": extra})
    await send({"type": "http.response.body", "body": answer})


@asynccontextmanager
async def gateway(
    upstream_port: int, lines: list[bytes] | None = None, app: ASGIApp = not_found
) -> AsyncIterator[httpx.AsyncClient]:
    write = (lambda _: None) if lines is None else lines.append
    upstreams = {"projects": f"http://127.0.0.1:{upstream_port}"}
    proxy = Proxy(app, upstreams, admit, limits=LIMITS, answer_seconds=0.5, access_log=AccessLog(write))
    async with proxy, listening(Cors(proxy, frozenset({"https://front.example"}))) as port:
        headers = {"authorization": "Bearer outside"}
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=headers) as client:
            yield client


@pytest.fixture(scope="module")
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with listening(echo) as upstream_port, gateway(upstream_port) as client:
        yield client


def seen(answer: httpx.Response) -> dict[str, str]:
    assert answer.status_code == 200, answer.text
    return dict(answer.json()["headers"])


def problem(answer: httpx.Response, status: int) -> dict[str, object]:
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    document: dict[str, object] = answer.json()
    assert document["status"] == status
    assert answer.headers["traceparent"].split("-")[1] == document["trace_id"]
    return document


async def test_method_path_query_and_body_arrive_as_sent(client: httpx.AsyncClient) -> None:
    path = "/v1/projects/projects/%E5%BE%A1%E6%B0%B4?q=%E5%9F%8E%20&sort=-a&a=%2F"
    answer = (await client.patch(path, content=b"hello")).json()
    assert (answer["method"], answer["body"]) == ("PATCH", "hello")
    assert f"{answer['path']}?{answer['query']}" == path


async def test_only_our_own_identity_reaches_the_service(client: httpx.AsyncClient) -> None:
    headers = {
        "Cookie": "a=b",
        "X-Forwarded-For": "6.6.6.6",
        "X-Internal-User": "admin",
        "X-Anju-Depth": "0",
        "Forwarded": "for=6.6.6.6",
        "X-Real-IP": "6.6.6.6",
        "Connection": "close, X-Private",
        "X-Private": "1",
        "TE": "trailers",
        "X-Kept": "1",
    }
    arrived = seen(await client.get("/v1/projects/projects", headers=headers))
    assert arrived["authorization"] == "Bearer inside-projects"
    assert arrived["forwarded"] == "for=127.0.0.1"
    assert arrived["x-kept"] == "1"
    dropped = {"cookie", "x-forwarded-for", "x-internal-user", "x-anju-depth", "x-real-ip", "x-private", "te"}
    assert not dropped & arrived.keys()


async def test_hop_by_hop_headers_and_cookies_of_the_service_stay_behind(client: httpx.AsyncClient) -> None:
    answer = await client.get("/v1/projects/hops")
    assert answer.headers["x-kept"] == "1"
    assert not {"x-hop", "set-cookie", "connection"} & answer.headers.keys()


async def test_encoded_and_unchanged_answers_pass_untouched(client: httpx.AsyncClient) -> None:
    async with client.stream("GET", "/v1/projects/gzip") as answer:
        assert [chunk async for chunk in answer.aiter_raw()] == [b"\x1f\x8b\x08"]
    unchanged = await client.get("/v1/projects/unchanged")
    assert (unchanged.status_code, unchanged.headers["etag"]) == (304, '"7"')


async def test_head_answers_no_body_and_the_length(client: httpx.AsyncClient) -> None:
    answer = await client.head("/v1/projects/large")
    assert (answer.status_code, answer.headers["content-length"], answer.content) == (200, "500000", b"")


async def test_large_bodies_stream_both_ways(client: httpx.AsyncClient) -> None:
    assert len((await client.get("/v1/projects/large")).content) == 500_000
    known = await client.post("/v1/projects/x", content=b"a" * 150_000)
    assert (known.json()["size"], dict(known.json()["headers"])["content-length"]) == (150_000, "150000")

    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(3):
            yield b"b" * 50_000

    unknown = await client.post("/v1/projects/x", content=chunks())
    assert (unknown.json()["size"], dict(unknown.json()["headers"])["transfer-encoding"]) == (150_000, "chunked")


async def test_a_valid_trace_is_continued_and_an_odd_request_id_replaced(client: httpx.AsyncClient) -> None:
    headers = {"traceparent": TRACEPARENT, "X-Request-ID": "abc-12345"}
    answer = await client.get("/v1/projects/x", headers=headers)
    arrived = seen(answer)
    assert arrived["traceparent"].split("-")[1] == TRACEPARENT.split("-")[1]
    assert arrived["traceparent"].split("-")[2] != TRACEPARENT.split("-")[2]
    assert arrived["x-request-id"] == answer.headers["x-request-id"] == "abc-12345"
    assert answer.headers["traceparent"] == arrived["traceparent"]
    answer = await client.get("/v1/projects/x", headers={"traceparent": "00-zz", "X-Request-ID": "a b"})
    assert answer.headers["x-request-id"] == answer.headers["traceparent"].split("-")[1]


@pytest.mark.parametrize(
    "path",
    [
        "/v1/projects/../auth/token",
        "/v1/projects/./x",
        "/v1/projects/%2e%2e/auth",
        "/v1/projects/%2E./auth",
        "/v1/projects//x",
        "/v1/projects/a%2fb",
        "/v1/projects/a%5Cb",
        "/v1/projects/a\\b",
        "/v1/projects/a%00",
        "/v1/projects/..",
    ],
)
async def test_a_path_two_routers_could_read_differently_is_400(client: httpx.AsyncClient, path: str) -> None:
    # httpx would tidy the path, so it is written by hand.
    head = f"GET {path} HTTP/1.1\r\nhost: a\r\nauthorization: Bearer outside\r\n\r\n"
    answered = await raw(client.base_url.port or 0, head.encode())
    assert answered.startswith(b"HTTP/1.1 400"), answered
    assert b"application/problem+json" in answered


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"GET /v1/projects/x?q=\xe5\xbe\xa1", (b"200", b"400")),
        (b"GET /v1/projects/\xff", (b"400",)),
        (b"GET http://elsewhere/v1/projects/x", (b"200",)),
        (b"OPTIONS *", (b"400", b"404")),
        (b"TRACE /v1/projects/x", (b"405",)),
        (b"GET /v1/projects/x?q=\xff", (b"200", b"400")),
    ],
)
async def test_odd_request_lines_are_answered(client: httpx.AsyncClient, head: bytes, status: tuple[bytes]) -> None:
    request = head + b" HTTP/1.1\r\nhost: a\r\nauthorization: Bearer outside\r\n\r\n"
    answered = await raw(client.base_url.port or 0, request)
    assert answered.split(b" ")[1] in status, answered


async def test_a_header_that_is_not_utf8_is_400(client: httpx.AsyncClient) -> None:
    request = b"GET /v1/projects/x HTTP/1.1\r\nhost: a\r\nauthorization: Bearer outside\r\nx-name: \xff\r\n\r\n"
    assert (await raw(client.base_url.port or 0, request)).startswith(b"HTTP/1.1 400")


async def test_everything_else_goes_to_the_gateways_own_app(client: httpx.AsyncClient) -> None:
    for path in ("/", "/v1/", "/v1/unknown/x", "/v1/auth/token", "/v1/%70rojects/x", "//v1/projects/x"):
        assert (await client.get(path)).headers["x-own"] == "app"


async def test_who_is_not_admitted_is_refused(client: httpx.AsyncClient) -> None:
    answer = await client.get("/v1/projects/x", headers={"authorization": "Bearer inside-projects"})
    assert problem(answer, 403)["code"] == "forbidden"


async def test_a_body_too_large_is_413_whether_declared_or_not(client: httpx.AsyncClient) -> None:
    assert problem(await client.post("/v1/projects/x", content=b"a" * 200_001), 413)["code"] == "too_large"

    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(30):
            yield b"b" * 10_000

    problem(await client.post("/v1/projects/x", content=chunks()), 413)


@pytest.mark.parametrize("framing", [b"content-length: 10", b"content-length: 100000", b"transfer-encoding: chunked"])
async def test_a_body_that_does_not_arrive_is_408(client: httpx.AsyncClient, framing: bytes) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", client.base_url.port)
    writer.write(
        b"POST /v1/projects/x HTTP/1.1\r\nhost: a\r\nauthorization: Bearer outside\r\n" + framing + b"\r\n\r\n"
    )
    writer.write(b"1\r\na\r\n")
    assert (await asyncio.wait_for(reader.readuntil(b"\r\n"), 5)).startswith(b"HTTP/1.1 408")
    writer.close()


async def test_the_rate_of_a_caller_is_shown_and_kept(client: httpx.AsyncClient) -> None:
    headers = {"x-test-quota": "3"}
    for left in (2, 1, 0):
        answer = await client.get("/v1/projects/x", headers=headers)
        assert answer.headers["ratelimit-policy"] == '"narrow";q=3;w=60'
        assert answer.headers["ratelimit"].startswith(f'"narrow";r={left};t=')
    refused = await client.get("/v1/projects/x", headers=headers)
    assert problem(refused, 429)["code"] == "too_many_requests"
    assert 0 < int(refused.headers["retry-after"]) <= 20


async def test_cors_admits_the_listed_origin_only(client: httpx.AsyncClient) -> None:
    asks = {"Origin": "https://front.example", "Access-Control-Request-Method": "PATCH"}
    preflight = await client.options("/v1/projects/x", headers=asks)
    assert preflight.status_code == 204
    assert preflight.headers["access-control-allow-origin"] == "https://front.example"
    assert "If-Match" in preflight.headers["access-control-allow-headers"]
    answer = await client.get("/v1/projects/x", headers={"Origin": "https://front.example"})
    assert answer.headers["access-control-allow-origin"] == "https://front.example"
    assert "ETag" in answer.headers["access-control-expose-headers"]
    assert (
        await client.options("/v1/projects/x", headers=asks | {"Origin": "https://evil.example"})
    ).status_code == 403
    answer = await client.get("/v1/projects/x", headers={"Origin": "https://evil.example"})
    assert "access-control-allow-origin" not in answer.headers


async def test_the_log_line_holds_no_query_and_no_pasted_number() -> None:
    lines: list[bytes] = []
    async with listening(echo) as upstream_port, gateway(upstream_port, lines) as client:
        await client.get("/v1/projects/projects/130185199001011234?phone=13900000000")
    line = json.loads(b"".join(lines))
    assert (line["path"], line["status"], line["upstream"]) == ("/v1/projects/projects/*", 200, "projects")
    assert b"13" not in json.dumps({k: v for k, v in line.items() if k in {"path", "method", "upstream"}}).encode()


async def test_an_unreachable_service_is_502_with_retry_after(unused_tcp_port: int) -> None:
    async with gateway(unused_tcp_port) as client:
        answer = await client.post("/v1/projects/x", content=b"{}")
        assert problem(answer, 502)["code"] == "bad_gateway"
        assert int(answer.headers["retry-after"]) > 0


@pytest.mark.parametrize("reply", [b"", b"nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc"])
async def test_a_service_that_breaks_off_is_502(reply: bytes) -> None:
    async def breaks(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(reply)

    async with peer(breaks) as upstream_port, gateway(upstream_port) as client:
        problem(await client.get("/v1/projects/x"), 502)


async def test_a_silent_service_is_504() -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(-1)

    async with peer(silent) as upstream_port, gateway(upstream_port) as client:
        answer = await client.get("/v1/projects/x")
        assert problem(answer, 504)["code"] == "gateway_timeout"
        assert "retry-after" in answer.headers


async def test_an_answer_cut_short_is_cut_short_for_the_client_too() -> None:
    async def cuts(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n")
        await writer.drain()

    async with peer(cuts) as upstream_port, gateway(upstream_port) as client:
        with pytest.raises(httpx.RemoteProtocolError):
            await client.get("/v1/projects/x")


@pytest.mark.parametrize(("method", "status"), [("GET", 200), ("POST", 502)])
async def test_only_a_safe_request_is_asked_again_on_a_stale_connection(method: str, status: int) -> None:
    async def once_per_connection(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")
        # The next request on this connection is read and then dropped, as a closing keep-alive would.
        await reader.readuntil(b"\r\n\r\n")

    async with peer(once_per_connection) as upstream_port, gateway(upstream_port) as client:
        assert (await client.get("/v1/projects/first")).status_code == 200
        assert (await client.request(method, "/v1/projects/second")).status_code == status


async def test_a_client_that_hangs_up_cancels_the_service_call() -> None:
    asked, dropped = asyncio.Event(), asyncio.Event()
    lines: list[bytes] = []

    async def waits(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        asked.set()
        await reader.read(-1)
        dropped.set()

    async with peer(waits) as upstream_port, gateway(upstream_port, lines) as client:
        _, writer = await asyncio.open_connection("127.0.0.1", client.base_url.port)
        writer.write(b"GET /v1/projects/x HTTP/1.1\r\nhost: a\r\nauthorization: Bearer outside\r\n\r\n")
        await asyncio.wait_for(asked.wait(), 5)
        writer.close()
        await asyncio.wait_for(dropped.wait(), 5)
    assert json.loads(b"".join(lines))["status"] == 499


@pytest.mark.parametrize("framing", [b"content-length: 100000", b"transfer-encoding: chunked"])
async def test_a_client_that_hangs_up_while_sending_cancels_the_service_call(framing: bytes) -> None:
    asked, dropped = asyncio.Event(), asyncio.Event()

    async def waits(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        asked.set()
        await reader.read(-1)
        dropped.set()

    async with peer(waits) as upstream_port, gateway(upstream_port) as client:
        _, writer = await asyncio.open_connection("127.0.0.1", client.base_url.port)
        head = b"POST /v1/projects/x HTTP/1.1\r\nhost: a\r\nauthorization: Bearer outside\r\n"
        writer.write(head + framing + b"\r\n\r\n1\r\na\r\n")
        await asyncio.wait_for(asked.wait(), 5)
        writer.close()
        await asyncio.wait_for(dropped.wait(), 5)
