"""Import of a ledger: accepted with its file in one transaction, then run as a job whose effect is one transaction."""

import asyncio
import datetime as dt
import gc
import hashlib
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from services.projects.ledger import queries
from services.projects.ledger.changes import is_late
from services.projects.ledger.imports import queries as import_queries
from services.projects.ledger.imports import writes as import_writes
from services.projects.ledger.imports.matching import Verdict, judge
from services.projects.ledger.imports.totals import compare
from services.projects.ledger.insight import directory
from services.projects.ledger.insight.directory import Directory
from services.projects.ledger.queries import Filter
from services.projects.ledger.workbook.dictionary import LEDGER
from shared.chassis.clock import Clock, today
from shared.chassis.identity import Caller, caller_of, claims_of, prefix_of
from shared.chassis.permissions import require_home
from shared.clients.gateway import GatewayClient
from shared.errors import FieldError, Invalid, NotFound
from shared.schemas.base import SHANGHAI
from shared.schemas.imports import ImportMode, ImportState, RowVerdict
from shared.storage import Session, jobs, journal
from shared.storage.database import Database
from shared.storage.ids import new_id
from shared.storage.jobs import Job, Progress
from shared.workbook.guard import inspect
from shared.workbook.reader import Sheet, read

WRITTEN = (RowVerdict.created, RowVerdict.updated)
REFUSED = (RowVerdict.rejected, RowVerdict.conflict)


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


async def check(path: Path, as_of: dt.date | None, clock: Clock) -> None:
    """Everything that can be said of the file alone, as 4xx before anything is stored."""

    def work() -> Sheet:
        inspect(path)
        return read(path, LEDGER)

    sheet = await asyncio.to_thread(work)
    if (sheet.as_of or as_of or dt.date.min) > today(clock):
        where = f"{sheet.name}!A1" if sheet.as_of else "/as_of"
        raise SheetFromTheFuture(errors=[FieldError(where, "future_date", "请填写今天或以前的日期")])


async def accept(session: Session, caller: Caller, upload: Upload, clock: Clock) -> Mapping[str, Any]:
    """File, import and job are committed together with the Idempotency-Key."""
    require_home(caller, upload.division_code)
    now, import_id = clock.now(), new_id()
    digest = hashlib.sha256(upload.content).digest()
    await import_writes.store_file(session, upload.division_code, digest, upload.content, now)
    job_id = await jobs.enqueue(session, upload.division_code, "import_ledger", {"import_id": str(import_id)}, now)
    row = {
        "division_code": upload.division_code,
        "id": import_id,
        "job_id": job_id,
        "filename": upload.filename,
        "sha256": digest,
        "requested_by": caller.subject,
        "actor": claims_of(caller),
        "mode": upload.mode,
        "dry_run": upload.dry_run,
        "clear_unknown": upload.clear_unknown,
        "as_of": upload.as_of,
        "state": ImportState.queued,
        "created_at": now,
    }
    await import_writes.insert_import(session, row)
    journal.record(
        session,
        journal.Change(
            upload.division_code,
            "ledger_import",
            str(import_id),
            "accept",
            caller,
            now,
            detail={"sha256": digest.hex(), "dry_run": upload.dry_run, "mode": upload.mode},
        ),
    )
    return row | {"outcome": None, "finished_at": None}


async def load(session: Session, caller: Caller, import_id: UUID) -> Mapping[str, Any]:
    row = await import_queries.one_import(session, caller.scope, import_id)
    if row is None:
        raise NotFound("没有这次导入，或不在您的管辖范围内")
    return row


def run_import(database: Database, gateway: GatewayClient, clock: Clock) -> jobs.Handler:
    """The job handler: read, judge, write all in one transaction, or nothing."""

    async def handler(job: Job, progress: Progress) -> None:
        import_id = UUID(job.arguments["import_id"])
        async with database.session() as session:
            found = await import_queries.one_import(session, prefix_of(job.division_code), import_id)
            assert found is not None, "the job was committed with its import"
            request = dict(found)
            content = await import_queries.file_content(session, job.division_code, request["sha256"])
        with _collector_paused():
            with tempfile.NamedTemporaryFile(suffix=".xlsx") as file:
                file.write(content)
                file.flush()
                sheet = await asyncio.to_thread(read, Path(file.name), LEDGER)
            await progress.report(0, len(sheet.rows))
            # Asked before the transaction opens: nobody waits for another process while holding the county's rows.
            known = await directory.ask(gateway, job.division_code)
            async with database.session() as session:
                await _run(session, job, request, sheet, known, progress, clock)

    return handler


@contextmanager
def _collector_paused() -> Iterator[None]:
    """A sheet's rows all live until its import ends: the collector would walk them again and again and free nothing."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


async def _run(
    session: Session,
    job: Job,
    request: Mapping[str, Any],
    sheet: Sheet,
    known: Directory,
    progress: Progress,
    clock: Clock,
) -> None:
    division: str = job.division_code
    caller = caller_of(request["actor"])
    effective_on = sheet.as_of or request["as_of"] or request["created_at"].astimezone(SHANGHAI).date()
    await import_writes.lock_ledger(session, division)
    projects = await import_queries.for_matching(session, division)
    past = None
    if any(is_late(row, effective_on) for row in projects):
        stood = await queries.rows(session, Filter(division), as_of=effective_on, known_at=clock.now())
        past = {row["id"]: row for row in stood}
    verdicts = await asyncio.to_thread(
        judge,
        sheet,
        projects,
        past=past,
        effective_on=effective_on,
        is_dated=bool(sheet.as_of or request["as_of"]),
        today=today(clock),
        clear_unknown=request["clear_unknown"],
    )
    await progress.report(len(sheet.rows) // 2)
    refused = any(v.verdict in REFUSED for v in verdicts)
    stops = refused and request["mode"] == ImportMode.all_or_nothing
    now = clock.now()
    numbers: dict[int, tuple[UUID, str]] = {
        v.row.number: (v.target["id"], v.target["project_code"]) for v in verdicts if v.target is not None
    }
    if not stops:
        savepoint = await session.begin_nested()
        numbers |= await import_writes.write_import(session, caller, division, request["id"], verdicts, now)
        if request["dry_run"]:
            await savepoint.rollback()
            session.info.pop("journal", None)
        else:
            await savepoint.commit()
    totals = compare(sheet, verdicts)
    if not stops and not request["dry_run"]:
        await import_writes.insert_totals(session, division, request["id"], totals, effective_on, now)
    told = {(fact, v.row.facts.get(fact)) for v in verdicts for fact in directory.KIND_OF}
    names = [{"division_code": division, "fact": fact, "name": name, "projects": 1} for fact, name in told if name]
    unmapped = sorted({n.name for n in known.unmapped(names)})
    outcome = {
        "as_of": effective_on,
        "sheet": sheet.name,
        "rows_total": len(sheet.rows),
        **{v.value: sum(1 for x in verdicts if x.verdict is v) for v in RowVerdict if v is not RowVerdict.conflict},
        "conflicts": sum(1 for x in verdicts if x.verdict is RowVerdict.conflict),
        "columns": {c.cell: c.fact for c in sheet.columns},
        "unknown_columns": list(sheet.unknown_columns),
        "stated_totals": [t.model_dump() for t in totals],
        "unmapped_names": unmapped,
        "errors": [],
        "rows": [
            row_result(v, None if (stops or request["dry_run"]) and v.target is None else numbers) for v in verdicts
        ],
    }
    state = ImportState.rejected if stops else ImportState.succeeded
    await import_writes.finish_import(session, division, request["id"], state, outcome, now)
    await jobs.finish(session, job, now)
    await journal.commit(session, "projects")


def row_result(verdict: Verdict, numbers: Mapping[int, tuple[UUID, str]] | None) -> dict[str, Any]:
    """`RowResult` of one row."""
    known = (numbers or {}).get(verdict.row.number)
    return {
        "row": verdict.row.number,
        "verdict": verdict.verdict,
        "project_id": str(known[0]) if known else None,
        "project_code": known[1] if known else None,
        "name": verdict.row.facts.get("name"),
        "changed": verdict.plan.changed if verdict.plan and verdict.target is not None else [],
        "errors": [{"pointer": e.pointer, "code": e.code, "message": e.message} for e in verdict.errors],
        "conflicts": [c.model_dump(mode="json") for c in verdict.conflicts],
        "notes": [],
    }
