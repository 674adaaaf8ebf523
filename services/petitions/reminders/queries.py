"""Reads of reminders and supervisions, and of the duties they are about."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    Table,
    Text,
    and_,
    cast,
    exists,
    false,
    func,
    or_,
    select,
    true,
)

from services.petitions.registry.about import of_petition
from services.petitions.registry.models import petition
from services.petitions.registry.visibility import UNSEALED, WHOLE, visible
from services.petitions.reminders.duties import SOURCES, Source
from services.petitions.reminders.models import petition_supervision, petition_supervision_step, reminder, sweep
from services.petitions.thresholds import threshold
from shared.chassis.identity import Caller
from shared.storage import Session
from shared.storage.divisions import within
from shared.storage.rows import Row, dicts, matching

BESIDE = (petition.c.petition_code, petition.c.is_sealed, petition.c.body_unit_code)


def _is_due(source: Source, division_code: str, today: dt.date, owned: bool) -> ColumnElement[bool]:
    of = source.table.c
    return and_(
        of.division_code == division_code,
        of.next_reminder_on <= today,
        of.unit_code.is_not(None) if owned else of.unit_code.is_(None),
    )


def due_statement(
    source: Source, division_code: str, today: dt.date, *, owned: bool, limit: int, petition_id: UUID | None = None
) -> Select[Any]:
    """Duties to look at, oldest first, locked with their petitions; those somebody works on just now are left out."""
    of = source.table
    wanted = (
        select(
            of.c.division_code,
            of.c.petition_id,
            of.c.unit_code,
            of.c.reminded,
            source.key.label("key"),
            source.is_over.label("is_over"),
            *(column.label(name) for name, column in source.duty.items()),
            petition.c.petition_code,
            petition.c.is_sealed,
        )
        .join(petition, of_petition(of))
        .where(_is_due(source, division_code, today, owned))
    )
    if petition_id is not None:
        wanted = wanted.where(of.c.petition_id == petition_id)
    wanted = wanted.order_by(of.c.next_reminder_on, of.c.petition_id).limit(limit)
    return wanted.with_for_update(of=[petition, of], skip_locked=True)


async def due_duties(
    session: Session,
    source: Source,
    division_code: str,
    today: dt.date,
    *,
    owned: bool,
    limit: int,
    petition_id: UUID | None = None,
) -> list[Row]:
    statement = due_statement(source, division_code, today, owned=owned, limit=limit, petition_id=petition_id)
    return dicts(await session.execute(statement))


async def set_since_swept(session: Session, division_code: str, names: Sequence[str]) -> bool:
    """Whether the county has set one of these numbers since its last sweep that was finished began."""
    swept = select(func.max(sweep.c.created_at)).where(
        sweep.c.division_code == division_code, sweep.c.state == "finished"
    )
    changed = select(threshold.c.id).where(
        threshold.c.division_code == division_code,
        threshold.c.name.in_(names),
        threshold.c.updated_at > func.coalesce(swept.scalar_subquery(), threshold.c.created_at),
    )
    return await session.scalar(changed.limit(1)) is not None


async def waiting(session: Session, source: Source, division_code: str, today: dt.date, *, owned: bool) -> UUID | None:
    """A petition with a duty to look at, if any is left."""
    of = source.table
    wanted = select(of.c.petition_id).where(_is_due(source, division_code, today, owned))
    left: UUID | None = await session.scalar(wanted.order_by(of.c.next_reminder_on).limit(1))
    return left


async def due_supervisions(
    session: Session, division_code: str, today: dt.date, *, owned: bool, limit: int
) -> list[Row]:
    """Supervisions whose next step is due, locked, oldest due first."""
    of = petition_supervision
    found = await session.execute(
        select(of, petition.c.is_sealed)
        .join(petition, of_petition(of))
        .where(
            of.c.division_code == division_code,
            of.c.next_due_on <= today,
            of.c.unit_code.is_not(None) if owned else of.c.unit_code.is_(None),
        )
        .order_by(of.c.next_due_on, of.c.id)
        .limit(limit)
        .with_for_update(of=of)
    )
    return dicts(found)


def _addressed_to(caller: Caller, table: Table) -> ColumnElement[bool]:
    """Beside `visible`: a unit sees what is asked of it, and nobody but the office what is asked in a sealed case."""
    own = table.c.unit_code == caller.unit if caller.unit is not None else false()
    if caller.roles & WHOLE:
        return true()
    return or_(own, ~petition.c.is_sealed) if caller.roles & UNSEALED else own


def _still_waits() -> ColumnElement[bool]:
    """Of a reminder: it is the last step its duty has taken, and somebody waits for the duty."""
    waits = []
    for source in SOURCES:
        of = source.table
        duty = select(of.c.division_code).where(
            of.c.division_code == reminder.c.division_code,
            of.c.petition_id == reminder.c.petition_id,
            cast(source.key, Text) == reminder.c.subject_ref,
            of.c.reminded == reminder.c.step,
            ~source.is_over,
        )
        waits.append(and_(reminder.c.subject == source.subject.value, exists(duty.correlate(reminder, petition))))
    return or_(*waits)


IS_OPEN = and_(reminder.c.answered_on.is_(None), _still_waits())


async def reminders(
    session: Session,
    caller: Caller,
    scope: str,
    filters: Mapping[str, Any],
    is_open: bool | None = None,
    *,
    after: Sequence[str] | None = None,
    limit: int,
) -> list[Row]:
    """Newest first, as far as the caller may see them."""
    wanted = _seen(caller, reminder, scope, filters, IS_OPEN.label("is_open"))
    if is_open is not None:
        wanted = wanted.where(IS_OPEN if is_open else ~IS_OPEN)
    return await _newest(session, reminder, wanted, after, limit)


async def supervisions(
    session: Session,
    caller: Caller,
    scope: str,
    filters: Mapping[str, Any],
    *,
    after: Sequence[str] | None = None,
    limit: int,
) -> list[Row]:
    wanted = _seen(caller, petition_supervision, scope, filters)
    return await _newest(session, petition_supervision, wanted, after, limit)


async def steps(session: Session, supervision: Row) -> list[Row]:
    of = petition_supervision_step
    wanted = select(of).where(
        of.c.division_code == supervision["division_code"], of.c.supervision_id == supervision["id"]
    )
    return dicts(await session.execute(wanted.order_by(of.c.id)))


def _seen(caller: Caller, table: Table, scope: str, filters: Mapping[str, Any], *more: ColumnElement[Any]) -> Any:
    return (
        select(table, *BESIDE, *more)
        .join(petition, of_petition(table))
        .where(
            within(table, scope),
            within(petition, scope),
            visible(caller),
            _addressed_to(caller, table),
            *matching(table, filters),
        )
    )


async def _newest(session: Session, table: Table, wanted: Any, after: Sequence[str] | None, limit: int) -> list[Row]:
    if after is not None:
        wanted = wanted.where(table.c.id < UUID(after[0]))
    found = await session.execute(wanted.order_by(table.c.id.desc()).limit(limit))
    return dicts(found)
