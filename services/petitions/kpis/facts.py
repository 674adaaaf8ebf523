"""One selection of cases with what is true of each as of a day: figures are counted from it and their cases listed.

Two axes: what had happened by `as_of` (a petition registered, an act done, a rating given) and been recorded by
`known_at`. What a petition is about (its project, demand, people, responsible unit) is as it stands now.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Subquery,
    Table,
    Text,
    and_,
    case,
    cast,
    false,
    func,
    or_,
    select,
    true,
    union_all,
)

from services.petitions.kpis.formulas import DUTIES, Predicate
from services.petitions.kpis.models import CLOSES
from services.petitions.life.models import petition_act, petition_clock
from services.petitions.ratings.models import petition_rating
from services.petitions.registry.models import petition
from services.petitions.registry.visibility import visible
from shared.chassis.identity import Caller
from shared.schemas.petitions.intake import GROUP_STARTS_AT, Channel, Demand
from shared.schemas.petitions.kpis import DateBasis, KpiDimension
from shared.schemas.petitions.ratings import Rating
from shared.schemas.petitions.states import ActKind, ClockKind, ClockState
from shared.storage.divisions import within
from shared.storage.rows import matching

Columns = Mapping[str, ColumnElement[Any]]
K, A, D = ClockKind, ActKind, Demand

DUTY_KINDS = (K.route, K.notify, K.acceptance, K.handle, K.simple, K.review, K.re_review)
HOMES = (D.delivery, D.refund, D.title_, D.quality, D.mortgage)
"""What only buyers of homes ask for; any other demand concerns housing where it names a project."""
SATISFIED = (Rating.satisfied, Rating.basically_satisfied)
responsible: ColumnElement[Any] = func.coalesce(petition.c.standing["opinion_by"].astext, petition.c.body_unit_code)
"""The unit that answers for a case: whose opinion it is, else who has it now."""
DIMENSIONS: dict[KpiDimension, ColumnElement[Any]] = {
    KpiDimension.division: petition.c.division_code,
    KpiDimension.unit: responsible,
    KpiDimension.level: petition.c.visit_level,
    KpiDimension.project: func.coalesce(cast(petition.c.project_id, Text), petition.c.project_name),
    KpiDimension.demand: petition.c.demand,
    KpiDimension.channel: petition.c.channel,
}
KEPT = (
    "division_code id petition_code register_code registered_on petitioned_on channel visit_level demand project_id "
    "project_name body_unit_code body_unit_name people_count state accepted_on repeat_of rule_repeat_of"
).split()
"""Columns of the petition that a fact, a group or a list of cases needs."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose cases, of which division prefix, as of when; `filters` are columns of the petition and their value."""

    caller: Caller
    scope: str
    as_of: dt.date
    known_at: dt.datetime
    window_days: int
    basis: DateBasis = DateBasis.registered
    since: dt.date | None = None
    until: dt.date | None = None
    unit_code: str | None = None
    filters: Mapping[str, Any] = field(default_factory=dict)


def facts(asked: Asked) -> Subquery:
    """Every case in question: its columns, and each fact the formulas speak of as a boolean of that name."""
    duty, close, again = _duties(asked), _closes(asked), _again(asked)
    here = [(petition.c.division_code == t.c.division_code) & (petition.c.id == t.c.petition_id) for t in (duty, close)]
    stood = (
        select(
            *(petition.c[name] for name in KEPT),
            *(what.label(f"by_{dimension.value}") for dimension, what in DIMENSIONS.items()),
            *(what.label(name) for name, what in _duty_facts(duty).items()),
            func.max(close.c.acted_on).filter(~close.c.reopens).label("closed_on"),
            # The last one says whether it is closed or a review has opened it again.
            (func.coalesce(func.max(close.c.number * 2 + cast(~close.c.reopens, Integer)), 0) % 2 == 1).label(
                "is_closed"
            ),
        )
        .select_from(petition.outerjoin(duty, here[0]).outerjoin(close, here[1]))
        .where(
            within(petition, asked.scope),
            visible(asked.caller),
            petition.c.registered_on <= asked.as_of,
            petition.c.created_at <= asked.known_at,
            *matching(petition, asked.filters),
            *_period(asked, petition),
            responsible == asked.unit_code if asked.unit_code is not None else true(),
        )
        .group_by(petition.c.division_code, petition.c.id)
        .subquery("stood")
    )
    rating = petition_rating
    is_rated = and_(rating.c.rated_on <= asked.as_of, rating.c.updated_at <= asked.known_at)
    rated = {who: and_(rating.c[f"{who}_rating"].is_not(None), is_rated) for who in ("body", "office")}
    return (
        select(
            *stood.c,
            *(func.coalesce(what, false()).label(f"{who}_rated") for who, what in rated.items()),
            *(
                func.coalesce(and_(what, rating.c[f"{who}_rating"].in_(SATISFIED)), false()).label(f"{who}_satisfied")
                for who, what in rated.items()
            ),
            *(case((what, rating.c[f"{who}_rating"])).label(f"{who}_rating") for who, what in rated.items()),
            func.coalesce(rating.c.window_ends_on < asked.as_of, false()).label("rating_window_over"),
            *(what.label(name) for name, what in _own_facts(stood, again, asked).items()),
        )
        .select_from(
            stood.outerjoin(
                rating,
                (rating.c.division_code == stood.c.division_code)
                & (rating.c.petition_id == stood.c.id)
                & (rating.c.created_at <= asked.known_at),
            ).outerjoin(again, (again.c.division_code == stood.c.division_code) & (again.c.main == stood.c.id))
        )
        .where(*_forwarded(asked, stood))
        .subquery("facts")
    )


def _own_facts(stood: Subquery, again: Subquery, asked: Asked) -> Columns:
    c = stood.c
    window_ends_on = c.closed_on + asked.window_days
    is_repeat = [c.rule_repeat_of.is_not(None), c.repeat_of.is_not(None)]
    return {
        "is_repeat_by_rule": is_repeat[0],
        "is_repeat_confirmed": is_repeat[1],
        "is_first": ~or_(*is_repeat),
        "resolution_window_over": func.coalesce(window_ends_on < asked.as_of, false()),
        "has_come_again": func.coalesce(again.c.registered_on <= window_ends_on, false()),
        "is_online": c.channel == Channel.online,
        "is_visit": c.channel == Channel.visit,
        "is_group": c.people_count >= GROUP_STARTS_AT,
        "is_housing": or_(c.project_id.is_not(None), c.project_name.is_not(None), c.demand.in_(HOMES)),
    }


def _duties(asked: Asked) -> Subquery:
    """The clocks of duties as they stood: done when, due when, missed or not.

    One that an act ended because nobody asked for it any more does not count; one that was late by then stays missed,
    which its `met_on` says. An extension is only granted in time, so before it was granted nothing was overdue; one
    that was not yet recorded did not count.
    """
    c = petition_clock.c
    is_done = and_(c.state == ClockState.met, c.ended_at <= asked.known_at, c.met_on <= asked.as_of)
    due_on = case((c.extended_at > asked.known_at, c.unextended_due_on), else_=c.due_on)
    is_past = and_(due_on < asked.as_of, or_(c.suspended_on.is_(None), c.suspended_on > asked.as_of))
    return (
        select(
            c.division_code,
            c.petition_id,
            c.kind,
            c.starts_on,
            due_on.label("due_on"),
            case((is_done, c.met_on)).label("met_on"),
            case((is_done, true()), else_=is_past).label("is_due"),
            case((is_done, c.met_on > due_on), else_=is_past).label("is_missed"),
            case((is_done, false()), else_=is_past).label("is_overdue"),
        )
        .where(
            within(petition_clock, asked.scope),
            c.kind.in_(DUTY_KINDS),
            c.starts_on <= asked.as_of,
            c.recorded_at <= asked.known_at,
            ~func.coalesce(and_(c.state == ClockState.void, c.ended_at <= asked.known_at), false()),
        )
        .subquery("duty")
    )


def _duty_facts(duty: Subquery) -> Columns:
    c = duty.c
    untold = petition.c.standing["cannot_be_told"].astext == "true"
    of: dict[str, Predicate] = {
        "routing": c.kind == K.route,
        "acceptance": or_(c.kind == K.notify, and_(c.kind == K.acceptance, untold)),
        "decision": c.kind == K.acceptance,
        "reply": c.kind.in_((K.handle, K.simple)),
    }
    found: dict[str, ColumnElement[Any]] = {"is_overdue": _any(c.is_overdue)}
    for name in DUTIES:
        found[f"has_{name}"] = func.coalesce(func.bool_or(of[name]), false())
        found |= {f"{name}_{what}": _any(c[f"is_{what}"], of[name]) for what in ("due", "missed", "overdue")}
    for name in ("acceptance", "reply"):
        found[f"{name}_due_on"] = func.max(c.due_on).filter(of[name])
    found["replied_on"] = func.max(c.met_on).filter(of["reply"])
    found["forwarded_on"] = func.min(c.starts_on).filter(of["decision"])
    return found


def _any(what: ColumnElement[Any], where: Predicate | None = None) -> ColumnElement[Any]:
    anybody = func.bool_or(what)
    return func.coalesce(anybody.filter(where) if where is not None else anybody, false())


def _closes(asked: Asked) -> Subquery:
    """Acts that close a case, and reviews that open it again."""
    c = petition_act.c
    return (
        select(c.division_code, c.petition_id, c.number, c.acted_on, (c.kind == A.decide_review).label("reopens"))
        .where(
            within(petition_act, asked.scope),
            CLOSES,
            c.acted_on <= asked.as_of,
            c.recorded_at <= asked.known_at,
        )
        .subquery("close")
    )


def _again(asked: Asked) -> Subquery:
    """The first later case of the same matter, by the earlier one.

    It may be another unit's: a matter that was not settled has come again wherever it went, but nobody learns of an
    accusation by it.
    """
    c = petition.c
    parts = [
        select(c.division_code, main.label("main"), c.registered_on).where(
            within(petition, asked.scope),
            main.is_not(None),
            c.registered_on <= asked.as_of,
            c.created_at <= asked.known_at,
            or_(~c.is_sealed, visible(asked.caller)),
        )
        for main in (c.repeat_of, c.rule_repeat_of)
    ]
    each = union_all(*parts).subquery("each")
    return (
        select(each.c.division_code, each.c.main, func.min(each.c.registered_on).label("registered_on"))
        .group_by(each.c.division_code, each.c.main)
        .subquery("again")
    )


def _period(asked: Asked, of: Table) -> list[Predicate]:
    """Whether the day that names the period is a column of the petition; `forwarded` is known of its clocks only."""
    if asked.basis is DateBasis.forwarded:
        return []
    return _between(of.c[f"{asked.basis.value}_on"], asked)


def _forwarded(asked: Asked, stood: Subquery) -> list[Predicate]:
    return _between(stood.c.forwarded_on, asked) if asked.basis is DateBasis.forwarded else []


def _between(day: ColumnElement[Any], asked: Asked) -> list[Predicate]:
    since = [day >= asked.since] if asked.since is not None else []
    return since + ([day <= asked.until] if asked.until is not None else [])
