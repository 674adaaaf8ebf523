"""Use cases of a plan 一项目一策: set it, replan it, report on its milestones.

What other features ask of plans is in `standing`; they find it here.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from services.projects.duty import service as duty
from services.projects.ledger import service as ledger
from services.projects.plan import queries, rules, writes
from services.projects.plan.battle_map import battle_map as drawn
from services.projects.plan.models import plan
from services.projects.plan.outlook import Outlook, as_baseline, as_plan, look
from services.projects.plan.standing import (
    OverdueMilestone,
    block,
    chosen_path,
    find_milestone,
    find_milestones,
    overdue,
    promised_on,
    red,
    unblock,
)
from services.projects.thresholds import thresholds
from shared.chassis.clock import Clock, today
from shared.chassis.http import require_version
from shared.chassis.identity import Caller
from shared.chassis.listing import scope_of
from shared.clients.parties import Known
from shared.errors import Conflict, FieldError, Invalid, NotFound
from shared.schemas.projects.facts import ResolutionStatus
from shared.schemas.projects.plan import BaselineDetail, BaselineOut, MilestoneIn, PlanIn, PlanOut, PlanPatch
from shared.storage import Session, work
from shared.storage.calendar import load_calendar
from shared.storage.rows import Row

__all__ = [
    "OverdueMilestone",
    "block",
    "chosen_path",
    "find_milestone",
    "find_milestones",
    "overdue",
    "promised_on",
    "red",
    "unblock",
]


class PlanExists(Conflict):
    code, title, title_en = "plan_exists", "本项目已有一项目一策，请用调整计划", "The project has a plan"


async def set_plan(
    session: Session, caller: Caller, project_id: UUID, body: PlanIn, known: Known, clock: Clock
) -> PlanOut:
    """The project's first plan and baseline 1 of it."""
    project = await ledger.own_project(session, caller, project_id, lock=True)
    day, now = today(clock), clock.now()
    planned = _planned(body.milestones, known)
    values = body.model_dump(exclude={"milestones"}) | {
        "project_id": project_id,
        "starts_on": body.starts_on or day,
        "first_promised_on": body.promised_on,
        "baseline": 1,
    }
    rules.check_frame(values["starts_on"], values["promised_on"], day)
    detail = _told(values, planned)
    row = await work.add(session, plan, caller, project["division_code"], values, now, action="set", detail=detail)
    if row is None:
        raise PlanExists("请先读取现有计划，再调整")
    await writes.add_milestones(session, caller, row, planned, now)
    return await _kept(session, caller, row, None, clock)


async def replan(
    session: Session, caller: Caller, project_id: UUID, version: int, body: PlanPatch, known: Known, clock: Clock
) -> PlanOut:
    """A new promise, path or milestones, and the next baseline. What was reported on a `key` stays with it."""
    project = await ledger.own_project(session, caller, project_id, lock=True)
    row = await plan_of(session, project)
    require_version(row["version"], version)
    values: dict[str, Any] = {name: getattr(body, name) for name in body.model_fields_set - {"reason", "milestones"}}
    if not values and not body.milestones:
        raise Invalid(errors=[FieldError("/", "nothing_changed", "请填写要调整的内容")])
    values["baseline"] = row["baseline"] + 1
    frame = row | values
    rules.check_frame(frame["starts_on"], frame["promised_on"], today(clock))
    planned = _planned(body.milestones, known)
    if planned:
        await _replace(session, caller, row, planned, clock.now())
    moved = await work.move(
        session, plan, caller, row, values, clock.now(), action="replan", detail=_told(values, planned)
    )
    return await _kept(session, caller, moved, body.reason, clock)


def _planned(given: Sequence[MilestoneIn], known: Known) -> list[dict[str, Any]]:
    """Milestones as rows of `writes.PLANNED`, in the order they are kept."""
    place = {id(one): f"/milestones/{number}" for number, one in enumerate(given)}
    rows = []
    for position, one in enumerate(rules.arranged(given)):
        person = known.person(one.person_code, f"{place[id(one)]}/person_code") if one.person_code else None
        rows.append(
            one.model_dump(include={"key", "name", "post", "unit_code", "person_code", "duration_days"})
            | {
                "position": position,
                "unit_name": known.unit(one.unit_code, f"{place[id(one)]}/unit_code").name,
                "person_name": person.name if person else None,
                "after": {dependency.key: dependency.lag_days for dependency in one.dependencies},
            }
        )
    return rows


def _told(values: Mapping[str, Any], planned: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What audit and event say: numbers, days and codes; notes and names of milestones are free text."""
    told = {name: value for name, value in values.items() if name not in ("note", "project_id")}
    return told | ({"milestones": len(planned)} if planned else {})


async def _replace(
    session: Session, caller: Caller, row: Row, planned: Sequence[dict[str, Any]], now: dt.datetime
) -> None:
    standing = {one["key"]: one for one in await queries.milestones(session, row["division_code"], row["id"])}
    wanted = {one["key"] for one in planned}
    dropped = [one["id"] for key, one in standing.items() if key not in wanted]
    blocks = await blocks_of(session, row)
    if any(milestone_id in blocks for milestone_id in dropped):
        raise rules.Blocked("请先作出决策，再去掉该节点")
    changed = [
        standing[one["key"]] | one
        for one in planned
        if one["key"] in standing and any(standing[one["key"]][name] != one[name] for name in writes.PLANNED)
    ]
    await writes.drop_milestones(session, row["division_code"], dropped, now)
    await writes.change_milestones(session, changed, now)
    await writes.add_milestones(session, caller, row, [one for one in planned if one["key"] not in standing], now)


async def _kept(session: Session, caller: Caller, row: Row, reason: str | None, clock: Clock) -> PlanOut:
    """The plan as it stands now, which is also its newest baseline."""
    rows = await queries.milestones(session, row["division_code"], row["id"])
    steps = [rules.step(one) for one in rows]
    rules.check_facts_kept(rows)
    rules.check_length(steps)
    seen = look(row, rows, await load_calendar(session), today(clock))
    rules.check_room(steps, row["promised_on"], seen.days)
    copied = "project_id path starts_on promised_on note".split()
    values = {name: row[name] for name in copied} | {
        "plan_id": row["id"],
        "number": row["baseline"],
        "reason": reason,
        "schedule": as_baseline(seen),
    }
    await writes.add_baseline(session, caller, row["division_code"], values, clock.now())
    return await shown(session, row, seen)


async def get_plan(session: Session, caller: Caller, project_id: UUID, clock: Clock) -> PlanOut:
    """The plan as it looks today."""
    project = await ledger.load(session, caller, project_id)
    row = await plan_of(session, project)
    return await shown(session, row, await outlook(session, row, today(clock)))


async def plan_of(session: Session, project: Mapping[str, Any]) -> Row:
    row = await queries.of_project(session, project["division_code"], project["id"])
    if row is None:
        raise NotFound("本项目还没有一项目一策")
    return row


async def outlook(session: Session, row: Row, day: dt.date) -> Outlook:
    rows = await queries.milestones(session, row["division_code"], row["id"])
    return look(row, rows, await load_calendar(session), day)


async def blocks_of(session: Session, row: Row) -> dict[UUID, list[Row]]:
    held: dict[UUID, list[Row]] = defaultdict(list)
    for one in await queries.blocks(session, row["division_code"], row["project_id"]):
        held[one["milestone_id"]].append(one)
    return held


async def shown(session: Session, row: Row, seen: Outlook) -> PlanOut:
    red_lag = await thresholds.value(session, row["division_code"], "red_lag_days")
    return as_plan(row, seen, await blocks_of(session, row), red_lag)


async def battle_map(
    session: Session,
    caller: Caller,
    division_code: str | None,
    clock: Clock,
    *,
    township: str | None,
    lead: str | None,
    resolved: bool,
) -> bytes:
    """`BattleMap` of one county as JSON; of projects not resolved yet unless `resolved`. Five queries at any size."""
    division = division_code or caller.home
    if scope_of(caller, division) != division:
        where = FieldError("query:division_code", "division_required", "请填写一个县的行政区划代码")
        raise Invalid("作战图以县为单位", [where])
    calendar = await load_calendar(session)
    red_lag = await thresholds.value(session, division, "red_lag_days")
    leads = await duty.leads(session, division)
    projects = [
        project
        for project in await ledger.headings(session, division, township=township)
        if (resolved or project["resolution_status"] != ResolutionStatus.resolved)
        and (lead is None or leads.get(project["id"], (None,))[0] == lead)
    ]
    plans = {one.project_id: one for one in await queries.battle_map(session, division)}
    return drawn(
        projects,
        leads,
        plans,
        division_code=division,
        days=calendar.workdays(),
        today=today(clock),
        red_lag=red_lag,
    )


async def list_baselines(
    session: Session, caller: Caller, project_id: UUID, *, after: list[int] | None, limit: int
) -> list[BaselineOut]:
    project = await ledger.load(session, caller, project_id)
    row = await plan_of(session, project)
    found = await queries.baselines(session, row["division_code"], row["id"], after=after, limit=limit)
    return [work.shown(BaselineOut, one) for one in found]


async def get_baseline(session: Session, caller: Caller, project_id: UUID, number: int) -> BaselineDetail:
    project = await ledger.load(session, caller, project_id)
    row = await plan_of(session, project)
    found = await queries.baseline(session, row["division_code"], row["id"], number)
    if found is None:
        raise NotFound("没有这一版计划")
    return work.shown(BaselineDetail, found | found["schedule"])
