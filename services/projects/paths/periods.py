"""The stored deadlines of a case as its stages come and go."""

import datetime as dt
from collections.abc import Mapping
from uuid import UUID

from services.projects.paths import deadlines, queries, rules
from services.projects.paths.models import path_deadline
from shared.chassis.identity import Caller
from shared.errors import Conflict
from shared.schemas.projects.facts import ResolutionMode
from shared.schemas.projects.paths import DeadlineRule, PathStage
from shared.storage import Session, work
from shared.storage.rows import Row


class NoPeriodToExtend(Conflict):
    code, title, title_en = "no_period_to_extend", "没有可以延期的重整计划草案期限", "No period to extend"


async def begin(
    session: Session,
    caller: Caller,
    stage: Row,
    path: ResolutionMode,
    recorded: Mapping[PathStage, dt.date],
    stages: list[Row],
    now: dt.datetime,
) -> None:
    """The periods a stage starts; what was done before its period began is done."""
    ids = {row["stage"]: row["id"] for row in stages}
    reached = deadlines.Reached(
        PathStage(stage["stage"]), stage["reached_on"], stage["claims_until"], stage["meeting_on"]
    )
    for rule, from_on, internal_due in deadlines.started_by(path, reached):
        keeper = deadlines.RULES[rule].kept_by
        done = keeper if keeper in recorded and keeper not in rules.REPEATED else None
        values = {
            "project_id": stage["project_id"],
            "case_id": stage["case_id"],
            "stage_id": stage["id"],
            "rule": rule,
            "from_on": from_on,
            "internal_due": internal_due,
            "extended_months": 0,
            "met_on": recorded[done] if done else None,
            "met_stage_id": ids[done] if done else None,
        }
        await work.add(session, path_deadline, caller, stage["division_code"], values, now, action="start")


async def keep(session: Session, caller: Caller, stage: Row, standing: list[Row], now: dt.datetime) -> None:
    """Mark the deadlines this stage keeps; a ruling that extends one moves it."""
    kept = deadlines.kept_by(PathStage(stage["stage"]))
    for due in standing:
        is_meant = stage["answers"] in (None, due["stage_id"])
        if due["rule"] in kept and due["met_on"] is None and is_meant:
            met = {"met_on": stage["reached_on"], "met_stage_id": stage["id"]}
            await work.move(session, path_deadline, caller, due, met, now, action="meet")
    if stage["stage"] == PathStage.plan_extended:
        drafts = [due for due in standing if due["rule"] == DeadlineRule.plan_draft and due["met_on"] is None]
        if not drafts:
            raise NoPeriodToExtend
        await _extend(session, caller, drafts[0], deadlines.EXTENSION_MONTHS, now)


async def _extend(session: Session, caller: Caller, due: Row, more: int, now: dt.datetime) -> None:
    moved = {"internal_due": deadlines.plan_due(due["from_on"], more), "extended_months": more}
    await work.move(session, path_deadline, caller, due, moved, now, action="extend")


async def leave(
    session: Session,
    caller: Caller,
    division: str,
    case_id: UUID,
    goes_on: ResolutionMode | None,
    on: dt.date,
    now: dt.datetime,
) -> None:
    """A path is left: open deadlines count no more, but for those the path the case goes on with knows too."""
    for due in await queries.deadlines(session, division, case_id):
        stays = goes_on is not None and deadlines.applies(DeadlineRule(due["rule"]), goes_on)
        if due["met_on"] is None and not stays:
            await work.move(session, path_deadline, caller, due, {"void_on": on}, now, action="void")


async def take_back(session: Session, caller: Caller, stage: Row, on: dt.date, now: dt.datetime) -> None:
    """A stage was recorded wrongly: what it started goes, what it kept is open again."""
    for due in await queries.deadlines(session, stage["division_code"], stage["case_id"]):
        if due["stage_id"] == stage["id"]:
            await work.move(session, path_deadline, caller, due, {"void_on": on}, now, action="void")
        elif due["met_stage_id"] == stage["id"]:
            reopened = {"met_on": None, "met_stage_id": None}
            await work.move(session, path_deadline, caller, due, reopened, now, action="reopen")
        elif stage["stage"] == PathStage.plan_extended and due["rule"] == DeadlineRule.plan_draft:
            await _extend(session, caller, due, 0, now)
