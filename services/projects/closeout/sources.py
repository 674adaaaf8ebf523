"""Asking each item of a checklist where its fact lives, and keeping what was said."""

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from services.projects import work
from services.projects.closeout import checklist, queries
from services.projects.closeout.models import closeout_item
from services.projects.paths import service as paths
from services.projects.paths.lawsuits import service as lawsuits
from services.projects.quality import service as quality
from shared.chassis.identity import Caller
from shared.schemas.projects.closeout import ChecklistItem, ChecklistSource
from shared.schemas.projects.facts import ProjectKind, ResolutionMode
from shared.schemas.projects.paths import PathStage
from shared.storage import Session
from shared.storage.rows import Row


async def ask(
    session: Session, project: Mapping[str, Any], path: str | None, items: Collection[ChecklistItem]
) -> checklist.Records:
    """What other features know of a project; only those are asked that an item needs."""
    division_code: str = project["division_code"]
    mode = ResolutionMode(path) if path else None
    built, cases = checklist.NOTHING_BUILT, 0
    stages: Mapping[PathStage, dt.date] = {}
    if checklist.OF_QUALITY & set(items):
        built = await quality.built(session, division_code, project["id"])
    if mode is not None and checklist.OF_COURTS & set(items):
        stages = await paths.reached(session, division_code, project["id"], mode)
        cases = await lawsuits.number_of(session, division_code, project["id"])
    return checklist.Records(mode, project, built, stages, cases)


def columns_of(found: checklist.Finding | None, now: dt.datetime) -> dict[str, Any]:
    """What is kept of a finding; nothing known is an open question."""
    return {
        "source": found.source if found else None,
        "value": found.value if found else {},
        "source_version": found.version if found else None,
        "asked_at": now if found else None,
        "met": found.met if found else None,
    }


def as_found(row: Row, found: checklist.Finding | None, now: dt.datetime) -> dict[str, Any] | None:
    """What an item should say now; None where it says so already. An attestation stands until the system knows."""
    if found is None and row["source"] in (None, ChecklistSource.attested):
        return None
    new = columns_of(found, now)
    same = all(row[name] == value for name, value in new.items() if name != "asked_at")
    return None if same else new


async def current(
    session: Session, project: Mapping[str, Any], row: Row, items: Mapping[ChecklistItem, Row], now: dt.datetime
) -> dict[ChecklistItem, Row]:
    """The items of a running close-out as they would be kept now; nothing is written."""
    records = await ask(session, project, row["path"], items.keys())
    return {item: kept | (as_found(kept, checklist.find(item, records), now) or {}) for item, kept in items.items()}


async def refresh(
    session: Session, caller: Caller, project: Mapping[str, Any], row: Row, now: dt.datetime
) -> dict[ChecklistItem, bool | None]:
    """Ask everything anew that the system knows and keep the answers; whether each item is met."""
    checklist.check_path(ProjectKind(row["kind"]), row["path"], project["resolution_mode"])
    items = await queries.items(session, row["division_code"], row["id"], lock=True)
    records = await ask(session, project, row["path"], items.keys())
    for item, kept in items.items():
        news = as_found(kept, checklist.find(item, records), now)
        if news is not None:
            items[item] = await work.move(session, closeout_item, caller, kept, news, now, action="ask")
    return {item: kept["met"] for item, kept in items.items()}


async def known(
    session: Session, project: Mapping[str, Any], row: Row, item: ChecklistItem
) -> checklist.Finding | None:
    """What the system itself says of one item."""
    return checklist.find(item, await ask(session, project, row["path"], {item}))


async def first(
    session: Session, project: Mapping[str, Any], row: Row, items: Collection[ChecklistItem], now: dt.datetime
) -> dict[ChecklistItem, dict[str, Any]]:
    """What is kept of each item when a close-out begins."""
    records = await ask(session, project, row["path"], items)
    return {item: columns_of(checklist.find(item, records), now) for item in items}
