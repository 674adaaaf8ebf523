"""Imports of a service as it tells them apart: a checked file is accepted with its job in one transaction."""

import asyncio
import datetime as dt
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from shared.chassis.clock import Clock, today
from shared.chassis.identity import Caller, claims_of
from shared.chassis.permissions import require_home
from shared.errors import Conflict, FieldError, Invalid, NotFound
from shared.schemas.imports import ImportMode, ImportState
from shared.storage import Session, Table, files, jobs, journal
from shared.storage.ids import new_id
from shared.storage.rows import Row
from shared.workbook.dictionary import Dictionary
from shared.workbook.guard import inspect
from shared.workbook.imports import queries
from shared.workbook.reader import Sheet, read
from shared.workbook.response import XLSX
from shared.workbook.result import result_workbook


@dataclass(frozen=True, slots=True)
class Files:
    """Where originals are kept.

    `put` is `(session, division_code, sha256, media_type, content, now)` and gives the key under which
    `get(session, division_code, key)` finds the content again.
    """

    put: Callable[[Session, str, bytes, str, bytes, dt.datetime], Awaitable[bytes]]
    get: Callable[[Session, str, bytes], Awaitable[bytes]]


async def _put(
    session: Session, division_code: str, sha256: bytes, media_type: str, content: bytes, now: dt.datetime
) -> bytes:
    await files.put(session, division_code, sha256, media_type, content, now)
    return sha256


STORED = Files(_put, files.get)
"""Under their SHA-256, as they are."""


@dataclass(frozen=True, slots=True)
class Imports:
    """What one service imports.

    Args:
        service: its name, whose outbox and audit an import writes.
        table: made by `import_table`.
        job_kind: the job that does an import.
        dictionary: the words of its sheets.
        told_by: the field of a row's result that names what the row became, beside it in the result workbook.
        kept: what of a JSON value (the filename, the outcome with its rows) is stored and answered; a service masks
            personal data here.
    """

    service: str
    table: Table
    job_kind: str
    dictionary: Dictionary
    told_by: str
    kept: Callable[[Any], Any] = lambda value: value


@dataclass(frozen=True, slots=True)
class Upload:
    """A checked file and how its caller wants it read."""

    filename: str
    content: bytes
    division_code: str
    mode: ImportMode
    dry_run: bool
    clear_unknown: bool
    as_of: dt.date | None


class SheetFromTheFuture(Invalid):
    code, title, title_en = "future_date", "截至日期晚于今天", "Date in the future"


class NotFinished(Conflict):
    code, title, title_en = "not_finished", "导入尚未完成", "Import not finished"


async def check(imports: Imports, path: Path, as_of: dt.date | None, clock: Clock) -> None:
    """Everything that can be said of the file alone, as 4xx before anything is stored."""

    def work() -> Sheet:
        inspect(path)
        return read(path, imports.dictionary)

    sheet = await asyncio.to_thread(work)
    if (sheet.as_of or as_of or dt.date.min) > today(clock):
        where = f"{sheet.name}!A1" if sheet.as_of else "/as_of"
        raise SheetFromTheFuture(errors=[FieldError(where, "future_date", "请填写今天或以前的日期")])


async def accept(
    session: Session, imports: Imports, originals: Files, caller: Caller, upload: Upload, clock: Clock
) -> Row:
    """File, import and job are committed together with the Idempotency-Key."""
    division = upload.division_code
    require_home(caller, division)
    now, import_id = clock.now(), new_id()
    digest = hashlib.sha256(upload.content).digest()
    key = await originals.put(session, division, digest, XLSX, upload.content, now)
    job_id = await jobs.enqueue(session, division, imports.job_kind, {"import_id": str(import_id)}, now)
    row = {
        "division_code": division,
        "id": import_id,
        "job_id": job_id,
        "filename": imports.kept(upload.filename),
        "file_key": key,
        "requested_by": caller.subject,
        "actor": claims_of(caller),
        "mode": upload.mode,
        "dry_run": upload.dry_run,
        "clear_unknown": upload.clear_unknown,
        "as_of": upload.as_of,
        "state": ImportState.queued,
        "created_at": now,
    }
    await queries.insert_import(session, imports.table, row)
    detail = {"file_key": key.hex(), "dry_run": upload.dry_run, "mode": upload.mode}
    accepted = journal.Change(division, imports.table.name, str(import_id), "accept", caller, now, detail=detail)
    journal.record(session, accepted)
    progress = {"rows_done": 0, "job_total": None, "job_state": "queued", "job_error": None}
    return row | progress | {"outcome": None, "finished_at": None}


async def load(session: Session, imports: Imports, caller: Caller, import_id: UUID) -> Row:
    row = await queries.one_import(session, imports.table, caller.scope, import_id)
    if row is None:
        raise NotFound("没有这次导入，或不在您的管辖范围内")
    return row


async def load_finished(session: Session, imports: Imports, caller: Caller, import_id: UUID) -> Row:
    row = await load(session, imports, caller, import_id)
    if row["outcome"] is None:
        raise NotFinished("请等导入完成后再下载")
    return row


async def write_result_of(session: Session, imports: Imports, originals: Files, row: Row, folder: Path) -> Path:
    """The very file that was sent, with a verdict beside each row of a finished import."""
    content = await originals.get(session, row["division_code"], row["file_key"])
    return await asyncio.to_thread(
        result_workbook, folder, content, row["outcome"], imports.dictionary, imports.told_by
    )
