"""The ladder a supervision order 督办单 climbs by itself (`domain.md` 5.2): which step comes next, and on which day.

Pure: a `Standing` in, the next one out. Days are days in China; a deadline ends at 24:00.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Self

from shared.schemas.projects.supervision import OrderState, SupervisionLevel

DAY = dt.timedelta(days=1)
LADDER = (
    SupervisionLevel.REMINDER,
    SupervisionLevel.BULLETIN,
    SupervisionLevel.INTERVIEW,
    SupervisionLevel.LISTED,
    SupervisionLevel.ACCOUNTABILITY,
)
LIVE = (OrderState.OPEN, OrderState.ANSWERED)


@dataclass(frozen=True, slots=True)
class Standing:
    """What of an order decides its next step; every field is a column of `supervision_order`."""

    state: str
    issued_on: dt.date
    due_on: dt.date
    silent_percent: int
    step_days: int
    feedback_every_days: int | None = None
    lead_unit_code: str | None = None
    assigned_on: dt.date | None = None
    extensions: int = 0
    last_feedback_on: dt.date | None = None
    claimed_on: dt.date | None = None
    answered_by: str | None = None
    level: str | None = None
    level_on: dt.date | None = None
    escalated_on: dt.date | None = None
    closed_on: dt.date | None = None
    closed_by: str | None = None

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Self:
        return cls(**{f.name: row[f.name] for f in fields(cls)})

    @property
    def columns(self) -> dict[str, Any]:
        """As the row holds it, with the day a sweep must look at it again."""
        rung = next_rung(self)
        own: dict[str, Any] = {f.name: getattr(self, f.name) for f in fields(self)}
        return own | {"next_due_on": rung.due_on if rung else None}


@dataclass(frozen=True, slots=True)
class Rung:
    """A step of the ladder and the day it falls due."""

    level: SupervisionLevel
    due_on: dt.date


def next_rung(order: Standing) -> Rung | None:
    """The step that comes next if nothing else happens; None when nothing more comes by itself.

    催办 falls due on the first of: the day after the deadline, a feedback missed in the rhythm, and, without any
    feedback, the day `silent_percent` of the time is gone. Each further step comes `step_days` after the day the last
    one would have followed the deadline, and never sooner than `step_days` after the last one was taken, so that a unit
    always has time to answer a step. A claim of being done holds the ladder only if it was made in time.
    """
    if order.state not in LIVE:
        return None
    if order.lead_unit_code is None:
        return None if order.escalated_on else Rung(SupervisionLevel.ESCALATION, order.issued_on)
    if order.claimed_on is not None and order.claimed_on <= order.due_on:
        return None
    step = order.step_days * DAY
    if order.level is None or order.level_on is None:
        return Rung(LADDER[0], _reminder_on(order))
    place = LADDER.index(SupervisionLevel(order.level)) + 1
    if place == len(LADDER):
        return None
    return Rung(LADDER[place], max(order.due_on + DAY + place * step, order.level_on + step))


def _reminder_on(order: Standing) -> dt.date:
    begun = order.assigned_on or order.issued_on
    days = [order.due_on + DAY]
    if order.last_feedback_on is None:
        percent_of_days = (order.due_on - begun).days * order.silent_percent
        days.append(begun + max(1, -(-percent_of_days // 100)) * DAY)
    if order.feedback_every_days is not None:
        days.append((order.last_feedback_on or begun) + (order.feedback_every_days + 1) * DAY)
    return min(days)


def due_rung(order: Standing, today: dt.date) -> Rung | None:
    """The one step to take today; None when none is due."""
    rung = next_rung(order)
    return rung if rung is not None and rung.due_on <= today else None


def climb(order: Standing, rung: Rung, today: dt.date) -> Standing:
    """The order after `rung`, which was due, has been taken."""
    if rung.level == SupervisionLevel.ESCALATION:
        return replace(order, escalated_on=today)
    return replace(order, level=rung.level.value, level_on=today)
