"""The job of an import: read, judge, write all in one transaction, or nothing.

The service whose rows they are brings the half that only it can do, as a `Work`; this half is the same for all.
"""

import asyncio
import datetime as dt
import gc
import tempfile
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar
from uuid import UUID

from shared.chassis.clock import Clock
from shared.chassis.identity import Caller, caller_of, prefix_of
from shared.schemas.base import SHANGHAI
from shared.schemas.imports import ImportMode, ImportState, RowVerdict, StatedTotal
from shared.storage import Session, jobs, journal
from shared.storage.database import Database
from shared.storage.jobs import Job, Progress
from shared.storage.rows import Row
from shared.storage.turns import take_turns
from shared.workbook.dictionary import Dictionary
from shared.workbook.imports import queries
from shared.workbook.imports.service import Files, Imports
from shared.workbook.imports.verdicts import Verdict, compare, row_result
from shared.workbook.reader import Sheet, read

REFUSED = (RowVerdict.rejected, RowVerdict.conflict)


V = TypeVar("V", bound=Verdict)


@dataclass(frozen=True, slots=True)
class Request:
    """An accepted import and the sheet it brought. `is_dated`: somebody said which day the sheet speaks of."""

    id: UUID
    division_code: str
    caller: Caller
    sheet: Sheet
    effective_on: dt.date
    is_dated: bool
    clear_unknown: bool


class Work(Protocol[V]):
    """One import under way, as the service that owns the rows does it. Nothing here commits."""

    async def judge(self, session: Session) -> Sequence[V]:
        """One verdict per row, in the order of the sheet; what they are judged by stays locked until the end."""
        ...

    async def write(self, session: Session, verdicts: Sequence[V], now: dt.datetime) -> None:
        """What is created and updated, with its history and journal; rolled back again for a dry run."""
        ...

    async def close(
        self, session: Session, verdicts: Sequence[V], totals: Sequence[StatedTotal], now: dt.datetime, *, written: bool
    ) -> Mapping[str, Any]:
        """What else an import that was `written` leaves behind; gives what else its outcome says."""
        ...

    def result(self, verdict: V, *, written: bool) -> Mapping[str, Any]:
        """What a row's result says beyond `ImportedRow`, and `changed`."""
        ...


Begin = Callable[[Request], Awaitable[Work[V]]]
"""Called before the transaction opens: what is asked of other services is asked here, while no row is held."""


def run_imports(imports: Imports, originals: Files, database: Database, clock: Clock, begin: Begin[V]) -> jobs.Handler:
    """The handler of jobs of the kind `imports.job_kind`."""

    async def handler(job: Job, progress: Progress) -> None:
        import_id = UUID(job.arguments["import_id"])
        async with database.session() as session:
            found = await queries.one_import(session, imports.table, prefix_of(job.division_code), import_id)
            assert found is not None, "the job was committed with its import"
            content = await originals.get(session, job.division_code, found["file_key"])
        with _collector_paused():
            sheet = await asyncio.to_thread(_read, content, imports.dictionary)
            await progress.report(0, len(sheet.rows))
            request = _request(found, sheet)
            work = await begin(request)
            async with database.session() as session:
                mode = ImportMode(found["mode"])
                await _run(session, imports, request, work, progress, clock, mode, dry_run=found["dry_run"])
                await jobs.finish(session, job, clock.now())
                await journal.commit(session, imports.service)

    return handler


@contextmanager
def _collector_paused() -> Iterator[None]:
    """A sheet's rows all live until its import ends: the collector would walk them again and again and free nothing."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _read(content: bytes, dictionary: Dictionary) -> Sheet:
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as file:
        file.write(content)
        file.flush()
        return read(Path(file.name), dictionary)


def _request(stored: Row, sheet: Sheet) -> Request:
    return Request(
        stored["id"],
        stored["division_code"],
        caller_of(stored["actor"]),
        sheet,
        sheet.as_of or stored["as_of"] or stored["created_at"].astimezone(SHANGHAI).date(),
        bool(sheet.as_of or stored["as_of"]),
        stored["clear_unknown"],
    )


async def _run(
    session: Session,
    imports: Imports,
    request: Request,
    work: Work[V],
    progress: Progress,
    clock: Clock,
    mode: ImportMode,
    *,
    dry_run: bool,
) -> None:
    sheet = request.sheet
    await take_turns(session, imports.table.name, request.division_code)
    verdicts = await work.judge(session)
    await progress.report(len(sheet.rows) // 2)
    stops = mode is ImportMode.all_or_nothing and any(v.verdict in REFUSED for v in verdicts)
    written = not stops and not dry_run
    now = clock.now()
    if not stops:
        savepoint = await session.begin_nested()
        await work.write(session, verdicts, now)
        if dry_run:
            await savepoint.rollback()
            session.info.pop("journal", None)
        else:
            await savepoint.commit()
    totals = compare(sheet, imports.dictionary)
    own = await work.close(session, verdicts, totals, now, written=written)
    rows = [{**row_result(v), **work.result(v, written=written)} for v in verdicts]
    outcome = imports.kept({**_outcome(request, verdicts, totals), **own, "rows": rows})
    state = ImportState.rejected if stops else ImportState.succeeded
    await queries.finish_import(session, imports.table, request.division_code, request.id, state, outcome, now)


def _outcome(request: Request, verdicts: Sequence[Verdict], totals: Sequence[StatedTotal]) -> dict[str, Any]:
    """`ImportProgress` as far as the sheet decides it."""
    sheet = request.sheet
    counts = {verdict: sum(1 for v in verdicts if v.verdict is verdict) for verdict in RowVerdict}
    return {
        "as_of": request.effective_on,
        "sheet": sheet.name,
        "rows_total": len(sheet.rows),
        "created": counts[RowVerdict.created],
        "updated": counts[RowVerdict.updated],
        "unchanged": counts[RowVerdict.unchanged],
        "rejected": counts[RowVerdict.rejected],
        "conflicts": counts[RowVerdict.conflict],
        "columns": {c.cell: c.fact for c in sheet.columns},
        "unknown_columns": list(sheet.unknown_columns),
        "stated_totals": [t.model_dump() for t in totals],
        "errors": [],
    }
