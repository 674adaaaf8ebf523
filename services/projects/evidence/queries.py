"""Reads and writes of evidence. Every statement names its divisions."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert

from services.projects.evidence.models import evidence, photo_key, project_site
from shared.storage import Session
from shared.storage.divisions import within
from shared.storage.rows import Row, dicts, matching

CANDIDATES = 64
"""So many photos that share most keys are compared."""
PER_KEY = 500
"""So many photos of one key are counted, oldest first: a county's thousand foggy mornings must not stop its uploads."""

_CANDIDATES = text(
    """
    select evidence_id from unnest(cast(:keys as int[])) wanted(key) cross join lateral (
        select evidence_id from photo_key
        where division_code = :division and photo_key.key = wanted.key order by evidence_id limit :per_key
    ) found
    group by evidence_id order by count(*) desc, evidence_id limit :candidates
    """
)


async def candidates(session: Session, division_code: str, keys: Sequence[int]) -> list[UUID]:
    """Photos of the county that share keys, those that share most first."""
    values = {"division": division_code, "keys": list(keys), "per_key": PER_KEY, "candidates": CANDIDATES}
    return list((await session.execute(_CANDIDATES, values)).scalars())


async def greys(session: Session, division_code: str, ids: Collection[UUID]) -> dict[UUID, bytes]:
    found = await session.execute(
        select(evidence.c.id, evidence.c.grey).where(
            evidence.c.division_code == division_code, evidence.c.id.in_(ids), evidence.c.grey.is_not(None)
        )
    )
    return {row.id: bytes(row.grey) for row in found}


async def first_of_file(session: Session, division_code: str, sha256: bytes) -> Row | None:
    """The evidence that brought this file first."""
    found = await session.execute(
        select(*_SHOWN)
        .where(evidence.c.division_code == division_code, evidence.c.sha256 == sha256)
        .order_by(evidence.c.id)
        .limit(1)
    )
    row = found.mappings().one_or_none()
    return dict(row) if row is not None else None


async def projects_of(session: Session, division_code: str, evidence_id: UUID) -> UUID:
    wanted = select(evidence.c.project_id).where(
        evidence.c.division_code == division_code, evidence.c.id == evidence_id
    )
    found: UUID = (await session.execute(wanted)).scalar_one()
    return found


async def add_keys(session: Session, division_code: str, evidence_id: UUID, keys: Sequence[int]) -> None:
    made = [{"division_code": division_code, "key": key, "evidence_id": evidence_id} for key in keys]
    await session.execute(insert(photo_key), made)


_SHOWN = tuple(column for column in evidence.c if column.name != "grey")


async def page(
    session: Session,
    scope: str,
    filters: Mapping[str, Any],
    own: Mapping[str, Any],
    flag: str | None,
    *,
    after: Sequence[str] | None,
    limit: int,
) -> list[Row]:
    """Newest first; `own` is what the caller is confined to, whatever the filters ask for."""
    where = matching(evidence, filters) + matching(evidence, own)
    if flag is not None:
        where.append(evidence.c.flags.contains([flag]))
    if after is not None:
        where.append(evidence.c.id < UUID(after[0]))
    chosen = select(*_SHOWN).where(within(evidence, scope), *where)
    found = await session.execute(chosen.order_by(evidence.c.id.desc()).limit(limit))
    return dicts(found)


async def site(session: Session, division_code: str, project_id: UUID, *, lock: bool = False) -> Row | None:
    statement: Any = select(project_site).where(
        project_site.c.division_code == division_code, project_site.c.project_id == project_id
    )
    found = (await session.execute(statement.with_for_update() if lock else statement)).mappings().one_or_none()
    return dict(found) if found is not None else None
