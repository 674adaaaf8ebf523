"""Reads of plans. Milestones that a replan dropped stay in the table and appear in none of these."""

import datetime as dt
from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select

from services.projects.plan.models import milestone, milestone_block, plan
from shared.storage import Session
from shared.storage.rows import Row


async def of_project(session: Session, division_code: str, project_id: UUID) -> Row | None:
    statement = select(plan).where(plan.c.division_code == division_code, plan.c.project_id == project_id)
    row = (await session.execute(statement)).mappings().one_or_none()
    return dict(row) if row is not None else None


async def promised_on(session: Session, division_code: str, project_id: UUID) -> dt.date | None:
    statement = select(plan.c.promised_on).where(plan.c.division_code == division_code, plan.c.project_id == project_id)
    found: dt.date | None = (await session.execute(statement)).scalar_one_or_none()
    return found


async def of_division(session: Session, division_code: str) -> list[Row]:
    rows = await session.execute(select(plan).where(plan.c.division_code == division_code))
    return [dict(row) for row in rows.mappings()]


async def milestones(session: Session, division_code: str, plan_id: UUID | None = None) -> list[Row]:
    """The milestones of one plan, or of every plan of a division plan by plan; each behind what it depends on."""
    statement = select(milestone).where(milestone.c.division_code == division_code, milestone.c.dropped_at.is_(None))
    if plan_id is not None:
        statement = statement.where(milestone.c.plan_id == plan_id)
    rows = await session.execute(statement.order_by(milestone.c.plan_id, milestone.c.position))
    return [dict(row) for row in rows.mappings()]


async def find_milestone(session: Session, division_code: str, project_id: UUID, milestone_id: UUID) -> Row | None:
    rows = await session.execute(
        select(milestone).where(
            milestone.c.division_code == division_code,
            milestone.c.project_id == project_id,
            milestone.c.id == milestone_id,
            milestone.c.dropped_at.is_(None),
        )
    )
    row = rows.mappings().one_or_none()
    return dict(row) if row is not None else None


async def find_milestones(session: Session, division_code: str, milestone_ids: Collection[UUID]) -> list[Row]:
    """Those of the ids that are milestones of the division, in the order of their ids."""
    rows = await session.execute(
        select(milestone)
        .where(
            milestone.c.division_code == division_code,
            milestone.c.id.in_(milestone_ids),
            milestone.c.dropped_at.is_(None),
        )
        .order_by(milestone.c.id)
    )
    return [dict(row) for row in rows.mappings()]


async def blocks(session: Session, division_code: str, project_id: UUID) -> list[Row]:
    """What blocks milestones of a project now, oldest first."""
    rows = await session.execute(
        select(milestone_block)
        .where(
            milestone_block.c.division_code == division_code,
            milestone_block.c.project_id == project_id,
            milestone_block.c.lifted_at.is_(None),
        )
        .order_by(milestone_block.c.id)
    )
    return [dict(row) for row in rows.mappings()]


async def blocks_of_cause(session: Session, division_code: str, cause: str) -> list[Row]:
    """What a cause blocks now, locked."""
    rows = await session.execute(
        select(milestone_block)
        .where(
            milestone_block.c.division_code == division_code,
            milestone_block.c.cause == cause,
            milestone_block.c.lifted_at.is_(None),
        )
        .order_by(milestone_block.c.id)
        .with_for_update()
    )
    return [dict(row) for row in rows.mappings()]
