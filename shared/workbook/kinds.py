"""Which kind of value each fact of a sheet holds, read off the contract so that a new fact needs no second list."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from annotated_types import MaxLen
from pydantic import BaseModel, StringConstraints
from pydantic.fields import FieldInfo

from shared.schemas.base import AreaM2, Count, Day, Fen, Flag, Percent
from shared.workbook.units import Dimension


class Kind(Enum):
    text = "text"
    long_text = "long_text"
    count = "count"
    days = "days"
    area = "area"
    money = "money"
    percent = "percent"
    date = "date"
    flag = "flag"
    names = "names"
    label = "label"
    labels = "labels"


DIMENSION_OF: dict[Kind, Dimension] = {
    Kind.count: Dimension.count,
    Kind.days: Dimension.days,
    Kind.area: Dimension.area,
    Kind.money: Dimension.money,
    Kind.percent: Dimension.percent,
}
"""The kinds that are numbers, and what they measure."""
SHORT_TEXT = 200
"""Characters of a text that stands on one line; a longer one keeps its line breaks."""
_SCALARS: tuple[tuple[Any, Kind], ...] = (
    (Count, Kind.count),
    (Fen, Kind.money),
    (AreaM2, Kind.area),
    (Percent, Kind.percent),
    (Day, Kind.date),
    (Flag, Kind.flag),
)


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact of a sheet: its kind, its Chinese title, the enum of a label, and how much it may hold.

    `at_most`: characters of a text, names of a list.
    """

    kind: Kind
    title: str
    enum: type[StrEnum] | None = None
    at_most: int = SHORT_TEXT


def facts_of(
    *models: type[BaseModel], only: Iterable[str] | None = None, titles: Mapping[str, str] | None = None
) -> dict[str, Fact]:
    """The facts of the models' fields, in order.

    `only` picks and orders them; `titles` go before the fields' own. A count whose name speaks of `days` is days.
    """
    found: dict[str, Fact] = {}
    for model in models:
        hints = get_type_hints(model, include_extras=True)
        for name, field in model.model_fields.items():
            if only is None or name in only:
                found[name] = _fact(name, hints[name], (titles or {}).get(name) or field.title or name)
    return {name: found[name] for name in only} if only is not None else found


def _fact(name: str, annotation: Any, title: str) -> Fact:
    if get_origin(annotation) in (Union, UnionType):
        annotation = next(part for part in get_args(annotation) if part is not NoneType)
    for scalar, kind in _SCALARS:
        if annotation == scalar:
            return Fact(Kind.days if kind is Kind.count and "days" in name.split("_") else kind, title)
    bare, *limits = get_args(annotation) if get_origin(annotation) is Annotated else (annotation,)
    at_most = _at_most(limits)
    if get_origin(bare) is list:
        (item,) = get_args(bare)
        if isinstance(item, type) and issubclass(item, StrEnum):
            return Fact(Kind.labels, title, item)
        return Fact(Kind.names, title, at_most=at_most)
    if isinstance(bare, type) and issubclass(bare, StrEnum):
        return Fact(Kind.label, title, bare)
    if bare is not str:
        raise TypeError(f"no cell can be read as {name}: {annotation}")
    return Fact(Kind.text if at_most <= SHORT_TEXT else Kind.long_text, title, at_most=at_most)


def _at_most(limits: Iterable[Any]) -> int:
    for limit in limits:
        if isinstance(limit, StringConstraints) and limit.max_length is not None:
            return limit.max_length
        if isinstance(limit, FieldInfo):
            return next((part.max_length for part in limit.metadata if isinstance(part, MaxLen)), SHORT_TEXT)
    return SHORT_TEXT
