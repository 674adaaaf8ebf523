"""Warnings over HTTP: what raises one, that it is worked out once, who sees it and who closes it."""

import datetime as dt
from uuid import UUID, uuid4

from tests.support.about import come
from tests.support.office import BODY, OTHER, Office
from tests.support.petitions import County, Petitions, Statements


async def refresh(county: County) -> int:
    answer = await county.call("POST", "/warnings/refresh")
    assert answer.status_code == 200, answer.text
    return int(answer.json()["changed"])


SURGE = [f"2026-11-{day}" for day in (12, 13, 16, 17, 18, 19, 20, 23)]


async def test_a_surge_warns_of_project_and_enterprise_once(office: Office) -> None:
    county = office.county
    project = str(uuid4())
    await come(county, SURGE, project_id=project, developer="安居置业")
    assert await refresh(county) == 2
    assert await refresh(county) == 0, "a second look changes nothing"
    started = await county.call("POST", "/sweeps")
    assert started.status_code == 202, started.text
    await county.service.run_jobs()
    assert (await county.every("/sweeps"))[0]["warned"] == 0, "nor does the sweep of the day"
    found = {one["subject"]: one for one in await county.every("/warnings", is_live=True)}
    assert (found["project"]["project_id"], found["project"]["subject_name"]) == (project, "紫薇花园")
    assert (found["enterprise"]["project_id"], found["enterprise"]["subject_name"]) == (None, "安居置业")
    (factor,) = found["project"]["factors"]
    assert (factor["factor"], factor["value"], factor["before"], factor["trend"]) == ("surge", 8, 0, "rising")
    assert float(factor["surge"]["p_value"]) < float(factor["surge"]["threshold"]) == 0.01
    assert factor["surge"]["history"] == [0] * 12
    assert "近 14 天 8 件" in factor["reason"]
    assert (found["project"]["state"], found["project"]["opened_on"], found["project"]["act_by"]) == (
        "open",
        "2026-11-23",
        "2026-11-30",
    )


async def test_constant_arrivals_and_accusations_warn_of_nobody(office: Office) -> None:
    first = dt.date(2026, 11, 23)
    steady = [(first - dt.timedelta(days=7 * week)).isoformat() for week in range(26)]
    county = office.county
    await come(county, steady, developer="安居置业")
    await come(county, SURGE, petition_class="accusation")
    assert await refresh(county) == 0
    assert await county.every("/warnings") == []


async def test_every_sign_is_told(office: Office) -> None:
    county = office.county
    project = str(uuid4())
    (early,) = await come(county, ["2026-07-01"], project_id=project)
    await come(county, ["2026-11-20"], project_id=project, people_count=30, visit_level="province")
    await come(county, ["2026-11-19"] * 3, project_id=project, repeat_of=UUID(early))
    assert await refresh(county) == 1
    (found,) = await county.every("/warnings", project_id=project)
    factors = {one["factor"]: one for one in found["factors"]}
    assert factors.keys() == {"surge", "repeats", "groups", "levels", "clocks"}
    assert (factors["groups"]["value"], factors["groups"]["trend"]) == (30, "rising")
    assert "赴省" in factors["levels"]["reason"]
    assert factors["repeats"]["value"] == 75
    assert factors["clocks"]["value"] == 1
    assert found["grade"] == "severe"
    assert found["act_by"] == "2026-11-26", "what is severe is acted on within three days"


async def test_who_must_act_sees_it_acknowledges_and_the_office_closes(office: Office) -> None:
    county = office.county
    project = uuid4()
    await come(county, ["2026-11-20"] * 4, project_id=project, to_unit=BODY)
    assert await refresh(county) == 1
    (found,) = await county.every("/warnings")
    assert (found["unit_code"], found["unit_name"]) == (BODY, "住建局")
    path = f"/warnings/{found['id']}"
    mine, theirs = {"role": "department", "unit": BODY}, {"role": "department", "unit": OTHER}
    assert (await county.call("GET", path, **theirs)).status_code == 404
    assert (await county.call("GET", "/warnings", **theirs)).json()["items"] == []
    assert (await county.call("GET", path, role="enterprise", unit=BODY)).status_code == 403
    assert (await county.service.county().call("GET", path)).status_code == 404
    note = {"note": "欧阳建国等人已约谈"}
    seen = await county.call("POST", f"{path}/acknowledge", json=note, **mine)
    assert (seen.status_code, seen.json()["state"], seen.json()["note"]) == (200, "acknowledged", note["note"])
    assert (await county.call("GET", path, role="leader")).json()["note"] is None
    again = await county.call("POST", f"{path}/acknowledge", json={}, **mine)
    assert (again.status_code, again.json()["code"]) == (409, "already_acknowledged")
    done = {"outcome": "handled", "note": "已兑付"}
    assert (await county.call("POST", f"{path}/close", json=done, **mine)).status_code == 403
    closed = await county.call("POST", f"{path}/close", json=done)
    assert (closed.status_code, closed.json()["outcome"], closed.json()["closed_by_name"]) == (200, "handled", "张三")
    assert (await county.call("POST", f"{path}/close", json=done)).json()["code"] == "warning_closed"
    # What a person has closed rests, unless it gets worse.
    assert await refresh(county) == 0
    await come(county, ["2026-11-23"] * 9, project_id=project, to_unit=BODY, people_count=60)
    assert await refresh(county) == 1
    audit = await county.call("GET", "/audit", params={"limit": 200}, role="auditor")
    assert "欧阳建国" not in audit.text


async def test_a_warning_subsides_and_its_history_stays(office: Office, petitions: Petitions) -> None:
    county = office.county
    await come(county, SURGE)
    assert (await county.call("POST", "/sweeps")).status_code == 202
    await county.service.run_jobs()
    assert (await county.every("/sweeps"))[0]["warned"] == 1, "the sweep of the day looks too"
    (found,) = await county.every("/warnings", is_live=True)
    petitions.clock.set(petitions.clock.now() + dt.timedelta(days=4))
    await come(county, ["2026-11-26"], project_id=found["project_id"])
    assert await refresh(county) == 1
    petitions.clock.set(petitions.clock.now() + dt.timedelta(days=9))
    assert await refresh(county) == 1
    assert await county.every("/warnings", is_live=True) == []
    closed = await county.read(f"/warnings/{found['id']}")
    assert (closed["state"], closed["outcome"], closed["closed_on"]) == ("closed", "subsided", "2026-12-06")
    assert closed["peak_score"] >= found["score"] > closed["score"]
    readings = (await county.read(f"/warnings/{found['id']}/readings"))["items"]
    assert [one["as_of"] for one in readings] == ["2026-11-23", "2026-11-27"]


async def test_a_county_sets_what_it_is_warned_of(office: Office) -> None:
    county = office.county
    body = {"value": 20, "reason": "县委专题会议纪要"}
    path = "/thresholds/warning_surge_least"
    made = await county.call("PUT", path, json=body, headers={"If-Match": '"0"'})
    assert made.status_code == 200, made.text
    await come(county, SURGE)
    assert await refresh(county) == 0


async def test_a_look_takes_as_many_statements_for_many(office: Office, petition_statements: Statements) -> None:
    county = office.county

    async def counted(path: str, method: str = "GET") -> int:
        before = len(petition_statements)
        answer = await county.call(method, path)
        assert answer.status_code == 200, answer.text
        return len(petition_statements) - before

    await come(county, SURGE)
    await refresh(county)
    listed, quiet = await counted("/warnings"), await counted("/warnings/refresh", "POST")
    for _ in range(3):
        await come(county, SURGE)
    await refresh(county)
    assert await counted("/warnings") == listed <= 3
    assert await counted("/warnings/refresh", "POST") == quiet <= 12
