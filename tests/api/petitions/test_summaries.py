"""A project's petitions in figures, for whoever may see figures only; and one root cause answered once."""

from typing import Any
from uuid import UUID, uuid4

import httpx

from tests.support.about import come
from tests.support.office import BODY, CLAIM, OPINION, OTHER, Office
from tests.support.petitions import County, Statements

SERVICE = {"role": "service", "subject": "client:projects"}


async def summary(county: County, project: str, **who: Any) -> dict[str, Any]:
    answer = await county.call("GET", f"/projects/{project}/summary", **(who or SERVICE))
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_a_project_in_figures(petition_county: County) -> None:
    county, project = petition_county, str(uuid4())
    quiet = await summary(county, project)
    assert (quiet["total"], quiet["quiet_since"], quiet["last_group_visit"]) == (
        {"case_count": 0, "people_count": 0},
        None,
        None,
    )
    (early,) = await come(county, ["2026-09-01"], project_id=project, people_count=2)
    await come(county, ["2026-10-08"], project_id=project, people_count=3, demand="refund", repeat_of=UUID(early))
    (group,) = await come(county, ["2026-11-20"], project_id=project, people_count=40, visit_level="city")
    await come(county, ["2026-11-21"], project_id=project, petition_class="accusation")
    found = await summary(county, project)
    assert found["total"] == found["open"] == {"case_count": 3, "people_count": 45}
    assert found["by_demand"] == {
        "delivery": {"case_count": 2, "people_count": 42},
        "refund": {"case_count": 1, "people_count": 3},
    }
    assert found["by_state"] == {"registered": {"case_count": 3, "people_count": 45}}
    assert found["by_level"] == {"city": {"case_count": 1, "people_count": 40}}
    assert found["repeats_confirmed"] == {"case_count": 1, "people_count": 3}
    assert found["repeats_by_rule"] == {"case_count": 0, "people_count": 0}
    assert found["group_visits"] == {"case_count": 1, "people_count": 40}
    assert (found["overdue"], found["quiet_since"]) == (2, "2026-11-20")
    last = found["last_group_visit"]
    assert (last["on"], last["people_count"]) == ("2026-11-20", 40)
    # Nobody can tell the petition from its reference, and no two askers can join theirs.
    assert group not in str(found)
    other = await summary(county, project, role="service", subject="client:funding")
    assert other["last_group_visit"]["reference"] != last["reference"]
    assert (await summary(county, project))["last_group_visit"]["reference"] == last["reference"]


async def test_who_is_told(petition_county: County) -> None:
    county, project = petition_county, str(uuid4())
    await come(county, ["2026-11-20"], project_id=project)
    assert (await summary(county, project, role="leader"))["total"]["case_count"] == 1
    for role in ("enterprise", "platform", "auditor"):
        assert (await county.call("GET", f"/projects/{project}/summary", role=role)).status_code == 403
    assert (await summary(county.service.county(), project))["total"]["case_count"] == 0


async def test_many_projects_in_one_call(petition_county: County, petition_statements: Statements) -> None:
    county = petition_county
    wanted = [str(uuid4()) for _ in range(5)]
    for project in wanted:
        await come(county, ["2026-11-20"] * 2, project_id=project)
    before = len(petition_statements)
    page = await county.call("GET", "/project-summaries", params={"project_ids": ",".join(wanted[:3])}, **SERVICE)
    assert len(petition_statements) - before <= 5
    assert sorted(one["project_id"] for one in page.json()["items"]) == sorted(wanted[:3])
    found: list[str] = []
    cursor = None
    while True:
        query: dict[str, Any] = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        told = (await county.call("GET", "/project-summaries", params=query, **SERVICE)).json()
        found += [one["project_id"] for one in told["items"]]
        if (cursor := told["next_cursor"]) is None:
            break
    assert found == sorted(wanted)


async def test_one_root_cause_is_answered_once(petition_county: County) -> None:
    office = await Office(petition_county).open()
    county, project = office.county, str(uuid4())
    ready = await come(county, ["2026-11-02"] * 2, project_id=project, to_unit=BODY)
    for case in ready:
        await office.done(case, "accept", "2026-11-03", unit=BODY, **CLAIM)
    (sent,) = await come(county, ["2026-11-04"], project_id=project, to_unit=BODY)
    await come(county, ["2026-11-02"], project_id=project, to_unit=BODY, demand="refund")
    await come(county, ["2026-11-02"], project_id=project, petition_class="accusation")
    body = {"demand": "delivery", "opinion": OPINION, "on": "2026-11-20", "document_number": "安住建信〔2026〕8号"}

    async def answer(**more: Any) -> httpx.Response:
        who = more.pop("who", {"role": "department", "unit": BODY})
        return await county.call("POST", f"/projects/{project}/answer", json=body | more.pop("body", {}), **who, **more)

    tried = await answer(params={"dry_run": "true"})
    assert tried.status_code == 200, tried.text
    assert (await county.read(f"/petitions/{ready[0]}"))["state"] == "accepted"
    told = (await answer()).json()
    assert (told["answered"], told["left"]) == (2, 0)
    assert told["items"] == tried.json()["items"]
    verdicts = {one["petition_id"]: one for one in told["items"]}
    assert verdicts[sent]["code"] == "act_not_allowed"
    assert "不能办理" in verdicts[sent]["reason"]
    for case in ready:
        assert (await county.read(f"/petitions/{case}"))["state"] == "opinion_issued"
        (clock,) = [c for c in (await county.read(f"/petitions/{case}/clocks"))["items"] if c["kind"] == "handle"]
        assert (clock["state"], clock["met_on"]) == ("met", "2026-11-20")
        act = (await county.read(f"/petitions/{case}/acts"))["items"][-1]
        assert (act["kind"], act["document_number"]) == ("issue_opinion", body["document_number"])
    assert (await answer()).json()["answered"] == 0, "what is answered is no longer open to it"
    # Another unit sees none of them.
    assert (await answer(who={"role": "department", "unit": OTHER})).json()["items"] == []
    both = {"answer": {"result": "told", "text": "已告知"}}
    assert (await answer(body=both)).status_code == 422
    assert (await answer(who={"role": "leader"})).status_code == 403
