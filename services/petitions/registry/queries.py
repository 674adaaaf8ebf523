"""Reads of petitions. Every statement goes through `visible`.

Lists leave PostgreSQL as JSON text; a test holds every list against `PetitionPage`.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, func, literal_column, select, true

from services.petitions.registry.models import NAME, content_class, petition, petitioner
from services.petitions.registry.visibility import visible
from shared.chassis.identity import Caller
from shared.schemas.petitions.intake import GROUP_STARTS_AT, Channel, PetitionerRole
from shared.schemas.petitions.registry import PetitionItem
from shared.storage import Session
from shared.storage.divisions import within
from shared.storage.rows import Row

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


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list, its count and its export are about. `None` does not filter."""

    division: str
    """Six digits for one division, else a prefix."""
    state: str | None = None
    petition_class: str | None = None
    channel: str | None = None
    demand: str | None = None
    content_class: str | None = None
    visit_level: str | None = None
    township: str | None = None
    project_id: UUID | None = None
    body_unit_code: str | None = None
    is_sealed: bool | None = None
    due_from: dt.date | None = None
    due_until: dt.date | None = None
    internal_due_from: dt.date | None = None
    internal_due_until: dt.date | None = None
    registered_from: dt.date | None = None
    registered_until: dt.date | None = None
    is_group: bool | None = None
    is_repeat: bool | None = None
    is_linked: bool | None = None
    q: str | None = None

    @property
    def given(self) -> dict[str, Any]:
        """By name, but for the division."""
        rest = [f.name for f in fields(self) if f.name != "division"]
        return {name: value for name in rest if (value := getattr(self, name)) is not None}


_EQUAL = ("state", "petition_class", "channel", "demand", "visit_level", "township", "project_id", "body_unit_code")
_DAYS = {
    "due": petition.c.next_due_on,
    "internal_due": petition.c.next_internal_due_on,
    "registered": petition.c.registered_on,
}


def where(filters: Filter, caller: Caller) -> ColumnElement[bool]:
    """The one predicate of list, count and export."""
    wanted = [within(petition, filters.division), visible(caller)]
    for name, value in filters.given.items():
        day, _, end = name.rpartition("_")
        if name in _EQUAL or name == "is_sealed":
            wanted.append(petition.c[name] == value)
        elif day in _DAYS:
            wanted.append(_DAYS[day] >= value if end == "from" else _DAYS[day] <= value)
        elif name in _OTHER:
            wanted.append(_OTHER[name](value))
    return and_(*wanted)


def is_group() -> ColumnElement[bool]:
    return and_(petition.c.channel == Channel.visit.value, petition.c.people_count >= GROUP_STARTS_AT)


_OTHER: dict[str, Any] = {
    "content_class": lambda code: petition.c.content_class.startswith(code, autoescape=True),
    "is_group": lambda wanted: is_group() if wanted else ~is_group(),
    "is_repeat": lambda wanted: petition.c.repeat_of.is_not(None) if wanted else petition.c.repeat_of.is_(None),
    "is_linked": lambda wanted: petition.c.project_id.is_not(None) if wanted else petition.c.project_id.is_(None),
    "q": lambda word: func.strpos(petition.c.summary, word) > 0,
}


async def page(
    session: Session, filters: Filter, caller: Caller, *, sort: str, after: Sequence[str] | None, limit: int
) -> list[Row]:
    """`item` (JSON without `petitioner`), the day it is sorted by as `at`, `id`, and what opens the first name."""
    day, is_latest_first = SORTS[sort]
    wanted = select(petition, day.label("at")).where(where(filters, caller), day.is_not(None))
    if after is not None:
        at, last = dt.date.fromisoformat(after[0]), UUID(after[1])
        position, reached = func.row(day, petition.c.id), func.row(at, last)
        wanted = wanted.where(position < reached if is_latest_first else position > reached)
    order = (day.desc(), petition.c.id.desc()) if is_latest_first else (day, petition.c.id)
    return await _items(session, wanted.order_by(*order).limit(limit), is_latest_first=is_latest_first)


async def by_person(session: Session, caller: Caller, is_person: ColumnElement[bool], limit: int) -> list[Row]:
    """Latest first, of the caller's own division; the columns are those of `page`."""
    theirs = select(petitioner.c.petition_id).where(is_person)
    wanted = select(petition, petition.c.registered_on.label("at")).where(
        petition.c.division_code == caller.home, petition.c.id.in_(theirs), visible(caller)
    )
    latest = wanted.order_by(petition.c.registered_on.desc(), petition.c.id.desc()).limit(limit)
    return await _items(session, latest, is_latest_first=True)


async def _items(session: Session, wanted: Select[Any], *, is_latest_first: bool) -> list[Row]:
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
    order = (found.c.at.desc(), found.c.id.desc()) if is_latest_first else (found.c.at, found.c.id)
    rows = await session.execute(
        select(
            _ITEM.label("item"),
            found.c.at,
            found.c.id,
            found.c.division_code,
            first.c.id.label("person_id"),
            first.c[NAME.column.name],
        )
        .select_from(found.outerjoin(first, true()))
        .order_by(*order)
    )
    return [dict(row) for row in rows.mappings()]


async def count(session: Session, filters: Filter, caller: Caller) -> int:
    wanted = select(func.count()).select_from(petition).where(where(filters, caller))
    return int((await session.execute(wanted)).scalar_one())


async def exported(session: Session, filters: Filter, caller: Caller, limit: int) -> list[Row]:
    """Whole rows by division and day of registration."""
    wanted = select(petition).where(where(filters, caller))
    ordered = wanted.order_by(petition.c.division_code, petition.c.registered_on, petition.c.id).limit(limit)
    return [dict(row) for row in (await session.execute(ordered)).mappings()]


async def persons_of(session: Session, filters: Filter, caller: Caller) -> list[Row]:
    """Sealed, of every petition that `exported` gives."""
    theirs = and_(petitioner.c.division_code == petition.c.division_code, petitioner.c.petition_id == petition.c.id)
    found = await session.execute(select(petitioner).join(petition, theirs).where(where(filters, caller)))
    return [dict(row) for row in found.mappings()]


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
    return [dict(row) for row in found.mappings()]


async def content_classes(session: Session) -> list[Row]:
    found = await session.execute(select(content_class).order_by(content_class.c.code))
    return [dict(row) for row in found.mappings()]


async def is_content_class(session: Session, code: str) -> bool:
    found = select(content_class.c.code).where(content_class.c.code == code)
    return (await session.execute(found)).scalar_one_or_none() is not None
