"""The gateway beside none and beside nginx: `get_project` through the real gateway, and a route that does nothing."""

import shutil
from collections.abc import Mapping
from contextlib import ExitStack
from urllib.parse import urlsplit

import httpx

from tests.bench import gateway
from tests.bench.gateway import CPU_MS_BAR, NOOP_RATIO_BAR, Figures, Way
from tests.bench.report import Row, table, verdict
from tests.bench.stack import Stack, bearer

PROJECT_RATIO_BAR = 0.90


def on_get_project(stack: Stack, rounds: int, seconds: float) -> dict[str, Figures]:
    """One gateway process, one service process; the gateway knows its caller from a real token."""
    inside, outside = stack.token(), bearer(stack.outside)
    listed = httpx.get(f"{stack.gateway}/v1/projects/projects?limit=1", headers=outside).raise_for_status().json()
    path = f"/v1/projects/projects/{listed['items'][0]['id']}"
    ways = {
        "direct": Way(f"{stack.projects}{path}", inside),
        "gateway": Way(f"{stack.gateway}{path}", outside, (stack.gateway_pid,)),
    }
    with ExitStack() as undo:
        if shutil.which("nginx"):
            there = undo.enter_context(gateway.nginx(urlsplit(stack.projects).port or 0))
            host = urlsplit(there.url)
            ways["nginx"] = Way(f"{host.scheme}://{host.netloc}{path}", inside, there.pids)
        return gateway.measure(ways, rounds=rounds, seconds=seconds)


def section(stack: Stack, rounds: int, seconds: float) -> str:
    lines = _lines("get_project", on_get_project(stack, rounds, seconds), PROJECT_RATIO_BAR)
    lines += _lines("no-op", gateway.noop(), NOOP_RATIO_BAR, CPU_MS_BAR)
    if not shutil.which("nginx"):
        lines.append(Row("nginx", "", "", "", "", "", "", "not installed on this machine"))
    return table(
        "The gateway ÷ direct, one worker each, 16 connections",
        ("way", "req/s", "p50 ms", "p99 ms", "CPU-ms per request", "ratio", "bar", "verdict"),
        lines,
    )


def _lines(route: str, found: Mapping[str, Figures], ratio_bar: float, cpu_bar: float | None = None) -> list[Row]:
    lines = []
    for way, f in found.items():
        bar, said = "", ""
        if way == "gateway":
            bar, said = f"≥ {ratio_bar:.2f}", f"ratio {verdict(f.ratio, at_least=ratio_bar)}"
            if cpu_bar is not None:
                bar += f", CPU ≤ {cpu_bar}"
                said += f", CPU {verdict(f.cpu_ms, at_most=cpu_bar)}"
        cells = (f"{f.per_second:.0f}", f"{f.p50_ms:.2f}", f"{f.p99_ms:.2f}", f"{f.cpu_ms:.3f}" if f.cpu_ms else "")
        lines.append(Row(f"{route}, {way}", *cells, f"{f.ratio:.2f}", bar, said))
    return lines
