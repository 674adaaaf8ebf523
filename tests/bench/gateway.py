"""What the gateway costs: throughput through it over throughput without it, and its CPU time for one request.

`python -m tests.bench.gateway` measures a route that does nothing; `measure` takes any pair of addresses. Rounds
alternate between the ways, so that a ratio compares neighbours in time; the figure is the median of the rounds.
"""

import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.ports import free_port

ROOT = Path(__file__).parents[2]
ROUNDS = 5
SECONDS = 2.0
CONNECTIONS = 16
NOOP_RATIO_BAR = 0.50
CPU_MS_BAR = 0.35
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Way:
    """One way to the same answer, a POST where there is a `body`; `pids` are the processes in between, whose CPU time
    is counted."""

    url: str
    headers: Mapping[str, str]
    pids: tuple[int, ...] = ()
    body: str | None = None


@dataclass(frozen=True)
class Figures:
    """Medians over the rounds: requests/s, milliseconds, CPU-ms per request, and the ratio to the first way."""

    per_second: float
    p50_ms: float
    p99_ms: float
    cpu_ms: float
    ratio: float


def cpu_seconds(pids: tuple[int, ...]) -> float:
    """User and system time of the processes so far."""
    ticks = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / TICKS


def load(way: Way, seconds: float, connections: int) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.bench.load", way.url, str(connections), str(seconds)]
    asked = json.dumps({"headers": dict(way.headers), "body": way.body})
    done = subprocess.run(command, input=asked, capture_output=True, text=True, cwd=ROOT, timeout=seconds + 30)
    if done.returncode:
        raise RuntimeError(done.stderr)
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def measure(
    ways: Mapping[str, Way], *, rounds: int = ROUNDS, seconds: float = SECONDS, connections: int = CONNECTIONS
) -> dict[str, Figures]:
    """Load each way in turn, `rounds` times; the first is what the others are compared with."""
    for way in ways.values():
        load(way, min(1.0, seconds), connections)
    seen: dict[str, list[dict[str, float]]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            before = cpu_seconds(way.pids)
            figures = load(way, seconds, connections)
            figures["cpu_ms"] = (cpu_seconds(way.pids) - before) * 1000 / figures["requests"]
            seen[name].append(figures)
    first = seen[next(iter(ways))]
    for found in seen.values():
        for figures, base in zip(found, first, strict=True):
            figures["ratio"] = figures["per_second"] / base["per_second"]
    return {
        name: Figures(**{k: statistics.median(f[k] for f in found) for k in Figures.__dataclass_fields__})
        for name, found in seen.items()
    }


@contextmanager
def running(command: list[str], port: int, environment: Mapping[str, str] | None = None) -> Iterator[int]:
    """A server process, once it listens; yields its pid."""
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ | dict(environment or {}), stdout=subprocess.DEVNULL)
    try:
        for _ in range(1200):
            if process.poll() is not None:
                raise RuntimeError(f"{command[0]} did not start")
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        else:
            raise RuntimeError(f"{command[0]} does not listen")
        yield process.pid
    finally:
        process.terminate()
        process.wait(15)


def served(app: str, port: int, *, gateway: bool = False) -> list[str]:
    call = f"serve({app!r}, service='bench', host='127.0.0.1', port={port}, date_header={not gateway})"
    return [sys.executable, "-c", f"from shared.chassis.server import serve; {call}"]


@contextmanager
def nginx(upstream: int) -> Iterator[Way]:
    """nginx with one worker and kept-alive connections, doing the same job."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        temporary = " ".join(
            f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        config = Path(folder, "nginx.conf")
        config.write_text(
            f"daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log;\n"
            "events {}\n"
            f"http {{ access_log {folder}/access.log; {temporary} keepalive_requests 10000000;\n"
            f"upstream noop {{ server 127.0.0.1:{upstream}; keepalive 64; keepalive_requests 10000000; }}\n"
            f"server {{ listen 127.0.0.1:{port}; location / {{ proxy_pass http://noop; proxy_http_version 1.1;\n"
            'proxy_set_header Connection ""; } } }\n'
        )
        with running(["nginx", "-p", folder, "-c", str(config)], port) as pid:
            yield Way(f"http://127.0.0.1:{port}/v1/noop/x", {"authorization": "Bearer outside"}, (pid,))


def noop() -> dict[str, Figures]:
    """A route that does nothing, one worker each: directly, through the gateway, and through nginx if installed."""
    headers = {"authorization": "Bearer outside", "accept": "application/json", "accept-language": "zh-CN"}
    upstream, port = free_port(), free_port()
    with ExitStack() as stack:
        stack.enter_context(running(served("tests.bench.noop_service:app", upstream), upstream))
        environment = {"UPSTREAM": f"http://127.0.0.1:{upstream}"}
        command = served("tests.bench.noop_gateway:app", port, gateway=True)
        pid = stack.enter_context(running(command, port, environment))
        ways = {
            "direct": Way(f"http://127.0.0.1:{upstream}/v1/noop/x", headers),
            "gateway": Way(f"http://127.0.0.1:{port}/v1/noop/x", headers, (pid,)),
        }
        if shutil.which("nginx"):
            ways["nginx"] = stack.enter_context(nginx(upstream))
        return measure(ways)


def show(found: Mapping[str, Figures]) -> str:
    lines = [f"{'':10}{'req/s':>8}{'p50 ms':>8}{'p99 ms':>8}{'CPU-ms':>8}{'ratio':>7}"]
    for name, f in found.items():
        lines.append(f"{name:10}{f.per_second:8.0f}{f.p50_ms:8.2f}{f.p99_ms:8.2f}{f.cpu_ms:8.3f}{f.ratio:7.2f}")
    return "\n".join(lines)


if __name__ == "__main__":
    found = noop()
    print(show(found))
    print(f"bars: no-op ratio ≥ {NOOP_RATIO_BAR}, CPU ≤ {CPU_MS_BAR} ms per forwarded request")
