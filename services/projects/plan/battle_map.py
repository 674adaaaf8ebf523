"""作战图: a whole county's plans as one text of JSON, made in one pass.

What a milestone is comes from PostgreSQL as JSON already, and only what is computed of it is written here: building
4,000 objects first would take longer than everything else together. A test holds the text against `BattleMap`.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import orjson

from services.projects.plan.queries import Planned
from services.projects.plan.rules import Row, colour, worst
from services.projects.plan.schedule import Step, schedule
from shared.chassis.calendar import Workdays
from shared.schemas.projects.plan import CalendarBasis, MilestoneColour


class _Dates(dict[int, dt.date]):
    """Working days by position. A dictionary, since 8,000 calls of a method would show."""

    def __init__(self, days: Workdays) -> None:
        super().__init__()
        self._days = days

    def __missing__(self, position: int) -> dt.date:
        self[position] = day = self._days[position]
        return day


class _Counted(dict[int, bytes]):
    """`ComputedDay` by position, as JSON, counted from one year on; each is made once."""

    def __init__(self, days: Workdays, since: dt.date) -> None:
        super().__init__()
        self._days, self._since = days, since

    def __missing__(self, position: int) -> bytes:
        day = self._days[position]
        basis = CalendarBasis.provisional if self._days.provisional(self._since, day) else CalendarBasis.official
        self[position] = made = f'{{"on":"{day}","calendar":"{basis}"}}'.encode()
        return made


def battle_map(
    projects: Sequence[Row],
    leads: Mapping[UUID, tuple[str, str]],
    plans: Mapping[UUID, Planned],
    *,
    division_code: str,
    days: Workdays,
    today: dt.date,
    red_lag: int,
) -> bytes:
    """`BattleMap` as JSON; `leads` and `plans` by project."""
    pen = _Pen(days, today, red_lag)
    drawn, unplanned, colours = [], [], []
    for project in projects:
        lead_code, lead_name = leads.get(project["id"], (None, None))
        named = {name: project[name] for name in ("project_code", "name", "township")}
        head = _json({"project_id": project["id"], **named, "lead_code": lead_code, "lead_name": lead_name})
        plan = plans.get(project["id"])
        if plan is None:
            unplanned.append(head)
        else:
            text, its_colour = pen.project(head, plan)
            drawn.append(text)
            colours.append(its_colour)
    counts = {one.value: colours.count(one) for one in MilestoneColour}
    top = _json({"division_code": division_code, "as_of": today, "counts": counts})
    return b'%b,"projects":[%b],"unplanned":[%b]}' % (top[:-1], b",".join(drawn), b",".join(unplanned))


def _json(value: Any) -> bytes:
    return orjson.dumps(value, default=str)


class _Pen:
    """Writes projects and milestones as they look from a day."""

    def __init__(self, days: Workdays, today: dt.date, red_lag: int) -> None:
        self._days, self._today, self._red_lag = days, today, red_lag
        self._dates, self._ahead = _Dates(days), _Counted(days, today)
        self._back: dict[int, _Counted] = {}

    def project(self, head: bytes, plan: Planned) -> tuple[bytes, MilestoneColour]:
        told = plan.keys, plan.durations, orjson.loads(plan.after), plan.started_on, plan.reported_on, plan.done_on
        promised_on, days = plan.promised_on, self._days
        frame = {"starts_on": plan.starts_on, "promised_on": promised_on, "today": self._today}
        found = schedule(list(map(Step, *told)), days=days, **frame)
        # What is provisional is a whole year, so plans that promise the same year share what is counted back from it.
        back = self._back.setdefault(promised_on.year, _Counted(days, promised_on))
        ahead, dates = self._ahead, self._dates
        milestones, colours = [], []
        for described, done_on, held, timing in zip(
            plan.described, plan.done_on, plan.held, found.timings, strict=True
        ):
            due, finish, slack = timing.due, timing.finish, timing.slack
            is_done = slack is None
            its_colour = colour(timing, found.now, is_done=is_done, is_blocked=held > 0, red_lag=self._red_lag)
            colours.append(its_colour)
            milestones.append(
                b'%b,"due":%b,"forecast":%b,"lag_days":%d,"slack_days":%b,"critical":%b,"colour":"%b"}'
                % (
                    described[:-1],
                    back[due],
                    b"null" if is_done else ahead[finish],
                    ((done_on or dates[finish]) - dates[due]).days,
                    b"null" if slack is None else b"%d" % slack,
                    b"true" if timing.critical else b"false",
                    its_colour.encode(),
                )
            )
        ends_on, its_colour = found.done_on or self._days[found.finish], worst(colours)
        facts = _json(
            {
                "path": plan.path,
                "promised_on": promised_on,
                "done_on": found.done_on,
                "lag_days": (ends_on - promised_on).days,
                "can_be_kept": ends_on <= promised_on,
                "colour": its_colour,
            }
        )
        forecast = b"null" if found.done_on else self._ahead[found.finish]
        pieces = head[:-1], facts[1:-1], forecast, b",".join(milestones)
        return b'%b,%b,"forecast":%b,"milestones":[%b]}' % pieces, its_colour
