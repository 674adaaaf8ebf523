"""Back-scheduling against brute force: paths enumerated, days walked one by one."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from services.projects.plan.schedule import Schedule, Step, critical_path, in_order, longest, schedule
from shared.chassis.calendar import WorkCalendar, Workdays

DAY = dt.timedelta(days=1)
TODAY = dt.date(2026, 11, 23)
PROMISES = st.dates(dt.date(2025, 6, 1), dt.date(2029, 12, 31))
CALENDARS = st.dictionaries(st.dates(dt.date(2025, 1, 1), dt.date(2030, 12, 31)), st.booleans(), max_size=40).map(
    WorkCalendar
)


@st.composite
def plans(draw: st.DrawFn, most: int = 7) -> list[Step]:
    """Steps in order, each after some of those before it."""
    steps: list[Step] = []
    for number in range(draw(st.integers(1, most))):
        before = draw(st.lists(st.sampled_from([s.key for s in steps]), unique=True, max_size=3)) if steps else []
        after = {key: draw(st.integers(0, 4)) for key in before}
        steps.append(Step(f"m{number}", draw(st.integers(1, 8)), after))
    return steps


def chains(steps: Sequence[Step], first: Step) -> Iterator[tuple[list[str], int]]:
    """Every chain from a step to an end, with its working days, lags included."""
    following = [(s, s.after[first.key]) for s in steps if first.key in s.after]
    if not following:
        yield [first.key], first.duration_days
    for step, lag in following:
        for keys, length in chains(steps, step):
            yield [first.key, *keys], first.duration_days + lag + length


def all_chains(steps: Sequence[Step]) -> list[tuple[list[str], int]]:
    return [chain for step in steps if not step.after for chain in chains(steps, step)]


def walk(calendar: WorkCalendar, day: dt.date, workdays: int, by: int) -> dt.date:
    """The working day so many working days before or after a day; with 0, the nearest one that way."""
    while not calendar.is_workday(day):
        day += by * DAY
    while workdays:
        day += by * DAY
        workdays -= calendar.is_workday(day)
    return day


def between(calendar: WorkCalendar, one: dt.date, other: dt.date) -> int:
    """Working days strictly between two days."""
    return sum(calendar.is_workday(one + n * DAY) for n in range(1, (other - one).days))


def timed(
    steps: Sequence[Step],
    promised_on: dt.date,
    calendar: WorkCalendar | None = None,
    starts_on: dt.date = TODAY,
    today: dt.date = TODAY,
) -> tuple[Schedule, Workdays]:
    days = (calendar or WorkCalendar()).workdays()
    return schedule(steps, starts_on=starts_on, promised_on=promised_on, today=today, days=days), days


@given(plans(), PROMISES, CALENDARS)
def test_latest_start_and_due_are_what_walking_back_along_every_chain_finds(
    steps: list[Step], promised_on: dt.date, calendar: WorkCalendar
) -> None:
    found, days = timed(steps, promised_on, calendar)
    for step, timing in zip(steps, found.timings, strict=True):
        length = max(length for _, length in chains(steps, step))
        start = walk(calendar, promised_on, length - 1, -1)
        assert days[timing.latest_start] == start
        assert days[timing.due] == walk(calendar, start, step.duration_days - 1, +1)


@given(plans(), PROMISES, st.dates(dt.date(2026, 1, 1), dt.date(2028, 12, 31)), CALENDARS)
def test_forecast_is_what_walking_on_along_every_chain_finds(
    steps: list[Step], promised_on: dt.date, starts_on: dt.date, calendar: WorkCalendar
) -> None:
    found, days = timed(steps, promised_on, calendar, starts_on=starts_on)
    length = max(length for _, length in all_chains(steps))
    end = walk(calendar, max(starts_on, TODAY), 0, +1)
    assert days[found.finish] == walk(calendar, end, length - 1, +1)
    assert longest(steps) == length


@given(plans(), PROMISES)
def test_critical_are_the_steps_of_the_longest_chains(steps: list[Step], promised_on: dt.date) -> None:
    found, _ = timed(steps, promised_on)
    everywhere = all_chains(steps)
    length = max(length for _, length in everywhere)
    longest_chains = [keys for keys, total in everywhere if total == length]
    critical = {step.key for step, timing in zip(steps, found.timings, strict=True) if timing.critical}
    assert critical == {key for keys in longest_chains for key in keys}
    assert critical_path(steps, found) in longest_chains


@given(plans(), PROMISES)
def test_slack_is_how_long_a_step_may_take_longer_before_the_promise_breaks(
    steps: list[Step], promised_on: dt.date
) -> None:
    found, _ = timed(steps, promised_on)
    for place, (step, timing) in enumerate(zip(steps, found.timings, strict=True)):
        assert timing.slack is not None
        assert timing.slack == timing.due - timing.finish
        if found.finish <= found.promise:
            for more, kept in ((timing.slack, True), (timing.slack + 1, False)):
                slower = [*steps]
                slower[place] = step._replace(duration_days=step.duration_days + more)
                assert (timed(slower, promised_on)[0].finish <= found.promise) == kept


@st.composite
def under_way(draw: st.DrawFn) -> list[Step]:
    """A plan of which some has been done, begun or reported, in the order of the work."""
    steps: list[Step] = []
    done: set[str] = set()
    past = st.dates(dt.date(2026, 9, 1), TODAY)
    for step in draw(plans()):
        said = draw(st.sampled_from(["nothing", "reported", "started", "both", "done"]))
        changed = step
        if done.issuperset(step.after):
            if said == "done":
                changed = step._replace(done_on=draw(past))
                done.add(step.key)
            if said in ("started", "both"):
                changed = changed._replace(started_on=draw(past))
        if said in ("reported", "both"):
            changed = changed._replace(reported_on=draw(st.dates(TODAY, dt.date(2027, 6, 1))))
        steps.append(changed)
    return steps


@given(under_way(), PROMISES, CALENDARS, st.dates(TODAY, dt.date(2027, 3, 1)))
def test_every_dependency_is_kept_and_nothing_lies_on_a_rest_day(
    steps: list[Step], promised_on: dt.date, calendar: WorkCalendar, today: dt.date
) -> None:
    found, days = timed(steps, promised_on, calendar, today=today)
    by_key = {step.key: (step, timing) for step, timing in zip(steps, found.timings, strict=True)}
    for step, timing in by_key.values():
        assert calendar.is_workday(days[timing.latest_start])
        assert calendar.is_workday(days[timing.due])
        assert calendar.is_workday(days[timing.finish])
        if step.done_on is None:
            assert days[timing.finish] >= today
        for key, lag in step.after.items():
            before = by_key[key][1]
            assert between(calendar, days[before.due], days[timing.latest_start]) >= lag
            if step.done_on is None and step.started_on is None:
                least = 1 if step.reported_on else step.duration_days
                assert between(calendar, days[before.finish], days[timing.finish]) >= lag + least - 1


@given(under_way(), PROMISES)
def test_of_what_is_under_way_a_critical_step_later_by_a_day_makes_the_whole_later_by_a_day(
    steps: list[Step], promised_on: dt.date
) -> None:
    found, days = timed(steps, promised_on)
    assume(found.done_on is None)
    for place, (step, timing) in enumerate(zip(steps, found.timings, strict=True)):
        if step.done_on is not None:
            assert (timing.slack, timing.critical) == (None, False)
            continue
        later = [*steps]
        later[place] = step._replace(reported_on=days[timing.finish + 1])
        moved = timed(later, promised_on)[0].finish - found.finish
        assert moved == (1 if timing.critical else 0)
    assert critical_path(steps, found)


@given(under_way(), PROMISES)
def test_a_plan_that_has_to_start_before_today_cannot_keep_its_promise(steps: list[Step], promised_on: dt.date) -> None:
    steps = [step._replace(reported_on=None) for step in steps]
    found, _ = timed(steps, promised_on)
    if any(timing.starts_too_late for timing in found.timings):
        assert found.finish > found.promise


@given(
    st.integers(1, 8).flatmap(lambda n: st.lists(st.lists(st.integers(0, n - 1), max_size=3), min_size=n, max_size=n))
)
def test_an_order_is_found_or_a_cycle_named(edges: list[list[int]]) -> None:
    after = {str(n): [str(before) for before in dict.fromkeys(found)] for n, found in enumerate(edges)}
    order, cycle = in_order(after)
    left = dict(after)
    while free := [key for key, before in left.items() if not set(before) & set(left)]:
        for key in free:
            del left[key]
    assert bool(left) == bool(cycle)
    if cycle:
        assert len(set(cycle)) == len(cycle)
        for one, next_one in zip(cycle, [*cycle[1:], cycle[0]], strict=True):
            assert one in after[next_one]
    else:
        assert sorted(order) == sorted(after)
        assert all(order.index(before) < order.index(key) for key in after for before in after[key])


def test_an_order_that_fits_stays() -> None:
    given_order: Mapping[str, list[str]] = {"a": [], "c": ["a"], "b": ["a"], "d": ["b", "c"]}
    assert in_order(given_order) == (["a", "c", "b", "d"], [])


def test_a_plan_over_the_spring_festival_of_2026() -> None:
    """Holiday 02-15 to 02-23, with 02-14 and 02-28 worked: counted on the published notice."""
    steps = [Step("a", 5, {}), Step("b", 3, {"a": 1})]
    found, days = timed(steps, dt.date(2026, 3, 1), today=dt.date(2026, 2, 9), starts_on=dt.date(2026, 2, 9))
    a, b = found.timings
    assert (days[b.latest_start], days[b.due]) == (dt.date(2026, 2, 26), dt.date(2026, 2, 28))
    assert (days[a.latest_start], days[a.due]) == (dt.date(2026, 2, 11), dt.date(2026, 2, 24))
    assert (days[a.finish], days[b.finish]) == (dt.date(2026, 2, 13), dt.date(2026, 2, 26))


def test_what_is_done_frees_what_follows_and_what_is_overdue_pushes_it() -> None:
    steps = [Step("a", 5, {}), Step("b", 5, {"a": 0})]
    early = [steps[0]._replace(done_on=dt.date(2026, 11, 22)), steps[1]]
    found, days = timed(early, dt.date(2026, 12, 31))
    assert days[found.finish] == dt.date(2026, 11, 27)
    late = [steps[0]._replace(started_on=dt.date(2026, 10, 9)), steps[1]]
    found, days = timed(late, dt.date(2026, 12, 31))
    assert days[found.timings[0].finish] == TODAY
    assert days[found.finish] == dt.date(2026, 11, 30)


def test_a_reported_day_replaces_the_duration_and_never_the_dependency() -> None:
    steps = [Step("a", 10, {}), Step("b", 10, {"a": 2}, reported_on=dt.date(2026, 11, 24))]
    found, days = timed(steps, dt.date(2026, 12, 31))
    assert days[found.timings[0].finish] == dt.date(2026, 12, 4)
    assert days[found.timings[1].finish] == dt.date(2026, 12, 9)
    assert critical_path(steps, found) == ["a", "b"]


@pytest.mark.parametrize("chain", [400])
def test_a_long_chain_is_no_deeper_than_a_short_one(chain: int) -> None:
    after = {str(n): [str(n - 1)] if n else [] for n in range(chain)}
    backwards = dict(reversed(after.items()))
    assert in_order(backwards)[0] == list(after)
    steps = [Step(key, 1, dict.fromkeys(before, 0)) for key, before in after.items()]
    assert critical_path(steps, timed(steps, dt.date(2028, 12, 29))[0]) == list(after)
