"""Use cases of the sealed register. Audit and event of a clue say that something happened, never what; reading is an
act of its own and is audited."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import orjson

from services.projects.clues import queries, rules
from services.projects.clues.models import MATTER, RESULT, clue, clue_result
from services.projects.ledger import service as ledger
from shared.chassis.clock import Clock, today
from shared.chassis.days import happened_on
from shared.chassis.identity import Caller
from shared.errors import NotFound
from shared.schemas.projects.clues import (
    ClueOut,
    ClueReceipt,
    ClueReceive,
    ClueRecipient,
    ClueResultOut,
    ClueResultRecord,
    ClueState,
    ClueSummary,
    ClueTransfer,
)
from shared.storage import Session, journal, work
from shared.storage.ids import new_id
from shared.storage.journal import Change
from shared.storage.rows import Row
from shared.storage.sealed import SealedColumn
from shared.storage.secrets import Vault

SUBJECTS = frozenset({clue.name, clue_result.name})
"""Subjects whose audit entries only those may list who may know of clues."""
NOTHING: Mapping[str, Any] = {}
WHAT = "这条线索"


def _seal(vault: Vault, column: SealedColumn, content: Mapping[str, Any], division_code: str, row_id: UUID) -> bytes:
    row = {"division_code": division_code, "id": row_id}
    return column.seal(vault, row, orjson.dumps(content).decode())


def _open(vault: Vault, column: SealedColumn, row: Row) -> dict[str, Any]:
    content: dict[str, Any] = orjson.loads(column.open(vault, row) or "{}")
    return content


def _read(session: Session, caller: Caller, division_code: str, subject_id: str, action: str, now: dt.datetime) -> None:
    journal.record(
        session,
        Change(
            division_code=division_code,
            subject_type=clue.name,
            subject_id=subject_id,
            action=action,
            actor=caller,
            recorded_at=now,
            visibility="sealed",
        ),
    )


async def transfer(session: Session, caller: Caller, vault: Vault, body: ClueTransfer, clock: Clock) -> ClueReceipt:
    """Only the receipt number comes back; it is not a key to anything."""
    on, clue_id = today(clock), new_id()
    happened_on(body.transferred_on, on, "/transferred_on")
    if body.project_id is not None:
        await ledger.own_project(session, caller, body.project_id)
    content = body.model_dump(mode="json", include={"subject", "matter", "project_id", "document_number"})
    number = rules.receipt_number(on)
    values = {
        "id": clue_id,
        "receipt_number": number,
        "recipient": body.recipient,
        "state": ClueState.transferred,
        "content": _seal(vault, MATTER, content, caller.home, clue_id),
        "transferred_on": body.transferred_on,
    }
    row = await work.add(
        session,
        clue,
        caller,
        caller.home,
        values,
        clock.now(),
        action="transfer",
        visibility="sealed",
        detail=NOTHING,
    )
    assert row is not None, "a drawn number is never drawn twice"
    return ClueReceipt(receipt_number=number)


async def _load(session: Session, caller: Caller, clue_id: UUID, *, own: bool = False) -> Row:
    """A clue whose recipient the caller stands for; any other does not exist."""
    if own:
        row = await work.load_own(session, clue, caller, clue_id, None, what=WHAT)
    else:
        row = await work.load(session, clue, caller, clue_id, what=WHAT)
    if ClueRecipient(row["recipient"]) not in rules.readable(caller.roles):
        raise NotFound(f"没有{WHAT}，或不在您的管辖范围内")
    return row


async def get(session: Session, caller: Caller, vault: Vault, clue_id: UUID, clock: Clock) -> ClueOut:
    row = await _load(session, caller, clue_id)
    results = await queries.results(session, row["division_code"], clue_id)
    _read(session, caller, row["division_code"], str(clue_id), "read", clock.now())
    return work.shown(
        ClueOut,
        row | _open(vault, MATTER, row),
        results=[work.shown(ClueResultOut, result | _open(vault, RESULT, result)) for result in results],
    )


def listed(session: Session, caller: Caller, rows: Sequence[Row], clock: Clock) -> list[ClueSummary]:
    """The clues shown. Each one shown is read; a list that shows none was read too."""
    for row in rows:
        _read(session, caller, row["division_code"], str(row["id"]), "list", clock.now())
    if not rows:
        _read(session, caller, caller.home, "-", "list", clock.now())
    return [work.shown(ClueSummary, row) for row in rows]


async def receive(session: Session, caller: Caller, clue_id: UUID, body: ClueReceive, clock: Clock) -> ClueReceipt:
    row = await _load(session, caller, clue_id, own=True)
    rules.check_not_received(row["received_on"])
    happened_on(body.received_on, today(clock), "/received_on", since=row["transferred_on"])
    values = {
        "state": ClueState.received,
        "received_on": body.received_on,
        "received_document": body.document_number,
    }
    return await _move(session, caller, row, values, "receive", clock)


async def record_result(
    session: Session, caller: Caller, vault: Vault, clue_id: UUID, body: ClueResultRecord, clock: Clock
) -> ClueReceipt:
    row = await _load(session, caller, clue_id, own=True)
    rules.check_received(row["received_on"])
    happened_on(body.result_on, today(clock), "/result_on", since=row["received_on"])
    division, result_id = row["division_code"], new_id()
    content = _seal(vault, RESULT, body.model_dump(mode="json"), division, result_id)
    values = {"id": result_id, "clue_id": clue_id, "content": content}
    await work.add(session, clue_result, caller, division, values, clock.now(), visibility="sealed", detail=NOTHING)
    return await _move(session, caller, row, {"state": ClueState.answered}, "answer", clock)


async def _move(
    session: Session, caller: Caller, row: Row, values: Mapping[str, Any], action: str, clock: Clock
) -> ClueReceipt:
    """Answers of acts are kept for retries in the clear, so they too say only the number."""
    await work.move(session, clue, caller, row, values, clock.now(), action=action, visibility="sealed", detail=NOTHING)
    return ClueReceipt(receipt_number=row["receipt_number"])
