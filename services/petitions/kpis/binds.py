"""The values every statement of the figures is given, by name, and what compares with them."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, Date, DateTime, FromClause, Integer, Text, and_, bindparam, true

from services.petitions.kpis.asked import Shape

Predicate = ColumnElement[bool]
DIVISION, LO, HI = (bindparam(name, type_=Text) for name in ("division", "lo", "hi"))
AS_OF = bindparam("as_of", type_=Date)
KNOWN_AT = bindparam("known_at", type_=DateTime(timezone=True))
WINDOW_DAYS = bindparam("window_days", type_=Integer)


def here(of: FromClause, shape: Shape) -> Predicate:
    """The rows of the divisions in question."""
    code = of.c.division_code
    return code == DIVISION if shape.is_one_division else and_(code >= LO, code < HI)


def given(shape: Shape, name: str, compare: Callable[[Any, Any], Predicate], what: ColumnElement[Any]) -> Predicate:
    """`what` compared with the value of this name, where one is given."""
    return compare(what, bindparam(name, type_=what.type)) if name in shape.given else true()
