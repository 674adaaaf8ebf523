"""Who can be believed, who is silent, and what a whole county's progress comes to."""

import datetime as dt

import pytest

from services.projects.progress import service
from shared.chassis.scope import enter
from tests.support.projects import County, Projects, Statements
from tests.support.site import CLAIM, TASKFORCE, Site, answered_for, peopled, refused


@pytest.fixture
async def site(county: County) -> Site:
    return await answered_for(await peopled(county))


async def test_reliability_needs_three_checks_and_falls_with_what_was_made_up(site: Site) -> None:
    async def score() -> tuple[int, str | None, int]:
        (unit,) = await site.county.every("/reliability", unit_code="QY")
        assert (unit["unit_name"], unit["role"], unit["needed"]) == ("甲置业有限公司", "enterprise", 3)
        return unit["samples"], unit["score"], unit["overstated"]

    checked = [("62.5", 90_000_000), ("50", 90_000_000)]
    for day, (pct, fen) in enumerate(checked, start=1):
        await site.report(effective_on=f"2026-11-{day:02}")
        await site.inspect(effective_on=f"2026-11-{day:02}", progress_pct=pct, money_in_place_fen=fen)
    assert await score() == (2, None, 1)
    await site.inspect(progress_pct="50")
    assert await score() == (3, "0.9000", 2)  # (1 + (0.8 + 1) ÷ 2 + 0.8) ÷ 3
    await site.post("progress-reports", CLAIM, **TASKFORCE)
    listed = {unit["unit_code"]: unit for unit in await site.county.every("/reliability", limit=1)}
    assert (listed["ZB"]["samples"], listed["ZB"]["score"]) == (0, None)
    assert set(listed) == {"QY", "ZB"}
    enter(site.county.code)
    async with site.county.projects.database.session() as session:
        found = await service.reliability(session, site.county.code, "QY")
        assert found is not None
        assert (found.samples, str(found.score)) == (3, "0.9000")
        assert await service.reliability(session, site.county.code, "QY2") is None


async def test_who_owes_a_report_and_since_when(site: Site) -> None:
    async def missed() -> list[tuple[str, str, int, dt.date]]:
        enter(site.county.code)
        async with site.county.projects.database.session() as session:
            found = await service.missed_reports(session, site.county.code, dt.date(2026, 11, 23))
        return [(str(m.project_id), m.unit_code, m.missed, m.since) for m in found]

    assert await missed() == [(site.id, "QY", 11, dt.date(2026, 9, 1))]  # since the duty began
    await site.post("progress-reports", CLAIM | {"effective_on": "2026-11-08"}, **TASKFORCE)
    assert await missed() == [(site.id, "QY", 2, dt.date(2026, 11, 8))]
    await site.post("progress-reports", CLAIM | {"effective_on": "2026-11-09"}, **TASKFORCE)
    assert await missed() == [(site.id, "QY", 1, dt.date(2026, 11, 9))], "the second is due today"
    await site.report(effective_on="2026-11-16")
    assert await missed() == []
    await answered_for(site.county, "已化解", resolution_status="resolved")
    assert await missed() == []


async def test_a_countys_summaries_take_four_queries(site: Site, statements: Statements) -> None:
    for n in range(5):
        other = await answered_for(site.county, f"第{n}个项目")
        await other.report(effective_on="2026-11-10", progress_pct="40")
        await other.report(effective_on="2026-11-17")
        await other.inspect(progress_pct="50")
    before = len(statements)
    found = await site.county.every("/progress-summaries")
    asked = [t for t in statements.texts[before:] if "set_config" not in t and t not in ("BEGIN", "COMMIT")]
    assert len(asked) == 4, asked
    assert len(found) == 6
    told = {p["name"]: (p["claimed"] and p["claimed"]["progress_pct"], p["checked"]) for p in found}
    assert told["御景名都"] == (None, None)
    assert told["第3个项目"][0] == "62.5"
    assert {p["checked"]["variance"]["work_points"] for p in found if p["checked"]} == {"12.5"}
    pages = await site.county.every("/progress-summaries", limit=2)
    assert pages == found
    assert await site.county.every("/progress-summaries", resumption="verified") == []


async def test_summaries_are_of_one_county(projects: Projects) -> None:
    token = projects.token("leader", "110100")
    answer = await projects.call(token, "GET", "/progress-summaries")
    assert refused(answer) == (422, "invalid")
    assert answer.json()["errors"][0]["code"] == "division_required"


async def test_a_machine_reads_the_summary(site: Site) -> None:
    for role in ("service", "platform"):
        answer = await site.county.call("GET", f"/projects/{site.id}/progress-summary", role=role)
        assert answer.status_code == 200, answer.text
