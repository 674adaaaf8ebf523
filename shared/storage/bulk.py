"""Many rows at once. COPY is refused on tables with row security, so it goes through a temporary table."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from operator import itemgetter
from typing import Any

import orjson
from sqlalchemy import JSON, Table, insert, text
from sqlalchemy.ext.asyncio import AsyncSession

COPY_FROM = 50
"""Rows from which COPY is worth its two extra round trips."""


async def insert_many(session: AsyncSession, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that all have the same keys."""
    if not rows:
        return
    if len(rows) < COPY_FROM:
        await session.execute(insert(table), rows)
        return
    columns = list(rows[0])
    stage = await stage_rows(session, table, columns, rows)
    listed = ", ".join(f'"{c}"' for c in columns)
    await session.execute(text(f'insert into "{table.name}" ({listed}) select {listed} from "{stage}"'))  # noqa: S608 — names are ours


async def update_many(
    session: AsyncSession,
    table: Table,
    key: Sequence[str],
    rows: Sequence[Mapping[str, Any]],
    *,
    except_columns: AbstractSet[str] = frozenset(),
) -> None:
    """Rows by their `key` as they are now; all have the same columns, `except_columns` stay as they were."""
    if not rows:
        return
    columns = [c for c in rows[0] if c in key or c not in except_columns]
    stage = await stage_rows(session, table, columns, rows)
    assigned = ", ".join(f'"{c}" = s."{c}"' for c in columns if c not in key)
    same = " and ".join(f't."{c}" = s."{c}"' for c in key)
    await session.execute(text(f'update "{table.name}" t set {assigned} from "{stage}" s where {same}'))  # noqa: S608 — names are ours


async def stage_rows(
    session: AsyncSession, table: Table, columns: Sequence[str], rows: Sequence[Mapping[str, Any]]
) -> str:
    """COPY into a temporary table shaped like `table`; gives its name. It lives until the transaction ends."""
    stage = f"stage_{table.name}"
    listed = ", ".join(f'"{c}"' for c in columns)
    await session.execute(text(f'drop table if exists pg_temp."{stage}"'))
    shape = f'create temp table "{stage}" on commit drop as select {listed} from "{table.name}" limit 0'  # noqa: S608
    await session.execute(text(shape))
    records = [list(values) for values in map(itemgetter(*columns), rows)]
    for place in [place for place, c in enumerate(columns) if isinstance(table.c[c].type, JSON)]:
        for record in records:
            if record[place] is not None:
                record[place] = orjson.dumps(record[place]).decode()
    raw = await (await session.connection()).get_raw_connection()
    driver = raw.driver_connection
    assert driver is not None
    await driver.copy_records_to_table(stage, schema_name="pg_temp", columns=list(columns), records=records)
    return stage
