"""The terms of a case as they stood, in one number: four bits for each duty.

A county has five clocks to a case; one number a clock and one aggregate a case is what makes fifty counts cheap.
"""

from typing import Any

from sqlalchemy import ColumnElement, Integer, Subquery, and_, case, false, func, literal_column, or_, select

from services.petitions.kpis.asked import Shape
from services.petitions.kpis.binds import AS_OF, KNOWN_AT, Predicate, here
from services.petitions.kpis.models import DUTIES_ONLY
from services.petitions.life.models import petition_clock
from shared.schemas.petitions.states import ClockKind as K
from shared.schemas.petitions.states import ClockState

ASKED, DUE, MISSED, OVERDUE = 1, 2, 4, 8
BITS = {"asked": ASKED, "due": DUE, "missed": MISSED, "overdue": OVERDUE}
FOUR_BITS = 4
KINDS: dict[str, tuple[K, ...]] = {
    "routing": (K.route,),
    "notice": (K.notify,),
    "decision": (K.acceptance,),
    "reply": (K.handle, K.simple),
    "review": (K.review, K.re_review),
}
"""Clocks by their duty, in the order of their bits."""
PLACES = {name: FOUR_BITS * place for place, name in enumerate(KINDS)}


def clocks(shape: Shape) -> Subquery:
    """The clocks of duties: when due, when done, and the bits of each (`terms`).

    One that an act ended because nobody asked for it any more does not count; one that was late by then stays missed,
    which its `met_on` says. An extension is only granted in time, so before it was granted nothing was overdue; one
    that was not yet recorded did not count.
    """
    c = petition_clock.c
    is_done = and_(c.state == ClockState.met, c.ended_at <= KNOWN_AT, c.met_on <= AS_OF)
    due_on = case((c.extended_at > KNOWN_AT, c.unextended_due_on), else_=c.due_on)
    is_past = and_(due_on < AS_OF, or_(c.suspended_on.is_(None), c.suspended_on > AS_OF))
    bits = case(
        (is_done, case((c.met_on > due_on, _number(ASKED | DUE | MISSED)), else_=_number(ASKED | DUE))),
        (is_past, _number(ASKED | DUE | MISSED | OVERDUE)),
        else_=_number(ASKED),
    )
    place = case(*((c.kind.in_(kinds), _number(PLACES[name])) for name, kinds in KINDS.items()))
    return (
        select(
            c.division_code,
            c.petition_id,
            c.kind,
            c.starts_on,
            due_on.label("due_on"),
            case((is_done, c.met_on)).label("met_on"),
            bits.op("<<")(place).label("terms"),
        )
        .where(
            here(petition_clock, shape),
            DUTIES_ONLY,
            c.starts_on <= AS_OF,
            c.recorded_at <= KNOWN_AT,
            ~func.coalesce(and_(c.state == ClockState.void, c.ended_at <= KNOWN_AT), false()),
        )
        .subquery("clock")
    )


def gathered(clock: Subquery) -> dict[str, ColumnElement[Any]]:
    """Of all clocks of a case: their bits together, and the days a list of cases shows."""
    c = clock.c
    return {
        "terms": func.coalesce(func.bit_or(c.terms), _number(0)),
        "acceptance_due_on": func.max(c.due_on).filter(c.kind.in_((K.notify, K.acceptance))),
        "reply_due_on": func.max(c.due_on).filter(c.kind.in_(KINDS["reply"])),
        "replied_on": func.max(c.met_on).filter(c.kind.in_(KINDS["reply"])),
        "forwarded_on": func.min(c.starts_on).filter(c.kind == K.acceptance),
    }


def facts(terms: ColumnElement[int]) -> dict[str, Predicate]:
    """What the formulas say of the four duties, and `is_overdue` of any."""

    def holds(duty: str, bit: int) -> Predicate:
        return terms.op("&")(_number(bit << PLACES[duty])) != _number(0)

    anything = sum(OVERDUE << place for place in PLACES.values())
    found: dict[str, Predicate] = {"is_overdue": terms.op("&")(_number(anything)) != _number(0)}
    for what, bit in BITS.items():
        found |= {f"{duty}_{what}": holds(duty, bit) for duty in ("routing", "decision", "reply")}
        # Where nobody can be told, there is only the term to decide.
        told, decided = holds("notice", bit), holds("decision", bit)
        found[f"acceptance_{what}"] = case((holds("notice", ASKED), told), else_=decided)
    return found


def _number(value: int) -> ColumnElement[int]:
    """Written into the statement: there are no others."""
    return literal_column(str(value), Integer)
