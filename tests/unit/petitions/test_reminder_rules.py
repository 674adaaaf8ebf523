"""Who is reminded on which day: the bands of the law, each once, however often and whenever somebody sweeps."""

import datetime as dt
from itertools import pairwise

from hypothesis import assume, given
from hypothesis import strategies as st

from services.petitions.life import clocks as law
from services.petitions.life.clocks import RULES, Clock
from services.petitions.reminders import rules
from services.petitions.reminders.rules import Duty, Pace, Standing
from services.petitions.thresholds import THRESHOLDS
from shared.schemas.petitions.reminders import REMINDED_BANDS, ReminderSubject
from shared.schemas.petitions.states import ClockKind, WarningBand
from tests.support.lives import CALENDAR, day

PACE = Pace.of({name: known.default for name, known in THRESHOLDS.items()})
DUTIES = [kind for kind, rule in RULES.items() if rule.is_duty]
starts = st.dates(dt.date(2026, 1, 1), dt.date(2026, 6, 30))
paces = st.builds(
    lambda shares, *days: Pace(tuple(sorted(shares)), *days),
    st.tuples(*(st.integers(law.REMINDED_FROM_PERCENT, 100) for _ in rules.PERCENTS)),
    st.integers(0, 60),
    st.integers(1, 60),
    st.integers(1, 60),
)
duties = st.builds(
    lambda starts_on, whole, roll, suspended: Duty(
        starts_on,
        starts_on + dt.timedelta(days=whole + suspended),
        starts_on + dt.timedelta(days=whole + suspended + roll),
        suspended,
    ),
    starts,
    st.integers(0, 120),
    st.integers(0, 9),
    st.integers(0, 40),
)


def duty_of(clock: Clock) -> Duty:
    internal_due_on = law.internal_due(clock, CALENDAR)
    return Duty(clock.starts_on, internal_due_on, law.due(clock, CALENDAR), clock.suspended_days)


def test_sixty_days_from_10_february() -> None:
    """`domain.md` 1.1: due on Saturday 11 April, by law on Monday the 13th."""
    days = rules.days_of(duty_of(Clock(1, ClockKind.handle, 1, day("02-10"))), PACE)
    assert [on.isoformat()[5:] for on in days] == ["03-27", "04-02", "04-11", "04-14", "04-19"]


@given(st.sampled_from(DUTIES), starts, st.integers(0, 30), st.integers(0, 20))
def test_a_reminder_comes_on_the_first_day_of_its_band(
    kind: ClockKind, starts_on: dt.date, extended: int, suspended: int
) -> None:
    clock = Clock(1, kind, 1, starts_on, extended_days=extended, suspended_days=suspended)
    duty = duty_of(clock)
    order = list(WarningBand)
    for wanted, on in zip(REMINDED_BANDS, rules.days_of(duty, PACE), strict=False):
        before, then = (law.band(clock, duty.internal_due_on, duty.due_on, at) for at in (on - rules.DAY, on))
        assert before is not None
        assert then is not None
        assert order.index(before) < order.index(wanted) <= order.index(then)


@given(duties, paces)
def test_no_step_comes_before_the_one_it_follows_and_none_before_a_sweep_looks(duty: Duty, pace: Pace) -> None:
    days = rules.days_of(duty, pace)
    assert len(days) == rules.SUPERVISED
    assert all(first <= then for first, then in pairwise(days))
    assert duty.due_on < days[rules.REMINDERS - 1]
    looked = law.used_on(duty.starts_on, duty.internal_due_on, law.REMINDED_FROM_PERCENT, duty.suspended_days)
    assert min(looked, duty.due_on + rules.DAY) <= days[0]


def swept(duty: Duty, pace: Pace, sweeps: list[dt.date]) -> list[tuple[int, dt.date]]:
    """Step and the day it fell due, as these sweeps take them; a sweep looks only when it is time to."""
    taken: list[tuple[int, dt.date]] = []
    reminded = 0
    look_on: dt.date | None = duty.starts_on
    days = rules.days_of(duty, pace)
    for today in sweeps:
        if look_on is None or look_on > today:
            continue
        steps = rules.due_steps(days, reminded, today)
        taken += [(step, days[step - 1]) for step in steps]
        reminded = max(steps, default=reminded)
        look_on = rules.look_next(days, reminded)
        assert look_on is None or look_on > today
    return taken


@given(duties, paces, st.lists(st.integers(0, 300), max_size=20), st.integers(0, 300))
def test_however_often_one_sweeps_on_the_way_the_reminders_are_those_of_every_day(
    duty: Duty, pace: Pace, offsets: list[int], last: int
) -> None:
    every_day = [duty.starts_on + offset * rules.DAY for offset in range(last + 1)]
    some_days = sorted(duty.starts_on + offset * rules.DAY for offset in (*offsets, last) if offset <= last)
    found = swept(duty, pace, some_days)
    assert found == swept(duty, pace, every_day)
    assert len({step for step, _ in found}) == len(found), "never twice"


@given(duties, paces, st.integers(0, 200), st.integers(1, 30))
def test_an_extension_repeats_no_reminder(duty: Duty, pace: Pace, until: int, extended: int) -> None:
    today = duty.starts_on + until * rules.DAY
    before = rules.due_steps(rules.days_of(duty, pace), 0, today)
    assume(before)
    longer = Duty(
        duty.starts_on,
        duty.internal_due_on + extended * rules.DAY,
        duty.due_on + extended * rules.DAY,
        duty.suspended_days,
    )
    after = rules.due_steps(rules.days_of(longer, pace), max(before), today + 1000 * rules.DAY)
    assert not set(before) & set(after)
    assert (*before, *after) == tuple(range(1, rules.SUPERVISED + 1))


@given(st.integers(1, 30), st.lists(st.integers(1, 200), max_size=30, unique=True))
def test_supervision_climbs_one_step_at_a_time_and_always_leaves_time_to_answer(step: int, sweeps: list[int]) -> None:
    due_on = day("03-02")
    standing = Standing("open", due_on, step)
    taken: list[dt.date] = []
    for today in (due_on + offset * rules.DAY for offset in sorted(sweeps)):
        due = rules.next_step(standing)
        if due is not None and due.due_on <= today:
            standing = rules.climbed(standing, due, today)
            taken.append(today)
    assert len(taken) <= len(rules.CLIMBING)
    assert all((then - first).days >= step for first, then in pairwise(taken))
    assert not taken or taken[0] > due_on


def test_an_answered_supervision_climbs_no_further() -> None:
    for state in ("answered", "closed"):
        assert rules.next_step(Standing(state, day("03-02"), 5)) is None


def test_what_is_said_names_codes_days_and_rules_only() -> None:
    said = rules.reminder_text(
        "999902-X-2026-00001", ReminderSubject.clock, ClockKind.handle, WarningBand.severe, day("04-13")
    )
    assert said == "信访事项 999902-X-2026-00001：“办理”期限 2026-04-13，严重，请按期办理。"
    asked = rules.supervision_text("999902-X-2026-00001", ReminderSubject.assignment, None, day("04-13"))
    assert "承办期限" in asked
    assert "第四十条" in asked
