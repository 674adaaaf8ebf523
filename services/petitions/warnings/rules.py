"""What makes a project boil over, how much each sign weighs, and what becomes of a warning. Pure."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from services.petitions.warnings import surge
from shared.errors import Conflict
from shared.schemas.petitions.intake import GROUP_STARTS_AT, VisitLevel
from shared.schemas.petitions.intake import LABELS as INTAKE
from shared.schemas.petitions.warnings import (
    SurgeOut,
    WarningFactor,
    WarningFactorOut,
    WarningGrade,
    WarningState,
    WarningTrend,
)

F, T = WarningFactor, WarningTrend
LEVELS = list(VisitLevel)
LEVEL_STRENGTH = {0: 0.0, 1: 0.4, 2: 0.7, 3: 1.0}
"""By place in `LEVELS`: the city, the province, Beijing."""
STEADY_LEVEL = 0.5
"""Of what a level weighs while it climbs no higher."""
GROUP_STRENGTH = ((5, 0.25), (11, 0.5), (21, 0.75), (51, 0.9), (101, 1.0))
"""Bands of statistics (`domain.md` 1.4) from their first person."""
LEAST_CASES = 3
"""A share of fewer cases says nothing."""


class WarningClosed(Conflict):
    code, title, title_en = "warning_closed", "预警已关闭", "Warning closed"


class AlreadyAcknowledged(Conflict):
    code, title, title_en = "already_acknowledged", "预警已签收", "Already acknowledged"


@dataclass(frozen=True, slots=True)
class Settings:
    """What a county sets (`services.petitions.thresholds`, `warning_…`) and our defaults.

    Windows are of `window_days`; the surge is tested at `surge_p_per_mille` and from `surge_least` cases on; a share of
    repeats counts from `repeat_percent`, late duties and broken promises fully at so many. A grade begins at its score.
    """

    window_days: int = 14
    history_windows: int = 12
    surge_p_per_mille: int = 10
    surge_least: int = 3
    repeat_percent: int = 30
    clocks_full: int = 5
    promises_full: int = 3
    weight_surge: int = 30
    weight_repeats: int = 15
    weight_groups: int = 20
    weight_levels: int = 15
    weight_promises: int = 10
    weight_clocks: int = 10
    notice_at: int = 15
    warning_at: int = 30
    severe_at: int = 50
    act_days: int = 7
    severe_act_days: int = 3
    rest_days: int = 14

    @property
    def weights(self) -> int:
        return sum(getattr(self, f"weight_{factor}") for factor in WarningFactor)


@dataclass(slots=True)
class Window:
    """What came in one window; `level` is the place of the highest visit level in `LEVELS`."""

    cases: int = 0
    repeats: int = 0
    group: int = 0
    level: int = 0


@dataclass(slots=True)
class Signs:
    """Of one subject: its windows by age (0 is the last), and what was late or broken then and a window before."""

    name: str = ""
    windows: dict[int, Window] = field(default_factory=dict)
    promises: int = 0
    promises_before: int = 0
    clocks: int = 0
    clocks_before: int = 0
    units: dict[tuple[str, str], int] = field(default_factory=dict)
    """Open cases by the unit, code and name, that must act on them."""

    def at(self, age: int) -> Window:
        return self.windows.get(age, Window())

    @property
    def unit(self) -> tuple[str, str] | None:
        """Who has most of the open cases; of equals, the first by code."""
        return min(self.units, key=lambda unit: (-self.units[unit], unit)) if self.units else None


@dataclass(frozen=True, slots=True)
class Assessed:
    score: int
    grade: WarningGrade | None
    trend: WarningTrend
    factors: tuple[WarningFactorOut, ...]

    @property
    def as_json(self) -> list[dict[str, Any]]:
        return [factor.model_dump(mode="json") for factor in self.factors]


def assess(signs: Signs, settings: Settings) -> Assessed:
    """Factors that say something, the weightiest first; their points are the score."""
    factors = sorted(
        (f for f in (find(signs, settings) for find in FACTORS) if f.points), key=lambda f: (-f.points, f.factor)
    )
    score = min(100, sum(factor.points for factor in factors))
    rising = sum(f.points for f in factors if f.trend is T.rising) - sum(
        f.points for f in factors if f.trend is T.falling
    )
    trend = T.rising if rising > 0 else T.falling if rising < 0 else T.steady
    return Assessed(score, grade(score, settings), trend, tuple(factors))


def grade(score: int, settings: Settings) -> WarningGrade | None:
    if score >= settings.severe_at:
        return WarningGrade.severe
    if score >= settings.warning_at:
        return WarningGrade.warning
    return WarningGrade.notice if score >= settings.notice_at else None


def _factor(
    factor: WarningFactor,
    strength: float,
    settings: Settings,
    value: int,
    before: int,
    reason: str,
    more: SurgeOut | None = None,
) -> WarningFactorOut:
    weight: int = getattr(settings, f"weight_{factor}")
    trend = T.rising if value > before else T.falling if value < before else T.steady
    return WarningFactorOut(
        factor=factor,
        weight=weight,
        strength=f"{strength:.4f}",
        points=round(100 * weight * strength / max(settings.weights, 1)),
        value=value,
        before=before,
        trend=trend,
        reason=reason,
        surge=more,
    )


def _surge(signs: Signs, settings: Settings) -> WarningFactorOut:
    history = [signs.at(age).cases for age in range(settings.history_windows, 0, -1)]
    found = surge.measure(history, signs.at(0).cases)
    threshold = settings.surge_p_per_mille / 1000
    strength = surge.strength(found, threshold, settings.surge_least)
    told = SurgeOut(
        observed=found.observed,
        expected=f"{found.expected:.4f}",
        p_value=f"{found.p_value:.6f}",
        threshold=f"{threshold:.4f}",
        least=settings.surge_least,
        history=history,
    )
    reason = (
        f"近 {settings.window_days} 天 {found.observed} 件，按自身历史预期 {found.expected:.1f} 件，"
        f"出现这么多的概率为 {found.p_value:.4f}（低于 {threshold:.3f} 即为突增）"
    )
    return _factor(F.surge, strength, settings, found.observed, history[-1], reason, told)


def _repeats(signs: Signs, settings: Settings) -> WarningFactorOut:
    now, before = _share(signs.at(0), signs.at(1)), _share(signs.at(2), signs.at(3))
    cases = signs.at(0).cases + signs.at(1).cases
    over = now - settings.repeat_percent
    strength = 0.5 + 0.5 * over / (100 - settings.repeat_percent) if over > 0 and cases >= LEAST_CASES else 0.0
    reason = f"近 {2 * settings.window_days} 天 {cases} 件中，重复信访占 {now}%（此前为 {before}%）"
    return _factor(F.repeats, strength, settings, now, before, reason)


def _share(*windows: Window) -> int:
    cases = sum(window.cases for window in windows)
    return round(100 * sum(window.repeats for window in windows) / cases) if cases else 0


def _groups(signs: Signs, settings: Settings) -> WarningFactorOut:
    now, before = signs.at(0).group, signs.at(1).group
    strength = max((worth for least, worth in GROUP_STRENGTH if now >= least), default=0.0)
    reason = f"近 {settings.window_days} 天最大一次集体访 {now} 人（此前一期 {before} 人；{GROUP_STARTS_AT} 人起计）"
    return _factor(F.groups, strength, settings, now, before, reason)


def _levels(signs: Signs, settings: Settings) -> WarningFactorOut:
    now = signs.at(0).level
    before = max(signs.at(age).level for age in range(1, settings.history_windows + 1))
    strength = LEVEL_STRENGTH[now] * (1.0 if now > before else STEADY_LEVEL)
    named = [INTAKE[VisitLevel][LEVELS[place]] for place in (now, before)]
    reason = f"近 {settings.window_days} 天最高到“{named[0]}”，此前最高为“{named[1]}”"
    return _factor(F.levels, strength, settings, now, before, reason)


def _promises(signs: Signs, settings: Settings) -> WarningFactorOut:
    strength = min(1.0, signs.promises / settings.promises_full)
    reason = f"有 {signs.promises} 项对信访人的承诺到期未兑现（一期前 {signs.promises_before} 项）"
    return _factor(F.promises, strength, settings, signs.promises, signs.promises_before, reason)


def _clocks(signs: Signs, settings: Settings) -> WarningFactorOut:
    strength = min(1.0, signs.clocks / settings.clocks_full)
    reason = f"有 {signs.clocks} 项法定办理期限已超期而未办（一期前 {signs.clocks_before} 项）"
    return _factor(F.clocks, strength, settings, signs.clocks, signs.clocks_before, reason)


FACTORS = (_surge, _repeats, _groups, _levels, _promises, _clocks)


def act_days(found: WarningGrade, settings: Settings) -> int:
    return settings.severe_act_days if found is WarningGrade.severe else settings.act_days


def rests(closed: Mapping[str, Any] | None, score: int, today: dt.date, settings: Settings) -> bool:
    """A person has closed the last warning of the subject lately, and it is no worse than it was then."""
    if closed is None or closed["closed_by"] is None:
        return False
    return bool((today - closed["closed_on"]).days < settings.rest_days and score <= closed["score"])


def check_open(state: str) -> None:
    if state == WarningState.closed:
        raise WarningClosed


def is_same(kept: Mapping[str, Any], assessed: Assessed, unit: tuple[str, str] | None) -> bool:
    """A second look on the same day, or on a day on which nothing moved, changes nothing."""
    told = (kept["score"], kept["grade"], kept["factors"], kept["unit_code"])
    return told == (assessed.score, assessed.grade, assessed.as_json, unit[0] if unit else None)
