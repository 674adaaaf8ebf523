"""What a plan accepts: milestones that fit together, days that can be, progress in the order of the work. Pure."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from services.projects.plan.schedule import Step, Timing, in_order, longest
from shared.chassis.calendar import FIRST_YEAR, OutsideCalendar, Workdays
from shared.chassis.days import BadDay, happened_on, still_ahead
from shared.errors import Conflict, FieldError, Forbidden, Invalid
from shared.schemas.projects.plan import ForecastIn, MilestoneColour, MilestoneIn

Row = Mapping[str, Any]

HORIZON_YEARS = 20
"""No promise, start or forecast lies further ahead: with the longest plan behind it, the calendar still reaches."""
LONGEST_WORKDAYS = 5_000


class BadMilestones(Invalid):
    """A key given twice, or a dependency on what is not there."""

    code, title, title_en = "bad_milestones", "节点清单有误", "Milestones do not fit together"


class PlanCycle(Invalid):
    """Milestones that wait for each other; the detail names them in the order of work."""

    code, title, title_en = "plan_cycle", "节点之间循环依赖", "Cycle of dependencies"


class PlanTooLong(Invalid):
    code, title, title_en = "plan_too_long", "工期过长", "Plan too long"


class NotYet(Conflict):
    """Work reported before what it depends on is done."""

    code, title, title_en = "dependency_not_done", "前置节点尚未完成", "Dependency not done"


class AlreadyDone(Conflict):
    code, title, title_en = "already_done", "此节点已经完成", "Already done"


class NotDone(Conflict):
    code, title, title_en = "not_done", "此节点尚未完成", "Not done"


class StillNeeded(Conflict):
    """What follows is done, so this must have been."""

    code, title, title_en = "still_needed", "后续节点已完成，不能撤销", "A later milestone is done"


class Blocked(Conflict):
    """Undecided matters hold it; it can be neither completed nor dropped before they are decided."""

    code, title, title_en = "milestone_blocked", "此节点尚有事项待决策", "Blocked by an undecided matter"


def step(row: Row) -> Step:
    """A milestone's row as the schedule sees it."""
    return Step(row["key"], row["duration_days"], row["after"], row["started_on"], row["reported_on"], row["done_on"])


def arranged(given: Sequence[MilestoneIn]) -> list[MilestoneIn]:
    """The milestones of a plan, each behind what it depends on, else as given. Raises what does not fit together."""
    place = {milestone.key: number for number, milestone in reversed(list(enumerate(given)))}
    errors: list[FieldError] = []
    for number, milestone in enumerate(given):
        if place[milestone.key] != number:
            errors.append(FieldError(f"/milestones/{number}/key", "duplicate_key", "编号与前面的节点重复"))
        seen: set[str] = set()
        for rank, dependency in enumerate(milestone.dependencies):
            where = f"/milestones/{number}/dependencies/{rank}/key"
            if dependency.key not in place:
                errors.append(FieldError(where, "unknown_milestone", "节点清单中没有此编号"))
            elif dependency.key in seen:
                errors.append(FieldError(where, "duplicate_key", "同一前置节点只能写一次"))
            seen.add(dependency.key)
    if errors:
        raise BadMilestones(errors=errors)
    order, cycle = in_order({m.key: [d.key for d in m.dependencies] for m in given})
    if cycle:
        pointers = [f"/milestones/{place[key]}/dependencies" for key in cycle]
        errors = [FieldError(pointer, "cycle", "请去掉循环中的一项依赖") for pointer in pointers]
        raise PlanCycle(" → ".join([*cycle, cycle[0]]), errors)
    return [given[place[key]] for key in order]


def latest_day(today: dt.date) -> dt.date:
    """The last day a promise, a start or a forecast may name."""
    return dt.date(today.year + HORIZON_YEARS, 12, 31)


def check_ahead(day: dt.date, pointer: str, today: dt.date) -> None:
    """A day a plan may name at all."""
    if day.year < FIRST_YEAR:
        raise OutsideCalendar(errors=[FieldError(pointer, "outside_calendar", f"请填写 {FIRST_YEAR} 年以后的日期")])
    if day > latest_day(today):
        raise BadDay(errors=[FieldError(pointer, "too_far", f"请填写 {HORIZON_YEARS} 年以内的日期")])


def check_frame(starts_on: dt.date, promised_on: dt.date, today: dt.date) -> None:
    """When a plan begins and what it promises. A promise that can no longer be kept is shown, not refused."""
    check_ahead(promised_on, "/promised_on", today)
    check_ahead(starts_on, "/starts_on", today)
    if starts_on > promised_on:
        raise BadDay(errors=[FieldError("/starts_on", "after_promise", "计划开始不能晚于承诺日期")])


def check_length(steps: Sequence[Step]) -> None:
    if longest(steps) > LONGEST_WORKDAYS:
        message = f"最长的一条线路不能超过 {LONGEST_WORKDAYS} 个工作日"
        raise PlanTooLong(errors=[FieldError("/milestones", "plan_too_long", message)])


def check_room(steps: Sequence[Step], promised_on: dt.date, days: Workdays) -> None:
    """The plan counted back from its promise stays inside the calendar."""
    if days.until(promised_on) + 1 < longest(steps):
        message = f"由此日期倒排，最早的节点须在 {FIRST_YEAR} 年以前开始"
        raise OutsideCalendar(errors=[FieldError("/promised_on", "outside_calendar", message)])


def check_facts_kept(rows: Sequence[Row]) -> None:
    """A replan asks nothing new of what is already done: it would have been done before its dependencies."""
    done = {row["key"]: row["done_on"] for row in rows}
    if any(row["done_on"] is not None and any(done[key] is None for key in row["after"]) for row in rows):
        raise NotYet("已完成的节点不能再依赖未完成的节点")


def check_begun(row: Row, siblings: Mapping[str, Row], day: dt.date, pointer: str, days: Workdays) -> None:
    """Work of `row` may have begun, or have been done, on `day`: everything before it was done, lags included."""
    for key, lag in row["after"].items():
        done_on = siblings[key]["done_on"]
        if done_on is None:
            raise NotYet(f"前置节点尚未完成：{siblings[key]['name']}")
        free_on = days[days.until(done_on) + lag] if lag else done_on
        if day < free_on:
            raise BadDay(errors=[FieldError(pointer, "before_dependency", f"前置节点的要求到 {free_on} 才满足")])


def check_fact(day: dt.date, pointer: str, today: dt.date, *, since: dt.date | None = None) -> None:
    """A day something happened: not after today nor before `since`, and inside the calendar."""
    check_ahead(day, pointer, today)
    happened_on(day, today, pointer, since=since)


def check_forecast(given: ForecastIn, today: dt.date) -> None:
    """Something is reported, and a forecast lies ahead."""
    if given.started_on is None and given.forecast_on is None:
        raise Invalid(errors=[FieldError("/forecast_on", "required", "请填写实际开始日期或预计完成日期")])
    if given.started_on is not None:
        check_fact(given.started_on, "/started_on", today)
    if given.forecast_on is not None:
        check_ahead(given.forecast_on, "/forecast_on", today)
        still_ahead(given.forecast_on, today, "/forecast_on")


def check_reporter(is_keeper: bool, unit: str | None, row: Row, answers_as: str | None) -> None:
    """The office, the milestone's own unit and the project's task force report on it."""
    if not (is_keeper or (unit is not None and unit == row["unit_code"]) or answers_as == "taskforce"):
        raise Forbidden("只有领导小组办公室、节点责任单位和本项目专班可以填报")


def colour(timing: Timing, now: int, *, is_done: bool, is_blocked: bool, red_lag: int) -> MilestoneColour:
    """Red: overdue, or expected `red_lag` working days late or more. Yellow: expected late, begun too late, undecided.

    `now` is today's position. What is done asks nothing of anybody and is green; its lag tells how late it was.
    """
    if is_done:
        return MilestoneColour.green
    late = timing.finish - timing.due
    if timing.due < now or late >= red_lag:
        return MilestoneColour.red
    if late > 0 or timing.starts_too_late or is_blocked:
        return MilestoneColour.yellow
    return MilestoneColour.green


def worst(colours: Sequence[MilestoneColour]) -> MilestoneColour:
    return max(colours, key=list(MilestoneColour).index)
