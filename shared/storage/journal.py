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
from sqlalchemy import bindparam, text, update
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


def holds(session: AsyncSession) -> bool:
    """Whether there is anything to write."""
    return bool(session.info.get("journal"))


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


_SAID = ("division_code", "body", "subject_type", "subject_id", "action", "actor", "recorded_at")
_LINK = text(
    """
    with head as (
        insert into audit_head as head (division_code, seq, hash)
        values (:division_code, 1, sha256(:genesis || convert_to(:division_code || ':1:' || :body, 'UTF8')))
        on conflict (division_code) do update set
            seq = head.seq + 1,
            hash = sha256(head.hash || convert_to(:division_code || ':' || head.seq + 1 || ':' || :body, 'UTF8'))
        returning seq, hash
    )
    insert into audit_entry (division_code, seq, body, subject_type, subject_id, action, actor, recorded_at, hash)
    select :division_code, seq, :body, :subject_type, :subject_id, :action, :actor, :recorded_at, hash from head
    returning seq, hash
    """
).bindparams(*(bindparam(name, type_=audit_entry.c[name].type) for name in _SAID), genesis=GENESIS)
"""One more link: `chain_hash` as PostgreSQL says it, the head locked by its own change."""


def _entry(division_code: str, change: Change) -> dict[str, Any]:
    return {
        "division_code": division_code,
        "body": body_of(change),
        "subject_type": change.subject_type,
        "subject_id": change.subject_id,
        "action": change.action,
        "actor": change.actor.subject,
        "recorded_at": change.recorded_at,
    }


async def _append(session: AsyncSession, division_code: str, changes: Sequence[Change]) -> None:
    first, *others = (_entry(division_code, change) for change in changes)
    seq, last = (await session.execute(_LINK, first)).one()
    if not others:
        return
    for entry in others:
        seq += 1
        last = chain_hash(last, division_code, seq, entry["body"])
        entry |= {"seq": seq, "hash": last}
    await insert_many(session, audit_entry, others)
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
