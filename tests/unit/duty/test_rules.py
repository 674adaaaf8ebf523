"""Duty as rules: nobody beside the holder, no day with two of them, nothing promised before it was made."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.projects.duty import rules
from services.projects.duty.rules import Party, decide_term, live_duty
from shared.chassis.days import happened_on
from shared.errors import Conflict, Invalid, Problem
from shared.schemas.projects.duty import AssignedRole, DutyRole, ResponsibilityKind
from shared.schemas.projects.groups import Seat

TODAY = dt.date(2026, 11, 23)
DAY = dt.timedelta(days=1)
PERSONS = ("L1", "L2", "L3")


def term(role: str, person: str | None = None, unit: str | None = None, **more: Any) -> dict[str, Any]:
    named = {"person_code": person, "person_name": person and f"{person}名", "unit_code": unit, "unit_name": unit}
    return {"role": role, "began_on": TODAY, "ended_on": None} | named | more


def refusal(call: Callable[[], object]) -> str:
    with pytest.raises(Problem) as raised:
        call()
    return raised.value.code


def test_the_person_answers_where_one_is_named_and_else_the_unit() -> None:
    known = live_duty([term("lead", "L1", "GOV"), term("enterprise", None, "QY1"), term("judicial", "J1", "FY1")])
    assert known.lead == Party("L1", "L1名", "GOV", "GOV")
    assert known.supporting is known.taskforce is None
    assert known.responsibilities == {
        "enterprise": Party("QY1", "QY1", "QY1", "QY1"),
        "territory": None,
        "department": None,
        "judicial": Party("J1", "J1名", "FY1", "FY1"),
    }


def test_every_kind_of_responsibility_is_a_role_of_duty() -> None:
    assert {*AssignedRole, *ResponsibilityKind} == set(DutyRole)
    assert set(rules.BORNE_BY) == set(ResponsibilityKind)
    assert set(rules.UNIT_ROLES) == {role.value for role in DutyRole} - {role.value for role in rules.LEADERS}


def taken(live: list[dict[str, Any]], role: DutyRole, **body: Any) -> rules.Term | None:
    holder = {"person_code": None, "unit_code": None, "began_on": TODAY, "handover_note": None} | body
    return decide_term(live, role, **holder)


def test_a_unit_that_names_another_person_hands_over() -> None:
    held = [term("department", "P1", "ZJJ")]
    again: Callable[[], object] = lambda: taken(held, DutyRole.department, person_code="P1", unit_code="ZJJ")  # noqa: E731
    assert refusal(again) == "already_assigned"
    changed = taken(held, DutyRole.department, person_code="P2", unit_code="ZJJ", handover_note="已交接")
    assert changed is held[0]


STEPS = st.lists(
    st.tuples(
        st.sampled_from([DutyRole.lead, DutyRole.supporting]),
        st.sampled_from([*PERSONS, None]),
        st.integers(0, 30),
        st.sampled_from([None, "已交接"]),
    ),
    max_size=25,
)


@given(STEPS)
def test_whatever_is_asked_in_whatever_order_each_day_has_one_holder(steps: list[tuple[Any, ...]]) -> None:
    """And no day has one person in both roles. `None` for a person ends the term; the rest is refused or becomes a
    term, as the service does it."""
    terms: list[dict[str, Any]] = []
    for role, person, day, note in steps:
        on = TODAY + day * DAY
        live = [t for t in terms if t["ended_on"] is None]
        try:
            if person is None:
                for ending in [t for t in live if t["role"] == role]:
                    rules.decide_end(ending, is_resolved=True)
                    ending["ended_on"] = happened_on(on, TODAY + 30 * DAY, "/ended_on", since=ending["began_on"])
                continue
            beyond = [t for t in terms if t["ended_on"] is None or t["ended_on"] > on]
            replaced = decide_term(beyond, role, person_code=person, unit_code=None, began_on=on, handover_note=note)
        except (Conflict, Invalid):
            continue
        for ending in [t for t in live if t is replaced]:
            assert note is not None
            ending["ended_on"] = on
        terms.append(term(role, person, began_on=on))
    for role in (DutyRole.lead, DutyRole.supporting):
        assert len([t for t in terms if t["role"] == role and t["ended_on"] is None]) <= 1
    for on in (TODAY + n * DAY for n in range(32)):
        holders = [(t["role"], t["person_code"]) for t in terms if _answers(t, on)]
        assert len(holders) == len({role for role, _ in holders}) == len({person for _, person in holders})


def _answers(held: dict[str, Any], on: dt.date) -> bool:
    return bool(held["began_on"] <= on and (held["ended_on"] is None or on < held["ended_on"]))


def test_the_lead_of_an_unresolved_project_does_not_just_leave() -> None:
    lead = term("lead", "L1")
    assert refusal(lambda: rules.decide_end(lead, is_resolved=False)) == "lead_must_be_handed_over"
    rules.decide_end(lead, is_resolved=True)
    rules.decide_end(term("supporting", "L1"), is_resolved=False)


@given(st.integers(-40, 40), st.booleans())
def test_a_backstop_follows_a_written_call_on_a_named_enterprise(days: int, named: bool) -> None:
    live = [term("department", None, "ZJJ"), *([term("enterprise", None, "QY1")] if named else [])]

    def decide() -> rules.Term:
        return rules.decide_backstop(live, TODAY + days * DAY, TODAY)

    if not named:
        assert refusal(decide) == "enterprise_not_named"
    elif days >= 0:
        assert refusal(decide) == "bad_day"
    else:
        assert decide()["unit_code"] == "QY1"


def test_a_group_has_one_head_and_a_seat_goes_on_from_where_it_was() -> None:
    held, other = term("", "L1", seat="deputy"), term("", "L2", seat="head")
    assert refusal(lambda: rules.decide_seat(held, other, Seat.head, TODAY)) == "head_taken"
    assert refusal(lambda: rules.decide_seat(held, other, Seat.member, TODAY - DAY)) == "earlier_than_holder"
    left = held | {"ended_on": TODAY + DAY}
    assert refusal(lambda: rules.decide_seat(left, None, Seat.member, TODAY)) == "earlier_than_holder"
    rules.decide_seat(left, other, Seat.member, TODAY + DAY)
    past = other | {"ended_on": TODAY + 2 * DAY}
    assert refusal(lambda: rules.decide_seat(left, past, Seat.head, TODAY + DAY)) == "earlier_than_holder"
    rules.decide_seat(left, past, Seat.head, TODAY + 2 * DAY)
    assert refusal(lambda: rules.decide_leaving(left, "调离")) == "not_seated"
    assert refusal(lambda: rules.decide_leaving(held, None)) == "invalid"
    assert rules.decide_leaving(held, "调离") is held


@given(st.integers(-400, 400))
def test_days_late_are_counted_from_the_day_after_the_promise_was_due(days: int) -> None:
    assert rules.days_late(TODAY, TODAY + days * DAY) == max(days, 0)
