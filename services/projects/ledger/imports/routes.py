"""Excel in, Excel out: import with every row's verdict, the same workbook back, export for offline editing."""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, File, Form, Query, Response, UploadFile
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse

from services.projects.ledger import queries
from services.projects.ledger.imports import offline
from services.projects.ledger.imports import queries as import_queries
from services.projects.ledger.imports import service as imports
from services.projects.ledger.parameters import LedgerQuery
from shared.chassis.app import CONFLICT
from shared.chassis.clock import today
from shared.chassis.http import Cursor, Limit
from shared.chassis.route import CurrentCaller, CurrentClock, CurrentCursors
from shared.errors import Conflict, TooLarge
from shared.schemas.base import Day, DivisionCode
from shared.schemas.imports import ImportMode, ImportState, RowVerdict
from shared.schemas.projects.imports import ImportOut, ImportPage
from shared.storage.route import CurrentSession, Route

router = APIRouter(prefix="/v1/projects", tags=["台账导入导出"], route_class=Route)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOWNLOAD: dict[int | str, dict[str, Any]] = {200: {"content": {XLSX: {}}, "description": "xlsx 工作簿"}}
STORED = ("id", "division_code", "filename", "mode", "dry_run", "created_at", "finished_at")
ROWS_SHOWN = 1000
MAX_EXPORT_ROWS = 50_000


class NotFinished(Conflict):
    code, title, title_en = "not_finished", "导入尚未完成", "Import not finished"


@router.post("/imports", operation_id="import_ledger", summary="导入台账工作簿", status_code=202, responses=CONFLICT)
async def import_ledger(
    caller: CurrentCaller,
    session: CurrentSession,
    clock: CurrentClock,
    response: Response,
    file: Annotated[UploadFile, File(description="xlsx 工作簿，至多 20 MB")],
    division_code: Annotated[DivisionCode | None, Form(description="不填即本人所在行政区划")] = None,
    mode: Annotated[ImportMode, Form(description="全部成功才写入，或逐行写入")] = ImportMode.row_by_row,
    as_of: Annotated[Day | None, Form(description="表内没有“截至”日期时使用；再没有则为当日")] = None,
    clear_unknown: Annotated[str, Form(pattern="^(true|false)$", description="“不详”等是否清除已有数值")] = "false",
    dry_run: Annotated[bool, Query(description="只给结论，不写入")] = False,
) -> ImportOut:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "ledger.xlsx")
        await run_in_threadpool(_spool, file, path)
        await imports.check(path, as_of, clock)
        content = await run_in_threadpool(path.read_bytes)
    upload = imports.Upload(
        filename=(file.filename or "ledger.xlsx")[:200],
        content=content,
        division_code=division_code or caller.home,
        mode=mode,
        dry_run=dry_run,
        clear_unknown=clear_unknown == "true",
        as_of=as_of,
    )
    row = await imports.accept(session, caller, upload, clock)
    response.headers["Location"] = f"/v1/projects/imports/{row['id']}"
    return as_import({**row, "rows_done": 0, "job_total": None, "job_state": "queued", "job_error": None})


def _spool(file: UploadFile, path: Path) -> None:
    with path.open("wb") as target:
        while block := file.file.read(1 << 20):
            target.write(block)


def as_import(row: Mapping[str, Any], rows: list[Any] | None = None) -> ImportOut:
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
    return ImportOut.model_validate(
        empty
        | {"as_of": row["as_of"]}
        | outcome
        | {name: row[name] for name in STORED}
        | {"state": state, "rows": rows if rows is not None else outcome.get("rows", [])}
        | {"rows_done": outcome.get("rows_total", row["rows_done"])}
    )


@router.get("/imports", operation_id="list_imports", summary="导入记录")
async def list_imports(
    caller: CurrentCaller,
    session: CurrentSession,
    cursors: CurrentCursors,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> ImportPage:
    bound = [caller.subject, "imports"]
    before = UUID(cursors.decode(cursor, bound)[0]) if cursor else None
    found = await import_queries.imports(session, caller.home, before=before, limit=limit + 1)
    items = [as_import(row, []) for row in found[:limit]]
    following = cursors.encode([str(items[-1].id)], bound) if len(found) > limit else None
    return ImportPage(items=items, next_cursor=following)


@router.get("/imports/{import_id}", operation_id="get_import", summary="导入进度与逐行结果")
async def get_import(
    import_id: UUID,
    caller: CurrentCaller,
    session: CurrentSession,
    verdict: Annotated[RowVerdict | None, Query(description="只看某种结果的行")] = None,
    after_row: Annotated[int, Query(ge=0, le=1_048_576, description="只看此行号之后的行")] = 0,
    limit: Annotated[int, Query(ge=0, le=5000)] = ROWS_SHOWN,
) -> ImportOut:
    row = await imports.load(session, caller, import_id)
    rows = [
        r
        for r in (row["outcome"] or {}).get("rows", [])
        if r["row"] > after_row and (verdict is None or r["verdict"] == verdict)
    ]
    return as_import(row, rows[:limit])


@router.get(
    "/imports/{import_id}/result",
    operation_id="download_import_result",
    summary="下载带结果列的原工作簿",
    responses=DOWNLOAD | CONFLICT,
    response_class=FileResponse,
)
async def download_import_result(import_id: UUID, caller: CurrentCaller, session: CurrentSession) -> Response:
    row = await imports.load(session, caller, import_id)
    if row["outcome"] is None:
        raise NotFinished("请等导入完成后再下载")
    content = await import_queries.file_content(session, row["division_code"], row["sha256"])
    folder = tempfile.TemporaryDirectory()
    target = await run_in_threadpool(offline.result_workbook, Path(folder.name), content, row["outcome"])
    return workbook(target, f"导入结果-{row['filename']}", folder)


def workbook(path: Path, filename: str, folder: "tempfile.TemporaryDirectory[str]") -> Response:
    """An .xlsx to keep; its folder goes when it has been sent."""
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(filename)}"}
    return FileResponse(path, media_type=XLSX, headers=headers, background=BackgroundTask(folder.cleanup))


@router.get(
    "/export",
    operation_id="export_ledger",
    summary="导出台账",
    responses=DOWNLOAD,
    response_class=FileResponse,
)
async def export_ledger(
    query: Annotated[LedgerQuery, Query()], caller: CurrentCaller, session: CurrentSession, clock: CurrentClock
) -> Response:
    rows = await queries.rows(session, query.filter(caller))
    if len(rows) > MAX_EXPORT_ROWS:
        raise TooLarge(f"一次至多导出 {MAX_EXPORT_ROWS} 个项目，请加上筛选条件")
    folder = tempfile.TemporaryDirectory()
    day = today(clock)
    target = await run_in_threadpool(offline.export_workbook, Path(folder.name), rows, day)
    return workbook(target, f"问题楼盘台账-{day.isoformat()}.xlsx", folder)
