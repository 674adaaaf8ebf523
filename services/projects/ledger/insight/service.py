"""Use cases that read the ledger as a whole: statistics and contradictions."""

import asyncio
import datetime as dt

from services.projects.ledger import queries as ledger
from services.projects.ledger.filters import Filter
from services.projects.ledger.insight import queries
from services.projects.ledger.insight.contradictions import find
from services.projects.ledger.insight.statistics import COLUMNS, summarise
from services.projects.ledger.insight.totals import still_stated
from shared.chassis.clock import Clock, today
from shared.schemas.projects.imports import Contradiction
from shared.schemas.projects.statistics import ProjectStatistics
from shared.storage import Session

IN_A_THREAD_FROM = 2_000
"""Rows from which counting would hold up other requests."""


async def statistics(
    session: Session, filters: Filter, scope: str, *, as_of: dt.date | None, known_at: dt.datetime | None, clock: Clock
) -> ProjectStatistics:
    """Figures as of a day, as far as they were known at a moment; today's come from the rows of today."""
    day, moment = as_of or today(clock), known_at or clock.now()
    is_now = day >= today(clock) and known_at is None
    rows = await ledger.rows(
        session, filters, columns=COLUMNS, as_of=None if is_now else day, known_at=None if is_now else moment
    )
    wanted = {row["id"] for row in rows}
    changes = [c for c in await queries.resolution_changes(session, filters, day, moment) if c["project_id"] in wanted]

    def count() -> ProjectStatistics:
        division = filters.division if len(filters.division) == 6 else None
        return summarise(rows, changes, as_of=day, known_at=moment, division_code=division, scope=scope)

    return await asyncio.to_thread(count) if len(rows) >= IN_A_THREAD_FROM else count()


async def contradictions(session: Session, filters: Filter, as_of: dt.date, clock: Clock) -> list[Contradiction]:
    """Every contradiction among the facts of today, or of the day asked for."""
    rebuilt = as_of < today(clock)
    rows = await ledger.rows(
        session, filters, as_of=as_of if rebuilt else None, known_at=clock.now() if rebuilt else None
    )
    # What a total is about is the whole ledger of its division, so a narrower question leaves totals alone.
    stated = await queries.stated_totals(session, filters.division, as_of) if filters.is_whole_division else []
    totals = still_stated(stated, rows)
    return await asyncio.to_thread(find, rows, totals, as_of=as_of)
