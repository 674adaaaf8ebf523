"""What is really in a database, past row security."""

import json
from typing import Any

from deploy.postgres.server import Server


def rows(server: Server, database: str, query: str) -> list[dict[str, Any]]:
    """Every row of `query`, asked as superuser; values as JSON has them."""
    wrapped = f"select coalesce(json_agg(found), '[]') from ({query}) found"
    found: list[dict[str, Any]] = json.loads(server.psql("-c", wrapped, database=database))
    return found
