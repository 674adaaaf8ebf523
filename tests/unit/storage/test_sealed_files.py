"""Sealed files: what went in comes out, nothing of it can be read, moved, cut or found without the keys."""

import datetime as dt
import hashlib
import os
from collections.abc import AsyncIterator, Sequence
from uuid import UUID

import pytest
from sqlalchemy import func, select, text

from deploy.parts import PROJECTS
from shared.chassis import scope
from shared.chassis.keys import Keys
from shared.storage import sealed_files
from shared.storage.database import Database
from shared.storage.migrations import create_sealed_tables, drop_sealed_tables
from shared.storage.rekey import rekey
from shared.storage.sealed_files import CHUNK_BYTES, KEPT, SealedFile, sealed_chunk, sealed_kit
from shared.storage.secrets import Damaged, Vault
from shared.storage.tables import new_metadata
from tests.support.postgres import Templates, as_owner

COUNTY, OTHER = "999901", "999902"
NOW = dt.datetime(2026, 11, 23, 1, 2, 3, tzinfo=dt.UTC)
OLD, NEW = b"data-key-of-the-tests", b"next data key of the tests"
VAULT = Vault(Keys(1, {1: OLD}), "petitions")
NAME = "张三身份证.jpg"


@pytest.fixture(scope="module")
async def files(templates: Templates) -> AsyncIterator[Database]:
    with templates.clone(PROJECTS) as addresses:
        await as_owner(addresses, create_sealed_tables)
        database = Database(addresses.app_url)
        yield database
        await database.close()
        await as_owner(addresses, drop_sealed_tables)


async def pieces(content: bytes, size: int) -> AsyncIterator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]


async def put(files: Database, content: bytes, *, county: str = COUNTY, size: int = 100_000) -> SealedFile:
    with scope.within(county):
        async with files.session() as session:
            written = await sealed_files.write(
                session, VAULT, county, pieces(content, size), name=NAME, media_type="image/jpeg", now=NOW
            )
            await session.commit()
    return written


async def get(files: Database, file_id: UUID, *, county: str = COUNTY, vault: Vault = VAULT) -> bytes:
    with scope.within(county):
        async with files.session() as session:
            return b"".join([part async for part in sealed_files.read(session, vault, county, file_id)])


@pytest.mark.parametrize(
    ("size", "chunks"),
    [(0, 1), (1, 1), (CHUNK_BYTES - 1, 1), (CHUNK_BYTES, 1), (CHUNK_BYTES + 1, 2), (5 * CHUNK_BYTES, 5)],
)
@pytest.mark.parametrize("piece", [65_536, 3 * CHUNK_BYTES + 7])
async def test_what_went_in_comes_out(files: Database, size: int, chunks: int, piece: int) -> None:
    content = os.urandom(size)
    written = await put(files, content, size=piece)
    assert (written.size, written.digest) == (size, hashlib.sha256(content).hexdigest())
    assert await get(files, written.id) == content
    with scope.within(COUNTY):
        async with files.session() as session:
            assert await sealed_files.find(session, VAULT, COUNTY, written.id) == written
            counted = select(func.count()).where(sealed_chunk.c.file_id == written.id)
            assert (await session.execute(counted)).scalar_one() == chunks


async def test_nothing_of_it_is_readable_at_rest(files: Database) -> None:
    content = "举报人张三，身份证11010519491231002X".encode() * 20_000
    written = await put(files, content)
    with scope.within(COUNTY):
        async with files.session() as session:
            stored: list[str] = []
            for table in sealed_kit.sorted_tables:
                rows = await session.execute(text(f"select t::text from {table.name} t"))
                stored += [row for (row,) in rows]
    everything = "".join(stored).lower()
    for known in (content[:30], NAME.encode(), written.digest.encode(), bytes.fromhex(written.digest)):
        assert known.hex() not in everything
        assert known.decode("utf-8", "replace").lower() not in everything


async def test_equal_contents_are_found_in_one_division_only(files: Database) -> None:
    content = os.urandom(300_000)
    one, again, there = [await put(files, content, county=county) for county in (COUNTY, COUNTY, OTHER)]
    for county, first in ((COUNTY, one), (OTHER, there)):
        with scope.within(county):
            async with files.session() as session:
                assert await sealed_files.find_equal(session, VAULT, county, again.digest) == first
                assert await sealed_files.find_equal(session, VAULT, county, "0" * 64) is None
                assert await sealed_files.find(session, VAULT, county, UUID(int=0)) is None
    with scope.within(scope.EVERYWHERE):
        async with files.session() as session:
            ids = {"one": one.id, "again": again.id, "there": there.id}
            listed = "select digest_index from sealed_file where id in (:one, :again, :there)"
            assert len({bytes(index) for (index,) in await session.execute(text(listed), ids)}) == 2


CHUNK = "file_id = :one and position = 1"
TAMPERED = {
    "swapped": (
        "update sealed_chunk set position = -1 - position where file_id = :one and position in (0, 1)",
        "update sealed_chunk set position = 2 + position where file_id = :one and position < 0",
    ),
    "cut": (f"update sealed_chunk set is_last = true where {CHUNK}",),
    "changed": (f"update sealed_chunk set content = set_byte(content, 99, 255 - get_byte(content, 99)) where {CHUNK}",),
    "dropped": (f"update sealed_chunk set position = 99 where {CHUNK}",),
    "another's": (
        "update sealed_chunk set content = (select content from sealed_chunk where file_id = :other and position = 1) "
        f"where {CHUNK}",
    ),
    "made longer": ("update sealed_chunk set is_last = false where file_id = :one and is_last",),
}


@pytest.mark.parametrize("statements", TAMPERED.values(), ids=TAMPERED)
async def test_whoever_writes_to_the_database_cannot_change_a_file(files: Database, statements: Sequence[str]) -> None:
    one, other = await put(files, os.urandom(2 * CHUNK_BYTES + 10)), await put(files, os.urandom(3 * CHUNK_BYTES))
    with scope.within(COUNTY):
        async with files.session() as session:
            for statement in statements:
                named = {"one": one.id, "other": other.id}
                await session.execute(
                    text(statement), {key: row for key, row in named.items() if f":{key}" in statement}
                )
            await session.commit()
    with pytest.raises(Damaged):
        await get(files, one.id)
    assert len(await get(files, other.id)) == 3 * CHUNK_BYTES


async def test_no_file_and_no_key(files: Database) -> None:
    written = await put(files, b"x")
    for file_id, county, vault in (
        (UUID(int=0), COUNTY, VAULT),
        (written.id, OTHER, VAULT),
        (written.id, COUNTY, Vault(Keys(1, {1: NEW}), "petitions")),
    ):
        with pytest.raises(Damaged):
            await get(files, file_id, county=county, vault=vault)


async def test_files_are_re_keyed_and_still_found(templates: Templates) -> None:
    with templates.clone(PROJECTS) as addresses:
        await as_owner(addresses, create_sealed_tables)
        files = Database(addresses.app_url)
        content = os.urandom(20 * CHUNK_BYTES + 1)
        written = await put(files, content)
        told = await rekey(files, Vault(Keys(2, {1: OLD, 2: NEW}), "petitions"), KEPT)
        assert {one.table: (one.renewed, one.left) for one in told} == {"sealed_chunk": (21, 0), "sealed_file": (1, 0)}
        after = Vault(Keys(2, {2: NEW}), "petitions")
        assert await get(files, written.id, vault=after) == content
        with scope.within(COUNTY):
            async with files.session() as session:
                assert await sealed_files.find_equal(session, after, COUNTY, written.digest) == written
        await files.close()


def test_a_service_may_point_to_files_from_its_own_tables() -> None:
    metadata = new_metadata()
    sealed_files.add_tables(metadata)
    assert set(metadata.tables) == {"sealed_file", "sealed_chunk"}
    (key,) = metadata.tables["sealed_chunk"].foreign_key_constraints
    assert key.referred_table is metadata.tables["sealed_file"]
