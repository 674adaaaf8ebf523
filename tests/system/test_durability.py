"""What was acknowledged is there once, whatever is killed while it happens: processes, and PostgreSQL itself."""

import asyncio
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import aiohttp
import pytest

from deploy.parts import GATEWAY, SERVICES
from shared.chassis.permissions import ROLES
from tests.support.house import House, running_house
from tests.support.persistent import Ledger, Persistent
from tests.support.profile import SEED, count, report
from tests.support.rows import rows

COUNTIES = ("999901", "999902")
CLIENTS = count(40, 500)
BLOWS = count(1, 12)
"""To each victim, in random order."""
ROWS = 3
PROJECTS = SERVICES[0]
PROCESSES = ("gateway", "gateway-worker", "projects", "projects-worker", "projects-worker-2")
ASLEEP = "projects-worker asleep"
"""Stopped past its lease of 2 s, then awake again and sure that its job is still its own."""
ASLEEP_SECONDS = 3.0
VICTIMS = (*PROCESSES, ASLEEP)


@contextmanager
def crowded_house(*, durable: bool = False) -> Iterator[House]:
    """Two workers share the jobs of projects."""
    with running_house(durable=durable) as house:
        second = replace(house.processes["projects-worker"], name="projects-worker-2")
        house.processes = {**house.processes, second.name: second}
        house.start(second.name)
        yield house


async def besiege(house: House, told: Ledger, rng: random.Random, done: Callable[[], bool]) -> None:
    """Waves of `CLIENTS` at once, each with one thing to do, until `done`; the last wave always ends."""
    connector = aiohttp.TCPConnector(limit=0, force_close=True)
    timeout = aiohttp.ClientTimeout(total=60)
    async with aiohttp.ClientSession(house.gateway_url, connector=connector, timeout=timeout) as session:
        wave = 0
        while not (wave and done()):
            headers = {code: await house.user("office", code) for code in COUNTIES}
            clients = Persistent(session, headers, rng, told)
            async with asyncio.TaskGroup() as group:
                for number in range(CLIENTS):
                    code, name = COUNTIES[number % 2], f"{wave}-{number}"
                    match number % 10:
                        case 0 | 1:
                            names = tuple(f"进口楼盘{name}-{row}" for row in range(ROWS))
                            group.create_task(clients.import_twice(code, names))
                        case 2:
                            group.create_task(clients.add_unit(code, f"U{name}"))
                        case _:
                            group.create_task(clients.create(code, f"新建楼盘{name}"))
            wave += 1


def crash_postgres(house: House) -> None:
    """No checkpoint, no farewell: the postmaster is killed, its children find themselves alone."""
    assert house.server.process is not None
    house.server.process.kill()
    house.server.process.wait()
    house.server.start()


def torment(house: House, victims: tuple[str, ...], rng: random.Random, calm: Callable[[], bool]) -> Counter[str]:
    """Kill and start again, at random moments of what the clients do; gives the kills by victim."""
    killed: Counter[str] = Counter()
    for victim in rng.sample(victims * BLOWS, len(victims) * BLOWS):
        time.sleep(rng.uniform(0.05, 1.0))
        if calm():
            break
        killed[victim] += 1
        if victim == "postgres":
            crash_postgres(house)
            continue
        if victim == ASLEEP:
            sleeper = house._children["projects-worker"]
            sleeper.send_signal(signal.SIGSTOP)
            threading.Timer(ASLEEP_SECONDS, sleeper.send_signal, [signal.SIGCONT]).start()
            continue
        house.kill(victim)
        # Sometimes the next blow falls while this one still gets up.
        house.start(victim, wait=rng.random() < 0.8)
    for name in PROCESSES:
        house.wait_until_ready(name)
    return killed


@pytest.mark.parametrize("victims", [VICTIMS, (*VICTIMS, "postgres")], ids=["processes", "postgres-too"])
def test_every_acknowledged_change_is_there_once(victims: tuple[str, ...]) -> None:
    rng = random.Random(SEED)
    told, enough, failed = Ledger(), threading.Event(), list[BaseException]()
    with crowded_house(durable="postgres" in victims) as house:
        asyncio.run(sign_everyone_in(house))

        def clients() -> None:
            try:
                asyncio.run(besiege(house, told, random.Random(SEED + 1), enough.is_set))
            except BaseException as error:
                failed.append(error)

        # The killer needs the main thread: a child dies with the thread that started it.
        working = threading.Thread(target=clients)
        working.start()
        try:
            killed = torment(house, victims, rng, lambda: bool(failed))
        finally:
            enough.set()
            working.join()
        if failed:
            raise failed[0]
        assert set(told.statuses) <= {200, 201, 202, 409, 502, 503, 504}, told.statuses
        checked = check_projects(house, told) + check_units(house, told)
        check_jobs(house)
        asyncio.run(check_chains(house))
    report(
        f"durability: {'+'.join(sorted(victims))}",
        clients_at_once=CLIENTS,
        kills=dict(killed),
        acknowledged={name: len(getattr(told, name)) for name in ("projects", "imports", "updates", "units")},
        requests=told.requests,
        answers_lost=told.lost,
        answers_repeated=told.replayed,
        statuses=dict(sorted(told.statuses.items())),
        rows_checked=checked,
    )


async def sign_everyone_in(house: House) -> None:
    for code in COUNTIES:
        for role in ("office", "auditor"):
            await house.user(role, code)


def check_projects(house: House, told: Ledger) -> int:
    """Projects, imports, history, audit and outbox against what was acknowledged; gives the rows compared."""
    database = PROJECTS.database
    projects = rows(house.server, database, "select division_code, id::text, name, version, units_total from project")
    imported = {name: each for each in told.imports for name in each.names}
    wanted = Counter({each.id: 1 for each in told.projects})
    assert Counter(row["id"] for row in projects if row["name"] not in imported) == wanted
    arrived = {row["name"]: row for row in projects if row["name"] in imported}
    assert arrived.keys() == imported.keys()
    assert len(projects) == len(told.projects) + len(imported)
    assert {(row["version"], row["units_total"]) for row in arrived.values()} == {(2, 120)}

    imports = rows(house.server, database, "select id::text, state, outcome from ledger_import")
    assert Counter(row["id"] for row in imports) == Counter(each.id for each in (*told.imports, *told.updates))
    outcome = {row["id"]: row["outcome"] for row in imports}
    assert {outcome[each.id]["created"] for each in told.imports} <= {ROWS}
    assert {outcome[each.id]["updated"] for each in told.updates} <= {ROWS}

    changes = rows(house.server, database, "select project_id::text, version, import_id::text from project_change")
    told_once = Counter({(row["id"], version): 1 for row in projects for version in range(1, row["version"] + 1)})
    assert Counter((row["project_id"], row["version"]) for row in changes) == told_once
    per_import = Counter(row["import_id"] for row in changes if row["import_id"])
    assert per_import == Counter({each.id: ROWS for each in (*told.imports, *told.updates)})
    everyone = (*told.projects, *told.imports, *told.updates)
    return len(projects) + check_journal(house, database, "project", told_once) + check_keys(house, database, everyone)


def check_units(house: House, told: Ledger) -> int:
    database = GATEWAY.database
    units = rows(house.server, database, "select id::text, version, code from unit")
    # The house gives each of its users a unit called after the role.
    of_users = {row["id"] for row in units if row["code"].lower() in ROLES}
    told_once = Counter({(unit_id, 1): 1 for unit_id in (*of_users, *(each.id for each in told.units))})
    assert Counter((row["id"], row["version"]) for row in units) == told_once
    return len(units) + check_journal(house, database, "unit", told_once) + check_keys(house, database, told.units)


def check_journal(house: House, database: str, subject: str, wanted: Counter[tuple[str, int]]) -> int:
    """One audit row and one outbox row for each version, and none besides."""
    audit = rows(
        house.server,
        database,
        "select subject_id, (body::json ->> 'version')::int as version from audit_entry "
        f"where subject_type = '{subject}'",
    )
    assert Counter((row["subject_id"], row["version"]) for row in audit) == wanted
    outbox = rows(
        house.server,
        database,
        f"select split_part(subject, '/', 2) as id, subject_version from outbox where subject like '{subject}/%'",
    )
    assert Counter((row["id"], row["subject_version"]) for row in outbox) == wanted
    return len(audit) + len(outbox)


def check_keys(house: House, database: str, everyone: Any) -> int:
    kept = rows(house.server, database, "select key from idempotency")
    assert {each.key for each in everyone} == {row["key"] for row in kept}
    return len(kept)


def check_jobs(house: House) -> None:
    """No job is left behind, nobody holds a transaction open for long."""
    states = rows(house.server, PROJECTS.database, "select state, count(*) from job group by 1")
    assert {row["state"] for row in states} == {"succeeded"}
    assert house.transactions_left() == set()


async def check_chains(house: House) -> None:
    """Whole, and anchored up to its end by checkpoints of workers that were killed too."""
    for code in COUNTIES:
        async with house.client(await house.user("auditor", code)) as client:
            for path in ("/v1/projects/audit/verify", "/v1/auth/audit/verify"):
                async with asyncio.timeout(60):
                    while True:
                        found = (await client.get(path)).json()
                        [chain] = found["chains"]
                        assert found["ok"], chain
                        assert chain["entries"] > 0
                        if chain["anchored_until"] == chain["entries"]:
                            break
                        await asyncio.sleep(0.2)
