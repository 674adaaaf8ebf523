"""One JSON line and two figures for each forwarded request, written in batches because a line each costs a syscall.

A path can hold what a clerk pasted into it, so every segment that is neither a word nor a UUID is written as `*`.
"""

import asyncio
import re
import sys
from collections.abc import Callable
from datetime import UTC, datetime

import orjson
from prometheus_client import Counter, Histogram

from shared.chassis.trace import Trace

FLUSH_SECONDS = 0.1

REQUESTS = Counter("anju_gateway_requests_total", "Requests forwarded", ["upstream", "method", "status"])
SECONDS = Histogram(
    "anju_gateway_request_seconds",
    "Seconds from the request's head to the answer's last byte",
    ["upstream"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)

_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_UNNAMED = re.compile(rf"/(?!(?:v1|[a-z_-]{{1,40}}|{_UUID})?(?:/|$))[^/]*")


def shown_path(path: str) -> str:
    """`/v1/projects/projects/130185199001011234` → `/v1/projects/projects/*`."""
    return _UNNAMED.sub("/*", path)


def _stdout(lines: bytes) -> None:
    sys.stdout.write(lines.decode())
    sys.stdout.flush()


class AccessLog:
    """Counts and notes requests; lines reach `write` at most `FLUSH_SECONDS` later, or with `flush`."""

    def __init__(self, write: Callable[[bytes], None] = _stdout) -> None:
        self._write = write
        self._lines: list[bytes] = []
        self._counters: dict[tuple[str, str, int], Counter] = {}
        self._histograms: dict[str, Histogram] = {}

    def note(self, trace: Trace, upstream: str, method: str, *, path: str, status: int, seconds: float) -> None:
        """`path` without its query; `status` 499 means that the client hung up first."""
        key = (upstream, method, status)
        counter = self._counters.get(key)
        if counter is None:
            counter = self._counters[key] = REQUESTS.labels(upstream, method, str(status))
            self._histograms.setdefault(upstream, SECONDS.labels(upstream))
        counter.inc()
        self._histograms[upstream].observe(seconds)
        if not self._lines:
            asyncio.get_running_loop().call_later(FLUSH_SECONDS, self.flush)
        self._lines.append(
            orjson.dumps(
                {
                    "at": datetime.now(UTC),
                    "level": "INFO",
                    "logger": "anju.access",
                    "message": "forwarded",
                    "trace_id": trace.trace_id,
                    "service": "gateway",
                    "upstream": upstream,
                    "method": method,
                    "path": shown_path(path),
                    "status": status,
                    "ms": round(seconds * 1000, 1),
                },
                option=orjson.OPT_APPEND_NEWLINE,
            )
        )

    def flush(self) -> None:
        if self._lines:
            lines, self._lines = self._lines, []
            self._write(b"".join(lines))
