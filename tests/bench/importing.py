"""An import of 20,000 rows × 23 columns against its limit: the same reader, then COPY of what it read."""

import asyncio
import datetime as dt
import gc
import statistics
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import asyncpg
import orjson
from openpyxl import Workbook

from deploy.parts import PROJECTS
from services.projects.ledger.imports.service import LEDGER_IMPORTS, run_import
from services.projects.ledger.models import FACT_TYPES
from services.projects.ledger.workbook.dictionary import LEDGER
from shared.chassis import scope
from shared.chassis.clock import SystemClock
from shared.chassis.identity import Caller, prefix_of
from shared.clients.gateway import GatewayClient
from shared.schemas.imports import ImportMode
from shared.storage import jobs, journal
from shared.storage.database import Database
from shared.workbook.imports import service as imports
from shared.workbook.imports.service import STORED, Upload
from shared.workbook.reader import Sheet, read
from tests.bench.stack import SECRET, Stack

ROWS = 20_000
ROUNDS = 5
IMPORT_BAR = 4.0
LEASE = dt.timedelta(seconds=30)
DIVISIONS = tuple(f"9801{number:02d}" for number in range(1, ROUNDS + 2))
"""Counties of another province, so that each round imports into an empty one; the first only warms up."""
HEADS = (
    "项目名称 乡镇 开发企业 坐落 总包单位 用地面积（㎡） 总建筑面积（㎡） 楼栋数 总套数 已售套数 已交付套数 开工日期 "
    "合同交房日期 停工日期 建设状态 化解状态 完成工程量（%） 总投资（万元） 资金缺口（万元） 存在的主要问题 包抓领导 "
    "责任单位 进展情况"
).split()
CASES = ("all new", "half changed", "same file again")


def write_workbook(path: Path, *, changed: bool) -> None:
    """`changed`: every second row tells of other progress and another gap."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("台账")
    sheet.append(["示范县问题楼盘台账（截至2024年11月30日）"])
    sheet.append(HEADS)
    for n in range(ROWS):
        news = changed and n % 2 == 0
        cells: list[Any] = [f"安居花园{n}号院", f"{'东西南北'[n % 4]}关街道", f"示范房地产{n % 700}有限公司"]
        cells += [f"建设路{n % 900}号", f"示范建工{n % 300}集团", 12_000 + n % 977, f"{42_190.03 + n % 1013:.2f}㎡"]
        cells += [8 + n % 9, f"{600 + n % 531}套", 400 + n % 101, n % 211]
        cells += [dt.date(2018, 3, 1) + dt.timedelta(n % 1500), f"2021年{n % 12 + 1}月", f"2022.{n % 12 + 1}.15"]
        cells += ["停工", "正在化解", f"约{30 + n % 31 + news}%", 52_000 + n % 4001]
        cells += [8_220.23 + n % 1801 + news, "资金短缺、手续不全", f"张{'伟芳军敏'[n % 4]}（副县长）", "住建局"]
        sheet.append([*cells, f"主体完成，第{n % 1200}次调度，已协调施工单位进场"])
    book.save(path)


@dataclass(frozen=True)
class Times:
    """Seconds: the import job, its limit beside it, and what the upload costs before the job is queued."""

    job: float
    parse: float
    copy: float
    check: float

    @property
    def ratio(self) -> float:
        return self.job / (self.parse + self.copy)


async def _copy(connection: asyncpg.Connection, sheet: Sheet) -> None:
    """The same values into a plain table: no key, no tenant, no history."""
    names = [column.fact for column in sheet.columns if column.fact]
    names += [name for name in ("problem_types",) if name not in names and name in sheet.rows[0].facts]
    types = {name: str(FACT_TYPES[name].compile()) if name in FACT_TYPES else "text" for name in names}
    types = {name: "text[]" if kind == "ARRAY" else kind for name, kind in types.items()}
    await connection.execute("drop table if exists plain_rows")
    await connection.execute(f"create table plain_rows ({', '.join(f'{n} {t}' for n, t in types.items())})")
    records = [tuple(row.facts.get(name) for name in names) for row in sheet.rows]
    await connection.copy_records_to_table("plain_rows", columns=names, records=records)


class _Bench:
    def __init__(self, stack: Stack, database: Database, gateway: GatewayClient, bare: asyncpg.Connection) -> None:
        self.stack, self.database, self.bare, self.clock = stack, database, bare, SystemClock()
        self.handlers = {"import_ledger": run_import(database, gateway, self.clock)}

    async def once(self, path: Path, division: str, expected: Mapping[str, int]) -> Times:
        gc.collect()
        gc.disable()  # as the import does
        begun = time.perf_counter()
        sheet = await asyncio.to_thread(read, path, LEDGER)
        parsed = time.perf_counter()
        await _copy(self.bare, sheet)
        copied = time.perf_counter()
        gc.enable()
        del sheet
        await imports.check(LEDGER_IMPORTS, path, None, self.clock)
        checked = time.perf_counter()
        import_id = await self._accept(path, division)
        started = time.perf_counter()
        await jobs.run_one(self.database, self.handlers, LEASE, self.clock)
        ended = time.perf_counter()
        await self._require(import_id, expected)
        return Times(ended - started, parsed - begun, copied - parsed, checked - copied)

    async def _accept(self, path: Path, division: str) -> Any:
        caller = Caller("user:bench", "bench", frozenset(["office"]), prefix_of(division), division)
        content = await asyncio.to_thread(path.read_bytes)
        upload = Upload(path.name, content, division, ImportMode.all_or_nothing, False, False, None)
        with scope.within(caller.scope):
            async with self.database.session() as session:
                row = await imports.accept(session, LEDGER_IMPORTS, STORED, caller, upload, self.clock)
                await journal.commit(session, PROJECTS.name)
        return row["id"]

    async def _require(self, import_id: Any, expected: Mapping[str, int]) -> None:
        """A fast import that did something else is no import."""
        outcome = await self.bare.fetchval("select outcome - 'rows' from ledger_import where id = $1", import_id)
        found = orjson.loads(outcome or "{}")
        if any(found.get(name) != count for name, count in expected.items()):
            raise RuntimeError(f"the import gave {found} instead of {expected}")


async def _measure(stack: Stack, folder: Path, rounds: int) -> dict[str, list[Times]]:
    new, changed = folder / "new.xlsx", folder / "changed.xlsx"
    steps = (
        ("all new", new, {"created": ROWS}),
        ("half changed", changed, {"updated": ROWS // 2, "unchanged": ROWS // 2}),
        ("same file again", changed, {"unchanged": ROWS}),
    )
    database = Database(stack.database.app_url, pool_size=4, statement_timeout="300s")
    gateway = GatewayClient(stack.gateway, PROJECTS.name, SECRET)
    bare = await asyncpg.connect(stack.bare_url)
    found: dict[str, list[Times]] = {name: [] for name in CASES}
    try:
        bench = _Bench(stack, database, gateway, bare)
        while await jobs.run_one(database, bench.handlers, LEASE, bench.clock):
            pass  # what other parts of the bench left queued is not what is timed
        for division in DIVISIONS[: rounds + 1]:
            for name, path, expected in steps:
                times = await bench.once(path, division, expected)
                if division != DIVISIONS[0]:
                    found[name].append(times)
    finally:
        await bare.close()
        await gateway.close()
        await database.close()
    return found


def measure(stack: Stack, folder: Path, rounds: int = ROUNDS) -> dict[str, list[Times]]:
    """Times of every round by case; the county of a round is empty before its first case."""
    write_workbook(folder / "new.xlsx", changed=False)
    write_workbook(folder / "changed.xlsx", changed=True)
    return asyncio.run(_measure(stack, folder, rounds))


def median(times: Sequence[Times]) -> Times:
    """The median of each figure by itself."""
    return Times(*(statistics.median(getattr(t, f.name) for t in times) for f in fields(Times)))


def ratio(times: Sequence[Times]) -> float:
    """The median of the rounds' ratios."""
    return statistics.median(t.ratio for t in times)
