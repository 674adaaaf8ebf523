"""领导包案: who may follow whom, who may say that a promise was kept, and when one is late."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.petitions.leaders import rules
from shared.errors import Invalid, SamePerson, SameUnit
from shared.schemas.petitions.leaders import CasePromiseOutcome, CasePromiseState

DUE = dt.date(2026, 11, 20)
DAYS = st.dates(dt.date(2026, 1, 1), dt.date(2027, 12, 31))
GIVEN = {"outcome": None, "settled_on": None, "due_on": DUE, "created_by": "user:clerk", "unit_code": "ZJJ"}
KEPT, BROKEN = CasePromiseOutcome


def test_whoever_follows_another_takes_over_with_a_note() -> None:
    rules.check_handover(None, "L1", None)
    rules.check_handover({"person_code": "L1"}, "L2", "材料已移交")
    with pytest.raises(Invalid):
        rules.check_handover({"person_code": "L1"}, "L2", None)
    with pytest.raises(rules.AlreadyLed):
        rules.check_handover({"person_code": "L1"}, "L1", "材料已移交")


def test_only_another_person_of_another_unit_says_it_was_kept() -> None:
    rules.check_settling(GIVEN, KEPT, "user:other", "XFJ")
    rules.check_settling(GIVEN, KEPT, "user:other", None)
    with pytest.raises(SamePerson):
        rules.check_settling(GIVEN, KEPT, "user:clerk", "XFJ")
    with pytest.raises(SameUnit):
        rules.check_settling(GIVEN, KEPT, "user:other", "ZJJ")
    rules.check_settling(GIVEN, BROKEN, "user:clerk", "ZJJ")
    with pytest.raises(rules.AlreadySettled):
        rules.check_settling(GIVEN | {"outcome": "broken"}, KEPT, "user:other", "XFJ")


@given(DAYS)
def test_an_open_promise_is_overdue_from_the_day_after(today: dt.date) -> None:
    state, late = rules.promise_state(GIVEN, today), rules.days_late(GIVEN, today)
    assert (state is CasePromiseState.overdue) == (today > DUE) == (late > 0)
    assert late == max((today - DUE).days, 0)


@given(DAYS, DAYS)
def test_a_settled_promise_is_as_late_as_on_its_day(settled_on: dt.date, today: dt.date) -> None:
    settled = GIVEN | {"outcome": "kept", "settled_on": settled_on}
    assert rules.promise_state(settled, today) is CasePromiseState.kept
    assert rules.days_late(settled, today) == max((settled_on - DUE).days, 0)
