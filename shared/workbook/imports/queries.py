"""Imports with the progress of their jobs: `rows_done`, `job_total`, `job_state`, `job_error` beside the row."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Table, Text, insert, literal, select, update
from sqlalchemy.dialects.postgresql import JSONB

from shared.schemas.imports import ImportState
from shared.storage import Session
from shared.storage.divisions import within
from shared.storage.rows import Row, dicts
from shared.storage.tables import job


async def insert_import(session: Session, table: Table, row: Mapping[str, Any]) -> None:
    await session.execute(insert(table).values(row))


async def one_import(session: Session, table: Table, scope: str, import_id: UUID) -> Row | None:
    wanted = _with_progress(table, *table.c).where(within(table, scope), table.c.id == import_id)
    row = (await session.execute(wanted)).mappings().one_or_none()
    return dict(row) if row else None


async def recent_imports(
    session: Session, table: Table, division_code: str, *, after: Sequence[str] | None, limit: int
) -> list[Row]:
    """Imports of one division, newest first, without what became of single rows."""
    outcome = table.c.outcome.op("-", return_type=JSONB())(literal("rows", Text())).label("outcome")
    columns = [column for column in table.c if column.name != "outcome"]
    wanted = _with_progress(table, *columns, outcome).where(table.c.division_code == division_code)
    if after is not None:
        wanted = wanted.where(table.c.id < UUID(after[0]))
    found = await session.execute(wanted.order_by(table.c.id.desc()).limit(limit))
    return dicts(found)


def _with_progress(table: Table, *columns: ColumnElement[Any]) -> Select[Any]:
    progress = (
        job.c.done.label("rows_done"),
        job.c.total.label("job_total"),
        job.c.state.label("job_state"),
        job.c.error.label("job_error"),
    )
    of_import = (job.c.division_code == table.c.division_code) & (job.c.id == table.c.job_id)
    return select(*columns, *progress).join_from(table, job, of_import)


async def finish_import(
    session: Session,
    table: Table,
    division_code: str,
    import_id: UUID,
    state: ImportState,
    outcome: Mapping[str, Any],
    now: dt.datetime,
) -> None:
    await session.execute(
        update(table)
        .where(table.c.division_code == division_code, table.c.id == import_id)
        .values(state=state, outcome=dict(outcome), finished_at=now)
    )
