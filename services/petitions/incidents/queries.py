"""Reads of incidents."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from services.petitions.incidents.models import no_unrest, unrest
from services.petitions.incidents.rules import is_confined
from services.petitions.registry.models import petition
from services.petitions.registry.visibility import visible
from shared.chassis.identity import Caller
from shared.schemas.petitions.incidents import UnrestState
from shared.storage import Session, rows
from shared.storage.divisions import within
from shared.storage.rows import Row, dicts, matching


def theirs(caller: Caller) -> list[ColumnElement[bool]]:
    return [unrest.c.unit_code == (caller.unit or "")] if is_confined(caller) else []


def _between(from_on: dt.date | None, until: dt.date | None) -> list[ColumnElement[bool]]:
    day = unrest.c.occurred_on
    return [*([] if from_on is None else [day >= from_on]), *([] if until is None else [day <= until])]


async def incidents(
    session: Session,
    caller: Caller,
    scope: str,
    filters: Mapping[str, Any],
    state: UnrestState | None,
    from_on: dt.date | None,
    until: dt.date | None,
    *,
    after: Sequence[str] | None,
    limit: int,
) -> list[Row]:
    where = [*theirs(caller), *matching(unrest, filters), *_between(from_on, until)]
    if state is not None:
        closed = unrest.c.closed_on
        where.append(closed.is_(None) if state is UnrestState.open else closed.is_not(None))
    return await rows.newest(session, unrest, scope, *where, after=after, limit=limit)


async def counts(
    session: Session, caller: Caller, scope: str, from_on: dt.date, until: dt.date, project_id: UUID | None
) -> list[Row]:
    sums = [func.sum(unrest.c[name]).label(name) for name in ("involved", "injured", "detained")]
    wanted = (
        select(unrest.c.kind, unrest.c.level, func.count().label("incidents"), *sums)
        .where(
            within(unrest, scope),
            *theirs(caller),
            *_between(from_on, until),
            *matching(unrest, {"project_id": project_id}),
        )
        .group_by(unrest.c.kind, unrest.c.level)
        .order_by(unrest.c.kind, unrest.c.level)
    )
    return dicts(await session.execute(wanted))


async def occurrences(session: Session, division_code: str, on: dt.date, kind: str, same_as: str) -> int:
    wanted = select(func.max(unrest.c.occurrence)).where(
        unrest.c.division_code == division_code,
        unrest.c.occurred_on == on,
        unrest.c.kind == kind,
        unrest.c.same_as == same_as,
    )
    return (await session.execute(wanted)).scalar_one() or 0


async def of_day(session: Session, division_code: str, day: dt.date) -> dict[str, int]:
    """How many incidents each unit reported of a day."""
    wanted = (
        select(unrest.c.unit_code, func.count().label("number"))
        .where(unrest.c.division_code == division_code, unrest.c.occurred_on == day)
        .group_by(unrest.c.unit_code)
    )
    return {row.unit_code: row.number for row in await session.execute(wanted)}


async def none_of_day(session: Session, division_code: str, day: dt.date) -> set[str]:
    """Units that said there was none."""
    wanted = select(no_unrest.c.unit_code).where(no_unrest.c.division_code == division_code, no_unrest.c.day == day)
    return set((await session.execute(wanted)).scalars())


async def seen_petitions(session: Session, caller: Caller, petition_ids: Sequence[UUID]) -> set[UUID]:
    """Those of the caller's own division that the caller may see."""
    wanted = select(petition.c.id).where(
        petition.c.division_code == caller.home, petition.c.id.in_(petition_ids), visible(caller)
    )
    return set((await session.execute(wanted)).scalars())
