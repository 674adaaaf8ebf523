"""Reads that statistics are made of: every status ever stated, every total, every name."""

import datetime as dt
from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import TextClause, text

from services.projects.ledger.filters import PREDICATES, Filter
from shared.storage import Session


@cache
def _resolution_changes(shape: tuple[str, ...]) -> TextClause:
    return text(
        f"""
        select project_id, effective_on, version, facts ->> 'resolution_status' as resolution_status,
            jsonb_exists(facts, 'resolution_status') as states_resolution
        from project_change
        where {PREDICATES[shape[0]]} and (jsonb_exists(facts, 'name') or jsonb_exists(facts, 'resolution_status'))
            and effective_on <= :as_of and recorded_at <= :known_at
        order by project_id, effective_on, version
        """  # noqa: S608 only constants of this module and the contract
    )


async def resolution_changes(
    session: Session, filters: Filter, as_of: dt.date, known_at: dt.datetime
) -> list[Mapping[str, Any]]:
    """Since when each project is on the ledger, and every resolution status ever stated: for the weekly rate."""
    division = Filter(filters.division)
    values = division.values | {"as_of": as_of, "known_at": known_at}
    return [dict(row._mapping) for row in await session.execute(_resolution_changes(division.shape), values)]


_TOTALS = text(
    """
    select t.division_code, t.fact, t.cell, t.stated, t.counted, t.effective_on, t.import_id,
        (l.outcome ->> 'rows_total')::int as sheet_rows
    from stated_total t join ledger_import l on l.division_code = t.division_code and l.id = t.import_id
    where t.division_code >= :lo and t.division_code < :hi and t.effective_on <= :as_of
    order by t.division_code, t.effective_on desc, t.recorded_at desc, t.cell
    """
)


async def stated_totals(session: Session, prefix: str, as_of: dt.date) -> list[Mapping[str, Any]]:
    """Every total ever stated until a day, with how many rows its sheet had; the newest sheet of a division first."""
    found = await session.execute(_TOTALS, {"lo": prefix or "0", "hi": f"{prefix}~", "as_of": as_of})
    return [dict(row._mapping) for row in found]


_NAMES = text(
    """
    select p.division_code, n.fact, n.name, count(*) as projects from project p
    cross join lateral (values
        ('responsible_unit', p.responsible_unit), ('competent_dept', p.competent_dept),
        ('lead_official', p.lead_official)
    ) n(fact, name)
    where p.division_code >= :lo and p.division_code < :hi and n.name is not null
    group by p.division_code, n.fact, n.name order by p.division_code, n.fact, n.name
    """
)


async def names(session: Session, prefix: str) -> list[Mapping[str, Any]]:
    """Every unit and leader that projects name, with how many projects name them."""
    found = await session.execute(_NAMES, {"lo": prefix or "0", "hi": f"{prefix}~"})
    return [dict(row._mapping) for row in found]
