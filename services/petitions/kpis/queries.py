"""Reads of the figures: cases counted by what holds for them, and listed."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, reduce
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    Integer,
    RowMapping,
    Select,
    Uuid,
    bindparam,
    case,
    func,
    literal_column,
    select,
    tuple_,
)

from services.petitions.kpis.asked import Asked, Shape
from services.petitions.kpis.facts import facts
from services.petitions.kpis.formulas import FORMULAS
from services.petitions.kpis.rules import PLACES
from shared.schemas.petitions.kpis import KpiDimension, KpiFormula, KpiSide
from shared.storage import Session
from shared.storage.rows import Row, dicts

SHAPES = 512
"""Statements kept: who asks (roles and unit) times what for."""


@dataclass(frozen=True, slots=True)
class Counted:
    """Cases that have a value of a dimension, or for which the same predicates hold, or both; what is None is any."""

    dimension: KpiDimension | None
    key: str | None
    name: str | None
    holding: int | None
    case_count: int
    people_count: int


async def counted(session: Session, asked: Asked, by: KpiDimension | None) -> list[Counted]:
    """Cases by every dimension, by what holds for them, and by what holds within each value of `by`.

    What holds is one number a case, a bit for each of `PLACES`: there are few different ones, so the fifty counts
    of the figures are sums over them.
    """
    rows = (await session.execute(_counting(asked.shape, by), asked.values)).mappings()
    return [_counted(row) for row in rows]


@lru_cache(SHAPES)
def _counting(shape: Shape, by: KpiDimension | None) -> Select[Any]:
    known = facts(shape)
    bits: Iterator[ColumnElement[int]] = (
        case((FORMULAS[formula].side(side), literal_column(str(1 << place), BigInteger)), else_=literal_column("0"))
        for (formula, side), place in PLACES.items()
    )
    holding = reduce(lambda left, right: left.op("|")(right), bits).label("holding")
    named = [known.c[f"by_{dimension.value}"] for dimension in KpiDimension]
    of_unit = case((known.c.body_unit_code == known.c.by_unit, known.c.body_unit_name)).label("unit_name")
    scored = select(*named, holding, known.c.people_count, known.c.project_name, of_unit).subquery("scored")
    keys = [scored.c[f"by_{dimension.value}"] for dimension in KpiDimension]
    sets = [tuple_(scored.c.holding), *(tuple_(key) for key in keys)]
    if by is not None:
        sets.append(tuple_(scored.c[f"by_{by.value}"], scored.c.holding))
    return select(
        func.grouping(*keys, scored.c.holding).label("apart"),
        *keys,
        scored.c.holding,
        func.count().label("case_count"),
        func.sum(scored.c.people_count).label("people_count"),
        func.max(scored.c.project_name).label("project_name"),
        func.max(scored.c.unit_name).label("unit_name"),
    ).group_by(func.grouping_sets(*sets))


def _counted(row: RowMapping) -> Counted:
    """`apart` has a bit for each column that the row is not grouped by, that of `holding` last."""
    grouped = [d for place, d in enumerate(reversed(KpiDimension), 1) if not row["apart"] >> place & 1]
    dimension = grouped[0] if grouped else None
    names = {KpiDimension.project: row["project_name"], KpiDimension.unit: row["unit_name"]}
    return Counted(
        dimension,
        row[f"by_{dimension.value}"] if dimension else None,
        names.get(dimension) if dimension else None,
        None if row["apart"] & 1 else row["holding"],
        row["case_count"],
        int(row["people_count"]),
    )


async def cases(
    session: Session, asked: Asked, formula: KpiFormula, side: KpiSide, *, after: Sequence[str] | None, limit: int
) -> list[Row]:
    """The cases a figure counts, last registered first; `after` is day and id of a cursor."""
    values = asked.values | {"limit": limit}
    if after is not None:
        values |= {"at": dt.date.fromisoformat(after[0]), "last": UUID(after[1])}
    statement = _listing(asked.shape, formula, side, is_first_page=after is None)
    return dicts(await session.execute(statement, values))


@lru_cache(SHAPES)
def _listing(shape: Shape, formula: KpiFormula, side: KpiSide, *, is_first_page: bool) -> Select[Any]:
    known = facts(shape)
    statement = select(known).where(FORMULAS[formula].side(side))
    if not is_first_page:
        reached = tuple_(bindparam("at", type_=Date), bindparam("last", type_=Uuid))
        statement = statement.where(tuple_(known.c.registered_on, known.c.id) < reached)
    ordered = statement.order_by(known.c.registered_on.desc(), known.c.id.desc())
    return ordered.limit(bindparam("limit", type_=Integer))
