"""化解路径与诉讼: a row of each kind in a seeded county, and a call that is granted for each operation."""

from collections.abc import Mapping

from tests.support.county import HERE, Call, County

STAGE = {"path": "resume_and_deliver", "stage": "scheme_approved", "reached_on": "2026-03-02"}
LAWSUIT = {
    "court": "县人民法院",
    "cause": "商品房预售合同纠纷",
    "case_number": "（2026）民初{n}号",
    "filed_on": "2026-03-02",
}
MATTER = {"matter": "查封土地解封", "question": "规划调整须先解封", "court_unit": "COURT", "raised_on": "2026-03-02"}
EVIDENCE = {
    "kind": "unable_to_pay",
    "evidence_on": "2026-03-02",
    "document_number": "审字〔2026〕{n}号",
    "issuer": "会计师事务所",
    "unpaid_fen": 100_000_000,
}


async def seed(county: County) -> None:
    """Rows that the calls name, into `county.rows`."""
    court = {"code": "COURT", "name": "县人民法院", "kind": "court", "division_code": county.code}
    await county.post("/v1/directory/units", await county.house.user("admin", county.code), court)
    county.rows |= await filed(county)
    county.rows |= await unanswered(county)
    county.rows |= await recorded(county)


async def recorded(county: County) -> Mapping[str, str]:
    """A stage that can be taken back, of a project of its own."""
    path = f"/v1/projects/projects/{await county.new_project()}/path-stages"
    found = await county.post(path, await county.office(), STAGE)
    return {"path_stage_id": found["stages"][0]["id"]}


async def filed(county: County) -> Mapping[str, str]:
    path = f"/v1/projects/projects/{county.rows['project_id']}/lawsuits"
    lawsuit = LAWSUIT | {"case_number": None}
    return {"lawsuit_id": (await county.post(path, await county.office(), lawsuit))["id"]}


async def unanswered(county: County) -> Mapping[str, str]:
    path = f"/v1/projects/projects/{county.rows['project_id']}/liaison-matters"
    return {"liaison_matter_id": (await county.post(path, await county.office(), MATTER))["id"]}


CALLS: Mapping[str, Call] = {
    "record_path_stage": Call(json=STAGE, on_new_project=True),
    "withdraw_path_stage": Call(json={"reason": "日期录错"}, fresh=recorded),
    "get_path": Call(),
    "list_path_deadlines": Call(query=HERE),
    "record_insolvency_evidence": Call(json=EVIDENCE),
    "list_insolvency_evidence": Call(),
    "record_lawsuit": Call(json=LAWSUIT),
    "get_lawsuit": Call(),
    "update_lawsuit": Call(json={"supervised": True}, if_match=True, fresh=filed),
    "list_lawsuits": Call(query=HERE),
    "raise_liaison_matter": Call(json=MATTER),
    "answer_liaison_matter": Call(json={"answer": "同意解封", "answered_on": "2026-03-03"}, fresh=unanswered),
    "list_liaison_matters": Call(query=HERE),
}
