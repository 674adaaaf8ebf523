"""The journal: one audit row and one outbox row for a change, chained, or nothing at all."""

import asyncio
import datetime as dt
import hashlib
from typing import Any

import orjson
import pytest
from sqlalchemy import Row, select
from sqlalchemy.exc import IntegrityError

from shared.chassis import scope, trace
from shared.chassis.identity import Caller
from shared.storage import audit, journal
from shared.storage.database import Database
from shared.storage.journal import GENESIS, Change, chain_hash
from shared.storage.tables import audit_entry, audit_head, outbox

COUNTY = "999902"
NOW = dt.datetime(2026, 11, 23, 1, tzinfo=dt.UTC)
CLERK = Caller("user:1", "张三", frozenset({"office"}), COUNTY, COUNTY)


def change(number: int, *, version: int | None = 1, division: str = COUNTY, **detail: Any) -> Change:
    return Change(division, "project", str(number), "update", CLERK, NOW, version=version, detail=detail)


async def write(database: Database, *changes: Change) -> None:
    async with database.session() as session:
        for one in changes:
            journal.record(session, one)
        await journal.commit(session, "projects")


async def chain(database: Database) -> list[Row[Any]]:
    async with database.session() as session:
        return list(await session.execute(select(audit_entry).order_by(audit_entry.c.seq)))


async def test_each_change_is_chained_to_the_one_before(database: Database) -> None:
    await write(database, change(1, b=2, a="甲"), change(2))
    await write(database, change(3, version=None))
    rows = await chain(database)
    assert [row.seq for row in rows] == [1, 2, 3]
    previous = GENESIS
    for row in rows:
        assert row.hash == hashlib.sha256(previous + f"{COUNTY}:{row.seq}:".encode() + row.body.encode()).digest()
        assert row.hash == chain_hash(previous, COUNTY, row.seq, row.body)
        previous = row.hash
        body = orjson.loads(row.body)
        assert row.body == orjson.dumps(body, option=orjson.OPT_SORT_KEYS).decode(), "canonical"
        assert (body["actor"], body["actor_name"], body["subject_id"]) == ("user:1", "张三", row.subject_id)
        assert body["trace_id"] == trace.current().trace_id
    async with database.session() as session:
        assert (await session.execute(select(audit_head.c.seq, audit_head.c.hash))).one() == (3, previous)
        events = (await session.execute(select(outbox).order_by(outbox.c.subject))).all()
    assert [(e.type, e.subject, e.subject_version, e.status) for e in events] == [
        ("projects.project.update", "project/1", 1, "pending"),
        ("projects.project.update", "project/2", 1, "pending"),
    ]
    assert orjson.loads(events[0].payload) == {"a": "甲", "b": 2}
    assert events[0].visibility == "internal"


async def test_a_hash_depends_on_everything_before_it() -> None:
    base = chain_hash(GENESIS, COUNTY, 1, "{}")
    assert len({base, chain_hash(base, COUNTY, 1, "{}"), chain_hash(GENESIS, "999901", 1, "{}")}) == 3
    assert len({base, chain_hash(GENESIS, COUNTY, 2, "{}"), chain_hash(GENESIS, COUNTY, 1, "{ }")}) == 3


async def test_nothing_is_left_of_what_does_not_commit(database: Database) -> None:
    async with database.session() as session:
        journal.record(session, change(1))
        await session.rollback()
    await write(database, change(1))
    with pytest.raises(IntegrityError):
        await write(database, change(2), change(1))
    assert [row.subject_id for row in await chain(database)] == ["1"]


async def test_writers_at_once_make_one_chain(database: Database) -> None:
    await asyncio.gather(*(write(database, *(change(10 * w + n) for n in range(3))) for w in range(12)))
    rows = await chain(database)
    assert [row.seq for row in rows] == list(range(1, 37))
    async with database.session() as session:
        (found,) = await audit.verify(session, COUNTY, nobody)
    assert (found.ok, found.entries) == (True, 36)


async def test_a_thousand_changes_are_one_chain_as_well(database: Database) -> None:
    await write(database, *(change(n) for n in range(1000)))
    async with database.session() as session:
        (found,) = await audit.verify(session, COUNTY, nobody)
    assert (found.ok, found.entries) == (True, 1000)


async def test_divisions_have_chains_of_their_own(database: Database) -> None:
    with scope.within("9999"):
        await write(database, change(1, division="999902"), change(2, division="999901"), change(3, division="999902"))
        async with database.session() as session:
            found = await audit.verify(session, "9999", nobody)
    assert [(c.division_code, c.entries, c.ok) for c in found] == [("999901", 1, True), ("999902", 2, True)]


async def nobody(prefix: str) -> list[Any]:
    """No checkpoints yet."""
    return []
