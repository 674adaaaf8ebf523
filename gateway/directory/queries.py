"""Reads and writes of the directory. Lists and writes name their divisions; `division` itself belongs to everybody."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Table, func, or_, select
from sqlalchemy.dialects.postgresql import insert

from gateway.directory.models import division, unit
from shared.storage import Session
from shared.storage.divisions import within
from shared.storage.rows import Row, dicts, matching
from shared.storage.turns import take_turns


async def divisions(
    session: Session, scope: str, ancestors: Sequence[str], *, after: Sequence[str] | None, limit: int
) -> list[Row]:
    """The divisions of a prefix and those above it, by code, beyond the position `after`."""
    wanted = [or_(division.c.code.startswith(scope), division.c.code.in_(ancestors))]
    if after is not None:
        wanted.append(division.c.code > after[0])
    rows = await session.execute(select(division).where(*wanted).order_by(division.c.code).limit(limit))
    return dicts(rows)


async def has_division(session: Session, code: str) -> bool:
    return (await session.execute(select(division.c.code).where(division.c.code == code))).first() is not None


async def put_divisions(session: Session, rows: Iterable[Mapping[str, Any]]) -> None:
    """Add or correct divisions; none is ever taken away, old data still names it."""
    statement = insert(division)
    columns = {c.name: statement.excluded[c.name] for c in division.c if c.name != "code"}
    differs = or_(*(division.c[name].is_distinct_from(value) for name, value in columns.items()))
    await session.execute(
        statement.on_conflict_do_update(index_elements=["code"], set_=columns, where=differs), list(rows)
    )


async def page(
    session: Session,
    table: Table,
    scope: str,
    filters: Mapping[str, str | None],
    *,
    q: str | None,
    after: Sequence[str] | None,
    limit: int,
) -> list[Row]:
    """By division and code, beyond the position `after`; `q` is part of a name or a whole alias."""
    wanted = [within(table, scope), *matching(table, filters)]
    if q is not None:
        wanted.append(or_(func.strpos(table.c.name, q) > 0, table.c.aliases.contains([q])))
    if after is not None:
        wanted.append(
            or_(
                table.c.division_code > after[0],
                (table.c.division_code == after[0]) & (table.c.code > after[1]),
            )
        )
    rows = await session.execute(
        select(table).where(*wanted).order_by(table.c.division_code, table.c.code).limit(limit)
    )
    return dicts(rows)


async def has_unit(session: Session, division_code: str, code: str) -> bool:
    statement = select(unit.c.id).where(unit.c.division_code == division_code, unit.c.code == code)
    return (await session.execute(statement)).first() is not None


async def units_called(
    session: Session, division_code: str, names: Sequence[str], *, besides: UUID | None
) -> list[str]:
    """Codes of other units of the division with one of these names or aliases; no name is added meanwhile."""
    await take_turns(session, "unit names", division_code)
    taken = or_(unit.c.name.in_(names), unit.c.aliases.overlap(list(names)))
    statement = select(unit.c.code).where(unit.c.division_code == division_code, taken)
    if besides is not None:
        statement = statement.where(unit.c.id != besides)
    return list((await session.execute(statement)).scalars())
