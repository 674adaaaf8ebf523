"""A server for tests and checks: fast, not crash safe, gone afterwards."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.ports import free_port
from deploy.postgres.server import Server

MEMORY = Path("/dev/shm")  # noqa: S108 - its folders are made by mkdtemp, private and unguessable
ROOM_BYTES = 4 << 30


def _folder() -> Path:
    """In memory where there is room: a template is copied in 15 ms there, in 240 ms on a disk (ext4, PostgreSQL 18)."""
    base = MEMORY if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM_BYTES else Path(tempfile.gettempdir())
    for left in base.glob("anju-pg-*-*"):  # by a session that was killed
        if Path("/proc/self").exists() and not Path("/proc", left.name.split("-")[2]).exists():
            shutil.rmtree(left, ignore_errors=True)
    return Path(tempfile.mkdtemp(dir=base, prefix=f"anju-pg-{os.getpid()}-"))


@contextmanager
def temporary_server(*, durable: bool = False) -> Iterator[Server]:
    """A running server in a temporary folder; `durable=True` where a test pulls the plug. Raises StartError."""
    folder = _folder()
    try:
        server = Server(folder, free_port(), log=folder / "server.log", durable=durable)
        try:
            server.start()
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
