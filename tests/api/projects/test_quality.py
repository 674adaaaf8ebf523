"""Quality and safety over the wire: a defect until somebody else has seen it mended, acceptances, incidents."""

import asyncio
from typing import Any

import asyncpg
import pytest

from tests.support.closeout import SIGNERS
from tests.support.projects import County, Projects, Statements
from tests.support.sql import inside

INSPECTION = {"kind": "routine", "verdict": "rectify", "note": "地下室渗漏", "document_number": "质监〔2026〕7号"}
DEFECT = {"kind": "leaking", "severity": "critical", "place": "3 号楼地下室外墙", "note": "雨后渗水"}
ORDER = {"unit_code": "SGDW", "due_on": "2026-12-01", "measure": "注浆堵漏"}
COMPLETION = {"stage": "completion", "passed": True, "accepted_on": "2026-11-09", "parties": SIGNERS}
INCIDENT = {
    "kind": "fall",
    "occurred_on": "2026-11-20",
    "place": "2 号楼外架",
    "dead": 0,
    "seriously_injured": 1,
    "note": "已送医",
}
BUILDER = {"role": "taskforce", "subject": "user:builder", "unit": "SGDW"}
STATION = {"role": "department", "subject": "user:station", "unit": "ZJZ"}


@pytest.fixture
async def project(county: County) -> str:
    await county.unit("SGDW", "某建筑公司", "enterprise")
    await county.unit("ZJZ", "质监站")
    return str((await county.create("阳光花园"))["id"])


async def made(county: County, path: str, body: dict[str, Any], **who: str) -> dict[str, Any]:
    answer = await county.call("POST", path, json=body, **(who or STATION))
    assert answer.status_code in (200, 201), answer.text
    if answer.status_code == 201:
        assert (await county.read(answer.headers["location"].removeprefix("/v1/projects"))) == answer.json()
    return dict(answer.json())


async def found(county: County, project: str, **more: Any) -> dict[str, Any]:
    inspection = await made(county, f"/projects/{project}/quality-inspections", INSPECTION)
    return await made(county, f"/quality-inspections/{inspection['id']}/defects", DEFECT | more)


async def rectified(county: County, project: str) -> dict[str, Any]:
    defect = await found(county, project)
    await made(county, f"/defects/{defect['id']}/order", ORDER)
    return await made(county, f"/defects/{defect['id']}/rectify", {"note": "已注浆"}, **BUILDER)


async def test_a_defect_is_ordered_rectified_and_closed_by_another(county: County, project: str) -> None:
    defect = await rectified(county, project)
    assert (defect["status"], defect["rectified_by"], defect["unit_name"]) == (
        "rectified",
        "user:builder",
        "某建筑公司",
    )
    path = f"/defects/{defect['id']}/reinspect"
    own = await county.call("POST", path, json={"passed": True, "note": "好"}, **BUILDER | {"role": "department"})
    assert (own.status_code, own.json()["code"]) == (409, "same_person")
    failed = await made(county, path, {"passed": False, "note": "仍有湿渍"})
    assert (failed["status"], failed["failures"], failed["reinspected_by"]) == ("ordered", 1, "user:station")
    again = await made(county, f"/defects/{defect['id']}/rectify", {"note": "再次注浆"}, **BUILDER)
    assert (again["reinspected_by"], again["failures"]) == (None, 1)
    closed = await made(county, path, {"passed": True, "note": "无渗水"})
    assert (closed["status"], closed["version"]) == ("closed", 6)
    more = await county.call("POST", path, json={"passed": True, "note": "x"}, **STATION)
    assert (more.status_code, more.json()["code"]) == (409, "step_not_allowed")


async def test_an_inspector_may_rectify_what_another_then_sees(county: County, project: str) -> None:
    """Who re-inspected a failed round may mend the next one: he is then no longer the one who re-inspects."""
    defect = await rectified(county, project)
    await made(county, f"/defects/{defect['id']}/reinspect", {"passed": False, "note": "不合格"})
    await made(county, f"/defects/{defect['id']}/rectify", {"note": "已整改"}, **STATION)
    path = f"/defects/{defect['id']}/reinspect"
    assert (await county.call("POST", path, json={"passed": True, "note": "x"}, **STATION)).status_code == 409


async def test_the_database_refuses_a_reinspection_by_the_same_person(county: County, project: str) -> None:
    defect = await rectified(county, project)
    for change, constraint in (
        ("status = 'closed', reinspected_by = 'user:builder'", "reinspected_by_another"),
        ("status = 'closed'", "reinspection_first"),
        ("rectified_by = null", "rectification_first"),
        ("due_on = null", "order_first"),
    ):
        async with inside(county) as database:
            with pytest.raises(asyncpg.CheckViolationError) as refused:
                await database.execute(f"update defect set {change} where id = $1", defect["id"])
        assert refused.value.constraint_name == f"defect_{constraint}_check"


async def test_two_reinspections_at_once_are_one(county: County, project: str) -> None:
    defect = await rectified(county, project)
    path, body = f"/defects/{defect['id']}/reinspect", {"passed": True, "note": "无渗水"}
    answers = await asyncio.gather(*(county.call("POST", path, json=body, **STATION) for _ in range(3)))
    assert sorted(a.status_code for a in answers) == [200, 409, 409]


async def test_steps_of_a_rectification_keep_their_order_and_their_days(county: County, project: str) -> None:
    defect = await found(county, project)
    act = f"/defects/{defect['id']}"
    for path, body, status in (
        ("rectify", {"note": "x"}, 409),
        ("reinspect", {"passed": True, "note": "x"}, 409),
        ("order", ORDER | {"due_on": "2026-11-22"}, 422),
        ("order", ORDER | {"unit_code": "NOBODY"}, 422),
    ):
        answer = await county.call("POST", f"{act}/{path}", json=body, **STATION)
        assert answer.status_code == status, answer.text
    await made(county, f"{act}/order", ORDER)
    early = await county.call("POST", f"{act}/rectify", json={"note": "x", "rectified_on": "2026-11-22"}, **BUILDER)
    assert early.status_code == 422
    moved = await made(county, f"{act}/order", ORDER | {"due_on": "2026-12-05"})
    assert (moved["status"], moved["due_on"], moved["days_late"]) == ("ordered", "2026-12-05", None)


async def test_an_acceptance_names_who_signed_and_is_filed_in_time(county: County, project: str) -> None:
    path = f"/projects/{project}/acceptances"
    short = await county.call("POST", path, json=COMPLETION | {"parties": SIGNERS[:3]}, **STATION)
    assert (short.status_code, short.json()["code"]) == (422, "signer_missing")
    accepted = await made(county, path, COMPLETION)
    filing = accepted["filing"]
    assert (filing["due_on"], filing["internal_due_on"], filing["calendar"]) == ("2026-11-24", "2026-11-24", "official")
    assert [p["role"] for p in accepted["parties"]] == ["owner", "design", "builder", "supervisor"]
    body = {"document_number": "备〔2026〕12号", "filed_on": "2026-11-23"}
    filed = await made(county, f"/acceptances/{accepted['id']}/file", body)
    assert (filed["filing"]["filed_on"], filed["filing"]["days_late"]) == ("2026-11-23", None)
    twice = await county.call("POST", f"/acceptances/{accepted['id']}/file", json=body, **STATION)
    assert (twice.status_code, twice.json()["code"]) == (409, "nothing_to_file")
    failed = await made(county, path, COMPLETION | {"passed": False, "parties": SIGNERS[:1]})
    assert failed["filing"] is None
    assert (await county.call("POST", f"/acceptances/{failed['id']}/file", json=body, **STATION)).status_code == 409
    assert [a["passed"] for a in await county.every("/acceptances", project_id=project, limit=1)] == [False, True]


async def test_no_completion_while_a_critical_defect_is_open(county: County, project: str) -> None:
    await found(county, project)
    refused = await county.call("POST", f"/projects/{project}/acceptances", json=COMPLETION, **STATION)
    assert (refused.status_code, refused.json()["code"]) == (409, "defects_open")


async def test_names_of_who_signed_are_in_no_audit_and_no_event(county: County, project: str) -> None:
    await made(county, f"/projects/{project}/acceptances", COMPLETION)
    audit = await county.call("GET", "/audit", role="auditor", params={"limit": 200})
    assert "acceptance" in audit.text
    assert "王五" not in audit.text


async def test_an_incident_is_corrected_at_its_version_and_climbs(county: County, project: str) -> None:
    incident = await made(county, f"/projects/{project}/incidents", INCIDENT)
    assert (incident["level"], incident["reported_on"], incident["loss_fen"]) == ("ordinary", "2026-11-23", None)
    path = f"/incidents/{incident['id']}"

    async def patch(version: int, **body: Any) -> Any:
        return await county.call("PATCH", path, json=body, headers={"If-Match": f'"{version}"'}, **STATION)

    worse = await patch(1, dead=3, seriously_injured=0, loss_fen=2_000_000_000)
    assert (worse.status_code, worse.json()["level"], worse.json()["version"]) == (200, "larger", 2)
    assert (await patch(1, dead=4)).status_code == 412
    same = await patch(2, dead=3)
    assert same.json()["version"] == 2
    unknown = await patch(2, loss_fen=None)
    assert unknown.json()["loss_fen"] is None
    assert (await patch(3, dead=None)).status_code == 422
    late = await county.call(
        "POST", f"/projects/{project}/incidents", json=INCIDENT | {"reported_on": "2026-11-19"}, **STATION
    )
    assert late.status_code == 422


async def test_what_happened_is_not_in_the_future(county: County, project: str) -> None:
    for path, body in (
        ("quality-inspections", INSPECTION | {"inspected_on": "2026-11-24"}),
        ("acceptances", COMPLETION | {"accepted_on": "2026-11-24"}),
        ("incidents", INCIDENT | {"occurred_on": "2026-11-24"}),
    ):
        answer = await county.call("POST", f"/projects/{project}/{path}", json=body, **STATION)
        assert (answer.status_code, answer.json()["code"]) == (422, "bad_day"), path


async def test_another_county_finds_nothing(county: County, project: str, projects: Projects) -> None:
    defect = await rectified(county, project)
    accepted = await made(county, f"/projects/{project}/acceptances", COMPLETION | {"stage": "structure"})
    incident = await made(county, f"/projects/{project}/incidents", INCIDENT)
    neighbour = projects.county()
    for path in (
        f"/quality-inspections/{defect['inspection_id']}",
        f"/defects/{defect['id']}",
        f"/acceptances/{accepted['id']}",
        f"/incidents/{incident['id']}",
    ):
        assert (await neighbour.call("GET", path)).status_code == 404
    for path in ("/quality-inspections", "/defects", "/acceptances", "/incidents"):
        assert (await neighbour.read(path))["items"] == []
        assert len((await county.read(path))["items"]) == 1
    refused = await neighbour.call("POST", f"/defects/{defect['id']}/reinspect", json={"passed": True, "note": "x"})
    assert refused.status_code == 404


async def test_lists_cost_the_same_and_filter(county: County, project: str, statements: Statements) -> None:
    for severity in ("minor", "major", "critical"):
        await found(county, project, severity=severity)
        statements.texts.clear()
        await county.read("/defects")
        assert len(statements) == 3, statements.texts
    assert [d["severity"] for d in await county.every("/defects", limit=2)] == ["critical", "major", "minor"]
    assert len((await county.read("/defects", severity="major", status="found"))["items"]) == 1
    assert (await county.read("/defects", status="closed"))["items"] == []


async def test_every_change_leaves_one_audit_row_and_one_event(county: County, project: str) -> None:
    defect = await rectified(county, project)
    audit = await county.call("GET", "/audit", role="auditor", params={"subject_id": defect["id"]})
    assert sorted(e["action"] for e in audit.json()["items"]) == ["create", "order", "rectify"]
    async with inside(county) as database:
        sent = await database.fetch("select type from outbox where subject = $1", f"defect/{defect['id']}")
    assert len(sent) == 3
