"""What other features ask of plans: what is overdue, what was promised, what waits for a decision."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from uuid import UUID

from services.projects.ledger import service as ledger
from services.projects.plan import queries
from services.projects.plan.models import milestone_block
from services.projects.plan.outlook import look
from services.projects.plan.rules import colour
from services.projects.thresholds import thresholds
from shared.chassis.identity import Caller
from shared.schemas.projects.facts import ResolutionMode, ResolutionStatus
from shared.schemas.projects.plan import MilestoneColour
from shared.storage import Session, work
from shared.storage.calendar import load_calendar
from shared.storage.rows import Row


@dataclass(frozen=True, slots=True)
class OverdueMilestone:
    """A milestone that should have been done before today. `days_late` are calendar days."""

    project_id: UUID
    milestone_id: UUID
    name: str
    due_on: dt.date
    days_late: int
    unit_code: str
    person_code: str | None


async def overdue(session: Session, division_code: str, today: dt.date) -> list[OverdueMilestone]:
    """Every milestone that is past its due date and not done, the longest first. A resolved project asks for nothing
    more."""
    return [late for late, is_overdue in await _red(session, division_code, today) if is_overdue]


async def red(session: Session, division_code: str, today: dt.date) -> list[OverdueMilestone]:
    """Every milestone red on the battle map: what is overdue, and what is expected so late that it will be; `days_late`
    is less than 1 where its day is still to come."""
    return [late for late, _ in await _red(session, division_code, today)]


async def _red(session: Session, division_code: str, today: dt.date) -> list[tuple[OverdueMilestone, bool]]:
    """Red milestones by the day they are due, and whether each is overdue."""
    headings = await ledger.headings(session, division_code)
    resolved = {one["id"] for one in headings if one["resolution_status"] == ResolutionStatus.resolved}
    plans = {row["id"]: row for row in await queries.of_division(session, division_code)}
    rows = await queries.milestones(session, division_code)
    if not rows:
        return []
    calendar = await load_calendar(session)
    red_lag = await thresholds.value(session, division_code, "red_lag_days")
    found = []
    for plan_id, members in groupby(rows, key=itemgetter("plan_id")):
        if plans[plan_id]["project_id"] in resolved:
            continue
        seen = look(plans[plan_id], list(members), calendar, today)
        for row, timing in zip(seen.rows, seen.schedule.timings, strict=True):
            is_done = row["done_on"] is not None
            its_colour = colour(timing, seen.schedule.now, is_done=is_done, is_blocked=False, red_lag=red_lag)
            if its_colour == MilestoneColour.red:
                due_on, who = seen.days[timing.due], (row["unit_code"], row["person_code"])
                late = (row["project_id"], row["id"], row["name"], due_on, (today - due_on).days, *who)
                found.append((OverdueMilestone(*late), seen.is_overdue(row, timing)))
    return sorted(found, key=lambda one: (one[0].due_on, one[0].milestone_id))


async def promised_on(session: Session, division_code: str, project_id: UUID) -> dt.date | None:
    """The date promised for a project; None while it has no plan."""
    return await queries.promised_on(session, division_code, project_id)


async def chosen_path(session: Session, division_code: str, project_id: UUID) -> ResolutionMode | None:
    """The path of resolution a project's plan has chosen; None while it has no plan."""
    row = await queries.of_project(session, division_code, project_id)
    return ResolutionMode(row["path"]) if row is not None else None


async def find_milestone(session: Session, division_code: str, project_id: UUID, milestone_id: UUID) -> Row | None:
    """A milestone of the plan as it stands."""
    return await queries.find_milestone(session, division_code, project_id, milestone_id)


async def find_milestones(session: Session, division_code: str, milestone_ids: Collection[UUID]) -> list[Row]:
    """Those of the ids that are milestones of the division's plans as they stand."""
    return await queries.find_milestones(session, division_code, milestone_ids)


async def block(
    session: Session,
    caller: Caller,
    division_code: str,
    milestone_ids: Collection[UUID],
    cause: str,
    title: str,
    now: dt.datetime,
) -> None:
    """Milestones wait for `cause` (`decision:<uuid>`); one that waits for it already, or was dropped, stays as it is.

    A title may name people, so audit and event carry the cause alone.
    """
    for row in await queries.find_milestones(session, division_code, milestone_ids):
        values = {"project_id": row["project_id"], "milestone_id": row["id"], "cause": cause, "title": title}
        detail = {"milestone_id": row["id"], "cause": cause}
        await work.add(session, milestone_block, caller, division_code, values, now, action="block", detail=detail)


async def unblock(session: Session, caller: Caller, division_code: str, cause: str, now: dt.datetime) -> None:
    """Nothing waits for `cause` any more."""
    for row in await queries.blocks_of_cause(session, division_code, cause):
        detail = {"milestone_id": row["milestone_id"], "cause": cause}
        values = {"lifted_at": now}
        await work.move(session, milestone_block, caller, row, values, now, action="unblock", detail=detail)
