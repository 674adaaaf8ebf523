"""One selection of cases with what is true of each as of a day: figures are counted from it and their cases listed.

Two axes: what had happened by `as_of` (a petition registered, an act done, a rating given) and been recorded by
`known_at`. What a petition is about (its project, demand, people, responsible unit) is as it stands now.
"""

from collections.abc import Callable, Mapping
from operator import eq, ge, le
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    Subquery,
    Table,
    Text,
    and_,
    case,
    cast,
    exists,
    false,
    func,
    or_,
    select,
    union_all,
)

from services.petitions.kpis import terms
from services.petitions.kpis.asked import Shape
from services.petitions.kpis.binds import AS_OF, KNOWN_AT, WINDOW_DAYS, Predicate, given, here
from services.petitions.kpis.models import CLOSES
from services.petitions.life.models import petition_act
from services.petitions.ratings.models import petition_rating
from services.petitions.registry.models import petition
from services.petitions.registry.visibility import visible
from services.petitions.repeats.models import repeat_decision
from shared.schemas.petitions.intake import GROUP_STARTS_AT, Channel, Demand
from shared.schemas.petitions.kpis import DateBasis, KpiDimension
from shared.schemas.petitions.ratings import Rating
from shared.schemas.petitions.states import ActKind, ClockKind

Columns = Mapping[str, ColumnElement[Any]]
K, A, D = ClockKind, ActKind, Demand

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
    "project_name body_unit_code body_unit_name people_count state accepted_on merged_into"
).split()
"""Columns of the petition that a fact, a group or a list of cases needs."""
FILTERS = frozenset(
    "project_id project_name township channel demand purpose visit_level petition_class content_class is_joint "
    "is_anonymous is_threat is_backlog is_litigation is_cross_region is_skip_level".split()
)
"""Columns of the petition that may be asked for by their value."""
COMPARED: dict[str, Callable[[Any, Any], Predicate]] = {"content_class": func.starts_with}
"""A class of matters with all beneath it."""


def facts(shape: Shape) -> Subquery:
    """Every case in question: its columns, and each fact the formulas speak of as a boolean of that name."""
    clock, close, confirmed = terms.clocks(shape), _closes(shape), _confirmed(shape)
    again = _again(shape, confirmed)
    stood = (
        select(
            *(petition.c[name] for name in KEPT),
            *(what.label(f"by_{dimension.value}") for dimension, what in DIMENSIONS.items()),
            *(what.label(name) for name, what in terms.gathered(clock).items()),
            _repeats_by_rule().label("is_repeat_by_rule"),
            func.max(close.c.acted_on).filter(~close.c.reopens).label("closed_on"),
            # The last one says whether it is closed or a review has opened it again.
            (func.coalesce(func.max(close.c.number * 2 + cast(~close.c.reopens, Integer)), 0) % 2 == 1).label(
                "is_closed"
            ),
        )
        .select_from(petition.outerjoin(clock, _same(clock, petition)).outerjoin(close, _same(close, petition)))
        .where(
            here(petition, shape),
            visible(shape.caller),
            petition.c.registered_on <= AS_OF,
            petition.c.created_at <= KNOWN_AT,
            *(given(shape, name, COMPARED.get(name, eq), petition.c[name]) for name in sorted(shape.given & FILTERS)),
            *_period(shape, petition),
            given(shape, "unit_code", eq, responsible),
        )
        .group_by(petition.c.division_code, petition.c.id)
        .subquery("stood")
    )
    rating = petition_rating
    is_rated = and_(rating.c.rated_on <= AS_OF, rating.c.updated_at <= KNOWN_AT)
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
            *(what.label(name) for name, what in _silent(rating, stood, confirmed).items()),
            *(what.label(name) for name, what in terms.facts(stood.c.terms).items()),
            *(what.label(name) for name, what in _own_facts(stood, again, confirmed).items()),
        )
        .select_from(
            stood.outerjoin(
                rating,
                _same(rating, stood) & (rating.c.created_at <= KNOWN_AT),
            )
            .outerjoin(again, (again.c.division_code == stood.c.division_code) & (again.c.main == stood.c.id))
            .outerjoin(confirmed, _same(confirmed, stood))
        )
        .where(*_forwarded(shape, stood))
        .subquery("facts")
    )


def _own_facts(stood: Subquery, again: Subquery, confirmed: Subquery) -> Columns:
    c = stood.c
    window_ends_on = c.closed_on + WINDOW_DAYS
    is_confirmed = confirmed.c.petition_id.is_not(None)
    return {
        "is_repeat_confirmed": is_confirmed,
        "is_first": ~or_(c.is_repeat_by_rule, is_confirmed),
        "resolution_window_over": func.coalesce(window_ends_on < AS_OF, false()),
        "has_come_again": func.coalesce(again.c.registered_on <= window_ends_on, false()),
        "is_online": c.channel == Channel.online,
        "is_visit": c.channel == Channel.visit,
        "is_group": c.people_count >= GROUP_STARTS_AT,
        "is_housing": or_(c.project_id.is_not(None), c.project_name.is_not(None), c.demand.in_(HOMES)),
    }


def _closes(shape: Shape) -> Subquery:
    """Acts that close a case, and reviews that open it again."""
    c = petition_act.c
    return (
        select(c.division_code, c.petition_id, c.number, c.acted_on, (c.kind == A.decide_review).label("reopens"))
        .where(
            here(petition_act, shape),
            CLOSES,
            c.acted_on <= AS_OF,
            c.recorded_at <= KNOWN_AT,
        )
        .subquery("close")
    )


def _same(of: FromClause, case_: FromClause) -> Predicate:
    """The rows of a case in another table."""
    return (of.c.division_code == case_.c.division_code) & (of.c.petition_id == case_.c.id)


def _silent(rating: FromClause, stood: Subquery, confirmed: Subquery) -> Columns:
    """Whether a window passed in which the body, the office could have been rated: of what is rated at all, and only
    where its last day is known. A case the office answered itself has no body to rate."""
    is_over = and_(rating.c.window_ends_on < AS_OF, stood.c.merged_into.is_(None), confirmed.c.petition_id.is_(None))
    of_body = and_(is_over, rating.c.rated_body_code.is_not(None))
    return {f"{who}_silent": func.coalesce(what, false()) for who, what in (("body", of_body), ("office", is_over))}


def _repeats_by_rule() -> Predicate:
    """There is an earlier case of the same person, project and demand, and it was known."""
    earlier = petition.alias("earlier")
    return exists(
        select(earlier.c.id).where(
            earlier.c.division_code == petition.c.division_code,
            earlier.c.id == petition.c.rule_repeat_of,
            earlier.c.created_at <= KNOWN_AT,
        )
    )


def _confirmed(shape: Shape) -> Subquery:
    """Cases a person had said are repeats, and not taken it back."""
    c = repeat_decision.c
    is_withdrawn = func.coalesce(and_(c.withdrawn_on <= AS_OF, c.updated_at <= KNOWN_AT), false())
    stands = [here(repeat_decision, shape), c.decided_on <= AS_OF, c.created_at <= KNOWN_AT, ~is_withdrawn]
    return select(c.division_code, c.petition_id).distinct().where(*stands).subquery("confirmed")


def _again(shape: Shape, confirmed: Subquery) -> Subquery:
    """The first later case of the same matter, by the earlier one.

    It may be another unit's: a matter that was not settled has come again wherever it went, but nobody learns of an
    accusation by it.
    """
    c = petition.c
    parts = [
        select(c.division_code, main.label("main"), c.registered_on)
        .select_from(repeats)
        .where(
            here(petition, shape),
            main.is_not(None),
            c.registered_on <= AS_OF,
            c.created_at <= KNOWN_AT,
            or_(~c.is_sealed, visible(shape.caller)),
        )
        for repeats, main in (
            (petition.join(confirmed, _same(confirmed, petition)), c.repeat_of),
            (petition, c.rule_repeat_of),
        )
    ]
    each = union_all(*parts).subquery("each")
    return (
        select(each.c.division_code, each.c.main, func.min(each.c.registered_on).label("registered_on"))
        .group_by(each.c.division_code, each.c.main)
        .subquery("again")
    )


def _period(shape: Shape, of: Table) -> list[Predicate]:
    """Whether the day that names the period is a column of the petition; `forwarded` is known of its clocks only."""
    if shape.basis is DateBasis.forwarded:
        return []
    return _between(of.c[f"{shape.basis.value}_on"], shape)


def _forwarded(shape: Shape, stood: Subquery) -> list[Predicate]:
    return _between(stood.c.forwarded_on, shape) if shape.basis is DateBasis.forwarded else []


def _between(day: ColumnElement[Any], shape: Shape) -> list[Predicate]:
    return [given(shape, "since", ge, day), given(shape, "until", le, day)]
