"""Asking each item of a checklist where its fact lives, and keeping what was said."""

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from services.projects.closeout import checklist, queries
from services.projects.closeout.models import closeout_item
from services.projects.paths import service as paths
from services.projects.paths.lawsuits import service as lawsuits
from services.projects.quality import service as quality
from shared.chassis.clock import Clock, today
from shared.chassis.identity import Caller
from shared.clients.petitions import Petitioned
from shared.schemas.projects.closeout import ChecklistItem, ChecklistSource
from shared.schemas.projects.facts import ProjectKind, ResolutionMode
from shared.schemas.projects.paths import PathStage
from shared.storage import Session, work
from shared.storage.rows import Row

OLDEST = dt.timedelta(seconds=60)
"""What another service has told decides nothing when it is older."""


async def ask(
    session: Session,
    project: Mapping[str, Any],
    path: str | None,
    items: Collection[ChecklistItem],
    quiet: checklist.Quiet | None,
) -> checklist.Records:
    """What other features know of a project; only those are asked that an item needs. `quiet` was asked before."""
    division_code: str = project["division_code"]
    mode = ResolutionMode(path) if path else None
    built, cases = checklist.NOTHING_BUILT, 0
    stages: Mapping[PathStage, dt.date] = {}
    if checklist.OF_QUALITY & set(items):
        built = await quality.built(session, division_code, project["id"])
    if mode is not None and checklist.OF_COURTS & set(items):
        stages = await paths.reached(session, division_code, project["id"], mode)
        cases = await lawsuits.number_of(session, division_code, project["id"])
    return checklist.Records(mode, project, built, stages, cases, quiet)


def quiet_of(
    told: Petitioned | None, project_id: UUID, weeks: int, today: dt.date, now: dt.datetime
) -> checklist.Quiet | None:
    """Of one project; None where the petitions service was away, or too long ago."""
    if told is None or now - told.asked_at > OLDEST:
        return None
    found = told.projects.get(project_id)
    if found is None:
        return checklist.Quiet(0, None, 0, told.asked_at, weeks, today)
    return checklist.Quiet(found.open.case_count, found.quiet_since, found.version, told.asked_at, weeks, today)


def columns_of(found: checklist.Finding | None, now: dt.datetime) -> dict[str, Any]:
    """What is kept of a finding; nothing known is an open question."""
    return {
        "source": found.source if found else None,
        "value": found.value if found else {},
        "source_version": found.version if found else None,
        "asked_at": (found.asked_at or now) if found else None,
        "met": found.met if found else None,
    }


def as_found(row: Row, found: checklist.Finding | None, now: dt.datetime) -> dict[str, Any] | None:
    """What an item should say now; None where it says so already. An attestation stands until the system knows."""
    if found is None and row["source"] in (None, ChecklistSource.attested):
        return None
    new = columns_of(found, now)
    # What another service told is kept with the moment it was asked; our own tables are asked in this transaction.
    is_told = found is not None and found.asked_at is not None
    same = all(row[name] == value for name, value in new.items() if is_told or name != "asked_at")
    return None if same else new


async def current(
    session: Session,
    project: Mapping[str, Any],
    row: Row,
    items: Mapping[ChecklistItem, Row],
    told: Petitioned | None,
    clock: Clock,
) -> dict[ChecklistItem, Row]:
    """The items of a running close-out as they would be kept now; nothing is written."""
    now = clock.now()
    quiet = quiet_of(told, project["id"], row["quiet_weeks"], today(clock), now)
    records = await ask(session, project, row["path"], items.keys(), quiet)
    return {item: kept | (as_found(kept, checklist.find(item, records), now) or {}) for item, kept in items.items()}


async def refresh(
    session: Session, caller: Caller, project: Mapping[str, Any], row: Row, told: Petitioned | None, clock: Clock
) -> dict[ChecklistItem, bool | None]:
    """Ask everything anew that the system knows and keep the answers; whether each item is met."""
    checklist.check_path(ProjectKind(row["kind"]), row["path"], project["resolution_mode"])
    now = clock.now()
    items = await queries.items(session, row["division_code"], row["id"], lock=True)
    quiet = quiet_of(told, project["id"], row["quiet_weeks"], today(clock), now)
    records = await ask(session, project, row["path"], items.keys(), quiet)
    for item, kept in items.items():
        news = as_found(kept, checklist.find(item, records), now)
        if news is not None:
            items[item] = await work.move(session, closeout_item, caller, kept, news, now, action="ask")
    return {item: kept["met"] for item, kept in items.items()}


async def known(
    session: Session,
    project: Mapping[str, Any],
    row: Row,
    item: ChecklistItem,
    told: Petitioned | None,
    clock: Clock,
) -> checklist.Finding | None:
    """What the system itself says of one item."""
    quiet = quiet_of(told, project["id"], row["quiet_weeks"], today(clock), clock.now())
    return checklist.find(item, await ask(session, project, row["path"], {item}, quiet))


async def first(
    session: Session,
    project: Mapping[str, Any],
    row: Row,
    items: Collection[ChecklistItem],
    told: Petitioned | None,
    clock: Clock,
) -> dict[ChecklistItem, dict[str, Any]]:
    """What is kept of each item when a close-out begins."""
    now = clock.now()
    quiet = quiet_of(told, project["id"], row["quiet_weeks"], today(clock), now)
    records = await ask(session, project, row["path"], items, quiet)
    return {item: columns_of(checklist.find(item, records), now) for item in items}
