"""Child processes that can never outlive the process that started them."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


class StartError(Exception):
    """Something the person at the keyboard can settle; its text is one line."""


def die_with(parent: int, death_signal: signal.Signals) -> None:
    """Let the kernel send `death_signal` to this process when `parent` (its pid) is gone, even by SIGKILL.

    Linux only; elsewhere nothing happens and an orderly stop is the only one that takes the children along.
    """
    if _LIBC is None:
        return
    _LIBC.prctl(_PR_SET_PDEATHSIG, int(death_signal))
    if os.getppid() != parent:  # it died between fork and prctl
        os.kill(os.getpid(), death_signal)


def start(
    command: Sequence[str | Path],
    *,
    log: Path,
    environment: Mapping[str, str],
    directory: Path,
    death_signal: signal.Signals = signal.SIGKILL,
    user: tuple[int, int] | None = None,
) -> subprocess.Popen[bytes]:
    """Start `command` in a process group of its own, both outputs to `log` (0600, begun anew).

    `user` is (uid, gid) to run under. Must be called on the main thread: the death signal belongs to the thread.
    """
    parent = os.getpid()
    uid, gid = user or (None, None)
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND | os.O_CLOEXEC, 0o600)
    try:
        return subprocess.Popen(  # noqa: S603 - the commands are this folder's own
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=dict(environment),
            cwd=directory,
            user=uid,
            group=gid,
            extra_groups=[] if user else None,
            umask=0o077,
            start_new_session=True,  # a Ctrl-C in the terminal reaches only the parent, which stops children in order
            preexec_fn=lambda: die_with(parent, death_signal),  # noqa: PLW1509 - one thread; set after the uid changes
        )
    finally:
        os.close(output)


def stop(processes: Sequence[subprocess.Popen[bytes]], how: signal.Signals, seconds: float) -> None:
    """Ask every process to stop, all at once; after `seconds` in all, kill what is left with its whole group."""
    deadline = time.monotonic() + seconds
    for process in processes:
        if process.poll() is None:
            process.send_signal(how)
    for process in processes:
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=max(0.0, deadline - time.monotonic()))
            continue
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def last_lines(log: Path, count: int = 12) -> list[str]:
    """The end of a log for a person to read; no lines when it cannot be read."""
    try:
        return log.read_text(errors="replace").splitlines()[-count:]
    except OSError:
        return []
