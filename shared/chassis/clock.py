"""What time it is, as an argument: nothing in the house asks the machine by itself."""

import datetime as dt
from pathlib import Path
from typing import Protocol

from shared.schemas.base import SHANGHAI

__all__ = ["SHANGHAI", "Clock", "FixedClock", "ShiftedClock", "SystemClock", "today"]


class Clock(Protocol):
    def now(self) -> dt.datetime:
        """An aware moment."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> dt.datetime:
        return dt.datetime.now(SHANGHAI)


class ShiftedClock:
    """The machine's clock, as many seconds on as a file says: a rehearsal lives through months in minutes.

    Never in production: settings refuse it there. Tokens and leases still run on the machine's time.
    """

    def __init__(self, file: Path) -> None:
        self._file = file

    def now(self) -> dt.datetime:
        seconds = float(self._file.read_text(encoding="ascii").strip() or 0) if self._file.exists() else 0.0
        return dt.datetime.now(SHANGHAI) + dt.timedelta(seconds=seconds)


class FixedClock:
    """A clock that moves only when told: for tests and for replaying a day. Raises `ValueError` for a naive moment."""

    def __init__(self, moment: dt.datetime) -> None:
        self.set(moment)

    def now(self) -> dt.datetime:
        return self._moment

    def set(self, moment: dt.datetime) -> None:
        if moment.tzinfo is None:
            raise ValueError("a clock needs an aware moment")
        self._moment = moment

    def advance(self, by: dt.timedelta) -> None:
        self._moment += by


def today(clock: Clock) -> dt.date:
    """The date it is in China."""
    return clock.now().astimezone(SHANGHAI).date()
