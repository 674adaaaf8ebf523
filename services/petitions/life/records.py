"""Between rows and values: a case from its petition and clocks, and what a case and its clocks are as columns. Pure."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields, replace
from typing import Any

from services.petitions.life import clocks as law
from services.petitions.life.case import Act, Case
from services.petitions.life.clocks import Clock
from shared.chassis.calendar import WorkCalendar
from shared.schemas.petitions.states import (
    ActKind,
    ClockKind,
    ClockState,
    LegalRoute,
    PetitionClass,
    PetitionState,
    ReviewOutcome,
)
from shared.schemas.petitions.steps import BodyLevel, DeliveryMethod, PetitionDocument, Recipient
from shared.storage.rows import Row

STANDING = (
    "is_direct",
    "cannot_be_told",
    "is_received",
    "objection",
    "is_simple",
    "extension_days",
    "extension_by",
    "is_extended",
    "opinion_by",
    "review_by",
    "review_level",
    "hearing_since",
    "hearing_until",
    "stood_aside",
)
"""Fields of a case that no list asks for: they stand together in `petition.standing`."""
ACT_FACTS = (
    "to_level",
    "petition_class",
    "legal_route",
    "days",
    "told_on",
    "is_simple",
    "cannot_be_told",
    "outcome",
    "reason",
    "document",
    "method",
    "recipient",
    "person",
    "is_assumed",
)


def case_of(row: Mapping[str, Any], clock_rows: Iterable[Mapping[str, Any]]) -> Case:
    kept = row["standing"]
    return Case(
        state=PetitionState(row["state"]),
        registered_on=row["registered_on"],
        sender=row["sender_unit_code"],
        acts=row["acts"],
        last_on=row["last_on"],
        petition_class=PetitionClass(row["petition_class"]) if row["petition_class"] else None,
        legal_route=LegalRoute(row["legal_route"]) if row["legal_route"] else None,
        body=row["body_unit_code"],
        accepted_on=row["accepted_on"],
        opinion_on=row["opinion_on"],
        delivered_on=row["delivered_on"],
        is_direct=kept["is_direct"],
        cannot_be_told=kept["cannot_be_told"],
        is_received=kept["is_received"],
        objection=kept["objection"],
        is_simple=kept["is_simple"],
        extension_days=kept["extension_days"],
        extension_by=kept["extension_by"],
        is_extended=kept["is_extended"],
        opinion_by=kept["opinion_by"],
        review_by=kept["review_by"],
        review_level=BodyLevel(kept["review_level"]) if kept["review_level"] else None,
        hearing_since=_day(kept["hearing_since"]),
        hearing_until=_day(kept["hearing_until"]),
        stood_aside=frozenset(kept["stood_aside"]),
        clocks=tuple(clock_of(found) for found in clock_rows),
    )


def columns_of(case: Case, calendar: WorkCalendar) -> dict[str, Any]:
    """The columns of `petition` that the acts decide, but for the units' names."""
    running = [clock for clock in case.clocks if clock.state is ClockState.running and clock.rule.is_duty]
    return {
        "state": case.state.value,
        "registered_on": case.registered_on,
        "sender_unit_code": case.sender,
        "acts": case.acts,
        "last_on": case.last_on,
        "petition_class": case.petition_class.value if case.petition_class else None,
        "legal_route": case.legal_route.value if case.legal_route else None,
        "body_unit_code": case.body,
        "accepted_on": case.accepted_on,
        "opinion_on": case.opinion_on,
        "delivered_on": case.delivered_on,
        "standing": {name: _json(getattr(case, name)) for name in STANDING},
        "next_due_on": min((law.due(clock, calendar) for clock in running), default=None),
        "next_internal_due_on": min((law.internal_due(clock, calendar) for clock in running), default=None),
    }


def _json(value: object) -> object:
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted(value)
    return value


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def clock_of(row: Mapping[str, Any]) -> Clock:
    return Clock(
        number=row["number"],
        kind=ClockKind(row["kind"]),
        started_by=row["started_by"],
        starts_on=row["starts_on"],
        extended_days=row["extended_days"],
        suspended_days=row["suspended_days"],
        suspended_on=row["suspended_on"],
        state=ClockState(row["state"]),
        ended_by=row["ended_by"],
        met_on=row["met_on"],
    )


def clock_columns(clock: Clock, calendar: WorkCalendar) -> dict[str, Any]:
    """Columns of `petition_clock`, but for its petition, its unit and when it was recorded."""
    internal_due_on = law.internal_due(clock, calendar)
    return {
        **asdict(clock),
        "kind": clock.kind.value,
        "state": clock.state.value,
        "rule_version": clock.rule.version,
        "days": clock.rule.days,
        "day_type": clock.rule.day_type.value,
        "internal_due_on": internal_due_on,
        "due_on": law.due(clock, calendar),
        "unextended_due_on": law.due(replace(clock, extended_days=0), calendar) if clock.extended_days else None,
        "is_provisional": law.is_provisional(clock, calendar),
        "next_reminder_on": _look_on(clock, internal_due_on),
    }


def _look_on(clock: Clock, internal_due_on: dt.date) -> dt.date | None:
    """When a sweep first looks whether somebody is to be reminded: no county may set an earlier share of the time."""
    if clock.state is not ClockState.running or not clock.rule.is_duty:
        return None
    return law.used_on(clock.starts_on, internal_due_on, law.REMINDED_FROM_PERCENT, clock.suspended_days)


def act_of(row: Mapping[str, Any]) -> Act:
    facts = row["facts"]
    return Act(
        kind=ActKind(row["kind"]),
        on=row["acted_on"],
        actor=row["actor"],
        unit=row["unit_code"],
        to_unit=row["to_unit_code"],
        petition_class=PetitionClass(facts["petition_class"]) if facts.get("petition_class") else None,
        legal_route=LegalRoute(facts["legal_route"]) if facts.get("legal_route") else None,
        to_level=BodyLevel(facts["to_level"]) if facts.get("to_level") else None,
        days=facts.get("days"),
        told_on=_day(facts.get("told_on")),
        is_simple=facts.get("is_simple", False),
        cannot_be_told=facts.get("cannot_be_told", False),
        outcome=ReviewOutcome(facts["outcome"]) if facts.get("outcome") else None,
        reason=facts.get("reason"),
        document=PetitionDocument(facts["document"]) if facts.get("document") else None,
        method=DeliveryMethod(facts["method"]) if facts.get("method") else None,
        recipient=Recipient(facts["recipient"]) if facts.get("recipient") else None,
        person=facts.get("person"),
        is_assumed=facts.get("is_assumed", False),
    )


def act_columns(act: Act, number: int) -> Row:
    """Columns of `petition_act`, but for its petition, names, papers and when it was recorded."""
    empty = {field.name: field.default for field in fields(Act)}
    return {
        "number": number,
        "kind": act.kind.value,
        "acted_on": act.on,
        "actor": act.actor,
        "unit_code": act.unit,
        "to_unit_code": act.to_unit,
        "facts": {name: _json(value) for name in ACT_FACTS if (value := getattr(act, name)) != empty[name]},
    }
