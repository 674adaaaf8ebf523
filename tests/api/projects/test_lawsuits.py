"""The case register, and matters put to the government–court meeting."""

import asyncio
from typing import Any

import pytest

from tests.support.projects import County, Projects, Statements

Json = dict[str, Any]
LAWSUIT = {
    "court": "县人民法院",
    "cause": "商品房预售合同纠纷",
    "case_number": "（2026）京0101民初1234号",
    "amount_fen": 1_234_500,
    "filed_on": "2026-11-13",
}
MATTER = {"matter": "查封土地解封", "question": "规划调整须先解封", "court_unit": "COURT", "raised_on": "2026-11-03"}


@pytest.fixture
async def project(county: County) -> Json:
    return await county.create("碧水园")


async def recorded(county: County, project: Json, **more: Any) -> Json:
    answer = await county.call("POST", f"/projects/{project['id']}/lawsuits", json=LAWSUIT | more)
    assert answer.status_code == 201, answer.text
    assert answer.headers["etag"] == '"1"'
    return dict((await county.call("GET", answer.headers["location"].removeprefix("/v1/projects"))).json())


async def patch(county: County, case: Json, version: int, **more: Any) -> Any:
    headers = {"If-Match": f'"{version}"'}
    return await county.call("PATCH", f"/lawsuits/{case['id']}", json=more, headers=headers)


async def test_a_case_counts_its_days_until_it_is_closed(county: County, project: Json) -> None:
    case = await recorded(county, project)
    assert (case["days"], case["stage"], case["supervised"]) == (10, "filed", False)
    mistyped = await recorded(county, project, case_number=None, filed_on="2026-10-31")
    assert (await patch(county, mistyped, 1, filed_on="2026-11-13")).json()["days"] == 10
    unclosed = await patch(county, case, 1, stage="closed")
    assert (unclosed.status_code, unclosed.json()["errors"][0]["pointer"]) == (422, "/closed_on")
    closed = await patch(county, case, 1, stage="closed", closed_on="2026-11-15", outcome="调解结案")
    assert (closed.status_code, closed.json()["days"], closed.headers["etag"]) == (200, 2, '"2"')
    assert (await patch(county, case, 1, supervised=True)).status_code == 412
    reopened = await patch(county, case, 2, stage="retrial", closed_on=None, amount_fen=None)
    assert (reopened.json()["days"], reopened.json()["amount_fen"]) == (10, None)


async def test_a_case_number_stands_once_on_a_project(county: County, project: Json) -> None:
    await recorded(county, project)
    again = LAWSUIT | {"case_number": "(2026) 京0101民初1234号"}
    refused = await county.call("POST", f"/projects/{project['id']}/lawsuits", json=again)
    assert (refused.status_code, refused.json()["code"]) == (409, "case_taken")
    await recorded(county, await county.create("云锦府"))
    other = await recorded(county, project, case_number=None)
    taken = await patch(county, other, 1, case_number=LAWSUIT["case_number"])
    assert (taken.status_code, taken.json()["code"]) == (409, "case_taken")
    assert (await patch(county, other, 1, case_number="（2026）京0101执1号")).status_code == 200
    await recorded(county, project, case_number=None)
    unnumbered = await patch(county, other, 2, case_number=None)
    assert (unnumbered.status_code, unnumbered.json()["case_number"]) == (200, None), "as many have none as there are"


async def test_one_number_told_by_four_clerks_at_once_stands_once(county: County, project: Json) -> None:
    path = f"/projects/{project['id']}/lawsuits"
    answers = await asyncio.gather(*(county.call("POST", path, json=LAWSUIT) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]


async def test_the_register_is_filtered_and_paged(
    county: County, projects: Projects, project: Json, statements: Statements
) -> None:
    supervised = await recorded(county, project, supervised=True)
    closed = await recorded(county, project, case_number=None, stage="closed", closed_on="2026-11-20")
    elsewhere = await recorded(county, await county.create("云锦府"))

    async def ids(**query: Any) -> list[str]:
        return [one["id"] for one in await county.every("/lawsuits", limit=1, **query)]

    assert await ids() == [elsewhere["id"], closed["id"], supervised["id"]]
    assert await ids(project_id=project["id"]) == [closed["id"], supervised["id"]]
    assert await ids(supervised=True) == [supervised["id"]]
    assert await ids(is_open=False) == [closed["id"]]
    assert await ids(stage="filed", project_id=project["id"]) == [supervised["id"]]
    stranger = projects.county()
    assert await stranger.every("/lawsuits") == []
    assert (await stranger.call("GET", f"/lawsuits/{closed['id']}")).status_code == 404
    assert (await stranger.call("GET", "/lawsuits", params={"division_code": county.code})).status_code == 404
    statements.texts.clear()
    await county.read("/lawsuits")
    assert len(statements) <= 4


async def test_a_matter_is_raised_with_a_court_and_answered_once(county: County, project: Json) -> None:
    await county.unit("COURT", "县人民法院", "court")
    await county.unit("HOUSING", "住建局")
    path = f"/projects/{project['id']}/liaison-matters"
    wrong = await county.call("POST", path, json=MATTER | {"court_unit": "HOUSING"})
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/court_unit")
    raised = await county.call("POST", path, json=MATTER)
    assert (raised.status_code, raised.json()["court_unit_name"], raised.json()["days"]) == (201, "县人民法院", 20)
    assert len(await county.every("/liaison-matters", unanswered=True)) == 1
    answer = {"answer": "解封裁定已作出", "answered_on": "2026-11-10", "document_number": "府院纪要〔2026〕2号"}
    act = f"/liaison-matters/{raised.json()['id']}/answer"
    early = await county.call("POST", act, json=answer | {"answered_on": "2026-11-02"})
    assert early.status_code == 422
    answers = await asyncio.gather(*(county.call("POST", act, json=answer, role="judicial") for _ in range(3)))
    assert sorted(one.status_code for one in answers) == [200, 409, 409]
    [matter] = await county.every("/liaison-matters", unanswered=False)
    assert (matter["days"], matter["document_number"], matter["version"]) == (7, "府院纪要〔2026〕2号", 2)
    assert await county.every("/liaison-matters", unanswered=True) == []


async def test_a_matter_names_a_lawsuit_of_its_own_project(county: County, project: Json) -> None:
    await county.unit("COURT", "县人民法院", "court")
    case = await recorded(county, await county.create("云锦府"))
    for unknown in (case["id"], project["id"]):
        body = MATTER | {"lawsuit_id": unknown}
        refused = await county.call("POST", f"/projects/{project['id']}/liaison-matters", json=body)
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/lawsuit_id")


async def test_free_text_stays_out_of_the_audit(county: County, project: Json) -> None:
    case = await recorded(county, project, outcome="原告电话 13812345678")
    await patch(county, case, 1, outcome="改判 13812345678", supervised=True)
    answer = await county.call("GET", "/audit", role="auditor", params={"subject_type": "lawsuit"})
    assert [one["action"] for one in answer.json()["items"]] == ["update", "create"]
    assert "13812345678" not in answer.text
