"""Import: verdicts, dry run, modes, unknown and blank, matching, the result workbook."""

import random
from collections.abc import Mapping
from typing import Any

import pytest

from tests.support.ledgers import HEADS, stored
from tests.support.projects import County
from tests.support.sheets import cells_of, ledger


def by_name(result: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    return {row["name"]: row for row in result["rows"]}


async def test_every_row_has_its_verdict_and_every_error_its_cell(county: County) -> None:
    await county.create("甲小区", size={"units_total": 100})
    await county.create("乙小区", size={"units_total": 50})
    sheet = ledger(
        HEADS,
        ["甲小区", None, "120套", None, None],
        ["乙小区", None, 50, None, None],
        ["丙小区", "丙公司", "1,000", "９００", "停工"],
        ["丁小区", None, "很多", "负三", "什么"],
    )
    result = await county.load(sheet)
    rows = by_name(result)
    assert {name: row["verdict"] for name, row in rows.items()} == {
        "甲小区": "updated",
        "乙小区": "unchanged",
        "丙小区": "created",
        "丁小区": "rejected",
    }
    assert rows["甲小区"]["changed"] == ["units_total"]
    assert [e["pointer"] for e in rows["丁小区"]["errors"]] == ["台账!C6", "台账!D6", "台账!E6"]
    assert "很多" not in str(rows["丁小区"]["errors"])
    assert result["rows_done"] == result["rows_total"] == 4
    named = await county.named()
    assert named["丙小区"]["size"]["units_sold"] == 900
    assert named["丙小区"]["construction_status"] == "stopped"
    assert "丁小区" not in named
    listed = await county.every("/imports")
    assert [i["id"] for i in listed] == [result["id"]]
    only = await county.read(f"/imports/{result['id']}", verdict="rejected")
    assert [r["name"] for r in only["rows"]] == ["丁小区"]
    assert (await county.read(f"/imports/{result['id']}", after_row=4, limit=1))["rows"][0]["name"] == "丙小区"


async def test_all_or_nothing_writes_nothing_when_one_row_is_refused(county: County) -> None:
    sheet = ledger(HEADS, ["甲小区", None, 1, None, None], ["乙小区", None, "很多", None, None])
    result = await county.load(sheet, mode="all_or_nothing")
    assert result["state"] == "rejected"
    assert await county.named() == {}
    assert [r["project_id"] for r in result["rows"]] == [None, None]
    assert (await stored(county))["outbox"] == 0
    good = await county.load(ledger(HEADS, ["甲小区", None, 1, None, None]), mode="all_or_nothing")
    assert good["state"] == "succeeded"
    assert set(await county.named()) == {"甲小区"}


async def test_the_same_file_twice_changes_nothing(county: County) -> None:
    sheet = ledger(
        HEADS, ["甲小区", "甲公司", 1, 0, "停工"], ["乙小区", None, "约20", None, None], as_of="2026年10月31日"
    )
    await county.load(sheet)
    before, projects = await stored(county), await county.every("/projects")
    result = await county.load(sheet)
    assert (result["unchanged"], result["updated"], result["created"]) == (2, 0, 0)
    assert await county.every("/projects") == projects
    after = await stored(county)
    assert after["stored_file"] == before["stored_file"] == 1
    # The upload itself is an act of its own; nothing about a project is.
    assert after["audit_entry"] == before["audit_entry"] + 1
    assert {t: after[t] for t in ("project", "project_change", "outbox")} == {
        t: before[t] for t in ("project", "project_change", "outbox")
    }


async def test_the_same_old_file_again_after_a_later_change_changes_nothing(county: County) -> None:
    sheet = ledger(HEADS, ["甲小区", "甲公司", 1, 0, "停工"], as_of="2026年10月31日")
    await county.load(sheet)
    project = (await county.named())["甲小区"]
    await county.change(project, size={"units_total": 5}, effective_on="2026-11-05")
    for _ in range(2):
        result = await county.load(sheet)
        assert result["unchanged"] == 1, result["rows"]
    project = (await county.named())["甲小区"]
    assert (project["version"], project["size"]["units_total"]) == (2, 5)


@pytest.mark.parametrize(("clear", "left"), [("false", 7), ("true", None)])
async def test_blank_says_nothing_and_unknown_replaces_only_when_asked(
    county: County, clear: str, left: int | None
) -> None:
    await county.create("甲小区", size={"units_total": 7, "units_sold": 3}, parties={"developer": "甲公司"})
    sheet = ledger(["项目名称", "总套数", "已售套数"], ["甲小区", "不详", None])
    result = await county.load(sheet, clear_unknown=clear)
    assert result["rows"][0]["verdict"] == ("updated" if clear == "true" else "unchanged")
    project = (await county.named())["甲小区"]
    assert project["size"]["units_total"] == left
    assert project["size"]["units_sold"] == 3
    assert project["parties"]["developer"] == "甲公司"


async def test_a_row_finds_its_project_by_code_name_or_alias(county: County) -> None:
    coded = await county.create("甲小区", project_code="JX-01")
    await county.create("碧桂园·未来城", aliases=["未来城一期"])
    result = await county.load(
        ledger(
            ["项目编号", "项目名称", "总套数"],
            ["JX-01", "甲小区（改名）", 1],
            [None, "碧桂园 未来城（项目）", 2],
        )
    )
    assert [r["verdict"] for r in result["rows"]] == ["updated", "updated"], result["rows"]
    assert result["rows"][0]["project_id"] == coded["id"]
    again = await county.load(ledger(["项目名称", "总套数"], ["未来城1期", 3]))
    assert again["rows"][0]["verdict"] == "updated"
    named = await county.named()
    assert "未来城1期" not in named
    assert len(named) == 2


async def test_several_candidates_are_listed_and_the_developer_decides(county: County) -> None:
    first = await county.create("锦绣城", parties={"developer": "甲公司"})
    second = await county.create("锦绣城", parties={"developer": "乙公司"})
    blind = await county.load(ledger(["项目名称", "总套数"], ["锦绣城", 1]))
    (error,) = blind["rows"][0]["errors"]
    assert error["code"] == "several_candidates"
    assert first["project_code"] in error["message"]
    assert second["project_code"] in error["message"]
    told = await county.load(ledger(["项目名称", "开发企业", "总套数"], ["锦绣城", "乙公司", 1]))
    assert told["rows"][0]["project_id"] == second["id"]
    other = await county.load(ledger(["项目名称", "开发企业", "总套数"], ["锦绣城", "丙公司", 1]))
    assert other["rows"][0]["verdict"] == "created"


async def test_a_row_that_repeats_another_is_refused(county: County) -> None:
    result = await county.load(ledger(["项目名称", "总套数"], ["锦绣城", 1], ["锦绣城项目", 2]))
    assert [r["verdict"] for r in result["rows"]] == ["created", "rejected"]
    assert result["rows"][1]["errors"][0]["code"] == "row_repeated"


async def test_a_row_cannot_take_the_name_or_the_code_of_another(county: County) -> None:
    await county.create("甲小区", project_code="JX-01")
    await county.create("乙小区", project_code="JX-02")
    result = await county.load(
        ledger(
            ["项目编号", "项目名称", "总套数"],
            ["JX-01", "乙小区", 1],
            ["JX-07", "丙小区", 1],
            ["JX-07", "丁小区", 1],
        )
    )
    codes = [[e["code"] for e in r["errors"]] for r in result["rows"]]
    assert codes == [["name_taken"], [], ["code_repeated"]], result
    assert result["state"] == "succeeded"
    assert set(await county.named()) == {"甲小区", "乙小区", "丙小区"}


async def test_serial_numbers_are_no_codes(county: County) -> None:
    result = await county.load(ledger(["编号", "项目名称", "总套数"], [1, "甲", 1], [2, "乙", 1]))
    assert [r["project_code"] for r in result["rows"]] == [f"{county.code}-0001", f"{county.code}-0002"]


async def test_the_result_is_the_same_workbook_with_a_verdict_beside_each_row(county: County) -> None:
    sheet = ledger(HEADS, ["甲小区", None, 1, None, None], ["乙小区", None, "很多", None, None])
    accepted = await county.upload(sheet)
    early = await county.call("GET", f"/imports/{accepted.json()['id']}/result")
    assert early.status_code == 409
    await county.projects.run_jobs()
    answer = await county.call("GET", f"/imports/{accepted.json()['id']}/result")
    assert answer.status_code == 200
    cells = cells_of(answer.content)
    assert [row[:5] for row in cells] == [row[:5] for row in cells_of(sheet)]
    assert [row[5] for row in cells[2:]] == ["新增", "未导入"]
    assert "C4" in str(cells[3][6])


def random_ledger(rng: random.Random) -> bytes:
    """Rows that create, repeat, contradict and fail."""
    names = ["甲小区", "乙小区", "丙花园", "丙花园（项目）", "丁城", "戊湾一期", "戊湾第1期", ""]
    cells: dict[str, list[Any]] = {
        "总套数": [1, "120套", "约300", "不详", None, "很多", -1],
        "已售套数": [0, "９", None, "—"],
        "开发企业": ["甲公司", "乙公司", None, None],
        "建设状态": ["停工", "正常施工", "已交付", "什么", None, None],
        "化解状态": ["已化解", "正在化解", None],
        "完成工程量（%）": ["约35%", 0.5, None, "120%"],
    }
    heads = rng.sample(sorted(cells), rng.randint(1, len(cells)))
    rows = [[rng.choice(names), *(rng.choice(cells[h]) for h in heads)] for _ in range(rng.randint(1, 8))]
    day = rng.choice(["2026年11月20日", "2026年10月31日", None])
    return ledger(["项目名称", *heads], *rows, as_of=day)


@pytest.mark.parametrize("seed", range(8))
async def test_a_dry_run_gives_the_verdict_of_the_real_run(county: County, seed: int) -> None:
    rng = random.Random(seed)
    await county.create("甲小区", parties={"developer": "甲公司"}, construction_status="stopped")
    for _ in range(4):
        sheet, mode = random_ledger(rng), rng.choice(["all_or_nothing", "row_by_row"])
        clear = rng.choice(["true", "false"])
        before = await county.every("/projects")
        rehearsed = await county.load(sheet, dry_run=True, mode=mode, clear_unknown=clear)
        assert await county.every("/projects") == before
        real = await county.load(sheet, mode=mode, clear_unknown=clear)
        ignored = {"id", "dry_run", "created_at", "finished_at", "rows"}
        assert {k: v for k, v in rehearsed.items() if k not in ignored} == {
            k: v for k, v in real.items() if k not in ignored
        }
        told = [
            [{k: v for k, v in row.items() if k not in ("project_id", "project_code")} for row in run["rows"]]
            for run in (rehearsed, real)
        ]
        assert told[0] == told[1]
