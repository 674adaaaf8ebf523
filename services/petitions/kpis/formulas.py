"""The figures of petition work, each as two predicates over one selection of cases (`facts.facts`).

A figure counts the cases of its denominator, and of these the ones its numerator picks; the same two predicates list
them. What a case is asked for falls under four duties (信访工作条例 2022):

| duty | term | article |
|---|---|---|
| `routing` | registered → forwarded, 15 days | 22 |
| `acceptance` | received → petitioner told; where nobody can be told, → accepted or not | 23 |
| `decision` | received → told whether accepted, 15 days | 23 |
| `reply` | accepted → opinion, 60 days (90 extended) or 10 working days | 34 |

A duty is *asked* of a case when a clock of it was ever started that no return or withdrawal ended in time. It is *due*
when one of these is done or its last day is over, *missed* when one was done late or is overdue, *overdue* when one is
not done and its last day is over. A last day is over on the day after it.
"""

from dataclasses import dataclass

from sqlalchemy import Boolean, ColumnElement, and_, column, true

from shared.schemas.petitions.kpis import LABELS, KpiFormula, KpiSide

Predicate = ColumnElement[bool]


@dataclass(frozen=True)
class Formula:
    """The cases of `denominator`, and those of them that `picked` holds for."""

    id: KpiFormula
    denominator: Predicate
    picked: Predicate

    @property
    def name(self) -> str:
        return LABELS[KpiFormula][self.id.value]

    @property
    def numerator(self) -> Predicate:
        return and_(self.denominator, self.picked)

    def side(self, side: KpiSide) -> Predicate:
        return self.numerator if side is KpiSide.numerator else self.denominator


def _is(name: str) -> Predicate:
    return column(name, Boolean)


def _duty(name: str) -> tuple[Predicate, Predicate, Predicate, Predicate]:
    return _is(f"{name}_asked"), _is(f"{name}_due"), _is(f"{name}_missed"), _is(f"{name}_overdue")


_, routing_due, routing_missed, _ = _duty("routing")
_, acceptance_due, acceptance_missed, acceptance_overdue = _duty("acceptance")
_, decision_due, decision_missed, _ = _duty("decision")
reply_asked, reply_due, reply_missed, reply_overdue = _duty("reply")
ALL: Predicate = true()
CLOSED_FIRST = and_(_is("is_first"), _is("is_closed"))
RESOLVED = ~_is("has_come_again")


def _rated(who: str) -> tuple[Predicate, Predicate, Predicate]:
    rated = _is(f"{who}_rated")
    return rated, _is(f"{who}_satisfied"), rated | _is(f"{who}_silent")


body_rated, body_satisfied, body_asked = _rated("body")
office_rated, office_satisfied, office_asked = _rated("office")

F = KpiFormula
FORMULAS: dict[KpiFormula, Formula] = {
    formula.id: formula
    for formula in (
        Formula(F.timely_routing_due, routing_due, ~routing_missed),
        Formula(F.timely_routing_all, ALL, routing_due & ~routing_missed),
        # 及时受理率, shown with what was late and what is overdue.
        Formula(F.timely_acceptance_due, acceptance_due, ~acceptance_missed),
        Formula(F.timely_acceptance_all, ALL, acceptance_due & ~acceptance_missed),
        Formula(F.late_acceptance_due, acceptance_due, acceptance_missed & ~acceptance_overdue),
        Formula(F.overdue_acceptance_due, acceptance_due, acceptance_overdue),
        Formula(F.timely_decision_due, decision_due, ~decision_missed),
        Formula(F.timely_decision_all, ALL, decision_due & ~decision_missed),
        # 按期答复率: one public system divides by what should have been replied to, another by all that was accepted.
        Formula(F.on_time_reply_due, reply_due, ~reply_missed),
        Formula(F.on_time_reply_all, reply_asked, reply_due & ~reply_missed),
        Formula(F.late_reply_due, reply_due, reply_missed & ~reply_overdue),
        Formula(F.overdue_reply_due, reply_due, reply_overdue),
        Formula(F.replied_due, reply_due, ~reply_overdue),
        Formula(F.closed_all, ALL, _is("is_closed")),
        Formula(F.overdue_open_all, ALL, _is("is_overdue")),
        Formula(F.satisfaction_body_all, body_rated, body_satisfied),
        Formula(F.satisfaction_office_all, office_rated, office_satisfied),
        Formula(F.participation_body_due, body_asked, body_rated),
        Formula(F.participation_office_due, office_asked, office_rated),
        # 参评满意率 = 参评率 × 满意率, as one fraction.
        Formula(F.rated_satisfaction_body_due, body_asked, body_satisfied),
        Formula(F.rated_satisfaction_office_due, office_asked, office_satisfied),
        Formula(F.repeats_by_rule_all, ALL, _is("is_repeat_by_rule")),
        Formula(F.repeats_confirmed_all, ALL, _is("is_repeat_confirmed")),
        Formula(F.first_time_resolution_due, CLOSED_FIRST & _is("resolution_window_over"), RESOLVED),
        Formula(F.first_time_resolution_all, CLOSED_FIRST, RESOLVED),
        Formula(F.online_share_all, ALL, _is("is_online")),
        Formula(F.housing_share_all, ALL, _is("is_housing")),
        Formula(F.group_visit_share_all, _is("is_visit"), _is("is_group")),
    )
}
assert set(FORMULAS) == set(KpiFormula)
