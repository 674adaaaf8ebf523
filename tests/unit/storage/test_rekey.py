"""Re-keying beside writers, after a kill, over damage; then the old key is thrown away. A real PostgreSQL."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from typing import Any

import pytest
from alembic import op
from sqlalchemy import (
    Column,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Uuid,
    func,
    insert,
    select,
    text,
    update,
)

from deploy.parts import PROJECTS
from shared.chassis import scope
from shared.chassis.keys import Keys
from shared.storage.blind import citizen_id
from shared.storage.database import Database
from shared.storage.ids import new_id
from shared.storage.migrations import protect
from shared.storage.rekey import Progress, rekey, stale
from shared.storage.sealed import BlindColumn, SealedColumn, seal
from shared.storage.secrets import Damaged, Vault
from shared.storage.tables import division_column, new_metadata
from tests.support.postgres import Templates, as_owner

OLD, NEW = b"data-key-of-the-tests", b"next data key of the tests"
BEFORE = Vault(Keys(1, {1: OLD}), "petitions")
BETWEEN = Vault(Keys(2, {1: OLD, 2: NEW}), "petitions")
AFTER = Vault(Keys(2, {2: NEW}), "petitions")
COUNTIES = ("999901", "999902")
metadata = new_metadata()
petitioner = Table(
    "petitioner",
    metadata,
    division_column(),
    Column("id", Uuid, nullable=False),
    Column("version", Integer, nullable=False),
    Column("name", LargeBinary, nullable=False),
    Column("id_number", LargeBinary),
    Column("id_number_index", LargeBinary),
    PrimaryKeyConstraint("division_code", "id"),
    Index(None, "division_code", "id_number_index"),
)
NAME, ID_NUMBER = SealedColumn(petitioner.c.name, rows_at_once=20), SealedColumn(petitioner.c.id_number)
BY_ID = BlindColumn(petitioner.c.id_number_index, ID_NUMBER, "citizen_id", citizen_id)
KEPT = (NAME, ID_NUMBER, BY_ID)
Row = dict[str, Any]


def make_table() -> None:
    metadata.create_all(op.get_bind())
    protect("petitioner")


@pytest.fixture
async def database(templates: Templates) -> AsyncIterator[Database]:
    with templates.clone(PROJECTS) as addresses:
        await as_owner(addresses, make_table)
        database = Database(addresses.app_url, pool_size=5)
        yield database
        await database.close()


def person(number: int, division_code: str, vault: Vault) -> Row:
    row: Row = {"division_code": division_code, "id": new_id(), "version": 1}
    given = None if number % 5 == 0 else id_number(number)
    row |= seal(vault, row, {NAME: f"张{number}", ID_NUMBER: given})
    return row | {"id_number_index": given and BY_ID.of(vault, division_code, given)}


def id_number(number: int) -> str:
    return f"99990219700101{number:04}"


async def fill(database: Database, count: int) -> None:
    with scope.within(scope.EVERYWHERE):
        async with database.session() as session:
            await session.execute(insert(petitioner), [person(n, COUNTIES[n % 2], BEFORE) for n in range(count)])
            await session.commit()


async def everybody(database: Database, vault: Vault) -> dict[str, str | None]:
    with scope.within(scope.EVERYWHERE):
        async with database.session() as session:
            rows = [dict(row) for row in (await session.execute(select(petitioner))).mappings()]
    return {str(NAME.open(vault, row)): ID_NUMBER.open(vault, row) for row in rows}


async def found(database: Database, vault: Vault, division_code: str, sought: str) -> int:
    with scope.within(division_code):
        async with database.session() as session:
            counted = select(func.count()).select_from(petitioner).where(BY_ID.finds(vault, division_code, sought))
            return int((await session.execute(counted)).scalar_one())


async def test_everything_moves_to_the_current_key_and_the_old_one_may_go(database: Database) -> None:
    await fill(database, 101)
    before, told = await everybody(database, BETWEEN), list[tuple[int, int]]()
    assert await stale(database, BETWEEN, KEPT) == {"petitioner": 101}
    assert await found(database, BETWEEN, "999902", id_number(7)) == 1, "found under the old key as well"

    (done,) = await rekey(database, BETWEEN, KEPT, lambda p: told.append((p.renewed, p.left)))
    assert done == Progress("petitioner", renewed=101, left=0)
    assert told == [(0, 101), (20, 81), (40, 61), (60, 41), (80, 21), (100, 1), (101, 0), (101, 0)]
    assert await stale(database, BETWEEN, KEPT) == {"petitioner": 0}
    assert await everybody(database, AFTER) == before
    assert [await found(database, AFTER, county, id_number(7)) for county in COUNTIES] == [0, 1]
    assert (await rekey(database, AFTER, KEPT))[0].renewed == 0
    with pytest.raises(Damaged):
        await everybody(database, BEFORE)


async def test_a_killed_run_is_begun_again(database: Database) -> None:
    await fill(database, 100)
    before, batches = await everybody(database, BETWEEN), itertools.count()
    running: asyncio.Task[Any]

    def kill(_: Progress) -> None:
        if next(batches) == 4:
            running.cancel()

    running = asyncio.create_task(rekey(database, BETWEEN, KEPT, kill))
    with pytest.raises(asyncio.CancelledError):
        await running
    left = (await stale(database, BETWEEN, KEPT))["petitioner"]
    assert 0 < left < 100
    assert await everybody(database, BETWEEN) == before, "half-way, everything opens"
    (done,) = await rekey(database, BETWEEN, KEPT)
    assert (done.renewed, done.left) == (left, 0)
    assert await everybody(database, AFTER) == before


async def test_writers_are_neither_stopped_nor_overwritten(database: Database) -> None:
    await fill(database, 300)
    stop, written = asyncio.Event(), dict[Any, str]()

    async def write(mine: int) -> None:
        """Half of the rows, each by one writer: read, think, write if the version is still the one that was read."""
        with scope.within(scope.EVERYWHERE):
            async with database.session() as session:
                keys = select(petitioner.c.division_code, petitioner.c.id).order_by(petitioner.c.id)
                every = list(await session.execute(keys))[mine::2]
            for number, (division_code, row_id) in enumerate(itertools.cycle(every)):
                if stop.is_set():
                    return
                here = (petitioner.c.division_code == division_code) & (petitioner.c.id == row_id)
                async with database.session() as session:
                    row = dict((await session.execute(select(petitioner).where(here))).mappings().one())
                    assert str(NAME.open(BETWEEN, row)).startswith("张")
                    await asyncio.sleep(0)
                    new = f"张改{mine}-{number}"
                    changed = await session.execute(
                        update(petitioner)
                        .where(here, petitioner.c.version == row["version"])
                        .values(name=NAME.seal(BETWEEN, row, new), version=row["version"] + 1)
                        .returning(petitioner.c.id)
                    )
                    assert changed.one_or_none() is not None, "a re-key is no new version"
                    await session.commit()
                written[row_id] = new

    writers = [asyncio.create_task(write(mine)) for mine in range(2)]
    await asyncio.sleep(0.05)
    (done,) = await rekey(database, BETWEEN, KEPT)
    stop.set()
    await asyncio.gather(*writers)
    assert done.left == 0
    assert written, "somebody wrote meanwhile"
    with scope.within(scope.EVERYWHERE):
        async with database.session() as session:
            rows = {row["id"]: dict(row) for row in (await session.execute(select(petitioner))).mappings()}
    assert {row_id: NAME.open(AFTER, rows[row_id]) for row_id in written} == written
    assert len(await everybody(database, AFTER)) == 300


async def test_a_row_somebody_holds_is_not_waited_for_but_done_later(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.storage.rekey.PAUSE_SECONDS", 0.05)
    await fill(database, 10)
    let_go, told = asyncio.Event(), list[int]()

    async def hold() -> None:
        with scope.within(scope.EVERYWHERE):
            async with database.session() as session:
                await session.execute(select(petitioner.c.id).limit(1).with_for_update())
                await let_go.wait()

    def look(progress: Progress) -> None:
        told.append(progress.left)
        if told.count(1) == 3:
            let_go.set()

    holder = asyncio.create_task(hold())
    await asyncio.sleep(0.1)
    (done,) = await rekey(database, BETWEEN, KEPT, look)
    await holder
    assert (done.renewed, done.left, told[1]) == (10, 0, 1)


async def test_what_no_key_opens_is_told_and_left_as_it_is(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    await fill(database, 10)
    with scope.within("999902"):
        async with database.session() as session:
            one = (await session.execute(select(petitioner.c.id).limit(1))).scalar_one()
            await session.execute(
                update(petitioner).where(petitioner.c.id == one).values(name=BEFORE.header + b"x" * 40)
            )
            await session.commit()
    caplog.set_level("ERROR", "anju.rekey")  # an app of an earlier test may have silenced all
    (done,) = await rekey(database, BETWEEN, KEPT)
    assert done == Progress("petitioner", renewed=9, left=1, damaged=1)
    assert [record.key for record in caplog.records if hasattr(record, "key")] == [["999902", str(one)]]


async def test_a_value_moved_to_another_column_row_or_county_opens_nowhere(database: Database) -> None:
    row = person(1, "999901", BEFORE)
    for moved in (row | {"id_number": row["name"]}, row | {"id": new_id()}, row | {"division_code": "999902"}):
        with pytest.raises(Damaged):
            ID_NUMBER.open(BEFORE, moved)


async def test_a_search_under_two_keys_uses_the_index_under_row_security(database: Database) -> None:
    await fill(database, 200)
    with scope.within("999902"):
        async with database.session() as session:
            await session.execute(text("set local enable_seqscan = off"))
            indexes = BETWEEN.blind("citizen_id", citizen_id).any_of("999902", id_number(7))
            listed = ", ".join(rf"'\x{index.hex()}'" for index in indexes)
            sought = f"select id from petitioner where division_code = '999902' and id_number_index in ({listed})"
            plan = [line for (line,) in await session.execute(text(f"explain {sought}"))]
    assert any("Index Cond" in line and "id_number_index = ANY" in line for line in plan), plan
