"""Files nobody may read at rest, in chunks in the service's own database, written and read as streams.

Each chunk of 256 KiB is sealed for its division, file, place and whether it is the last: none can be changed, moved,
left out or brought from another file, and a file cannot be cut. The name and the SHA-256 of the content are sealed too:
a plain digest of a known form would tell who has it. Equal contents of one division are found by a blind index.

A service asks for the tables by `add_tables(metadata)` in its catalogue and `create_sealed_tables()` in a revision.
"""

import datetime as dt
import hashlib
from collections.abc import AsyncIterable, AsyncIterator
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    Uuid,
    insert,
    select,
)
from sqlalchemy.ext.asyncio import AsyncSession

from shared.storage.blind import exact
from shared.storage.ids import new_id
from shared.storage.sealed import BlindColumn, SealedColumn, seal
from shared.storage.secrets import Damaged, Vault
from shared.storage.tables import division_column, moment_column, new_metadata

CHUNK_BYTES = 256 * 1024
sealed_kit = new_metadata()

sealed_file = Table(
    "sealed_file",
    sealed_kit,
    division_column(),
    Column("id", Uuid, nullable=False),
    Column("name", LargeBinary, nullable=False, comment="sealed: names of files name people"),
    Column("media_type", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("digest", LargeBinary, nullable=False, comment="sealed: SHA-256 of the content, hex"),
    Column("digest_index", LargeBinary, nullable=False),
    moment_column("recorded_at"),
    PrimaryKeyConstraint("division_code", "id"),
    Index(None, "division_code", "digest_index"),
)

sealed_chunk = Table(
    "sealed_chunk",
    sealed_kit,
    division_column(),
    Column("file_id", Uuid, nullable=False),
    Column("position", Integer, nullable=False),
    Column("is_last", Boolean, nullable=False),
    Column("content", LargeBinary, nullable=False, comment="sealed"),
    PrimaryKeyConstraint("division_code", "file_id", "position"),
    # The digest is known only when all chunks are written, so the file's row comes after them.
    ForeignKeyConstraint(
        ["division_code", "file_id"],
        ["sealed_file.division_code", "sealed_file.id"],
        deferrable=True,
        initially="DEFERRED",
    ),
)

NAME, DIGEST = SealedColumn(sealed_file.c.name), SealedColumn(sealed_file.c.digest)
BY_DIGEST = BlindColumn(sealed_file.c.digest_index, DIGEST, "file", exact)
CONTENT = SealedColumn(
    sealed_chunk.c.content, bound_by=("division_code", "file_id", "position", "is_last"), rows_at_once=16
)
KEPT = (NAME, DIGEST, BY_DIGEST, CONTENT)
"""For the re-key of a service that has these tables."""


@dataclass(frozen=True, slots=True)
class SealedFile:
    id: UUID
    name: str
    media_type: str
    size: int
    digest: str
    """SHA-256 of the content, hex. Never put it where it can be read at rest."""
    recorded_at: dt.datetime


def add_tables(metadata: MetaData) -> None:
    """The tables in a service's own catalogue, where its tables may point to `sealed_file`."""
    for table in sealed_kit.sorted_tables:
        table.to_metadata(metadata)


async def write(
    session: AsyncSession,
    vault: Vault,
    division_code: str,
    content: AsyncIterable[bytes],
    *,
    name: str,
    media_type: str,
    now: dt.datetime,
) -> SealedFile:
    """Store a stream of pieces of any size, never holding more than a chunk and a piece of it. Commits nothing."""
    file_id, size, digest, position = new_id(), 0, hashlib.sha256(), 0

    async def keep(chunk: bytes, *, is_last: bool) -> None:
        row = {"division_code": division_code, "file_id": file_id, "position": position, "is_last": is_last}
        sealed = vault.seal_bytes(chunk, *CONTENT.bound(row))
        await session.execute(insert(sealed_chunk).values(**row, content=sealed))

    pending = bytearray()
    async for piece in content:
        size += len(piece)
        digest.update(piece)
        pending += piece
        # A full chunk waits for one byte more: only then it is known not to be the last.
        while len(pending) > CHUNK_BYTES:
            await keep(bytes(pending[:CHUNK_BYTES]), is_last=False)
            del pending[:CHUNK_BYTES]
            position += 1
    await keep(bytes(pending), is_last=True)

    file = SealedFile(file_id, name, media_type, size, digest.hexdigest(), now)
    row = {"division_code": division_code, "id": file_id}
    sealed = seal(vault, row, {NAME: name, DIGEST: file.digest})
    index = BY_DIGEST.of(vault, division_code, file.digest)
    values = {"media_type": media_type, "size": size, "digest_index": index, "recorded_at": now}
    await session.execute(insert(sealed_file).values(**row, **sealed, **values))
    return file


async def find(session: AsyncSession, vault: Vault, division_code: str, file_id: UUID) -> SealedFile | None:
    """What is known of a file of this division. Raises `Damaged`."""
    return await _one(session, vault, division_code, sealed_file.c.id == file_id)


async def find_equal(session: AsyncSession, vault: Vault, division_code: str, digest: str) -> SealedFile | None:
    """The first file of this division with the same content (SHA-256, hex), under whichever key it is indexed."""
    return await _one(session, vault, division_code, BY_DIGEST.finds(vault, division_code, digest))


async def read(session: AsyncSession, vault: Vault, division_code: str, file_id: UUID) -> AsyncIterator[bytes]:
    """The content chunk by chunk, each checked before it is given.

    Raises `Damaged`: at once when there is no such file, in the middle when a chunk is missing or not its own. What was
    given before is genuine, but whoever needs the whole must have reached the end.
    """
    position, is_last = 0, False
    while not is_last:
        found = await session.execute(
            select(sealed_chunk).where(
                sealed_chunk.c.division_code == division_code,
                sealed_chunk.c.file_id == file_id,
                sealed_chunk.c.position == position,
            )
        )
        row = found.mappings().one_or_none()
        if row is None:
            raise Damaged
        yield vault.open_bytes(bytes(row["content"]), *CONTENT.bound(dict(row)))
        position, is_last = position + 1, row["is_last"]


async def _one(
    session: AsyncSession, vault: Vault, division_code: str, is_it: ColumnElement[bool]
) -> SealedFile | None:
    here = sealed_file.c.division_code == division_code
    found = await session.execute(select(sealed_file).where(here, is_it).order_by(sealed_file.c.id).limit(1))
    row = found.mappings().one_or_none()
    if row is None:
        return None
    name, digest = (column.open(vault, dict(row)) for column in (NAME, DIGEST))
    assert name is not None
    assert digest is not None
    return SealedFile(row["id"], name, row["media_type"], row["size"], digest, row["recorded_at"])
