"""One embedded PostgreSQL 18 server: `Server(folder, port)`, `start()`, `psql()`, `stop()`."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from deploy import children
from deploy.children import StartError
from deploy.postgres.binaries import program_folder, unprivileged_user

MAJOR = "18"
LONGEST_SOCKET_FOLDER = 80  # a Unix socket's whole path has 107 bytes
START_SECONDS = 60.0
STOP_SECONDS = 30.0

# Only the user who started the server is its superuser, through the socket; everyone else comes by TCP with a password.
HBA = "local all postgres peer map=starter\nhost all all 127.0.0.1/32 scram-sha-256\n"
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %q%u@%d ",
}
NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Server:
    """`folder` holds `data/` and the socket, and is made on the first start; `port` is on 127.0.0.1.

    `durable=False` gives up crash safety for speed (tests only). All methods raise StartError with one clear line.
    """

    def __init__(self, folder: Path, port: int, *, log: Path, durable: bool = True) -> None:
        self.folder = folder.resolve()
        self.port = port
        self.log = log
        self.data = self.folder / "data"
        self._settings = SETTINGS if durable else SETTINGS | NOT_DURABLE
        self._user = unprivileged_user()
        self._programs = program_folder()
        self._process: subprocess.Popen[bytes] | None = None
        self._socket = self.folder / "socket"

    def start(self) -> None:
        """Make the data folder when there is none, start the server and return once it takes connections."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o711)  # whatever the umask: PostgreSQL's user passes through
        self._require_reachable()
        self._prepare_data()
        self._wait_for_leftover()
        self._write_access_rules()
        if len(os.fsencode(self._socket)) > LONGEST_SOCKET_FOLDER:
            self._socket = Path(tempfile.mkdtemp(prefix="anju-"))
        self._own(self._socket)
        settings = self._settings | {"port": str(self.port), "unix_socket_directories": str(self._socket)}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        self._process = self._start_program("postgres", "-D", str(self.data), *options)
        self._wait_until_ready(self._process)

    def stop(self) -> None:
        """Shut down in order (open transactions roll back, data is flushed)."""
        if self._process is not None:
            children.stop([self._process], signal.SIGINT, STOP_SECONDS)
            self._process = None
        if self._socket.parent != self.folder:
            shutil.rmtree(self._socket, ignore_errors=True)

    @property
    def process(self) -> subprocess.Popen[bytes] | None:
        """The running postmaster, for whoever watches that it lives."""
        return self._process

    def url(self, role: str, password: str, database: str) -> str:
        """Where `role` reaches `database`, as SQLAlchemy and the settings write it."""
        return f"postgresql+asyncpg://{role}:{password}@127.0.0.1:{self.port}/{database}"

    def psql(
        self,
        *arguments: str,
        script: str | None = None,
        database: str = "postgres",
        secrets: Mapping[str, str] | None = None,
    ) -> str:
        """Run psql as superuser; `script` is its input, `secrets` reach it as environment, never as arguments."""
        command = [str(self._programs / "psql"), "-XqAt", "-v", "ON_ERROR_STOP=1", "-h", str(self._socket)]
        command += ["-p", str(self.port), "-U", "postgres", "-d", database, *arguments]
        done = subprocess.run(  # noqa: S603 - our own program and arguments
            command,
            input=script,
            stdin=subprocess.DEVNULL if script is None else None,
            env=_environment() | dict(secrets or {}),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            reason = done.stderr.strip().splitlines()[-1:] or ["?"]
            raise StartError(f"PostgreSQL 拒绝了设置语句 / refused a set-up statement: {reason[0]}")
        return done.stdout.strip()

    def _start_program(self, name: str, *arguments: str) -> subprocess.Popen[bytes]:
        return children.start(
            [self._programs / name, *arguments],
            log=self.log,
            environment=_environment(),
            directory=Path("/"),
            death_signal=signal.SIGINT,
            user=self._user,
        )

    def _require_reachable(self) -> None:
        if self._user is None:
            return
        for parent in (self.folder, *self.folder.parents):
            if not parent.stat().st_mode & 0o001:
                raise StartError(f"{parent} 不让 PostgreSQL 的用户通过 / is closed to the user PostgreSQL runs under")

    def _own(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, exist_ok=True)
        if self._user is not None:
            os.chown(folder, *self._user)

    def _prepare_data(self) -> None:
        if self.data.exists():
            self._require_own_data()
            return
        fresh = self.folder / "data.new"  # initdb takes a second and can be killed: only a whole folder gets the name
        shutil.rmtree(fresh, ignore_errors=True)
        self._own(fresh)
        program = self._start_program(
            "initdb", "-D", str(fresh), "-U", "postgres", "-E", "UTF8", "--locale=C", "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8", "--auth-local=peer", "--auth-host=scram-sha-256", "--no-instructions",
        )  # fmt: skip
        try:
            failed = program.wait()
        except BaseException:
            children.stop([program], signal.SIGTERM, 5)
            raise
        if failed:
            self._fail("PostgreSQL 数据目录建立失败 / initdb failed")
        fresh.rename(self.data)

    def _require_own_data(self) -> None:
        try:
            version = (self.data / "PG_VERSION").read_text().strip()
        except OSError:
            raise StartError(f"{self.data} 不是 PostgreSQL 数据目录 / is not a PostgreSQL data folder") from None
        if version != MAJOR:
            raise StartError(f"{self.data} 属于 PostgreSQL {version}，需要 {MAJOR} / is of another major version")
        owner = self._user[0] if self._user else os.geteuid()
        if self.data.stat().st_uid != owner:
            raise StartError(f"{self.data} 属于另一个用户 / is owned by another user than uid {owner}")

    def _wait_for_leftover(self) -> None:
        """Give a server whose starter was just killed the time to shut down; forget a pid file nobody stands behind."""
        deadline = time.monotonic() + STOP_SECONDS
        pid_file = self.data / "postmaster.pid"
        while pid_file.exists() and (pid := self._occupant()):
            if time.monotonic() > deadline:
                raise StartError(f"{self.data} 正被另一个 PostgreSQL 使用 / is in use by another server, pid {pid}")
            time.sleep(0.05)
        if Path("/proc/self/cwd").exists():  # else PostgreSQL's own check decides
            pid_file.unlink(missing_ok=True)

    def _occupant(self) -> int | None:
        """A process at work in the data folder (every PostgreSQL process has it as working directory)."""
        for entry in Path("/proc").glob("[0-9]*/cwd"):
            try:
                if entry.readlink() == self.data:
                    return int(entry.parent.name)
            except OSError:  # gone meanwhile, or not ours to see
                continue
        return None

    def _write_access_rules(self) -> None:
        starter = pwd.getpwuid(os.geteuid()).pw_name
        for name, text in (("pg_hba.conf", HBA), ("pg_ident.conf", f"starter {starter} postgres\n")):
            (self.data / name).write_text(text)

    def _wait_until_ready(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not self._is_ready(process.pid):
            if process.poll() is not None:
                self._fail("PostgreSQL 启动失败 / PostgreSQL did not start")
            if time.monotonic() > deadline:
                self.stop()
                self._fail("PostgreSQL 启动超时 / PostgreSQL took too long to start")
            time.sleep(0.02)

    def _is_ready(self, pid: int) -> bool:
        """The pid file's first line is the postmaster's pid, its eighth the state that pg_ctl waits for too."""
        try:
            lines = (self.data / "postmaster.pid").read_text().split("\n")
        except OSError:
            return False
        return len(lines) > 7 and lines[0] == str(pid) and lines[7].strip() == "ready"

    def _fail(self, what: str) -> None:
        lines = children.last_lines(self.log, 50)
        serious = [line for line in lines if "FATAL" in line or "PANIC" in line or "error:" in line]
        raise StartError(f"{what}: {(serious or lines or ['?'])[0].strip()} ({self.log})")


def _environment() -> dict[str, str]:
    """Nothing of the caller's PG* settings or home; just enough for a program to run."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "HOME": "/"}
