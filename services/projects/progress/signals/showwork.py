"""Counters that reveal show-work 表演式复工 (domain.md §5.4). They accuse nobody and refuse nothing. Pure.

Each is a run that reaches up to now: so many days or reports in a row, since a day. Days nobody reported are unknown,
not zero: they end a run of days.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from services.projects.progress.signals.truth import Signal
from shared.schemas.projects.signals import ShowWorkKind, SignalKind

DAY = dt.timedelta(days=1)
LOW_POWER_DAYS = 2
SAME_REPORTS = 3
SAME_SIGNALS = 4
"""Runs shorter than these happen on honest sites too."""
OFTEN_THE_SAME = frozenset({SignalKind.cranes, SignalKind.supervisor_log})
"""Two cranes and one log a day are no sign of anything."""
LOOKBACK_DAYS = 60
"""How far back signals are looked at."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Claim:
    """The figures of one standing report."""

    on: dt.date
    unit: str
    progress_pct: Decimal | None
    money_in_place_fen: int | None
    money_drawn_fen: int | None
    workers_planned: int | None

    @property
    def figures(self) -> tuple[Decimal | int | None, ...]:
        return self.progress_pct, self.money_in_place_fen, self.money_drawn_fen, self.workers_planned


@dataclass(frozen=True, slots=True)
class Counter:
    kind: ShowWorkKind
    count: int
    since: dt.date
    signal: SignalKind | None = None


def counters(claims: Iterable[Claim], signals: Iterable[Signal], thresholds: Mapping[str, int]) -> list[Counter]:
    """What has run up in these standing claims and signals, none of them later than the day asked about."""
    said = sorted(claims, key=lambda c: c.on)
    by_unit: dict[str, list[Claim]] = defaultdict(list)
    for claim in said:
        by_unit[claim.unit].append(claim)
    days = _per_day(signals)
    found = [flat_while_drawing(of_unit) for of_unit in by_unit.values()]
    found += [identical_reports(of_unit) for of_unit in by_unit.values()]
    found += [low_power(days[SignalKind.electricity], thresholds["power_floor_kwh"])]
    found += [identical_signals(kind, days[kind]) for kind in SignalKind if kind not in OFTEN_THE_SAME]
    found += [below_plan(said, days[SignalKind.workers_on_site])]
    return [counter for counter in found if counter is not None]


def flat_while_drawing(claims: Sequence[Claim]) -> Counter | None:
    """Reports in a row, to the last, whose progress does not rise above the first while the money drawn does."""
    told = [c for c in claims if c.progress_pct is not None and c.money_drawn_fen is not None]
    run = _tail(told, lambda earlier, last: (earlier.progress_pct or 0) >= (last.progress_pct or 0))
    if len(run) < 2 or (run[-1].money_drawn_fen or 0) <= (run[0].money_drawn_fen or 0):
        return None
    return Counter(ShowWorkKind.progress_flat_while_money_drawn, len(run), run[0].on)


def identical_reports(claims: Sequence[Claim]) -> Counter | None:
    run = _tail(claims, lambda earlier, last: earlier.figures == last.figures and earlier.progress_pct is not None)
    return Counter(ShowWorkKind.identical_reports, len(run), run[0].on) if len(run) >= SAME_REPORTS else None


def low_power(days: Mapping[dt.date, int], floor: int) -> Counter | None:
    run = _day_tail(days, lambda value, _: value < floor)
    return Counter(ShowWorkKind.low_electricity_days, len(run), run[0]) if len(run) >= LOW_POWER_DAYS else None


def identical_signals(kind: SignalKind, days: Mapping[dt.date, int]) -> Counter | None:
    run = _day_tail(days, lambda value, last: value == last and value > 0)
    return Counter(ShowWorkKind.identical_signals, len(run), run[0], kind) if len(run) >= SAME_SIGNALS else None


def below_plan(claims: Sequence[Claim], days: Mapping[dt.date, int]) -> Counter | None:
    """Days in a row with less than half of the workers that the newest claim plans."""
    planned = next((c.workers_planned for c in reversed(claims) if c.workers_planned is not None), None)
    run = _day_tail(days, lambda value, _: planned is not None and 2 * value < planned)
    return Counter(ShowWorkKind.workers_far_below_plan, len(run), run[0], SignalKind.workers_on_site) if run else None


def _per_day(signals: Iterable[Signal]) -> dict[SignalKind, dict[dt.date, int]]:
    """Per kind and day the sum over its sources."""
    days: dict[SignalKind, dict[dt.date, int]] = {kind: {} for kind in SignalKind}
    for signal in signals:
        days[signal.kind][signal.on] = days[signal.kind].get(signal.on, 0) + signal.value
    return days


def _tail(items: Sequence[T], belongs: Callable[[T, T], bool]) -> Sequence[T]:
    """The longest run up to the last item whose members all belong with the last."""
    start = len(items)
    while start and belongs(items[start - 1], items[-1]):
        start -= 1
    return items[start:]


def _day_tail(days: Mapping[dt.date, int], belongs: Callable[[int, int], bool]) -> list[dt.date]:
    """The run of calendar days up to the last known one whose values all belong with the last."""
    known = sorted(days)
    run: list[dt.date] = []
    for day in reversed(known):
        if (run and run[0] - day != DAY) or not belongs(days[day], days[known[-1]]):
            break
        run.insert(0, day)
    return run
