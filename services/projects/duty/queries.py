"""Reads of duty."""

import datetime as dt
from uuid import UUID

from sqlalchemy import or_, select

from services.projects.duty.models import duty
from shared.storage import Session
from shared.storage.rows import Row


async def terms(session: Session, division_code: str, project_id: UUID, on: dt.date | None = None) -> list[Row]:
    """Who answers now, or answered on a day: on the day of a hand-over the successor does."""
    statement = select(duty).where(duty.c.division_code == division_code, duty.c.project_id == project_id)
    if on is None:
        statement = statement.where(duty.c.ended_on.is_(None))
    else:
        statement = statement.where(duty.c.began_on <= on, or_(duty.c.ended_on.is_(None), duty.c.ended_on > on))
    return [dict(row) for row in (await session.execute(statement)).mappings()]


async def roles_of_unit(session: Session, division_code: str, project_id: UUID, unit_code: str) -> set[str]:
    """In which roles a unit answers now, through the unit itself or a person of it."""
    found = await session.execute(
        select(duty.c.role).where(
            duty.c.division_code == division_code,
            duty.c.project_id == project_id,
            duty.c.unit_code == unit_code,
            duty.c.ended_on.is_(None),
        )
    )
    return set(found.scalars())


async def reporters(session: Session, division_code: str) -> list[Row]:
    """Every live term of an enterprise or a task force in a county."""
    found = await session.execute(
        select(duty.c.project_id, duty.c.role, duty.c.unit_code, duty.c.began_on)
        .where(
            duty.c.division_code == division_code,
            duty.c.role.in_(("enterprise", "taskforce")),
            duty.c.ended_on.is_(None),
        )
        .order_by(duty.c.project_id, duty.c.role)
    )
    return [dict(row) for row in found.mappings()]
