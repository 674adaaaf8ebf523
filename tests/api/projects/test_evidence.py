"""Photos and documents as they come: kept as they are, checked against clock, place and code, shown to some."""

import datetime as dt
import io
from typing import Any

import pytest
from PIL import Image

from tests.support.evidence import GATE, add, code_of, honest, rows_of, send, with_site
from tests.support.photos import jpeg, original
from tests.support.projects import MORNING, County, Projects, Statements

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


async def test_an_honest_photo_is_kept_as_it_came_and_bears_no_flag(county: County) -> None:
    project = await with_site(county)
    content = honest()
    answer = await send(county, project, content, code=await code_of(county, project), description="三号楼封顶")
    made = answer.json()
    assert answer.status_code == 201, answer.text
    assert answer.headers["location"] == f"/v1/projects/evidence/{made['id']}"
    assert (made["flags"], made["skew_minutes"], made["distance_m"]) == ([], 0, 0)
    assert (made["taken_at"], made["latitude"], made["longitude"]) == (MORNING.isoformat(), "38.0421", "114.5143")
    assert made["received_at"].startswith("2026-11-23T09:00:00")
    assert (made["width"], made["height"], made["media_type"]) == (640, 480, "image/jpeg")
    assert await county.read(f"/evidence/{made['id']}") == made
    original = await county.call("GET", f"/evidence/{made['id']}/file")
    assert original.content == content
    assert original.headers["content-type"] == "image/jpeg"
    assert original.headers["content-disposition"].startswith("attachment")
    audit = (await county.call("GET", "/audit", role="auditor")).json()["items"]
    added = [entry for entry in audit if entry["subject_type"] == "evidence"]
    assert [entry["action"] for entry in added] == ["add"]
    assert "三号楼" not in str(added)
    assert await rows_of(county, "outbox") == await rows_of(county, "audit_entry")


async def test_doubts_are_marked_and_never_a_reason_to_refuse(county: County) -> None:
    project = await with_site(county)
    code = await code_of(county, project)
    stripped = await add(county, project, jpeg(original(0)), code=code)
    assert (stripped["flags"], stripped["taken_at"], stripped["distance_m"]) == (["no_metadata"], None, None)
    old = await add(county, project, honest(1, taken=MORNING - dt.timedelta(days=3)), code=code)
    assert (old["flags"], old["skew_minutes"]) == (["clock_skew"], 3 * 24 * 60)
    ahead = await add(county, project, honest(2, taken=MORNING + dt.timedelta(days=2)), code=code)
    assert (ahead["flags"], ahead["skew_minutes"]) == (["clock_skew"], -2 * 24 * 60)
    elsewhere = await add(county, project, honest(3, place=(39.9, 116.4)), code=code)
    assert elsewhere["flags"] == ["off_site"]
    assert elsewhere["distance_m"] > 200_000
    assert (await add(county, project, honest(4)))["flags"] == ["no_code"]
    assert (await add(county, project, honest(5), code="ACD-EFH"))["flags"] == ["wrong_code"]
    placeless = await add(county, project, jpeg(original(6), taken=MORNING), code=code)
    assert placeless["flags"] == ["no_place"]
    timeless = await add(county, project, jpeg(original(7), place=GATE), code=code)
    assert timeless["flags"] == ["no_time"]
    marked = await county.every("/evidence", flag="clock_skew")
    assert [item["id"] for item in marked] == [ahead["id"], old["id"]]


async def test_a_time_without_a_zone_is_chinas(county: County) -> None:
    project = await with_site(county)
    there = MORNING.astimezone(dt.timezone(dt.timedelta(hours=-5)))
    zoned = await add(county, project, jpeg(original(0), taken=there, place=GATE))
    bare = await add(county, project, jpeg(original(1), taken=MORNING, place=GATE, zoned=False))
    assert zoned["taken_at"] == bare["taken_at"] == MORNING.isoformat()


async def test_the_county_says_how_far_is_too_far(county: County) -> None:
    project = await with_site(county)
    aside = (GATE[0] + 400 / 111_195, GATE[1])
    assert "off_site" not in (await add(county, project, honest(0, place=aside)))["flags"]
    limit = {"value": 300, "reason": "县委专题会议纪要"}
    answer = await county.call("PUT", "/thresholds/site_radius_m", json=limit, headers={"If-Match": '"0"'})
    assert answer.status_code == 200
    later = await add(county, project, honest(1, place=aside))
    assert ("off_site" in later["flags"], later["distance_m"]) == (True, 400)


async def test_coordinates_are_set_at_the_version_read_and_judge_what_comes_after(county: County) -> None:
    project = await county.create("甲小区")
    path = f"/projects/{project['id']}/site"
    before = await county.read(path)
    assert (before["latitude"], before["version"]) == (None, 0)
    unknown = await add(county, project, honest(0))
    assert "no_site" in unknown["flags"]
    body = {"latitude": str(GATE[0]), "longitude": str(GATE[1]), "datum": "gcj02"}
    for version, role, status in (("1", "office", 412), ("0", "taskforce", 403), ("0", "office", 200)):
        answer = await county.call("PUT", path, json=body, headers={"If-Match": f'"{version}"'}, role=role)
        assert answer.status_code == status, answer.text
    assert (await county.call("PUT", path, json=body)).status_code == 428
    swapped = {"latitude": str(GATE[1]), "longitude": str(GATE[0]), "datum": "cgcs2000"}
    assert (await county.call("PUT", path, json=swapped, headers={"If-Match": '"1"'})).status_code == 422
    judged = await add(county, project, honest(1))
    assert 300 < judged["distance_m"] < 900, "the coordinates were a map's"
    again = body | {"datum": "cgcs2000"}
    assert (await county.call("PUT", path, json=again, headers={"If-Match": '"1"'})).json()["version"] == 2
    assert (await add(county, project, honest(2)))["distance_m"] == 0
    assert (await county.read(f"/evidence/{unknown['id']}"))["flags"] == unknown["flags"]


async def test_the_code_of_the_day_is_for_those_who_are_there_to_check(county: County) -> None:
    project, other = await with_site(county), await with_site(county, "乙小区")
    path = f"/projects/{project['id']}/site-code"
    first = await county.read(path)
    assert (first["day"], await county.read(path)) == ("2026-11-23", first)
    assert await code_of(county, other) != first["code"]
    for role in ("enterprise", "department", "township", "auditor", "leader"):
        assert (await county.call("GET", path, role=role)).status_code == 403
    assert (await county.projects.county().call("GET", path)).status_code == 404
    county.projects.clock.advance(dt.timedelta(days=1))
    tomorrow = await county.read(path)
    assert tomorrow["code"] != first["code"]
    taken_yesterday = await add(county, project, honest(0), code=first["code"])
    assert not {"no_code", "wrong_code"} & set(taken_yesterday["flags"])
    taken_today = await add(county, project, jpeg(original(1)), code=first["code"].lower().replace("-", " "))
    assert "wrong_code" in taken_today["flags"]


async def test_who_does_not_check_gets_a_copy_without_metadata(county: County) -> None:
    project = await with_site(county)
    made = await add(county, project, honest())
    path = f"/evidence/{made['id']}/file"
    assert (await county.call("GET", path, role="department", subject="user:9")).status_code == 403
    answer = await county.call("GET", path, params={"copy": "public"}, role="department", subject="user:9")
    assert answer.status_code == 200
    shown = Image.open(io.BytesIO(answer.content))
    assert (shown.format, dict(shown.getexif()), shown.size) == ("JPEG", {}, (640, 480))
    assert b"Exif" not in answer.content
    document = await add(county, project, PDF)
    assert (document["media_type"], document["flags"], document["width"]) == ("application/pdf", [], None)
    refused = await county.call("GET", f"/evidence/{document['id']}/file", params={"copy": "public"})
    assert (refused.status_code, refused.json()["code"]) == (409, "no_public_copy")
    assert (await county.call("GET", f"/evidence/{document['id']}/file")).content == PDF


async def test_an_enterprise_adds_to_its_own_projects_and_sees_what_it_brought(county: County) -> None:
    project, other = await with_site(county), await with_site(county, "乙小区")
    await county.unit("QY", "甲置业有限公司", "enterprise")
    answers = {"kind": "enterprise", "unit_code": "QY", "began_on": "2026-09-01"}
    assert (await county.call("POST", f"/projects/{project['id']}/responsibilities", json=answers)).status_code == 201
    offices = await add(county, other, honest(0))
    it: dict[str, Any] = {"role": "enterprise", "unit": "QY", "subject": "user:qy"}
    assert (await send(county, other, honest(1), **it)).status_code == 403
    assert (await send(county, project, honest(1), **it | {"unit": None})).status_code == 403
    brought = await send(county, project, jpeg(original(0), quality=60), **it)
    assert brought.status_code == 201, brought.text
    made = brought.json()
    assert (made["unit_code"], made["duplicate_of"], made["duplicate_project_id"]) == ("QY", offices["id"], None)
    assert (await county.read(f"/evidence/{made['id']}"))["duplicate_project_id"] == other["id"]
    colleague, gone = it | {"subject": "user:8"}, it | {"unit": "ELSE"}
    for who, seen in ((it, [made["id"]]), (colleague, [made["id"]]), (gone, []), (it | {"unit": None}, [])):
        listed = (await county.call("GET", "/evidence", **who)).json()["items"]
        assert [item["id"] for item in listed] == seen
        for id_ in (made["id"], offices["id"]):
            for path in (f"/evidence/{id_}", f"/evidence/{id_}/file?copy=public"):
                assert (await county.call("GET", path, **who)).status_code == (200 if id_ in seen else 404)


async def test_another_countys_evidence_does_not_exist(county: County, projects: Projects) -> None:
    made = await add(county, await with_site(county), honest())
    elsewhere = projects.county()
    for path in (f"/evidence/{made['id']}", f"/evidence/{made['id']}/file", f"/projects/{made['project_id']}/site"):
        assert (await elsewhere.call("GET", path)).status_code == 404
    assert await elsewhere.every("/evidence") == []
    listed = await elsewhere.call("GET", "/evidence", params={"division_code": county.code})
    assert listed.status_code == 404
    answer = await send(elsewhere, {"id": made["project_id"]}, honest(1))
    assert answer.status_code == 404


async def test_a_list_is_filtered_paged_and_one_statement(county: County, statements: Statements) -> None:
    here, there = await with_site(county), await with_site(county, "乙小区")
    made = [await add(county, p, honest(n), subject_id=f"I-{n}") for n, p in enumerate((here, here, there))]
    newest = [e["id"] for e in reversed(made)]
    assert [e["id"] for e in await county.every("/evidence", limit=1)] == newest
    assert [e["id"] for e in await county.every("/evidence", project_id=here["id"])] == newest[1:]
    about = await county.every("/evidence", subject_type="inspection", subject_id="I-2")
    assert [e["id"] for e in about] == newest[:1]
    statements.texts.clear()
    await county.read("/evidence")
    assert len(statements) == 3, statements.texts


@pytest.mark.parametrize(
    "form", [{"subject_type": "Inspection"}, {"subject_id": "a b"}, {"code": "当日码"}, {"x": "1"}]
)
async def test_fields_that_do_not_fit_are_refused(county: County, form: dict[str, str]) -> None:
    project = await county.create("甲小区")
    answer = await send(county, project, honest(), **form)
    assert answer.status_code == 422
    assert await rows_of(county, "stored_file") == 0


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"<svg/>", 415, "not_evidence"),
        (b"\xff\xd8\xff\xe0" + bytes(500), 422, "damaged_file"),
        (b"\xff\xd8\xff" + bytes(20_000_000), 413, "too_large"),
    ],
)
async def test_a_hostile_file_is_refused_and_not_kept(county: County, content: bytes, status: int, code: str) -> None:
    project = await county.create("甲小区")
    answer = await send(county, project, content)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert (await rows_of(county, "stored_file"), await rows_of(county, "evidence")) == (0, 0)
