"""Finding a near duplicate among 100,000 photos of a county: keys in an index, then a look, beside a scan of hashes.

On file are 120 shots of 30 sites (tests/support/scenes.py) and close-ups cut from them, every second one mirrored;
asked for are copies of the shots, and new photos of the same sites. The scan is the least one can do with a perceptual
hash: a table of one 64-bit hash a photo, without row security, compared one by one.
"""

import asyncio
import datetime as dt
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import asyncpg
import numpy as np
from PIL import Image, ImageOps

from services.projects.evidence import likeness, photo, queries
from shared.chassis import scope
from shared.storage.database import Database
from shared.storage.ids import new_id
from tests.bench.report import Row, table
from tests.bench.stack import COUNTY, Stack
from tests.support.photos import SHOTS, another, copies, original

ON_FILE = 100_000
SITES = 30
SHOT = SITES * SHOTS
OTHERS = 200
BATCH = 5_000
WARM_UP = 20
REACH = 12
"""Bits in which a copy's hash may differ: 95 % of them differ in no more (tests/unit/evidence/test_likeness.py)."""
NOW = dt.datetime(2026, 11, 23, tzinfo=dt.UTC)
EVIDENCE = (
    "division_code id project_id subject_type subject_id filename media_type sha256 size_bytes flags grey version "
    "created_by created_at updated_at"
).split()
SCAN = "select id from bare_hash where bit_count(hash # $1) <= $2"


@dataclass
class Asked:
    """What one way cost and found; times in milliseconds."""

    search: list[float] = field(default_factory=list)
    look: list[float] = field(default_factory=list)
    candidates: list[int] = field(default_factory=list)
    found: int = 0
    copies: int = 0
    mistaken: int = 0
    others: int = 0

    def note(self, right: UUID | None, named: UUID | None) -> None:
        """`right` is None for a photo that copies none."""
        if right is None:
            self.others, self.mistaken = self.others + 1, self.mistaken + (named is not None)
        else:
            self.copies, self.found = self.copies + 1, self.found + (named == right)


def _pictures() -> Iterator[Image.Image]:
    """The shots first, then as many close-ups as fill the county."""
    shots = [original(number) for number in range(SHOT)]
    yield from shots
    small = [shot.convert("L").resize((320, 240), Image.Resampling.BOX) for shot in shots]
    draw = np.random.default_rng(9)
    for number in range(ON_FILE - SHOT):
        width, height = int(draw.integers(110, 230)), int(draw.integers(80, 170))
        left, top = int(draw.integers(0, 320 - width)), int(draw.integers(0, 240 - height))
        cut = small[number % SHOT].crop((left, top, left + width, top + height))
        yield ImageOps.mirror(cut) if number % 2 else cut


def _hash(grey: bytes) -> asyncpg.BitString:
    bits = np.packbits(likeness.signs(grey)[0]).tobytes()
    return asyncpg.BitString.from_int(int.from_bytes(bits, "big"), 64)


async def _fill(url: str) -> list[UUID]:
    """The county's photos with their keys, as superuser; the ids of the shots."""
    connection = await asyncpg.connect(url)
    ids: list[UUID] = []
    try:
        await connection.execute("set session_replication_role = replica")
        await connection.execute("create table bare_hash (id uuid, hash bit(64))")
        project = new_id()
        rows: list[tuple[object, ...]] = []
        keys: list[tuple[str, int, UUID]] = []
        hashes: list[tuple[UUID, asyncpg.BitString]] = []

        async def flush() -> None:
            await connection.copy_records_to_table("evidence", columns=EVIDENCE, records=rows)
            await connection.copy_records_to_table("photo_key", records=keys)
            await connection.copy_records_to_table("bare_hash", records=hashes)
            for batch in (rows, keys, hashes):
                batch.clear()

        for picture in _pictures():
            grey = likeness.grey_of(picture)
            if grey is None:
                continue
            id_ = new_id()
            ids.append(id_)
            file = ("x.jpg", "image/jpeg", id_.bytes * 2, 1)
            rows.append((COUNTY, id_, project, "bench", "1", *file, [], grey, 1, "user:bench", NOW, NOW))
            keys += [(COUNTY, key, id_) for key in likeness.keys(grey)]
            hashes.append((id_, _hash(grey)))
            if len(rows) == BATCH:
                await flush()
        await flush()
        await connection.execute("set session_replication_role = origin")
        for table in ("evidence", "photo_key", "bare_hash"):
            await connection.execute(f"vacuum analyze {table}")
    finally:
        await connection.close()
    return ids[:SHOT]


def _questions(shots: list[UUID]) -> Iterator[tuple[bytes, UUID | None]]:
    for number, id_ in enumerate(shots):
        for place, (_, content) in enumerate(copies(original(number), number)):
            if place % 3 == number % 3:
                yield photo.look(content).grey or b"", id_
    for number in range(OTHERS):
        yield likeness.grey_of(another(number, SITES)) or b"", None


async def _ask(stack: Stack, questions: list[tuple[bytes, UUID | None]]) -> tuple[Asked, Asked]:
    """Both ways in turn, question by question."""
    ours, scan = Asked(), Asked()
    database = Database(stack.database.app_url, pool_size=1)
    bare = await asyncpg.connect(stack.bare_url)
    try:
        with scope.within(COUNTY):
            for number, (grey, right) in enumerate([*questions[:WARM_UP], *questions]):
                if number == WARM_UP:
                    ours, scan = Asked(), Asked()
                async with database.session() as session:
                    began = time.perf_counter()
                    found = await queries.candidates(session, COUNTY, likeness.keys(grey))
                    searched = time.perf_counter()
                    known = await queries.greys(session, COUNTY, found)
                    alike = likeness.copies_among(grey, list(known.values()))
                    looked = time.perf_counter()
                ours.search.append((searched - began) * 1000)
                ours.look.append((looked - searched) * 1000)
                ours.candidates.append(len(found))
                ours.note(right, min((list(known)[n] for n in alike), default=None))
                began = time.perf_counter()
                near = [row["id"] for row in await bare.fetch(SCAN, _hash(grey), REACH)]
                scan.search.append((time.perf_counter() - began) * 1000)
                scan.candidates.append(len(near))
                scan.note(right, right if right in near else near[0] if near else None)
    finally:
        await bare.close()
        await database.close()
    return ours, scan


def section(stack: Stack) -> str:
    shots = asyncio.run(_fill(stack.bare_url))
    ours, scan = asyncio.run(_ask(stack, list(_questions(shots))))
    lines = []
    for name, asked in (("bare scan of one hash", scan), ("keys in an index, then a look", ours)):
        times = (_middle(asked.search), _late(asked.search), _middle(asked.look))
        cells = [f"{ms:.1f}" for ms in times]
        cells += [f"{_middle(asked.candidates):.0f}", str(max(asked.candidates))]
        cells += [f"{asked.found / asked.copies:.1%} of {asked.copies}"]
        lines.append(Row(name, *cells, f"{asked.mistaken / asked.others:.1%} of {asked.others}"))
    return table(
        f"Near duplicates among {ON_FILE:,} photos of a county, one question at a time",
        ("way", "search, p50 ms", "p99 ms", "look, p50 ms", "candidates, p50", "at most", "recall", "false alarms"),
        lines,
    )


def _middle(times: Sequence[float]) -> float:
    return statistics.median(times) if times else 0.0


def _late(times: Sequence[float]) -> float:
    return float(np.quantile(times, 0.99)) if times else 0.0
