"""A project's path: stages in the order of the case, the legal dates they set, and no bankruptcy without its proof."""

import asyncio
import datetime as dt
from typing import Any

import asyncpg
import httpx
import pytest

from services.projects.paths import service
from shared.schemas.base import SHANGHAI
from tests.support.projects import County, Projects, Statements
from tests.support.sql import inside

Json = dict[str, Any]
UNABLE = {"kind": "unable_to_pay", "evidence_on": "2026-01-05", "document_number": "（2025）执1号", "issuer": "县法院"}
BELOW = {
    "kind": "assets_below_liabilities",
    "evidence_on": "2026-01-06",
    "document_number": "审字1号",
    "issuer": "审计所",
}
PROOF = (UNABLE | {"unpaid_fen": 500}, BELOW | {"assets_fen": 100, "liabilities_fen": 300})


@pytest.fixture
async def project(county: County) -> Json:
    return await county.create("碧水园")


async def stage(county: County, project: Json, path: str, stage: str, on: str, **more: Any) -> httpx.Response:
    body = {"path": path, "stage": stage, "reached_on": on, **more}
    return await county.call("POST", f"/projects/{project['id']}/path-stages", json=body)


async def reached(county: County, project: Json, path: str, name: str, on: str, **more: Any) -> Json:
    answer = await stage(county, project, path, name, on, **more)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def proven(county: County, project: Json) -> None:
    for evidence in PROOF:
        answer = await county.call("POST", f"/projects/{project['id']}/insolvency-evidence", json=evidence)
        assert answer.status_code == 201, answer.text


async def accepted(county: County, project: Json, path: str = "reorganization") -> Json:
    await proven(county, project)
    await reached(county, project, path, "application_filed", "2026-02-02")
    return await reached(county, project, path, "accepted", "2026-03-02", document_number="（2026）破1号")


def by_rule(path: Json) -> dict[str, Json]:
    return {deadline["rule"]: deadline for deadline in path["deadlines"]}


async def test_a_path_is_gone_stage_by_stage(county: County, project: Json) -> None:
    nothing = await county.read(f"/projects/{project['id']}/path")
    assert (nothing["path"], nothing["stages"], nothing["next"]) == (None, [], [])
    path = await reached(
        county, project, "resume_and_deliver", "scheme_approved", "2026-03-02", document_number="会1号"
    )
    assert (path["path"], path["next"], path["deadlines"]) == ("resume_and_deliver", ["funds_in_place"], [])
    assert path["stages"][0]["document_number"] == "会1号"
    skipped = await stage(county, project, "resume_and_deliver", "work_resumed", "2026-03-03")
    assert (skipped.status_code, skipped.json()["code"]) == (409, "stage_not_ready")
    again = await stage(county, project, "resume_and_deliver", "funds_in_place", "2026-03-01")
    assert (again.status_code, again.json()["code"]) == (422, "bad_day")
    other = await stage(county, project, "resume_and_deliver", "accepted", "2026-03-03")
    assert (other.status_code, other.json()["code"]) == (422, "not_of_this_path")


async def test_no_bankruptcy_route_without_both_limbs_of_article_2(county: County, project: Json) -> None:
    refused = await stage(county, project, "liquidation", "application_filed", "2026-02-02")
    assert (refused.status_code, refused.json()["code"]) == (409, "insolvency_evidence_missing")
    assert len(refused.json()["errors"]) == 2
    half = await county.call("POST", f"/projects/{project['id']}/insolvency-evidence", json=PROOF[0])
    assert half.status_code == 201
    refused = await stage(county, project, "liquidation", "application_filed", "2026-02-02")
    assert [error["message"] for error in refused.json()["errors"]] == ["资产不足以清偿全部债务或者明显缺乏清偿能力"]
    wrong = PROOF[1] | {"assets_fen": 300}
    answer = await county.call("POST", f"/projects/{project['id']}/insolvency-evidence", json=wrong)
    assert answer.status_code == 422
    assert (await county.read(f"/projects/{project['id']}/path"))["stages"] == []
    await proven(county, project)
    path = await reached(county, project, "liquidation", "application_filed", "2026-02-02")
    assert path["missing_evidence"] == []
    assert len(await county.every(f"/projects/{project['id']}/insolvency-evidence", limit=1)) == 3


async def test_a_court_case_sets_its_legal_dates_and_its_stages_keep_them(county: County, project: Json) -> None:
    path = await accepted(county, project)
    notice = by_rule(path)["creditors_notice"]
    assert (notice["article"], notice["from_on"], notice["internal_due"]) == (
        "企业破产法第十四条",
        "2026-03-02",
        "2026-03-27",
    )
    assert (notice["state"], notice["calendar"]) == ("overdue", "official")
    assert by_rule(path)["contract_decision"]["internal_due"] == "2026-05-02"
    assert by_rule(path)["contract_decision"]["statutory_due"] == "2026-05-06", "劳动节放假，2026-05-06 为首个工作日"
    assert by_rule(path)["contract_decision"]["state"] == "lapsed"

    announced = {"claims_until": "2026-05-30", "meeting_on": "2026-06-10"}
    path = await reached(county, project, "reorganization", "announced", "2026-03-30", **announced)
    rules = by_rule(path)
    assert (rules["creditors_notice"]["met_on"], rules["creditors_notice"]["days_late"]) == ("2026-03-30", 3)
    assert (rules["first_meeting"]["from_on"], rules["first_meeting"]["internal_due"]) == ("2026-05-30", "2026-06-14")
    assert rules["first_meeting"]["statutory_due"] == "2026-06-15", "2026-06-14 为周日"
    assert rules["meeting_notice"]["statutory_due"] == "2026-05-26"

    path = await reached(county, project, "reorganization", "reorganization_ruled", "2026-08-31")
    assert by_rule(path)["plan_draft"]["internal_due"] == "2027-02-28"
    assert by_rule(path)["plan_draft"]["calendar"] == "provisional"
    path = await reached(county, project, "reorganization", "plan_extended", "2026-11-20")
    assert by_rule(path)["plan_draft"]["internal_due"] == "2027-05-31"
    assert by_rule(path)["plan_draft"]["extended_months"] == 3
    path = await reached(county, project, "reorganization", "plan_submitted", "2026-11-20")
    assert by_rule(path)["plan_draft"]["state"] == "met"
    assert by_rule(path)["plan_vote"]["state"] == "open"


@pytest.mark.parametrize("until", ["2026-04-28", "2026-07-01", None])
async def test_claims_are_filed_as_article_45_says(county: County, project: Json, until: str | None) -> None:
    await accepted(county, project)
    more = {} if until is None else {"claims_until": until}
    refused = await stage(county, project, "reorganization", "announced", "2026-03-30", **more)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/claims_until")


async def test_each_contract_asked_about_has_thirty_days(county: County, project: Json) -> None:
    await accepted(county, project)
    path: Json = {}
    for on in ("2026-11-02", "2026-11-03"):
        path = await reached(county, project, "reorganization", "contract_demanded", on)
    demands = [one["id"] for one in path["stages"] if one["stage"] == "contract_demanded"]
    nameless = await stage(county, project, "reorganization", "contract_answered", "2026-11-10")
    assert nameless.status_code == 422
    path = await reached(county, project, "reorganization", "contract_answered", "2026-11-10", answers=demands[1])
    open_ones = {one["stage_id"]: one["state"] for one in path["deadlines"] if one["rule"] == "contract_reply"}
    assert open_ones == {demands[0]: "open", demands[1]: "met"}
    twice = await stage(county, project, "reorganization", "contract_answered", "2026-11-11", answers=demands[1])
    assert (twice.status_code, twice.json()["code"]) == (409, "no_such_demand")


async def test_a_demand_is_answered_on_its_day_or_later_whatever_came_between(county: County, project: Json) -> None:
    await accepted(county, project)
    path: Json = {}
    for on in ("2026-11-02", "2026-11-10"):
        path = await reached(county, project, "reorganization", "contract_demanded", on)
    first, second = [one["id"] for one in path["stages"] if one["stage"] == "contract_demanded"]
    early = await stage(county, project, "reorganization", "contract_answered", "2026-11-09", answers=second)
    assert (early.status_code, early.json()["errors"][0]["pointer"]) == (422, "/reached_on")
    await reached(county, project, "reorganization", "contract_answered", "2026-11-05", answers=first)
    await reached(county, project, "reorganization", "contract_answered", "2026-11-10", answers=second)


async def test_however_many_contracts_are_asked_about_the_case_goes_on(
    county: County, project: Json, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "MOST", 2)
    await accepted(county, project)
    for on in ("2026-11-02", "2026-11-03", "2026-11-04"):
        await reached(county, project, "reorganization", "contract_demanded", on)
    await reached(county, project, "reorganization", "reorganization_ruled", "2026-11-05")
    path = await reached(county, project, "reorganization", "plan_submitted", "2026-11-06")
    assert by_rule(path)["plan_draft"]["state"] == "met"
    demands = [one["reached_on"] for one in path["stages"] if one["stage"] == "contract_demanded"]
    assert demands == ["2026-11-03", "2026-11-04"], "the rest is read through the list of deadlines"
    assert len([one for one in path["deadlines"] if one["rule"] == "contract_reply"]) == 2
    assert len(path["stages"]) == 6


async def test_a_case_that_changes_its_kind_keeps_its_stages_and_dates(county: County, project: Json) -> None:
    await accepted(county, project, "liquidation")
    silent = await stage(county, project, "reorganization", "reorganization_ruled", "2026-04-01")
    assert (silent.status_code, silent.json()["code"]) == (409, "change_reason_required")
    reason = {"change_reason": "债务人申请重整"}
    path = await reached(county, project, "reorganization", "reorganization_ruled", "2026-04-01", **reason)
    assert [one["stage"] for one in path["stages"]] == ["application_filed", "accepted", "reorganization_ruled"]
    assert {"creditors_notice", "plan_draft"} <= set(by_rule(path))
    assert [(one["path"], one["ended_on"], one["reason"]) for one in path["former"]] == [
        ("liquidation", "2026-04-01", "债务人申请重整")
    ]
    path = await reached(county, project, "liquidation", "declared_bankrupt", "2026-10-09", change_reason="未按期提交")
    assert "plan_draft" not in by_rule(path), "the plan's date is void once there is no plan to come"
    assert by_rule(path)["bankruptcy_notice"]["internal_due"] == "2026-10-19"
    back = await stage(county, project, "composition", "composition_ruled", "2026-10-10", change_reason="和解")
    assert (back.status_code, back.json()["code"]) == (409, "after_declaration")


async def test_another_path_is_a_new_beginning(county: County, project: Json) -> None:
    await accepted(county, project)
    path = await reached(
        county, project, "merger_acquisition", "due_diligence_done", "2026-09-01", change_reason="撤回申请"
    )
    assert ([one["stage"] for one in path["stages"]], path["deadlines"]) == (["due_diligence_done"], [])
    assert await county.every("/path-deadlines", project_id=project["id"]) == []


async def test_what_was_recorded_wrongly_is_taken_back_with_its_dates(county: County, project: Json) -> None:
    await accepted(county, project)
    path = await reached(county, project, "reorganization", "announced", "2026-03-20", claims_until="2026-05-08")
    ids = {one["stage"]: one["id"] for one in path["stages"]}
    needed = await county.call("POST", f"/path-stages/{ids['accepted']}/withdraw", json={"reason": "日期录错"})
    assert (needed.status_code, needed.json()["code"]) == (409, "stage_needed")
    answer = await county.call("POST", f"/path-stages/{ids['announced']}/withdraw", json={"reason": "日期录错"})
    assert answer.status_code == 200, answer.text
    assert set(by_rule(answer.json())) == {"creditors_notice", "contract_decision"}
    assert by_rule(answer.json())["creditors_notice"]["met_on"] is None
    twice = await county.call("POST", f"/path-stages/{ids['announced']}/withdraw", json={"reason": "日期录错"})
    assert twice.status_code == 409
    path = await reached(county, project, "reorganization", "announced", "2026-03-23", claims_until="2026-05-08")
    assert by_rule(path)["creditors_notice"]["days_late"] is None


async def test_the_countys_overdue_dates_are_listed_the_earliest_first(
    county: County, projects: Projects, project: Json, statements: Statements
) -> None:
    other = await county.create("云锦府")
    for one in (project, other):
        await accepted(county, one)
    await reached(county, other, "reorganization", "reorganization_ruled", "2026-05-20")

    async def overdue(on: str) -> list[tuple[str, str]]:
        projects.clock.set(dt.datetime.fromisoformat(f"{on}T09:00:00").replace(tzinfo=SHANGHAI))
        found = await county.every("/path-deadlines", overdue=True, limit=1)
        assert {one["state"] for one in found} <= {"overdue"}
        return [(one["project_id"], one["rule"]) for one in found]

    notices = [(project["id"], "creditors_notice"), (other["id"], "creditors_notice")]
    assert await overdue("2026-11-20") == notices, "20 November is the last day of the plan's six months"
    assert await overdue("2026-11-21") == [*notices, (other["id"], "plan_draft")]
    everything = await county.every("/path-deadlines")
    assert len(everything) == 5
    assert [one["internal_due"] for one in everything] == sorted(one["internal_due"] for one in everything)
    statements.texts.clear()
    await county.read("/path-deadlines")
    assert len(statements) <= 5


async def test_a_stage_is_one_of_the_path_that_the_plan_has_chosen(county: County, project: Json) -> None:
    await county.unit("ZJJ", "住建局")
    milestone = {"key": "sign", "name": "签订协议", "unit_code": "ZJJ", "duration_days": 5, "dependencies": []}
    plan = {"path": "merger_acquisition", "promised_on": "2026-12-31", "milestones": [milestone]}
    assert (await county.call("POST", f"/projects/{project['id']}/plan", json=plan)).status_code == 201
    other = await stage(county, project, "resume_and_deliver", "scheme_approved", "2026-03-02")
    assert (other.status_code, other.json()["code"]) == (409, "path_not_chosen")
    path = await reached(county, project, "merger_acquisition", "due_diligence_done", "2026-03-02")
    assert (path["path"], path["chosen"]) == ("merger_acquisition", "merger_acquisition")


async def test_another_county_sees_nothing(county: County, projects: Projects, project: Json) -> None:
    path = await accepted(county, project)
    stranger = projects.county()
    ids = [path["stages"][0]["id"], project["id"]]
    assert (await stranger.call("GET", f"/projects/{ids[1]}/path")).status_code == 404
    assert (await stranger.call("POST", f"/path-stages/{ids[0]}/withdraw", json={"reason": "x"})).status_code == 404
    assert (await stage(stranger, project, "liquidation", "application_filed", "2026-02-02")).status_code == 404
    assert await stranger.every("/path-deadlines") == []


async def test_two_clerks_recording_one_stage_record_it_once(county: County, project: Json) -> None:
    answers = await asyncio.gather(
        *(stage(county, project, "resume_and_deliver", "scheme_approved", "2026-03-02") for _ in range(4))
    )
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    path = await county.read(f"/projects/{project['id']}/path")
    assert len(path["stages"]) == 1


async def test_the_database_keeps_one_path_and_each_stage_once(county: County, project: Json) -> None:
    await reached(county, project, "resume_and_deliver", "scheme_approved", "2026-03-02")
    for table, key in (("project_path", "project_path_live_key"), ("path_stage", "path_stage_once_key")):
        again = "jsonb_populate_record(t, jsonb_build_object('id', gen_random_uuid()))"
        copied = f"insert into {table} select ({again}).* from {table} t"
        async with inside(county) as connection:
            with pytest.raises(asyncpg.UniqueViolationError, match=key):
                await connection.execute(copied)


async def test_a_stage_leaves_one_audit_row_and_no_free_text(county: County, project: Json) -> None:
    await reached(county, project, "resume_and_deliver", "scheme_approved", "2026-03-02", note="联系人 13812345678")
    answer = await county.call("GET", "/audit", role="auditor", params={"subject_type": "path_stage"})
    [entry] = answer.json()["items"]
    assert (entry["action"], entry["version"], entry["detail"]["stage"]) == ("record", 1, "scheme_approved")
    assert "13812345678" not in answer.text
