"""Reads and writes of identity. Every statement names its divisions; row security is only the net.

Rows come back as plain dicts with the columns of `models`.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Table, case, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from gateway.identity.models import client, login_attempt, refresh_token, revocation, user_account
from shared.schemas.gateway.identity import NATION
from shared.storage import Session
from shared.storage.divisions import within
from shared.storage.rows import dicts

Row = dict[str, Any]


async def _one(session: Session, statement: Any) -> Row | None:
    row = (await session.execute(statement)).mappings().one_or_none()
    return dict(row) if row is not None else None


async def user(session: Session, scope: str, user_id: UUID, *, lock: bool = False) -> Row | None:
    statement = select(user_account).where(within(user_account, scope), user_account.c.id == user_id)
    return await _one(session, statement.with_for_update() if lock else statement)


async def user_by_name(session: Session, username: str) -> Row | None:
    """Of any division: the caller has not said who it is yet."""
    return await _one(session, select(user_account).where(user_account.c.username == username))


async def users(
    session: Session, scope: str, *, role: str | None, disabled: bool | None, after: Sequence[str] | None, limit: int
) -> list[Row]:
    """By username, beyond the position `after`."""
    statement = select(user_account).where(within(user_account, scope))
    if role is not None:
        statement = statement.where(user_account.c.roles.contains([role]))
    if disabled is not None:
        statement = statement.where(user_account.c.disabled == disabled)
    if after is not None:
        statement = statement.where(user_account.c.username > after[0])
    rows = await session.execute(statement.order_by(user_account.c.username).limit(limit))
    return dicts(rows)


async def machine(session: Session, scope: str, client_id: str, *, lock: bool = False) -> Row | None:
    statement = select(client).where(within(client, scope), client.c.id == client_id)
    return await _one(session, statement.with_for_update() if lock else statement)


async def machines(session: Session, scope: str, *, after: Sequence[str] | None, limit: int) -> list[Row]:
    statement = select(client).where(within(client, scope))
    if after is not None:
        statement = statement.where(client.c.id > after[0])
    rows = await session.execute(statement.order_by(client.c.id).limit(limit))
    return dicts(rows)


async def add(session: Session, table: Table, values: Mapping[str, Any]) -> Row | None:
    """The new row; None when its name is taken."""
    return await _one(session, insert(table).values(**values).on_conflict_do_nothing().returning(*table.c))


async def change(session: Session, table: Table, row: Row, values: Mapping[str, Any]) -> Row:
    """The row as it is afterwards; it was read with a lock."""
    changed = await _one(
        session,
        update(table)
        .where(table.c.division_code == row["division_code"], table.c.id == row["id"])
        .values(**values)
        .returning(*table.c),
    )
    assert changed is not None
    return changed


async def void_tokens(session: Session, division_code: str, subject: str, epoch: int, until: dt.datetime) -> None:
    """Every gateway process refuses the subject's tokens of an earlier epoch; `until` is when the last one expires."""
    values = {"epoch": epoch, "expires_at": until}
    await session.execute(
        insert(revocation)
        .values(division_code=division_code, subject=subject, **values)
        .on_conflict_do_update(index_elements=["division_code", "subject"], set_=values)
    )


async def voided(session: Session, now: dt.datetime) -> dict[str, int]:
    """Subject → the first epoch that is valid, for every revocation still needed."""
    rows = await session.execute(select(revocation.c.subject, revocation.c.epoch).where(revocation.c.expires_at > now))
    return {row.subject: row.epoch for row in rows}


async def keep_refresh_token(session: Session, values: Mapping[str, Any]) -> None:
    await session.execute(insert(refresh_token).values(**values))


async def use_refresh_token(session: Session, division_code: str, digest: bytes, now: dt.datetime) -> Row | None:
    """The token as it was before this use: `used_at` is set if this is not the first one."""
    mine = (refresh_token.c.division_code == division_code) & (refresh_token.c.hash == digest)
    row = await _one(session, select(refresh_token).where(mine).with_for_update())
    if row is not None and row["used_at"] is None:
        await session.execute(update(refresh_token).where(mine).values(used_at=now))
    return row


async def end_family(session: Session, division_code: str, family: UUID, now: dt.datetime) -> None:
    await session.execute(
        update(refresh_token)
        .where(
            refresh_token.c.division_code == division_code,
            refresh_token.c.family == family,
            refresh_token.c.used_at.is_(None),
        )
        .values(used_at=now)
    )


async def attempts(session: Session, key: bytes, now: dt.datetime, *, lock: bool) -> tuple[int, dt.datetime]:
    """(failures, last failure) of a name or an address; with `lock` the row is made and held until commit."""
    if lock:
        await session.execute(
            insert(login_attempt)
            .values(division_code=NATION, key=key, failures=0, failed_at=now)
            .on_conflict_do_nothing()
        )
    statement = select(login_attempt.c.failures, login_attempt.c.failed_at).where(
        login_attempt.c.division_code == NATION, login_attempt.c.key == key
    )
    row = (await session.execute(statement.with_for_update() if lock else statement)).one_or_none()
    return (row.failures, row.failed_at) if row else (0, now)


async def set_failures(session: Session, key: bytes, failures: int, now: dt.datetime) -> None:
    await session.execute(
        update(login_attempt)
        .where(login_attempt.c.division_code == NATION, login_attempt.c.key == key)
        .values(failures=failures, failed_at=now)
    )


async def add_failure(session: Session, key: bytes, now: dt.datetime, forget_before: dt.datetime) -> None:
    """Count one more, or start over when the last one is long ago."""
    counted = case((login_attempt.c.failed_at >= forget_before, login_attempt.c.failures + 1), else_=1)
    await session.execute(
        insert(login_attempt)
        .values(division_code=NATION, key=key, failures=1, failed_at=now)
        .on_conflict_do_update(index_elements=["division_code", "key"], set_={"failures": counted, "failed_at": now})
    )


async def prune(session: Session, now: dt.datetime, forget_before: dt.datetime) -> None:
    """Forget what can no longer matter; runs over all divisions."""
    await session.execute(delete(refresh_token).where(refresh_token.c.expires_at < now))
    await session.execute(delete(revocation).where(revocation.c.expires_at < now))
    await session.execute(delete(login_attempt).where(login_attempt.c.failed_at < forget_before))
