"""A sweep of a county with very many petitions of which some are due, beside one with a hundredth of them.

Each day has its own clocks that reach their first reminder on it, so the petitions of a county are loaded once. Rows
are what PostgreSQL itself counts. The warnings of the day are measured by themselves (`warning`).
"""

import asyncio
import datetime as dt
import json
import statistics
import time
from dataclasses import dataclass
from functools import partial

import asyncpg
from sqlalchemy.dialects.postgresql import asyncpg as dialect

from deploy.parts import PETITIONS
from deploy.postgres import databases
from deploy.postgres.databases import Passwords
from deploy.postgres.migrations import migrate
from deploy.postgres.server import Server
from services.petitions.life.models import petition_clock
from services.petitions.registry.models import petition
from services.petitions.reminders import queries, sweeping
from services.petitions.reminders.duties import SOURCES
from shared.chassis import scope
from shared.chassis.clock import FixedClock
from shared.chassis.keys import Keys
from shared.schemas.base import SHANGHAI
from shared.service.sweeps import KIND
from shared.storage import jobs, journal
from shared.storage.database import Database
from shared.storage.secrets import Vault
from tests.bench.report import Row, table, verdict
from tests.bench.stack import SECRET, Stack
from tests.support.service import until

FEW, MANY = 10_000, 1_000_000
DUE = (100, 1_000)
RATIO_BAR, READS_BAR = 1.5, 5.0
"""Time over many petitions ÷ over few with as many due; clocks read for each that is due."""
COUNTIES = {FEW: "980301", MANY: "980302"}
LEASE = dt.timedelta(seconds=60)
DAY = dt.timedelta(days=1)
BEGUN = dt.datetime(2026, 11, 23, 9, tzinfo=SHANGHAI)
WHOLE = 4_000
"""Days of every clock: its second reminder comes more than a year after the first."""
FIRST = 75 * WHOLE // 100
_CONNECTED = "select count(*) from pg_stat_activity where application_name = 'anju'"
_TOUCHED = "select seq_tup_read + idx_tup_fetch, n_tup_ins + n_tup_upd from pg_stat_user_tables where relname = $1"
DATABASE = "anju_reminding"
_PETITIONS = """
insert into petition (division_code, id, petition_code, channel, petition_class, legal_route, petitioned_on,
    registered_on, people_count, summary, demand, state, state_since, acts, last_on, body_unit_code, body_unit_name,
    standing, next_due_on, next_internal_due_on, version, created_by, created_at, updated_at)
select $1::text, id, $1::text || '-X-' || n, 'visit', 'appeal_claim', 6, starts_on, starts_on, 1,
    '反映楼盘二期逾期交房', 'delivery', 'accepted', starts_on, 3, starts_on, 'ZJJ', '住房和城乡建设局', '{}',
    starts_on + $2::int, starts_on + $2::int, 1, 'user:bench', now(), now()
from made
"""
_CLOCKS = """
insert into petition_clock (division_code, petition_id, number, kind, rule_version, started_by, starts_on, days,
    day_type, extended_days, suspended_days, state, internal_due_on, due_on, is_provisional, unit_code, recorded_at,
    next_reminder_on)
select $1::text, id, 1, 'handle', '2022-05-01', 3, starts_on, $2::int, 'calendar', 0, 0,
    'running', starts_on + $2::int, starts_on + $2::int, false, 'ZJJ', now(), starts_on + $3::int
from made
"""
_MADE = """
create temp table made as
with reached as (
    select row_number() over () - 1 as place, day - 1 as day
    from unnest($1::int[]) with ordinality as d(due, day), generate_series(1, due)
)
select n, uuidv7() as id, $2::date + coalesce(day::int - $3::int, 0) as starts_on
from generate_series(0, $4::int - 1) n left join reached on n = place * $5::int
"""
"""Every so many reach their first reminder on one of the days, the others years later."""


@dataclass(frozen=True)
class Sweep:
    """One sweep: seconds of its job, and clocks read and written."""

    seconds: float
    read: int
    written: int


@dataclass(frozen=True)
class Found:
    """Sweeps by (due, petitions), and by which index the plan found how many due clocks among the many."""

    sweeps: dict[tuple[int, int], list[Sweep]]
    index: str
    rows: int


async def load(bare: asyncpg.Connection, division: str, count: int, days: list[int]) -> None:
    """As many petitions with a clock each; `days[n]` clocks reach their first reminder n days from the start."""
    await bare.execute("drop table if exists made")
    await bare.fetch(_MADE, days, BEGUN.date(), FIRST, count, count // sum(days))
    await bare.fetch(_PETITIONS, division, WHOLE)
    await bare.fetch(_CLOCKS, division, WHOLE, FIRST)


async def touched(bare: asyncpg.Connection) -> tuple[int, int]:
    """Clocks read and written since the server began."""
    found = await bare.fetchrow(_TOUCHED, petition_clock.name)
    assert found is not None
    return found[0], found[1]


async def once(app_url: str, bare: asyncpg.Connection, division: str, due: int, clock: FixedClock) -> Sweep:
    """Ask for a sweep and run its job, as a worker does; its connections end with it, so that all is counted."""
    before, connected = await touched(bare), await bare.fetchval(_CONNECTED)
    database = Database(app_url, pool_size=4)
    try:
        with scope.within(division):
            async with database.session() as session:
                actor = jobs.system_actor("bench", division)
                started = await sweeping.SWEEPS.start(session, actor, division, clock)
                await journal.commit(session, PETITIONS.name)
        vault = Vault(Keys(1, {1: SECRET.encode()}), PETITIONS.name)
        plan = partial(sweeping.take_what_is_due, vault=vault)
        handlers = {KIND: sweeping.SWEEPS.handler(database, clock, plan)}
        begun = time.perf_counter()
        await jobs.run_one(database, handlers, LEASE, clock)
        seconds = time.perf_counter() - begun
    finally:
        await database.close()
    found = await bare.fetchrow("select state, reminded from sweep where id = $1", started["id"])
    if found is None or tuple(found) != ("finished", due):
        raise RuntimeError(f"the sweep gave {found and tuple(found)} instead of {due} reminders")
    # A connection tells what it has done when it ends.
    await until(lambda: bare.fetchval(_CONNECTED), lambda now: now <= connected)
    read, written = await touched(bare)
    return Sweep(seconds, read - before[0], written - before[1])


async def planned(bare: asyncpg.Connection, division: str, today: dt.date) -> tuple[str, int]:
    """The index of the node that reads the clocks that are due, and how many rows it gives."""
    statement = queries.due_statement(SOURCES[0], division, today, owned=True, limit=sweeping.BATCH)
    made = dialect.dialect()  # type: ignore[no-untyped-call]
    sql = str(statement.compile(dialect=made, compile_kwargs={"literal_binds": True}))
    async with bare.transaction(readonly=False):
        (plan,) = json.loads(await bare.fetchval(f"explain (analyze, format json) {sql}"))
    waiting = [plan["Plan"]]
    while waiting:
        node = waiting.pop()
        if node.get("Relation Name") == petition_clock.name:
            return node.get("Index Name", node["Node Type"]), int(node["Actual Rows"] * node["Actual Loops"])
        waiting += node.get("Plans", [])
    raise RuntimeError("the plan reads no clock")


async def _measure(server: Server, rounds: int) -> Found:
    made = databases.create(server, DATABASE, Passwords(SECRET, SECRET, SECRET))
    await asyncio.to_thread(migrate, PETITIONS, made.owner_url)
    bare = await asyncpg.connect(server.url("bench", SECRET, DATABASE).replace("+asyncpg", ""))
    # A day for nobody first: what a sweep does once is not what is measured.
    days = [1, *(due for due in DUE for _ in range(rounds))]
    found: dict[tuple[int, int], list[Sweep]] = {(due, count): [] for due in DUE for count in COUNTIES}
    try:
        for count, division in COUNTIES.items():
            await load(bare, division, count, days)
        for table in (petition.name, petition_clock.name):
            await bare.execute(f"vacuum analyze {table}")
        index, read = "", 0
        for offset, due in enumerate(days):
            clock = FixedClock(BEGUN + offset * DAY)
            if offset == len(days) - 1:
                index, read = await planned(bare, COUNTIES[MANY], clock.now().date())
            for count, division in COUNTIES.items():
                swept = await once(made.app_url, bare, division, due, clock)
                if offset:
                    found[due, count].append(swept)
    finally:
        await bare.close()
    return Found(found, index, read)


def measure(server: Server, rounds: int) -> Found:
    """Sweeps of every round by (clocks due, petitions)."""
    return asyncio.run(_measure(server, rounds))


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


def section(stack: Stack, rounds: int) -> str:
    found = measure(stack.server, rounds)
    lines = []
    for (due, count), sweeps in found.sweeps.items():
        middle, last = median(sweeps), ["", "", ""]
        if count == MANY:
            grown, reads = ratio(sweeps, found.sweeps[due, FEW]), middle.read / due
            judged = verdict(grown, at_most=RATIO_BAR), verdict(reads, at_most=READS_BAR)
            last = [f"{grown:.2f}", f"≤ {RATIO_BAR}; reads ≤ {READS_BAR:g} each", "; reads ".join(judged)]
        cells = (f"{due:,}", f"{middle.seconds:.2f}", f"{middle.read:,}", f"{middle.written:,}")
        lines.append(Row(f"{count:,}", *cells, *last))
    return table(
        f"A sweep of one county's petitions: {found.rows} of the due clocks of a batch are found by {found.index}",
        ("petitions", "due", "seconds", "clocks read", "clocks written", f"÷ {FEW:,}", "bar", "verdict"),
        lines,
    )
