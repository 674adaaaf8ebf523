"""An order under any interleaving of feedback, review, extension, assignment, close and sweep; and each single rule."""

import datetime as dt
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.projects.supervision import ladder, rules
from services.projects.supervision.ladder import LADDER, Rung, Standing
from shared.errors import Invalid, Problem, SamePerson
from shared.schemas.projects.supervision import (
    AccountabilityIn,
    AccountabilityKind,
    OrderIn,
    OrderSource,
    OrderVerdict,
    SupervisionLevel,
)

DAY = dt.timedelta(days=1)
MONDAY = dt.date(2026, 11, 23)
ORDER = Standing(
    state="open",
    issued_on=MONDAY,
    due_on=MONDAY + 10 * DAY,
    silent_percent=50,
    step_days=5,
    lead_unit_code="ZJJ",
    assigned_on=MONDAY,
)


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


def rung(**changed: object) -> Rung | None:
    return ladder.next_rung(replace(ORDER, **changed))  # type: ignore[arg-type]


def test_the_reminder_comes_at_half_the_time_only_to_who_is_silent() -> None:
    assert rung() == Rung(SupervisionLevel.REMINDER, MONDAY + 5 * DAY)
    assert rung(silent_percent=100) == Rung(SupervisionLevel.REMINDER, MONDAY + 10 * DAY)
    assert rung(last_feedback_on=MONDAY) == Rung(SupervisionLevel.REMINDER, MONDAY + 11 * DAY)


def test_the_reminder_comes_when_a_feedback_of_the_rhythm_is_missed() -> None:
    assert rung(feedback_every_days=3) == Rung(SupervisionLevel.REMINDER, MONDAY + 4 * DAY)
    spoken = MONDAY + 4 * DAY
    assert rung(feedback_every_days=3, last_feedback_on=spoken) == Rung(SupervisionLevel.REMINDER, spoken + 4 * DAY)
    assert rung(feedback_every_days=30, last_feedback_on=spoken) == Rung(SupervisionLevel.REMINDER, MONDAY + 11 * DAY)


def test_further_steps_follow_the_deadline_and_the_step_before() -> None:
    early = {"level": "reminder", "level_on": MONDAY + 5 * DAY}
    assert rung(**early) == Rung(SupervisionLevel.BULLETIN, MONDAY + 16 * DAY)
    late = {"level": "reminder", "level_on": MONDAY + 30 * DAY}
    assert rung(**late) == Rung(SupervisionLevel.BULLETIN, MONDAY + 35 * DAY)
    assert rung(level="accountability", level_on=MONDAY + 60 * DAY) is None


def test_a_claim_holds_the_ladder_only_when_it_was_made_in_time() -> None:
    assert rung(state="answered", claimed_on=ORDER.due_on, last_feedback_on=ORDER.due_on) is None
    late = ORDER.due_on + DAY
    assert rung(state="answered", claimed_on=late, last_feedback_on=late) is not None
    returned = rules.review(rules.answer(ORDER, ORDER.due_on, is_done=True), OrderVerdict.RETURNED, "unit", "office")
    assert ladder.next_rung(returned) == Rung(SupervisionLevel.REMINDER, late)


def test_an_extension_is_given_on_the_last_day_and_never_the_day_after() -> None:
    later = ORDER.due_on + 5 * DAY
    assert rules.extend(ORDER, later, ORDER.due_on).due_on == later
    with pytest.raises(rules.OrderExpired):
        rules.extend(ORDER, later, ORDER.due_on + DAY)
    with pytest.raises(Invalid):
        rules.extend(ORDER, ORDER.due_on, MONDAY)


def test_who_takes_an_unowned_order_on_gets_no_more_time_than_its_issuer_gave_until_that_has_passed() -> None:
    unowned = replace(ORDER, lead_unit_code=None, assigned_on=None)
    taken = rules.assign(unowned, "ZJJ", None, MONDAY + DAY)
    assert (taken.assigned_on, taken.due_on) == (MONDAY + DAY, ORDER.due_on)
    assert rules.assign(unowned, "ZJJ", ORDER.due_on - DAY, MONDAY).due_on == ORDER.due_on - DAY
    with pytest.raises(Invalid) as refused:
        rules.assign(unowned, "ZJJ", ORDER.due_on + DAY, ORDER.due_on)
    assert refused.value.errors[0].code == "extension"
    late = ORDER.due_on + DAY
    assert rules.assign(unowned, "ZJJ", late + 5 * DAY, late).due_on == late + 5 * DAY
    for day in (None, ORDER.due_on):
        with pytest.raises(Invalid):
            rules.assign(unowned, "ZJJ", day, late)
    with pytest.raises(rules.OrderOwned):
        rules.assign(ORDER, "SWJ", None, MONDAY)


def test_who_answers_reviews_extends_and_closes() -> None:
    assert rules.answers_on_behalf("ZJJ", "ZJJ", is_office=False) is False
    assert rules.answers_on_behalf("ZJJ", "OFFICE", is_office=True) is True
    for unit in ("SWJ", None):
        with pytest.raises(rules.NotTheLeadUnit):
            rules.answers_on_behalf("ZJJ", unit, is_office=False)
    with pytest.raises(rules.NotTheLeadUnit):
        rules.answers_on_behalf(None, None, is_office=False)
    claimed = rules.answer(ORDER, MONDAY, is_done=True)
    with pytest.raises(rules.ReviewPending):
        rules.answer(claimed, MONDAY, is_done=True)
    with pytest.raises(SamePerson):
        rules.review(claimed, OrderVerdict.ACCEPTED, "a", "a")
    accepted = rules.review(claimed, OrderVerdict.ACCEPTED, "a", "b")
    with pytest.raises(SamePerson):
        rules.close(accepted, MONDAY, "a")
    with pytest.raises(rules.NotAccepted):
        rules.close(claimed, MONDAY, "c")
    assert rules.close(accepted, MONDAY, "b").state == "closed"
    rules.check_issuer("a", by_office=False, subject="a", is_office=False)
    rules.check_issuer("a", by_office=True, subject="b", is_office=True)
    for by_office, is_office in ((False, True), (True, False)):
        with pytest.raises(rules.NotTheIssuer):
            rules.check_issuer("a", by_office=by_office, subject="b", is_office=is_office)


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"source": "rule"}, "/source"),
        ({"source": "superior"}, "/source_number"),
        ({"is_criticism": True}, "/is_criticism"),
        ({"due_on": "2026-11-22"}, "/due_on"),
        ({"co_unit_codes": ["SWJ", "SWJ"]}, "/co_unit_codes"),
        ({"co_unit_codes": ["ZJJ"]}, "/co_unit_codes"),
    ],
)
def test_what_an_order_says_must_hold_together(changed: dict[str, object], pointer: str) -> None:
    sound = {"source": OrderSource.MEETING, "matter": "复工", "lead_unit_code": "ZJJ", "due_on": "2026-11-23"}
    rules.check_issue(OrderIn.model_validate(sound), MONDAY)
    with pytest.raises(Invalid) as refused:
        rules.check_issue(OrderIn.model_validate(sound | changed), MONDAY)
    assert [error.pointer for error in refused.value.errors] == [pointer]


@pytest.mark.parametrize("kind", AccountabilityKind)
def test_each_kind_of_accountability_is_for_units_persons_or_both(kind: AccountabilityKind) -> None:
    def accepts(**subject: str) -> bool:
        said = {"kind": kind, "document_number": "纪〔2026〕1号", "decided_on": "2026-11-23", "reason": "久拖不决"}
        try:
            rules.check_accountability(AccountabilityIn.model_validate(said | subject), MONDAY)
        except Invalid:
            return False
        return True

    assert accepts(unit_code="ZJJ") == (kind in ("written_inspection", "circulated", "reorganised"))
    assert accepts(person_code="P1") == (kind not in ("written_inspection", "reorganised"))
    assert not accepts()
    assert not accepts(unit_code="ZJJ", person_code="P1")
