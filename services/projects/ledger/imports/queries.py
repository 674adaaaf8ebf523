"""Reads for imports: the import itself, its file, and the ledger a workbook is matched against."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select, text

from services.projects.ledger.models import project
from shared.storage import Session
from shared.storage.tables import stored_file

_IMPORT = text(
    """
    select l.*, j.done as rows_done, j.total as job_total, j.state as job_state, j.error as job_error
    from ledger_import l join job j on j.division_code = l.division_code and j.id = l.job_id
    where l.division_code >= :lo and l.division_code < :hi and l.id = :id
    """
)
_IMPORTS = text(
    """
    select l.division_code, l.id, l.filename, l.state, l.mode, l.dry_run, l.created_at, l.finished_at, l.job_id,
        l.as_of, l.outcome - 'rows' as outcome, j.done as rows_done, j.total as job_total, j.state as job_state,
        j.error as job_error
    from ledger_import l join job j on j.division_code = l.division_code and j.id = l.job_id
    where l.division_code = :division and (cast(:before as uuid) is null or l.id < :before)
    order by l.id desc limit :limit
    """
)


async def one_import(session: Session, prefix: str, import_id: UUID) -> Mapping[str, Any] | None:
    values = {"lo": prefix or "0", "hi": f"{prefix}~", "id": import_id}
    row = (await session.execute(_IMPORT, values)).one_or_none()
    return dict(row._mapping) if row else None


async def imports(session: Session, division_code: str, *, before: UUID | None, limit: int) -> list[Mapping[str, Any]]:
    """Imports of one division, newest first."""
    values = {"division": division_code, "before": before, "limit": limit}
    return [dict(row._mapping) for row in await session.execute(_IMPORTS, values)]


async def file_content(session: Session, division_code: str, sha256: bytes) -> bytes:
    wanted = select(stored_file.c.content).where(
        stored_file.c.division_code == division_code, stored_file.c.sha256 == sha256
    )
    return bytes((await session.execute(wanted)).scalar_one())


async def for_matching(session: Session, division_code: str) -> list[Mapping[str, Any]]:
    """Every project of the division, locked against hand-made changes until the import commits."""
    rows = await session.execute(select(project).where(project.c.division_code == division_code).with_for_update())
    return [dict(row._mapping) for row in rows]
