"""From counted cases to figures. Pure."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from shared.schemas.petitions.kpis import LABELS, KpiFigure, KpiFormula, KpiSide, Tally

FOUR = Decimal("0.0001")
PLACES: dict[tuple[KpiFormula, KpiSide], int] = {
    of: place for place, of in enumerate((formula, side) for formula in KpiFormula for side in KpiSide)
}
"""The bit of each predicate in the number that says which of them hold for a case: at most 63 of them."""

Held = tuple[int, int, int]
"""Which predicates hold, for how many cases, of how many people."""


def ratio(numerator: int, denominator: int) -> Decimal | None:
    """4 decimals, half up; None where there is nothing to divide by."""
    return (Decimal(numerator) / denominator).quantize(FOUR, ROUND_HALF_UP) if denominator else None


def tally(held: Iterable[Held], place: int | None = None) -> Tally:
    """Cases and people of those for which the predicate at `place` holds; without one, of all."""
    counted = [(cases, people) for holding, cases, people in held if place is None or holding >> place & 1]
    return Tally(case_count=sum(cases for cases, _ in counted), people_count=sum(people for _, people in counted))


def figure(formula: KpiFormula, held: list[Held]) -> KpiFigure:
    numerator = tally(held, PLACES[formula, KpiSide.numerator])
    denominator = tally(held, PLACES[formula, KpiSide.denominator])
    return KpiFigure(
        formula=formula,
        name=LABELS[KpiFormula][formula.value],
        numerator=numerator,
        denominator=denominator,
        value=ratio(numerator.case_count, denominator.case_count),
    )


def figures(held: list[Held]) -> list[KpiFigure]:
    return [figure(formula, held) for formula in KpiFormula]
