"""What a change leaves behind: one audit row and one outbox row, written with it or not at all.

A use case calls `record`; nothing is written until the edge calls `commit`, which appends the outbox rows, then takes
the audit chain's head as the last thing before COMMIT (an import or a slow use case would otherwise hold its county's
chain for as long as it runs).

Chain: `hash = sha256(previous hash ‖ division ‖ seq ‖ body)`, the first previous hash is 32 zero bytes. `body` is the
canonical JSON of everything the row says, so the columns beside it are only an index of it and are checked against it.
"""

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

import orjson
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from shared.chassis import trace
from shared.chassis.identity import Caller
from shared.storage.bulk import insert_many
from shared.storage.ids import new_id
from shared.storage.tables import audit_entry, audit_head, outbox

GENESIS = bytes(32)
Visibility = Literal["public", "internal", "sealed"]


@dataclass(frozen=True, slots=True)
class Change:
    """One business object changed. `version` is the subject's version after it; None for acts that change no row."""

    division_code: str
    subject_type: str
    subject_id: str
    action: str
    actor: Caller
    recorded_at: dt.datetime
    version: int | None = None
    project_id: UUID | None = None
    occurred_at: dt.datetime | None = None
    visibility: Visibility = "internal"
    detail: Mapping[str, Any] = field(default_factory=dict)


def record(session: AsyncSession, change: Change) -> None:
    session.info.setdefault("journal", []).append(change)


def chain_hash(previous: bytes, division_code: str, seq: int, body: str) -> bytes:
    return hashlib.sha256(previous + f"{division_code}:{seq}:".encode() + body.encode()).digest()


def body_of(change: Change) -> str:
    """Canonical JSON: sorted keys, no spaces."""
    actor = change.actor
    return orjson.dumps(
        {
            "actor": actor.subject,
            "actor_name": actor.name,
            "on_behalf_of": actor.on_behalf_of,
            "action": change.action,
            "subject_type": change.subject_type,
            "subject_id": change.subject_id,
            "version": change.version,
            "recorded_at": change.recorded_at.isoformat(),
            "trace_id": trace.current().trace_id,
            "detail": change.detail,
        },
        option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS,
        default=str,
    ).decode()


def _event(service: str, change: Change) -> dict[str, Any]:
    return {
        "division_code": change.division_code,
        "id": new_id(),
        "type": f"{service}.{change.subject_type}.{change.action}",
        "subject": f"{change.subject_type}/{change.subject_id}",
        "subject_version": change.version,
        "project_id": change.project_id,
        "occurred_at": change.occurred_at or change.recorded_at,
        "recorded_at": change.recorded_at,
        "visibility": change.visibility,
        "payload": orjson.dumps(change.detail, default=str).decode(),
    }


async def _append(session: AsyncSession, division_code: str, changes: Sequence[Change]) -> None:
    head = (
        await session.execute(
            select(audit_head.c.seq, audit_head.c.hash)
            .where(audit_head.c.division_code == division_code)
            .with_for_update()
        )
    ).one_or_none()
    if head is None:
        await session.execute(
            insert(audit_head).values(division_code=division_code, seq=0, hash=GENESIS).on_conflict_do_nothing()
        )
        await _append(session, division_code, changes)
        return
    seq, last = head
    rows = []
    for change in changes:
        seq += 1
        body = body_of(change)
        last = chain_hash(last, division_code, seq, body)
        rows.append(
            {
                "division_code": division_code,
                "seq": seq,
                "body": body,
                "subject_type": change.subject_type,
                "subject_id": change.subject_id,
                "action": change.action,
                "actor": change.actor.subject,
                "recorded_at": change.recorded_at,
                "hash": last,
            }
        )
    await insert_many(session, audit_entry, rows)
    await session.execute(
        update(audit_head).where(audit_head.c.division_code == division_code).values(seq=seq, hash=last)
    )


async def commit(session: AsyncSession, service: str) -> None:
    """Write what `record` collected and commit. Divisions in order, so that two transactions never wait in a ring."""
    changes: list[Change] = session.info.pop("journal", [])
    by_division: dict[str, list[Change]] = defaultdict(list)
    for change in changes:
        by_division[change.division_code].append(change)
    events = [_event(service, change) for change in changes if change.version is not None]
    if events:
        await insert_many(session, outbox, events)
    for division_code in sorted(by_division):
        await _append(session, division_code, by_division[division_code])
    await session.commit()
