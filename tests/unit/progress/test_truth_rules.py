"""When a site works again: enough signals of different kinds, each from a source of its own, in one window."""

import datetime as dt
import itertools
from collections.abc import Sequence

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from services.projects.ledger.rules import enterprise_key
from services.projects.progress.signals.truth import PROPER, Signal, Stood, Truth, independent, judge, minimum
from services.projects.thresholds import THRESHOLDS
from shared.schemas.projects.facts import Resumption
from shared.schemas.projects.signals import LABELS, MissingCause, TruthVerdict
from shared.schemas.projects.signals import SignalKind as K

TODAY = dt.date(2026, 11, 23)
OURS = {name: known.default for name, known in THRESHOLDS.items()}
DAYS = st.integers(0, 12).map(lambda back: TODAY - dt.timedelta(days=back))
SIGNALS = st.builds(Signal, st.sampled_from(K), st.integers(0, 120), DAYS, st.sampled_from("ABCDE"))


def said(kind: K, value: int = 1_000, back: int = 0, source: str | None = None) -> Signal:
    return Signal(kind, value, TODAY - dt.timedelta(days=back), source or kind.value)


def truth(*signals: Signal, **changed: int) -> Truth:
    return judge(signals, TODAY, OURS | changed)


def most_by_trying_all(passing: Sequence[Signal]) -> int:
    """The largest set without two of one kind or two of one source, found without any cleverness."""
    pairs = sorted({(s.kind, s.source) for s in passing})
    for size in range(min(len({k for k, _ in pairs}), len({s for _, s in pairs})), 0, -1):
        for chosen in itertools.combinations(pairs, size):
            if len({k for k, _ in chosen}) == len({s for _, s in chosen}) == size:
                return size
    return 0


def test_three_kinds_from_three_sources_in_one_week_are_a_resumption() -> None:
    found = truth(said(K.workers_on_site, 46), said(K.electricity, 900, back=6), said(K.wages_paid, 1, back=3))
    assert (found.verified, found.missing, found.since) == (True, (), dt.date(2026, 11, 17))
    assert [s.kind for s in found.counted] == [K.workers_on_site, K.electricity, K.wages_paid]
    assert found.verdict is TruthVerdict.verified


def test_two_are_a_claim_and_what_would_settle_it_is_said() -> None:
    found = truth(said(K.workers_on_site, 46), said(K.electricity, OURS["power_floor_kwh"] - 1), said(K.cranes, 2, 7))
    assert [s.kind for s in found.counted] == [K.workers_on_site]
    causes = {lack.kind: lack.cause for lack in found.missing}
    assert causes == {
        K.cranes: MissingCause.no_signal,  # a day before the window
        K.electricity: MissingCause.below_minimum,
        K.supervisor_log: MissingCause.no_signal,
        K.wages_paid: MissingCause.no_signal,
        K.materials: MissingCause.no_signal,
    }
    (power,) = [lack for lack in found.missing if lack.kind is K.electricity]
    assert power.settled_by == "供电企业的用电量，单日不少于 50 千瓦时"
    assert found.verdict is TruthVerdict.unclaimed
    assert judge([], TODAY, OURS, Stood(resumption=Resumption.claimed)).verdict is TruthVerdict.claimed


@pytest.mark.parametrize(("stopped", "since"), [(8, 6), (7, 6), (6, 5), (1, 0), (0, -1)])
def test_work_before_a_standstill_is_no_sign_of_work_after_it(stopped: int, since: int) -> None:
    stood = Stood(TODAY - dt.timedelta(days=stopped))
    found = judge([said(K.cranes, back=back, source=f"S{back}") for back in range(9)], TODAY, OURS, stood)
    assert found.since == TODAY - dt.timedelta(days=since)
    assert bool(found.counted) == (stopped > 0)
    on_the_day = judge([said(K.cranes, back=stopped)], TODAY, OURS, stood)
    assert on_the_day.counted == ()


def test_who_turns_out_to_build_vouches_for_nothing() -> None:
    log = Signal(K.supervisor_log, 1, TODAY, "JL", "甲 建设有限责任公司")
    stood = Stood(builders=frozenset({enterprise_key("甲建设有限公司")}))
    assert truth(log).counted == (log,)
    found = judge([log], TODAY, OURS, stood)
    assert found.counted == ()
    assert {m.kind: m.cause for m in found.missing}[K.supervisor_log] is MissingCause.not_independent


def test_one_office_that_says_everything_is_one_witness() -> None:
    everything = [said(kind, source="ZJJ") for kind in K]
    found = truth(*everything)
    assert (len(found.counted), found.verified) == (1, False)
    assert {lack.cause for lack in found.missing} == {MissingCause.same_source}
    assert "尚未计数的单位" in found.missing[0].settled_by
    assert truth(*everything, said(K.electricity, source="GDJ"), said(K.materials, source="JL")).verified


@pytest.mark.parametrize(("value", "counts"), [(0, False), (1, True)])
def test_nobody_on_site_is_no_signal_of_work(value: int, counts: bool) -> None:
    assert bool(truth(said(K.workers_on_site, value)).counted) is counts


def test_a_county_sets_number_window_and_floors() -> None:
    signals = [said(K.workers_on_site, 5), said(K.cranes, 1), said(K.materials, 1, back=10)]
    assert not truth(*signals).verified
    assert truth(*signals, truth_window_days=11).verified
    assert truth(*signals, truth_signals=2).verified
    assert not truth(*signals, truth_signals=2, workers_floor=6).verified


def test_every_kind_has_its_proper_source_and_every_floor_is_a_threshold() -> None:
    assert set(PROPER) == set(K) == set(map(K, LABELS[K]))
    assert all(proper.floor is None or proper.floor in THRESHOLDS for proper in PROPER.values())


@given(st.lists(SIGNALS, max_size=12), SIGNALS, st.integers(1, 6))
def test_one_more_signal_never_takes_a_verification_back(signals: list[Signal], more: Signal, needed: int) -> None:
    before, after = truth(*signals, truth_signals=needed), truth(*signals, more, truth_signals=needed)
    assert len(after.counted) >= len(before.counted)
    assert after.verified or not before.verified


@given(st.lists(SIGNALS, max_size=12), st.integers(1, 6))
def test_what_counts_is_as_much_as_can_count(signals: list[Signal], needed: int) -> None:
    found = truth(*signals, truth_signals=needed)
    passing = [s for s in signals if found.since <= s.on <= TODAY and s.value >= minimum(s.kind, OURS)]
    assert len(found.counted) == most_by_trying_all(passing)
    assert len({s.kind for s in found.counted}) == len({s.source for s in found.counted}) == len(found.counted)
    assert set(found.counted) <= set(passing)
    assert found.verified == (len(found.counted) >= needed)
    assert {s.kind for s in found.counted} | {m.kind for m in found.missing} == set(K) or found.verified


@given(st.lists(SIGNALS, max_size=12), st.randoms())
def test_the_order_of_arrival_does_not_matter(signals: list[Signal], random: "object") -> None:
    shuffled = list(signals)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert truth(*shuffled) == truth(*signals)


@given(st.lists(SIGNALS, min_size=1, max_size=12))
def test_signals_outside_the_window_say_nothing(signals: list[Signal]) -> None:
    outside = [s for s in signals if not TODAY - dt.timedelta(days=6) <= s.on <= TODAY]
    assume(outside)
    inside = [s for s in signals if s not in outside]
    assert truth(*signals) == truth(*inside)


def test_the_newest_of_a_pair_is_shown() -> None:
    (shown,) = independent([said(K.cranes, 3, back=2), said(K.cranes, 1, back=1)])
    assert (shown.value, shown.on) == (1, dt.date(2026, 11, 22))
