"""销号: a row of each kind in a seeded county, and a call that is granted for each operation."""

from collections.abc import Mapping

from tests.support.county import HERE, Call, County

PROJECTS = "/v1/projects"
FACTS = {"kind": "land_acquisition", "resolution_status": "resolving"}
"""The kind with the shortest checklist: all of it attested but for the petitions, which their service tells of."""
REQUEST = {"note": "自查合格", "self_checked_on": "2024-11-20"}
ITEMS = ("compensation_paid", "land_cleared", "funds_audited")
ATTESTATION = {
    "outstanding": 0,
    "unit_code": "DEPARTMENT",
    "document_number": "自然资函〔2024〕8号",
    "attested_on": "2024-11-20",
}
CHECK = {"passed": True, "note": "资料齐全，现场属实"}
NOTICE = {"days": 7, "place": "县政府公示栏"}
APPROVAL = {"document_number": "领导小组纪要〔2024〕9号"}
RESULT = {"passed": True, "note": "抽查属实"}


async def _under_resolution(county: County) -> Mapping[str, str]:
    return {"project_id": await county.new_project(**FACTS)}


async def _requested(county: County) -> Mapping[str, str]:
    """Asked for by the task force."""
    row = await _under_resolution(county)
    taskforce = await county.house.user("taskforce", county.code)
    made = await county.post(f"{PROJECTS}/projects/{row['project_id']}/closeouts", taskforce, REQUEST)
    return {**row, "closeout_id": made["id"]}


async def _attested(county: County) -> Mapping[str, str]:
    row = await _requested(county)
    department = await county.house.user("department", county.code)
    for item in ITEMS:
        await county.post(f"{PROJECTS}/closeouts/{row['closeout_id']}/attest", department, ATTESTATION | {"item": item})
    return row


async def _checked(county: County) -> Mapping[str, str]:
    """By the township, so that departments and office may approve it or look again."""
    row = await _attested(county)
    who = await county.house.user("township", county.code)
    for kind in ("department", "site"):
        await county.post(f"{PROJECTS}/closeouts/{row['closeout_id']}/check", who, CHECK | {"kind": kind})
    return row


async def _closed(county: County) -> Mapping[str, str]:
    row = await _checked(county)
    leader = await county.house.user("leader", county.code)
    await county.post(f"{PROJECTS}/closeouts/{row['closeout_id']}/approve", leader, APPROVAL)
    return row


async def _drawn(county: County) -> Mapping[str, str]:
    """One chosen close-out; of a single new one, every percentage chooses it."""
    row = await _closed(county)
    async with county.house.client(await county.office()) as client:
        draw = (await client.post(f"{PROJECTS}/recheck-draws")).json()
        listed = (await client.get(f"{PROJECTS}/rechecks", params={"draw_id": draw["id"]})).json()
    return {**row, "recheck_draw_id": draw["id"], "recheck_id": listed["items"][0]["id"]}


async def seed(county: County) -> None:
    """Rows that the calls name, into `county.rows`; the county's project stays its own."""
    drawn = dict(await _drawn(county))
    del drawn["project_id"]
    county.rows |= drawn


CALLS: Mapping[str, Call] = {
    "request_closeout": Call(json=REQUEST, fresh=_under_resolution),
    "list_closeouts": Call(query=HERE),
    "get_closeout": Call(),
    "get_closeout_rates": Call(query=HERE),
    "attest_closeout_item": Call(json=ATTESTATION | {"item": "land_cleared"}, fresh=_requested),
    "check_closeout": Call(json=CHECK | {"kind": "department"}, fresh=_attested),
    "publish_closeout": Call(json=NOTICE, fresh=_checked),
    "approve_closeout": Call(json=APPROVAL, fresh=_checked),
    "return_closeout": Call(json={"reason": "材料不全"}, fresh=_requested),
    "report_rebound": Call(json={"cause": "repeat_petition", "reference": "XF-2024-001"}, fresh=_closed),
    "draw_rechecks": Call(),
    "get_recheck_draw": Call(),
    "list_rechecks": Call(query=HERE),
    "record_recheck": Call(json=RESULT, fresh=_drawn),
}
