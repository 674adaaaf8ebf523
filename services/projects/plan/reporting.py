"""Use cases of one milestone: when it began, when it will be done, that it is done."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from services.projects.duty import service as duty
from services.projects.ledger import service as ledger
from services.projects.plan import rules, service, writes
from services.projects.plan.models import milestone, milestone_report
from services.projects.plan.outlook import Outlook
from shared.chassis.clock import Clock, today
from shared.chassis.identity import Caller
from shared.errors import NotFound
from shared.schemas.projects.plan import (
    ForecastIn,
    MilestoneDone,
    MilestoneOut,
    MilestoneReopened,
    MilestoneReportKind,
)
from shared.storage import Session, rows, work
from shared.storage.rows import Row

KEEPER = "office"


async def complete(
    session: Session, caller: Caller, project_id: UUID, milestone_id: UUID, body: MilestoneDone, clock: Clock
) -> MilestoneOut:
    """Done on a day; not before what it depends on, and not while a decision is due."""
    plan, seen, row = await _reportable(session, caller, project_id, milestone_id, clock)
    siblings = {one["key"]: one for one in seen.rows}
    if row["done_on"] is not None:
        raise rules.AlreadyDone("如有误，请先撤销完成")
    if row["id"] in await service.blocks_of(session, plan):
        raise rules.Blocked("请先作出决策")
    rules.check_fact(body.done_on, "/done_on", seen.today, since=row["started_on"])
    rules.check_begun(row, siblings, body.done_on, "/done_on", seen.days)
    values = {"done_on": body.done_on}
    return await _moved(session, caller, plan, row, values, MilestoneReportKind.done, values, body.note, clock)


async def reopen(
    session: Session, caller: Caller, project_id: UUID, milestone_id: UUID, body: MilestoneReopened, clock: Clock
) -> MilestoneOut:
    """What was reported done is not; nothing behind it may have begun."""
    plan, seen, row = await _reportable(session, caller, project_id, milestone_id, clock)
    if row["done_on"] is None:
        raise rules.NotDone("没有可以撤销的完成")
    if any(row["key"] in one["after"] and (one["done_on"] or one["started_on"]) for one in seen.rows):
        raise rules.StillNeeded("请先撤销后续节点")
    return await _moved(
        session, caller, plan, row, {"done_on": None}, MilestoneReportKind.reopened, {}, body.reason, clock
    )


async def report_forecast(
    session: Session, caller: Caller, project_id: UUID, milestone_id: UUID, body: ForecastIn, clock: Clock
) -> MilestoneOut:
    """When it began, and when whoever does it expects it done."""
    plan, seen, row = await _reportable(session, caller, project_id, milestone_id, clock)
    if row["done_on"] is not None:
        raise rules.AlreadyDone("已完成的节点不再上报预计日期")
    rules.check_forecast(body, seen.today)
    if body.started_on is not None:
        siblings = {one["key"]: one for one in seen.rows}
        rules.check_begun(row, siblings, body.started_on, "/started_on", seen.days)
    said = {"started_on": body.started_on, "forecast_on": body.forecast_on}
    values = {
        "started_on": body.started_on or row["started_on"],
        "reported_on": body.forecast_on or row["reported_on"],
    }
    return await _moved(session, caller, plan, row, values, MilestoneReportKind.progress, said, body.note, clock)


async def _reportable(
    session: Session, caller: Caller, project_id: UUID, milestone_id: UUID, clock: Clock
) -> tuple[Row, Outlook, Row]:
    """The plan, how it looks today, and the milestone, of which this caller may report."""
    project = await ledger.own_project(session, caller, project_id, lock=True)
    plan = await service.plan_of(session, project)
    seen = await service.outlook(session, plan, today(clock))
    row = next((one for one in seen.rows if one["id"] == milestone_id), None)
    if row is None:
        raise NotFound("计划中没有这个节点")
    is_keeper = KEEPER in caller.roles
    answers_as = None if is_keeper else await duty.answers_for(session, caller.home, project_id, caller.unit)
    rules.check_reporter(is_keeper, caller.unit, row, answers_as)
    return plan, seen, dict(row)


async def _moved(
    session: Session,
    caller: Caller,
    plan: Row,
    row: Row,
    values: Mapping[str, Any],
    kind: MilestoneReportKind,
    said: Mapping[str, dt.date | None],
    note: str,
    clock: Clock,
) -> MilestoneOut:
    now = clock.now()
    await writes.add_report(session, caller, row, {"kind": kind, "note": note} | dict(said), now)
    action = {"progress": "report", "done": "complete", "reopened": "reopen"}[kind]
    await work.move(session, milestone, caller, row, values, now, action=action)
    shown = await service.shown(session, plan, await service.outlook(session, plan, today(clock)))
    return next(one for one in shown.milestones if one.id == row["id"])


async def reports(
    session: Session, caller: Caller, project_id: UUID, milestone_id: UUID, *, after: list[str] | None, limit: int
) -> list[Row]:
    """What was reported on a milestone, newest first; dropped ones keep theirs."""
    project = await ledger.load(session, caller, project_id)
    found = await rows.one(session, milestone, project["division_code"], milestone_id)
    if found is None or found["project_id"] != project_id:
        raise NotFound("没有这个节点")
    named = milestone_report.c.milestone_id == milestone_id
    return await rows.newest(session, milestone_report, project["division_code"], named, after=after, limit=limit)
