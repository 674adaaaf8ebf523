"""What follows from stated facts: never stored, always computed as of a day, null where a fact it needs is unknown."""

import datetime as dt
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from services.projects.ledger.rules import AT_A_STANDSTILL
from shared.schemas.projects.facts import ConstructionStatus
from shared.schemas.projects.ledger import Derived

Facts = Mapping[str, Any]
"""Fact name to value (int, Decimal, date, str, list); absent and None both mean unknown."""

FOUR_PLACES = Decimal("0.0001")


def rate(numerator: int | None, denominator: int | None) -> Decimal | None:
    """4 decimals, half up; null where a side is unknown or the denominator is zero."""
    if numerator is None or not denominator:
        return None
    return (Decimal(numerator) / Decimal(denominator)).quantize(FOUR_PLACES, ROUND_HALF_UP)


def counted_status(facts: Facts) -> ConstructionStatus | None:
    """The construction status statistics believe: a claimed resumption does not count."""
    return facts.get("counted_construction_status") or facts.get("construction_status")


def units_undelivered(facts: Facts) -> int | None:
    """已售 − 已交付; negative where more is delivered than sold, which `contradictions` then lists."""
    sold: int | None = facts.get("units_sold")
    delivered: int | None = facts.get("units_delivered")
    return None if sold is None or delivered is None else sold - delivered


def delay_days(facts: Facts, as_of: dt.date) -> int | None:
    """Days from the contract's delivery day to the actual one, or to `as_of`; 0 before it is due.

    Null for a project delivered on a day nobody stated: its delay has ended, but not on any known day.
    """
    due: dt.date | None = facts.get("contract_delivery_on")
    if due is None:
        return None
    status = counted_status(facts)
    until: dt.date | None = as_of
    if status in (None, ConstructionStatus.delivered):
        delivered_on = facts.get("delivered_on")
        if delivered_on is not None:
            until = min(delivered_on, as_of)
        elif status is not None:
            until = None
    return None if until is None else max((until - due).days, 0)


def stopped_days(facts: Facts, as_of: dt.date) -> int | None:
    """Days from the stop to the resumption, or to `as_of` while it stands still.

    Null where the project works again and nobody stated since when. A resumption before the stop belongs to an
    earlier stop and ends nothing.
    """
    stopped_on: dt.date | None = facts.get("stopped_on")
    resumed_on: dt.date | None = facts.get("resumed_on")
    if stopped_on is None:
        return None
    if resumed_on is not None and stopped_on <= resumed_on <= as_of:
        return (resumed_on - stopped_on).days
    if counted_status(facts) not in (None, *AT_A_STANDSTILL):
        return None
    return max((as_of - stopped_on).days, 0)


def derive(facts: Facts, as_of: dt.date) -> Derived:
    """Everything the contract calls derived, as of one day."""
    return Derived(
        as_of=as_of,
        units_undelivered=units_undelivered(facts),
        delay_days=delay_days(facts, as_of),
        stopped_days=stopped_days(facts, as_of),
        delivery_rate=rate(facts.get("units_delivered"), facts.get("units_sold")),
        sold_rate=rate(facts.get("units_sold"), facts.get("units_total")),
    )
