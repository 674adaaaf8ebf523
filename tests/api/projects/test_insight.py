"""What the ledger says as a whole, on the two seed ledgers and on small ones that can be counted by hand."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

from shared.schemas.base import SHANGHAI
from shared.schemas.projects.statistics import ProjectStatistics
from tests.support.projects import County, Projects
from tests.support.sheets import ledger

DATA = Path("tests/data")
DEMO, SEED = (DATA / name for name in ("demo-999901-ledger.xlsx", "county-999902-ledger.xlsx"))


async def test_statistics_of_the_demo_ledger_are_exactly_the_expected_ones(county: County) -> None:
    result = await county.load(DEMO.read_bytes())
    assert (result["state"], result["created"], result["rejected"]) == ("succeeded", 24, 0)
    expected: dict[str, Any] = json.loads((DATA / "demo-expected.json").read_text())["ledger"]
    found = await county.read("/statistics", as_of="2024-11-30")
    figures = found | {
        "resolution_rate": found["resolution_rate"]["value"],
        "delay_days": {d["name"]: d["delay_days"] for d in found["delay_days"]},
    }
    assert {name: figures[name] for name in expected} == expected
    assert found["resolution_rate"]["numerator"] == 1
    assert found["resolution_rate"]["denominator"] == 24
    assert (await county.read("/statistics", as_of="2024-11-29"))["projects"] == 0


async def test_the_seed_ledger_states_seven_projects_and_holds_six(county: County) -> None:
    result = await county.load(SEED.read_bytes())
    assert result["created"] == 6
    stated = next(t for t in result["stated_totals"] if t["fact"] == "projects")
    assert (stated["stated"], stated["counted"], stated["agrees"]) == ("7", "6", False)
    listed = await county.every("/contradictions")
    total = [c for c in listed if c["project_id"] is None and "projects" in json.dumps(c["facts"])]
    assert total, "the stated total is among the contradictions"
    assert any(c["project_name"] == "御水名都" and c["settle"] for c in listed)
    pages = await county.read("/contradictions", limit=1)
    assert len(pages["items"]) == 1
    assert (await county.every("/contradictions", limit=1)) == listed


async def test_statistics_without_anything_have_no_rates(county: County) -> None:
    found = await county.read("/statistics")
    assert found["projects"] == 0
    assert found["resolution_rate"] == {
        "formula": "resolved / projects",
        "numerator": 0,
        "denominator": 0,
        "value": None,
    }
    assert found["delivery_rate"]["value"] is None
    assert found["scope"] == [county.code]


async def test_slices_and_sums_count_what_is_stated(county: County) -> None:
    firm = {"developer": "甲房地产有限公司"}
    await county.create(
        "一", location={"township": "城关镇"}, parties=firm, size={"units_sold": 10, "units_delivered": 4}
    )
    await county.create("二", location={"township": "城关镇"}, parties={"developer": "甲房地产有限责任公司"})
    await county.create("三", parties={"developer": "乙公司"}, size={"units_sold": 0}, money={"funding_gap_fen": 0})
    found = await county.read("/statistics")
    assert found["developers"] == 2
    assert [(s["label"], s["projects"]) for s in found["by_township"]] == [("城关镇", 2), ("（未填）", 1)]
    assert found["by_township"][0]["units_undelivered"] == 6
    assert found["sums"]["units_sold"] == {"value": "10", "known": 2}
    assert (found["funding_gap_known"], found["funding_gap_fen"]) == (1, 0)
    assert found["by_construction_status"] == {"unknown": 3}
    narrowed = await county.read("/statistics", township="城关镇")
    assert narrowed["projects"] == 2


async def test_a_repeated_problem_type_counts_once(county: County) -> None:
    await county.create(
        "一", work={"problem_types": ["legal", "funding", "legal"]}, parties={"banks": ["乙行", "甲行", "乙行"]}
    )
    assert (await county.read("/statistics"))["by_problem"] == {"funding": 1, "legal": 1}
    assert (await county.read("/statistics", known_at="2027-01-01T00:00:00+08:00"))["by_problem"] == {
        "funding": 1,
        "legal": 1,
    }


async def test_the_weekly_rate_ends_on_the_rate_of_the_day(county: County, projects: Projects) -> None:
    a = await county.create("一", resolution_status="unresolved", effective_on="2026-10-05")
    await county.create("二", resolution_status="unresolved", effective_on="2026-10-20")
    await county.create("三", effective_on="2026-11-02")
    await county.move(a, "resolution", "resolved", effective_on="2026-11-11")
    found = await county.read("/statistics", as_of="2026-11-18")
    weeks = {
        w["week_ending"]: (w["resolution_rate"]["numerator"], w["resolution_rate"]["denominator"])
        for w in found["resolution_by_week"]
    }
    assert len(weeks) == 12
    assert weeks["2026-09-27"] == (0, 0)
    assert weeks["2026-10-11"] == (0, 1)
    assert weeks["2026-10-25"] == (0, 2)
    assert weeks["2026-11-08"] == (0, 3)
    assert weeks["2026-11-15"] == (1, 3)
    assert weeks["2026-11-18"] == (1, 3)
    assert found["resolution_rate"]["denominator"] == 3
    assert found["resolution_by_week"][-1]["resolution_rate"] == found["resolution_rate"]


async def test_the_weekly_rate_knows_a_status_stated_for_an_earlier_day(county: County) -> None:
    a = await county.create("一", effective_on="2026-11-10")
    await county.load(ledger(["项目名称", "化解状态"], ["一", "已化解"], as_of="2026年10月31日"))
    found = await county.read("/statistics")
    assert found["resolution_rate"]["numerator"] == 1
    weeks = {w["week_ending"]: w["resolution_rate"]["value"] for w in found["resolution_by_week"]}
    assert weeks["2026-11-01"] == "1.0000"
    assert weeks["2026-11-22"] == "1.0000"
    assert weeks["2026-10-25"] is None
    assert a["resolution_status"] is None


async def test_today_is_the_day_in_shanghai(county: County, projects: Projects) -> None:
    projects.clock.set(dt.datetime(2026, 11, 23, 0, 30, tzinfo=SHANGHAI))
    created = await county.create("一")
    assert created["effective_on"] == "2026-11-23"
    assert (await county.read("/statistics"))["as_of"] == "2026-11-23"
    result = await county.load(ledger(["项目名称", "总套数"], ["二", 3]))
    assert result["as_of"] == "2026-11-23"


async def test_a_later_day_than_today_is_refused(county: County) -> None:
    for path in ("/statistics", "/contradictions"):
        answer = await county.call("GET", path, params={"as_of": "2026-11-24"})
        assert answer.status_code == 422, answer.text


async def test_names_nobody_knows_are_listed_for_mapping(county: County, projects: Projects) -> None:
    await county.create("一", work={"responsible_unit": "县不存在局", "lead_official": "何磊（副县长（政法））"})
    await county.create("二", work={"responsible_unit": "县不存在局"})
    listed = {n["name"]: n for n in await county.every("/unmapped-names", limit=1)}
    assert listed["县不存在局"]["projects"] == 2
    assert listed["县不存在局"]["kind"] == "unit"
    assert listed["何磊（副县长（政法））"]["kind"] == "person"
    imported = await county.load(ledger(["项目名称", "责任单位"], ["三", "县另一局"]))
    assert imported["unmapped_names"] == ["县另一局"]
    refused = await county.call("GET", "/unmapped-names", params={"kind": "stalled_housing"})
    assert refused.status_code == 422


async def test_labels_are_chinese(county: County) -> None:
    found = await county.read("/labels")
    assert found["ConstructionStatus"]["stopped"] == "停工"


async def test_the_answer_is_the_contract(county: County) -> None:
    answer = await county.call("GET", "/statistics")
    ProjectStatistics.model_validate_json(answer.text)
