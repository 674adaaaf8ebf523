"""The processes of one run: started together, watched together, stopped together."""

import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from signal import SIGTERM

from deploy import children
from deploy.children import StartError

READY_SECONDS = 90.0
STOP_SECONDS = 15.0  # longer than the servers give the requests they are still answering


@dataclass(frozen=True)
class Process:
    """`python -m <module> <arguments>`; ready once `port` answers 200 on /readyz, or at once without a port."""

    name: str
    module: str
    environment: Mapping[str, str]
    arguments: Sequence[str] = ()
    port: int | None = None


@dataclass
class Running:
    """What was started, by name; `clone` is the working directory, `logs` gets one file for each process."""

    clone: Path
    logs: Path
    _children: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, process: Process) -> None:
        self._children[process.name] = children.start(
            [sys.executable, "-m", process.module, *process.arguments],
            log=self.log(process.name),
            environment=process.environment,
            directory=self.clone,
        )

    def log(self, name: str) -> Path:
        return self.logs / f"{name}.log"

    def run_to_end(self, processes: Sequence[Process]) -> None:
        """Run `processes` side by side until each has ended well. Raises StartError, and stops the others, if not."""
        for process in processes:
            self.start(process)
        for process in processes:
            if code := self._children[process.name].wait():
                raise self._died(process.name, code)
            del self._children[process.name]

    def wait_until_ready(self, processes: Sequence[Process]) -> None:
        """Return once every process with a port answers 200 on /readyz. Raises StartError when one dies or is late."""
        deadline = time.monotonic() + READY_SECONDS
        waiting = {process.name: process.port for process in processes if process.port is not None}
        while waiting:
            self.check_alive()
            waiting = {name: port for name, port in waiting.items() if not _is_ready(port)}
            if waiting and time.monotonic() > deadline:
                name = next(iter(waiting))
                self._show_end(name)
                raise StartError(f"{name} 未能就绪 / is not ready after {READY_SECONDS:.0f} s ({self.log(name)})")
            time.sleep(0.05)

    def check_alive(self) -> None:
        """Raise StartError when a process has ended, however it ended."""
        for name, child in self._children.items():
            if (code := child.poll()) is not None:
                raise self._died(name, code)

    def stop(self) -> None:
        children.stop(list(self._children.values()), SIGTERM, STOP_SECONDS)
        self._children.clear()

    def _died(self, name: str, code: int) -> StartError:
        self._show_end(name)
        return StartError(f"{name} 意外退出 / ended unexpectedly, exit code {code} ({self.log(name)})")

    def _show_end(self, name: str) -> None:
        for line in children.last_lines(self.log(name)):
            print(f"{name} | {line}", file=sys.stderr)


def _is_ready(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
