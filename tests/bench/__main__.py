"""`make bench`: what Anju costs beside what it could cost, measured in one run on a durable PostgreSQL.

`python -m tests.bench [PART …] [--rounds 5] [--seconds 2] [--write]`, a part being one of `PARTS`; without one, all of
them. `--write` keeps the tables in `docs/proofs/bench.md`. Two ways alternate; a figure is the median of
the rounds, a ratio the median of the ratios of one round. A missed bar is a row that says so, not an exit code.
"""

import argparse
import datetime as dt
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from deploy.children import StartError
from tests.bench import (
    battle,
    counting,
    forwarding,
    importing,
    listing,
    petitions,
    photos,
    reminding,
    rows,
    sweeping,
    warning,
)
from tests.bench.report import Row, table, verdict
from tests.bench.stack import Stack, stack

PARTS = (
    "list",
    "import",
    "pages",
    "gateway",
    "statements",
    "battle_map",
    "sweep",
    "photos",
    "petitions",
    "reminders",
    "warnings",
)
ROOT = Path(__file__).resolve().parents[2]
PROOF = ROOT / "docs" / "proofs" / "bench.md"

BUSY = " **Other work ran at the same time: repeat this on an idle machine before believing a missed (or met) bar.**"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Measure the bars.")
    parser.add_argument("parts", nargs="*", metavar="part", help=f"any of: {', '.join(PARTS)}")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2.0, help="of load per way and round")
    parser.add_argument("--write", action="store_true", help=f"also write {PROOF.relative_to(ROOT)}")
    given = parser.parse_args()
    if unknown := set(given.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    parts = given.parts or PARTS
    try:
        sections = [_heading(given.rounds, given.seconds)]
        print(sections[0], flush=True)
        with stack() as running:
            if {"list", "pages", "gateway", "statements"} & set(parts):
                rows.load(running.bare_url, listing.EACH)
            for section in _sections(running, parts, given.rounds, given.seconds):
                print(f"\n{section}", flush=True)
                sections.append(section)
    except (StartError, RuntimeError, OSError) as error:
        print(f"bench could not run: {error}", file=sys.stderr)
        return 1
    if given.write:
        PROOF.parent.mkdir(parents=True, exist_ok=True)
        PROOF.write_text("\n\n".join(sections) + "\n", encoding="utf-8")
    return 0


def _heading(rounds: int, seconds: float) -> str:
    done = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True)
    load = os.getloadavg()[0]
    return (
        f"# Bench\n\n`make bench`, {dt.datetime.now(dt.UTC):%Y-%m-%d %H:%M} UTC, commit {done.stdout.strip()}: "
        f"Python {platform.python_version()}, PostgreSQL 18 with fsync, {os.cpu_count()} cores for load, service and "
        f"database, load average {load:.1f} at the start. Median of {rounds} rounds, {seconds:g} s of load each."
        + (BUSY if load > 1 else "")
    )


def _sections(running: Stack, parts: Sequence[str], rounds: int, seconds: float) -> Iterator[str]:
    if "list" in parts:
        yield _list(running, rounds, seconds)
    if "pages" in parts:
        yield _pages(running, rounds, seconds)
    if "gateway" in parts:
        yield forwarding.section(running, rounds, seconds)
    if "statements" in parts:
        yield _statements(running)
    if "battle_map" in parts:
        yield _battle_map(running, rounds, seconds)
    if "import" in parts:
        yield _import(running, rounds)
    if "sweep" in parts:
        yield _sweep(running, rounds)
    if "photos" in parts:
        yield photos.section(running)
    if "petitions" in parts:
        yield petitions.section(running, rounds, seconds)
    if "reminders" in parts:
        yield reminding.section(running, rounds)
    if "warnings" in parts:
        yield warning.section(running, rounds)


def _list(running: Stack, rounds: int, seconds: float) -> str:
    found = listing.against_bare(running, rounds, seconds)
    bare, ours = found["bare"], found["list_projects"]
    return table(
        "list_projects of 50 ÷ bare FastAPI + asyncpg + orjson, 16 connections",
        ("", "req/s", "p50 ms", "p99 ms", "ratio", "bar", "verdict"),
        [
            Row("bare", f"{bare.per_second:.0f}", f"{bare.p50_ms:.1f}", f"{bare.p99_ms:.1f}", "1.00", "", "the limit"),
            Row(
                "list_projects",
                f"{ours.per_second:.0f}",
                f"{ours.p50_ms:.1f}",
                f"{ours.p99_ms:.1f}",
                f"{ours.ratio:.2f}",
                f"≥ {listing.LIST_BAR}, goal {listing.LIST_GOAL}",
                verdict(ours.ratio, at_least=listing.LIST_BAR, goal=listing.LIST_GOAL)
                + "; the bare handler has no identity, tenancy, trace or contract",
            ),
        ],
    )


def _pages(running: Stack, rounds: int, seconds: float) -> str:
    lines = []
    for name, (first, deep) in listing.depth(running, rounds, seconds).items():
        ratio = deep.p50_ms / first.p50_ms
        size = listing.PAGES[name][1]
        cells = (f"{first.p50_ms:.2f}", f"{deep.p50_ms:.2f}", f"{ratio:.2f}", f"≤ {listing.PAGE_BAR}")
        lines.append(Row(f"{name}, {size} a page", *cells, verdict(ratio, at_most=listing.PAGE_BAR)))
    count = listing.EACH * len(rows.COUNTIES)
    return table(
        f"Page 1,000 against page 1: {count:,} projects in {len(rows.COUNTIES)} counties, one request at a time",
        ("caller", "page 1, p50 ms", "page 1,000, p50 ms", "ratio", "bar", "verdict"),
        lines,
    )


def _battle_map(running: Stack, rounds: int, seconds: float) -> str:
    battle.load(running.bare_url)
    found = battle.measure(running, rounds, seconds)
    judged = verdict(found.ratio, at_most=battle.RATIO_BAR)
    count, queries = f"{battle.PROJECTS * battle.MILESTONES_EACH:,}", str(found.queries)
    return table(
        f"Battle map of {battle.PROJECTS} projects with {count} milestones ÷ its own SQL, one request at a time",
        ("", "queries", "p50 ms", "ratio", "bar", "verdict"),
        [
            Row(
                "its SQL alone in pgbench, same role and scope",
                str(found.queries),
                f"{found.sql_ms:.1f}",
                "1.00",
                "",
                "",
            ),
            Row(
                f"get_battle_map, {found.size / 1e6:.1f} MB of JSON",
                queries,
                f"{found.map_ms:.1f}",
                f"{found.ratio:.2f}",
                f"≤ {battle.RATIO_BAR:g}, queries ≤ {battle.QUERIES_BAR}",
                judged if found.queries <= battle.QUERIES_BAR else "MISSED: too many queries",
            ),
        ],
    )


def _statements(running: Stack) -> str:
    return table(
        "Statements per request, BEGIN and COMMIT included",
        ("operation", "statements"),
        [Row(count.operation, str(count.statements)) for count in counting.statements(running)],
    )


def _import(running: Stack, rounds: int) -> str:
    with tempfile.TemporaryDirectory() as folder:
        found = importing.measure(running, Path(folder), rounds)
    lines = []
    for name, times in found.items():
        middle, ratio = importing.median(times), importing.ratio(times)
        is_barred = name == importing.CASES[0]
        cells = [f"{s:.2f}" for s in (middle.job, middle.parse, middle.copy, middle.check)]
        cells += [f"{ratio:.2f}", f"≤ {importing.IMPORT_BAR}" if is_barred else ""]
        lines.append(Row(name, *cells, verdict(ratio, at_most=importing.IMPORT_BAR) if is_barred else ""))
    return table(
        f"Import of {importing.ROWS:,} rows × {len(importing.HEADS)} columns ÷ (parse + COPY), seconds",
        ("case", "import job", "parse", "COPY", "check at the upload", "ratio", "bar", "verdict"),
        lines,
    )


def _sweep(running: Stack, rounds: int) -> str:
    found = sweeping.measure(running, rounds)
    lines = []
    for (due, count), sweeps in found.items():
        middle = sweeping.median(sweeps)
        cells = [
            f"{middle.seconds:.2f}",
            f"{middle.seconds / due * 1000:.2f}",
            f"{middle.read:,}",
            f"{middle.written:,}",
        ]
        last = ["", "", ""]
        if count == sweeping.MANY:
            ratio, reads = sweeping.ratio(sweeps, found[due, sweeping.FEW]), middle.read / due
            judged = verdict(ratio, at_most=sweeping.RATIO_BAR), verdict(reads, at_most=sweeping.READS_BAR)
            bars = f"≤ {sweeping.RATIO_BAR}; reads ≤ {sweeping.READS_BAR:g} each"
            last = [f"{ratio:.2f}", bars, "; reads ".join(judged)]
        lines.append(Row(f"{count:,}", f"{due:,}", *cells, *last))
    head = (
        "open orders",
        "due",
        "seconds",
        "ms each",
        "orders read",
        "orders written",
        "÷ 10,000 open",
        "bar",
        "verdict",
    )
    return table("A sweep: its cost follows the orders that are due, not those that are open", head, lines)


if __name__ == "__main__":
    sys.exit(main())
