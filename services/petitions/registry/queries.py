"""Reads of petitions. Every statement goes through `visible`.

Lists leave PostgreSQL as JSON text; a test holds every list against `PetitionPage`.
"""

import datetime as dt
from collections.abc import Sequence
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    Select,
    Uuid,
    and_,
    bindparam,
    case,
    func,
    literal_column,
    select,
    true,
    tuple_,
)

from services.petitions.registry.filters import Filter, Shape, shape_of, values_of, where
from services.petitions.registry.models import NAME, content_class, petition, petitioner
from services.petitions.registry.visibility import Eyes, eyes_of, visible, visible_to
from shared.chassis.identity import Caller
from shared.schemas.petitions.intake import PetitionerRole
from shared.schemas.petitions.registry import PetitionItem
from shared.storage import Session
from shared.storage.divisions import within
from shared.storage.rows import Row, dicts

_LISTED = ", ".join(f"page.{name}" for name in PetitionItem.model_fields if name != "petitioner")
_ITEM: ColumnElement[str] = literal_column(f"(select row_to_json(o) from (select {_LISTED}) o)::text")  # noqa: S608 fields of the contract
SORTS = {
    "due": (petition.c.next_due_on, False),
    "internal_due": (petition.c.next_internal_due_on, False),
    "registered_on": (petition.c.registered_on, False),
    "-registered_on": (petition.c.registered_on, True),
}
"""By which day, and whether the latest comes first. Sorted by what is due, a list has only what is due."""
_FIRST_NAMED = case(
    {role.value: place for place, role in enumerate(PetitionerRole)}, value=petitioner.c.role, else_=len(PetitionerRole)
)


async def page(
    session: Session, filters: Filter, caller: Caller, *, sort: str, after: Sequence[str] | None, limit: int
) -> list[Row]:
    """`item` (JSON without `petitioner`), its `at` and `petition_id` for the cursor, and what opens the first name."""
    values = values_of(filters, caller) | {"limit": limit}
    if after is not None:
        values |= {"at": dt.date.fromisoformat(after[0]), "last": UUID(after[1])}
    rows = await session.execute(_page(shape_of(filters, caller), sort, after is not None), values)
    return dicts(rows)


@cache
def _page(shape: Shape, sort: str, is_later: bool) -> Select[Any]:
    day, is_latest_first = SORTS[sort]
    wanted = select(petition, day.label("at")).where(where(shape), day.is_not(None))
    if is_later:
        position = tuple_(day, petition.c.id)
        reached = tuple_(bindparam("at", type_=Date()), bindparam("last", type_=Uuid()))
        wanted = wanted.where(position < reached if is_latest_first else position > reached)
    order = (day.desc(), petition.c.id.desc()) if is_latest_first else (day, petition.c.id)
    return _items(wanted.order_by(*order).limit(bindparam("limit")), is_latest_first=is_latest_first)


async def by_person(session: Session, caller: Caller, index: str, values: Sequence[bytes], limit: int) -> list[Row]:
    """Petitions of whom `index`, a column of `petitioner`, has any of the values: the latest, of the caller's own
    division. The columns are those of `page`."""
    asked = {"home": caller.home, "values": list(values), "limit": limit, "unit": caller.unit}
    rows = await session.execute(_by_person(index, eyes_of(caller)), asked)
    return dicts(rows)


@cache
def _by_person(index: str, eyes: Eyes) -> Select[Any]:
    theirs = select(petitioner.c.petition_id).where(
        petitioner.c.division_code == bindparam("home"), petitioner.c[index].in_(bindparam("values", expanding=True))
    )
    wanted = select(petition, petition.c.registered_on.label("at")).where(
        petition.c.division_code == bindparam("home"),
        petition.c.id.in_(theirs),
        visible_to(eyes, bindparam("unit")),
    )
    latest = wanted.order_by(petition.c.registered_on.desc(), petition.c.id.desc()).limit(bindparam("limit"))
    return _items(latest, is_latest_first=True)


def _items(wanted: Select[Any], *, is_latest_first: bool) -> Select[Any]:
    """The first person named is looked up for the rows of the page only."""
    found = wanted.subquery("page")
    first = (
        select(petitioner.c.id, petitioner.c[NAME.column.name])
        .where(
            petitioner.c.division_code == found.c.division_code,
            petitioner.c.petition_id == found.c.id,
            petitioner.c[NAME.column.name].is_not(None),
        )
        .order_by(_FIRST_NAMED, petitioner.c.ordinal)
        .limit(1)
        .lateral("first_named")
    )
    return (
        select(
            _ITEM.label("item"),
            found.c.at,
            found.c.id.label("petition_id"),
            found.c.division_code,
            first.c.id,
            first.c[NAME.column.name],
        )
        .select_from(found.outerjoin(first, true()))
        .order_by(*((found.c.at.desc(), found.c.id.desc()) if is_latest_first else (found.c.at, found.c.id)))
    )


async def count(session: Session, filters: Filter, caller: Caller) -> int:
    found = await session.execute(_count(shape_of(filters, caller)), values_of(filters, caller))
    return int(found.scalar_one())


@cache
def _count(shape: Shape) -> Select[Any]:
    return select(func.count()).select_from(petition).where(where(shape))


async def exported(session: Session, filters: Filter, caller: Caller, limit: int) -> list[Row]:
    """Whole rows by division and day of registration."""
    wanted = select(petition).where(where(shape_of(filters, caller)))
    ordered = wanted.order_by(petition.c.division_code, petition.c.registered_on, petition.c.id).limit(limit)
    return dicts(await session.execute(ordered, values_of(filters, caller)))


async def persons_of(session: Session, filters: Filter, caller: Caller) -> list[Row]:
    """Sealed, of every petition that `exported` gives."""
    theirs = and_(petitioner.c.division_code == petition.c.division_code, petitioner.c.petition_id == petition.c.id)
    wanted = select(petitioner).join(petition, theirs).where(where(shape_of(filters, caller)))
    return dicts(await session.execute(wanted, values_of(filters, caller)))


async def one(session: Session, caller: Caller, petition_id: UUID, *, lock: bool = False) -> Row | None:
    statement = select(petition).where(within(petition, caller.scope), petition.c.id == petition_id, visible(caller))
    row = (await session.execute(statement.with_for_update() if lock else statement)).mappings().one_or_none()
    return dict(row) if row is not None else None


async def state_of(session: Session, division_code: str, petition_id: UUID) -> str | None:
    """Whoever asks: of a case that another one leans on."""
    found = select(petition.c.state).where(petition.c.division_code == division_code, petition.c.id == petition_id)
    state: str | None = await session.scalar(found)
    return state


async def petitioners(session: Session, division_code: str, petition_id: UUID) -> list[Row]:
    """Sealed, in the order they were named."""
    wanted = select(petitioner).where(
        petitioner.c.division_code == division_code, petitioner.c.petition_id == petition_id
    )
    found = await session.execute(wanted.order_by(petitioner.c.role, petitioner.c.ordinal))
    return dicts(found)


async def content_classes(session: Session) -> list[Row]:
    found = await session.execute(select(content_class).order_by(content_class.c.code))
    return dicts(found)


async def is_content_class(session: Session, code: str) -> bool:
    found = select(content_class.c.code).where(content_class.c.code == code)
    return (await session.execute(found)).scalar_one_or_none() is not None
