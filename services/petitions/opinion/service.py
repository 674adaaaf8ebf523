"""Use cases of 舆情."""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from services.petitions.opinion import queries, rules
from services.petitions.opinion.models import opinion_item
from shared.chassis.clock import Clock, today
from shared.chassis.days import happened_on
from shared.chassis.identity import Caller
from shared.clients.gateway import GatewayClient, ProjectName
from shared.clients.parties import Known
from shared.errors import FieldError, Invalid, NotFound
from shared.schemas.petitions.opinion import OpinionAnswerIn, OpinionItemIn, OpinionItemOut, OpinionItemPatch
from shared.storage import Session, work
from shared.storage.rows import Row

WHAT = "这条舆情"
TOLD = ("source", "heat", "views", "seen_on", "project_ids", "owner_unit_code", "due_on")
"""What audit and event say."""


async def named_projects(gateway: GatewayClient, project_ids: Sequence[UUID], division_code: str) -> list[ProjectName]:
    """Each as its own service has it now; asked before the first statement."""
    found = []
    for place, project_id in enumerate(dict.fromkeys(project_ids)):
        try:
            project = await gateway.name_project(project_id)
        except NotFound:
            project = None
        if project is None or project.division_code != division_code:
            raise Invalid(errors=[FieldError(f"/project_ids/{place}", "unknown_project", "本县台账中没有此项目")])
        found.append(project)
    return found


def _linked(projects: Sequence[ProjectName]) -> dict[str, Any]:
    return {
        "project_ids": [project.project_id for project in projects],
        "projects": [
            {"project_id": str(project.project_id), "project_code": project.project_code, "name": project.name}
            for project in projects
        ],
    }


async def record(
    session: Session, caller: Caller, body: OpinionItemIn, known: Known, projects: Sequence[ProjectName], clock: Clock
) -> Row:
    owner = known.unit(body.owner_unit_code, "/owner_unit_code")
    seen_on = happened_on(body.seen_on, today(clock), "/seen_on")
    rules.check_due(seen_on, body.due_on)
    values = body.model_dump(exclude={"project_ids", "seen_on"}, mode="python") | _linked(projects)
    values |= {"seen_on": seen_on, "owner_unit_name": owner.name}
    told = {name: values[name] for name in TOLD}
    row = await work.add(session, opinion_item, caller, caller.home, values, clock.now(), action="record", detail=told)
    if row is None:
        raise rules.AlreadyRecorded
    return row


async def change(
    session: Session,
    caller: Caller,
    item_id: UUID,
    version: int,
    body: OpinionItemPatch,
    known: Known,
    projects: Sequence[ProjectName],
    clock: Clock,
) -> Row:
    given = body.model_dump(exclude_unset=True)
    if "owner_unit_code" in given:
        given["owner_unit_name"] = known.unit(body.owner_unit_code, "/owner_unit_code").name
    if "project_ids" in given:
        given |= _linked(projects)
    row = await work.load_own(session, opinion_item, caller, item_id, version, what=WHAT)
    rules.check_due(row["seen_on"], body.due_on if "due_on" in given else row["due_on"])
    if row["outcome"] is not None and given.keys() - {"heat", "views"}:
        raise rules.AlreadyAnswered("已回应，只能更新热度")
    if all(row[name] == value for name, value in given.items()):
        return row
    told = {name: given[name] for name in TOLD if name in given}
    if "due_on" in told and told["due_on"] != row["due_on"]:
        given["reminded_on"] = None
    return await work.move(session, opinion_item, caller, row, given, clock.now(), detail=told)


async def answer(session: Session, caller: Caller, item_id: UUID, body: OpinionAnswerIn, clock: Clock) -> Row:
    confined = {"owner_unit_code": caller.unit or ""} if rules.is_confined(caller) else {}
    await work.load(session, opinion_item, caller, item_id, what=WHAT, only=confined)
    row = await work.load_own(session, opinion_item, caller, item_id, None, what=WHAT)
    rules.check_answer(row, caller)
    published_on = happened_on(body.published_on, today(clock), "/published_on", since=row["seen_on"])
    told = {"outcome": body.outcome.value, "published_on": published_on}
    detail = told | {name: row[name] for name in ("owner_unit_code", "due_on", "project_ids")}
    values = told | {"response": body.response}
    return await work.move(session, opinion_item, caller, row, values, clock.now(), action="answer", detail=detail)


async def one(session: Session, caller: Caller, item_id: UUID) -> Row:
    confined = {"owner_unit_code": caller.unit or ""} if rules.is_confined(caller) else {}
    return await work.load(session, opinion_item, caller, item_id, what=WHAT, only=confined)


def shown(row: Row, day: dt.date) -> OpinionItemOut:
    return work.shown(OpinionItemOut, row, state=rules.state(row, day), days_late=rules.days_late(row, day))


async def remind(session: Session, actor: Caller, division_code: str, clock: Clock, limit: int) -> int:
    """Owners are reminded 催办 of what they did not answer by its day, once a day set; how many, `limit` at most."""
    day = today(clock)
    found = await queries.unreminded(session, division_code, day, limit)
    for row in found:
        told = {name: row[name] for name in ("owner_unit_code", "due_on", "project_ids")} | {"reminded_on": day}
        values = {"reminded_on": day}
        await work.move(session, opinion_item, actor, row, values, clock.now(), action="remind", detail=told)
    return len(found)
