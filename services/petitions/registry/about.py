"""Rows of other tables about petitions: only about those the caller may see."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Table, select

from services.petitions.registry.models import petition
from services.petitions.registry.visibility import visible
from shared.chassis.identity import Caller
from shared.storage import Session
from shared.storage.divisions import within
from shared.storage.rows import Row, dicts


def of_petition(table: Table) -> ColumnElement[bool]:
    """Joins a table with a `petition_id` to its petitions."""
    return (table.c.division_code == petition.c.division_code) & (table.c.petition_id == petition.c.id)


async def seen(
    session: Session,
    caller: Caller,
    table: Table,
    scope: str,
    *where: ColumnElement[bool],
    after: Sequence[str] | None = None,
    limit: int,
) -> list[Row]:
    """Newest first, with the code of the petition, whether it is sealed and the unit that must act."""
    wanted = (
        select(table, petition.c.petition_code, petition.c.is_sealed, petition.c.body_unit_code)
        .join(petition, of_petition(table))
        .where(within(table, scope), within(petition, scope), visible(caller), *where)
    )
    if after is not None:
        wanted = wanted.where(table.c.id < UUID(after[0]))
    rows = await session.execute(wanted.order_by(table.c.id.desc()).limit(limit))
    return dicts(rows)


async def seen_one(session: Session, caller: Caller, table: Table, row_id: UUID) -> Row | None:
    found = await seen(session, caller, table, caller.scope, table.c.id == row_id, limit=1)
    return found[0] if found else None
