"""A server for tests and checks: fast, not crash safe, gone afterwards."""

import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.postgres.server import Server


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def temporary_server(*, durable: bool = False) -> Iterator[Server]:
    """A running server in a temporary folder; `durable=True` where a test pulls the plug. Raises StartError."""
    folder = Path(tempfile.mkdtemp(prefix="anju-pg-"))
    try:
        server = Server(folder, free_port(), log=folder / "server.log", durable=durable)
        try:
            server.start()
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
