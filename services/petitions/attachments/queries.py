"""Reads of attachments; whether the caller may see the petition is asked before."""

from uuid import UUID

from sqlalchemy import Select, and_, select

from services.petitions.attachments.models import attachment
from shared.storage import Session
from shared.storage.rows import Row, dicts
from shared.storage.sealed_files import sealed_file


def _listed() -> Select[tuple[object, ...]]:
    file = and_(sealed_file.c.division_code == attachment.c.division_code, sealed_file.c.id == attachment.c.file_id)
    return select(attachment, sealed_file.c.media_type, sealed_file.c.size).join(sealed_file, file)


async def of_petition(session: Session, division_code: str, petition_id: UUID) -> list[Row]:
    """Oldest first, with `media_type` and `size` of the file."""
    wanted = _listed().where(attachment.c.division_code == division_code, attachment.c.petition_id == petition_id)
    return dicts(await session.execute(wanted.order_by(attachment.c.id)))


async def one(session: Session, division_code: str, petition_id: UUID, attachment_id: UUID) -> Row | None:
    wanted = _listed().where(
        attachment.c.division_code == division_code,
        attachment.c.petition_id == petition_id,
        attachment.c.id == attachment_id,
    )
    row = (await session.execute(wanted)).mappings().one_or_none()
    return dict(row) if row is not None else None
