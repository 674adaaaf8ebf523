"""The duties units are reminded of, each kind as the table it stands in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Integer, Table, and_, case, literal, null, or_

from services.petitions.leaders.models import case_promise
from services.petitions.life.case import FINAL
from services.petitions.life.clocks import RULES
from services.petitions.life.models import petition_clock
from services.petitions.registry.models import assignment, petition
from shared.schemas.petitions.reminders import ReminderSubject

_C, _A, _P = petition_clock.c, assignment.c, case_promise.c
_WINDOWS = [kind.value for kind, rule in RULES.items() if not rule.is_duty]
_FINAL = [state.value for state in FINAL]


@dataclass(frozen=True, slots=True)
class Source:
    """A table of duties: `key` finds one in its petition, `is_over` when nobody waits for it any more."""

    subject: ReminderSubject
    table: Table
    key: ColumnElement[Any]
    is_over: ColumnElement[bool]
    duty: Mapping[str, ColumnElement[Any]]
    """`starts_on`, `internal_due_on`, `due_on`, `suspended_days`, `clock_kind`, `unit_name`."""
    may_be_unowned: bool = False


def _of_clock() -> dict[str, ColumnElement[Any]]:
    days = {name: _C[name] for name in ("starts_on", "internal_due_on", "due_on", "suspended_days")}
    # The clock keeps the code alone; the petition knows what its two units are called.
    name = case(
        (petition.c.body_unit_code == _C.unit_code, petition.c.body_unit_name),
        (petition.c.sender_unit_code == _C.unit_code, petition.c.sender_unit_name),
    )
    return days | {"clock_kind": _C.kind, "unit_name": name}


def _dated(starts_on: ColumnElement[Any], due_on: ColumnElement[Any], unit_name: ColumnElement[Any]) -> dict[str, Any]:
    """A duty whose days nobody rolls over rest days."""
    days = {"starts_on": starts_on, "internal_due_on": due_on, "due_on": due_on, "suspended_days": literal(0, Integer)}
    return days | {"clock_kind": null(), "unit_name": unit_name}


SOURCES = (
    Source(
        ReminderSubject.clock,
        petition_clock,
        _C.number,
        or_(_C.state != "running", _C.kind.in_(_WINDOWS)),
        _of_clock(),
        may_be_unowned=True,
    ),
    Source(
        ReminderSubject.assignment,
        assignment,
        _A.id,
        or_(
            _A.answered_on.is_not(None),
            _A.ended_on.is_not(None),
            petition.c.state.in_(_FINAL),
            and_(_A.is_lead, petition.c.opinion_on.is_not(None)),
        ),
        _dated(_A.sent_on, _A.due_on, _A.unit_name),
    ),
    Source(
        ReminderSubject.promise,
        case_promise,
        _P.id,
        _P.outcome.is_not(None),
        _dated(_P.made_on, _P.due_on, _P.unit_name),
    ),
)
