"""The register of petitions on the wire: listed, read, taken out as a workbook."""

import tempfile
from pathlib import Path
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse

from services.petitions.registry import exporting, queries, reading
from services.petitions.registry.parameters import PetitionPageQuery, PetitionQuery
from services.petitions.registry.reading import MASKED
from shared.chassis.clock import today
from shared.chassis.http import etag, not_modified
from shared.chassis.route import CurrentCaller, CurrentClock, CurrentCursors
from shared.errors import TooLarge
from shared.schemas.petitions.labels import LABELS
from shared.schemas.petitions.registry import (
    ContentClassList,
    ContentClassOut,
    PetitionOut,
    PetitionPage,
)
from shared.storage.route import CurrentSession, Route
from shared.storage.secrets import CurrentVault
from shared.workbook.response import DOWNLOAD, workbook_response

router = APIRouter(prefix="/v1/petitions", tags=["信访登记"], route_class=Route)


@router.get("/labels", operation_id="list_petitions_labels", summary="各枚举值的中文名称")
async def list_petitions_labels() -> dict[str, dict[str, str]]:
    return LABELS


@router.get("/content-classes", operation_id="list_content_classes", summary="信访内容分类")
async def list_content_classes(session: CurrentSession) -> ContentClassList:
    return ContentClassList(items=[ContentClassOut(**row) for row in await queries.content_classes(session)])


@router.get("/petitions", operation_id="list_petitions", summary="信访事项列表", response_model=PetitionPage)
async def list_petitions(
    query: Annotated[PetitionPageQuery, Query()],
    caller: CurrentCaller,
    session: CurrentSession,
    vault: CurrentVault,
    cursors: CurrentCursors,
) -> Response:
    filters = query.filter(caller)
    bound = [caller.subject, sorted(caller.roles), caller.unit, filters.division, filters.given, query.sort]
    after = cursors.decode(query.cursor, bound) if query.cursor else None
    found = await queries.page(session, filters, caller, sort=query.sort, after=after, limit=query.limit + 1)
    rows, rest = found[: query.limit], found[query.limit :]
    following = cursors.encode([rows[-1]["at"], rows[-1]["petition_id"]], bound) if rest else None
    total = await queries.count(session, filters, caller) if query.count else None
    return Response(reading.page(vault, rows, following, total), media_type="application/json")


@router.get(
    "/export",
    operation_id="export_petitions",
    summary="导出信访登记簿（个人信息脱敏）",
    responses=DOWNLOAD,
    response_class=FileResponse,
)
async def export_petitions(
    query: Annotated[PetitionQuery, Query()],
    caller: CurrentCaller,
    session: CurrentSession,
    vault: CurrentVault,
    clock: CurrentClock,
) -> Response:
    filters, day = query.filter(caller), today(clock)
    rows = await queries.exported(session, filters, caller, exporting.MOST_ROWS + 1)
    if len(rows) > exporting.MOST_ROWS:
        raise TooLarge(f"一次至多导出 {exporting.MOST_ROWS} 件，请加上筛选条件")
    persons = await queries.persons_of(session, filters, caller)
    reading.record_export(session, caller, {"rows": len(rows), "filters": sorted(filters.given)}, clock)
    folder = tempfile.TemporaryDirectory()
    target = Path(folder.name, "petitions.xlsx")
    await run_in_threadpool(exporting.write, vault, rows, persons, target, day)
    return workbook_response(target, f"{exporting.TITLE}-{day.isoformat()}.xlsx", folder)


@router.get("/petitions/{petition_id}", operation_id="get_petition", summary="信访事项详情（个人信息脱敏）")
async def get_petition(
    petition_id: UUID,
    request: Request,
    caller: CurrentCaller,
    session: CurrentSession,
    vault: CurrentVault,
    response: Response,
) -> PetitionOut:
    found = await reading.detail(session, caller, vault, petition_id)
    tag = etag(found.version, MASKED)
    response.headers["ETag"] = tag
    return not_modified(request, tag) or found  # type: ignore[return-value]  # FastAPI sends a Response as it is
