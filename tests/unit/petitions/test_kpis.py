"""From counted cases to figures, against counting them one by one."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from services.petitions.kpis import rules
from services.petitions.kpis.formulas import FORMULAS
from shared.schemas.petitions.kpis import LABELS, KpiFormula, KpiSide

HELD = st.lists(
    st.tuples(st.integers(0, 2 ** len(rules.PLACES) - 1), st.integers(1, 50), st.integers(1, 500)), max_size=20
)


@given(HELD)
def test_a_figure_counts_each_case_by_its_own_predicates(held: list[rules.Held]) -> None:
    for figure in rules.figures(held):
        for side in KpiSide:
            bit = 1 << rules.PLACES[figure.formula, side]
            holding = [(cases, people) for bits, cases, people in held if bits & bit]
            tally = getattr(figure, side.value)
            assert tally.case_count == sum(cases for cases, _ in holding)
            assert tally.people_count == sum(people for _, people in holding)


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_a_ratio_is_within_half_of_its_last_decimal(numerator: int, denominator: int) -> None:
    found = rules.ratio(numerator, denominator)
    if denominator == 0:
        assert found is None
        return
    assert found is not None
    assert found.as_tuple().exponent == -4
    assert abs(found * denominator - numerator) * 20_000 <= denominator


def test_half_is_rounded_up() -> None:
    assert (rules.ratio(1, 3), rules.ratio(2, 3)) == (Decimal("0.3333"), Decimal("0.6667"))
    assert (rules.ratio(1, 20_000), rules.ratio(0, 7), rules.ratio(7, 7)) == (
        Decimal("0.0001"),
        Decimal("0.0000"),
        Decimal("1.0000"),
    )


def test_every_formula_says_what_it_divides_by() -> None:
    for formula in KpiFormula:
        assert formula.value.endswith(("_due", "_all")), formula
        assert FORMULAS[formula].name == LABELS[KpiFormula][formula.value]
    assert len(set(LABELS[KpiFormula].values())) == len(KpiFormula)
    # One number of 64 bits says which of them hold.
    assert sorted(rules.PLACES.values()) == list(range(len(rules.PLACES)))
    assert len(rules.PLACES) < 64
