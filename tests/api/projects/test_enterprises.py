"""A firm's file: its projects by code and name, what is known and what is not, its timeline."""

import asyncio
from typing import Any

import pytest

from tests.support.projects import County, Projects, Statements

Json = dict[str, Any]
NAME, CODE, OTHER = "安居置业有限公司", "91110000600037341L", "91310115MA1K3Y3R3L"


@pytest.fixture
async def firm(county: County) -> Json:
    await county.unit("HOUSING", "住建局")
    return await opened(county, name=NAME, credit_code=CODE, aliases=["安居集团"])


async def opened(county: County, **body: Any) -> Json:
    answer = await county.call("POST", "/enterprises", json=body)
    assert answer.status_code == 201, answer.text
    assert answer.headers["location"] == f"/v1/projects/enterprises/{answer.json()['id']}"
    return dict(answer.json())


async def record(county: County, firm: Json, what: str, **body: Any) -> Any:
    return await county.call("POST", f"/enterprises/{firm['id']}/{what}", json=body)


async def found(county: County, firm: Json, kind: str, on: str, **more: Any) -> Json:
    body = {"kind": kind, "found_on": on, "source_unit": "HOUSING", "note": "经核实"} | more
    answer = await record(county, firm, "findings", **body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def step(county: County, firm: Json, kind: str, on: str, **more: Any) -> Any:
    body = {"kind": kind, "taken_on": on, "by_unit": "HOUSING", "document_number": "建〔2026〕1号"} | more
    return await record(county, firm, "enforcement-steps", **body)


async def test_a_profile_gathers_the_projects_of_the_county(county: County, projects: Projects, firm: Json) -> None:
    developer = {"developer": "其他名称公司", "developer_credit_code": CODE}
    await county.create("按代码", parties=developer, money={"wage_arrears_fen": 300, "funding_gap_fen": 0})
    await county.create("按名称", parties={"developer": "安居置业有限责任公司"}, money={"wage_arrears_fen": 200})
    await county.create("按别名", parties={"owner_unit": "安居（集团）"})
    await county.create("总包", parties={"general_contractor": "安居置业 有限公司"}, money={"wage_arrears_fen": 7})
    await county.create("无关", parties={"developer": "别家公司"}, money={"wage_arrears_fen": 9})
    await projects.county().create("邻县", parties=developer)
    profile = await county.read(f"/enterprises/{firm['id']}")
    roles = {project["name"]: project["roles"] for project in profile["projects"]}
    assert roles == {
        "按代码": ["developer"],
        "按名称": ["developer"],
        "按别名": ["owner"],
        "总包": ["general_contractor"],
    }
    amounts = {amount["fact"]: amount for amount in profile["amounts"]}
    wages, gap, tax = (amounts[f"{name}_fen"] for name in ("wage_arrears", "funding_gap", "tax_arrears"))
    assert (wages["sum_fen"], wages["stated"], wages["unknown"]) == (500, 2, 1)
    assert (gap["sum_fen"], gap["stated"], gap["unknown"]) == (0, 1, 2)
    assert (tax["sum_fen"], tax["stated"], tax["unknown"]) == (None, 0, 3)
    assert (profile["reliability"], profile["lost_contact_since"], profile["timeline"]) == (None, None, [])


async def test_a_code_is_checked_and_a_firm_has_one_file(county: County, firm: Json) -> None:
    bad = await county.call("POST", "/enterprises", json={"name": "甲公司", "credit_code": CODE[:-1] + "A"})
    assert (bad.status_code, bad.json()["errors"][0]["code"]) == (422, "bad_credit_code")
    for body in ({"name": "安居 置业有限责任公司"}, {"name": "安居集团"}, {"name": "乙公司", "credit_code": CODE}):
        taken = await county.call("POST", "/enterprises", json=body)
        assert (taken.status_code, taken.json()["code"]) == (409, "enterprise_taken")
    other = await opened(county, name="丙公司")
    headers = {"If-Match": '"1"'}
    changes: list[Json] = [{"credit_code": CODE}, {"aliases": ["安居集团"]}, {"name": NAME}]
    for body in changes:
        taken = await county.call("PATCH", f"/enterprises/{other['id']}", json=body, headers=headers)
        assert (taken.status_code, taken.json()["code"]) == (409, "enterprise_taken")
    changed = await county.call("PATCH", f"/enterprises/{other['id']}", json={"name": "丙实业公司"}, headers=headers)
    assert (changed.status_code, changed.json()["name"], changed.headers["etag"]) == (200, "丙实业公司", '"2"')
    stale = await county.call("PATCH", f"/enterprises/{other['id']}", json={"name": "丁公司"}, headers=headers)
    assert stale.status_code == 412


async def test_two_files_that_would_share_a_name_are_not_opened_at_once(county: County) -> None:
    bodies = [{"name": f"第{n}置业有限公司", "aliases": ["同一集团"]} for n in range(4)]
    answers = await asyncio.gather(*(county.call("POST", "/enterprises", json=body) for body in bodies))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    others = [await opened(county, name=f"另{n}公司") for n in range(3)]
    changes = (
        county.call("PATCH", f"/enterprises/{other['id']}", json={"credit_code": CODE}, headers={"If-Match": '"1"'})
        for other in others
    )
    assert sorted(answer.status_code for answer in await asyncio.gather(*changes)) == [200, 409, 409]


async def test_firms_are_found_by_code_and_by_any_of_their_names(
    county: County, projects: Projects, firm: Json, statements: Statements
) -> None:
    await opened(county, name="丙公司")

    async def names(**query: Any) -> list[str]:
        return [one["name"] for one in await county.every("/enterprises", limit=1, **query)]

    assert await names() == ["丙公司", NAME]
    for query in ({"credit_code": CODE}, {"name": "安居·集团"}, {"name": "安居置业有限责任公司"}):
        assert await names(**query) == [NAME]
    assert await names(credit_code=OTHER) == []
    stranger = projects.county()
    assert await stranger.every("/enterprises") == []
    assert (await stranger.call("GET", f"/enterprises/{firm['id']}")).status_code == 404
    statements.texts.clear()
    await county.read("/enterprises")
    assert len(statements) <= 4
    statements.texts.clear()
    await county.read(f"/enterprises/{firm['id']}")
    assert len(statements) <= 8


async def test_findings_and_steps_make_one_timeline(county: County, firm: Json) -> None:
    project = await county.create("碧水园", parties={"developer": NAME})
    await found(county, firm, "asset_transfer", "2026-03-01", amount_fen=1_000, project_id=project["id"])
    await found(county, firm, "lost_contact", "2026-05-01")
    assert (await step(county, firm, "summons", "2026-04-01", result="承诺整改", result_on="2026-04-02")).is_success
    restriction = (await step(county, firm, "restriction", "2026-06-01")).json()
    profile = await county.read(f"/enterprises/{firm['id']}")
    assert [(event["type"], event["kind"], event["on"]) for event in profile["timeline"]] == [
        ("step", "restriction", "2026-06-01"),
        ("finding", "lost_contact", "2026-05-01"),
        ("step", "summons", "2026-04-01"),
        ("finding", "asset_transfer", "2026-03-01"),
    ]
    assert (profile["lost_contact_since"], profile["standing_measures"]) == ("2026-05-01", ["restriction"])
    await found(county, firm, "contact_restored", "2026-07-01")
    lifted = await step(county, firm, "lifted", "2026-08-01", lifts=restriction["id"])
    assert lifted.status_code == 201
    profile = await county.read(f"/enterprises/{firm['id']}")
    assert (profile["lost_contact_since"], profile["standing_measures"]) == (None, [])
    again = await step(county, firm, "lifted", "2026-08-01", lifts=restriction["id"])
    assert (again.status_code, again.json()["code"]) == (409, "nothing_to_lift")
    assert len(await county.every("/enterprise-findings", enterprise_id=firm["id"], limit=1)) == 3
    assert len(await county.every("/enterprise-findings", kind="asset_transfer")) == 1
    assert len(await county.every("/enforcement-steps", kind="lifted")) == 1


async def test_only_what_stands_against_this_firm_is_lifted_and_not_before_it_was_taken(
    county: County, firm: Json
) -> None:
    other = await opened(county, name="丙公司")
    theirs = (await step(county, other, "blacklisting", "2026-06-01")).json()
    summons = (await step(county, firm, "summons", "2026-06-01")).json()
    for lifts in (theirs["id"], summons["id"]):
        assert (await step(county, firm, "lifted", "2026-07-01", lifts=lifts)).status_code == 409
    early = await step(county, other, "lifted", "2026-05-01", lifts=theirs["id"])
    assert (early.status_code, early.json()["errors"][0]["pointer"]) == (422, "/taken_on")


async def test_a_result_is_recorded_once(county: County, firm: Json) -> None:
    taken = (await step(county, firm, "judicial", "2026-06-01")).json()
    act = f"/enforcement-steps/{taken['id']}/result"
    early = await county.call("POST", act, json={"result": "已冻结", "result_on": "2026-05-31"})
    assert early.status_code == 422
    done = await county.call("POST", act, json={"result": "已冻结", "result_on": "2026-06-02"})
    assert (done.status_code, done.json()["result_on"], done.json()["version"]) == (200, "2026-06-02", 2)
    again = await county.call("POST", act, json={"result": "已冻结", "result_on": "2026-06-02"})
    assert (again.status_code, again.json()["code"]) == (409, "result_recorded")


async def test_units_and_projects_must_be_the_countys_own(county: County, projects: Projects, firm: Json) -> None:
    nobody = await record(
        county, firm, "findings", kind="lost_contact", found_on="2026-05-01", source_unit="NOBODY", note="x"
    )
    assert (nobody.status_code, nobody.json()["errors"][0]["pointer"]) == (422, "/source_unit")
    theirs = await projects.county().create("邻县")
    body = {"kind": "lost_contact", "found_on": "2026-05-01", "source_unit": "HOUSING", "note": "x"}
    assert (await record(county, firm, "findings", **body, project_id=theirs["id"])).status_code == 404
    assert (await record(county, firm, "findings", **body | {"found_on": "2026-11-24"})).status_code == 422
    department = await county.call("POST", "/enterprises", json={"name": "丙公司", "unit_code": "HOUSING"})
    assert (department.status_code, department.json()["errors"][0]["code"]) == (422, "wrong_kind_of_unit")


async def test_free_text_stays_out_of_the_audit(county: County, firm: Json) -> None:
    await found(county, firm, "internal_finance", "2026-05-01", note="经办人 13812345678", document_number="审1号")
    await step(county, firm, "summons", "2026-05-02", result="电话 13812345678", result_on="2026-05-02")
    answer = await county.call("GET", "/audit", role="auditor")
    told = {(one["subject_type"], one["action"]): one["detail"] for one in answer.json()["items"]}
    assert told["enterprise_finding", "record"]["document_number"] == "审1号"
    assert told["enforcement_step", "record"]["kind"] == "summons"
    assert "13812345678" not in answer.text
