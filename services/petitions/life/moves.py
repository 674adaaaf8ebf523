"""What every act is made of: its refusals, and clocks started, met and stopped. Pure."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

from services.petitions.life.case import Act, Case
from services.petitions.life.clocks import Clock
from shared.chassis.calendar import WorkCalendar
from shared.errors import Conflict, FieldError, Invalid
from shared.schemas.petitions.states import ClockKind

Move = Callable[[Case, Act, WorkCalendar], Case]


class ActNotAllowed(Conflict):
    code, title, title_en = "act_not_allowed", "现在不能办理这一步", "Not possible now"


class TooLate(Conflict):
    code, title, title_en = "too_late", "期限已过", "Too late"


class StoodAside(Conflict):
    code, title, title_en = "stood_aside", "已回避的人员不得办理（信访工作条例第二十八条）", "Stood aside"


class BadAct(Invalid):
    code, title, title_en = "bad_act", "内容不符合要求", "Bad act"


def bad(pointer: str, code: str, message: str) -> BadAct:
    return BadAct(errors=[FieldError(pointer, code, message)])


def start(case: Case, on: dt.date, *kinds: ClockKind) -> Case:
    """New clocks, started by the act that is being done."""
    first = len(case.clocks) + 1
    started = (Clock(number, kind, case.acts, on) for number, kind in enumerate(kinds, first))
    return replace(case, clocks=(*case.clocks, *started))


def change(case: Case, kind: ClockKind, how: Callable[[Clock], Clock]) -> Case:
    """The open clock of a kind changed; nothing where there is none."""
    return replace(case, clocks=tuple(how(c) if c.kind is kind and c.is_open else c for c in case.clocks))


def meet(case: Case, on: dt.date, *kinds: ClockKind) -> Case:
    met = tuple(c.met(case.acts, on) if c.kind in kinds and c.is_open else c for c in case.clocks)
    return replace(case, clocks=met)


def stop(case: Case, on: dt.date, calendar: WorkCalendar, *kinds: ClockKind) -> Case:
    """What is no longer asked for; the open clocks of these kinds."""
    stopped = (c.stopped(case.acts, on, calendar) if c.kind in kinds and c.is_open else c for c in case.clocks)
    return replace(case, clocks=tuple(stopped))


def close(case: Case, on: dt.date, calendar: WorkCalendar) -> Case:
    """Nothing is waited for any more."""
    stopped = stop(case, on, calendar, *ClockKind)
    return replace(stopped, objection="", extension_days=None, extension_by=None, hearing_since=None)


def require_no_hearing(case: Case) -> None:
    if case.hearing_since is not None:
        raise ActNotAllowed("听证尚未结束")
