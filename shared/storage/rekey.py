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

from sqlalchemy import (
    Column,
    ColumnElement,
    String,
    Table,
    Text,
    Update,
    bindparam,
    column,
    func,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from shared.chassis import scope
from shared.storage.database import Database
from shared.storage.rows import dicts
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
    needed = {name for one in own for name in one.read_for} | {part.name for part in key}
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
            rows = dicts(await session.execute(statement))
            if not rows:
                return
            renewed = [values for row in rows if (values := _renewed(vault, own, row, key)) is not None]
            if renewed:
                await session.execute(_write(table, own, renewed))
            await session.commit()
        after = tuple(rows[-1][part.name] for part in key)
        progress.renewed += len(renewed)
        progress.left -= len(renewed)
        progress.damaged += len(rows) - len(renewed)
        told(progress)


def _renewed(
    vault: Vault, own: Sequence[Kept], row: Mapping[str, Any], key: Sequence[Column[Any]]
) -> dict[str, Any] | None:
    here = {part.name: row[part.name] for part in key}
    try:
        return here | {one.column.name: one.renew(vault, row) for one in own}
    except Damaged:
        log.error(
            "sealed value damaged", extra={"table": own[0].table.name, "key": [str(part) for part in here.values()]}
        )
        return None


def _write(table: Table, own: Sequence[Kept], renewed: Sequence[Mapping[str, Any]]) -> Update:
    """One statement for the batch: as many statements as rows would be planned one by one."""
    key, kept = list(table.primary_key.columns), [one.column for one in own]
    types = {one.name: Text() if isinstance(one.type, String) else one.type for one in (*key, *kept)}
    arrays = (bindparam(f"all_{name}", [row[name] for row in renewed], ARRAY(kind)) for name, kind in types.items())
    listed = func.unnest(*arrays).table_valued(*(column(name, kind) for name, kind in types.items()))
    new = listed.render_derived(name="renewed")
    return (
        update(table)
        .where(*(part == new.c[part.name] for part in key))
        .values({one.name: new.c[one.name] for one in kept})
    )
