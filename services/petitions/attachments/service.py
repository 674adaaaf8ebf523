"""Use cases of attachments. Whoever sees the petition sees that there are some; their content is for who acts on it."""

from collections.abc import AsyncIterator
from uuid import UUID

from fastapi import UploadFile
from starlette.concurrency import run_in_threadpool

from services.petitions.attachments import queries, sniffing
from services.petitions.attachments.models import attachment
from services.petitions.life.service import NotYours
from services.petitions.registry import reading
from services.petitions.registry import service as registry
from shared.chassis.clock import Clock
from shared.chassis.identity import Caller
from shared.errors import Conflict, FieldError, Invalid, NotFound, UnsupportedMediaType
from shared.schemas.petitions.attachments import AttachmentKind, AttachmentList, AttachmentOut
from shared.storage import Session, sealed_files, work
from shared.storage.rows import Row
from shared.storage.sealed_files import SealedFile
from shared.storage.secrets import Vault

MOST = 50
"""Files of one petition."""
BLOCK_BYTES = 1 << 20


class TooManyAttachments(Conflict):
    code, title, title_en = "too_many_attachments", f"一件至多 {MOST} 个附件", "Too many attachments"


async def add(
    session: Session,
    caller: Caller,
    vault: Vault,
    petition_id: UUID,
    file: UploadFile,
    kind: AttachmentKind,
    clock: Clock,
) -> Row:
    """The new row, with the type and size of its file; by the petition office or a unit that handles the petition."""
    row = await registry.load_own(session, caller, petition_id)
    if "petition_office" not in caller.roles and caller.unit not in (row["body_unit_code"], row["sender_unit_code"]):
        raise NotYours("附件由信访部门、登记单位或承办单位上传")
    if len(await queries.of_petition(session, row["division_code"], petition_id)) >= MOST:
        raise TooManyAttachments
    media_type = await run_in_threadpool(sniffing.media_type, file.file)
    if not file.size:
        raise Invalid(errors=[FieldError("/file", "empty", "文件是空的")])
    if media_type is None:
        raise UnsupportedMediaType("只收图片、PDF、OFD、Word、Excel、录音和录像文件")
    now = clock.now()
    kept = await sealed_files.write(
        session,
        vault,
        row["division_code"],
        _blocks(file),
        name=(file.filename or "file")[:200],
        media_type=media_type,
        now=now,
    )
    values = {"petition_id": petition_id, "file_id": kept.id, "kind": kind.value, "unit_code": caller.unit}
    made = await work.add(
        session,
        attachment,
        caller,
        row["division_code"],
        values,
        now,
        visibility=registry.visibility_of(row),
        detail={"petition_id": petition_id, "kind": kind.value, "size": kept.size},
    )
    assert made is not None, "nothing of an attachment is unique but its id"
    return made | {"media_type": media_type, "size": kept.size}


async def _blocks(file: UploadFile) -> AsyncIterator[bytes]:
    while block := await file.read(BLOCK_BYTES):
        yield block


async def listed(session: Session, caller: Caller, petition_id: UUID) -> AttachmentList:
    row = await registry.load(session, caller, petition_id)
    return AttachmentList(
        items=[shown(one) for one in await queries.of_petition(session, row["division_code"], row["id"])]
    )


async def download(
    session: Session, caller: Caller, vault: Vault, petition_id: UUID, attachment_id: UUID, clock: Clock
) -> tuple[SealedFile, bytes]:
    """The file and its content; every download is audited."""
    row = await registry.load(session, caller, petition_id)
    reading.require_may_reveal(caller, row)
    division_code = row["division_code"]
    found = await queries.one(session, division_code, petition_id, attachment_id)
    file = await sealed_files.find(session, vault, division_code, found["file_id"]) if found is not None else None
    if found is None or file is None:
        raise NotFound("没有这个附件")
    reading.record_read(
        session, caller, row, "download", {"attachment_id": attachment_id, "kind": found["kind"]}, clock
    )
    content = [chunk async for chunk in sealed_files.read(session, vault, division_code, file.id)]
    return file, b"".join(content)


def shown(row: Row) -> AttachmentOut:
    return work.shown(AttachmentOut, row)
