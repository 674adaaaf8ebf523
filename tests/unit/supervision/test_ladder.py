"""An order under any interleaving of feedback, review, extension, assignment, close and sweep."""

import datetime as dt
from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from services.projects.supervision import ladder, rules
from services.projects.supervision.ladder import LADDER, Rung, Standing
from shared.errors import Problem
from shared.schemas.projects.supervision import (
    OrderVerdict,
    SupervisionLevel,
)
from tests.unit.supervision.order import DAY, MONDAY


@dataclass(frozen=True)
class Taken:
    rung: Rung
    on: dt.date


@dataclass
class Life:
    """An order through its days, and every step it took."""

    order: Standing
    today: dt.date = MONDAY
    steps: list[Taken] = field(default_factory=list)
    expired_extensions: int = 0
    late_deadlines: list[str] = field(default_factory=list)
    """Acts that gave a later deadline though they may not."""
    closed_on: dt.date | None = None

    def sweep(self) -> int:
        """What a sweep does: nothing unless a step is due; how many steps it took."""
        rung = ladder.due_rung(self.order, self.today)
        if rung is None:
            return 0
        self.order = ladder.climb(self.order, rung, self.today)
        self.steps.append(Taken(rung, self.today))
        return 1

    def act(self, name: str, days: int) -> None:
        """An act of people; one that the rules refuse changes nothing."""
        before = self.order
        try:
            self.order = self._after(name, days)
        except Problem:
            return
        if name == "extend" and self.today > before.due_on:
            self.expired_extensions += 1
        if self.order.due_on > before.due_on and name != "extend" and self.today <= before.due_on:
            self.late_deadlines.append(name)
        if name == "close":
            self.closed_on = self.today

    def _after(self, name: str, days: int) -> Standing:
        match name:
            case "feedback" | "claim":
                return rules.answer(self.order, self.today, is_done=name == "claim")
            case "accept":
                return rules.review(self.order, OrderVerdict.ACCEPTED, "unit", "office")
            case "return":
                return rules.review(self.order, OrderVerdict.RETURNED, "unit", "office")
            case "extend":
                return rules.extend(self.order, self.order.due_on + days * DAY, self.today)
            case "assign":
                return rules.assign(self.order, "ZJJ", self.today + days * DAY, self.today)
            case _:
                return rules.close(self.order, self.today, "office")


ACTS = ("feedback", "claim", "accept", "return", "extend", "assign", "close")
EVENTS = st.lists(
    st.one_of(
        st.tuples(st.just("pass"), st.integers(1, 20)),
        st.tuples(st.just("sweep"), st.just(0)),
        st.tuples(st.sampled_from(ACTS), st.integers(0, 20)),
    ),
    max_size=60,
)
ORDERS = st.builds(
    lambda owned, due, percent, step, rhythm: Standing(
        state="open",
        issued_on=MONDAY,
        due_on=MONDAY + due * DAY,
        silent_percent=percent,
        step_days=step,
        feedback_every_days=rhythm,
        lead_unit_code="ZJJ" if owned else None,
        assigned_on=MONDAY if owned else None,
    ),
    st.booleans(),
    st.integers(0, 60),
    st.integers(10, 100),
    st.integers(1, 60),
    st.none() | st.integers(1, 90),
)


def lived(order: Standing, events: list[tuple[str, int]], sweeps: int = 1) -> Life:
    life = Life(order)
    for name, days in events:
        if name == "pass":
            life.today += days * DAY
        elif name == "sweep":
            for _ in range(sweeps):
                life.sweep()
        else:
            life.act(name, days)
    return life


@given(ORDERS, EVENTS)
def test_the_ladder_is_climbed_rung_by_rung_in_the_order_of_days(
    order: Standing, events: list[tuple[str, int]]
) -> None:
    life = lived(order, events)
    levels = [taken.rung.level for taken in life.steps]
    climbed = [level for level in levels if level != SupervisionLevel.ESCALATION]
    assert climbed == list(LADDER[: len(climbed)])
    assert levels.count(SupervisionLevel.ESCALATION) <= (0 if order.lead_unit_code else 1)
    assert life.order.level == (climbed[-1] if climbed else None)
    assert all(taken.rung.due_on <= taken.on for taken in life.steps)
    days = [taken.on for taken in life.steps]
    assert days == sorted(days)
    dues = [taken.rung.due_on for taken in life.steps if taken.rung.level != SupervisionLevel.ESCALATION]
    assert dues == sorted(set(dues))
    for before, after in zip(life.steps, life.steps[1:], strict=False):
        if before.rung.level != SupervisionLevel.ESCALATION:
            assert after.on - before.on >= order.step_days * DAY, "a unit has time to answer a step"


@given(ORDERS, EVENTS)
def test_nothing_climbs_once_it_is_closed_and_nothing_is_extended_once_it_has_expired(
    order: Standing, events: list[tuple[str, int]]
) -> None:
    life = lived(order, events)
    assert life.expired_extensions == 0
    assert life.late_deadlines == []
    if life.closed_on is not None:
        assert all(taken.on <= life.closed_on for taken in life.steps)
        assert ladder.next_rung(life.order) is None
        life.today += 1000 * DAY
        assert life.sweep() == 0


@given(ORDERS, EVENTS)
def test_sweeping_twice_is_sweeping_once(order: Standing, events: list[tuple[str, int]]) -> None:
    once, twice = lived(order, events), lived(order, events, sweeps=3)
    assert (once.order, once.steps) == (twice.order, twice.steps)


@given(ORDERS, EVENTS)
def test_the_day_kept_on_the_row_is_the_day_something_falls_due(order: Standing, events: list[tuple[str, int]]) -> None:
    life = lived(order, events)
    kept = life.order.columns["next_due_on"]
    for days in (0, 1, 7, 400):
        is_due = ladder.due_rung(life.order, life.today + days * DAY) is not None
        assert is_due == (kept is not None and kept <= life.today + days * DAY)
    if life.sweep():
        following = life.order.columns["next_due_on"]
        assert following is None or following > life.today, "a sweep that has taken a step is done with the order"


@given(ORDERS, st.lists(st.booleans(), min_size=400, max_size=400))
def test_left_alone_an_order_climbs_to_the_top_whenever_it_is_swept(order: Standing, swept: list[bool]) -> None:
    life = Life(order)
    for is_swept in swept:
        life.today += DAY
        if is_swept:
            life.sweep()
    life.today += 400 * DAY
    while life.sweep():
        life.today += 60 * DAY
    levels = [taken.rung.level for taken in life.steps]
    assert levels == (list(LADDER) if order.lead_unit_code else [SupervisionLevel.ESCALATION])
