"""What has come about projects and enterprises; accusations are not looked at. Reads of the warnings themselves."""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Integer, and_, case, cast, func, or_, select, union_all
from sqlalchemy import literal as lit

from services.petitions.leaders.service import BrokenPromise
from services.petitions.life.clocks import RULES
from services.petitions.life.models import petition_clock
from services.petitions.registry.models import petition
from services.petitions.warnings.models import petition_warning, warning_reading
from shared.chassis.identity import Caller
from shared.schemas.petitions.intake import GROUP_STARTS_AT, Channel, VisitLevel
from shared.storage import Session, rows
from shared.storage.bulk import insert_many
from shared.storage.rows import Row, dicts

Subject = tuple[str, str]
"""Its kind and key."""
WHOLE = frozenset({"petition_office", "inspector", "office", "leader"})
"""Whose work are all the county's warnings; a unit sees those it must act on."""
_LEVEL = case({level.value: place for place, level in enumerate(VisitLevel)}, value=petition.c.visit_level, else_=0)
_GROUP = and_(petition.c.channel == Channel.visit.value, petition.c.people_count >= GROUP_STARTS_AT)
_REPEAT = or_(petition.c.repeat_of.is_not(None), petition.c.rule_repeat_of.is_not(None))
_DUTIES = [kind.value for kind, rule in RULES.items() if rule.is_duty]


def _about(division_code: str) -> list[ColumnElement[bool]]:
    return [
        petition.c.division_code == division_code,
        ~petition.c.is_sealed,
        petition.c.merged_into.is_(None),
        or_(petition.c.project_id.is_not(None), petition.c.developer.is_not(None)),
    ]


_BY = (petition.c.project_id, petition.c.project_name, petition.c.developer)


async def arrivals(session: Session, division_code: str, today: dt.date, window_days: int, windows: int) -> list[Row]:
    """By project, enterprise and window (`age` 0 is the last): cases, repeats, the largest group, the highest level."""
    age = cast(lit(today, Date) - petition.c.registered_on, Integer) // window_days
    wanted = (
        select(
            *_BY,
            age.label("age"),
            func.count().label("cases"),
            func.count().filter(_REPEAT).label("repeats"),
            func.coalesce(func.max(petition.c.people_count).filter(_GROUP), 0).label("group"),
            func.max(_LEVEL).label("level"),
        )
        .where(
            *_about(division_code),
            petition.c.registered_on > today - dt.timedelta(days=window_days * windows),
            petition.c.registered_on <= today,
        )
        .group_by(*_BY, age)
    )
    return dicts(await session.execute(wanted))


async def late(session: Session, division_code: str, today: dt.date, before: dt.date) -> list[Row]:
    """By project and enterprise: duties late and not done on a day, and on a day before it.

    Those not done yet, and those done late since that day: each has an index of its own, whatever the county has behind
    it.
    """
    of = petition_clock.c
    overdue = select(of.petition_id, of.due_on, lit(1).label("now")).where(
        of.division_code == division_code, of.kind.in_(_DUTIES), of.state == "running", of.due_on < today
    )
    done_late = select(of.petition_id, of.due_on, lit(0)).where(
        of.division_code == division_code,
        of.kind.in_(_DUTIES),
        of.state == "met",
        of.met_on > of.due_on,
        of.met_on > before,
    )
    clock = union_all(overdue, done_late).subquery("clock")
    wanted = (
        select(
            *_BY,
            func.sum(clock.c.now).label("clocks"),
            func.count().filter(clock.c.due_on < before).label("clocks_before"),
        )
        .join(clock, petition.c.id == clock.c.petition_id)
        .where(*_about(division_code))
        .group_by(*_BY)
    )
    return dicts(await session.execute(wanted))


async def open_by_unit(session: Session, division_code: str) -> list[Row]:
    """By project and enterprise: how many cases with something due which unit has."""
    units = (petition.c.body_unit_code, petition.c.body_unit_name)
    wanted = (
        select(*_BY, *units, func.count().label("cases"))
        .where(*_about(division_code), petition.c.next_due_on.is_not(None), petition.c.body_unit_code.is_not(None))
        .group_by(*_BY, *units)
    )
    return dicts(await session.execute(wanted))


async def of_promises(session: Session, division_code: str, broken: Sequence[BrokenPromise]) -> dict[UUID, Row]:
    """Project and enterprise of the petitions of promises, by petition; of no accusation."""
    if not broken:
        return {}
    wanted = select(petition.c.id, *_BY).where(
        *_about(division_code), petition.c.id.in_({promise.petition_id for promise in broken})
    )
    return {row["id"]: dict(row) for row in (await session.execute(wanted)).mappings()}


async def live(session: Session, division_code: str) -> dict[Subject, Row]:
    """Locked, in the order of their ids."""
    wanted = select(petition_warning).where(
        petition_warning.c.division_code == division_code, petition_warning.c.state != "closed"
    )
    found = await session.execute(wanted.order_by(petition_warning.c.id).with_for_update())
    return {(row["subject"], row["subject_key"]): dict(row) for row in found.mappings()}


async def last_closed(session: Session, division_code: str, since: dt.date) -> dict[Subject, Row]:
    """The last warning of each subject that was closed since a day."""
    wanted = select(petition_warning).where(
        petition_warning.c.division_code == division_code,
        petition_warning.c.state == "closed",
        petition_warning.c.closed_on >= since,
    )
    found = await session.execute(wanted.order_by(petition_warning.c.closed_on, petition_warning.c.id))
    return {(row["subject"], row["subject_key"]): dict(row) for row in found.mappings()}


def seen(caller: Caller) -> list[ColumnElement[bool]]:
    return [] if caller.roles & WHOLE else [petition_warning.c.unit_code == (caller.unit or "")]


async def page(
    session: Session,
    caller: Caller,
    scope: str,
    filters: dict[str, Any],
    is_live: bool | None,
    *,
    after: Sequence[str] | None,
    limit: int,
) -> list[Row]:
    where = [*rows.matching(petition_warning, filters), *seen(caller)]
    if is_live is not None:
        closed = petition_warning.c.state == "closed"
        where.append(~closed if is_live else closed)
    return await rows.newest(session, petition_warning, scope, *where, after=after, limit=limit)


async def readings(session: Session, warning: Row) -> list[Row]:
    wanted = select(warning_reading).where(
        warning_reading.c.division_code == warning["division_code"], warning_reading.c.warning_id == warning["id"]
    )
    found = await session.execute(wanted.order_by(warning_reading.c.version))
    return dicts(found)


async def keep_readings(session: Session, readings: Sequence[Row]) -> None:
    await insert_many(session, warning_reading, readings)
