"""Reading audit chains, and proving them: what was edited, deleted, swapped, truncated or rewritten, and where first.

The hashes alone prove order and content up to the head; the checkpoints the gateway signed prove that the chain was not
written anew. `Anchors` gives those of a division prefix; for a service it asks the gateway, the gateway asks itself.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy import Row, select, union
from sqlalchemy.ext.asyncio import AsyncSession

from shared.schemas.audit import AuditEntryOut, ChainOut, CheckpointOut, Damage
from shared.storage.divisions import within
from shared.storage.journal import GENESIS, chain_hash
from shared.storage.tables import audit_entry, audit_head

Anchors = Callable[[str], Awaitable[Sequence[CheckpointOut]]]
BATCH = 1000
Entry = Row[Any]


async def entries(
    session: AsyncSession,
    scope: str,
    filters: Mapping[str, str | None],
    *,
    without: Collection[str] = (),
    after: Sequence[Any] | None,
    limit: int,
) -> list[AuditEntryOut]:
    """By division, newest first; `after` is the (division, seq) of the last one seen. `without` leaves out subjects."""
    wanted = [within(audit_entry, scope)]
    wanted += [audit_entry.c[name] == value for name, value in filters.items() if value is not None]
    if without:
        wanted.append(audit_entry.c.subject_type.not_in(sorted(without)))
    if after is not None:
        beyond = (audit_entry.c.division_code == after[0]) & (audit_entry.c.seq < after[1])
        wanted.append((audit_entry.c.division_code > after[0]) | beyond)
    rows = await session.execute(
        select(audit_entry).where(*wanted).order_by(audit_entry.c.division_code, audit_entry.c.seq.desc()).limit(limit)
    )
    return [_shown(row) for row in rows]


def _shown(row: Entry) -> AuditEntryOut:
    body = orjson.loads(row.body)
    body.pop("actor_name", None)
    return AuditEntryOut(division_code=row.division_code, seq=row.seq, hash=row.hash.hex(), **body)


async def verify(session: AsyncSession, scope: str, anchors: Anchors) -> list[ChainOut]:
    """The verdict on every chain of a division prefix, those included of which only a checkpoint is left."""
    anchored: dict[str, list[CheckpointOut]] = defaultdict(list)
    for checkpoint in await anchors(scope):
        anchored[checkpoint.division_code].append(checkpoint)
    known = await session.execute(
        union(
            select(audit_head.c.division_code).where(within(audit_head, scope)),
            select(audit_entry.c.division_code).where(within(audit_entry, scope)).distinct(),
        )
    )
    divisions = sorted({*known.scalars(), *anchored})
    return [await _verify_chain(session, code, anchored.get(code, [])) for code in divisions]


@dataclass(slots=True)
class _Walk:
    """A walk along one chain; `what` is the first damage met."""

    division_code: str
    anchors: Sequence[CheckpointOut]
    seq: int = 0
    hash: bytes = GENESIS
    anchored: int = 0
    first_bad: int | None = None
    what: Damage | None = None
    _by_seq: dict[int, set[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for checkpoint in self.anchors:
            self._by_seq.setdefault(checkpoint.seq, set()).add(checkpoint.hash)

    def fail(self, seq: int, what: Damage) -> None:
        self.first_bad, self.what = seq, what

    def step(self, row: Entry) -> None:
        if row.seq != self.seq + 1:
            return self.fail(self.seq + 1, "deleted")
        found = chain_hash(self.hash, self.division_code, row.seq, row.body)
        if found != row.hash or not _columns_agree(row):
            return self.fail(row.seq, "edited")
        stated = self._by_seq.get(row.seq, set())
        if stated - {found.hex()}:
            return self.fail(self.anchored + 1, "rewritten")
        if stated:
            self.anchored = row.seq
        self.seq, self.hash = row.seq, found
        return None


def _columns_agree(row: Entry) -> bool:
    body = orjson.loads(row.body)
    named = ("subject_type", "subject_id", "action", "actor")
    return all(body[name] == getattr(row, name) for name in named) and (
        dt.datetime.fromisoformat(body["recorded_at"]) == row.recorded_at
    )


async def _rows(session: AsyncSession, division_code: str, after: int, until: int) -> Sequence[Entry]:
    rows = await session.execute(
        select(audit_entry)
        .where(audit_entry.c.division_code == division_code, audit_entry.c.seq > after, audit_entry.c.seq <= until)
        .order_by(audit_entry.c.seq)
        .limit(BATCH)
    )
    return rows.all()


async def _verify_chain(session: AsyncSession, division_code: str, stated: Sequence[CheckpointOut]) -> ChainOut:
    anchors = [checkpoint for checkpoint in stated if checkpoint.genuine]
    # The head first: what is appended while we walk lies beyond it.
    head = (
        await session.execute(
            select(audit_head.c.seq, audit_head.c.hash).where(audit_head.c.division_code == division_code)
        )
    ).one_or_none()
    head_seq, head_hash = (head.seq, head.hash) if head else (0, GENESIS)
    last = max(anchors, key=lambda checkpoint: checkpoint.seq, default=None)
    walk = _Walk(division_code, anchors)
    while walk.what is None and (rows := await _rows(session, division_code, walk.seq, head_seq)):
        for row in rows:
            walk.step(row)
            if walk.what == "edited" and await _is_swapped(session, walk, row, head_seq):
                walk.what = "swapped"
            if walk.what is not None:
                break
    if walk.what is None:
        anchored_until = last.seq if last else 0
        if walk.seq < head_seq or head_seq < anchored_until:
            walk.fail(walk.seq + 1, "truncated")
        elif head is None or walk.hash != head_hash:
            walk.fail(head_seq or 1, "head_mismatch")
        elif forged := [checkpoint.seq for checkpoint in stated if not checkpoint.genuine]:
            # Whoever changed one had something to hide up to there.
            walk.fail(min(forged), "forged_checkpoint")
    return ChainOut(
        division_code=division_code,
        ok=walk.what is None,
        entries=head_seq,
        head=head_hash.hex(),
        first_bad_seq=walk.first_bad,
        what=walk.what,
        anchored_until=last.seq if last else 0,
        unanchored_since=max((checkpoint.recorded_at for checkpoint in anchors), default=None),
    )


async def _is_swapped(session: AsyncSession, walk: _Walk, bad: Entry, until: int) -> bool:
    """The content that belongs here is found further on."""
    after = bad.seq
    while rows := await _rows(session, walk.division_code, after, until):
        for row in rows:
            if chain_hash(walk.hash, walk.division_code, bad.seq, row.body) in (bad.hash, row.hash):
                return True
        after = rows[-1].seq
    return False
