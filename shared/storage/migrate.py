"""`python -m shared.storage.migrate <package> [check|revision MESSAGE]`: Alembic for one service's `migrations/`.

Runs as the owner role (`…OWNER_DATABASE_URL`). `check` says whether tables and models agree.
"""

import asyncio
import os
import sys
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, MetaData
from sqlalchemy.ext.asyncio import create_async_engine

from shared.storage.tables import kit

LOCK = 7_126_001
"""Two migrators at once wait for each other."""


def config_for(package: str, url: str) -> Config:
    folder = Path(*package.split("."), "migrations")
    config = Config()
    config.set_main_option("script_location", str(folder))
    config.set_main_option("path_separator", "os")
    config.attributes["url"] = url
    return config


def run_env(context: Any, metadata: MetaData) -> None:
    """What every `migrations/env.py` calls, with the tables of its package."""
    config = context.config

    def migrate(connection: Connection) -> None:
        connection.exec_driver_sql(f"select pg_advisory_lock({LOCK})")
        context.configure(
            connection=connection,
            target_metadata=[kit, metadata],
            compare_type=True,
            compare_server_default=True,
        )
        with context.begin_transaction():
            context.run_migrations()

    async def online() -> None:
        engine = create_async_engine(config.attributes["url"])
        try:
            async with engine.begin() as connection:
                await connection.run_sync(migrate)
        finally:
            await engine.dispose()

    asyncio.run(online())


def main(arguments: list[str]) -> int:
    package, *rest = arguments or ["--help"]
    if package.startswith("-"):
        print(__doc__)
        return 2
    variable = f"ANJU_{package.rsplit('.', 1)[-1].upper()}_OWNER_DATABASE_URL"
    url = os.environ.get(variable)
    if not url:
        print(f"{variable} 未设置", file=sys.stderr)
        return 2
    config = config_for(package, url)
    try:
        match rest:
            case []:
                command.upgrade(config, "head")
            case ["check"]:
                command.check(config)
            case ["revision", message]:
                command.revision(config, message, autogenerate=True)
            case _:
                print(__doc__)
                return 2
    except CommandError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
