"""The listener's own limits, spoken to over raw sockets."""

import asyncio
import json
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from starlette.types import Receive, Scope, Send

from shared.chassis.server import MAX_HEADER_BYTES, MAX_HEADER_COUNT, BoundedProtocol
from tests.support.listening import listening, raw

ROOT = Path(__file__).parents[2]


class Hasty(BoundedProtocol):
    header_deadline_seconds = 0.2
    linger_seconds = 0.2


async def reads(scope: Scope, receive: Receive, send: Send) -> None:
    """Reads the body, unless the path says otherwise, and answers its length."""
    size, more = 0, scope["path"] != "/unread"
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        size, more = size + len(message["body"]), message["more_body"]
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": str(size).encode()})


@pytest.fixture(scope="module")
async def port() -> AsyncIterator[int]:
    async with listening(reads, Hasty) as port:
        yield port


def problem(answered: bytes) -> dict[str, object]:
    head, _, body = answered.partition(b"\r\n\r\n")
    assert b"content-type: application/problem+json" in head
    assert b"connection: close" in head
    document: dict[str, object] = json.loads(body)
    return document


async def until_closed(reader: asyncio.StreamReader) -> bytes:
    return await asyncio.wait_for(reader.read(-1), 5)


async def test_a_head_that_never_ends_is_answered_408_and_closed(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET / HTTP/1.1\r\nhost: a\r\nx-slow: ")
    assert problem(await until_closed(reader))["status"] == 408
    writer.close()


async def test_trickled_header_lines_do_not_extend_the_deadline(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET / HTTP/1.1\r\n")
    answer = asyncio.create_task(until_closed(reader))
    while not answer.done():
        writer.write(b"a: b\r\n")
        await asyncio.sleep(0.02)
    assert problem(await answer)["status"] == 408
    writer.close()


async def test_a_connection_that_says_nothing_is_closed_silently(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    assert await until_closed(reader) == b""
    writer.close()


@pytest.mark.parametrize(
    "head",
    [
        b"GET / HTTP/1.1\r\na: " + b"x" * (MAX_HEADER_BYTES + 1),
        b"GET / HTTP/1.1\r\na: " + b"x" * MAX_HEADER_BYTES + b"\r\n\r\n",
        b"GET /" + b"x" * MAX_HEADER_BYTES + b" HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * (MAX_HEADER_COUNT + 1) + b"\r\n",
    ],
    ids=["unfinished", "whole", "address", "many"],
)
async def test_a_head_too_large_is_431(port: int, head: bytes) -> None:
    assert problem(await raw(port, head))["status"] == 431


@pytest.mark.parametrize(
    "request_",
    [
        b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\ncontent-length: 5\r\n\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nhello",
        b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: +5\r\n\r\nhello",
        b"POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: xchunked\r\n\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost : a\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost: a\r\n folded\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost: a\nx: y\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost: a\r\nx: \x00\r\n\r\n",
        b"nonsense\r\n\r\n",
    ],
)
async def test_what_two_servers_could_read_differently_is_400(port: int, request_: bytes) -> None:
    answered = await raw(port, request_)
    assert answered.count(b"HTTP/1.1 ") == 1
    assert problem(answered)["status"] == 400


async def test_a_client_that_keeps_sending_after_the_answer_is_hung_up_on(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"POST /unread HTTP/1.1\r\nhost: a\r\ncontent-length: 1000000\r\n\r\nbegin")
    head = await reader.readuntil(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200")
    answer = asyncio.create_task(until_closed(reader))
    while not answer.done():
        writer.write(b"x")
        await asyncio.sleep(0.02)
    writer.close()


async def test_a_body_finished_after_the_answer_leaves_the_connection_usable(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"POST /unread HTTP/1.1\r\nhost: a\r\ncontent-length: 10\r\n\r\nbegin")
    await reader.readuntil(b"0\r\n\r\n")
    writer.write(b"enddd")
    await asyncio.sleep(0.3)
    writer.write(b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 3\r\n\r\nabc")
    assert (await reader.readuntil(b"0\r\n\r\n")).endswith(b"1\r\n3\r\n0\r\n\r\n")
    writer.close()


async def test_the_process_says_json_lines_and_stops_on_sigterm(unused_tcp_port: int) -> None:
    code = (
        "from shared.chassis.server import serve\n"
        f"serve('tests.support.hello:app', service='hello', host='127.0.0.1', port={unused_tcp_port})"
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    lines: list[dict[str, str]] = []
    while not lines or "running on" not in lines[-1]["message"]:
        lines.append(json.loads(await asyncio.wait_for(process.stdout.readline(), 20)))
    answered = await raw(unused_tcp_port, b"GET / HTTP/1.1\r\nhost: a\r\n\r\n")
    assert answered.startswith(b"HTTP/1.1 200")
    assert b"server:" not in answered
    assert answered.count(b"date:") == 1
    process.send_signal(signal.SIGTERM)
    rest, errors = await asyncio.wait_for(process.communicate(), 20)
    assert all(json.loads(line)["service"] == "hello" for line in rest.splitlines())
    assert errors == b""
