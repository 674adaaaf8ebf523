"""Which kind of value each fact holds, read off the contract so that a new fact needs no second list."""

from enum import Enum, StrEnum
from typing import Any, get_args

from shared.schemas.base import AreaM2, Count, Day, Fen, LongText, Percent, Text
from shared.schemas.projects.facts import (
    GROUPS,
    ConstructionStatus,
    CreditCode,
    ListMembership,
    Names,
    ProblemType,
    ProjectKind,
    ResolutionStatus,
)


class Kind(Enum):
    text = "text"
    long_text = "long_text"
    count = "count"
    days = "days"
    area = "area"
    money = "money"
    percent = "percent"
    date = "date"
    names = "names"
    credit_code = "credit_code"
    label = "label"
    labels = "labels"


_SCALARS: list[tuple[Any, Kind]] = [
    (Text, Kind.text),
    (LongText, Kind.long_text),
    (Count, Kind.count),
    (Fen, Kind.money),
    (AreaM2, Kind.area),
    (Percent, Kind.percent),
    (Day, Kind.date),
    (Names, Kind.names),
    (CreditCode, Kind.credit_code),
]
KINDS: dict[str, Kind] = {
    "name": Kind.text,
    "project_code": Kind.text,
    "aliases": Kind.names,
    "kind": Kind.label,
    "lists": Kind.labels,
    "construction_status": Kind.label,
    "resolution_status": Kind.label,
}
"""Fact name to kind: what the importer can read and the exporter writes, in the order of an export's columns."""
ENUM_OF: dict[str, type[StrEnum]] = {
    "kind": ProjectKind,
    "lists": ListMembership,
    "construction_status": ConstructionStatus,
    "resolution_status": ResolutionStatus,
    "problem_types": ProblemType,
}


def _derive() -> None:
    for model in GROUPS.values():
        for fact, field in model.model_fields.items():
            stated = next(arg for arg in get_args(field.annotation) if arg is not type(None))
            if isinstance(stated, type) and issubclass(stated, StrEnum):
                ENUM_OF[fact], KINDS[fact] = stated, Kind.label
            elif fact in ENUM_OF:
                KINDS[fact] = Kind.labels
            elif fact.endswith("_days_stated"):
                KINDS[fact] = Kind.days
            else:
                KINDS[fact] = next(kind for scalar, kind in _SCALARS if scalar == stated)


_derive()
