"""The warnings of a day in two counties where as much goes on: one has a hundred times as many old cases behind it.

They are a statistic of the last half year, of what is open and of what is late: none of that grows with the years.
"""

import asyncio
import datetime as dt
import statistics
import time

import asyncpg

from deploy.parts import PETITIONS
from deploy.postgres import databases
from deploy.postgres.databases import Passwords
from deploy.postgres.migrations import migrate
from deploy.postgres.server import Server
from services.petitions.life.models import petition_clock
from services.petitions.registry.models import petition
from services.petitions.warnings import service as warnings
from shared.chassis import scope
from shared.schemas.base import SHANGHAI
from shared.storage.database import Database
from tests.bench.report import Row, table, verdict
from tests.bench.stack import SECRET, Stack

FEW, MANY = 10_000, 1_000_000
RECENT = 5_000
"""Of either county, registered in the last 200 days; the others in the twenty years before."""
RATIO_BAR = 1.5
COUNTIES = {FEW: "980303", MANY: "980304"}
NOW = dt.datetime(2026, 11, 23, 9, tzinfo=SHANGHAI)
DATABASE = "anju_warning"
_MADE = """
create temp table made as
select n, uuidv7() as id, registered_on, registered_on + 60 as due_on,
    case when n % 20 = 0 and n < $2::int then null
        when n % 25 = 1 then registered_on + 70
        when registered_on + 50 <= $3::date then registered_on + 50 end as met_on
from (
    select n, $3::date - case when n < $2::int then n * 200 / $2::int
        else 200 + ((n - $2::int)::bigint * 7300 / $1::int)::int end as registered_on
    from generate_series(0, $1::int - 1) n
) numbered
"""
"""One in twenty of the recent ones is never answered, one in 25 of all is answered ten days late."""
_PETITIONS = """
insert into petition (division_code, id, petition_code, channel, petition_class, legal_route, petitioned_on,
    registered_on, people_count, summary, demand, project_id, project_name, state, state_since, acts, last_on,
    body_unit_code, body_unit_name, standing, next_due_on, next_internal_due_on, version, created_by, created_at,
    updated_at)
select $1::text, id, $1::text || '-X-' || n, 'visit', 'appeal_claim', 6, registered_on, registered_on, 1 + n % 9,
    '反映楼盘二期逾期交房', 'delivery', md5($1::text || n % 24)::uuid, '示范楼盘 ' || n % 24, 'accepted', registered_on,
    3, registered_on, 'ZJJ', '住房和城乡建设局', '{}', open_until, open_until, 1, 'user:bench', now(), now()
from (select *, case when met_on is null or met_on > $2::date then due_on end as open_until from made) made
order by n desc
"""
_CLOCKS = """
insert into petition_clock (division_code, petition_id, number, kind, rule_version, started_by, starts_on, days,
    day_type, extended_days, suspended_days, state, ended_by, met_on, internal_due_on, due_on, is_provisional,
    unit_code, recorded_at, ended_at)
select $1::text, id, 1, 'handle', '2022-05-01', 3, registered_on, 60, 'calendar', 0, 0,
    case when met_on <= $2::date then 'met' else 'running' end, case when met_on <= $2::date then 4 end,
    case when met_on <= $2::date then met_on end, due_on, due_on, false, 'ZJJ', now(),
    case when met_on <= $2::date then now() end
from made order by n desc
"""


async def _load(bare: asyncpg.Connection, division: str, count: int) -> None:
    await bare.execute("drop table if exists made")
    await bare.fetch(_MADE, count, RECENT, NOW.date())
    await bare.fetch(_PETITIONS, division, NOW.date())
    await bare.fetch(_CLOCKS, division, NOW.date())


async def _once(database: Database, division: str) -> tuple[float, int]:
    """Milliseconds of the warnings worked out from nothing, and how many; nothing is kept of them."""
    with scope.within(division):
        async with database.session() as session:
            begun = time.perf_counter()
            opened = await warnings.refresh(session, division, NOW.date(), NOW)
            taken = (time.perf_counter() - begun) * 1000
            await session.rollback()
    return taken, opened


async def _measure(server: Server, rounds: int) -> tuple[dict[int, list[float]], int]:
    made = databases.create(server, DATABASE, Passwords(SECRET, SECRET, SECRET))
    await asyncio.to_thread(migrate, PETITIONS, made.owner_url)
    bare = await asyncpg.connect(server.url("bench", SECRET, DATABASE).replace("+asyncpg", ""))
    database = Database(made.app_url, pool_size=1)
    taken: dict[int, list[float]] = {count: [] for count in COUNTIES}
    try:
        for count, division in COUNTIES.items():
            await _load(bare, division, count)
        for name in (petition.name, petition_clock.name):
            await bare.execute(f"vacuum analyze {name}")
        opened = {(await _once(database, division))[1] for division in COUNTIES.values()}
        if len(opened) != 1:
            raise RuntimeError(f"as much goes on in both counties, and they have {sorted(opened)} warnings")
        for _ in range(rounds):
            for count, division in COUNTIES.items():
                taken[count].append((await _once(database, division))[0])
    finally:
        await database.close()
        await bare.close()
    return taken, opened.pop()


def section(stack: Stack, rounds: int) -> str:
    taken, opened = asyncio.run(_measure(stack.server, rounds))
    ratio = statistics.median(many / few for few, many in zip(taken[FEW], taken[MANY], strict=True))
    judged = {MANY: (f"{ratio:.2f}", f"≤ {RATIO_BAR}", verdict(ratio, at_most=RATIO_BAR)), FEW: ("", "", "")}
    return table(
        f"The warnings of a day: {RECENT:,} petitions of the last 200 days, and what the county has behind it",
        ("petitions", "warnings", "ms", f"÷ {FEW:,}", "bar", "verdict"),
        [Row(f"{count:,}", str(opened), f"{statistics.median(ms):.1f}", *judged[count]) for count, ms in taken.items()],
    )
