"""作战图: what each plan says, filtered, in as few queries for a county as for a project."""

import datetime as dt
from typing import Any
from uuid import UUID

import pytest

from services.projects.plan import service
from shared.schemas.projects.plan import BattleMap
from tests.support.plans import KEPT, Site, as_service, new_site, node
from tests.support.projects import County, Projects, Statements


@pytest.fixture
async def site(county: County) -> Site:
    return await new_site(county)


async def test_the_battle_map_is_what_each_plan_says(site: Site, projects: Projects) -> None:
    county = site.county
    made = await site.planned()
    await site.act("permit", "complete", KEPT)
    await as_service(site, service.block, [UUID(made["milestones"][2]["id"])], "decision:1", "规划调整")
    other = Site(county, await county.create('锦绣花园"二期"', parties={"developer": "甲公司"}))
    await other.planned(promised_on="2026-11-27", milestones=[node("only", 9, name='引号"与\\斜杠')])
    bare = await county.create("无计划项目")
    projects.clock.advance(dt.timedelta(days=20))
    seen = await county.read("/battle-map")
    BattleMap.model_validate(seen)
    assert (seen["division_code"], seen["as_of"]) == (county.code, "2026-12-13")
    assert seen["counts"] == {"green": 0, "yellow": 0, "red": 2}
    assert [one["project_id"] for one in seen["unplanned"]] == [bare["id"]]
    for shown, plan_of in zip(seen["projects"], (site, other), strict=True):
        plan = await county.read(plan_of.path)
        assert shown["project_id"] == plan["project_id"]
        for name in ("path", "promised_on", "forecast", "done_on", "lag_days", "can_be_kept", "colour"):
            assert shown[name] == plan[name], name
        for drawn, full in zip(shown["milestones"], plan["milestones"], strict=True):
            assert drawn | {"blocked": full["blocked"]} == {name: full[name] for name in drawn}
            assert drawn["blocked"] == len(full["blocked"])
    assert [m["blocked"] for m in seen["projects"][0]["milestones"]] == [0, 0, 1, 0]


async def test_the_battle_map_is_filtered(site: Site) -> None:
    county = site.county
    await site.planned()
    east = Site(county, await county.create("城东项目", location={"township": "城东街道"}))
    await east.planned()
    solved = await county.create("已化解项目", resolution_status="resolved")

    async def names(**query: Any) -> list[str]:
        return [one["name"] for one in (await county.read("/battle-map", **query))["projects"]]

    assert await names() == ["御景名都", "城东项目"]
    assert await names(township="城东街道") == ["城东项目"]
    assert await names(lead_code="P1") == []
    await county.call("POST", f"/projects/{east.id}/duty", json={"role": "lead", "person_code": "P1"})
    assert await names(lead_code="P1") == ["城东项目"]
    led = (await county.read("/battle-map", lead_code="P1"))["projects"][0]
    assert (led["lead_code"], led["lead_name"]) == ("P1", "王工")
    unplanned = (await county.read("/battle-map", resolved="true"))["unplanned"]
    assert [one["project_id"] for one in unplanned] == [solved["id"]]


async def test_from_above_one_county_is_named(site: Site, projects: Projects) -> None:
    await site.planned()
    token = projects.token("leader", f"{site.county.code[:4]}00")
    whole = await projects.call(token, "GET", "/battle-map")
    assert whole.json()["errors"][0]["pointer"] == "query:division_code"
    one = await projects.call(token, "GET", "/battle-map", params={"division_code": site.county.code})
    assert [project["name"] for project in one.json()["projects"]] == ["御景名都"]


async def test_the_battle_map_takes_six_queries_at_any_size(site: Site, statements: Statements) -> None:
    async def counted() -> int:
        statements.texts.clear()
        await site.county.read("/battle-map")
        return len([text for text in statements.texts if text not in ("BEGIN", "COMMIT")])

    assert await counted() <= 6
    await site.planned()
    for number in range(5):
        await Site(site.county, await site.county.create(f"{number} 号项目")).planned()
    assert await counted() <= 6
