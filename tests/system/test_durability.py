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

import aiohttp
import pytest

from tests.support import acknowledged
from tests.support.house import House, running_house
from tests.support.persistent import Persistent, Told
from tests.support.profile import SEED, count, report

COUNTIES = ("999901", "999902")
CLERKS = ("office", "petition_office")
CLIENTS = count(40, 500)
BLOWS = count(1, 12)
"""To each victim, in random order."""
ROWS = 3
PROCESSES = (
    "gateway",
    "gateway-worker",
    "projects",
    "projects-worker",
    "projects-worker-2",
    "petitions",
    "petitions-worker",
)
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


async def besiege(house: House, told: Told, rng: random.Random, done: Callable[[], bool]) -> None:
    """Waves of `CLIENTS` at once, each with one thing to do, until `done`; the last wave always ends."""
    connector = aiohttp.TCPConnector(limit=0, force_close=True)
    timeout = aiohttp.ClientTimeout(total=60)
    async with aiohttp.ClientSession(house.gateway_url, connector=connector, timeout=timeout) as session:
        wave = 0
        while not (wave and done()):
            headers = {(role, code): await house.user(role, code) for role in CLERKS for code in COUNTIES}
            clients = Persistent(session, headers, rng, told)
            async with asyncio.TaskGroup() as group:
                for number in range(CLIENTS):
                    code, name = COUNTIES[number % 2], f"{wave}-{number}"
                    names = tuple(f"进口{name}-{row}" for row in range(ROWS))
                    match number % 10:
                        case 0:
                            group.create_task(clients.import_twice(code, names))
                        case 1:
                            group.create_task(clients.import_register_twice(code, names))
                        case 2:
                            group.create_task(clients.add_unit(code, f"U{name}"))
                        case 3 | 4 | 5:
                            group.create_task(clients.register_and_forward(code, f"反映第{name}号楼逾期交房"))
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
    told, enough, failed = Told(), threading.Event(), list[BaseException]()
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
        checked = acknowledged.check_projects(house, told) + acknowledged.check_petitions(house, told)
        checked += acknowledged.check_units(house, told)
        acknowledged.check_jobs(house)
        asyncio.run(acknowledged.check_chains(house, COUNTIES))
    report(
        f"durability: {'+'.join(sorted(victims))}",
        clients_at_once=CLIENTS,
        kills=dict(killed),
        acknowledged={name: len(made) for name, made in vars(told).items() if isinstance(made, list)},
        requests=told.requests,
        answers_lost=told.lost,
        answers_repeated=told.replayed,
        statuses=dict(sorted(told.statuses.items())),
        rows_checked=checked,
    )


async def sign_everyone_in(house: House) -> None:
    for code in COUNTIES:
        for role in (*CLERKS, "department", "auditor"):
            await house.user(role, code)
