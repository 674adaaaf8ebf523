"""What a petition office asks all day, in a county of 10,000 petitions: by itself, and among a million in 50 counties.

Each question beside its own SQL in pgbench (`alone`) on the same database, and beside itself where the county is alone.
"""

import asyncio
import statistics
import sys
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import orjson

from deploy.parts import PETITIONS
from deploy.ports import free_port
from deploy.postgres import databases
from deploy.postgres.databases import Database, Passwords
from deploy.postgres.migrations import migrate
from services.petitions.kpis import queries as kpis
from services.petitions.kpis.parameters import KpisQuery
from services.petitions.registry import queries as registry
from services.petitions.registry import reading
from services.petitions.registry.parameters import PetitionPageQuery
from services.petitions.settings import PetitionsSettings
from shared.chassis.clock import SystemClock
from shared.chassis.identity import Caller
from shared.schemas.petitions.people import PersonSearch
from shared.storage import Session, journal
from shared.storage.secrets import Vault
from tests.bench import alone, gateway, petition_rows
from tests.bench.gateway import Way, running
from tests.bench.report import Row, table, verdict
from tests.bench.stack import COUNTY, SECRET, Stack

RATIO_BAR, GROWTH_BAR = 3.0, 1.5
ONE_AT_A_TIME = 1
OFFICE = "petition_office"
LARGER = petition_rows.OTHERS[1]
"""A county of 20,000 among the million: what the figures of twice the cases cost."""
WANTED = {"purpose": "handling", "purpose_note": "核对来访人的历次信访"}

Use = Callable[[Session], Awaitable[Any]]


@dataclass(frozen=True)
class Side:
    """A database with the service on it."""

    database: Database
    url: str


@dataclass(frozen=True)
class Question:
    """How it is asked over HTTP, and the use case whose SQL is sent alone."""

    name: str
    path: str
    use: Use
    body: str | None = None
    county: str = COUNTY


@dataclass(frozen=True)
class Figures:
    """Milliseconds, medians over the rounds; ratios are medians of the ratios of one round."""

    few_ms: float
    many_ms: float
    sql_ms: float
    ratio: float
    growth: float


def caller(county: str) -> Caller:
    return Caller("user:bench", "bench", frozenset({OFFICE}), county, county)


def questions(vault: Vault) -> tuple[Question, ...]:
    clock = SystemClock()
    person = WANTED | {"id_number": petition_rows.id_number(7)}

    async def by_due_date(session: Session) -> None:
        asked = PetitionPageQuery(sort="due")
        await registry.page(session, asked.filter(caller(COUNTY)), caller(COUNTY), sort="due", after=None, limit=51)

    async def by_person(session: Session) -> None:
        await reading.find(session, caller(COUNTY), vault, PersonSearch.model_validate(person), clock)
        await journal.commit(session, PETITIONS.name)

    def figures_of(county: str) -> Use:
        async def figures(session: Session) -> None:
            await kpis.counted(session, KpisQuery().asked(caller(county), clock, 60), None)

        return figures

    return (
        Question("list by due date, 50", "/petitions?sort=due", by_due_date),
        Question(
            "exact search for a person, with its audit row",
            "/petitions/find-by-person",
            by_person,
            orjson.dumps(person).decode(),
        ),
        Question("KPI of one county of 10,000", "/kpis", figures_of(COUNTY)),
        Question("KPI of a county of 20,000", "/kpis", figures_of(LARGER), county=LARGER),
    )


def _settings(stack: Stack) -> PetitionsSettings:
    return PetitionsSettings(
        environment="local",
        database_url=stack.database.app_url,
        gateway_url=stack.gateway,
        client_secret=SECRET,
        data_key=SECRET,
    )


@contextmanager
def side(stack: Stack, vault: Vault, name: str, *, is_large: bool) -> Iterator[Side]:
    """A database of its own and the service on it, until the block ends."""
    database = databases.create(stack.server, name, Passwords(SECRET, SECRET, SECRET))
    migrate(PETITIONS, database.owner_url)
    superuser = stack.server.url("bench", SECRET, name).replace("+asyncpg", "")
    asyncio.run(petition_rows.load(superuser, vault, is_large=is_large))
    port = free_port()
    settings = {"ENVIRONMENT": "local", "PORT": str(port), "DATABASE_URL": database.app_url, "DATA_KEY": SECRET}
    settings |= {"RELAY_DATABASE_URL": database.relay_url, "GATEWAY_URL": stack.gateway, "CLIENT_SECRET": SECRET}
    environment = {f"{PETITIONS.prefix}{name}": value for name, value in settings.items()}
    with running([sys.executable, "-m", f"{PETITIONS.package}.app"], port, environment):
        yield Side(database, f"http://127.0.0.1:{port}/v1/petitions")


def measure(stack: Stack, rounds: int, seconds: float) -> Mapping[str, Figures]:
    """Both sides and the SQL in turn, one request at a time."""
    vault = Vault(_settings(stack).keys(), PETITIONS.name)
    with ExitStack() as undo:
        few = undo.enter_context(side(stack, vault, "anju_petitions_few", is_large=False))
        many = undo.enter_context(side(stack, vault, "anju_petitions_many", is_large=True))
        return {question.name: _figures(stack, question, few, many, rounds, seconds) for question in questions(vault)}


def _figures(stack: Stack, question: Question, few: Side, many: Side, rounds: int, seconds: float) -> Figures:
    told = asyncio.run(alone.sent(many.database.app_url, question.county, question.use))
    headers = stack.token(question.county, OFFICE, PETITIONS.name)
    ways = {side: Way(f"{side.url}{question.path}", headers, body=question.body) for side in (few, many)}
    for way in ways.values():
        _check(way)
    times = []
    for _ in range(rounds):
        small, large = (gateway.load(ways[side], seconds, ONE_AT_A_TIME)["p50_ms"] for side in (few, many))
        bare = alone.p50_ms(many.database.app_url, question.county, told, seconds)
        times.append((small, large, bare))
    few_ms, many_ms, sql_ms = (statistics.median(column) for column in zip(*times, strict=True))
    ratio = statistics.median(large / bare for _, large, bare in times)
    return Figures(few_ms, many_ms, sql_ms, ratio, statistics.median(large / small for small, large, _ in times))


def _check(way: Way) -> None:
    """It is answered, once before it is timed."""
    method = "GET" if way.body is None else "POST"
    headers = dict(way.headers) | {"content-type": "application/json"}
    httpx.request(method, way.url, headers=headers, content=way.body, timeout=60).raise_for_status()


def section(stack: Stack, rounds: int, seconds: float) -> str:
    lines = []
    for name, found in measure(stack, rounds, seconds).items():
        is_larger = name.endswith("20,000")
        growth = [f"{found.few_ms:.2f}", f"{found.growth:.2f}", f"≤ {GROWTH_BAR}"]
        judged = [verdict(found.ratio, at_most=RATIO_BAR)]
        judged += [] if is_larger else [verdict(found.growth, at_most=GROWTH_BAR)]
        cells = [f"{found.many_ms:.2f}", f"{found.sql_ms:.2f}", f"{found.ratio:.2f}", f"≤ {RATIO_BAR:g}"]
        lines.append(Row(name, *cells, *(["", "", ""] if is_larger else growth), "; growth ".join(judged)))
    head = (
        "",
        "among 1,000,000, p50 ms",
        "its SQL in pgbench",
        "ratio",
        "bar",
        "alone, 10,000",
        "growth",
        "bar",
        "verdict",
    )
    title = "Petitions of a county of 10,000 among 1,000,000 in 50 counties ÷ the same county by itself, one at a time"
    return table(title, head, lines)
