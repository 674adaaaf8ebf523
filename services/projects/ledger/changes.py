"""From what somebody states to what the ledger keeps: one pure plan, used by hand-made changes and imports alike."""

import datetime as dt
from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from services.projects.ledger.rules import (
    DECIMAL_FACTS,
    Construction,
    canonical,
    changed_facts,
    enterprise_key,
    name_key,
)
from shared.schemas.projects.facts import GROUPS, ConstructionStatus, Resumption

STANDING = ("construction_status", "counted_construction_status", "resumption")
"""Stated together, so they share one day."""


@dataclass(frozen=True, slots=True)
class Plan:
    """`facts` go into the history as they were told; `columns` are what changes in the row of today."""

    effective_on: dt.date
    facts: dict[str, Any]
    marks: dict[str, str]
    columns: dict[str, Any] = field(default_factory=dict)
    restated: frozenset[str] = frozenset()
    """Facts that say what we hold already, for a later day."""

    @property
    def changed(self) -> list[str]:
        return sorted(self.facts.keys() - self.restated)

    def __bool__(self) -> bool:
        return bool(self.facts)


def flatten(groups: BaseModel, *, only_set: bool) -> dict[str, Any]:
    """Grouped facts as one flat mapping; `only_set` keeps a named null, which clears, apart from silence."""
    flat: dict[str, Any] = {}
    for group in GROUPS:
        stated: BaseModel | None = getattr(groups, group)
        if stated is None:
            continue
        names = stated.model_fields_set if only_set else type(stated).model_fields
        flat |= {name: getattr(stated, name) for name in names}
    return flat


def held_since(row: Mapping[str, Any], fact: str) -> str:
    """The day (ISO) the held value of a fact is from, empty where nobody has stated it; the standing is one thing."""
    days: Mapping[str, str] = row["fact_days"]
    return days.get("construction_status" if fact in STANDING else fact, "")


def is_late(row: Mapping[str, Any], effective_on: dt.date) -> bool:
    """Whether something we hold is from a later day, so that a statement of this day needs the past to compare with."""
    return any(day > effective_on.isoformat() for day in row["fact_days"].values())


def plan(
    row: Mapping[str, Any] | None,
    incoming: Mapping[str, Any],
    marks: Mapping[str, str],
    effective_on: dt.date,
    past: Mapping[str, Any] | None = None,
    restates: bool = False,
) -> Plan:
    """What changes when `incoming` is stated as of `effective_on`.

    A fact dated before the day of the value we hold is history, not news: it is recorded where it differs from `past`
    and the row keeps what it has. `past` is the row as it stood on `effective_on`, empty where it was not yet on the
    ledger; it is needed where `is_late`. A dated sheet `restates`: what it says of a later day still holds that day, so
    that a sheet of a day between, if one comes, finds it held.
    """
    if row is None:
        facts = {name: _canonical(name, value) for name, value in incoming.items() if value is not None}
        kept = {name: mark for name, mark in marks.items() if name in facts}
        columns = _columns(facts, incoming) | {
            "marks": kept,
            "fact_days": dict.fromkeys(facts, effective_on.isoformat()),
            "effective_on": effective_on,
        }
        return Plan(effective_on, facts, kept, columns | _keys(columns))
    if past is not None and not past:
        # Whatever else was unknown that day, it had its name.
        incoming = {"name": row["name"], "aliases": row["aliases"], "kind": row["kind"], "lists": []} | dict(incoming)
    day = effective_on.isoformat()
    late = {name for name in incoming if day < held_since(row, name)}
    # Most of a monthly sheet says what we hold; only what is not plainly equal is brought to canonical form.
    facts = changed_facts(row, {n: v for n, v in incoming.items() if n not in late and v != row.get(n)})
    columns = _columns(facts, incoming)
    restated = _restated(row, incoming, late | facts.keys(), day) if restates else {}
    facts |= restated
    news = facts.copy()
    facts |= changed_facts(past or {}, {n: v for n, v in incoming.items() if n in late})
    kept = {name: mark for name, mark in marks.items() if name in facts}
    days = row["fact_days"]
    if news:
        columns |= {
            "marks": {n: m for n, m in row["marks"].items() if n not in news} | {n: kept[n] for n in news if n in kept},
            "fact_days": days | dict.fromkeys(news, day),
            "effective_on": max(row["effective_on"], effective_on),
        }
    return Plan(effective_on, facts, kept, columns | _keys(columns), frozenset(restated))


def _restated(row: Mapping[str, Any], incoming: Mapping[str, Any], spoken_for: Set[str], day: str) -> dict[str, Any]:
    """What `incoming` repeats of the row for a day later than the row holds it from."""
    again = {
        name: _canonical(name, value)
        for name, value in incoming.items()
        if name not in spoken_for and value is not None and held_since(row, name) < day
    }
    return again | {name: row[name] for name in STANDING} if "construction_status" in again else again


def _canonical(fact: str, value: Any) -> Any:
    """`canonical`, without asking further where the type alone decides."""
    return value if type(value) in (int, str) and fact not in DECIMAL_FACTS else canonical(fact, value)


def _columns(facts: Mapping[str, Any], stated: Mapping[str, Any]) -> dict[str, Any]:
    """Lists are kept as the sets they are; everything else as Python has it."""
    return {name: told if isinstance(told, list) else stated[name] for name, told in facts.items()}


def _keys(columns: Mapping[str, Any]) -> dict[str, Any]:
    """What names are matched by follows the names."""
    keys: dict[str, Any] = {}
    if "name" in columns:
        keys["name_key"] = name_key(columns["name"])
    if "developer" in columns:
        keys["developer_key"] = enterprise_key(columns["developer"]) if columns["developer"] else ""
    if "aliases" in columns:
        keys["alias_keys"] = [name_key(alias) for alias in columns["aliases"]]
    return keys


def standing(row: Mapping[str, Any]) -> Construction:
    """Construction status of a row, as shown and as counted."""
    shown, counted = row["construction_status"], row["counted_construction_status"]
    return Construction(
        ConstructionStatus(shown) if shown else None,
        ConstructionStatus(counted) if counted else None,
        verified=row.get("resumption") == Resumption.verified,
    )


def construction_facts(decided: Construction) -> dict[str, Any]:
    return {
        "construction_status": decided.status,
        "counted_construction_status": decided.counted,
        "resumption": decided.resumption,
    }


def verification(row: Mapping[str, Any], decided: Construction, effective_on: dt.date) -> Plan:
    """A verified resumption. The whole standing is told anew for the day: an older sheet that comes in later must find
    it held, and a ledger rebuilt for that day must find it whole."""
    facts = {name: _canonical(name, value) for name, value in construction_facts(decided).items()}
    columns = facts | {
        "fact_days": row["fact_days"] | dict.fromkeys(facts, effective_on.isoformat()),
        "effective_on": max(row["effective_on"], effective_on),
    }
    return Plan(effective_on, facts, {}, columns, frozenset({"construction_status"}))


def grouped(row: Mapping[str, Any]) -> dict[str, Any]:
    """A flat row in the groups of the contract."""
    return {group: {name: row[name] for name in model.model_fields} for group, model in GROUPS.items()}
