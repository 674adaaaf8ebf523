"""Whether a site really works 复工: computed from signals, never believed (domain.md §2.3, §5.4). Pure.

A resumption is verified when, in one window of days up to the day asked about, at least N signals of different kinds
reach their minimum, *each vouched for by a source of its own*: one unit that reports workers, cranes and materials is
one witness, not three. So what counts is the largest set of (kind, source) pairs that share neither. More signals can
only enlarge that set, so nothing that arrives later takes a verification back.

Work before a standstill is no sign of work after it: the window begins no earlier than the day after the ledger last
has the project stopped. Nor does it matter what the ledger knew when a signal came: whoever it names as a builder by
the time of judging vouches for nothing.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from services.projects.ledger.rules import enterprise_key
from shared.schemas.gateway.directory import UnitKind as U
from shared.schemas.projects.facts import Resumption
from shared.schemas.projects.signals import LABELS, Measure, MissingCause, SignalKind, TruthVerdict
from shared.schemas.projects.signals import SignalKind as K


@dataclass(frozen=True, slots=True)
class Proper:
    """Who may vouch for a kind of signal, what is measured, and the threshold that sets its minimum (else 1)."""

    source: str
    kinds: frozenset[U]
    measure: Measure
    floor: str | None = None


DAY = dt.timedelta(days=1)
AUTHORITIES = frozenset({U.DEPARTMENT, U.TOWNSHIP, U.GOVERNMENT})
FIRMS = frozenset({U.ENTERPRISE, U.OTHER})
PROPER: Mapping[SignalKind, Proper] = {
    K.workers_on_site: Proper("主管部门的实名制考勤数据", AUTHORITIES, Measure.people, "workers_floor"),
    K.cranes: Proper("主管部门或属地的塔吊运行记录", AUTHORITIES, Measure.cranes),
    K.electricity: Proper("供电企业的用电量", FIRMS, Measure.kwh, "power_floor_kwh"),
    K.supervisor_log: Proper("监理单位的当日监理日志", FIRMS, Measure.logs),
    K.wages_paid: Proper("工资专用账户银行或人社部门的发放记录", frozenset({U.BANK, U.DEPARTMENT}), Measure.fen),
    K.materials: Proper("监理单位或属地的材料进场验收记录", AUTHORITIES | FIRMS, Measure.deliveries),
}


@dataclass(frozen=True, slots=True)
class Signal:
    """What one source said of one day."""

    kind: SignalKind
    value: int
    on: dt.date
    source: str
    source_name: str = ""


@dataclass(frozen=True, slots=True)
class Stood:
    """How the ledger has a project stand on a day: last stopped, what is claimed, the name keys of who builds it."""

    stopped_on: dt.date | None = None
    resumption: Resumption | None = None
    builders: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Missing:
    """A kind that does not count, and what would settle it."""

    kind: SignalKind
    cause: MissingCause
    minimum: int

    @property
    def settled_by(self) -> str:
        proper = PROPER[self.kind]
        unit = LABELS[Measure][proper.measure]
        other = "，且须出自尚未计数的单位" if self.cause is MissingCause.same_source else ""
        return f"{proper.source}，单日不少于 {self.minimum} {unit}{other}"


@dataclass(frozen=True, slots=True)
class Truth:
    """What the signals of `since`…`on` say: `counted` are independent of each other; `missing` is empty once enough.

    `since` is the day after `on` where the project was stopped that day.
    """

    on: dt.date
    since: dt.date
    needed: int
    counted: tuple[Signal, ...]
    missing: tuple[Missing, ...]
    resumption: Resumption | None = None

    @property
    def verified(self) -> bool:
        return len(self.counted) >= self.needed

    @property
    def verdict(self) -> TruthVerdict:
        if self.verified:
            return TruthVerdict.verified
        return TruthVerdict.claimed if self.resumption is not None else TruthVerdict.unclaimed


UNSTATED = Stood()


def window(on: dt.date, days: int) -> dt.date:
    """The first day of a window of `days` that ends on `on`."""
    return on - dt.timedelta(days=days - 1)


def minimum(kind: SignalKind, thresholds: Mapping[str, int]) -> int:
    floor = PROPER[kind].floor
    return thresholds[floor] if floor else 1


def judge(signals: Iterable[Signal], on: dt.date, thresholds: Mapping[str, int], stood: Stood = UNSTATED) -> Truth:
    """The truth of a day, from standing signals of any days; those outside the window do not matter."""
    since, needed = window(on, thresholds["truth_window_days"]), thresholds["truth_signals"]
    if stood.stopped_on is not None:
        since = max(since, stood.stopped_on + DAY)
    inside = [signal for signal in signals if since <= signal.on <= on]
    enough = [signal for signal in inside if signal.value >= minimum(signal.kind, thresholds)]
    passing = [signal for signal in enough if enterprise_key(signal.source_name) not in stood.builders]
    counted = independent(passing)
    if len(counted) >= needed:
        return Truth(on, since, needed, counted, (), stood.resumption)
    causes: dict[SignalKind, MissingCause] = {}
    for cause, lacking in (
        (MissingCause.below_minimum, inside),
        (MissingCause.not_independent, enough),
        (MissingCause.same_source, passing),
    ):
        causes |= {signal.kind: cause for signal in lacking}
    missing = tuple(
        Missing(kind, causes.get(kind, MissingCause.no_signal), minimum(kind, thresholds))
        for kind in K
        if kind not in {signal.kind for signal in counted}
    )
    return Truth(on, since, needed, counted, missing, stood.resumption)


def independent(passing: Sequence[Signal]) -> tuple[Signal, ...]:
    """One signal per kind and per source, as many as there can be (a maximum matching); the newest of each pair."""
    best: dict[tuple[SignalKind, str], Signal] = {}
    for signal in sorted(passing, key=lambda s: (s.on, s.value)):
        best[signal.kind, signal.source] = signal
    sources: dict[SignalKind, list[str]] = defaultdict(list)
    for kind, source in sorted(best):
        sources[kind].append(source)
    voice: dict[str, SignalKind] = {}

    def place(kind: SignalKind, asked: set[str]) -> bool:
        for source in sources[kind]:
            if source not in asked:
                asked.add(source)
                if source not in voice or place(voice[source], asked):
                    voice[source] = kind
                    return True
        return False

    for kind in list(sources):
        place(kind, set())
    order = list(K)
    return tuple(sorted((best[kind, source] for source, kind in voice.items()), key=lambda s: order.index(s.kind)))
