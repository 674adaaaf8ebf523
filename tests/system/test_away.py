"""A worker that is away in the middle of an import, longer than its lease: killed, or asleep and then awake again."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from deploy.parts import PROJECTS
from shared.chassis import scope
from shared.storage.database import Database
from tests.support.house import House, running_house
from tests.support.persistent import ledger_of
from tests.support.rows import rows
from tests.support.sheets import XLSX

COUNTY = "999902"
DATABASE = PROJECTS.database
PATIENCE_SECONDS = 60.0


async def until(house: House, query: str) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not rows(house.server, DATABASE, query):  # noqa: ASYNC110 - another process has no event for us
            await asyncio.sleep(0.05)


@asynccontextmanager
async def numbers_held(house: House) -> AsyncIterator[None]:
    """No new project gets its number meanwhile: an import stands in the middle of its transaction."""
    database = Database(house.databases["projects"].app_url, pool_size=1)
    with scope.within(COUNTY):
        async with database.session() as session:
            await session.execute(text("select last from project_number for update"))
            yield
            await session.rollback()
    await database.close()


async def accepted(office: httpx.AsyncClient, name: str) -> str:
    file = ledger_of((f"{name}甲", f"{name}乙", f"{name}丙"), units=100)
    answer = await office.post("/v1/projects/imports", files={"file": ("ledger.xlsx", file, XLSX)})
    assert answer.status_code == 202, answer.text
    return str(answer.headers["location"])


async def ended(office: httpx.AsyncClient, path: str) -> dict[str, Any]:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while (found := (await office.get(path)).json())["state"] in ("queued", "running"):  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.1)
    return dict(found)


@pytest.mark.parametrize("how", [signal.SIGSTOP, signal.SIGKILL])
async def test_an_import_whose_worker_was_away_takes_effect_once(how: signal.Signals) -> None:
    with running_house() as house:
        second = replace(house.processes["projects-worker"], name="second")
        house.processes = {**house.processes, second.name: second}
        async with house.client(await house.user("office", COUNTY)) as office:
            assert (await ended(office, await accepted(office, "早前楼盘")))["created"] == 3
            first = house._children["projects-worker"]
            async with numbers_held(house):
                path = await accepted(office, "其后楼盘")
                await until(house, "select from pg_locks where not granted")
                first.send_signal(how)
                house.start(second.name)
                await until(house, "select from job where attempts = 2")
            if how is signal.SIGSTOP:
                # First the transaction it left behind goes on, as far as it can without its process.
                first.send_signal(signal.SIGCONT)
            found = await ended(office, path)
        assert (found["state"], found["created"], found["unchanged"]) == ("succeeded", 3, 0)
        told = "select count(*) from audit_entry where subject_type = 'project' and action = 'import'"
        assert rows(house.server, DATABASE, told) == [{"count": 6}]
        assert rows(house.server, DATABASE, "select count(*), max(version) from project") == [{"count": 6, "max": 1}]
        assert rows(house.server, DATABASE, "select distinct state from job") == [{"state": "succeeded"}]
