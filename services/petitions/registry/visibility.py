"""Whose petition anybody may see: one predicate for every list, count, export, figure and single read.

Accusations are sealed (信访工作条例 arts. 30, 46): besides those who register and inspect, only the unit handling one
sees that it exists, and never the unit it accuses. Other units see what was sent to them or by them; enterprises none.
"""

from dataclasses import dataclass

from sqlalchemy import BindParameter, ColumnElement, and_, exists, false, or_, select, true

from services.petitions.registry.models import assignment, petition
from shared.chassis.identity import Caller

Unit = str | BindParameter[str] | None
WHOLE = frozenset({"petition_office", "inspector"})
"""Every petition, accusations included."""
UNSEALED = frozenset({"office", "leader"})
"""Every petition that is no accusation."""
HANDLERS = frozenset({"department", "township", "taskforce", "judicial"})
"""What their own unit was sent, or has registered or sent on itself: it decides about an objection."""


@dataclass(frozen=True, slots=True)
class Eyes:
    """What decides which petitions somebody may see, but for the unit itself."""

    whole: bool
    unsealed: bool
    handles: bool
    has_unit: bool


def eyes_of(caller: Caller) -> Eyes:
    roles = caller.roles
    return Eyes(bool(roles & WHOLE), bool(roles & UNSEALED), bool(roles & HANDLERS), caller.unit is not None)


def visible(caller: Caller) -> ColumnElement[bool]:
    """Which petitions of the caller's divisions the caller may see; join it with `within`."""
    return visible_to(eyes_of(caller), caller.unit)


def visible_to(eyes: Eyes, unit: Unit) -> ColumnElement[bool]:
    """The same where the unit is told later, as a parameter."""
    seen: list[ColumnElement[bool]] = []
    if eyes.whole:
        seen.append(true())
    elif eyes.unsealed:
        seen.append(~petition.c.is_sealed)
    if eyes.handles and eyes.has_unit:
        seen.append(_sent_to(unit))
    if not seen:
        return false()
    unaccused = petition.c.accused_unit_code.is_distinct_from(unit) if eyes.has_unit else true()
    return and_(or_(*seen), unaccused)


def _sent_to(unit_code: Unit) -> ColumnElement[bool]:
    # Under a name of its own: the list it is part of may be one of assignments.
    to = assignment.alias("sent_to")
    sent = exists(
        select(to.c.id).where(
            to.c.division_code == petition.c.division_code,
            to.c.petition_id == petition.c.id,
            to.c.unit_code == unit_code,
            to.c.ended_on.is_(None),
        )
    )
    return or_(petition.c.body_unit_code == unit_code, petition.c.sender_unit_code == unit_code, sent)
