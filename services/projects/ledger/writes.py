"""Writes of the ledger: the row of today, the history, and the journal, always together."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import exists, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from services.projects.ledger.changes import Plan
from services.projects.ledger.models import project, project_change, project_number
from shared.chassis.identity import Caller
from shared.storage import Session, journal
from shared.storage.ids import new_id
from shared.storage.journal import Change


async def next_codes(session: Session, division_code: str, count: int) -> list[str]:
    """Readable codes `999902-0001`, …; the division's counter stays locked until the commit."""
    reserve = (
        insert(project_number)
        .values(division_code=division_code, last=count)
        .on_conflict_do_update(index_elements=["division_code"], set_={"last": project_number.c.last + count})
        .returning(project_number.c.last)
    )
    last = int((await session.execute(reserve)).scalar_one())
    return [f"{division_code}-{number:04d}" for number in range(last - count + 1, last + 1)]


async def next_code(session: Session, division_code: str) -> str:
    """The next code nobody has taken by hand."""
    while True:
        (code,) = await next_codes(session, division_code, 1)
        if not await code_exists(session, division_code, code):
            return code


async def code_exists(session: Session, division_code: str, code: str) -> bool:
    taken = select(exists().where(project.c.division_code == division_code, project.c.project_code == code))
    return bool((await session.execute(taken)).scalar_one())


def remembered(
    caller: Caller,
    division_code: str,
    project_id: UUID,
    version: int,
    planned: Plan,
    action: str,
    now: dt.datetime,
    *,
    reason: str | None = None,
    evidence_note: str | None = None,
    import_id: UUID | None = None,
    cause: str | None = None,
) -> tuple[dict[str, Any], Change]:
    """The history row and the journal entry of one change: the same facts, told to the county and to the auditor."""
    history = {
        "division_code": division_code,
        "project_id": project_id,
        "version": version,
        "action": action,
        "effective_on": planned.effective_on,
        "recorded_at": now,
        "actor": caller.subject,
        "facts": planned.facts,
        "marks": planned.marks,
        "reason": reason,
        "evidence_note": evidence_note,
        "import_id": import_id,
    }
    entry = Change(
        division_code=division_code,
        subject_type="project",
        subject_id=str(project_id),
        action=action,
        actor=caller,
        recorded_at=now,
        version=version,
        project_id=project_id,
        detail={"effective_on": planned.effective_on, "facts": planned.facts, "import_id": import_id}
        | ({"cause": cause} if cause else {}),
    )
    return history, entry


async def _remember(
    session: Session,
    caller: Caller,
    row: Mapping[str, Any],
    planned: Plan,
    action: str,
    now: dt.datetime,
    reason: str | None = None,
    evidence_note: str | None = None,
    cause: str | None = None,
) -> None:
    history, entry = remembered(
        caller,
        row["division_code"],
        row["id"],
        row["version"],
        planned,
        action,
        now,
        reason=reason,
        evidence_note=evidence_note,
        cause=cause,
    )
    await session.execute(insert(project_change).values(history))
    journal.record(session, entry)


async def insert_project(
    session: Session, caller: Caller, division_code: str, code: str, planned: Plan, now: dt.datetime
) -> Mapping[str, Any] | None:
    """The new row, or None when its code or its name with its developer is taken."""
    values = planned.columns | {
        "division_code": division_code,
        "id": new_id(),
        "project_code": code,
        "version": 1,
        "created_at": now,
        "updated_at": now,
    }
    statement = insert(project).values(values).on_conflict_do_nothing().returning(project)
    found = (await session.execute(statement)).one_or_none()
    if found is None:
        return None
    row = dict(found._mapping)
    await _remember(session, caller, row, planned, "create", now)
    return row


async def update_project(
    session: Session,
    caller: Caller,
    row: Mapping[str, Any],
    planned: Plan,
    action: str,
    now: dt.datetime,
    *,
    reason: str | None = None,
    evidence_note: str | None = None,
    cause: str | None = None,
) -> Mapping[str, Any] | None:
    """The changed row, the same row when nothing changed, or None when its new name is taken."""
    if not planned:
        return row
    version = row["version"] + 1
    statement = (
        update(project)
        .where(
            project.c.division_code == row["division_code"],
            project.c.id == row["id"],
            project.c.version == row["version"],
        )
        .values(planned.columns | {"version": version, "updated_at": func.greatest(now, project.c.updated_at)})
        .returning(project)
    )
    try:
        async with session.begin_nested():
            changed = dict((await session.execute(statement)).one()._mapping)
    except IntegrityError:
        return None
    await _remember(session, caller, changed, planned, action, now, reason, evidence_note, cause)
    return changed
