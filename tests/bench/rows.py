"""Projects to measure with: every fact stated, as full as a ledger can be."""

import asyncio
import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from itertools import islice
from typing import Any

import asyncpg
import orjson
from sqlalchemy import ARRAY, Date, Integer, Numeric

from services.projects.ledger.models import FACT_TYPES, project
from shared.storage.ids import new_id

COUNTIES = tuple(f"99{city}{county:02d}" for city in range(90, 100) for county in range(1, 6))
"""50 counties in 10 cities of one province; 999901 is among them."""
COLUMNS = tuple(column.name for column in project.columns)
BEGUN = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
_LABELS = {"usage": "residential", "risk_level": "high", "resolution_mode": "resume_and_deliver"}
BATCH = 10_000
_DAY = dt.date(2024, 11, 30)


def _fact(name: str) -> Any:
    kind = FACT_TYPES[name]
    if name in _LABELS:
        return _LABELS[name]
    if name == "problem_types":
        return ["funding", "permits"]
    if isinstance(kind, ARRAY):
        return ["示范银行城关支行", "示范农商银行"]
    if isinstance(kind, Numeric):
        return Decimal("35.5") if name.endswith("_pct") else Decimal("42190.03")
    if isinstance(kind, Date):
        return dt.date(2021, 6, 18)
    if isinstance(kind, Integer):
        return 8_220_230_000 if name.endswith("_fen") else 312
    return "91110000600037341L" if name == "developer_credit_code" else "示范房地产开发有限公司"


def projects(division: str, count: int, offset: int) -> Iterator[dict[str, Any]]:
    """`count` rows of the table `project`, each updated as many seconds after the one before as there are counties."""
    common = {name: _fact(name) for name in FACT_TYPES} | {
        "division_code": division,
        "developer_key": "示范房地产开发有限公司",
        "aliases": [],
        "alias_keys": [],
        "kind": "stalled_housing",
        "lists": ["delivery_2024"],
        "construction_status": "stopped",
        "counted_construction_status": "stopped",
        "resolution_status": "resolving",
        "resumption": None,
        "marks": '{"progress_pct": "约"}',
        "fact_days": orjson.dumps(dict.fromkeys(FACT_TYPES, _DAY.isoformat())).decode(),
        "effective_on": _DAY,
        "version": 1,
    }
    for number in range(count):
        name, at = f"安居花园{number}号院", BEGUN + dt.timedelta(seconds=number * len(COUNTIES) + offset)
        yield common | {
            "id": new_id(),
            "project_code": f"{division}-{number:05d}",
            "name": name,
            "name_key": name,
            "created_at": at,
            "updated_at": at,
        }


def load(url: str, each: int) -> None:
    """COPY `each` projects into every one of the 50 counties, all counties busy at the same time.

    `url` is a superuser's, whom row security lets COPY.
    """
    by_county = [projects(county, each, place) for place, county in enumerate(COUNTIES)]
    in_time = (tuple(row[c] for c in COLUMNS) for moment in zip(*by_county, strict=True) for row in moment)

    async def run() -> None:
        connection = await asyncpg.connect(url)
        try:
            while records := list(islice(in_time, BATCH)):
                await connection.copy_records_to_table("project", columns=COLUMNS, records=records)
            await connection.execute("vacuum analyze project")
        finally:
            await connection.close()

    asyncio.run(run())
