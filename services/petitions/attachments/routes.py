"""Attachments on the wire."""

from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, File, Form, Response, UploadFile

from services.petitions.attachments import service, sniffing
from shared.chassis.app import CONFLICT
from shared.chassis.http import created
from shared.chassis.route import CurrentCaller, CurrentClock
from shared.schemas.petitions.attachments import AttachmentKind, AttachmentList, AttachmentOut
from shared.storage.route import CurrentSession, Route
from shared.storage.secrets import CurrentVault

router = APIRouter(prefix="/v1/petitions/petitions/{petition_id}", tags=["信访附件"], route_class=Route)
DOWNLOAD: dict[int | str, dict[str, Any]] = {
    200: {"content": {kind: {} for kind in sniffing.KINDS}, "description": "文件"}
}


@router.post(
    "/attachments", operation_id="add_petition_attachment", summary="上传附件", status_code=201, responses=CONFLICT
)
async def add_petition_attachment(
    petition_id: UUID,
    caller: CurrentCaller,
    session: CurrentSession,
    vault: CurrentVault,
    clock: CurrentClock,
    response: Response,
    file: Annotated[UploadFile, File(description="图片、PDF、OFD、Word、Excel、录音或录像，至多 20 MB")],
    kind: Annotated[AttachmentKind, Form()],
) -> AttachmentOut:
    row = await service.add(session, caller, vault, petition_id, file, kind, clock)
    created(response, f"/v1/petitions/petitions/{petition_id}/attachments/{row['id']}", row["version"])
    return service.shown(row)


@router.get("/attachments", operation_id="list_petition_attachments", summary="附件列表")
async def list_petition_attachments(
    petition_id: UUID, caller: CurrentCaller, session: CurrentSession
) -> AttachmentList:
    return await service.listed(session, caller, petition_id)


@router.get(
    "/attachments/{attachment_id}",
    operation_id="download_petition_attachment",
    summary="下载附件（写入审计记录）",
    responses=DOWNLOAD,
    response_class=Response,
)
async def download_petition_attachment(
    petition_id: UUID,
    attachment_id: UUID,
    caller: CurrentCaller,
    session: CurrentSession,
    vault: CurrentVault,
    clock: CurrentClock,
) -> Response:
    file, content = await service.download(session, caller, vault, petition_id, attachment_id, clock)
    disposition = f"attachment; filename*=UTF-8''{quote(file.name)}"
    return Response(content, media_type=file.media_type, headers={"Content-Disposition": disposition})
