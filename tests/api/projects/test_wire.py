"""The rules of the wire on the ledger's own operations: strict input, versions, problems that repeat nothing."""

import json
from typing import Any

import pytest

from shared.schemas.base import ProblemOut
from shared.schemas.projects.ledger import HistoryPage, ProjectDetail, ProjectOut
from tests.support.projects import BASE, County, Projects

PLANTED = "110101199003078515"
"""An ID number that nothing may ever repeat."""


def problem(answer: Any, status: int | set[int]) -> dict[str, Any]:
    assert answer.status_code in ({status} if isinstance(status, int) else status), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert PLANTED not in answer.text
    found = ProblemOut.model_validate_json(answer.text)
    assert found.status == answer.status_code
    assert found.detail
    return found.model_dump()


async def test_a_project_through_its_life(county: County) -> None:
    body = {
        "division_code": county.code,
        "name": "  御水名都 ",
        "aliases": ["御水"],
        "lists": ["whitelist", "delivery_2024"],
        "size": {"gfa_m2": "12345.50", "units_total": 10, "units_sold": 8, "units_delivered": 2},
        "parties": {"developer_credit_code": "91110000600037341L"},
        "schedule": {"contract_delivery_on": "2026-11-03", "stopped_on": "2026-11-13"},
        "construction_status": "stopped",
    }
    created = await county.call("POST", "/projects", json=body)
    assert created.status_code == 201, created.text
    out = ProjectOut.model_validate_json(created.text)
    assert (out.name, out.version, str(out.size.gfa_m2)) == ("御水名都", 1, "12345.5")
    assert created.headers["location"] == f"{BASE}/projects/{out.id}"
    assert created.headers["etag"] == '"1"'

    read = await county.call("GET", f"/projects/{out.id}")
    detail = ProjectDetail.model_validate_json(read.text)
    assert detail.derived.model_dump(mode="json") == {
        "as_of": "2026-11-23",
        "units_undelivered": 6,
        "delay_days": 20,
        "stopped_days": 10,
        "delivery_rate": "0.2500",
        "sold_rate": "0.8000",
    }
    patch = {"size": {"units_delivered": 3, "gfa_m2": None}, "effective_on": "2026-11-23"}
    changed = await county.call("PATCH", f"/projects/{out.id}", json=patch, headers={"If-Match": read.headers["etag"]})
    assert changed.status_code == 200, changed.text
    after = ProjectOut.model_validate_json(changed.text)
    assert (after.size.units_delivered, after.size.gfa_m2, after.size.units_sold) == (3, None, 8)
    assert changed.headers["etag"] == '"2"'

    history = await county.call("GET", f"/projects/{out.id}/history")
    first, last = reversed(HistoryPage.model_validate_json(history.text).items)
    assert (first.action, last.action) == ("create", "update")
    assert last.facts == {"units_delivered": 3, "gfa_m2": None}
    assert first.facts["lists"] == ["delivery_2024", "whitelist"]
    narrowed = await county.read(f"/projects/{out.id}/history", fact="units_delivered", limit=1)
    assert [c["version"] for c in narrowed["items"]] == [2]
    everything = await county.every(f"/projects/{out.id}/history", limit=1)
    assert [c["version"] for c in everything] == [2, 1]


async def test_a_patch_that_says_what_is_known_changes_nothing(county: County) -> None:
    project = await county.create("甲", size={"gfa_m2": "10"}, aliases=["一", "二"])
    again = await county.change(project, size={"gfa_m2": "10.00"}, aliases=["二", "一"])
    assert again["version"] == 1
    assert (await county.change(project, size={}))["version"] == 1


async def test_a_version_tells_what_was_read(county: County) -> None:
    project = await county.create("甲")
    path = f"/projects/{project['id']}"
    read = await county.call("GET", path)
    tag = read.headers["etag"]
    unchanged = await county.call("GET", path, headers={"If-None-Match": f'"0", {tag}'})
    assert (unchanged.status_code, unchanged.content, unchanged.headers["etag"]) == (304, b"", tag)
    assert (await county.call("GET", path, headers={"If-None-Match": '"1"'})).status_code == 200
    county.projects.clock.set(county.projects.clock.now().replace(day=24))
    tomorrow = await county.call("GET", path, headers={"If-None-Match": tag})
    assert tomorrow.status_code == 200, "the delay of tomorrow is another one"

    body = {"size": {"units_total": 1}}
    problem(await county.call("PATCH", path, json=body), 428)
    problem(await county.call("PATCH", path, json=body, headers={"If-Match": "*"}), 428)
    for stale in ('"7"', '"0"', "1", "W/", '"x"', '"9999999999999"'):
        assert problem(await county.call("PATCH", path, json=body, headers={"If-Match": stale}), 412)
    assert (await county.call("PATCH", path, json=body, headers={"If-Match": f"W/{tag}"})).status_code == 200
    problem(await county.call("PATCH", path, json=body, headers={"If-Match": tag}), 412)
    problem(await county.call("POST", f"{path}/construction-status", json={"to": "stopped", "reason": "x"}), 428)


GOOD = {"name": "甲"}
BAD_BODIES: dict[str, tuple[Any, int, str | None]] = {
    "unknown field": ({**GOOD, PLANTED: PLANTED}, 422, "/"),
    "unknown fact": ({**GOOD, "size": {"units": 1}}, 422, "/size"),
    "number as text": ({**GOOD, "size": {"units_sold": "3"}}, 422, "/size/units_sold"),
    "float as count": ({**GOOD, "size": {"units_sold": 3.0}}, 422, "/size/units_sold"),
    "bool as count": ({**GOOD, "size": {"units_sold": True}}, 422, "/size/units_sold"),
    "decimal as number": ({**GOOD, "size": {"gfa_m2": 12.5}}, 422, "/size/gfa_m2"),
    "exponent": ({**GOOD, "size": {"gfa_m2": "1e5"}}, 422, "/size/gfa_m2"),
    "negative": ({**GOOD, "size": {"units_sold": -1}}, 422, "/size/units_sold"),
    "huge": ({**GOOD, "money": {"funding_gap_fen": 10**40}}, 422, "/money/funding_gap_fen"),
    "naive time as a day": ({**GOOD, "schedule": {"stopped_on": "2024-11-30T00:00:00"}}, 422, "/schedule/stopped_on"),
    "seconds as a day": ({**GOOD, "schedule": {"stopped_on": 0}}, 422, "/schedule/stopped_on"),
    "no such day": ({**GOOD, "schedule": {"stopped_on": "2024-02-30"}}, 422, "/schedule/stopped_on"),
    "tomorrow": ({**GOOD, "effective_on": "2026-11-24"}, 422, "/effective_on"),
    "a NUL": ({"name": f"甲\0{PLANTED}"}, 422, "/name"),
    "a lone surrogate": ({"name": "\ud800"}, 422, "/name"),
    "only blanks": ({"name": "  "}, 422, "/name"),
    "too long": ({"name": PLANTED * 12}, 422, "/name"),
    "no name": ({}, 422, "/name"),
    "null name": ({"name": None}, 422, "/name"),
    "no such status": ({**GOOD, "construction_status": PLANTED}, 422, "/construction_status"),
    "a list": ([GOOD], 422, "/"),
    "text": (PLANTED, 422, "/"),
    "nothing": (None, 422, None),
    "a wrong check digit": ({**GOOD, "parties": {"developer_credit_code": "911100006000373410"}}, 422, None),
}


@pytest.mark.parametrize("kind", BAD_BODIES)
@pytest.mark.parametrize("key", [None, "a-key-of-this-test"])
async def test_a_bad_body_is_named_and_never_repeated(county: County, kind: str, key: str | None) -> None:
    body, status, pointer = BAD_BODIES[kind]
    if isinstance(body, dict):
        body = {"division_code": county.code, **body}
    headers = {"Content-Type": "application/json"} | ({"Idempotency-Key": key} if key else {})
    answer = await county.call("POST", "/projects", content=json.dumps(body), headers=headers)
    found = problem(answer, status)
    if pointer is not None:
        assert [e["pointer"] for e in found["errors"]] == [pointer]


RAW: dict[str, tuple[bytes, int]] = {
    "not json": (b"{", 400),
    "a duplicate key": (b'{"name": "a", "name": "b"}', 400),
    "a nested duplicate key": (b'{"name": "a", "size": {"units_sold": 1, "units_sold": 2}}', 400),
    "NaN": (b'{"name": NaN}', 400),
    "minus infinity": (b'{"name": -Infinity}', 400),
    "a number beyond doubles": (b'{"name": "a", "size": {"units_sold": 1e999}}', 422),
    "an endless integer": (b'{"name": "a", "size": {"units_sold": ' + b"9" * 5000 + b"}}", 400),
    "malformed UTF-8": (b'{"name": "\xff\xfe"}', 400),
    "deep nesting": (b'{"name": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", 400),
    "deep but not too deep": (b'{"name": ' + b"[" * 400 + b"]" * 400 + b"}", 422),
    "an escaped NUL": (b'{"name": "a\\u0000"}', 422),
    "a NUL byte": (b'{"name": "a\x00"}', 400),
    "too much": (b'{"name": "' + b"a" * 1_000_001 + b'"}', 413),
}


@pytest.mark.parametrize("kind", RAW)
@pytest.mark.parametrize("key", [None, "a-key-of-this-test"])
async def test_what_is_no_proper_json_is_a_clear_4xx(county: County, kind: str, key: str | None) -> None:
    content, status = RAW[kind]
    headers = {"Content-Type": "application/json"} | ({"Idempotency-Key": key} if key else {})
    problem(await county.call("POST", "/projects", content=content, headers=headers), status)


@pytest.mark.parametrize("media", ["text/plain", "application/x-www-form-urlencoded", "application/jsonx", ""])
async def test_another_content_type_is_415(county: County, media: str) -> None:
    answer = await county.call("POST", "/projects", content=b"{}", headers={"Content-Type": media})
    problem(answer, 415)


async def test_a_merge_patch_may_say_so(county: County) -> None:
    project = await county.create("甲")
    headers = {"If-Match": '"1"', "Content-Type": "application/merge-patch+json"}
    answer = await county.call(
        "PATCH", f"/projects/{project['id']}", content=b'{"name": "\xe4\xb9\x99"}', headers=headers
    )
    assert (answer.status_code, answer.json()["name"]) == (200, "乙")


@pytest.mark.parametrize("body", [{"name": None}, {"size": None}, {"construction_status": "stopped"}, {"version": 2}])
async def test_a_patch_takes_no_null_group_and_no_status(county: County, body: dict[str, Any]) -> None:
    project = await county.create("甲")
    answer = await county.call("PATCH", f"/projects/{project['id']}", json=body, headers={"If-Match": '"1"'})
    problem(answer, 422)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"/projects?{PLANTED}=1", 422),
        ("/projects?limit=1&limit=2", 422),
        ("/projects?limit=0", 422),
        ("/projects?limit=201", 422),
        ("/projects?limit=x", 422),
        ("/projects?q=%00", 422),
        ("/projects?q=%ff", 422),
        ("/projects?q=", 422),
        (f"/projects?kind={PLANTED}", 422),
        ("/projects?sort=id", 422),
        ("/projects?division_code=99", 422),
        (f"/projects?cursor={PLANTED}", 422),
        ("/projects?cursor=%E4%B8%AD", 422),
        ("/projects/%00", 400),
        (f"/projects/{PLANTED}", 422),
        ("/projects/018f0000-0000-7000-8000-000000000000", 404),
        ("/projects/018f0000-0000-7000-8000-000000000000/history", 404),
        ("/imports/018f0000-0000-7000-8000-000000000000", 404),
        ("/imports/018f0000-0000-7000-8000-000000000000/result", 404),
        (f"/{PLANTED}", 404),
        ("/projects/", 404),
        ("/statistics?known_at=2024-11-30T00:00:00", 422),
        ("/statistics?as_of=2024-11-30T00:00:00%2B08:00", 422),
        ("/statistics?limit=1", 422),
        ("/export?limit=1", 422),
    ],
)
async def test_a_bad_address_is_a_clear_4xx(county: County, path: str, status: int) -> None:
    problem(await county.call("GET", path), status)


async def test_methods(county: County) -> None:
    refused = await county.call("DELETE", "/projects")
    problem(refused, 405)
    assert refused.headers["allow"] == "GET, HEAD, OPTIONS, POST"
    options = await county.call("OPTIONS", "/projects")
    assert (options.status_code, options.headers["allow"]) == (204, "GET, HEAD, OPTIONS, POST")
    project = await county.create("甲")
    get = await county.call("GET", f"/projects/{project['id']}")
    head = await county.call("HEAD", f"/projects/{project['id']}")
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", get.headers["etag"])


async def test_titles_follow_the_language_and_the_trace_is_told(county: County) -> None:
    trace = "0af7651916cd43dd8448eb211c80319c"
    headers = {"Accept-Language": "en-GB,zh;q=0.5", "traceparent": f"00-{trace}-b7ad6b7169203331-01"}
    answer = await county.call("GET", "/projects/018f0000-0000-7000-8000-000000000000", headers=headers)
    found = problem(answer, 404)
    assert (found["title"], found["trace_id"]) == ("Not found", trace)
    assert answer.headers["traceparent"].split("-")[1] == trace
    assert problem(await county.call("GET", "/projects/x"), 422)["title"] == "内容不符合要求"


async def test_only_a_token_the_gateway_signed_for_this_service_opens(county: County, projects: Projects) -> None:
    good = projects.token(home=county.code)
    refused = {
        "": 401,
        "x": 401,
        "a.b.c": 401,
        good[:-2]: 401,
        projects.token(audience="petitions"): 401,
        projects.token(kind="at+jwt"): 401,
        projects.token(seconds=-60): 401,
        projects.token("enterprise"): 403,
    }
    for token, status in refused.items():
        answer = await projects.call(token, "GET", "/projects")
        problem(answer, status)
        assert ("www-authenticate" in answer.headers) == (status == 401)
    assert (await projects.call(good, "GET", "/projects")).status_code == 200


async def test_a_name_and_a_code_are_taken_once(county: County) -> None:
    await county.create("碧桂园·未来城", project_code="B-1")
    path, body = "/projects", {"division_code": county.code}
    same = await county.call("POST", path, json={**body, "name": "碧桂园 未来城（项目）"})
    assert problem(same, 409)["code"] == "name_taken"
    coded = await county.call("POST", path, json={**body, "name": "乙", "project_code": "B-1"})
    assert problem(coded, 409)["code"] == "code_taken"
    other = await county.create("乙")
    renamed = await county.call(
        "PATCH", f"{path}/{other['id']}", json={"name": "碧桂园-未来城"}, headers={"If-Match": '"1"'}
    )
    assert problem(renamed, 409)["code"] == "name_taken"
    assert (await county.create("丙", project_code=f"{county.code}-0002"))["project_code"].endswith("0002")
    assert (await county.create("丁"))["project_code"].endswith("0003")


async def test_a_city_reads_its_counties_and_writes_only_its_own(county: County, projects: Projects) -> None:
    project = await county.create("甲")
    city = County(projects, f"{county.code[:4]}00")
    assert project["id"] in {p["id"] for p in await city.every("/projects")}
    assert (await city.read(f"/projects/{project['id']}"))["name"] == "甲"
    assert (await city.read("/projects", division_code=county.code, q="甲"))["items"][0]["id"] == project["id"]
    problem(await city.call("GET", "/projects", params={"q": "甲"}), 422)
    problem(
        await city.call("PATCH", f"/projects/{project['id']}", json={"name": "乙"}, headers={"If-Match": '"1"'}), 403
    )
    problem(await city.call("POST", "/projects", json={"division_code": county.code, "name": "乙"}), 403)
    own = await city.create("市本级")
    assert own["division_code"] == city.code
    stranger = projects.county()
    problem(await stranger.call("GET", f"/projects/{project['id']}"), 404)
    problem(await stranger.call("GET", "/projects", params={"division_code": county.code}), 404)
    problem(await stranger.call("GET", "/statistics", params={"division_code": county.code}), 404)
    problem(await stranger.call("POST", "/projects", json={"division_code": county.code, "name": "乙"}), 404)
    problem(
        await stranger.call("PATCH", f"/projects/{project['id']}", json={"name": "乙"}, headers={"If-Match": '"1"'}),
        404,
    )


async def test_liveness_readiness_and_metrics(projects: Projects) -> None:
    assert (await projects.http.get("/healthz")).json() == {"status": "ok"}
    ready = await projects.http.get("/readyz")
    assert ready.status_code == 200, ready.text
    assert ready.json()["checks"]["database"] == "ok"
    assert 'operation="create_project"' in (await projects.http.get("/metrics")).text
