"""质量与安全: a row of each kind in a seeded county, and a call that is granted for each operation."""

from collections.abc import Mapping

from tests.support.county import HERE, Call, County

PROJECTS = "/v1/projects"
INSPECTION = {"kind": "routine", "verdict": "rectify", "note": "地下室外墙渗漏"}
DEFECT = {"kind": "leaking", "severity": "major", "place": "3 号楼地下室外墙", "note": "雨后渗水"}
ORDER = {"unit_code": "DEPARTMENT", "due_on": "2099-12-31", "measure": "注浆堵漏"}
RECTIFIED = {"note": "已注浆，蓄水试验合格"}
ACCEPTANCE = {
    "stage": "completion",
    "passed": True,
    "accepted_on": "2024-10-12",
    "parties": [
        {"role": role, "unit_name": f"{role} 单位", "person_name": "王五", "document_number": f"{role}-1"}
        for role in ("owner", "design", "builder", "supervisor")
    ],
}
INCIDENT = {
    "kind": "fall",
    "occurred_on": "2024-08-01",
    "reported_on": "2024-08-01",
    "place": "2 号楼外架",
    "dead": 0,
    "seriously_injured": 1,
    "note": "已送医",
}


async def _found(county: County) -> Mapping[str, str]:
    """A defect nobody has ordered anything about."""
    path = f"{PROJECTS}/quality-inspections/{county.rows['quality_inspection_id']}/defects"
    return {"defect_id": (await county.post(path, await county.office(), DEFECT))["id"]}


async def _ordered(county: County) -> Mapping[str, str]:
    row = await _found(county)
    await county.house.user("department", county.code)
    await county.post(f"{PROJECTS}/defects/{row['defect_id']}/order", await county.office(), ORDER)
    return row


async def _rectified(county: County) -> Mapping[str, str]:
    row = await _ordered(county)
    builder = await county.house.user("taskforce", county.code)
    await county.post(f"{PROJECTS}/defects/{row['defect_id']}/rectify", builder, RECTIFIED)
    return row


async def _accepted(county: County) -> Mapping[str, str]:
    path = f"{PROJECTS}/projects/{county.rows['project_id']}/acceptances"
    return {"acceptance_id": (await county.post(path, await county.office(), ACCEPTANCE))["id"]}


async def seed(county: County) -> None:
    """Rows that the calls name, into `county.rows`."""
    office, project = await county.office(), f"{PROJECTS}/projects/{county.rows['project_id']}"
    inspection = await county.post(f"{project}/quality-inspections", office, INSPECTION)
    county.rows["quality_inspection_id"] = inspection["id"]
    county.rows |= await _ordered(county)
    county.rows |= await _accepted(county)
    county.rows["incident_id"] = (await county.post(f"{project}/incidents", office, INCIDENT))["id"]


CALLS: Mapping[str, Call] = {
    "record_safety_inspection": Call(json=INSPECTION),
    "list_quality_inspections": Call(query=HERE),
    "get_quality_inspection": Call(),
    "record_defect": Call(json=DEFECT),
    "list_defects": Call(query=HERE),
    "get_defect": Call(),
    "order_rectification": Call(json=ORDER, fresh=_found),
    "rectify_defect": Call(json=RECTIFIED, fresh=_ordered),
    "reinspect_defect": Call(json={"passed": True, "note": "复查合格"}, fresh=_rectified),
    "record_acceptance": Call(json=ACCEPTANCE),
    "list_acceptances": Call(query=HERE),
    "get_acceptance": Call(),
    "file_acceptance": Call(json={"document_number": "备〔2024〕12号", "filed_on": "2024-10-20"}, fresh=_accepted),
    "record_incident": Call(json=INCIDENT),
    "list_incidents": Call(query=HERE),
    "get_incident": Call(),
    "update_incident": Call(json={"seriously_injured": 1}, if_match=True),
}
