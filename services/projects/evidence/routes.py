"""现场证据 on the wire."""

from functools import partial
from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Depends, File, Form, Query, Request, Response, UploadFile
from starlette.concurrency import run_in_threadpool

from services.projects.evidence import photo, queries, service
from services.projects.evidence.codes import SiteCodes
from shared.chassis.app import CONFLICT, VERSIONED
from shared.chassis.http import IfMatch, created, etag
from shared.chassis.listing import CurrentListing
from shared.chassis.route import CurrentCaller, CurrentClock
from shared.schemas.base import LongText
from shared.schemas.projects.evidence import (
    EvidenceCopy,
    EvidenceFlag,
    EvidenceOut,
    EvidencePage,
    GivenCode,
    ProjectSiteIn,
    ProjectSiteOut,
    SiteCodeOut,
    SubjectId,
    SubjectType,
)
from shared.storage import work
from shared.storage.route import CurrentSession, Route

router = APIRouter(prefix="/v1/projects", tags=["现场证据"], route_class=Route)
KINDS = (*photo.MAX_PIXELS, photo.PDF)
DOWNLOAD: dict[int | str, dict[str, Any]] = {200: {"content": {kind: {} for kind in KINDS}, "description": "文件"}}
ENDINGS = dict(zip(KINDS, ("jpg", "png", "webp", "pdf"), strict=True))


async def current_site_codes(request: Request) -> SiteCodes:
    codes: SiteCodes = request.app.state.site_codes
    return codes


CurrentSiteCodes = Annotated[SiteCodes, Depends(current_site_codes)]


@router.post(
    "/projects/{project_id}/evidence",
    operation_id="add_evidence",
    summary="上传现场照片或文档",
    status_code=201,
    responses=CONFLICT,
)
async def add_evidence(
    project_id: UUID,
    caller: CurrentCaller,
    session: CurrentSession,
    clock: CurrentClock,
    codes: CurrentSiteCodes,
    response: Response,
    file: Annotated[UploadFile, File(description="JPEG、PNG、WebP 照片或 PDF 文档，至多 20 MB")],
    subject_type: Annotated[SubjectType, Form()],
    subject_id: Annotated[SubjectId, Form()],
    description: Annotated[LongText | None, Form(description="拍的是什么")] = None,
    code: Annotated[GivenCode | None, Form()] = None,
) -> EvidenceOut:
    """存疑只作标记，不拒收；原件不改动、不覆盖。"""
    content = await run_in_threadpool(file.file.read)
    upload = service.Upload(
        content=content,
        seen=await photo.aside(photo.look, content),
        filename=(file.filename or "file")[:200],
        subject_type=subject_type,
        subject_id=subject_id,
        description=description,
        code=code,
    )
    row = await service.add(session, caller, project_id, upload, codes, clock)
    created(response, f"/v1/projects/evidence/{row['id']}", row["version"])
    return service.shown(row, caller)


@router.get("/evidence", operation_id="list_evidence", summary="证据列表")
async def list_evidence(
    listing: CurrentListing,
    caller: CurrentCaller,
    session: CurrentSession,
    project_id: UUID | None = None,
    subject_type: Annotated[SubjectType | None, Query()] = None,
    subject_id: Annotated[SubjectId | None, Query()] = None,
    flag: EvidenceFlag | None = None,
) -> EvidencePage:
    """企业只看到本单位上传的证据。"""
    filters = {"project_id": project_id, "subject_type": subject_type, "subject_id": subject_id}
    own = work.own_rows(caller, "unit_code")
    rows, following = await listing.page(
        "evidence", filters | {"flag": flag}, partial(queries.page, session, listing.scope, filters, own, flag)
    )
    return EvidencePage(items=[service.shown(row, caller) for row in rows], next_cursor=following)


@router.get("/evidence/{evidence_id}", operation_id="get_evidence", summary="一份证据及其核对结果")
async def get_evidence(
    evidence_id: UUID, caller: CurrentCaller, session: CurrentSession, response: Response
) -> EvidenceOut:
    row = await service.load(session, caller, evidence_id)
    response.headers["ETag"] = etag(row["version"])
    return service.shown(row, caller)


@router.get(
    "/evidence/{evidence_id}/file",
    operation_id="download_evidence",
    summary="下载原件或公开副本",
    responses=DOWNLOAD | CONFLICT,
    response_class=Response,
)
async def download_evidence(
    evidence_id: UUID,
    caller: CurrentCaller,
    session: CurrentSession,
    copy: Annotated[
        EvidenceCopy, Query(description="公开副本不含拍摄信息，且缩小至 1600 像素以内")
    ] = EvidenceCopy.ORIGINAL,
) -> Response:
    row, content, kind = await service.download(session, caller, evidence_id, copy)
    name = row["filename"] if copy is EvidenceCopy.ORIGINAL else f"{row['id']}.{ENDINGS[kind]}"
    disposition = f"attachment; filename*=UTF-8''{quote(name)}"
    return Response(content, media_type=kind, headers={"Content-Disposition": disposition})


@router.get("/projects/{project_id}/site-code", operation_id="get_site_code", summary="现场当日码")
async def get_site_code(
    project_id: UUID, caller: CurrentCaller, session: CurrentSession, clock: CurrentClock, codes: CurrentSiteCodes
) -> SiteCodeOut:
    return await service.site_code(session, caller, project_id, codes, clock)


@router.get("/projects/{project_id}/site", operation_id="get_project_site", summary="项目坐标")
async def get_project_site(
    project_id: UUID, caller: CurrentCaller, session: CurrentSession, response: Response
) -> ProjectSiteOut:
    found = await service.site_of(session, caller, project_id)
    response.headers["ETag"] = etag(found.version)
    return found


@router.put("/projects/{project_id}/site", operation_id="set_project_site", summary="设定项目坐标", responses=VERSIONED)
async def set_project_site(
    project_id: UUID,
    body: ProjectSiteIn,
    version: IfMatch,
    caller: CurrentCaller,
    session: CurrentSession,
    clock: CurrentClock,
    response: Response,
) -> ProjectSiteOut:
    found = await service.set_site(session, caller, project_id, version, body, clock)
    response.headers["ETag"] = etag(found.version)
    return found
