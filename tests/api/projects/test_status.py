"""The two state machines on the wire: claims, first statements, refused moves, history."""

import datetime as dt

import pytest

from shared.schemas.projects.facts import ConstructionStatus
from tests.support.projects import County, Projects
from tests.support.sheets import ledger


async def test_leaving_a_standstill_by_hand_is_a_claim(county: County) -> None:
    project = await county.create("甲", construction_status="stopped", effective_on="2026-11-01")
    moved = await county.move(
        project, "construction", "on_schedule", evidence_note="县纪〔2026〕3号", effective_on="2026-11-10"
    )
    assert moved.status_code == 200, moved.text
    assert (moved.json()["construction_status"], moved.json()["resumption"]) == ("on_schedule", "claimed")
    assert moved.headers["etag"] == '"2"'
    now = await county.read("/statistics")
    assert now["by_construction_status"] == {"stopped": 1}
    assert now["resumption_claimed"] == 1
    before = await county.read("/statistics", as_of="2026-11-09")
    assert (before["by_construction_status"], before["resumption_claimed"]) == ({"stopped": 1}, 0)
    (change, _) = (await county.read(f"/projects/{project['id']}/history"))["items"]
    assert (change["action"], change["reason"], change["evidence_note"], change["actor"], change["effective_on"]) == (
        "construction_status",
        "现场核查",
        "县纪〔2026〕3号",
        "user:1",
        "2026-11-10",
    )
    assert change["facts"] == {"construction_status": "on_schedule", "resumption": "claimed"}

    stood_again = await county.move(moved.json(), "construction", "stopped")
    assert (stood_again.json()["construction_status"], stood_again.json()["resumption"]) == ("stopped", None)


async def test_leaving_a_standstill_by_import_is_a_claim_too(county: County) -> None:
    heads = ["项目名称", "建设状态"]
    await county.load(ledger(heads, ["甲", "半停工"], ["乙", "正常施工"], as_of="2026年10月31日"))
    await county.load(ledger(heads, ["甲", "正常施工"], ["乙", "进度滞后"], as_of="2026年11月20日"))
    named = await county.named()
    assert (named["甲"]["construction_status"], named["甲"]["resumption"]) == ("on_schedule", "claimed")
    assert named["乙"]["resumption"] is None
    assert (await county.read("/statistics"))["by_construction_status"] == {"behind_schedule": 1, "partly_stopped": 1}


async def test_a_claim_for_a_past_day_is_a_claim_on_that_day(county: County) -> None:
    heads = ["项目名称", "建设状态"]
    for day, status in (("2026年9月30日", "停工"), ("2026年11月20日", "停工"), ("2026年10月31日", "正常施工")):
        await county.load(ledger(heads, ["甲", status], as_of=day))
    october = await county.read("/statistics", as_of="2026-10-31")
    assert (october["by_construction_status"], october["resumption_claimed"]) == ({"stopped": 1}, 1)


@pytest.mark.parametrize("status", list(ConstructionStatus))
async def test_a_first_statement_is_taken_as_stated(county: County, status: ConstructionStatus) -> None:
    project = await county.create("甲")
    moved = (await county.move(project, "construction", status)).json()
    assert (moved["construction_status"], moved["resumption"]) == (status, None)
    assert (await county.read("/statistics"))["by_construction_status"] == {status: 1}


async def test_moves_the_machine_does_not_know_are_refused(county: County) -> None:
    project = await county.create("甲", construction_status="stopped", resolution_status="resolving")
    delivered = await county.move(project, "construction", "delivered")
    assert (delivered.status_code, delivered.json()["code"]) == (409, "transition_not_allowed")
    assert "半停工" in delivered.json()["detail"]
    reserve = await county.move(project, "resolution", "reserve")
    assert (reserve.status_code, reserve.json()["code"]) == (409, "transition_not_allowed")
    earlier = await county.move(project, "resolution", "resolved", effective_on="2026-11-22")
    assert (earlier.status_code, earlier.json()["code"]) == (409, "earlier_than_last")
    future = await county.move(project, "resolution", "resolved", effective_on="2026-11-24")
    assert (future.status_code, future.json()["code"]) == (422, "future_date")
    unreasoned = await county.move(project, "resolution", "resolved", reason=" ")
    assert unreasoned.status_code == 422
    imported = await county.load(ledger(["项目名称", "总套数", "建设状态"], ["甲", 1, "已交付"]))
    (error,) = imported["rows"][0]["errors"]
    assert (error["pointer"], error["code"]) == ("台账!C3", "transition_not_allowed")
    assert (await county.read(f"/projects/{project['id']}"))["version"] == 1


async def test_the_machines_move_apart_and_what_cannot_both_be_true_is_listed(county: County) -> None:
    project = await county.create(
        "甲", construction_status="completed", resolution_status="resolving", effective_on="2026-11-01"
    )
    moved = await county.move(project, "construction", "delivered")
    assert moved.json()["resolution_status"] == "resolving"
    listed = await county.every("/contradictions")
    assert [c["rule"] for c in listed if c["project_id"] == project["id"]] == ["LEDGER-01"]
    settled = await county.move(moved.json(), "resolution", "resolved", effective_on="2026-11-22")
    assert settled.json()["resolution_status"] == "resolved"
    assert await county.every("/contradictions") == []
    back = await county.move(settled.json(), "resolution", "unresolved", reason="交付后渗漏，业主集体上访")
    assert back.status_code == 200


@pytest.mark.parametrize("stated", [{}, {"resolution_status": "resolving", "effective_on": "2026-11-01"}])
async def test_nobody_just_says_that_a_project_of_the_ledger_is_resolved(
    county: County, stated: dict[str, str]
) -> None:
    project = await county.create("甲", **stated)
    refused = await county.move(project, "resolution", "resolved")
    assert (refused.status_code, refused.json()["code"]) == (409, "needs_closeout")
    assert "申请销号" in refused.json()["detail"]
    heads = ["项目名称", "总套数", "建设状态", "化解状态"]
    imported = await county.load(ledger(heads, ["甲", 9, "正常施工", "已化解"]))
    (row,) = imported["rows"]
    assert (row["verdict"], [(e["pointer"], e["code"]) for e in row["errors"]]) == (
        "rejected",
        [("台账!D3", "needs_closeout")],
    )
    assert (await county.read(f"/projects/{project['id']}"))["version"] == 1
    before = await county.move(project, "resolution", "resolved", effective_on="2026-11-22")
    assert (before.status_code, before.json()["resolution_status"]) == (200, "resolved")
    again = await county.load(ledger(heads, ["甲", 9, "正常施工", "已化解"]))
    assert again["updated"] == 1, "what is resolved may go on being said"


async def test_a_sheet_tells_what_was_resolved_before_it_came_and_nothing_later(
    county: County, projects: Projects
) -> None:
    heads = ["项目名称", "化解状态"]
    await county.load(ledger(heads, ["甲", "未化解"], ["乙", "已化解"], as_of="2026年9月30日"))
    projects.clock.advance(dt.timedelta(days=30))
    for day, verdict in (("2026年11月23日", "rejected"), ("2026年12月20日", "rejected"), ("2026年11月22日", "updated")):
        imported = await county.load(ledger(heads, ["甲", "已化解"], ["乙", "已化解"], as_of=day))
        assert imported["rows"][0]["verdict"] == verdict, day
    assert {p["resolution_status"] for p in await county.every("/projects")} == {"resolved"}


async def test_a_row_tells_each_status_it_may_not_take_in_its_own_column(county: County) -> None:
    await county.create("甲", construction_status="stopped", resolution_status="resolving")
    sheet = ledger(["项目名称", "化解状态", "建设状态"], ["甲", "储备", "已交付"])
    errors = (await county.load(sheet))["rows"][0]["errors"]
    assert [(e["pointer"], e["code"]) for e in errors] == [
        ("台账!C3", "transition_not_allowed"),
        ("台账!B3", "transition_not_allowed"),
    ]


async def test_one_of_two_moves_at_once_is_stale(county: County) -> None:
    project = await county.create("甲", construction_status="behind_schedule")
    assert (await county.move(project, "construction", "stopped")).status_code == 200
    assert (await county.move(project, "construction", "on_schedule")).status_code == 412
