"""Reads of duty."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select, text

from services.projects.duty.models import backstop, duty
from shared.schemas.projects.duty import DutyRole
from shared.storage import Session, rows
from shared.storage.rows import Row, dicts


async def terms(session: Session, division_code: str, project_id: UUID, on: dt.date | None = None) -> list[Row]:
    """Who answers now, or answered on a day: on the day of a hand-over the successor does."""
    statement = select(duty).where(duty.c.division_code == division_code, duty.c.project_id == project_id)
    if on is None:
        statement = statement.where(duty.c.ended_on.is_(None))
    else:
        statement = statement.where(duty.c.began_on <= on, or_(duty.c.ended_on.is_(None), duty.c.ended_on > on))
    return dicts(await session.execute(statement))


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
    return dicts(found)


async def leads(session: Session, division_code: str) -> list[Row]:
    """Project, code and name of everybody who leads one now."""
    found = await session.execute(
        select(duty.c.project_id, duty.c.person_code, duty.c.person_name).where(
            duty.c.division_code == division_code, duty.c.role == DutyRole.lead, duty.c.ended_on.is_(None)
        )
    )
    return dicts(found)


async def terms_beyond(session: Session, division_code: str, project_id: UUID, day: dt.date) -> list[Row]:
    """Every term that was not over by the day, whenever it began."""
    found = await session.execute(
        select(duty).where(
            duty.c.division_code == division_code,
            duty.c.project_id == project_id,
            or_(duty.c.ended_on.is_(None), duty.c.ended_on > day),
        )
    )
    return dicts(found)


async def history(
    session: Session,
    division_code: str,
    project_id: UUID,
    *,
    role: DutyRole | None,
    after: Sequence[str] | None,
    limit: int,
) -> list[Row]:
    """Every term of a project, the one recorded last first."""
    where = rows.matching(duty, {"project_id": project_id, "role": role})
    return await rows.newest(session, duty, division_code, *where, after=after, limit=limit)


async def backstops(
    session: Session, scope: str, filters: Mapping[str, Any], *, after: Sequence[str] | None, limit: int
) -> list[Row]:
    return await rows.newest(session, backstop, scope, *rows.matching(backstop, filters), after=after, limit=limit)


async def standing_backstop(session: Session, division_code: str, project_id: UUID, on: dt.date) -> Row | None:
    """The backstop decided last, up to a day."""
    found = await session.execute(
        select(backstop)
        .where(
            backstop.c.division_code == division_code,
            backstop.c.project_id == project_id,
            backstop.c.decided_on <= on,
        )
        .order_by(backstop.c.decided_on.desc(), backstop.c.id.desc())
        .limit(1)
    )
    row = found.mappings().one_or_none()
    return dict(row) if row is not None else None


_LOAD = text(
    """
    with held as (
        select division_code, person_code,
            (array_agg(person_name order by began_on desc, id desc))[1] as person_name,
            (array_agg(post order by began_on desc, id desc))[1] as post,
            count(*) filter (where role = 'lead') as leads,
            count(*) filter (where role = 'supporting') as supports,
            min(began_on) as oldest_since
        from duty
        where division_code >= :lo and division_code < :hi and ended_on is null and role in ('lead', 'supporting')
        group by division_code, person_code
    ), page as (
        select * from held
        where cast(:person as text) is null or (-leads, -supports, division_code, person_code)
            > (cast(:leads as bigint), cast(:supports as bigint), cast(:division as text), cast(:person as text))
        order by leads desc, supports desc, division_code, person_code limit :limit
    )
    select page.*, promises.open as open_promises, promises.overdue as overdue_promises, visits.last_visited_on
    from page
    cross join lateral (
        select count(*) as open, count(*) filter (where due_on < :today) as overdue from site_promise s
        where s.division_code = page.division_code and s.person_code = page.person_code and s.outcome is null
    ) promises
    cross join lateral (
        select max(visited_on) as last_visited_on from visit v
        where v.division_code = page.division_code and v.person_code = page.person_code
    ) visits
    order by leads desc, supports desc, division_code, person_code
    """
)
_UNLED = text(
    """
    select count(*) from project p
    where p.division_code >= :lo and p.division_code < :hi and p.resolution_status is distinct from 'resolved'
        and not exists (
            select from duty d where d.division_code = p.division_code and d.project_id = p.id
                and d.role = 'lead' and d.ended_on is null
        )
    """
)


def _bounds(scope: str) -> dict[str, str]:
    return {"lo": scope or "0", "hi": f"{scope}~"}


async def load(
    session: Session, scope: str, today: dt.date, *, after: Sequence[object] | None, limit: int
) -> list[Row]:
    """Who leads or supports, those with most projects first. `after` is -leads, -supports, division, person."""
    leads, supports, division, person = after or (None, None, None, None)
    position = {"leads": leads, "supports": supports, "division": division, "person": person}
    found = await session.execute(_LOAD, _bounds(scope) | position | {"today": today, "limit": limit})
    return dicts(found)


async def unled(session: Session, scope: str) -> int:
    """Projects not resolved that nobody leads."""
    return int((await session.execute(_UNLED, _bounds(scope))).scalar_one())
