"""Checkpoints, kept for ever."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, select, tuple_
from sqlalchemy.dialects.postgresql import insert

from gateway.audit.models import checkpoint
from shared.storage import Session
from shared.storage.divisions import within
from shared.storage.rows import dicts

Row = dict[str, Any]


async def keep(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """The same head twice is one checkpoint."""
    await session.execute(insert(checkpoint).on_conflict_do_nothing(), rows)


async def latest(session: Session, service: str, divisions: Sequence[str]) -> dict[str, int]:
    """Division → the highest seq a service has reported."""
    rows = await session.execute(
        select(checkpoint.c.division_code, func.max(checkpoint.c.seq).label("seq"))
        .where(checkpoint.c.division_code.in_(divisions), checkpoint.c.service == service)
        .group_by(checkpoint.c.division_code)
    )
    return {row.division_code: row.seq for row in rows}


async def page(
    session: Session, scope: str, service: str | None, *, after: Sequence[Any] | None, limit: int
) -> list[Row]:
    key = (checkpoint.c.division_code, checkpoint.c.service, checkpoint.c.seq, checkpoint.c.hash)
    wanted: list[ColumnElement[bool]] = [within(checkpoint, scope)]
    if service is not None:
        wanted.append(checkpoint.c.service == service)
    if after is not None:
        wanted.append(tuple_(*key) > tuple_(after[0], after[1], after[2], bytes.fromhex(after[3])))
    rows = await session.execute(select(checkpoint).where(*wanted).order_by(*key).limit(limit))
    return dicts(rows)
