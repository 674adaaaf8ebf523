"""Reads of task forces and seats."""

import datetime as dt
from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, case, func, or_, select

from services.projects.duty.models import duty, group_seat, taskforce
from shared.schemas.projects.groups import Seat
from shared.storage import Session, rows
from shared.storage.divisions import within
from shared.storage.rows import Row, dicts

_RANK = case({seat.value: rank for rank, seat in enumerate(Seat)}, value=group_seat.c.seat)


async def of_unit(session: Session, division_code: str, unit_code: str) -> Row | None:
    found = await session.execute(
        select(taskforce).where(taskforce.c.division_code == division_code, taskforce.c.unit_code == unit_code)
    )
    row = found.mappings().one_or_none()
    return dict(row) if row is not None else None


async def page(
    session: Session, scope: str, *, project_id: UUID | None, after: Sequence[str] | None, limit: int
) -> list[Row]:
    """Task forces, newest first; of one project only the one that serves it now."""
    serving = select(duty.c.taskforce_id).where(
        within(duty, scope), duty.c.project_id == project_id, duty.c.ended_on.is_(None)
    )
    where = [taskforce.c.id.in_(serving)] if project_id else []
    return await rows.newest(session, taskforce, scope, *where, after=after, limit=limit)


async def project_counts(session: Session, scope: str, ids: Iterable[UUID]) -> dict[UUID, int]:
    """How many projects each task force serves now; those that serve none are missing."""
    found = await session.execute(
        select(duty.c.taskforce_id, func.count())
        .where(within(duty, scope), duty.c.taskforce_id.in_(list(ids)), duty.c.ended_on.is_(None))
        .group_by(duty.c.taskforce_id)
    )
    return {force: int(count) for force, count in found}


async def projects(session: Session, division_code: str, taskforce_id: UUID, limit: int) -> list[UUID]:
    """Those it serves now, the one taken on last first."""
    found = await session.execute(
        select(duty.c.project_id)
        .where(duty.c.division_code == division_code, duty.c.taskforce_id == taskforce_id, duty.c.ended_on.is_(None))
        .order_by(duty.c.began_on.desc(), duty.c.id.desc())
        .limit(limit)
    )
    return list(found.scalars())


def _in_group(division_code: str, taskforce_id: UUID | None) -> list[ColumnElement[bool]]:
    """`taskforce_id` None is the county's leading group."""
    group = group_seat.c.taskforce_id
    own = group.is_(None) if taskforce_id is None else group == taskforce_id
    return [group_seat.c.division_code == division_code, own]


async def seats(session: Session, division_code: str, taskforce_id: UUID | None, on: dt.date) -> list[Row]:
    """Who sits in a group on a day: heads, deputies, members, each in the order they came."""
    found = await session.execute(
        select(group_seat)
        .where(
            *_in_group(division_code, taskforce_id),
            group_seat.c.began_on <= on,
            or_(group_seat.c.ended_on.is_(None), group_seat.c.ended_on > on),
        )
        .order_by(_RANK, group_seat.c.began_on, group_seat.c.id)
    )
    return dicts(found)


async def last_seat(session: Session, division_code: str, taskforce_id: UUID | None, person_code: str) -> Row | None:
    """The seat a person has in a group, or else had last; locked."""
    found = await session.execute(
        select(group_seat)
        .where(*_in_group(division_code, taskforce_id), group_seat.c.person_code == person_code)
        .order_by(group_seat.c.ended_on.desc().nulls_first(), group_seat.c.id.desc())
        .limit(1)
        .with_for_update()
    )
    row = found.mappings().one_or_none()
    return dict(row) if row is not None else None


async def last_head(session: Session, division_code: str, taskforce_id: UUID | None, but: str) -> Row | None:
    """The seat of whoever heads the group, or else did last; the person `but` aside."""
    found = await session.execute(
        select(group_seat)
        .where(
            *_in_group(division_code, taskforce_id),
            group_seat.c.seat == Seat.head,
            group_seat.c.person_code != but,
        )
        .order_by(group_seat.c.ended_on.desc().nulls_first())
        .limit(1)
    )
    row = found.mappings().one_or_none()
    return dict(row) if row is not None else None
