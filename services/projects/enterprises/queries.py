"""Reads of firms' files."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from services.projects.enterprises.models import enforcement_step, enterprise, enterprise_finding
from shared.storage import Session, Table, rows
from shared.storage.rows import Row, dicts

MOST = 500
"""Entries of one firm from which its profile is made."""


async def page(
    session: Session,
    scope: str,
    credit_code: str | None,
    key: str | None,
    *,
    after: Sequence[str] | None,
    limit: int,
) -> list[Row]:
    where = rows.matching(enterprise, {"credit_code": credit_code})
    if key is not None:
        where.append(or_(enterprise.c.name_key == key, enterprise.c.alias_keys.contains([key])))
    return await rows.newest(session, enterprise, scope, *where, after=after, limit=limit)


async def named(session: Session, division_code: str, keys: Collection[str], *, but: UUID | None = None) -> Row | None:
    """A firm other than `but` that is known by one of these keys."""
    listed = list(keys)
    where = [
        enterprise.c.division_code == division_code,
        or_(enterprise.c.name_key.in_(listed), enterprise.c.alias_keys.overlap(listed)),
    ]
    if but is not None:
        where.append(enterprise.c.id != but)
    row = (await session.execute(select(enterprise).where(*where).limit(1))).mappings().first()
    return dict(row) if row else None


async def taken(session: Session, row: Row, column: str, value: str) -> bool:
    """Whether another firm of the county has this value where each has its own."""
    found = await session.execute(
        select(enterprise.c.id).where(
            enterprise.c.division_code == row["division_code"],
            enterprise.c[column] == value,
            enterprise.c.id != row["id"],
        )
    )
    return found.first() is not None


async def _of(session: Session, table: Table, day: str, division_code: str, enterprise_id: UUID) -> list[Row]:
    found = await session.execute(
        select(table)
        .where(table.c.division_code == division_code, table.c.enterprise_id == enterprise_id)
        .order_by(table.c[day].desc(), table.c.id.desc())
        .limit(MOST)
    )
    return dicts(found)


async def findings(session: Session, division_code: str, enterprise_id: UUID) -> list[Row]:
    return await _of(session, enterprise_finding, "found_on", division_code, enterprise_id)


async def steps(session: Session, division_code: str, enterprise_id: UUID) -> list[Row]:
    return await _of(session, enforcement_step, "taken_on", division_code, enterprise_id)


async def entries(
    session: Session, table: Table, scope: str, filters: Mapping[str, Any], *, after: Sequence[str] | None, limit: int
) -> list[Row]:
    """Findings or steps, as `table` says."""
    return await rows.newest(session, table, scope, *rows.matching(table, filters), after=after, limit=limit)
