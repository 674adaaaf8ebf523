"""Sweeps asked for over the wire, on the days a test wants, by workers that may be killed anywhere."""

import asyncio
import datetime as dt
from collections.abc import Callable
from typing import Any

from tests.support.service import MORNING, County, Service

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


def dying(do: Callable[..., Any], at: int) -> Callable[..., Any]:
    """`do`, but its `at`-th call is the last thing its worker does, and is not done."""
    calls = iter(range(at))

    async def instead(*args: Any, **more: Any) -> Any:
        if next(calls, None) is None:
            raise Killed
        return await do(*args, **more)

    return instead
