"""倒排工期: from the promised date back to when each milestone must begin, and from today on to when it will be done.

Pure, and linear in milestones and dependencies: the passes count in positions of working days (`Workdays`) and never
walk along the calendar. A milestone takes whole working days; what depends on it begins on the next one at the
earliest.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from shared.chassis.calendar import Workdays


class Step(NamedTuple):
    """A milestone as the schedule sees it; `after` is what comes before it, with the working days between."""

    key: str
    duration_days: int
    after: Mapping[str, int]
    started_on: dt.date | None = None
    reported_on: dt.date | None = None
    done_on: dt.date | None = None


class Timing(NamedTuple):
    """Where one step stands, in positions. `slack` is None once it is done."""

    latest_start: int
    due: int
    finish: int
    slack: int | None
    critical: bool
    starts_too_late: bool


class Schedule(NamedTuple):
    """Timings in the order of the steps, and positions of the whole: today (or the working day after), the promise, the
    end. `done_on` is None while a step is not done."""

    timings: list[Timing]
    now: int
    promise: int
    finish: int
    done_on: dt.date | None


def in_order(after: Mapping[str, Sequence[str]]) -> tuple[list[str], list[str]]:
    """Every key behind all it comes after, else as given; and the keys of a cycle in the order of work, if there is
    one."""
    done: dict[str, None] = {}
    for root in after:
        if root in done:
            continue
        path: dict[str, Iterator[str]] = {root: iter(after[root])}
        while path:
            key, following = next(reversed(path.items()))
            step = next((before for before in following if before not in done), None)
            if step is None:
                del path[key]
                done[key] = None
            elif step in path:
                keys = list(path)
                return [], keys[keys.index(step) :][::-1]
            else:
                path[step] = iter(after[step])
    return list(done), []


def longest(steps: Sequence[Step]) -> int:
    """Working days of the longest chain, from its first day to its last."""
    reach: dict[str, int] = {}
    for step in steps:
        begin = max((reach[key] + lag for key, lag in step.after.items()), default=0)
        reach[step.key] = begin + step.duration_days
    return max(reach.values(), default=0)


def schedule(
    steps: Sequence[Step], *, starts_on: dt.date, promised_on: dt.date, today: dt.date, days: Workdays
) -> Schedule:
    """The timing of `steps`, which come in an order of `in_order`.

    What has not begun begins today at the earliest; what is not done is done today at the earliest. A reported day
    replaces the planned duration, never the dependencies.
    """
    now, promise = days.since(today), days.until(promised_on)
    finish = _forward(steps, max(now, days.since(starts_on)), now, days)
    undone = [finish[step.key] for step in steps if step.done_on is None]
    end = max(undone or finish.values())
    spare, due = _backward(steps, finish, end, promise)
    timings = []
    for step in steps:
        key, is_open = step.key, step.done_on is None
        latest_start = due[key] - step.duration_days + 1
        timings.append(
            Timing(
                latest_start,
                due[key],
                finish[key],
                spare[key] + promise - end if is_open else None,
                is_open and spare[key] == 0,
                is_open and step.started_on is None and latest_start < now,
            )
        )
    done_on = None if undone else max(step.done_on for step in steps if step.done_on is not None)
    return Schedule(timings, now, promise, end, done_on)


def _forward(steps: Sequence[Step], opening: int, now: int, days: Workdays) -> dict[str, int]:
    """The position at which each step was or will be done."""
    finish: dict[str, int] = {}
    for step in steps:
        if step.done_on is not None:
            finish[step.key] = days.until(step.done_on)
            continue
        if step.started_on is not None:
            begin = days.since(step.started_on)
        else:
            begin = opening
            for key, lag in step.after.items():
                if (free := finish[key] + lag + 1) > begin:
                    begin = free
        last = begin + step.duration_days - 1 if step.reported_on is None else max(begin, days.since(step.reported_on))
        finish[step.key] = last if last > now else now
    return finish


def _backward(
    steps: Sequence[Step], finish: Mapping[str, int], end: int, promise: int
) -> tuple[dict[str, int], dict[str, int]]:
    """By how much each step may slip before the whole does, and the position at which it is due."""
    spare = {key: end - last for key, last in finish.items()}
    due = dict.fromkeys(finish, promise)
    for step in reversed(steps):
        if not step.after:
            continue
        before = due[step.key] - step.duration_days
        waits = _waits(step)
        ready = spare[step.key] + finish[step.key] - _least(step)
        for key, lag in step.after.items():
            due[key] = min(due[key], before - lag)
            if waits and (left := ready - finish[key] - lag) < spare[key]:
                spare[key] = left
    return spare, due


def _waits(step: Step) -> bool:
    """What has begun no longer waits for what comes before it."""
    return step.started_on is None and step.done_on is None


def _least(step: Step) -> int:
    """Working days a step that waits takes at least once it may begin."""
    return step.duration_days if step.reported_on is None else 1


def critical_path(steps: Sequence[Step], found: Schedule) -> list[str]:
    """One chain of steps whose every day counts, from what can be done now to the end."""
    finish = {step.key: timing.finish for step, timing in zip(steps, found.timings, strict=True) if timing.critical}
    known = {step.key: step for step in steps if step.key in finish}
    last = next((key for key in reversed(known) if finish[key] == found.finish), None)
    path: list[str] = []
    while last is not None:
        path.append(last)
        step = known[last]
        ready = finish[last] - _least(step)
        behind = (key for key, lag in step.after.items() if key in known and finish[key] + lag == ready)
        last = next(behind, None) if _waits(step) else None
    return path[::-1]
