"""The embedded PostgreSQL: who may do what, and what it survives."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import asyncpg
import pytest

from deploy.children import StartError
from deploy.parts import GATEWAY
from deploy.ports import free_port
from deploy.postgres import databases
from deploy.postgres.databases import Database
from deploy.postgres.server import Server
from tests.support.postgres import PASSWORDS, Templates

START_AND_WAIT = """
import sys, time
from pathlib import Path
from deploy.postgres.server import Server
folder, port, log = sys.argv[1:]
Server(Path(folder), int(port), log=Path(log)).start()
print("started", flush=True)
time.sleep(600)
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """Like tmp_path, but PostgreSQL's user reaches it when the tests run as root."""
    path = Path(tempfile.mkdtemp(prefix="anju-test-"))
    yield path
    shutil.rmtree(path)


@pytest.fixture
def start(folder: Path, tmp_path: Path) -> Iterator[Callable[[], Server]]:
    servers: list[Server] = []

    def start_one() -> Server:
        server = Server(folder, free_port(), log=tmp_path / f"postgres-{len(servers)}.log")
        servers.append(server)
        server.start()
        return server

    yield start_one
    for server in servers:
        server.stop()


async def connect(url: str) -> asyncpg.Connection:
    return await asyncpg.connect(url.replace("+asyncpg", ""), timeout=5)


@pytest.fixture(scope="module")
def database(postgres_server: Server) -> Database:
    return databases.create(postgres_server, "anju_roles", PASSWORDS)


async def test_no_role_of_a_service_can_step_around_row_security(postgres_server: Server, database: Database) -> None:
    rows = postgres_server.psql(
        "-c",
        "select rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb from pg_roles "
        "where rolname like 'anju\\_roles%' order by 1",
    )
    assert rows.splitlines() == [f"{name}|f|f|f|f" for name in ("anju_roles", "anju_roles_owner", "anju_roles_relay")]


async def test_the_service_role_plans_for_its_scope_and_makes_no_tables(database: Database) -> None:
    connection = await connect(database.app_url)
    try:
        assert await connection.fetchval("show plan_cache_mode") == "force_custom_plan"
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("create table stray (id int)")
    finally:
        await connection.close()


async def test_a_password_is_needed_and_a_stranger_is_not_let_in(postgres_server: Server, database: Database) -> None:
    with pytest.raises(asyncpg.InvalidPasswordError):
        await connect(postgres_server.url("anju_roles", "wrong", database.name))
    databases.create(postgres_server, "anju_other", PASSWORDS)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connect(postgres_server.url("anju_roles", PASSWORDS.app, "anju_other"))


async def test_a_clone_holds_the_template_and_is_gone_afterwards(templates: Templates) -> None:
    with templates.clone(GATEWAY) as copy:
        assert copy.name != GATEWAY.database
        connection = await connect(copy.owner_url)
        await connection.execute("create table only_here (id int)")
        await connection.close()
    assert copy.name not in templates.server.psql("-c", "select datname from pg_database").splitlines()


def test_data_outlives_a_stop_and_a_new_password_replaces_the_old(start: Callable[[], Server]) -> None:
    server = start()
    databases.create(server, "anju_kept", PASSWORDS)
    server.psql("-c", "create table kept as select 42 as answer", database="anju_kept")
    server.stop()
    assert start().psql("-c", "select answer from kept", database="anju_kept") == "42"


@pytest.mark.skipif(sys.platform != "linux", reason="needs the kernel's parent-death signal")
def test_a_killed_starter_leaves_no_server_and_the_next_start_waits_for_it(
    folder: Path, tmp_path: Path, start: Callable[[], Server]
) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", START_AND_WAIT, str(folder), str(free_port()), str(tmp_path / "first.log")],
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": os.getcwd()},
    ) as starter:
        assert starter.stdout is not None
        assert starter.stdout.readline() == b"started\n"
        first = int((folder / "data" / "postmaster.pid").read_text().split()[0])
        starter.send_signal(signal.SIGKILL)
    assert start().psql("-c", "select 1") == "1"
    assert not _runs_postgres(first)


def _runs_postgres(pid: int) -> bool:
    try:
        return b"postgres" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def test_a_pid_file_that_names_a_stranger_is_forgotten(folder: Path, start: Callable[[], Server]) -> None:
    start().stop()
    stale = folder / "data" / "postmaster.pid"
    stale.write_text(f"{os.getppid()}\n{folder / 'data'}\n{int(time.time())}\n5432\n\n\n\nready\n")
    if os.geteuid() == 0:
        owner = (folder / "data").stat()
        os.chown(stale, owner.st_uid, owner.st_gid)
    assert start().psql("-c", "select 1") == "1"


def test_a_first_start_that_was_cut_short_is_made_again(folder: Path, start: Callable[[], Server]) -> None:
    (folder / "data.new").mkdir()
    (folder / "data.new" / "PG_VERSION").write_text("18")
    assert start().psql("-c", "select 1") == "1"


@pytest.mark.parametrize(
    ("content", "expected"),
    [({}, "is not a PostgreSQL data folder"), ({"PG_VERSION": "17\n"}, "is of another major version")],
)
def test_a_foreign_folder_is_left_alone_with_one_line(
    folder: Path, start: Callable[[], Server], content: dict[str, str], expected: str
) -> None:
    (folder / "data").mkdir()
    for name, text in content.items():
        (folder / "data" / name).write_text(text)
    with pytest.raises(StartError, match=expected) as caught:
        start()
    assert "\n" not in str(caught.value)
    assert sorted(path.name for path in (folder / "data").iterdir()) == sorted(content)


def test_a_folder_in_use_names_the_process(
    folder: Path, tmp_path: Path, start: Callable[[], Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    server = start()
    assert server.process is not None
    monkeypatch.setattr("deploy.postgres.server.STOP_SECONDS", 0.1)
    with pytest.raises(StartError, match="is in use by another server"):
        start()


def test_a_damaged_data_folder_is_one_line(folder: Path, start: Callable[[], Server]) -> None:
    start().stop()
    shutil.rmtree(folder / "data" / "global")
    with pytest.raises(StartError, match="PostgreSQL did not start") as caught:
        start()
    assert "\n" not in str(caught.value)
