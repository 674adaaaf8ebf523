"""Climbing of overdue problems under any interleaving, and what allows action."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.projects.problems import rules
from services.projects.problems.rules import LEVELS, NotAuthorised, UndecidedProblem, WrongState
from shared.errors import Conflict, Forbidden, Invalid, SamePerson
from shared.schemas.projects.problems import ProblemLevel, ProblemScope, ProblemState

L, S = ProblemLevel, ProblemState
START = dt.date(2026, 11, 23)
individual, common = ProblemScope.individual, ProblemScope.common
days = st.integers(0, 60).map(lambda n: START + dt.timedelta(days=n))
climbs = st.integers(1, 90)
levels = st.sampled_from(LEVELS)


@given(levels, days, days, climbs)
def test_a_sweep_finds_exactly_what_climbs_and_leaves_nothing_for_a_second(
    level: ProblemLevel, due_on: dt.date, today: dt.date, climb_days: int
) -> None:
    climbed = rules.level_on(level, due_on, today, climb_days)
    by = rules.climbs_when_due_by(level, today, climb_days)
    assert (by is not None and due_on <= by) == (climbed != level)
    assert LEVELS.index(climbed) >= LEVELS.index(level)
    assert rules.level_on(climbed, due_on, today, climb_days) == climbed
    again = rules.climbs_when_due_by(climbed, today, climb_days)
    assert again is None or due_on > again


@given(days, days, climbs, st.sets(days))
def test_how_often_one_sweeps_on_the_way_makes_no_difference(
    due_on: dt.date, last: dt.date, climb_days: int, between: set[dt.date]
) -> None:
    level = L.unit
    for day in sorted(day for day in between if day < last):
        level = rules.level_on(level, due_on, day, climb_days)
    assert rules.level_on(level, due_on, last, climb_days) == rules.level_on(L.unit, due_on, last, climb_days)


def test_one_level_for_every_full_period_past_the_deadline() -> None:
    at = {late: rules.level_on(L.unit, START, START + dt.timedelta(days=late), 7) for late in (0, 6, 7, 13, 14, 900)}
    assert at == {0: L.unit, 6: L.unit, 7: L.office, 13: L.office, 14: L.leading_group, 900: L.leading_group}


@dataclass
class Life:
    """A problem as the service moves it, with nothing but the rules."""

    due_on: dt.date
    today: dt.date = START
    state: ProblemState = S.reported
    level: ProblemLevel = L.unit

    def sweep(self, climb_days: int) -> bool:
        by = rules.climbs_when_due_by(self.level, self.today, climb_days)
        if self.state is S.solved or by is None or self.due_on > by:
            return False
        self.level = rules.level_on(self.level, self.due_on, self.today, climb_days)
        return True

    def act(self, name: str) -> None:
        if name == "authorise":
            self.state = rules.authorise(self.state, individual, "reporter", "office")
        elif name == "start":
            self.state = rules.start(self.state, individual, decided=False)
        elif name == "solve":
            self.state = rules.solve(self.state, individual, decided=False)
        elif name == "reopen":
            due_on = self.today + dt.timedelta(days=5)
            self.state, self.due_on = rules.reopen(self.state, due_on, self.today), due_on


ACTS = st.sampled_from(["sweep", "wait", "authorise", "start", "solve", "reopen"])


@given(st.lists(ACTS, max_size=60), st.integers(-20, 20), st.integers(1, 10))
def test_any_interleaving_keeps_the_level_honest(acts: list[str], due_in: int, climb_days: int) -> None:
    life, allowed = Life(START + dt.timedelta(days=due_in)), False
    for act in acts:
        before = (life.state, life.level, life.due_on)
        if act == "wait":
            life.today += dt.timedelta(days=3)
        elif act == "sweep":
            moved = life.sweep(climb_days)
            assert not life.sweep(climb_days), "a second sweep finds nothing"
            assert moved == (life.level != before[1])
            assert not (moved and before[0] is S.solved), "what is solved does not climb"
            if life.state is not S.solved:
                owed = min(max((life.today - life.due_on).days, 0) // climb_days, 2)
                assert LEVELS.index(life.level) >= owed, "what is owed after a sweep is reached"
        else:
            try:
                life.act(act)
            except Conflict:
                assert (life.state, life.level, life.due_on) == before
                continue
            assert life.level == before[1], "no act but the sweep moves the level"
            allowed = {"authorise": True, "reopen": False}.get(act, allowed)
        assert LEVELS.index(life.level) >= LEVELS.index(before[1]), "never down"
        assert life.state not in (S.working, S.solved) or allowed, "no action before authorisation"


def test_what_no_unit_took_on_is_the_offices() -> None:
    assert (rules.first_level(None), rules.first_level("ZJJ")) == (L.office, L.unit)


@pytest.mark.parametrize("state", list(S))
def test_individual_problems_wait_for_authorisation_and_common_ones_for_the_decision(state: ProblemState) -> None:
    for move in (rules.start, rules.solve):
        if state is S.reported:
            with pytest.raises(NotAuthorised):
                move(state, individual, decided=True)
        if state in (S.reported, S.authorised):
            with pytest.raises(UndecidedProblem):
                move(state, common, decided=False)
    if state is S.working:
        with pytest.raises(UndecidedProblem):
            rules.solve(state, common, decided=False)
        assert rules.solve(state, common, decided=True) is S.solved
        assert rules.solve(state, individual, decided=False) is S.solved
    if state is S.reported:
        assert rules.start(state, common, decided=True) is S.working


def test_authorisation_is_given_once_by_somebody_else_and_never_to_a_common_problem() -> None:
    assert rules.authorise(S.reported, individual, "a", "b") is S.authorised
    with pytest.raises(SamePerson):
        rules.authorise(S.reported, individual, "a", "a")
    for state in (S.authorised, S.working, S.solved):
        with pytest.raises(WrongState):
            rules.authorise(state, individual, "a", "b")
    with pytest.raises(WrongState):
        rules.authorise(S.reported, common, "a", "b")


@given(days, days, days)
def test_a_deadline_moves_earlier_freely_and_later_only_by_the_office_in_time(
    old: dt.date, new: dt.date, today: dt.date
) -> None:
    def change(role: str) -> type[Exception] | None:
        try:
            rules.check_deadline_change([role], old, new, today)
        except (Conflict, Forbidden) as refused:
            return type(refused)
        return None

    if new <= old:
        assert (change("department"), change("office")) == (None, None)
    else:
        assert change("department") is Forbidden
        assert change("office") is (rules.DeadlinePassed if old < today else None)


@given(st.sets(st.sampled_from(["department", "taskforce", "township", "office", "leader"]), min_size=1), st.data())
def test_only_those_concerned_act_but_the_office_for_anybody(roles: set[str], data: Any) -> None:
    unit = data.draw(st.sampled_from([None, "A", "B", "C"]))
    problem = {"unit_code": "A", "co_units": [{"code": "B", "name": "乙局"}]}
    expected = bool(roles & {"office", "leader"}) or unit in ("A", "B")
    try:
        rules.check_party(roles, unit, rules.concerned(problem))
    except rules.NotYourUnit:
        assert not expected
    else:
        assert expected


def test_nobody_without_a_unit_acts_for_a_problem_without_one() -> None:
    with pytest.raises(rules.NotYourUnit):
        rules.check_party(["department"], None, rules.concerned({"unit_code": None, "co_units": []}))


def test_who_reported_corrects_the_report_until_somebody_acts() -> None:
    problem = {"unit_code": "A", "co_units": [], "created_by": "user:1", "state": S.reported}
    rules.check_editor(["township"], "X", "user:1", problem)
    rules.check_editor(["township"], "A", "user:2", problem | {"state": S.working})
    for subject, state in (("user:2", S.reported), ("user:1", S.authorised), ("user:1", S.working)):
        with pytest.raises(rules.NotYourUnit):
            rules.check_editor(["township"], "X", subject, problem | {"state": state})


def test_days_are_checked() -> None:
    day = dt.timedelta(days=1)
    with pytest.raises(Invalid) as refused:
        rules.check_due(START - day, START)
    assert [error.pointer for error in refused.value.errors] == ["/due_on"]
    rules.check_due(START, START)
    assert rules.days_late(S.working, START, START) is None
    assert rules.days_late(S.working, START, START + day) == 1
    assert rules.days_late(S.solved, START, START + day) is None
    with pytest.raises(Invalid):
        rules.reopen(S.solved, START - day, START)
