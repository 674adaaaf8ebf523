"""The four routes of an import, under a service's own prefix and operation ids."""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, NamedTuple
from uuid import UUID

from fastapi import APIRouter, Depends, File, Form, Query, Response, UploadFile
from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse

from shared.chassis.app import CONFLICT
from shared.chassis.http import Cursor, Limit
from shared.chassis.listing import Paging
from shared.chassis.route import CurrentCaller, CurrentClock, CurrentCursors
from shared.schemas.base import Day, DivisionCode, Page
from shared.schemas.imports import ImportMode, ImportProgress, ImportState, RowVerdict
from shared.storage import Session
from shared.storage.route import CurrentSession, Route
from shared.storage.rows import Row
from shared.workbook.imports import queries, service
from shared.workbook.imports.service import STORED, Files, Imports, Upload
from shared.workbook.response import DOWNLOAD, workbook_response

ROWS_SHOWN = 1000
_OF_THE_ROW = ("id", "division_code", "filename", "mode", "dry_run", "created_at", "finished_at")


class Operation(NamedTuple):
    """An operation id, for ever, and its summary in Chinese."""

    id: str
    summary: str


@dataclass(frozen=True, slots=True)
class Operations:
    """What the four routes are called; without `download` a service serves the result itself."""

    accept: Operation
    list: Operation
    get: Operation
    download: Operation | None = None


async def stored_files() -> Files:
    return STORED


def import_router(
    imports: Imports,
    operations: Operations,
    *,
    prefix: str,
    tags: Sequence[str | StrEnum],
    out: type[ImportProgress],
    page: type[Page],
    originals: Any = stored_files,
) -> APIRouter:
    """Routes below `prefix`/imports.

    Args:
        out: the service's `ImportProgress` with its `rows`; `page` has `items` of it.
        originals: the dependency that gives `Files`, such as one that seals them with the app's keys.
    """
    router = APIRouter(prefix=prefix, tags=list(tags), route_class=Route)
    listing, get, download = operations.list, operations.get, operations.download
    Originals = Annotated[Files, Depends(originals)]

    @router.post(
        "/imports",
        operation_id=operations.accept.id,
        summary=operations.accept.summary,
        status_code=202,
        responses=CONFLICT,
        response_model=out,
    )
    async def accept_import(
        caller: CurrentCaller,
        session: CurrentSession,
        clock: CurrentClock,
        response: Response,
        kept_in: Originals,
        file: Annotated[UploadFile, File(description="xlsx 工作簿，至多 20 MB")],
        division_code: Annotated[DivisionCode | None, Form(description="不填即本人所在行政区划")] = None,
        mode: Annotated[ImportMode, Form(description="全部成功才写入，或逐行写入")] = ImportMode.row_by_row,
        as_of: Annotated[Day | None, Form(description="表内没有“截至”日期时使用；再没有则为当日")] = None,
        clear_unknown: Annotated[str, Form(pattern="^(true|false)$", description="“不详”等是否清除已有数值")] = "false",
        dry_run: Annotated[bool, Query(description="只给结论，不写入")] = False,
    ) -> ImportProgress:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "upload.xlsx")
            await run_in_threadpool(_spool, file, path)
            await service.check(imports, path, as_of, clock)
            content = await run_in_threadpool(path.read_bytes)
        upload = Upload(
            filename=(file.filename or "import.xlsx")[:200],
            content=content,
            division_code=division_code or caller.home,
            mode=mode,
            dry_run=dry_run,
            clear_unknown=clear_unknown == "true",
            as_of=as_of,
        )
        row = await service.accept(session, imports, kept_in, caller, upload, clock)
        response.headers["Location"] = f"{prefix}/imports/{row['id']}"
        return as_import(out, row)

    @router.get("/imports", operation_id=listing.id, summary=listing.summary, response_model=page)
    async def list_imports(
        caller: CurrentCaller,
        session: CurrentSession,
        cursors: CurrentCursors,
        limit: Limit = 20,
        cursor: Cursor = None,
    ) -> Page:
        async def fetch(*, after: list[Any] | None, limit: int) -> Sequence[Row]:
            return await queries.recent_imports(session, imports.table, caller.home, after=after, limit=limit)

        found, following = await Paging(caller, cursors, limit, cursor).page("imports", caller.home, fetch)
        return page.model_validate({"items": [as_import(out, row, []) for row in found], "next_cursor": following})

    @router.get("/imports/{import_id}", operation_id=get.id, summary=get.summary, response_model=out)
    async def get_import(
        import_id: UUID,
        caller: CurrentCaller,
        session: CurrentSession,
        verdict: Annotated[RowVerdict | None, Query(description="只看某种结果的行")] = None,
        after_row: Annotated[int, Query(ge=0, le=1_048_576, description="只看此行号之后的行")] = 0,
        limit: Annotated[int, Query(ge=0, le=5000)] = ROWS_SHOWN,
    ) -> ImportProgress:
        row = await service.load(session, imports, caller, import_id)
        rows = [
            r
            for r in (row["outcome"] or {}).get("rows", [])
            if r["row"] > after_row and (verdict is None or r["verdict"] == verdict)
        ]
        return as_import(out, row, rows[:limit])

    if download:

        @router.get(
            "/imports/{import_id}/result",
            operation_id=download.id,
            summary=download.summary,
            responses=DOWNLOAD | CONFLICT,
            response_class=FileResponse,
        )
        async def download_import_result(
            import_id: UUID, caller: CurrentCaller, session: CurrentSession, kept_in: Originals
        ) -> Response:
            row = await service.load_finished(session, imports, caller, import_id)
            return await result_response(session, imports, kept_in, row)

    return router


async def result_response(session: Session, imports: Imports, originals: Files, row: Row) -> Response:
    """The workbook of an import as `service.load_finished` gives it, with a verdict beside each row."""
    folder = tempfile.TemporaryDirectory()
    target = await service.write_result_of(session, imports, originals, row, Path(folder.name))
    return workbook_response(target, f"导入结果-{row['filename']}", folder)


def _spool(file: UploadFile, path: Path) -> None:
    with path.open("wb") as target:
        while block := file.file.read(1 << 20):
            target.write(block)


def as_import(out: type[ImportProgress], row: Mapping[str, Any], rows: list[Any] | None = None) -> ImportProgress:
    """The import with its progress: what the job has not said yet is empty."""
    outcome = dict(row["outcome"] or {})
    running = row["state"] == ImportState.queued and row["job_state"] == "running"
    failed = row["state"] == ImportState.queued and row["job_state"] == "failed"
    empty = dict.fromkeys(("created", "updated", "unchanged", "rejected", "conflicts"), 0) | {
        "columns": {},
        "unknown_columns": [],
        "stated_totals": [],
        "unmapped_names": [],
        "errors": [],
        "rows_total": row["job_total"],
        "sheet": None,
    }
    if failed:
        empty["errors"] = [{"pointer": "", "code": "failed", "message": row["job_error"]}]
    state = ImportState.failed if failed else ImportState.running if running else row["state"]
    return out.model_validate(
        empty
        | {"as_of": row["as_of"]}
        | outcome
        | {name: row[name] for name in _OF_THE_ROW}
        | {"state": state, "rows": rows if rows is not None else outcome.get("rows", [])}
        | {"rows_done": outcome.get("rows_total", row["rows_done"])}
    )
