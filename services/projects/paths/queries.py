"""Reads of paths."""

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_, select, tuple_

from services.projects.paths.models import insolvency_evidence, path_deadline, path_stage, project_path
from shared.storage import Session, Table
from shared.storage.divisions import within
from shared.storage.rows import Row, dicts

Past = tuple[Collection[str], dt.date, Collection[str], dt.date]
"""(duties, through, notices, before): rules whose dates are overdue through a day, and others before a day."""


async def live(session: Session, division_code: str, project_id: UUID) -> Row | None:
    """The path a project is on."""
    found = await session.execute(
        select(project_path).where(
            project_path.c.division_code == division_code,
            project_path.c.project_id == project_id,
            project_path.c.ended_on.is_(None),
        )
    )
    row = found.mappings().one_or_none()
    return dict(row) if row else None


async def former(session: Session, division_code: str, project_id: UUID, *, limit: int) -> list[Row]:
    """Paths a project has left, the last one first."""
    found = await session.execute(
        select(project_path)
        .where(
            project_path.c.division_code == division_code,
            project_path.c.project_id == project_id,
            project_path.c.ended_on.is_not(None),
        )
        .order_by(project_path.c.id.desc())
        .limit(limit)
    )
    return dicts(found)


async def stages(session: Session, division_code: str, case_id: UUID) -> list[Row]:
    """Stages of a case that stand, in the order of their days."""
    found = await session.execute(
        select(path_stage)
        .where(
            path_stage.c.division_code == division_code,
            path_stage.c.case_id == case_id,
            path_stage.c.withdrawn_on.is_(None),
        )
        .order_by(path_stage.c.reached_on, path_stage.c.id)
    )
    return dicts(found)


async def deadlines(session: Session, division_code: str, case_id: UUID) -> list[Row]:
    """Deadlines of a case that stand, the earliest first."""
    table = path_deadline
    found = await session.execute(
        select(table)
        .where(table.c.division_code == division_code, table.c.case_id == case_id, table.c.void_on.is_(None))
        .order_by(table.c.internal_due, table.c.id)
    )
    return dicts(found)


async def evidence_kinds(session: Session, division_code: str, project_id: UUID) -> set[str]:
    found = await session.execute(
        select(insolvency_evidence.c.kind)
        .where(
            insolvency_evidence.c.division_code == division_code,
            insolvency_evidence.c.project_id == project_id,
        )
        .distinct()
    )
    return set(found.scalars())


async def by_due(
    session: Session,
    scope: str,
    *,
    project_id: UUID | None,
    is_open: bool | None,
    past: Past | None,
    after: Sequence[Any] | None,
    limit: int,
) -> list[Row]:
    """Deadlines that stand, the earliest first. `past` leaves what is overdue."""
    table: Table = path_deadline
    where = [within(table, scope), table.c.void_on.is_(None)]
    if project_id is not None:
        where.append(table.c.project_id == project_id)
    if is_open is not None or past is not None:
        where.append(table.c.met_on.is_(None) if is_open or past else table.c.met_on.is_not(None))
    if past is not None:
        duties, through, notices, before = past
        where.append(
            or_(
                and_(table.c.rule.in_(sorted(duties)), table.c.internal_due <= through),
                and_(table.c.rule.in_(sorted(notices)), table.c.internal_due < before),
            )
        )
    if after is not None:
        position = (dt.date.fromisoformat(after[0]), UUID(after[1]))
        where.append(tuple_(table.c.internal_due, table.c.id) > position)
    found = await session.execute(select(table).where(*where).order_by(table.c.internal_due, table.c.id).limit(limit))
    return dicts(found)
