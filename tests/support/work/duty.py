"""包抓与专班: a row of each kind in a seeded county, and a call that is granted for each operation."""

from collections.abc import Mapping

from tests.support.county import HERE, Call, County

PROJECTS = "/v1/projects"
UNITS = {"DUTY-GOV": "government", "DUTY-ZB": "taskforce", "DUTY-QY": "enterprise", "DUTY-XZ": "township"}
PERSONS = ("DUTY-L1", "DUTY-L2")
VISIT = {"kind": "night", "person_code": "DUTY-L1", "found": "夜间无人施工"}
PROMISE = {"person_code": "DUTY-L1", "promised_to": "owners", "matter": "恢复临时供电", "due_on": "2030-06-30"}
ENTERPRISE = {"kind": "enterprise", "unit_code": "DUTY-QY"}
BACKSTOP = {
    "call_number": "房办函〔2024〕12号",
    "called_on": "2024-03-01",
    "document_number": "房领〔2024〕5号",
    "decided_on": "2024-06-01",
    "undertaking": "续建剩余工程，追偿权不变",
    "reason": "企业逾期未复工",
}


async def seed(county: County) -> None:
    """Rows that the calls name, into `county.rows`."""
    admin, office = await county.house.user("admin", county.code), await county.office()
    here = {"division_code": county.code}
    for code, kind in UNITS.items():
        await county.post("/v1/directory/units", admin, here | {"code": code, "name": code, "kind": kind})
    for code in PERSONS:
        body = here | {"code": code, "name": code, "unit_code": "DUTY-GOV"}
        await county.post("/v1/directory/persons", admin, body)
    project = f"{PROJECTS}/projects/{county.rows['project_id']}"
    force = await county.post(f"{PROJECTS}/taskforces", office, here | {"unit_code": "DUTY-ZB", "task": "续建"})
    county.rows["taskforce_id"] = force["id"]
    await county.post(f"{project}/duty", office, {"role": "taskforce", "unit_code": "DUTY-ZB"})
    lead = await county.post(f"{project}/duty", office, {"role": "lead", "person_code": "DUTY-L1"})
    county.rows["duty_id"] = lead["id"]
    await county.post(f"{project}/responsibilities", office, ENTERPRISE)
    await county.post(f"{project}/backstops", office, BACKSTOP)
    county.rows["visit_id"] = (await county.post(f"{project}/visits", office, VISIT))["id"]
    county.rows["promise_id"] = (await county.post(f"{project}/site-promises", office, PROMISE))["id"]


async def _supporting(county: County) -> Mapping[str, str]:
    """A supporting leader who may leave."""
    project = await county.new_project()
    body = {"role": "supporting", "person_code": "DUTY-L2"}
    made = await county.post(f"{PROJECTS}/projects/{project}/duty", await county.office(), body)
    return {"duty_id": made["id"]}


async def _called_on(county: County) -> Mapping[str, str]:
    """A project whose enterprise is named."""
    project = await county.new_project()
    await county.post(f"{PROJECTS}/projects/{project}/responsibilities", await county.office(), ENTERPRISE)
    return {"project_id": project}


async def _unit(county: County) -> Mapping[str, str]:
    """A unit that is no task force yet."""
    code = f"DUTY-ZB-{county.number()}"
    body = {"division_code": county.code, "code": code, "name": code, "kind": "taskforce"}
    await county.post("/v1/directory/units", await county.house.user("admin", county.code), body)
    return {"unit_code": code}


async def _promise(county: County) -> Mapping[str, str]:
    """A promise nobody has settled."""
    path = f"{PROJECTS}/projects/{county.rows['project_id']}/site-promises"
    return {"promise_id": (await county.post(path, await county.office(), PROMISE))["id"]}


SEAT = {"person_code": "DUTY-L2", "seat": "member"}
CALLS: Mapping[str, Call] = {
    "assign_duty": Call(json={"role": "lead", "person_code": "DUTY-L1"}, on_new_project=True),
    "end_duty": Call(json={"reason": "工作调整"}, fresh=_supporting),
    "get_duty": Call(),
    "get_duty_history": Call(),
    "list_leader_load": Call(query=HERE),
    "name_responsible_party": Call(json={"kind": "territory", "unit_code": "DUTY-XZ"}, on_new_project=True),
    "decide_backstop": Call(json=BACKSTOP, fresh=_called_on),
    "list_backstops": Call(query=HERE),
    "create_taskforce": Call(json=HERE | {"unit_code": "{unit_code}", "task": "续建"}, fresh=_unit),
    "get_taskforce": Call(),
    "list_taskforces": Call(query=HERE),
    "set_taskforce_member": Call(json=SEAT),
    "list_leading_group": Call(query=HERE),
    "set_leading_group_member": Call(json=HERE | SEAT),
    "record_visit": Call(json=VISIT),
    "get_visit": Call(),
    "list_visits": Call(query=HERE),
    "record_site_promise": Call(json=PROMISE),
    "get_site_promise": Call(),
    "list_site_promises": Call(query=HERE),
    "settle_site_promise": Call(json={"outcome": "kept", "note": "已恢复供电"}, fresh=_promise),
}
