"""Sweeps asked for over the wire, on the days a test wants, by workers that may be killed anywhere."""

import asyncio
import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from shared.service import sweeps
from shared.storage import jobs, journal
from tests.support.service import LEASE, MORNING, County, Service

DAY = dt.timedelta(days=1)


def on(service: Service, offset: int) -> None:
    """So many days after `MORNING`."""
    service.clock.set(MORNING + offset * DAY)


def day(offset: int) -> str:
    return (MORNING + offset * DAY).date().isoformat()


async def swept(county: County[Any]) -> dict[str, Any]:
    """A sweep that has ended."""
    accepted = await county.call("POST", "/sweeps")
    assert accepted.status_code == 202, accepted.text
    await county.service.run_jobs()
    found = await county.read(f"/sweeps/{accepted.json()['id']}")
    assert found["state"] == "finished", found
    return found


class Killed(asyncio.CancelledError):
    """The worker is gone in the middle of a line: nothing after it runs."""


async def killed_and_begun_again(
    service: Service, monkeypatch: pytest.MonkeyPatch, writing: tuple[Any, str], line: str, at: int
) -> None:
    """The jobs that are due, by a worker that is killed at the `at`-th `write`, `commit` or `report`; then, when its
    lease is over, by another. `writing` is where the sweep writes."""
    # The commits of the sweep alone: the directory it asks commits too.
    own_journal = SimpleNamespace(commit=journal.commit)
    monkeypatch.setattr(sweeps, "journal", own_journal)
    lines = {"write": writing, "commit": (own_journal, "commit"), "report": (jobs.Progress, "report")}
    where, name = lines[line]
    with monkeypatch.context() as patched:
        patched.setattr(where, name, _dying(getattr(where, name), at))
        with pytest.raises(Killed):
            await service.run_jobs()
    service.clock.advance(2 * LEASE)
    await service.run_jobs()


def _dying(do: Callable[..., Any], at: int) -> Callable[..., Any]:
    """`do`, but its `at`-th call is the last thing its worker does, and is not done."""
    calls = iter(range(at))

    async def instead(*args: Any, **more: Any) -> Any:
        if next(calls, None) is None:
            raise Killed
        return await do(*args, **more)

    return instead
