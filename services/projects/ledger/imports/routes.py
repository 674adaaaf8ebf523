"""Excel in, Excel out: import with every row's verdict, the same workbook back, export for offline editing."""

import tempfile
from pathlib import Path
from typing import Annotated

from fastapi import Query, Response
from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse

from services.projects.ledger import queries
from services.projects.ledger.imports.service import LEDGER_IMPORTS
from services.projects.ledger.parameters import LedgerQuery
from services.projects.ledger.workbook.dictionary import LEDGER
from shared.chassis.clock import today
from shared.chassis.route import CurrentCaller, CurrentClock
from shared.errors import TooLarge
from shared.schemas.projects.imports import ImportOut, ImportPage
from shared.storage.route import CurrentSession
from shared.workbook.export import write_export
from shared.workbook.imports.routes import Operation, Operations, import_router
from shared.workbook.response import DOWNLOAD, workbook_response

MAX_EXPORT_ROWS = 50_000
router = import_router(
    LEDGER_IMPORTS,
    Operations(
        accept=Operation("import_ledger", "导入台账工作簿"),
        list=Operation("list_imports", "导入记录"),
        get=Operation("get_import", "导入进度与逐行结果"),
        download=Operation("download_import_result", "下载带结果列的原工作簿"),
    ),
    prefix="/v1/projects",
    tags=["台账导入导出"],
    out=ImportOut,
    page=ImportPage,
)


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
    folder, day = tempfile.TemporaryDirectory(), today(clock)
    target = Path(folder.name, "export.xlsx")
    await run_in_threadpool(write_export, LEDGER, rows, target, title=LEDGER.title, as_of=day)
    return workbook_response(target, f"{LEDGER.title}-{day.isoformat()}.xlsx", folder)
