"""Which moves the two state machines allow, and what a claimed resumption is."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.projects.ledger.rules import (
    AT_A_STANDSTILL,
    CONSTRUCTION_MOVES,
    RESOLUTION_MOVES,
    Construction,
    EarlierThanLast,
    FutureDate,
    NeedsCloseout,
    NothingClaimed,
    ReasonRequired,
    TransitionNotAllowed,
    check_told,
    decide_construction,
    decide_resolution,
    rebounds,
    verify_construction,
)
from shared.schemas.projects.facts import LABELS, Resumption
from shared.schemas.projects.facts import ConstructionStatus as C
from shared.schemas.projects.facts import ResolutionStatus as R

TODAY = dt.date(2024, 11, 30)
WALKS = st.lists(st.sampled_from(C), min_size=1, max_size=12)


def move(now: Construction, to: C) -> Construction:
    return decide_construction(now, to, effective_on=TODAY, last_effective_on=None, today=TODAY)


def resolve(current: R | None, to: R, reason: str | None = "化解情况变化") -> R:
    return decide_resolution(current, to, reason=reason, effective_on=TODAY, last_effective_on=None, today=TODAY)


def walked(path: list[C]) -> Construction:
    """The standing after those moves of `path` that are allowed."""
    now = Construction()
    for to in path:
        if now.status is None or to in CONSTRUCTION_MOVES[now.status]:
            now = move(now, to)
    return now


def test_every_status_has_its_moves_and_none_to_itself() -> None:
    assert set(CONSTRUCTION_MOVES) == set(C)
    assert set(RESOLUTION_MOVES) == set(R)
    assert all(status not in targets for status, targets in (*CONSTRUCTION_MOVES.items(), *RESOLUTION_MOVES.items()))


@pytest.mark.parametrize("to", list(C))
def test_a_first_statement_is_taken_as_stated(to: C) -> None:
    assert move(Construction(), to) == Construction(to, to)
    assert move(Construction(), to).resumption is None


@pytest.mark.parametrize(
    ("current", "to"),
    [(C.delivered, C.stopped), (C.stopped, C.delivered), (C.stopped, C.completed), (C.completed, C.stopped)],
)
def test_a_move_without_sense_is_refused_and_the_ones_with_sense_are_named(current: C, to: C) -> None:
    with pytest.raises(TransitionNotAllowed) as refused:
        move(Construction(current, current), to)
    assert refused.value.status == 409
    assert all(LABELS[C][target] in refused.value.detail for target in CONSTRUCTION_MOVES[current])
    assert refused.value.errors[0].pointer == "/to"


@pytest.mark.parametrize("left", AT_A_STANDSTILL)
@pytest.mark.parametrize("to", [C.behind_schedule, C.on_schedule])
def test_leaving_a_standstill_is_a_claim(left: C, to: C) -> None:
    after = move(Construction(left, left), to)
    assert (after.status, after.counted, after.resumption) == (to, left, Resumption.claimed)


def test_a_claim_outlives_further_progress_and_ends_where_the_site_stands_again() -> None:
    claimed = walked([C.stopped, C.on_schedule, C.completed, C.delivered])
    assert claimed == Construction(C.delivered, C.stopped)
    assert walked([C.stopped, C.partly_stopped]) == Construction(C.partly_stopped, C.stopped)
    assert walked([C.stopped, C.on_schedule, C.partly_stopped]).resumption is Resumption.claimed
    assert walked([C.partly_stopped, C.on_schedule, C.partly_stopped]) == Construction(
        C.partly_stopped, C.partly_stopped
    )
    assert walked([C.partly_stopped, C.on_schedule, C.stopped]) == Construction(C.stopped, C.stopped)


@pytest.mark.parametrize("left", AT_A_STANDSTILL)
def test_verifying_a_claim_makes_what_is_shown_count(left: C) -> None:
    verified = verify_construction(Construction(C.on_schedule, left))
    assert (verified.status, verified.counted, verified.resumption) == (
        C.on_schedule,
        C.on_schedule,
        Resumption.verified,
    )


@pytest.mark.parametrize(
    "now", [Construction(), Construction(C.stopped, C.stopped), Construction(C.on_schedule, C.on_schedule)]
)
def test_what_nobody_claims_cannot_be_verified(now: Construction) -> None:
    with pytest.raises(NothingClaimed) as refused:
        verify_construction(now)
    assert refused.value.status == 409
    verified = Construction(C.on_schedule, C.on_schedule, verified=True)
    with pytest.raises(NothingClaimed):
        verify_construction(verified)


def test_a_verification_lasts_while_the_site_works_and_ends_where_it_stands_again() -> None:
    verified = verify_construction(Construction(C.on_schedule, C.stopped))
    for to in (C.on_schedule, C.behind_schedule, C.completed):
        assert move(verified, to) == Construction(to, to, verified=True)
    for to in AT_A_STANDSTILL:
        assert move(verified, to) == Construction(to, to)
    assert move(move(verified, C.stopped), C.on_schedule).resumption is Resumption.claimed


def test_half_a_site_at_work_is_verified_and_what_it_claims_next_is_a_claim_again() -> None:
    half = verify_construction(Construction(C.partly_stopped, C.stopped))
    assert half == Construction(C.partly_stopped, C.partly_stopped, verified=True)
    assert move(half, C.partly_stopped) == half
    assert move(half, C.on_schedule) == Construction(C.on_schedule, C.partly_stopped)
    assert move(half, C.stopped) == Construction(C.stopped, C.stopped)


def test_saying_the_same_again_changes_nothing() -> None:
    claimed = Construction(C.on_schedule, C.stopped)
    assert move(claimed, C.on_schedule) == claimed


@given(WALKS)
def test_no_walk_by_hand_leaves_a_standstill_for_the_statistics(path: list[C]) -> None:
    """Once counted as standing, a project is counted so whatever is reported, until something verifies it."""
    now = Construction()
    for to in path:
        before, now = now, walked([to]) if now.status is None else now
        if before.status is not None and to in CONSTRUCTION_MOVES[before.status]:
            now = move(before, to)
        if before.counted in AT_A_STANDSTILL:
            assert now.counted in AT_A_STANDSTILL
        assert (now.resumption is Resumption.claimed) == (now.status != now.counted)
        assert now.status in AT_A_STANDSTILL or now.counted == now.status or now.resumption is Resumption.claimed


@given(st.sampled_from(C), st.sampled_from(C))
def test_a_move_is_accepted_exactly_where_the_table_names_it(current: C, to: C) -> None:
    if to == current or to in CONSTRUCTION_MOVES[current]:
        assert move(Construction(current, current), to).status is to
    else:
        with pytest.raises(TransitionNotAllowed):
            move(Construction(current, current), to)


@given(st.none() | st.sampled_from(R), st.sampled_from(R))
def test_resolution_moves_are_those_of_the_table(current: R | None, to: R) -> None:
    if current is None or to == current or to in RESOLUTION_MOVES[current]:
        assert resolve(current, to) is to
    else:
        with pytest.raises(TransitionNotAllowed):
            resolve(current, to)


@pytest.mark.parametrize("to", [R.resolving, R.unresolved])
def test_a_rebound_needs_a_reason(to: R) -> None:
    assert rebounds(R.resolved, to)
    assert resolve(R.resolved, to, "业主再次集体信访") is to
    for reason in (None, "", "  "):
        with pytest.raises(ReasonRequired) as refused:
            resolve(R.resolved, to, reason)
        assert refused.value.status == 422


def test_other_moves_need_none() -> None:
    assert resolve(R.unresolved, R.resolving, None) is R.resolving
    assert not rebounds(None, R.unresolved)
    assert not rebounds(R.resolved, R.resolved)


def test_reserve_is_not_a_place_to_hide_open_work() -> None:
    for current in (R.resolving, R.resolved):
        with pytest.raises(TransitionNotAllowed, match="transition_not_allowed"):
            resolve(current, R.reserve)


def test_a_status_has_happened_and_in_order() -> None:
    stopped = Construction(C.stopped, C.stopped)
    day = dt.timedelta(days=1)
    with pytest.raises(FutureDate) as future:
        decide_construction(stopped, C.on_schedule, effective_on=TODAY + day, last_effective_on=None, today=TODAY)
    assert (future.value.status, future.value.errors[0].pointer) == (422, "/effective_on")
    with pytest.raises(EarlierThanLast) as earlier:
        decide_construction(stopped, C.on_schedule, effective_on=TODAY - day, last_effective_on=TODAY, today=TODAY)
    assert earlier.value.status == 409
    assert "2024-11-30" in earlier.value.detail
    with pytest.raises(EarlierThanLast):
        decide_resolution(
            R.unresolved, R.resolving, reason=None, effective_on=TODAY - day, last_effective_on=TODAY, today=TODAY
        )
    same_day = decide_construction(stopped, C.on_schedule, effective_on=TODAY, last_effective_on=TODAY, today=TODAY)
    assert same_day.resumption is Resumption.claimed


@given(st.none() | st.sampled_from(R), st.sampled_from(R), st.integers(-400, 400))
def test_what_happened_on_the_ledger_is_resolved_by_a_close_out(current: R | None, to: R, days: int) -> None:
    """`days` after the project came onto it; what was before is told, and what is resolved stays so."""
    day = TODAY + dt.timedelta(days=days)
    becomes = to is R.resolved and current is not R.resolved
    if becomes and days >= 0:
        with pytest.raises(NeedsCloseout):
            check_told(current, to, effective_on=day, recorded_on=TODAY)
    else:
        check_told(current, to, effective_on=day, recorded_on=TODAY)


@pytest.mark.parametrize(("days", "told"), [(-1, True), (0, False), (1, False)])
def test_the_day_it_came_onto_the_ledger_is_the_first_to_need_one(days: int, told: bool) -> None:
    day = TODAY + dt.timedelta(days=days)
    if told:
        check_told(R.resolving, R.resolved, effective_on=day, recorded_on=TODAY)
    else:
        with pytest.raises(NeedsCloseout) as refused:
            check_told(R.resolving, R.resolved, effective_on=day, recorded_on=TODAY)
        assert refused.value.status == 409
