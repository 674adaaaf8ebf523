"""Papers and pictures of a petition on the wire. A file's name may name a person, so it is told with the file only."""

from enum import StrEnum
from uuid import UUID

from shared.schemas.base import Moment, Out


class AttachmentKind(StrEnum):
    original = "original"
    identity = "identity"
    evidence = "evidence"
    recording = "recording"
    document = "document"


class AttachmentOut(Out):
    id: UUID
    petition_id: UUID
    kind: AttachmentKind
    media_type: str
    size: int
    unit_code: str | None
    version: int
    created_at: Moment


class AttachmentList(Out):
    items: list[AttachmentOut]


LABELS: dict[type[StrEnum], dict[str, str]] = {
    AttachmentKind: {
        "original": "来信来访原件",
        "identity": "身份材料",
        "evidence": "佐证材料",
        "recording": "录音录像",
        "document": "办理文书",
    }
}
