"""Use cases of the figures."""

from collections.abc import Sequence
from enum import StrEnum
from functools import partial
from typing import Any

from services.petitions.kpis import queries, rules
from services.petitions.kpis.asked import Asked
from services.petitions.kpis.queries import Counted
from services.petitions.thresholds import thresholds
from shared.chassis.identity import Caller
from shared.chassis.listing import Listing
from shared.schemas.petitions import intake
from shared.schemas.petitions.kpis import (
    KpiDimension,
    KpiFormula,
    KpiGroup,
    KpiPetitionOut,
    KpiPetitionPage,
    KpiSide,
    KpiSlice,
    PetitionKpis,
)
from shared.storage import Session, work
from shared.storage.rows import Row

D = KpiDimension
WORDS: dict[KpiDimension, type[StrEnum]] = {
    D.level: intake.VisitLevel,
    D.demand: intake.Demand,
    D.channel: intake.Channel,
}
"""Dimensions whose keys are words of the contract; the others bring their names with them."""


async def window_days(session: Session, caller: Caller) -> int:
    """How long after it was closed a case must not come again to be resolved the first time."""
    return await thresholds.value(session, caller.home, "resolution_window_days")


async def kpis(session: Session, asked: Asked, division_code: str | None, by: KpiDimension | None) -> PetitionKpis:
    """Every figure over the cases in question, and how many there are by each dimension."""
    found = await queries.counted(session, asked, by)
    whole = _held(found, None)
    slices = {f"by_{dimension.value}": _slices(found, dimension) for dimension in KpiDimension}
    return PetitionKpis(
        as_of=asked.as_of,
        known_at=asked.known_at,
        division_code=division_code,
        scope=asked.scope,
        date_basis=asked.basis,
        since=asked.since,
        until=asked.until,
        resolution_window_days=asked.window_days,
        total=rules.tally(whole),
        figures=rules.figures(whole),
        by=by,
        groups=[_group(found, of, by) for of in slices[f"by_{by.value}"]] if by is not None else [],
        **slices,
    )


def _held(found: Sequence[Counted], by: KpiDimension | None, key: str | None = None) -> list[rules.Held]:
    return [
        (row.holding, row.case_count, row.people_count)
        for row in found
        if row.holding is not None and row.dimension is by and row.key == key
    ]


def _slices(found: Sequence[Counted], dimension: KpiDimension) -> list[KpiSlice]:
    """Most cases first; what has no value of the dimension last."""
    rows = [row for row in found if row.dimension is dimension and row.holding is None]
    rows.sort(key=lambda row: (row.key is None, -row.case_count, row.key))
    return [
        KpiSlice(key=row.key, name=_name(dimension, row), case_count=row.case_count, people_count=row.people_count)
        for row in rows
    ]


def _name(dimension: KpiDimension, row: Counted) -> str | None:
    words = WORDS.get(dimension)
    return intake.LABELS[words][row.key] if words and row.key is not None else row.name


def _group(found: Sequence[Counted], of: KpiSlice, by: KpiDimension) -> KpiGroup:
    held = _held(found, by, of.key)
    return KpiGroup(key=of.key, name=of.name, total=rules.tally(held), figures=rules.figures(held))


async def cases(
    session: Session, asked: Asked, listing: Listing, formula: KpiFormula, side: KpiSide, filters: Any
) -> KpiPetitionPage:
    """The cases a figure counts, by the very predicate it counts them with."""
    rows, following = await listing.page(
        "kpi_petitions",
        filters,
        partial(queries.cases, session, asked, formula, side),
        lambda row: [row["registered_on"], row["id"]],
    )
    return KpiPetitionPage(items=[_shown(row) for row in rows], next_cursor=following)


def _shown(row: Row) -> KpiPetitionOut:
    return work.shown(KpiPetitionOut, row, unit_code=row["by_unit"])
