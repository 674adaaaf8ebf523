"""Figures of projects; no accusation is among them, whoever asks."""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select

from services.petitions.life.case import FINAL
from services.petitions.registry.models import petition
from services.petitions.registry.visibility import visible
from shared.chassis.identity import Caller
from shared.schemas.petitions.intake import GROUP_STARTS_AT, Channel, Demand
from shared.storage import Session
from shared.storage.divisions import within
from shared.storage.rows import Row, dicts

_FINAL = [state.value for state in FINAL]
_GROUP = and_(petition.c.channel == Channel.visit.value, petition.c.people_count >= GROUP_STARTS_AT)


async def projects(
    session: Session, scope: str, ids: Sequence[UUID] | None, *, after: Sequence[str] | None, limit: int
) -> list[tuple[str, UUID]]:
    """Division and id of projects with petitions, in the order of both."""
    wanted = select(petition.c.division_code, petition.c.project_id).distinct()
    wanted = wanted.where(within(petition, scope), petition.c.project_id.is_not(None), ~petition.c.is_sealed)
    if ids is not None:
        wanted = wanted.where(petition.c.project_id.in_(ids))
    if after is not None:
        position = func.row(petition.c.division_code, petition.c.project_id)
        wanted = wanted.where(position > func.row(after[0], UUID(after[1])))
    found = await session.execute(wanted.order_by(petition.c.division_code, petition.c.project_id).limit(limit))
    return [(row.division_code, row.project_id) for row in found]


async def figures(session: Session, scope: str, ids: Sequence[UUID], today: dt.date) -> list[Row]:
    """By project, state, level and demand: cases, people, and how many of them are what."""

    def both(name: str, what: ColumnElement[bool]) -> list[ColumnElement[Any]]:
        people = func.coalesce(func.sum(petition.c.people_count).filter(what), 0)
        return [func.count().filter(what).label(f"{name}_cases"), people.label(f"{name}_people")]

    keys = [petition.c[name] for name in ("division_code", "project_id", "state", "visit_level", "demand")]
    wanted = (
        select(
            *keys,
            func.count().label("cases"),
            func.sum(petition.c.people_count).label("people"),
            func.sum(petition.c.version).label("version"),
            func.max(petition.c.registered_on).label("last_on"),
            func.count().filter(petition.c.next_due_on < today).label("overdue"),
            *both("group", _GROUP),
            *both("rule", petition.c.rule_repeat_of.is_not(None)),
            *both("confirmed", petition.c.repeat_of.is_not(None)),
        )
        .where(within(petition, scope), petition.c.project_id.in_(ids), ~petition.c.is_sealed)
        .group_by(*keys)
    )
    return dicts(await session.execute(wanted))


async def last_groups(session: Session, scope: str, ids: Sequence[UUID]) -> dict[UUID, Row]:
    """The last group visit of each project that had one."""
    wanted = (
        select(petition.c.project_id, petition.c.division_code, petition.c.id, petition.c.registered_on)
        .add_columns(petition.c.people_count)
        .where(within(petition, scope), petition.c.project_id.in_(ids), ~petition.c.is_sealed, _GROUP)
        .order_by(petition.c.registered_on, petition.c.people_count, petition.c.id)
    )
    return {row["project_id"]: dict(row) for row in (await session.execute(wanted)).mappings()}


def _linked(caller: Caller, project_id: UUID, demand: Demand | None) -> list[ColumnElement[bool]]:
    return [
        petition.c.division_code == caller.home,
        petition.c.project_id == project_id,
        petition.c.state.not_in(_FINAL),
        ~petition.c.is_sealed,
        visible(caller),
        *([] if demand is None else [petition.c.demand == demand.value]),
    ]


async def linked(
    session: Session, caller: Caller, project_id: UUID, demand: Demand | None, limit: int
) -> tuple[list[Row], int]:
    """Open petitions of a project that the caller may see, the oldest first, locked; and how many there are."""
    where = _linked(caller, project_id, demand)
    oldest = select(petition.c.id).where(*where).order_by(petition.c.registered_on, petition.c.id).limit(limit)
    ids = list((await session.execute(oldest)).scalars())
    # Locked in the order of their ids, as all who lock several do; what is no longer open meanwhile falls out.
    wanted = select(petition).where(*where, petition.c.id.in_(ids)).order_by(petition.c.id)
    rows = dicts(await session.execute(wanted.with_for_update(of=petition)))
    count = await session.scalar(select(func.count()).select_from(petition).where(*where))
    return sorted(rows, key=lambda row: (row["registered_on"], row["id"])), int(count or 0)
