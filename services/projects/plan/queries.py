"""Reads of plans. Milestones that a replan dropped stay in the table and appear in none of these."""

import datetime as dt
from collections.abc import Collection
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select, text

from services.projects.plan.models import milestone, milestone_block, plan, plan_baseline
from shared.storage import Session
from shared.storage.rows import Row, dicts


class Planned(NamedTuple):
    """A plan and its milestones in order: what each takes, what has become of it, and what it is, as JSON."""

    project_id: UUID
    path: str
    starts_on: dt.date
    promised_on: dt.date
    keys: list[str]
    durations: list[int]
    after: str
    started_on: list[dt.date | None]
    reported_on: list[dt.date | None]
    done_on: list[dt.date | None]
    held: list[int]
    described: list[bytes]


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
    return dicts(rows)


async def milestones(session: Session, division_code: str, plan_id: UUID | None = None) -> list[Row]:
    """The milestones of one plan, or of every plan of a division plan by plan; each behind what it depends on."""
    statement = select(milestone).where(milestone.c.division_code == division_code, milestone.c.dropped_at.is_(None))
    if plan_id is not None:
        statement = statement.where(milestone.c.plan_id == plan_id)
    rows = await session.execute(statement.order_by(milestone.c.plan_id, milestone.c.position))
    return dicts(rows)


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
    return dicts(rows)


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
    return dicts(rows)


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
    return dicts(rows)


_HEADS = [
    *(column for column in plan_baseline.c if column.name != "schedule"),
    *(plan_baseline.c.schedule[name].label(name) for name in ("forecast", "critical_path")),
]


async def baselines(
    session: Session, division_code: str, plan_id: UUID, *, after: list[int] | None, limit: int
) -> list[Row]:
    """The newest first, without their milestones. `after` is `[number]` of a cursor."""
    statement = select(*_HEADS).where(
        plan_baseline.c.division_code == division_code, plan_baseline.c.plan_id == plan_id
    )
    if after is not None:
        statement = statement.where(plan_baseline.c.number < after[0])
    rows = await session.execute(statement.order_by(plan_baseline.c.number.desc()).limit(limit))
    return dicts(rows)


async def baseline(session: Session, division_code: str, plan_id: UUID, number: int) -> Row | None:
    rows = await session.execute(
        select(plan_baseline).where(
            plan_baseline.c.division_code == division_code,
            plan_baseline.c.plan_id == plan_id,
            plan_baseline.c.number == number,
        )
    )
    row = rows.mappings().one_or_none()
    return dict(row) if row is not None else None


_BATTLE_MAP = text(
    """
    select p.project_id, p.path, p.starts_on, p.promised_on,
        array_agg(m.key order by m.position), array_agg(m.duration_days order by m.position),
        json_agg(m.after order by m.position)::text, array_agg(m.started_on order by m.position),
        array_agg(m.reported_on order by m.position), array_agg(m.done_on order by m.position),
        array_agg(coalesce(b.held, 0) order by m.position),
        array_agg(convert_to((select row_to_json(o) from (
            select m.id, m.key, m.name, m.post, m.unit_code, m.unit_name, m.person_code, m.person_name, m.done_on,
                coalesce(b.held, 0) as blocked
        ) o)::text, 'UTF8') order by m.position)
    from plan p join milestone m on m.division_code = p.division_code and m.plan_id = p.id
    left join (
        select milestone_id, count(*) as held from milestone_block
        where division_code = :division and lifted_at is null group by milestone_id
    ) b on b.milestone_id = m.id
    where p.division_code = :division and m.division_code = :division and m.dropped_at is null
    group by p.division_code, p.id
    """
)


async def battle_map(session: Session, division_code: str) -> list[Planned]:
    """Every plan of a division with its milestones, column by column: 200 rows cost less than 4,000."""
    found = await session.execute(_BATTLE_MAP, {"division": division_code})
    return [Planned(*row) for row in found]
