"""`make prove ISSUE=n`: the same tests as `make test`, with the counts issue n demands, and a note of what they found.

The suite is cut into parts of at most 40 minutes. A part that is green for a commit is not run again for it, so a proof
that was interrupted goes on where it stopped, and another issue's need not repeat it. The note is `docs/proofs/n.md`;
it says red when anything was.
"""

import argparse
import datetime as dt
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from tests.support.profile import SEED

CLONE = Path(__file__).resolve().parent.parent
NOTES = CLONE / "docs" / "proofs"
LONGEST_MINUTES = 40
SIDE_BY_SIDE = ("--numprocesses=auto", "--maxprocesses=4", "--dist=loadfile", "--no-loadscope-reorder")
GREEN, RED, LATE, MISSING = "green", "**RED**", f"**RED**: over {LONGEST_MINUTES} minutes", "not run"


@dataclass(frozen=True)
class Part:
    """Some of the tests, by path; without paths, all that no other part names."""

    name: str
    shows: str
    paths: tuple[str, ...] = ()


PARTS: tuple[Part, ...] = (
    Part("rules", "every rule as a property, 2,000 examples each", ("tests/unit",)),
    Part(
        "work of projects",
        "each feature over HTTP on a real database: races, two persons of two units, photos, sweeps",
        ("tests/api/projects", "tests/api/gateway"),
    ),
    Part(
        "work of petitions",
        "the same; the demo register gives the expected figures, every legal life its clocks",
        ("tests/api/petitions",),
    ),
    Part(
        "stories",
        "a project, a citizen, an office's day: each role with a token of its own, through the gateway",
        ("tests/system/stories",),
    ),
    Part(
        "run",
        "`make run`, the tour of the README, the demo figures",
        ("tests/system/test_run.py", "tests/system/test_readme.py"),
    ),
    Part(
        "authorisation",
        "every route × role × place against the committed table; two counties interleaved, no foreign row",
        ("tests/system/test_authorisation.py", "tests/system/tenancy"),
    ),
    Part(
        "secrecy",
        "known persons are in no dump of database and files, no foreign answer, no log",
        ("tests/system/test_petition_dump.py", "tests/system/test_leaks.py", "tests/system/test_watch.py"),
    ),
    Part("contract", "schemathesis over the merged document with every role", ("tests/system/test_contract.py",)),
    Part(
        "durability",
        "SIGKILL during 500 concurrent changes and imports: every acknowledged change once, audit and outbox too",
        ("tests/system/test_durability.py", "tests/system/test_away.py"),
    ),
    Part(
        "tampering",
        "an edited, deleted, swapped, truncated, rewritten audit chain is found and named; a changed checkpoint",
        ("tests/system/test_audit_tampering.py",),
    ),
    Part("rest", "every other test"),
)
"""The whole suite. A part that is green for a commit is green for every issue."""
ISSUES: Mapping[int, tuple[str, ...]] = {
    2: ("run", "authorisation", "contract", "secrecy", "durability", "tampering", "rules", "work of projects", "rest"),
    3: ("stories", "rules", "work of projects", "authorisation", "contract", "run", "rest"),
    4: (
        "stories",
        "rules",
        "work of petitions",
        "authorisation",
        "secrecy",
        "contract",
        "durability",
        "run",
        "rest",
    ),
}


@dataclass(frozen=True)
class Result:
    """Of one part at one commit; `counts` as pytest has them, `numbers` as the tests told them."""

    verdict: str
    finished_at: str
    minutes: float
    counts: dict[str, int] = field(default_factory=dict)
    numbers: list[dict[str, object]] = field(default_factory=list)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.prove", description=__doc__)
    parser.add_argument("issue", type=int, choices=sorted(ISSUES))
    parser.add_argument("--part", choices=[part.name for part in PARTS])
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--again", action="store_true", help="run green parts again")
    given = parser.parse_args(arguments)
    parts = [part for part in PARTS if part.name in ISSUES[given.issue]]
    commit, is_clean = commit_proven()
    folder = CLONE / ".run" / "prove" / f"{commit[:12]}-{given.seed}"
    folder.mkdir(parents=True, exist_ok=True)
    done = {part.name: kept for part in parts if (kept := read(folder / f"{part.name}.json")) is not None}
    for part in parts:
        if given.part not in (None, part.name):
            continue
        if part.name in done and done[part.name].verdict == GREEN and is_clean and not given.again:
            print(f"{part.name}: already green", flush=True)
        else:
            print(f"{part.name}: {part.shows}", flush=True)
            done[part.name] = run(part, given.issue, given.seed, folder)
            (folder / f"{part.name}.json").write_text(json.dumps(asdict(done[part.name]), ensure_ascii=False))
        NOTES.mkdir(exist_ok=True)
        note = written(given.issue, commit, is_clean, given.seed, parts, done)
        (NOTES / f"{given.issue}.md").write_text(note, encoding="utf-8")
    wanted = [part.name for part in parts if given.part in (None, part.name)]
    return 0 if all(done[name].verdict == GREEN for name in wanted) else 1


def commit_proven() -> tuple[str, bool]:
    """The last commit that is more than a note of a proof, and whether the files are as committed."""
    elsewhere = ("--", ".", ":!docs/proofs")
    try:
        commit = git("log", "-1", "--format=%H", *elsewhere)
        return commit, not git("status", "--porcelain", *elsewhere)
    except (OSError, subprocess.CalledProcessError):
        return "unknown", False


def git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=CLONE, capture_output=True, text=True, check=True).stdout.strip()


def read(file: Path) -> Result | None:
    return Result(**json.loads(file.read_text())) if file.exists() else None


def selection(part: Part) -> list[str]:
    """pytest's arguments."""
    if part.paths:
        return list(part.paths)
    return ["tests", *(f"--ignore={path}" for other in PARTS for path in other.paths)]


def run(part: Part, issue: int, seed: int, folder: Path) -> Result:
    listener, outcome = folder / f"{part.name}.jsonl", folder / f"{part.name}.xml"
    for left in (listener, outcome):
        left.unlink(missing_ok=True)
    environment = os.environ | {
        "ANJU_PROVE": str(issue),
        "ANJU_SEED": str(seed),
        "ANJU_PROVE_REPORT": str(listener),
    }
    command = [sys.executable, "-m", "pytest", *selection(part), *SIDE_BY_SIDE]
    # At full counts one test may take as long as the whole part may.
    command += ["-o", f"faulthandler_timeout={LONGEST_MINUTES * 60}"]
    command += [f"--hypothesis-seed={seed}", f"--junit-xml={outcome}"]
    begun = time.monotonic()
    try:
        code = subprocess.run(command, cwd=CLONE, env=environment, timeout=LONGEST_MINUTES * 60, check=False).returncode
        verdict = GREEN if code == 0 else RED
    except subprocess.TimeoutExpired:
        verdict = LATE
    lines = listener.read_text(encoding="utf-8").splitlines() if listener.exists() else []
    return Result(
        verdict=verdict,
        finished_at=dt.datetime.now(dt.UTC).strftime("%Y-%m-%d %H:%M UTC"),
        minutes=round((time.monotonic() - begun) / 60, 1),
        counts=counted(outcome),
        numbers=[json.loads(line) for line in lines],
    )


def counted(outcome: Path) -> dict[str, int]:
    if not outcome.exists():
        return {}
    suite = ElementTree.parse(outcome).getroot().find("testsuite")
    assert suite is not None
    return {name: int(suite.attrib[name]) for name in ("tests", "failures", "errors", "skipped")}


def written(
    issue: int, commit: str, is_clean: bool, seed: int, parts: Sequence[Part], done: Mapping[str, Result]
) -> str:
    """The note, in Markdown."""
    verdicts = [done[part.name].verdict if part.name in done else MISSING for part in parts]
    red = [part.name for part, verdict in zip(parts, verdicts, strict=True) if verdict not in (GREEN, MISSING)]
    missing = [part.name for part, verdict in zip(parts, verdicts, strict=True) if verdict == MISSING]
    if red:
        overall = f"{RED}: {', '.join(red)}"
    elif missing:
        overall = f"incomplete: {', '.join(missing)} not run"
    else:
        overall = GREEN
    if not is_clean:
        overall += ", on files that were not all committed"
    lines = [
        f"# Proof of issue {issue}",
        "",
        f"- command: `make prove ISSUE={issue}`",
        f"- commit: `{commit}`",
        f"- seed: {seed}",
        f"- machine: {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}",
        f"- result: {overall}",
        "",
        "| part | what it shows | result | tests | failed | skipped | minutes | finished |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for part, verdict in zip(parts, verdicts, strict=True):
        found = done.get(part.name, Result(MISSING, "", 0.0))
        failed = found.counts.get("failures", 0) + found.counts.get("errors", 0)
        cells = (found.counts.get("tests", ""), failed, found.counts.get("skipped", ""), found.minutes)
        shown = " | ".join(str(cell) for cell in cells)
        lines.append(f"| {part.name} | {part.shows} | {verdict} | {shown} | {found.finished_at} |")
    for part in parts:
        if part.name in done and done[part.name].numbers:
            lines += ["", f"## {part.name}: what the tests counted", ""]
            lines += [f"- {line(numbers)}" for numbers in done[part.name].numbers]
    if (NOTES / f"{issue}.guards.md").exists():
        lines += ["", f"What each proof does with its guard taken out: [{issue}.guards.md]({issue}.guards.md)."]
    return "\n".join(lines) + "\n"


def line(numbers: Mapping[str, object]) -> str:
    """`durability: clients_at_once 500, kills (gateway 12, projects 12)`."""
    told = ", ".join(f"{name} {shown(value)}" for name, value in numbers.items() if name != "test")
    return f"{numbers['test']}: {told}"


def shown(value: object) -> str:
    if isinstance(value, dict):
        return "(" + ", ".join(f"{name} {shown(inner)}" for name, inner in value.items()) + ")"
    return str(value)


if __name__ == "__main__":
    sys.exit(main())
