"""A county sees nothing of its neighbour in the crowd, whatever the connection that serves it has just done."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import Any

import httpx

from tests.support.county import COUNTY, NEIGHBOUR, County
from tests.support.profile import SEED, count
from tests.system.tenancy.marks import marks_of, text_of


async def test_a_crowd_of_two_counties_that_hang_up_at_random(county: County, neighbour: County) -> None:
    """No answer holds a row of the other county; afterwards no connection is left in a transaction."""
    house, draw = county.house, random.Random(SEED)
    # What one connection of a pool leaves behind must not be seen by the next request that takes it.
    foreign = {COUNTY: await marks_of(neighbour), NEIGHBOUR: await marks_of(county)}
    answered = hung_up = 0

    async def one(here: County, client: httpx.AsyncClient, patience: float | None) -> None:
        nonlocal answered, hung_up
        ask = draw.choice(ASKED)
        try:
            answer = await asyncio.wait_for(ask(here, client), patience)
        except TimeoutError:
            hung_up += 1
            return
        answered += 1
        assert answer.status_code < 400, answer.text
        assert not foreign[here.code].search(text_of(answer)), answer.request.url.path

    number, at_once = count(100, 1000), asyncio.Semaphore(24)
    async with house.client(await county.office()) as here, house.client(await neighbour.office()) as there:

        async def guarded(index: int) -> None:
            patience = draw.uniform(0.001, 0.05) if draw.random() < 0.4 else None
            async with at_once:
                await one(*((county, here) if index % 2 else (neighbour, there)), patience)

        async with asyncio.TaskGroup() as group:
            for index in range(number):
                group.create_task(guarded(index))
    assert answered + hung_up == number
    assert answered > number // 3
    assert hung_up > number // 20
    assert house.transactions_left() == set()


Ask = Callable[[County, httpx.AsyncClient], Awaitable[httpx.Response]]


def _get(path: str, **query: Any) -> Ask:
    return lambda county, client: client.get(path.format(**county.rows), params=query)


def _create(county: County, client: httpx.AsyncClient) -> Awaitable[httpx.Response]:
    body = {"division_code": county.code, "name": f"人群中的 {county.code} {county.number()} 号院"}
    return client.post("/v1/projects/projects", json=body)


ASKED: list[Ask] = [
    _get("/v1/projects/projects"),
    _get("/v1/projects/projects", count="true", sort="name"),
    _get("/v1/projects/projects/{project_id}"),
    _get("/v1/projects/projects/{project_id}/history"),
    _get("/v1/projects/statistics"),
    _get("/v1/projects/contradictions"),
    _get("/v1/projects/export"),
    _get("/v1/projects/imports/{import_id}/result"),
    _get("/v1/projects/unmapped-names"),
    _get("/v1/petitions/petitions"),
    _get("/v1/petitions/petitions", count="true", sort="due"),
    _get("/v1/petitions/petitions/{petition_id}"),
    _get("/v1/petitions/kpis"),
    _get("/v1/petitions/export"),
    _get("/v1/directory/units"),
    _create,
]
