"""Two time axes: `as_of` is the day something was true, `known_at` the moment until which we had been told."""

import datetime as dt
import random
from typing import Any

import pytest

from shared.schemas.projects.facts import ConstructionStatus, ResolutionStatus
from tests.support.projects import County, Projects
from tests.support.sheets import ledger


async def sold(county: County, project: dict[str, Any], **query: str) -> int | None:
    found = await county.read(f"/projects/{project['id']}", **query)
    value: int | None = found["size"]["units_sold"]
    return value


async def test_a_correction_is_known_from_when_it_was_told(county: County, projects: Projects) -> None:
    project = await county.create("甲", size={"units_sold": 10}, effective_on="2026-11-01")
    told = projects.clock.now().isoformat()
    projects.clock.advance(dt.timedelta(hours=1))
    await county.change(project, size={"units_sold": 12}, effective_on="2026-11-01")
    assert await sold(county, project) == 12
    assert await sold(county, project, as_of="2026-11-01") == 12
    assert await sold(county, project, as_of="2026-11-01", known_at=told) == 10
    assert await sold(county, project, known_at=told) == 10
    before = await county.call("GET", f"/projects/{project['id']}", params={"as_of": "2026-10-31"})
    assert before.status_code == 404
    then = await county.read("/statistics", known_at=told)
    assert (then["units_sold"], (await county.read("/statistics"))["units_sold"]) == (10, 12)


async def test_a_sheet_of_an_earlier_day_is_history_and_overwrites_nothing(county: County) -> None:
    heads = ["项目名称", "总套数", "已售套数", "乡镇"]
    await county.load(ledger(heads, ["甲", 100, 20, "城关镇"], as_of="2026年10月31日"))
    result = await county.load(ledger(heads, ["甲", 100, 15, None], ["乙", 5, None, None], as_of="2026年9月30日"))
    assert [r["verdict"] for r in result["rows"]] == ["updated", "created"]
    named = await county.named()
    assert (named["甲"]["size"]["units_sold"], named["甲"]["effective_on"]) == (20, "2026-10-31")
    september = await county.read(f"/projects/{named['甲']['id']}", as_of="2026-09-30")
    assert september["size"]["units_total"] == 100, "what the earlier sheet says is kept, changed since or not"
    assert september["size"]["units_sold"] == 15
    assert september["location"]["township"] is None
    assert (await county.read("/statistics", as_of="2026-10-01"))["projects"] == 2
    assert (await county.read("/statistics", as_of="2026-10-31"))["units_sold"] == 20
    again = await county.load(ledger(heads, ["甲", 100, 15, None], ["乙", 5, None, None], as_of="2026年9月30日"))
    assert again["unchanged"] == 2


async def test_a_fact_changed_by_hand_for_an_earlier_day_is_history(county: County) -> None:
    project = await county.create("甲", size={"units_sold": 10, "units_total": 20}, effective_on="2026-11-10")
    changed = await county.change(
        project, size={"units_sold": 8, "units_total": 20}, money={"funding_gap_fen": 5}, effective_on="2026-11-05"
    )
    assert changed["size"]["units_sold"] == 10
    assert changed["money"]["funding_gap_fen"] == 5, "nothing later is known of it"
    early = await county.read(f"/projects/{project['id']}", as_of="2026-11-06")
    assert (early["name"], early["size"]["units_sold"], early["size"]["units_total"]) == ("甲", 8, 20)
    assert early["lists"] == []
    unchanged = await county.change(changed, size={"units_sold": 8}, effective_on="2026-11-07")
    assert unchanged["version"] == changed["version"]


@pytest.mark.parametrize("seed", range(6))
async def test_rows_of_today_are_the_rows_rebuilt_from_history(county: County, projects: Projects, seed: int) -> None:
    """Random statements for random days by hand, by status and by sheet: both paths must tell the same."""
    rng = random.Random(seed)
    labels = {"stopped": "停工", "partly_stopped": "半停工", "behind_schedule": "进度滞后", "on_schedule": "正常施工"}
    names = ["甲", "乙", "丙"]

    def day() -> str:
        return f"2026-{rng.randint(8, 10):02d}-{rng.randint(1, 28):02d}"

    for name in names[:2]:
        await county.create(
            name,
            effective_on=day(),
            construction_status=rng.choice([None, *ConstructionStatus]),
            resolution_status=rng.choice([None, *ResolutionStatus]),
            size={"units_sold": 1, "gfa_m2": "1.50"},
            aliases=["乙二", "乙一"],
        )
    for _ in range(12):
        project = (await county.named())[rng.choice(names[:2])]
        kind = rng.choice(["patch", "move", "resolve", "sheet"])
        if kind == "patch":
            facts: dict[str, Any] = rng.choice(
                [
                    {"size": {"units_sold": rng.randint(0, 5)}},
                    {"size": {"units_sold": None, "gfa_m2": str(rng.randint(0, 9) / 2)}},
                    {"work": {"problem_types": rng.sample(["legal", "funding", "quality"], 2)}},
                    {"lists": ["whitelist"]},
                ]
            )
            await county.change(project, **facts, effective_on=day())
        elif kind == "move":
            await county.move(project, "construction", rng.choice(list(labels)), effective_on=day())
        elif kind == "resolve":
            await county.move(project, "resolution", rng.choice(list(ResolutionStatus)), effective_on=day())
        else:
            rows = [
                [n, rng.randint(0, 5), rng.choice([*labels.values(), None]), rng.choice(["城关镇", "不详", None])]
                for n in rng.sample(names, 2)
            ]
            year, month, date = map(int, day().split("-"))
            sheet = ledger(["项目名称", "已售套数", "建设状态", "乡镇"], *rows, as_of=f"{year}年{month}月{date}日")
            await county.load(sheet, clear_unknown=rng.choice(["true", "false"]))
    known_at = projects.clock.now().isoformat()
    for project in await county.every("/projects"):
        now = await county.read(f"/projects/{project['id']}")
        then = await county.read(f"/projects/{project['id']}", known_at=known_at)
        differing = {k for k in now if now[k] != then[k]} - {"version", "updated_at", "created_at", "effective_on"}
        assert differing == set(), project["name"]
    now, then = await county.read("/statistics"), await county.read("/statistics", known_at=known_at)
    assert {k: v for k, v in now.items() if k != "known_at"} == {k: v for k, v in then.items() if k != "known_at"}
    last = now["resolution_by_week"][-1]["resolution_rate"]
    assert last == now["resolution_rate"]
    # Every day in between can be answered, too.
    for _ in range(4):
        await county.read("/statistics", as_of=day())


async def test_what_a_later_sheet_restates_is_not_overwritten_by_one_of_a_day_between(county: County) -> None:
    def sheet(total: int, status: str, as_of: str) -> bytes:
        return ledger(["项目名称", "总套数", "建设状态"], ["甲", total, status], as_of=as_of)

    await county.load(sheet(100, "停工", "2026年8月31日"))
    again = await county.load(sheet(100, "停工", "2026年10月31日"))
    assert (again["rows"][0]["verdict"], again["rows"][0]["changed"]) == ("unchanged", [])
    assert (await county.load(sheet(100, "停工", "2026年10月31日")))["unchanged"] == 1
    between = await county.load(sheet(120, "正常施工", "2026年9月30日"))
    assert between["rows"][0]["verdict"] == "updated"
    project = (await county.named())["甲"]
    assert (project["size"]["units_total"], project["construction_status"], project["resumption"]) == (
        100,
        "stopped",
        None,
    )
    assert project["version"] == 3
    for day, total, status, claim in (
        ("2026-09-29", 100, "stopped", None),
        ("2026-09-30", 120, "on_schedule", "claimed"),
        ("2026-10-31", 100, "stopped", None),
    ):
        then = await county.read(f"/projects/{project['id']}", as_of=day)
        assert (then["size"]["units_total"], then["construction_status"], then["resumption"]) == (total, status, claim)
