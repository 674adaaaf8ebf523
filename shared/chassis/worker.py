"""What every worker process is made of: stop on a signal, and chores that outlive their failures."""

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable

RETRY_SECONDS = 5.0
log = logging.getLogger("anju.worker")


def stop_on_signal() -> asyncio.Event:
    """Set on SIGTERM or SIGINT: whoever works finishes what it holds and leaves."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


async def every(seconds: float, chore: Callable[[], Awaitable[None]], stop: asyncio.Event) -> None:
    """Do `chore` now and every `seconds` until `stop`; what fails is logged and tried again soon."""
    while not stop.is_set():
        pause = seconds
        try:
            await chore()
        except Exception as error:
            log.error("chore failed", exc_info=error)
            pause = min(seconds, RETRY_SECONDS)
        try:
            await asyncio.wait_for(stop.wait(), pause)
        except TimeoutError:
            continue
