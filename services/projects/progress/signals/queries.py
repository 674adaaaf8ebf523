"""Reads of what a site says, and of how the ledger has it stand."""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select, text

from services.projects.progress.models import site_signal
from shared.storage import Session
from shared.storage.rows import Row, dicts

TOLD = ("project_id", "kind", "value", "effective_on", "source_unit_code", "source_unit_name")

# One statement for what the ledger would take three to tell: who builds, since when not, and what was claimed that day.
_STOOD = text(
    """
    select p.id, p.developer, p.owner_unit, p.general_contractor, c.stopped_on, c.resumption
    from project p cross join lateral (
        select max(effective_on) filter (where facts ->> 'construction_status' = 'stopped') as stopped_on,
            (array_agg(facts ->> 'resumption' order by effective_on desc, version desc)
                filter (where jsonb_exists(facts, 'resumption')))[1] as resumption
        from project_change
        where division_code = p.division_code and project_id = p.id and effective_on <= :on
    ) c
    where p.division_code = :division and p.id = any(:ids)
    """
)


async def said(
    session: Session, division_code: str, project_ids: Sequence[UUID], since: dt.date, until: dt.date
) -> list[Row]:
    """Standing signals of some projects in a span of days."""
    found = await session.execute(
        select(*(site_signal.c[name] for name in TOLD)).where(
            site_signal.c.division_code == division_code,
            site_signal.c.project_id.in_(project_ids),
            site_signal.c.effective_on.between(since, until),
            site_signal.c.corrected_at.is_(None),
        )
    )
    return dicts(found)


async def stood(session: Session, division_code: str, project_ids: Sequence[UUID], on: dt.date) -> dict[UUID, Row]:
    """Who builds each project; when the ledger last has it stopped, and what resumption it had claimed, by that day."""
    values: dict[str, Any] = {"division": division_code, "ids": list(project_ids), "on": on}
    return {row["id"]: dict(row) for row in (await session.execute(_STOOD, values)).mappings()}
