"""The SQL of a use case by itself: the statements it sends, sent again by pgbench with the same values and role."""

import os
import re
import statistics
import subprocess
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import event, make_url

from deploy.postgres.binaries import program_folder
from shared.chassis.scope import within
from shared.storage import Session
from shared.storage.database import Database

Statement = tuple[str, tuple[Any, ...]]


async def sent(url: str, division: str, use: Callable[[Session], Awaitable[Any]]) -> list[Statement]:
    """What `use` sends to PostgreSQL in a session of the division, in its order, values bound."""
    database, told = Database(url, pool_size=1), list[Statement]()

    def seen(_: Any, __: Any, statement: str, values: Any, *___: Any) -> None:
        told.append((statement, tuple(values)))

    event.listen(database.engine.sync_engine, "before_cursor_execute", seen)
    try:
        with within(division):
            async with database.session() as session:
                await use(session)
    finally:
        await database.close()
    return told


def p50_ms(url: str, division: str, told: Sequence[Statement], seconds: float) -> float:
    """Of one transaction with these statements in pgbench: one client, prepared statements, the scope beside BEGIN as
    the service sends it."""
    at = make_url(url)
    begin = ("\\startpipeline", "BEGIN;", f"SET LOCAL app.lo = '{division}';", f"SET LOCAL app.hi = '{division}~';")
    script, values = [*begin, "\\endpipeline"], list[str]()
    for number, (statement, given) in enumerate(told):
        texts = [_text(value) for value in given]
        # A variable of pgbench is a text, never null.
        names = ["null" if text is None else f":v{number}_{place}" for place, text in enumerate(texts)]
        script.append(_PARAMETER.sub(partial(_named, names), statement) + ";")
        values += [f"--define={name[1:]}={text}" for name, text in zip(names, texts, strict=True) if text is not None]
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "script.sql").write_text("\n".join([*script, "COMMIT;"]), encoding="utf-8")
        command = [str(program_folder() / "pgbench"), "--no-vacuum", "--protocol=prepared", "--log"]
        command += ["--file=script.sql", f"--time={max(1, round(seconds))}", *values]
        command += [f"--host={at.host}", f"--port={at.port}", f"--username={at.username}", str(at.database)]
        environment = os.environ | {"PGPASSWORD": str(at.password), "PGOPTIONS": "-c timezone=Asia/Shanghai"}
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(done.stderr)
        (log,) = Path(folder).glob("pgbench_log.*")
        return statistics.median(int(line.split()[2]) for line in log.read_text().splitlines()) / 1000


_PARAMETER = re.compile(r"\$(\d+)")


def _named(names: Sequence[str], parameter: re.Match[str]) -> str:
    return names[int(parameter[1]) - 1]


def _text(value: Any) -> str | None:
    """A parameter as PostgreSQL reads it."""
    if isinstance(value, bytes):
        return f"\\x{value.hex()}"
    if isinstance(value, list | tuple):
        return "{" + ",".join(f'"{_text(one)}"' for one in value) + "}"
    return None if value is None else str(value)
