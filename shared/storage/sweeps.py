"""Sweeps of a division as rows: at most one runs, with its job and its counts."""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Column, Date, Index, Integer, MetaData, Select, Table, Text, Uuid, select, text

from shared.schemas.sweeps import SweepState
from shared.storage import Session
from shared.storage.divisions import within
from shared.storage.rows import Row, dicts
from shared.storage.tables import audit_head, job, moment_column, one_of, work_table

NAME = "sweep"


def sweep_table(metadata: MetaData, counts: Sequence[str]) -> Table:
    """The sweeps of a service and how much each did, by the names of `counts`; a service has one such table."""
    return work_table(
        metadata,
        NAME,
        Column("job_id", Uuid),
        Column("state", Text, nullable=False),
        Column("swept_on", Date, nullable=False),
        *(Column(name, Integer, nullable=False) for name in counts),
        moment_column("finished_at", nullable=True),
        one_of("state", SweepState),
        Index("sweep_running_key", "division_code", unique=True, postgresql_where=text("state = 'running'")),
        Index("sweep_day_idx", "division_code", "swept_on"),
    )


def _with_job(sweep: Table) -> Select[tuple[object, ...]]:
    of_sweep = (job.c.division_code == sweep.c.division_code) & (job.c.id == sweep.c.job_id)
    return select(sweep, job.c.state.label("job_state"), job.c.error).outerjoin(job, of_sweep)


async def one(session: Session, sweep: Table, scope: str, sweep_id: UUID) -> Row | None:
    """With the state of its job."""
    found = await session.execute(_with_job(sweep).where(within(sweep, scope), sweep.c.id == sweep_id))
    row = found.mappings().one_or_none()
    return dict(row) if row is not None else None


async def running(session: Session, sweep: Table, division_code: str) -> Row | None:
    """The one that is not finished, locked, with the state of its job."""
    wanted = _with_job(sweep).where(sweep.c.division_code == division_code, sweep.c.state == "running")
    row = (await session.execute(wanted.with_for_update(of=sweep))).mappings().one_or_none()
    return dict(row) if row is not None else None


async def page(session: Session, sweep: Table, scope: str, *, after: Sequence[str] | None, limit: int) -> list[Row]:
    """Newest first, with the states of their jobs."""
    wanted = _with_job(sweep).where(within(sweep, scope))
    if after is not None:
        wanted = wanted.where(sweep.c.id < UUID(after[0]))
    found = await session.execute(wanted.order_by(sweep.c.id.desc()).limit(limit))
    return dicts(found)


async def not_begun(session: Session, sweep: Table, today: dt.date) -> list[str]:
    """Divisions that have ever recorded anything and have not begun a sweep today."""
    begun = select(sweep.c.id).where(sweep.c.division_code == audit_head.c.division_code, sweep.c.swept_on == today)
    found = await session.execute(
        select(audit_head.c.division_code).where(~begun.exists()).order_by(audit_head.c.division_code)
    )
    return list(found.scalars())
