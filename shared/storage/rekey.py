"""Everything sealed under an old key, sealed anew under the current one while the service runs.

What is left to do is read off the rows themselves (`is_stale`), so a run that was killed is simply begun again. A batch
is one short transaction: rows somebody else holds are skipped and come with the next round; rows we hold make writers
wait a moment, so nobody's change is overwritten. `version` stays: what a row says has not changed.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, and_, bindparam, func, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from shared.chassis import scope
from shared.storage.database import Database
from shared.storage.sealed import Kept
from shared.storage.secrets import Damaged, Vault

ROUNDS = 60
"""Until rows that are always held, or a process that still seals under the old key, are somebody's to look at."""
PAUSE_SECONDS = 1.0
log = logging.getLogger("anju.rekey")


@dataclass(slots=True)
class Progress:
    """Rows of one table: renewed so far, and as counted at the beginning and after each round not yet."""

    table: str
    renewed: int = 0
    left: int = 0
    damaged: int = 0
    """Of those left, rows that open under no key we have."""


Told = Callable[[Progress], None]


async def stale(database: Database, vault: Vault, kept: Sequence[Kept]) -> dict[str, int]:
    """Rows per table that are not under the current key yet; an old key may go when all are 0."""
    with scope.within(scope.EVERYWHERE):
        async with database.session() as session:
            return {table.name: await _count(session, table, _stale(vault, own)) for table, own in _by_table(kept)}


async def rekey(database: Database, vault: Vault, kept: Sequence[Kept], told: Told = lambda _: None) -> list[Progress]:
    """Renew what `kept` names in all divisions; `told` is called after each batch and round.

    Gives what became of each table: `left` 0 is done; `damaged` rows are logged by their keys and left as they are.
    """
    with scope.within(scope.EVERYWHERE):
        return [await _table(database, vault, table, own, told) for table, own in _by_table(kept)]


def _by_table(kept: Sequence[Kept]) -> list[tuple[Table, list[Kept]]]:
    ordered = sorted(kept, key=lambda one: one.table.name)
    return [(table, list(own)) for table, own in groupby(ordered, key=lambda one: one.table)]


def _stale(vault: Vault, own: Sequence[Kept]) -> ColumnElement[bool]:
    return or_(*(one.is_stale(vault) for one in own))


async def _count(session: AsyncSession, table: Table, where: ColumnElement[bool]) -> int:
    return int((await session.execute(select(func.count()).select_from(table).where(where))).scalar_one())


async def _table(database: Database, vault: Vault, table: Table, own: Sequence[Kept], told: Told) -> Progress:
    progress = Progress(table.name)
    for number in range(ROUNDS):
        async with database.session() as session:
            progress.left = await _count(session, table, _stale(vault, own))
        told(progress)
        if progress.left == progress.damaged:
            break
        if number:
            await asyncio.sleep(PAUSE_SECONDS)
        await _round(database, vault, table, own, progress, told)
    return progress


async def _round(
    database: Database,
    vault: Vault,
    table: Table,
    own: Sequence[Kept],
    progress: Progress,
    told: Told,
) -> None:
    """Once through the table in the order of its key."""
    key = list(table.primary_key.columns)
    needed = {name for one in own for name in one.read_for} | {column.name for column in key}
    after: tuple[Any, ...] | None = None
    progress.damaged = 0
    while True:
        statement = (
            select(*(table.c[name] for name in sorted(needed)))
            .where(_stale(vault, own))
            .order_by(*key)
            .limit(min(one.rows_at_once for one in own))
            .with_for_update(key_share=True, skip_locked=True)
        )
        if after is not None:
            statement = statement.where(tuple_(*key) > after)
        async with database.session() as session:
            rows = [dict(row) for row in (await session.execute(statement)).mappings()]
            if not rows:
                return
            renewed = [values for row in rows if (values := _renewed(vault, own, row, key)) is not None]
            if renewed:
                await (await session.connection()).execute(_write(table, own), renewed)
            await session.commit()
        after = tuple(rows[-1][column.name] for column in key)
        progress.renewed += len(renewed)
        progress.left -= len(renewed)
        progress.damaged += len(rows) - len(renewed)
        told(progress)


def _renewed(
    vault: Vault, own: Sequence[Kept], row: Mapping[str, Any], key: Sequence[Column[Any]]
) -> dict[str, Any] | None:
    try:
        values = {f"new_{one.column.name}": one.renew(vault, row) for one in own}
    except Damaged:
        place = [str(row[column.name]) for column in key]
        log.error("sealed value damaged", extra={"table": own[0].table.name, "key": place})
        return None
    return values | {f"key_{column.name}": row[column.name] for column in key}


def _write(table: Table, own: Sequence[Kept]) -> Any:
    here = and_(*(column == bindparam(f"key_{column.name}") for column in table.primary_key.columns))
    return update(table).where(here).values({one.column.name: bindparam(f"new_{one.column.name}") for one in own})
