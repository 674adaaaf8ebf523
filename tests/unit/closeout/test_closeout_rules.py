"""The state machine of a close-out, who may take a step, what brings a project back, and the two rates."""

import datetime as dt
from itertools import pairwise
from typing import Any
from uuid import UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.projects.closeout import rules
from services.projects.closeout.rules import Closure, Signer
from shared.errors import Problem, SamePerson, SameUnit
from shared.schemas.projects.closeout import CloseoutStatus, PetitionRebound, ReboundCause
from shared.schemas.projects.facts import ConstructionStatus, ResolutionStatus

S = CloseoutStatus
TODAY = dt.date(2026, 11, 23)
NOBODY = UUID(int=0)


def project(number: int) -> UUID:
    return uuid5(NOBODY, str(number))


def walked(path: list[CloseoutStatus]) -> bool:
    try:
        for now, to in pairwise(path):
            rules.check_step(now, to)
    except rules.StepNotAllowed:
        return False
    return True


@given(st.lists(st.sampled_from(CloseoutStatus), max_size=8))
def test_no_path_to_closed_skips_a_check(middle: list[CloseoutStatus]) -> None:
    path = [S.requested, *middle, S.closed]
    if walked(path):
        before = path[: path.index(S.closed)]
        assert before[:3] == [S.requested, S.department_checked, S.site_checked]
        assert before[3:] in ([], [S.published])


@given(st.lists(st.integers(0, 3), max_size=12))
def test_every_walk_ends_and_only_closed_comes_back(choices: list[int]) -> None:
    now, seen = S.requested, [S.requested]
    for choice in choices:
        steps = rules.MOVES[now]
        if not steps:
            break
        now = steps[choice % len(steps)]
        seen.append(now)
    assert len(seen) == len(set(seen)), "nothing is walked twice: who asks again starts a close-out of his own"
    if S.reopened in seen:
        assert seen[seen.index(S.reopened) - 1] is S.closed
    if S.closed in seen:
        assert {S.department_checked, S.site_checked} <= set(seen)


people, units = st.sampled_from(["a", "b", "c"]), st.sampled_from(["U", "V", "W"])


@given(people, units, people, units, people, people)
def test_who_checks_or_approves_is_another_person_of_another_unit(
    reporter: str, unit: str, signer: str, own: str, first: str, second: str
) -> None:
    apart = signer != reporter and own != unit and signer not in (first, second)
    try:
        rules.check_apart(Signer(reporter, unit), Signer(signer, own), first, second)
    except (SamePerson, SameUnit):
        assert not apart
    else:
        assert apart


@pytest.mark.parametrize(
    ("status", "allowed"),
    [
        (None, False),
        (ResolutionStatus.reserve, False),
        (ResolutionStatus.unresolved, False),
        (ResolutionStatus.resolving, True),
        (ResolutionStatus.resolved, True),
    ],
)
def test_what_is_not_under_resolution_is_not_closed_out(status: ResolutionStatus | None, allowed: bool) -> None:
    if allowed:
        rules.check_under_resolution(status)
    else:
        with pytest.raises(rules.NotUnderResolution):
            rules.check_under_resolution(status)


def test_a_notice_runs_through_its_last_day() -> None:
    rules.check_notice_over(None, TODAY)
    with pytest.raises(rules.NoticeRunning):
        rules.check_notice_over(TODAY, TODAY)
    rules.check_notice_over(TODAY - dt.timedelta(days=1), TODAY)


def closed(**changed: Any) -> dict[str, Any]:
    return {"approved_construction_status": "on_schedule", "deliver_by": None, "approved_on": TODAY} | changed


def facts(**changed: Any) -> dict[str, Any]:
    return dict.fromkeys(rules.REBOUND_FACTS) | {"resolution_status": "resolved"} | changed


@pytest.mark.parametrize("before", [None, *ConstructionStatus])
@pytest.mark.parametrize("now", [None, *ConstructionStatus])
def test_a_stop_that_is_worse_than_what_was_approved_is_a_rebound(
    before: ConstructionStatus | None, now: ConstructionStatus | None
) -> None:
    worst_first = [ConstructionStatus.stopped, ConstructionStatus.partly_stopped]

    def rank(status: ConstructionStatus | None) -> int:
        return worst_first.index(status) if status in worst_first else 2

    found = rules.rebound(closed(approved_construction_status=before), facts(construction_status=now), TODAY)
    assert found == (ReboundCause.stopped_again if rank(now) < rank(before) else None)


@pytest.mark.parametrize(
    ("deliver_by", "planned", "status", "sold", "delivered", "missed"),
    [
        (TODAY, None, "on_schedule", None, None, True),
        (None, TODAY, "on_schedule", None, None, True),
        (TODAY, TODAY + dt.timedelta(days=90), "on_schedule", None, None, True),  # a later promise mends nothing
        (TODAY, None, "delivered", None, None, False),
        (TODAY, None, None, None, None, False),  # nobody says it is undelivered
        (TODAY, None, "completed", 10, 10, False),
        (TODAY, None, "delivered", 10, 9, True),
        (None, TODAY - dt.timedelta(days=1), "on_schedule", 10, 9, False),  # over before it was closed
        (None, None, "on_schedule", 10, 9, False),
    ],
)
def test_what_was_promised_and_not_delivered_is_a_rebound(
    deliver_by: dt.date | None,
    planned: dt.date | None,
    status: str | None,
    sold: int | None,
    delivered: int | None,
    missed: bool,
) -> None:
    now = facts(construction_status=status, units_sold=sold, units_delivered=delivered, planned_delivery_on=planned)
    assert rules.rebound(closed(deliver_by=deliver_by), now, TODAY) is None, "not before the day is over"
    later = rules.rebound(closed(deliver_by=deliver_by), now, TODAY + dt.timedelta(days=1))
    assert later == (ReboundCause.delivery_missed if missed else None)


def test_a_ledger_moved_back_by_hand_is_a_rebound() -> None:
    assert rules.rebound(closed(), facts(resolution_status="resolving"), TODAY) is ReboundCause.moved_back


@pytest.mark.parametrize(
    ("cause", "people", "day", "fits"),
    [
        ("group_petition", 5, TODAY, True),
        ("group_petition", 4, TODAY, False),
        ("group_petition", None, TODAY, False),
        ("repeat_petition", None, TODAY, True),
        ("repeat_petition", 1, TODAY - dt.timedelta(days=10), True),
        ("repeat_petition", 1, TODAY - dt.timedelta(days=11), False),
        ("repeat_petition", 1, TODAY + dt.timedelta(days=1), False),
    ],
)
def test_which_petition_is_a_rebound(cause: str, people: int | None, day: dt.date, fits: bool) -> None:
    def check() -> dt.date:
        closed_on = TODAY - dt.timedelta(days=10)
        return rules.check_petition(PetitionRebound(cause), people, occurred_on=day, closed_on=closed_on, today=TODAY)

    if fits:
        assert check() == day
    else:
        with pytest.raises(Problem):
            check()


@given(st.integers(0, 60), st.integers(1, 100), st.integers(0, 2**48))
def test_a_draw_is_the_same_whenever_it_is_drawn_and_as_large_as_asked(size: int, percent: int, seed: int) -> None:
    population = [project(n) for n in range(size)]
    chosen = rules.choose(population, percent, seed)
    assert chosen == rules.choose(population[::-1], percent, seed)
    assert len(set(chosen)) == len(chosen) == -(-size * percent // 100)
    assert set(chosen) <= set(population)
    assert set(rules.choose(population, 1, seed)) <= set(rules.choose(population, 100, seed))


def test_another_seed_chooses_others() -> None:
    population = [project(n) for n in range(40)]
    assert len({tuple(rules.choose(population, 10, seed)) for seed in range(20)}) > 15


@pytest.mark.parametrize(
    ("day", "since"),
    [("2027-03-01", "2026-03-02"), ("2028-02-29", "2027-03-01"), ("2026-12-31", "2026-01-01")],
)
def test_twelve_months_end_today(day: str, since: str) -> None:
    assert rules.year_before(dt.date.fromisoformat(day)) == dt.date.fromisoformat(since)


days = st.dates(dt.date(2024, 1, 1), dt.date(2027, 1, 1))


@given(st.lists(st.tuples(st.integers(0, 5), days, st.none() | st.integers(0, 400)), max_size=15), days)
def test_the_rates_count_projects_as_by_hand(drawn: list[tuple[int, dt.date, int | None]], as_of: dt.date) -> None:
    closures = [
        Closure(project(n), on, on + dt.timedelta(days=later) if later is not None else None, "stopped_again")
        for n, on, later in drawn
    ]
    ledger = {project(n): ResolutionStatus.resolved for n in range(6)}
    found = rules.tally(closures, ledger, as_of)
    standing, recent, returned = set(), set(), set()
    for c in closures:
        if c.closed_on > as_of:
            continue
        is_back = c.reopened_on is not None and c.reopened_on <= as_of
        if not is_back:
            standing.add(c.project_id)
        if c.closed_on >= rules.year_before(as_of):
            recent.add(c.project_id)
            if is_back:
                returned.add(c.project_id)
    assert (found.closed, found.on_ledger) == (len(standing), 6)
    assert (found.reopened_of_recent, found.recently_closed) == (len(returned), len(recent))
    assert found.resolved_without == 6 - len(standing)
    assert found.reopened_of_recent <= found.recently_closed
