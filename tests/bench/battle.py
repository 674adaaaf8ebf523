"""The battle map of a county against its own SQL: the same statements with the same values, as the same role."""

import asyncio
import datetime as dt
import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import asyncpg
import httpx
import orjson

from services.projects.plan import service
from services.projects.plan.models import milestone, milestone_block, plan
from shared.chassis.clock import SystemClock, today
from shared.chassis.identity import Caller
from shared.schemas.projects.plan import BattleMap
from shared.storage import Session
from shared.storage.ids import new_id
from tests.bench import alone, gateway, rows
from tests.bench.gateway import Way
from tests.bench.stack import Stack

COUNTY = "999906"
"""A county of its own: the others hold 2,000 projects each, and none of them a plan."""
PROJECTS, MILESTONES_EACH = 200, 20
RATIO_BAR, QUERIES_BAR = 3.0, 6
ONE_AT_A_TIME = 1


@dataclass(frozen=True)
class Figures:
    """Milliseconds, medians over the rounds; `ratio` is the median of the ratios of one round."""

    sql_ms: float
    map_ms: float
    ratio: float
    queries: int
    size: int


def load(url: str) -> None:
    """COPY the county: a plan for each project, each milestone behind one or two others, a quarter of them done, some
    begun or reported, some waiting for a decision. `url` is a superuser's."""
    asyncio.run(_load(url))


async def _load(url: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        projects = list(rows.projects(COUNTY, PROJECTS, 0))
        await _copy(connection, "project", projects)
        plans = [_plan(project["id"]) for project in projects]
        await _copy(connection, plan.name, plans)
        milestones = [made for one in plans for made in _milestones(one)]
        await _copy(connection, milestone.name, milestones)
        await _copy(connection, milestone_block.name, [_block(one) for one in milestones if one["position"] == 12])
        await connection.execute("vacuum analyze project, plan, milestone, milestone_block")
    finally:
        await connection.close()


async def _copy(connection: asyncpg.Connection, table: str, made: list[dict[str, Any]]) -> None:
    columns = list(made[0])
    await connection.copy_records_to_table(table, columns=columns, records=[tuple(one.values()) for one in made])


def _common(project_id: Any) -> dict[str, Any]:
    made = {"id": new_id(), "division_code": COUNTY, "project_id": project_id, "version": 1, "created_by": "user:bench"}
    return made | {"created_at": rows.BEGUN, "updated_at": rows.BEGUN}


def _plan(project_id: Any) -> dict[str, Any]:
    now = today(SystemClock())
    return _common(project_id) | {
        "path": "resume_and_deliver",
        "starts_on": now - dt.timedelta(days=60),
        "promised_on": now + dt.timedelta(days=330),
        "first_promised_on": now + dt.timedelta(days=300),
        "note": None,
        "baseline": 2,
    }


def _milestones(of: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for position in range(MILESTONES_EACH):
        before = {f"m{position - 1:02d}": 0} if position else {}
        before |= {f"m{position - 3:02d}": 2} if position > 2 else {}
        is_done = position < MILESTONES_EACH // 4
        yield _common(of["project_id"]) | {
            "plan_id": of["id"],
            "position": position,
            "key": f"m{position:02d}",
            "name": f"第 {position} 节点：主体结构施工与验收",
            "post": "项目经理",
            "unit_code": "ZJJ",
            "unit_name": "住房和城乡建设局",
            "person_code": "P001",
            "person_name": "张建国",
            "duration_days": 5 + position % 7,
            "after": orjson.dumps(before).decode(),
            "started_on": of["starts_on"] if is_done or position == MILESTONES_EACH // 4 else None,
            "reported_on": of["promised_on"] if position == MILESTONES_EACH - 2 else None,
            "done_on": of["starts_on"] + dt.timedelta(days=5 + 5 * position) if is_done else None,
            "dropped_at": None,
        }


def _block(of: dict[str, Any]) -> dict[str, Any]:
    held = {"milestone_id": of["id"], "cause": f"decision:{new_id()}", "title": "公共配套调整", "lifted_at": None}
    return _common(of["project_id"]) | held


def measure(stack: Stack, rounds: int, seconds: float) -> Figures:
    """Both in turn, one request at a time; the map is asked of the running service over HTTP."""
    ours = Way(f"{stack.projects}/v1/projects/battle-map", stack.token(COUNTY, "leader"))
    answer = httpx.get(ours.url, headers=dict(ours.headers), timeout=60).raise_for_status()
    seen = BattleMap.model_validate_json(answer.content)
    if (len(seen.projects), sum(len(one.milestones) for one in seen.projects)) != (
        PROJECTS,
        PROJECTS * MILESTONES_EACH,
    ):
        raise RuntimeError("the battle map is not whole")
    told = asyncio.run(alone.sent(stack.database.app_url, COUNTY, _whole_map))
    times = []
    for _ in range(rounds):
        bare = alone.p50_ms(stack.database.app_url, COUNTY, told, seconds)
        whole = gateway.load(ours, seconds, ONE_AT_A_TIME)["p50_ms"]
        times.append((bare, whole))
    return Figures(
        statistics.median(bare for bare, _ in times),
        statistics.median(whole for _, whole in times),
        statistics.median(whole / bare for bare, whole in times),
        len(told),
        len(answer.content),
    )


async def _whole_map(session: Session) -> None:
    caller = Caller("user:bench", "bench", frozenset({"leader"}), COUNTY, COUNTY)
    await service.battle_map(session, caller, None, SystemClock(), township=None, lead=None, resolved=False)
