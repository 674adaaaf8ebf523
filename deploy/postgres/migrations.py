"""Run the migrations of a part as its owner role. `python -m deploy.postgres.migrations` checks them all.

The check migrates empty databases on a temporary server and compares the tables with the models (`alembic check`).
"""

import os
import subprocess
import sys
from pathlib import Path

from deploy.children import StartError
from deploy.parts import PARTS, Part
from deploy.postgres import databases
from deploy.postgres.databases import Passwords
from deploy.postgres.temporary import temporary_server

CLONE = Path(__file__).resolve().parent.parent.parent


def migrate(part: Part, owner_url: str, *arguments: str) -> None:
    """`shared.storage.migrate <package> <arguments>`; without arguments, to the newest revision. Raises StartError."""
    done = subprocess.run(  # noqa: S603 - our own module
        [sys.executable, "-m", "shared.storage.migrate", part.package, *arguments],
        cwd=CLONE,
        env=os.environ | {f"{part.prefix}OWNER_DATABASE_URL": owner_url},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise StartError(f"{part.name} 迁移失败 / migrations failed:\n{done.stdout}")


def main() -> int:
    try:
        with temporary_server() as server:
            for part in PARTS:
                made = databases.create(server, part.database, Passwords("owner", "app", "relay"))
                migrate(part, made.owner_url)
                migrate(part, made.owner_url, "check")
    except StartError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
