"""Planted persons looked for in all that goes out during a run of the tests: answers, workbooks, log lines.

Clients of the fixtures call `WATCH.answered`, logs are heard in process (`hear`) and read where processes write them
(`WATCH.logs`). What is found outside `PERMITTED` fails the test that was given it.
"""

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import httpx

from tests.support.planted import PEOPLE
from tests.support.searching import Search

DEPTH = 3
"""JSON in JSON, or the XML of a workbook."""


class Reveal(NamedTuple):
    method: str
    path: str
    why: str


PERMITTED: Mapping[str, Reveal] = {
    "reveal_petitioner": Reveal(
        "POST",
        "/v1/petitions/petitions/{petition_id}/reveal",
        "whole, for a purpose the audit keeps; a retry is answered masked",
    ),
    "download_petition_attachment": Reveal(
        "GET",
        "/v1/petitions/petitions/{petition_id}/attachments/{attachment_id}",
        "the paper itself, for who acts on the petition; audited",
    ),
    "download_petition_import_result": Reveal(
        "GET",
        "/v1/petitions/imports/{import_id}/result",
        "the register the office itself has sent, for a purpose the audit keeps",
    ),
}
"""By operation: the only answers that may hold a person whole, and why."""
_REVEALS = [
    (reveal.method, re.compile(re.sub(r"\\{[a-z_]+\\}", "[^/]+", re.escape(reveal.path))))
    for reveal in PERMITTED.values()
]


class Leak(AssertionError):
    pass


@dataclass
class Watch:
    search: Search = field(default_factory=lambda: Search(value for person in PEOPLE for value in person.values[:3]))
    answers: int = 0
    exports: int = 0
    log_lines: int = 0
    permitted: int = 0
    """Answers that held somebody and might."""
    leaks: list[str] = field(default_factory=list)
    _read: dict[Path, int] = field(default_factory=dict)
    _folders: set[Path] = field(default_factory=set)

    async def answered(self, answer: httpx.Response) -> None:
        """An event hook of an `httpx.AsyncClient`. Raises Leak."""
        self.answer(answer.request.method, answer.url.path, answer.status_code, answer.headers, await answer.aread())

    def answer(self, method: str, path: str, status: int, headers: Mapping[str, str], content: bytes) -> None:
        self.answers += 1
        self.exports += content.startswith(b"PK")
        head = "\n".join(headers.values()).encode()
        found = self.search.found(content, DEPTH) | self.search.found(head, DEPTH)
        if not found:
            return
        reveals = any(method == verb and pattern.fullmatch(path) for verb, pattern in _REVEALS)
        if not reveals or status >= 300 or "idempotency-replayed" in headers:
            raise Leak(f"{method} {path} answered {status} with {sorted(found)}")
        self.permitted += 1

    def line(self, text: str, whose: str) -> None:
        """Lines of a log; what is found in them is told by `settle`."""
        self.log_lines += text.count("\n")
        if found := self.search.found(text.encode(), DEPTH):
            self.leaks.append(f"{whose} logged {sorted(found)}")

    def logs(self, folder: Path) -> None:
        """A folder where processes write `*.log`, from now on."""
        self._folders.add(folder)

    def settle(self) -> None:
        """After each test. Raises Leak for what was logged since the last time."""
        for path in sorted(path for folder in self._folders for path in folder.glob("*.log")):
            with path.open("rb") as file:
                file.seek(self._read.get(path, 0))
                fresh = file.read()
            whole = fresh[: fresh.rfind(b"\n") + 1]
            self._read[path] = self._read.get(path, 0) + len(whole)
            if whole:
                self.line(whole.decode(errors="replace"), path.name)
        leaks, self.leaks = self.leaks, []
        if leaks:
            raise Leak("; ".join(leaks))


WATCH = Watch()


class _Ear:
    """Stands where the lines of a process in a container would go."""

    def write(self, text: str) -> None:
        WATCH.line(text, "the service")

    def flush(self) -> None:
        """Nothing is held back."""


def hear() -> None:
    """What this process logs from now on goes to the watch, formatted as it would be on stdout."""
    for handler in logging.getLogger().handlers:
        if type(handler) is logging.StreamHandler:
            handler.setStream(_Ear())
