"""作战图: a whole county's plans as one text of JSON, made in one pass.

What a milestone is comes from PostgreSQL as JSON already, and only what is computed of it is written here: building
4,000 objects first would take longer than everything else together. A test holds the text against `BattleMap`.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

import orjson

from services.projects.plan.rules import Row, colour, worst
from services.projects.plan.schedule import Step, Timing, schedule
from shared.chassis.calendar import WorkCalendar, Workdays
from shared.schemas.projects.plan import MilestoneColour

Line = tuple[Any, ...]
"""Plan, key, duration, after, started, reported, done, the milestone as JSON, how many matters hold it."""


def battle_map(
    projects: Sequence[Row],
    leads: Mapping[UUID, tuple[str, str]],
    plans: Mapping[UUID, Row],
    lines: Sequence[Line],
    *,
    division_code: str,
    calendar: WorkCalendar,
    today: dt.date,
    red_lag: int,
) -> str:
    """`BattleMap` as JSON. `plans` by project; `lines` plan by plan, milestones in order."""
    by_plan = {plan_id: list(members) for plan_id, members in groupby(lines, key=itemgetter(0))}
    pen = _Pen(calendar.workdays(), today, red_lag)
    drawn, unplanned, colours = [], [], []
    for project in projects:
        lead_code, lead_name = leads.get(project["id"], (None, None))
        named = {name: project[name] for name in ("project_code", "name", "township")}
        head = _json({"project_id": project["id"], **named, "lead_code": lead_code, "lead_name": lead_name})
        plan = plans.get(project["id"])
        if plan is None:
            unplanned.append(head)
        else:
            text, its_colour = pen.project(head, plan, by_plan[plan["id"]])
            drawn.append(text)
            colours.append(its_colour)
    counts = _json({one.value: colours.count(one) for one in MilestoneColour})
    return (
        f'{{"division_code":"{division_code}","as_of":"{today}","counts":{counts},'
        f'"projects":[{",".join(drawn)}],"unplanned":[{",".join(unplanned)}]}}'
    )


def _json(value: Any) -> str:
    return orjson.dumps(value, default=str).decode()


class _Pen:
    """Writes projects and milestones. Each computed day is written once: a county's share a few hundred."""

    def __init__(self, days: Workdays, today: dt.date, red_lag: int) -> None:
        self._days, self._today, self._red_lag = days, today, red_lag
        self._written: dict[tuple[int, int], str] = {}

    def project(self, head: str, plan: Row, lines: Sequence[Line]) -> tuple[str, MilestoneColour]:
        steps = [Step(line[1], line[2], orjson.loads(line[3]), *line[4:7]) for line in lines]
        promised_on = plan["promised_on"]
        frame = {"starts_on": plan["starts_on"], "promised_on": promised_on, "today": self._today}
        timed = schedule(steps, days=self._days, **frame)
        milestones, colours = [], []
        for line, step, timing in zip(lines, steps, timed.timings, strict=True):
            text, its_colour = self._milestone(line, step, timing, promised_on)
            milestones.append(text)
            colours.append(its_colour)
        ends_on = timed.done_on or self._days[timed.finish]
        tail = _json(
            {
                "path": plan["path"],
                "promised_on": promised_on,
                "done_on": timed.done_on,
                "lag_days": (ends_on - promised_on).days,
                "can_be_kept": ends_on <= promised_on,
                "colour": worst(colours),
            }
        )
        forecast = "null" if timed.done_on else self._counted(timed.finish, self._today)
        text = f'{head[:-1]},"forecast":{forecast},"milestones":[{",".join(milestones)}],{tail[1:]}'
        return text, worst(colours)

    def _milestone(self, line: Line, step: Step, timing: Timing, promised_on: dt.date) -> tuple[str, MilestoneColour]:
        due_on = self._days[timing.due]
        done_on, held = step.done_on, line[8]
        is_overdue = done_on is None and due_on < self._today
        its_colour = colour(
            timing, is_done=done_on is not None, is_overdue=is_overdue, is_blocked=held > 0, red_lag=self._red_lag
        )
        if done_on is None:
            ends_on = self._days[timing.finish]
            when = f'"forecast":{self._counted(timing.finish, self._today)},"done_on":null,"slack_days":{timing.slack}'
        else:
            ends_on = done_on
            when = f'"forecast":null,"done_on":"{done_on}","slack_days":null'
        text = (
            f'{line[7][:-1]},"due":{self._counted(timing.due, promised_on)},{when},'
            f'"lag_days":{(ends_on - due_on).days},"critical":{"true" if timing.critical else "false"},'
            f'"colour":"{its_colour}","blocked":{held}}}'
        )
        return text, its_colour

    def _counted(self, position: int, since: dt.date) -> str:
        key = position, since.year
        if key not in self._written:
            day = self._days[position]
            basis = "provisional" if self._days.provisional(since, day) else "official"
            self._written[key] = f'{{"on":"{day}","calendar":"{basis}"}}'
        return self._written[key]
