"""`make run`: the whole of Anju on this machine, until Ctrl-C.

All that a run keeps is in `.run/` of the clone (another folder: `ANJU_RUN_FOLDER`): secrets, logs, the demo marker and
PostgreSQL's data; as root the data is outside, where PostgreSQL's user reaches it, and `.run/postgres` points there.
"""

import argparse
import asyncio
import fcntl
import hashlib
import json
import os
import signal
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from types import FrameType
from typing import NoReturn
from urllib.parse import urlsplit

import asyncpg

from deploy import demo, secrets
from deploy.children import StartError, die_with
from deploy.parts import GATEWAY, PARTS, SERVICES, Part
from deploy.ports import chosen_port
from deploy.postgres import databases
from deploy.postgres.binaries import shared_folder, unprivileged_user
from deploy.postgres.databases import Passwords
from deploy.postgres.server import Server
from deploy.processes import Process, Running

CLONE = Path(__file__).resolve().parent.parent
URLS = ("OWNER_DATABASE_URL", "DATABASE_URL", "RELAY_DATABASE_URL")
BOOTSTRAP_USER = "admin"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m deploy.local", description="Run Anju on this machine.")
    parser.add_argument("--follow-parent", action="store_true", help="stop when the starting process is gone")
    if parser.parse_args().follow_parent:
        die_with(os.getppid(), signal.SIGTERM)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt_once)
    try:
        with ExitStack() as undo:
            running = _start(undo)
            while True:
                running.check_alive()
                time.sleep(0.5)
    except KeyboardInterrupt:
        print("已停止，数据保留 / stopped, data kept", file=sys.stderr)
        return 0
    except StartError as error:
        print(f"安居无法运行 / Anju cannot run: {error}", file=sys.stderr)
        return 1


def _interrupt_once(number: int, frame: FrameType | None) -> NoReturn:
    """An impatient second Ctrl-C must not interrupt the orderly stop that the first began."""
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, signal.SIG_IGN)
    raise KeyboardInterrupt


def _start(undo: ExitStack) -> Running:
    """Bring everything up; `undo` takes it down again, last started first."""
    begun = time.monotonic()
    folder = _run_folder(undo)
    own = {name: os.environ.get(name, value) for name, value in secrets.kept_in(folder / "secrets.json").items()}
    ports = {part.name: chosen_port(f"{part.prefix}PORT", part.default_port) for part in PARTS}
    reach = _outside_databases() or _embedded_databases(folder, own, undo)
    environments = {part.name: environment_of(part, reach[part.name], ports, own, folder) for part in PARTS}

    running = Running(CLONE, folder / "logs")
    undo.callback(running.stop)
    migrations = [
        Process(
            f"{part.name}-migrate",
            "shared.storage.migrate",
            environments[part.name] | {f"{part.prefix}OWNER_DATABASE_URL": reach[part.name]["OWNER_DATABASE_URL"]},
            (part.package,),
        )
        for part in PARTS
    ]
    running.run_to_end(migrations)
    processes = [
        process
        for part in PARTS
        for process in (
            Process(part.name, f"{part.package}.app", environments[part.name], port=ports[part.name]),
            Process(f"{part.name}-worker", f"{part.package}.worker", environments[part.name]),
        )
    ]
    for process in processes:
        running.start(process)
    running.wait_until_ready(processes)
    gateway = f"http://127.0.0.1:{ports[GATEWAY.name]}"
    _load_demo_once(folder / "demo-loaded", gateway, own["ANJU_GATEWAY_BOOTSTRAP_PASSWORD"], running)
    _announce(gateway, folder, time.monotonic() - begun)
    return running


def _run_folder(undo: ExitStack) -> Path:
    """The run folder, private and locked: two runs never share one."""
    folder = Path(os.environ.get("ANJU_RUN_FOLDER") or CLONE / ".run").resolve()
    try:
        (folder / "logs").mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
        lock = undo.enter_context((folder / "lock").open("w"))
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise StartError(f"已在运行 / already running with {folder}") from None
    except OSError as error:
        raise StartError(f"运行目录不可用 / the run folder cannot be used: {folder}: {error.strerror}") from None
    return folder


def _outside_databases() -> dict[str, dict[str, str]] | None:
    """The addresses given as settings, each tried once; None when none is given. Raises StartError."""
    names = [f"{part.prefix}{url}" for part in PARTS for url in URLS]
    given = [name for name in names if os.environ.get(name)]
    if not given:
        return None
    if missing := [name for name in names if name not in given]:
        raise StartError(f"外部数据库还缺 / for an outside database also set: {', '.join(missing)}")
    asyncio.run(_try_databases(names))
    return {part.name: {url: os.environ[f"{part.prefix}{url}"] for url in URLS} for part in PARTS}


async def _try_databases(names: list[str]) -> None:
    for name in names:
        address = urlsplit(os.environ[name])
        try:
            connection = await asyncpg.connect(address._replace(scheme="postgresql").geturl(), timeout=5)
            await connection.close()
        except (OSError, ValueError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            reason = str(error).strip().splitlines() or [type(error).__name__]
            raise StartError(f"数据库连不上 / cannot reach the database of {name}: {reason[0]}") from None


def _embedded_databases(folder: Path, own: dict[str, str], undo: ExitStack) -> dict[str, dict[str, str]]:
    """Start the embedded PostgreSQL and give every part its database."""
    port = chosen_port("ANJU_POSTGRES_PORT", 54329)
    server = Server(_data_folder(folder / "postgres"), port, log=folder / "logs" / "postgres.log")
    undo.callback(server.stop)
    server.start()
    reach = {}
    for part in PARTS:
        passwords = Passwords(*(own[f"{part.prefix}{role}_PASSWORD"] for role in secrets.ROLES))
        made = databases.create(server, part.database, passwords)
        reach[part.name] = dict(zip(URLS, (made.owner_url, made.app_url, made.relay_url), strict=True))
    return reach


def _data_folder(place: Path) -> Path:
    """PostgreSQL's folder: `place` itself, or as root a folder outside the clone that `place` points to."""
    if unprivileged_user() is None:
        return place
    outside = shared_folder()
    if not place.is_symlink():
        clone = hashlib.sha256(str(place).encode()).hexdigest()[:8]
        place.symlink_to(tempfile.mkdtemp(dir=outside, prefix=f"data-{clone}-"))
    target = place.resolve()
    if target.parent != outside:
        raise StartError(f"{place} 指向别处 / does not point into {outside}")
    return target


def environment_of(
    part: Part, reach: dict[str, str], ports: dict[str, int], own: dict[str, str], folder: Path
) -> dict[str, str]:
    """What one part's processes see: its own settings and no other part's secrets; the caller's settings win."""
    settings = {
        "ENVIRONMENT": "local",
        "HOST": "127.0.0.1",
        "DATABASE_URL": reach["DATABASE_URL"],
        "RELAY_DATABASE_URL": reach["RELAY_DATABASE_URL"],
        "DATA_KEY": own[f"{part.prefix}DATA_KEY"],
    }
    if part is GATEWAY:
        clients = {service.name: own[f"{service.prefix}CLIENT_SECRET"] for service in SERVICES}
        addresses = {service.name: f"http://127.0.0.1:{ports[service.name]}" for service in SERVICES}
        settings |= {
            "SERVICE_URLS": json.dumps(addresses),
            "SIGNING_KEY": own["ANJU_GATEWAY_SIGNING_KEY"],
            "SERVICE_CLIENTS": json.dumps(clients),
            "BOOTSTRAP_USER": BOOTSTRAP_USER,
            "BOOTSTRAP_PASSWORD": own["ANJU_GATEWAY_BOOTSTRAP_PASSWORD"],
            "CHECKPOINT_FILE": str(folder / "checkpoints.jsonl"),
        }
    else:
        settings |= {
            "GATEWAY_URL": f"http://127.0.0.1:{ports[GATEWAY.name]}",
            "CLIENT_ID": part.name,
            "CLIENT_SECRET": own[f"{part.prefix}CLIENT_SECRET"],
        }
    given = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("ANJU_") or (name.startswith(part.prefix) and not name.endswith("OWNER_DATABASE_URL"))
    }
    own_names = {f"{part.prefix}{name}": value for name, value in settings.items()}
    return own_names | given | {f"{part.prefix}PORT": str(ports[part.name])}


def _load_demo_once(marker: Path, gateway: str, password: str, running: Running) -> None:
    if marker.exists():
        return
    print("首次启动：装入演示数据 / first start: loading demo data", flush=True)
    try:
        asyncio.run(demo.load(gateway, demo.Bootstrap(BOOTSTRAP_USER, password)))
    except Exception as error:
        running.check_alive()  # a process that died is the better explanation
        raise StartError(f"演示数据装入失败 / demo data could not be loaded: {error}") from error
    marker.touch()


def _announce(gateway: str, folder: Path, seconds: float) -> None:
    lines = [
        f"安居已就绪 / Anju is ready ({seconds:.1f} s)",
        f"  接口 API      {gateway}",
        f"  文档 docs     {gateway}/docs",
        f"  日志 logs     {folder / 'logs'}",
        *(f"  账号 account  {name} / {password}  {what}" for name, password, what in demo.ACCOUNTS),
        "按 Ctrl-C 停止 / Ctrl-C stops everything",
    ]
    print("\n".join(lines), flush=True)


if __name__ == "__main__":
    sys.exit(main())
