"""What is asked of the figures: the words of a statement (`Shape`) and the values bound to it, apart.

A statement over fifty predicates takes longer to write than to run, so it is written once for each shape and kept.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from shared.chassis.identity import Caller
from shared.schemas.petitions.kpis import DateBasis


@dataclass(frozen=True)
class Shape:
    """`given` are the filters that are asked for, by the name of their value."""

    roles: frozenset[str]
    unit: str | None
    is_one_division: bool
    basis: DateBasis
    given: frozenset[str]

    @property
    def caller(self) -> Caller:
        """What decides which petitions are seen, of whoever asks."""
        return Caller("", "", self.roles, "", "", self.unit)


@dataclass(frozen=True)
class Asked:
    """Whose cases, of which division prefix, as of when; `filters` are columns of the petition and their value."""

    caller: Caller
    scope: str
    as_of: dt.date
    known_at: dt.datetime
    window_days: int
    basis: DateBasis = DateBasis.registered
    since: dt.date | None = None
    until: dt.date | None = None
    unit_code: str | None = None
    filters: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def _given(self) -> dict[str, Any]:
        bounds = {"since": self.since, "until": self.until, "unit_code": self.unit_code}
        return dict(self.filters) | {name: value for name, value in bounds.items() if value is not None}

    @property
    def shape(self) -> Shape:
        is_one = len(self.scope) == 6
        return Shape(self.caller.roles, self.caller.unit, is_one, self.basis, frozenset(self._given))

    @property
    def values(self) -> dict[str, Any]:
        divisions = {"division": self.scope, "lo": self.scope or "0", "hi": f"{self.scope}~"}
        return self._given | divisions | {name: getattr(self, name) for name in ("as_of", "known_at", "window_days")}
