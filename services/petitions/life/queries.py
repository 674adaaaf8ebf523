"""Reads of a petition's life."""

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.petitions.life.models import calendar_seen, clock_change, petition_act, petition_clock
from services.petitions.registry import about
from services.petitions.registry.models import assignment, petition, petition_number
from shared.chassis.identity import Caller
from shared.schemas.petitions.states import ClockKind
from shared.storage import Session
from shared.storage.rows import Row, dicts
from shared.storage.tables import job

OPEN = ("running", "suspended")
WINDOWS = (ClockKind.review_request, ClockKind.re_review_request)


async def clocks(session: Session, division_code: str, petition_id: UUID) -> list[Row]:
    """Every clock, in the order they were started."""
    return await _of(session, petition_clock, division_code, petition_id, petition_clock.c.number)


async def acts(
    session: Session,
    division_code: str,
    petition_id: UUID,
    *,
    after: Sequence[int] | None = None,
    limit: int | None = None,
) -> list[Row]:
    """Acts in the order they were done, every one unless said otherwise; `after` is the number of one."""
    wanted = select(petition_act).where(
        petition_act.c.division_code == division_code, petition_act.c.petition_id == petition_id
    )
    if after is not None:
        wanted = wanted.where(petition_act.c.number > after[0])
    rows = await session.execute(wanted.order_by(petition_act.c.number).limit(limit))
    return dicts(rows)


async def papers(session: Session, division_code: str, petition_id: UUID, numbers: Collection[int]) -> dict[int, Row]:
    """Kind and document number of some acts, by their number."""
    wanted = select(petition_act.c.number, petition_act.c.kind, petition_act.c.document_number).where(
        petition_act.c.division_code == division_code,
        petition_act.c.petition_id == petition_id,
        petition_act.c.number.in_(numbers),
    )
    return {row["number"]: dict(row) for row in (await session.execute(wanted)).mappings()}


async def assignments(session: Session, division_code: str, petition_id: UUID) -> list[Row]:
    """Every unit it was ever sent to, oldest first."""
    return await _of(session, assignment, division_code, petition_id, assignment.c.id)


async def unit_name(session: Session, division_code: str, petition_id: UUID, unit_code: str | None) -> str | None:
    """What a unit was called when the petition was last sent to it."""
    sent = (
        select(petition_act.c.to_unit_name)
        .where(
            petition_act.c.division_code == division_code,
            petition_act.c.petition_id == petition_id,
            petition_act.c.to_unit_code == unit_code,
        )
        .order_by(petition_act.c.number.desc())
        .limit(1)
    )
    name: str | None = await session.scalar(sent) if unit_code is not None else None
    return name


async def past_window(session: Session, division_code: str, today: dt.date, limit: int) -> list[Row]:
    """Petitions, locked, whose window for the next level was open until a day before today."""
    wanted = (
        select(petition)
        .join(petition_clock, about.of_petition(petition_clock))
        .where(
            petition_clock.c.division_code == division_code,
            petition_clock.c.state == "running",
            petition_clock.c.kind.in_(WINDOWS),
            petition_clock.c.due_on < today,
        )
        .order_by(petition_clock.c.due_on, petition.c.id)
        .limit(limit)
        .with_for_update(of=petition, skip_locked=True)
    )
    return dicts(await session.execute(wanted))


async def seen_assignments(
    session: Session,
    caller: Caller,
    scope: str,
    filters: dict[str, Any],
    *,
    is_live: bool | None,
    after: Sequence[str] | None,
    limit: int,
) -> list[Row]:
    """Newest first, of petitions the caller may see; with the columns of the petition that opening an answer takes."""
    return await about.seen(
        session,
        caller,
        assignment,
        scope,
        *(assignment.c[name] == value for name, value in filters.items() if value is not None),
        *([] if is_live is None else [assignment.c.ended_on.is_(None) == is_live]),
        after=after,
        limit=limit,
    )


async def seen_assignment(session: Session, caller: Caller, assignment_id: UUID) -> Row | None:
    return await about.seen_one(session, caller, assignment, assignment_id)


async def seen_changes(
    session: Session,
    caller: Caller,
    scope: str,
    petition_id: UUID | None,
    *,
    after: Sequence[str] | None,
    limit: int,
) -> list[Row]:
    """Newest first, of petitions the caller may see."""
    of_one = [] if petition_id is None else [clock_change.c.petition_id == petition_id]
    return await about.seen(session, caller, clock_change, scope, *of_one, after=after, limit=limit)


async def running_clocks(session: Session, division_code: str, petition_id: UUID | None = None) -> list[Row]:
    """Every clock of a division, or of one petition, that is neither met nor void."""
    wanted = select(petition_clock).where(
        petition_clock.c.division_code == division_code, petition_clock.c.state.in_(OPEN)
    )
    if petition_id is not None:
        wanted = wanted.where(petition_clock.c.petition_id == petition_id)
    return dicts(await session.execute(wanted))


async def locked(session: Session, division_code: str, petition_id: UUID) -> Row:
    wanted = select(petition).where(petition.c.division_code == division_code, petition.c.id == petition_id)
    return dict((await session.execute(wanted.with_for_update())).mappings().one())


async def divisions_not_seen(session: Session, digest: bytes) -> list[str]:
    """Divisions that have registered petitions, and whose clocks were not counted by these notices."""
    wanted = (
        select(petition_number.c.division_code)
        .join(calendar_seen, calendar_seen.c.division_code == petition_number.c.division_code, isouter=True)
        .where(calendar_seen.c.digest.is_distinct_from(digest))
        .distinct()
    )
    return list((await session.execute(wanted)).scalars())


async def is_recount_waiting(session: Session, division_code: str, kind: str) -> bool:
    wanted = select(job.c.id).where(
        job.c.division_code == division_code, job.c.kind == kind, job.c.state.in_(["queued", "running"])
    )
    return await session.scalar(wanted.limit(1)) is not None


async def _of(session: Session, table: Any, division_code: str, petition_id: UUID, order: Any) -> list[Row]:
    wanted = select(table).where(table.c.division_code == division_code, table.c.petition_id == petition_id)
    return dicts(await session.execute(wanted.order_by(order)))
