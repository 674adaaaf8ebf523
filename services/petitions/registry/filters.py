"""What a list of petitions is about: its filters, and the one predicate of list, count and export.

A statement depends on the `Shape` of a question only and is made once for each; its values are parameters.
"""

import datetime as dt
from dataclasses import dataclass, fields
from itertools import starmap
from typing import Any
from uuid import UUID

from sqlalchemy import Column, ColumnElement, and_, bindparam, func

from services.petitions.registry.models import petition
from services.petitions.registry.visibility import Eyes, eyes_of, visible_to
from shared.chassis.identity import Caller
from shared.schemas.petitions.intake import GROUP_STARTS_AT, Channel


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

    @property
    def values(self) -> dict[str, Any]:
        """What the parameters of `where` are."""
        division = self.division
        named = {"division": division} if len(division) == 6 else {"lo": division or "0", "hi": f"{division}~"}
        # Digits only: nothing in it means anything to LIKE.
        classes = {"content_class": f"{self.content_class}%"} if self.content_class else {}
        return self.given | named | classes


@dataclass(frozen=True, slots=True)
class Shape:
    """All that a statement depends on but its values: one is made, and kept, for each."""

    is_one_division: bool
    given: tuple[tuple[str, bool | None], ...]
    """The filters, and which way the yes-or-no ones go."""
    eyes: Eyes


_EQUAL = ("state", "petition_class", "channel", "demand", "visit_level", "township", "project_id", "body_unit_code")
_DAYS = {
    "due": petition.c.next_due_on,
    "internal_due": petition.c.next_internal_due_on,
    "registered": petition.c.registered_on,
}
_GROUP = and_(petition.c.channel == Channel.visit.value, petition.c.people_count >= GROUP_STARTS_AT)
_YES: dict[str, ColumnElement[bool]] = {
    "is_sealed": petition.c.is_sealed,
    "is_group": _GROUP,
    "is_repeat": petition.c.repeat_of.is_not(None),
    "is_linked": petition.c.project_id.is_not(None),
}


def shape_of(filters: Filter, caller: Caller) -> Shape:
    given = tuple((name, value if name in _YES else None) for name, value in filters.given.items())
    return Shape(len(filters.division) == 6, given, eyes_of(caller))


def values_of(filters: Filter, caller: Caller) -> dict[str, Any]:
    return filters.values | ({"unit": caller.unit} if caller.unit is not None else {})


def where(shape: Shape) -> ColumnElement[bool]:
    """The one predicate of list, count and export; its parameters are `values_of`."""
    code = petition.c.division_code
    here = code == bindparam("division") if shape.is_one_division else _between(code)
    return and_(here, visible_to(shape.eyes, bindparam("unit")), *starmap(_wanted, shape.given))


def _between(code: Column[str]) -> ColumnElement[bool]:
    return and_(code >= bindparam("lo"), code < bindparam("hi"))


def _wanted(name: str, yes: bool | None) -> ColumnElement[bool]:
    if name in _YES:
        return _YES[name] if yes else ~_YES[name]
    if name == "content_class":
        return petition.c.content_class.like(bindparam(name))
    if name == "q":
        return func.strpos(petition.c.summary, bindparam(name)) > 0
    if name in _EQUAL:
        return petition.c[name] == bindparam(name)
    day, _, end = name.rpartition("_")
    return _DAYS[day] >= bindparam(name) if end == "from" else _DAYS[day] <= bindparam(name)
