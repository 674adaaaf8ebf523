"""企业档案: a row of each kind in a seeded county, and a call that is granted for each operation."""

from collections.abc import Mapping

from tests.support.county import HERE, Call, County

FINDING = {"kind": "lost_contact", "found_on": "2026-03-02", "source_unit": "TARGET", "note": "法定代表人失联"}
STEP = {"kind": "summons", "taken_on": "2026-03-02", "by_unit": "TARGET", "document_number": "约谈〔2026〕{n}号"}


async def seed(county: County) -> None:
    """Rows that the calls name, into `county.rows`."""
    office = await county.office()
    made = await county.post("/v1/projects/enterprises", office, {"name": "安居置业有限公司"})
    county.rows["enterprise_id"] = made["id"]
    county.rows |= await without_result(county)


async def without_result(county: County) -> Mapping[str, str]:
    path = f"/v1/projects/enterprises/{county.rows['enterprise_id']}/enforcement-steps"
    return {"enforcement_step_id": (await county.post(path, await county.office(), STEP))["id"]}


CALLS: Mapping[str, Call] = {
    "list_enterprises": Call(query=HERE),
    "create_enterprise": Call(json={"name": "{county} 第 {n} 置业有限公司"}),
    "get_enterprise": Call(),
    "update_enterprise": Call(json={"aliases": ["安居置业"]}, if_match=True),
    "list_enterprise_findings": Call(query=HERE),
    "record_enterprise_finding": Call(json=FINDING),
    "list_enforcement_steps": Call(query=HERE),
    "record_enforcement_step": Call(json=STEP),
    "record_enforcement_result": Call(json={"result": "已到场", "result_on": "2026-03-03"}, fresh=without_result),
}
