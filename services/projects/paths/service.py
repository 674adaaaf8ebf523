"""Use cases of paths: record a stage, take one back, tell where a project is and what the law says comes by when."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from uuid import UUID

from services.projects.ledger import service as ledger
from services.projects.paths import deadlines, periods, queries, rules
from services.projects.paths.models import path_stage, project_path
from services.projects.plan import service as plan
from shared.chassis.calendar import WorkCalendar
from shared.chassis.clock import Clock, today
from shared.chassis.days import happened_on
from shared.chassis.identity import Caller
from shared.errors import Conflict
from shared.schemas.projects.facts import LABELS as FACT_LABELS
from shared.schemas.projects.facts import ResolutionMode
from shared.schemas.projects.paths import (
    LABELS,
    DeadlineRule,
    FormerPathOut,
    InsolvencyKind,
    PathDeadlineOut,
    PathStage,
    PathStageOut,
    PathStageRecord,
    ProjectPathOut,
    Withdrawal,
)
from shared.storage import Session, work
from shared.storage.calendar import load_calendar
from shared.storage.ids import new_id
from shared.storage.rows import Row

STAGE_FIELDS = ("stage", "reached_on", "document_number", "court", "note", "claims_until", "meeting_on", "answers")
TOLD = ("path", "stage", "reached_on", "document_number", "claims_until", "meeting_on")
"""What audit and event say of a stage: no free text."""
MOST = 500
"""Demands of one case shown at once; a case of more contracts is read through the list of deadlines."""


class NotChosen(Conflict):
    code, title, title_en = "path_not_chosen", "与项目方案所定的路径不同", "Not the chosen path"


class ReasonRequired(Conflict):
    code, title, title_en = "change_reason_required", "改走另一路径或重新开始须写明原因", "Reason required"


class NoSuchDemand(Conflict):
    code, title, title_en = "no_such_demand", "本案没有待答复的这一催告", "No such demand"


class StageNeeded(Conflict):
    code, title, title_en = "stage_needed", "其他记录以此阶段为前提，请先撤销那些记录", "Stage needed"


def _days(stages: list[Row]) -> dict[PathStage, dt.date]:
    """When each stage was reached first; rows come in the order of their days."""
    return {PathStage(row["stage"]): row["reached_on"] for row in reversed(stages)}


def _latest(rows: list[Row], is_of_contract: Callable[[Row], bool]) -> list[Row]:
    """The rows, but of those that each contract adds only the last `MOST`."""
    surplus = sum(map(is_of_contract, rows)) - MOST
    return [row for row in rows if not is_of_contract(row) or (surplus := surplus - 1) < 0]


async def record_stage(
    session: Session, caller: Caller, project_id: UUID, body: PathStageRecord, clock: Clock
) -> ProjectPathOut:
    project = await ledger.own_project(session, caller, project_id, lock=True)
    division, calendar = project["division_code"], await load_calendar(session)
    now, on = clock.now(), today(clock)
    chosen = await plan.chosen_path(session, division, project_id)
    if chosen is not None and chosen is not body.path:
        raise NotChosen(f"方案所定为“{FACT_LABELS[ResolutionMode][chosen]}”，请先调整方案")
    run = await queries.live(session, division, project_id)
    stages = await queries.stages(session, division, run["case_id"]) if run else []
    case_id, is_new = _case(run, _days(stages), body)
    if run is None or case_id != run["case_id"]:
        stages = []
    recorded = {stage: day for stage, day in _days(stages).items() if stage in rules.STEPS[body.path]}
    rules.check_stage(body.path, body.stage, body.reached_on, recorded, today=on)
    deadlines.check_days(body.stage, body.reached_on, body.claims_until, body.meeting_on, calendar)
    if body.stage is PathStage.application_filed:
        kinds = await queries.evidence_kinds(session, division, project_id)
        rules.check_evidence(body.path, {InsolvencyKind(kind) for kind in kinds})
    if is_new:
        await _start(session, caller, project_id, run, case_id, body, division, now)
    standing = await queries.deadlines(session, division, case_id)
    if (body.stage is PathStage.contract_answered) != (body.answers is not None):
        raise rules.invalid("answers", "answers", "答复催告时填写所答复的催告，其他阶段不填")
    if body.answers is not None:
        demands = {due["stage_id"]: due for due in standing if due["rule"] == DeadlineRule.contract_reply}
        if (demand := demands.get(body.answers)) is None or demand["met_on"] is not None:
            raise NoSuchDemand
        happened_on(body.reached_on, on, "/reached_on", since=demand["from_on"])
    values = {name: getattr(body, name) for name in STAGE_FIELDS}
    values |= {"project_id": project_id, "case_id": case_id, "path": body.path}
    row = await work.add(
        session, path_stage, caller, division, values, now, action="record", detail={k: values[k] for k in TOLD}
    )
    if row is None:
        raise rules.StageRecorded("如日期有误，请先撤销原记录")
    await periods.keep(session, caller, row, standing, now)
    await periods.begin(session, caller, row, body.path, recorded, stages, now)
    return await shown(session, caller, project_id, clock)


def _case(run: Row | None, recorded: Mapping[PathStage, dt.date], body: PathStageRecord) -> tuple[UUID, bool]:
    """The case the stage belongs to, and whether a path begins with it."""
    if run is None:
        return new_id(), True
    begins_again = rules.is_first(body.path, body.stage) and body.stage in recorded
    if run["path"] == body.path and not begins_again:
        return run["case_id"], False
    if body.change_reason is None:
        raise ReasonRequired(f"现走路径与所填不同，或“{LABELS[PathStage][body.stage]}”已经记录")
    if body.reached_on < run["started_on"]:
        raise rules.invalid("reached_on", "earlier_than_path", "不能早于现走路径的开始日期")
    goes_on = rules.check_conversion(ResolutionMode(run["path"]), body.path, recorded) and not begins_again
    return (run["case_id"] if goes_on else new_id()), True


async def _start(
    session: Session,
    caller: Caller,
    project_id: UUID,
    run: Row | None,
    case_id: UUID,
    body: PathStageRecord,
    division: str,
    now: dt.datetime,
) -> None:
    """End the path the project was on, with what of its deadlines no longer counts, and begin this one."""
    if run is not None:
        ended = {"ended_on": body.reached_on, "end_reason": body.change_reason}
        told = {"ended_on": body.reached_on}
        await work.move(session, project_path, caller, run, ended, now, action="end", detail=told)
        goes_on = body.path if case_id == run["case_id"] else None
        await periods.leave(session, caller, division, run["case_id"], goes_on, body.reached_on, now)
    values = {"project_id": project_id, "case_id": case_id, "path": body.path, "started_on": body.reached_on}
    if await work.add(session, project_path, caller, division, values, now, action="start") is None:
        raise Conflict("此项目的路径刚刚被他人更改，请重新读取")


async def withdraw_stage(
    session: Session, caller: Caller, stage_id: UUID, body: Withdrawal, clock: Clock
) -> ProjectPathOut:
    """Take back what was recorded wrongly: its deadlines go, those it kept are open again."""
    seen = await work.load(session, path_stage, caller, stage_id, what="这个阶段")
    project = await ledger.own_project(session, caller, seen["project_id"], lock=True)
    division, now, on = project["division_code"], clock.now(), today(clock)
    stage = await work.load_own(session, path_stage, caller, stage_id, None, what="这个阶段")
    run = await queries.live(session, division, stage["project_id"])
    if stage["withdrawn_on"] is not None or run is None or run["case_id"] != stage["case_id"]:
        raise Conflict("只能撤销现走路径上仍有效的阶段")
    others = [row for row in await queries.stages(session, division, stage["case_id"]) if row["id"] != stage_id]
    if any(row["answers"] == stage_id for row in others) or not rules.holds(ResolutionMode(run["path"]), _days(others)):
        raise StageNeeded
    values = {"withdrawn_on": on, "withdrawal_reason": body.reason}
    await work.move(session, path_stage, caller, stage, values, now, action="withdraw", detail={"withdrawn_on": on})
    await periods.take_back(session, caller, stage, on, now)
    return await shown(session, caller, stage["project_id"], clock)


async def shown(session: Session, caller: Caller, project_id: UUID, clock: Clock) -> ProjectPathOut:
    project = await ledger.load(session, caller, project_id)
    division = project["division_code"]
    run = await queries.live(session, division, project_id)
    stages = await queries.stages(session, division, run["case_id"]) if run else []
    due = await queries.deadlines(session, division, run["case_id"]) if run else []
    path = ResolutionMode(run["path"]) if run else None
    kinds = {InsolvencyKind(kind) for kind in await queries.evidence_kinds(session, division, project_id)}
    days = _days(stages)
    calendar = await load_calendar(session)
    return ProjectPathOut(
        project_id=project_id,
        path=path,
        chosen=await plan.chosen_path(session, division, project_id),
        started_on=run["started_on"] if run else None,
        stages=[work.shown(PathStageOut, row) for row in _latest(stages, lambda row: row["stage"] in rules.REPEATED)],
        next=rules.following(path, days) if path else [],
        deadlines=[
            as_deadline(row, today(clock), calendar)
            for row in _latest(due, lambda row: row["rule"] == DeadlineRule.contract_reply)
        ],
        missing_evidence=rules.missing_evidence(path, kinds) if path and PathStage.accepted not in days else [],
        former=[
            work.shown(FormerPathOut, row, reason=row["end_reason"])
            for row in await queries.former(session, division, project_id, limit=MOST)
        ],
    )


def as_deadline(row: Row, on: dt.date, calendar: WorkCalendar) -> PathDeadlineOut:
    rule = DeadlineRule(row["rule"])
    due, is_void = row["internal_due"], row["void_on"] is not None
    found = deadlines.standing(rule, due, met_on=row["met_on"], is_void=is_void, today=on, calendar=calendar)
    known = deadlines.RULES[rule]
    return work.shown(PathDeadlineOut, row, article=known.article, consequence=known.consequence, **asdict(found))


async def deadline_page(
    session: Session,
    scope: str,
    clock: Clock,
    *,
    project_id: UUID | None,
    overdue: bool,
    is_open: bool | None,
    after: Sequence[str] | None,
    limit: int,
) -> list[PathDeadlineOut]:
    """Deadlines of a division prefix, the earliest first."""
    calendar, on = await load_calendar(session), today(clock)
    past = _past(on, calendar) if overdue else None
    found = await queries.by_due(
        session, scope, project_id=project_id, is_open=is_open, past=past, after=after, limit=limit
    )
    return [as_deadline(row, on, calendar) for row in found]


def _past(on: dt.date, calendar: WorkCalendar) -> queries.Past:
    through = deadlines.overdue_through(on, calendar)
    return deadlines.DUTIES - deadlines.NOTICES, through, deadlines.NOTICES, on


async def reached(
    session: Session, division_code: str, project_id: UUID, path: ResolutionMode
) -> dict[PathStage, dt.date]:
    """The stages a project has reached and when, where it is on this path; none where it is on another."""
    run = await queries.live(session, division_code, project_id)
    if run is None or run["path"] != path:
        return {}
    return _days(await queries.stages(session, division_code, run["case_id"]))
