"""A load generator in a process of its own: `python -m tests.bench.load URL CONNECTIONS SECONDS < asked.json`.

`asked` has `headers` and, for a POST, the JSON `body`. Each connection asks, reads the whole answer and asks again.
Prints one JSON object; anything but 2xx ends the run.
"""

import asyncio
import functools
import json
import sys
import time
from typing import cast
from urllib.parse import urlsplit

import httptools
import uvloop


class Connection(asyncio.Protocol):
    def __init__(self, request: bytes, taken: list[float], until: float, done: asyncio.Future[None]) -> None:
        self.request, self.taken, self.until, self.done = request, taken, until, done
        self.started = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)  # uvloop's is one by behaviour only
        self.parser = httptools.HttpResponseParser(self)
        self._ask()

    def _ask(self) -> None:
        self.started = time.perf_counter()
        self.transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        self.parser.feed_data(data)

    def on_message_complete(self) -> None:
        if not 200 <= self.parser.get_status_code() < 300:
            self.done.set_exception(RuntimeError(f"answered {self.parser.get_status_code()}"))
            self.transport.close()
            return
        now = time.perf_counter()
        self.taken.append(now - self.started)
        if now < self.until:
            self._ask()
        else:
            self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(exc) if exc else self.done.set_result(None)


def _the(connection: Connection) -> Connection:
    return connection


async def run(
    url: str, headers: dict[str, str], body: str | None, connections: int, seconds: float
) -> dict[str, float]:
    parts = urlsplit(url)
    lines = {"host": parts.netloc} | headers
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    content = (body or "").encode()
    if body is not None:
        lines |= {"content-type": "application/json", "content-length": str(len(content))}
    head = f"{'GET' if body is None else 'POST'} {target} HTTP/1.1\r\n"
    request = (head + "".join(f"{k}: {v}\r\n" for k, v in lines.items()) + "\r\n").encode() + content
    loop = asyncio.get_running_loop()
    taken: list[float] = []
    waiting = []
    started = time.perf_counter()
    for _ in range(connections):
        done: asyncio.Future[None] = loop.create_future()
        connection = Connection(request, taken, started + seconds, done)
        await loop.create_connection(functools.partial(_the, connection), parts.hostname or "", parts.port or 80)
        waiting.append(done)
    await asyncio.gather(*waiting)
    elapsed = time.perf_counter() - started
    taken.sort()
    return {
        "requests": len(taken),
        "per_second": len(taken) / elapsed,
        "p50_ms": taken[len(taken) // 2] * 1000,
        "p99_ms": taken[len(taken) * 99 // 100] * 1000,
    }


if __name__ == "__main__":
    url, connections, seconds = sys.argv[1:]
    asked = json.load(sys.stdin)
    print(json.dumps(uvloop.run(run(url, asked["headers"], asked["body"], int(connections), float(seconds)))))
