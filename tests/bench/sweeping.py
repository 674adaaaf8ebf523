"""A sweep over many open orders of which some are due, beside the same sweep over a tenth of the orders.

Every round is a step of the ladder, so the orders of a case are loaded once. Rows are what PostgreSQL itself counts.
"""

import asyncio
import datetime as dt
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import asyncpg

from deploy.parts import PROJECTS
from services.projects.supervision import ladder, sweeping
from services.projects.supervision.ladder import Standing
from services.projects.supervision.models import supervision_order
from shared.chassis import scope
from shared.chassis.clock import FixedClock
from shared.clients.gateway import GatewayClient
from shared.clients.parties import Parties
from shared.clients.petitions import ProjectPetitions
from shared.schemas.base import SHANGHAI
from shared.service.sweeps import KIND
from shared.storage import jobs, journal
from shared.storage.database import Database
from shared.storage.ids import new_id
from tests.bench.rows import BATCH
from tests.bench.stack import SECRET, Stack
from tests.support.service import until

FEW, MANY = 10_000, 100_000
DUE = (100, 1_000, 10_000)
RATIO_BAR, READS_BAR = 1.5, 3.0
"""Time over many open orders ÷ over few with as many due; orders read for each order that is due."""
LEASE = dt.timedelta(seconds=60)
STEP_DAYS = 5
BEGUN = dt.datetime(2026, 11, 23, 9, tzinfo=SHANGHAI)
_CONNECTED = "select count(*) from pg_stat_activity where application_name = 'anju'"
_TOUCHED = (
    "select seq_tup_read + idx_tup_fetch, n_tup_ins + n_tup_upd + n_tup_del "
    "from pg_stat_user_tables where relname = 'supervision_order'"
)
COLUMNS = tuple(column.name for column in supervision_order.columns)


@dataclass(frozen=True)
class Sweep:
    """One sweep: seconds of its job, and rows of `supervision_order` read and written."""

    seconds: float
    read: int
    written: int


def orders(division: str, count: int, due: int) -> Iterator[dict[str, Any]]:
    """Every `count / due`-th order fell due today; the others have years."""
    today = BEGUN.date()
    common: dict[str, Any] = dict.fromkeys(COLUMNS) | {
        "division_code": division,
        "source": "meeting",
        "is_criticism": False,
        "matter": "十日内解决塔吊复检，恢复主体施工",
        "lead_unit_name": "住房和城乡建设局",
        "co_units": "[]",
        "issued_by_office": True,
        "version": 1,
        "created_by": "user:bench",
        "created_at": BEGUN,
        "updated_at": BEGUN,
    }
    for number in range(count):
        is_due = number % (count // due) == 0
        due_on = today - dt.timedelta(days=1) if is_due else today + dt.timedelta(days=3650)
        standing = Standing("open", today, due_on, 100, STEP_DAYS, None, "ZJJ", today)
        numbered = {"id": new_id(), "code": f"{division}-D-{number:06d}", "first_due_on": due_on}
        yield common | standing.columns | numbered


async def load(bare: asyncpg.Connection, division: str, count: int, due: int) -> None:
    records = (tuple(row[c] for c in COLUMNS) for row in orders(division, count, due))
    while batch := list(islice(records, BATCH)):
        await bare.copy_records_to_table("supervision_order", columns=COLUMNS, records=batch)


async def once(stack: Stack, bare: asyncpg.Connection, division: str, due: int, clock: FixedClock) -> Sweep:
    """Ask for a sweep and run its job, as a worker does; its connections end with it, so that all is counted."""
    await bare.execute("vacuum analyze supervision_order")
    before, connected = await touched(bare), await bare.fetchval(_CONNECTED)
    database = Database(stack.database.app_url, pool_size=4)
    gateway = GatewayClient(stack.gateway, PROJECTS.name, SECRET)
    try:
        with scope.within(division):
            async with database.session() as session:
                actor = jobs.system_actor("bench", division)
                started = await sweeping.SWEEPS.start(session, actor, division, clock)
                await journal.commit(session, PROJECTS.name)
        handlers = {KIND: sweeping.run_sweep(database, Parties(gateway), ProjectPetitions(gateway), clock)}
        begun = time.perf_counter()
        await jobs.run_one(database, handlers, LEASE, clock)
        seconds = time.perf_counter() - begun
    finally:
        await gateway.close()
        await database.close()
    found = await bare.fetchrow("select state, climbed from sweep where id = $1", started["id"])
    if found is None or tuple(found) != ("finished", due):
        raise RuntimeError(f"the sweep gave {found and tuple(found)} instead of {due} steps")
    # A connection tells what it has done when it ends.
    await until(lambda: bare.fetchval(_CONNECTED), lambda now: now <= connected)
    read, written = await touched(bare)
    return Sweep(seconds, read - before[0], written - before[1])


async def touched(bare: asyncpg.Connection) -> tuple[int, int]:
    """Rows of `supervision_order` read and written since the server began."""
    found = await bare.fetchrow(_TOUCHED)
    assert found is not None
    return found[0], found[1]


async def _measure(stack: Stack, rounds: int) -> dict[tuple[int, int], list[Sweep]]:
    bare = await asyncpg.connect(stack.bare_url)
    found: dict[tuple[int, int], list[Sweep]] = {(due, count): [] for due in DUE for count in (FEW, MANY)}
    counties = {case: f"9802{number:02d}" for number, case in enumerate(found, 1)}
    try:
        for (due, count), division in counties.items():
            await load(bare, division, count, due)
        for step in range(min(rounds, len(ladder.LADDER))):
            clock = FixedClock(BEGUN + dt.timedelta(days=STEP_DAYS * step))
            for (due, count), division in counties.items():
                found[due, count].append(await once(stack, bare, division, due, clock))
    finally:
        await bare.close()
    return found


def measure(stack: Stack, rounds: int) -> dict[tuple[int, int], list[Sweep]]:
    """Sweeps of every round by (orders due, orders open); at most as many rounds as the ladder has steps."""
    return asyncio.run(_measure(stack, rounds))


def median(sweeps: list[Sweep]) -> Sweep:
    """The median of each figure by itself."""
    return Sweep(
        statistics.median(s.seconds for s in sweeps),
        int(statistics.median(s.read for s in sweeps)),
        int(statistics.median(s.written for s in sweeps)),
    )


def ratio(many: list[Sweep], few: list[Sweep]) -> float:
    """The median of the rounds' ratios."""
    return statistics.median(a.seconds / b.seconds for a, b in zip(many, few, strict=True))
