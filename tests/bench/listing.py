"""`list_projects` of 50 against a bare handler of the same rows, and page 1,000 of a list against page 1."""

import datetime as dt
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from deploy.ports import free_port
from tests.bench import gateway
from tests.bench.gateway import Figures, Way, running
from tests.bench.stack import CITY, COUNTY, PROVINCE, Stack

LIST_BAR, LIST_GOAL, PAGE_BAR = 0.75, 1.0, 1.5
EACH = 2_000
"""Projects per county: 100,000 in 50 counties."""
PAGES = {"county": (COUNTY, 1), "city": (CITY, 5), "province": (PROVINCE, 50)}
"""Caller to its division and page size: page 1,000 of each is the middle of its list."""
DEEP = 1_000
ONE_AT_A_TIME = 1


@contextmanager
def bare(stack: Stack) -> Iterator[str]:
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "uvicorn",
        "tests.bench.bare:app",
        "--port",
        str(port),
        "--no-access-log",
        "--log-level",
        "warning",
    ]
    with running(command, port, {"BARE_URL": stack.bare_url}):
        yield f"http://127.0.0.1:{port}/projects?division_code={COUNTY}&limit=50"


def against_bare(stack: Stack, rounds: int, seconds: float) -> dict[str, Figures]:
    """Both answer the same content, which is checked first."""
    ours = Way(f"{stack.projects}/v1/projects/projects?limit=50", stack.token())
    with bare(stack) as url:
        limit, found = _items(httpx.get(url)), _items(httpx.get(ours.url, headers=dict(ours.headers)))
        if limit != found or len(found) != 50:
            raise RuntimeError("the bare handler and list_projects answer different projects")
        return gateway.measure({"bare": Way(url, {}), "list_projects": ours}, rounds=rounds, seconds=seconds)


def _items(answer: httpx.Response) -> list[dict[str, Any]]:
    """Moments are compared as moments: the bare handler writes them in UTC, as they come."""
    moments = ("created_at", "updated_at")
    return [
        i | {m: dt.datetime.fromisoformat(i[m]) for m in moments} for i in answer.raise_for_status().json()["items"]
    ]


def depth(stack: Stack, rounds: int, seconds: float) -> dict[str, tuple[Figures, Figures]]:
    """Page 1 and page 1,000 by caller, one request at a time; ratios are of p50, deep over first."""
    found = {}
    for name, (home, size) in PAGES.items():
        headers = stack.token(home, "leader")
        first = f"{stack.projects}/v1/projects/projects?limit={size}"
        url = first
        with httpx.Client(headers=headers) as client:
            for _ in range(DEEP - 1):
                cursor = client.get(url).raise_for_status().json()["next_cursor"]
                url = f"{first}&cursor={cursor}"
        if len(httpx.get(url, headers=headers).json()["items"]) != size:
            raise RuntimeError(f"page {DEEP} of a {name}'s list is not full")
        ways = {"first": Way(first, headers), "deep": Way(url, headers)}
        figures = gateway.measure(ways, rounds=rounds, seconds=seconds, connections=ONE_AT_A_TIME)
        found[name] = figures["first"], figures["deep"]
    return found
