"""The register of petitions on the wire: taken in, listed, read, corrected, taken out as a workbook."""

import tempfile
from pathlib import Path
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse

from services.petitions.registry import cases, changes, exporting, intake, queries, reading
from services.petitions.registry.parameters import PetitionPageQuery, PetitionQuery
from shared.chassis.app import CONFLICT, VERSIONED
from shared.chassis.clock import today
from shared.chassis.http import IfMatch, created, etag, not_modified
from shared.chassis.identity import Caller
from shared.chassis.route import CurrentCaller, CurrentClock, CurrentCursors
from shared.clients.gateway import CurrentGateway
from shared.clients.parties import CurrentParties
from shared.errors import TooLarge
from shared.schemas.petitions.labels import LABELS
from shared.schemas.petitions.registry import (
    ContentClassList,
    ContentClassOut,
    MergeIn,
    PetitionCreate,
    PetitionOut,
    PetitionPage,
    PetitionPatch,
    PetitionRegistered,
    ProjectLink,
    SplitIn,
)
from shared.storage import Session
from shared.storage.route import CurrentSession, Route
from shared.storage.rows import Row
from shared.storage.secrets import CurrentVault, Vault
from shared.workbook.response import DOWNLOAD, workbook_response

router = APIRouter(prefix="/v1/petitions", tags=["信访登记"], route_class=Route)
MASKED = "masked"


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


@router.post(
    "/petitions", operation_id="register_petition", summary="登记信访事项", status_code=201, responses=CONFLICT
)
async def register_petition(
    body: PetitionCreate,
    caller: CurrentCaller,
    session: CurrentSession,
    vault: CurrentVault,
    clock: CurrentClock,
    parties: CurrentParties,
    gateway: CurrentGateway,
    response: Response,
) -> PetitionRegistered:
    """Art. 17: whatever comes in is registered, through whichever door. The query code is shown once."""
    units = [unit.unit_code for unit in body.handed_to]
    known = await parties.of(caller.home, caller.unit, body.to_unit, body.accused_unit_code, *units)
    project = await intake.named_project(gateway, body.project_id, caller.home)
    row, code = await intake.register(session, caller, vault, known, project, body, clock)
    return await _registered(response, session, vault, row, code)


async def _registered(response: Response, session: Session, vault: Vault, row: Row, code: str) -> PetitionRegistered:
    persons = await queries.petitioners(session, row["division_code"], row["id"])
    shown = PetitionRegistered(**reading.facts(vault, row, persons), query_code=code)
    created(response, f"/v1/petitions/petitions/{row['id']}", row["version"])
    response.headers["ETag"] = etag(row["version"], MASKED)
    return shown


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


@router.patch("/petitions/{petition_id}", operation_id="update_petition", summary="修改登记内容", responses=VERSIONED)
async def update_petition(
    petition_id: UUID,
    body: PetitionPatch,
    version: IfMatch,
    caller: CurrentCaller,
    session: CurrentSession,
    vault: CurrentVault,
    clock: CurrentClock,
    parties: CurrentParties,
    response: Response,
) -> PetitionOut:
    """A masked value sent back leaves the stored one as it is."""
    accused = body.accused_unit_code
    known = await parties.of(caller.home, accused) if accused is not None else None
    row = await changes.update(session, caller, vault, known, petition_id, version, body, clock)
    return await _changed(session, caller, vault, row, response)


async def _changed(session: Session, caller: Caller, vault: Vault, row: Row, response: Response) -> PetitionOut:
    response.headers["ETag"] = etag(row["version"], MASKED)
    return reading.shown(vault, row, await queries.petitioners(session, caller.home, row["id"]))


@router.post("/petitions/{petition_id}/project", operation_id="link_petition_project", summary="关联项目，或取消关联")
async def link_petition_project(
    petition_id: UUID,
    body: ProjectLink,
    caller: CurrentCaller,
    session: CurrentSession,
    vault: CurrentVault,
    clock: CurrentClock,
    gateway: CurrentGateway,
    response: Response,
) -> PetitionOut:
    project = await intake.named_project(gateway, body.project_id, caller.home)
    row = await changes.link_project(session, caller, vault, petition_id, project, clock)
    return await _changed(session, caller, vault, row, response)


@router.post("/petitions/{petition_id}/merge", operation_id="merge_petitions", summary="并案", responses=CONFLICT)
async def merge_petitions(
    petition_id: UUID,
    body: MergeIn,
    caller: CurrentCaller,
    session: CurrentSession,
    vault: CurrentVault,
    clock: CurrentClock,
    response: Response,
) -> PetitionOut:
    """This petition goes into the main one, which lives on."""
    row = await cases.merge(session, caller, vault, petition_id, body, clock)
    return await _changed(session, caller, vault, row, response)


@router.post(
    "/petitions/{petition_id}/split",
    operation_id="split_petition",
    summary="分案",
    status_code=201,
    responses=CONFLICT,
)
async def split_petition(
    petition_id: UUID,
    body: SplitIn,
    caller: CurrentCaller,
    session: CurrentSession,
    vault: CurrentVault,
    clock: CurrentClock,
    response: Response,
) -> PetitionRegistered:
    """A matter of this petition becomes one of its own, registered on the same day."""
    row, code = await cases.split(session, caller, vault, petition_id, body, clock)
    return await _registered(response, session, vault, row, code)
