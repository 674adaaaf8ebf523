"""Whose petition anybody may see: one predicate for every list, count, export, figure and single read.

Accusations are sealed (信访工作条例 arts. 30, 46): besides those who register and inspect, only the unit handling one
sees that it exists, and never the unit it accuses. Other units see what was sent to them or by them; enterprises none.
"""

from sqlalchemy import ColumnElement, and_, exists, false, or_, select, true

from services.petitions.life.models import assignment
from services.petitions.registry.models import petition
from shared.chassis.identity import Caller

WHOLE = frozenset({"petition_office", "inspector"})
"""Every petition, accusations included."""
UNSEALED = frozenset({"office", "leader"})
"""Every petition that is no accusation."""
HANDLERS = frozenset({"department", "township", "taskforce", "judicial"})
"""What their own unit was sent, or has registered or sent on itself: it decides about an objection."""


def visible(caller: Caller) -> ColumnElement[bool]:
    """Which petitions of the caller's divisions the caller may see; join it with `within`."""
    seen: list[ColumnElement[bool]] = []
    if caller.roles & WHOLE:
        seen.append(true())
    elif caller.roles & UNSEALED:
        seen.append(~petition.c.is_sealed)
    if caller.roles & HANDLERS and caller.unit is not None:
        seen.append(_sent_to(caller.unit))
    if not seen:
        return false()
    unaccused = petition.c.accused_unit_code.is_distinct_from(caller.unit) if caller.unit is not None else true()
    return and_(or_(*seen), unaccused)


def _sent_to(unit_code: str) -> ColumnElement[bool]:
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
