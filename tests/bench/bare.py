"""The limit of a list: FastAPI, asyncpg and orjson with nothing in between. No identity, no tenancy, no contract."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import asyncpg
import orjson
from fastapi import FastAPI, Response
from sqlalchemy import Numeric

from services.projects.ledger.models import FACT_TYPES
from shared.schemas.projects.facts import GROUPS
from shared.schemas.projects.ledger import ProjectOut

TOP = tuple(name for name in ProjectOut.model_fields if name not in GROUPS)
FACTS = tuple(FACT_TYPES)
LISTED = ", ".join(
    f"trim_scale({c})::text as {c}" if isinstance(FACT_TYPES.get(c), Numeric) else c for c in (*TOP, *FACTS)
)
QUERY = f"select {LISTED} from project where division_code = $1 order by updated_at desc, id desc limit $2"
SPANS: dict[str, tuple[int, tuple[str, ...]]] = {}
"""Group to where its facts begin in a row, and their names."""
for _group, _model in GROUPS.items():
    SPANS[_group] = len(TOP) + sum(len(names) for _, names in SPANS.values()), tuple(_model.model_fields)


def shown(row: asyncpg.Record) -> dict[str, Any]:
    values = tuple(row)
    found: dict[str, Any] = dict(zip(TOP, values, strict=False))
    for group, (start, names) in SPANS.items():
        found[group] = dict(zip(names, values[start:], strict=False))
    found["marks"] = orjson.Fragment(found["marks"])
    return found


def uuid_text(value: Any) -> str:
    """asyncpg's UUIDs are a class of their own, which orjson does not know."""
    assert isinstance(value, UUID)
    return str(value)


@asynccontextmanager
async def living(app: FastAPI) -> AsyncIterator[None]:
    async with asyncpg.create_pool(os.environ["BARE_URL"], min_size=10, max_size=10) as app.state.pool:
        yield


app = FastAPI(lifespan=living)


@app.get("/projects")
async def projects(division_code: str, limit: int = 50) -> Response:
    rows = await app.state.pool.fetch(QUERY, division_code, limit)
    body = {"items": [shown(row) for row in rows], "next_cursor": None, "total": None}
    return Response(orjson.dumps(body, default=uuid_text), media_type="application/json")
