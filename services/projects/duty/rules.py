"""What duty 包抓 asks for: one holder at a time, no gap in what a successor is told, no history rewritten.

Pure: values in, a value or a `Problem` out.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from shared.schemas.projects.duty import ResponsibilityKind

UNIT_ROLES = ("taskforce", *(kind.value for kind in ResponsibilityKind))
"""Roles a unit answers in, the one that counts first where it has several."""


@dataclass(frozen=True, slots=True)
class Party:
    """Who answers: `code` and `name` of the person where one is named, else of the unit; the unit beside it."""

    code: str
    name: str
    unit_code: str | None
    unit_name: str | None


@dataclass(frozen=True, slots=True)
class LiveDuty:
    """Who answers for a project on a day; `responsibilities` by `ResponsibilityKind`, those nobody bears are None."""

    lead: Party | None = None
    supporting: Party | None = None
    taskforce: Party | None = None
    responsibilities: Mapping[str, Party | None] = field(default_factory=dict)


def party(term: Mapping[str, Any]) -> Party:
    code, name = (
        (term["person_code"], term["person_name"]) if term["person_code"] else (term["unit_code"], term["unit_name"])
    )
    return Party(code, name, term["unit_code"], term["unit_name"])


def live_duty(terms: Iterable[Mapping[str, Any]]) -> LiveDuty:
    """The terms of one project and day, at most one of each role."""
    holders = {term["role"]: party(term) for term in terms}
    return LiveDuty(
        lead=holders.get("lead"),
        supporting=holders.get("supporting"),
        taskforce=holders.get("taskforce"),
        responsibilities={kind.value: holders.get(kind.value) for kind in ResponsibilityKind},
    )
