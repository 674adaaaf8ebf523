"""A plan as it looks from a day: its schedule in dates, for one project and for the baseline kept of it. Pure."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.projects.plan.rules import Row, colour, step, worst
from services.projects.plan.schedule import Schedule, Step, Timing, critical_path, schedule
from shared.chassis.calendar import WorkCalendar, Workdays
from shared.schemas.projects.plan import CalendarBasis, PlanOut


@dataclass(frozen=True, slots=True)
class Outlook:
    """`rows` are the plan's milestones in order, `steps` and `schedule.timings` what is computed of them."""

    rows: Sequence[Row]
    steps: Sequence[Step]
    schedule: Schedule
    days: Workdays
    today: dt.date
    promised_on: dt.date

    def counted(self, position: int, since: dt.date) -> dict[str, Any]:
        """A day counted from `since`, as `ComputedDay`."""
        day = self.days[position]
        basis = CalendarBasis.provisional if self.days.provisional(since, day) else CalendarBasis.official
        return {"on": day, "calendar": basis}

    @property
    def forecast(self) -> dict[str, Any] | None:
        """When the whole will be done; None once it is."""
        return None if self.schedule.done_on else self.counted(self.schedule.finish, self.today)

    @property
    def lag_days(self) -> int:
        """Calendar days by which the whole was done, or is expected, after its promise."""
        return ((self.schedule.done_on or self.days[self.schedule.finish]) - self.promised_on).days

    def is_overdue(self, row: Row, timing: Timing) -> bool:
        return row["done_on"] is None and timing.due < self.schedule.now


def look(plan: Row, rows: Sequence[Row], calendar: WorkCalendar, today: dt.date) -> Outlook:
    """`rows` come in the order a plan keeps them: each behind what it depends on."""
    steps = [step(row) for row in rows]
    days = calendar.workdays()
    frame = {"starts_on": plan["starts_on"], "promised_on": plan["promised_on"], "today": today}
    return Outlook(rows, steps, schedule(steps, days=days, **frame), days, today, plan["promised_on"])


def as_plan(plan: Row, seen: Outlook, blocks: Mapping[UUID, Sequence[Row]], red_lag: int) -> PlanOut:
    milestones, colours = [], []
    for row, timing in zip(seen.rows, seen.schedule.timings, strict=True):
        held = blocks.get(row["id"], ())
        is_done = row["done_on"] is not None
        colours.append(colour(timing, seen.schedule.now, is_done=is_done, is_blocked=bool(held), red_lag=red_lag))
        ends_on = row["done_on"] or seen.days[timing.finish]
        milestones.append(
            _described(row)
            | _due(seen, timing)
            | {
                "id": row["id"],
                "forecast": None if is_done else seen.counted(timing.finish, seen.today),
                "started_on": row["started_on"],
                "reported_on": row["reported_on"],
                "done_on": row["done_on"],
                "lag_days": (ends_on - seen.days[timing.due]).days,
                "slack_days": timing.slack,
                "critical": timing.critical,
                "starts_too_late": timing.starts_too_late,
                "colour": colours[-1],
                "blocked": [{"cause": b["cause"], "title": b["title"], "since": b["created_at"]} for b in held],
                "version": row["version"],
            }
        )
    return PlanOut.model_validate(
        {name: plan[name] for name in PlanOut.model_fields if name in plan}
        | {
            "as_of": seen.today,
            "forecast": seen.forecast,
            "done_on": seen.schedule.done_on,
            "lag_days": seen.lag_days,
            "can_be_kept": seen.lag_days <= 0,
            "colour": worst(colours),
            "critical_path": critical_path(seen.steps, seen.schedule),
            "milestones": milestones,
        }
    )


def as_baseline(seen: Outlook) -> dict[str, Any]:
    """The dates of a plan as they are kept for ever: `BaselineDetail` without what has columns of its own."""
    timed = zip(seen.rows, seen.schedule.timings, strict=True)
    return {
        "forecast": seen.forecast,
        "critical_path": critical_path(seen.steps, seen.schedule),
        "milestones": [_described(row) | _due(seen, timing) for row, timing in timed],
    }


def _described(row: Row) -> dict[str, Any]:
    """What the plan itself says of a milestone."""
    named = "key name post unit_code unit_name person_code person_name duration_days"
    return {name: row[name] for name in named.split()} | {
        "dependencies": [{"key": key, "lag_days": lag} for key, lag in row["after"].items()]
    }


def _due(seen: Outlook, timing: Timing) -> dict[str, Any]:
    return {
        "latest_start": seen.counted(timing.latest_start, seen.promised_on),
        "due": seen.counted(timing.due, seen.promised_on),
    }
