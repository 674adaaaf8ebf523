"""What is claimed beside what was checked: who may say which, and how far they are apart."""

import asyncio
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from deploy.children import StartError
from deploy.postgres.server import Server
from shared.chassis.scope import enter
from tests.support.projects import County, Projects
from tests.support.rows import rows
from tests.support.site import CLAIM, DEPARTMENT, ENTERPRISE, TASKFORCE, Site, answered_for, peopled, refused


@pytest.fixture
async def site(county: County) -> Site:
    return await answered_for(await peopled(county))


async def test_a_claim_and_a_check_both_stay_with_what_lies_between(site: Site) -> None:
    claim = await site.report(effective_on="2026-11-20")
    assert (claim["unit_code"], claim["unit_name"], claim["role"]) == ("QY", "甲置业有限公司", "enterprise")
    assert (claim["progress_pct"], claim["on_behalf"]) == ("62.5", False)
    check = await site.inspect(progress_pct="50", money_in_place_fen=60_000_000, workers_seen=12)
    assert (check["report_id"], check["reporting_unit_code"], check["unit_code"]) == (claim["id"], "QY", "ZJJ")
    assert check["variance"] == {
        "work_points": "12.5",
        "work_rate": "0.2500",
        "money_fen": 30_000_000,
        "money_rate": "0.5000",
    }
    summary = await site.county.read(f"/projects/{site.id}/progress-summary")
    assert (summary["claimed"]["progress_pct"], summary["checked"]["progress_pct"]) == ("62.5", "50")
    assert summary["checked"]["variance"] == check["variance"]
    assert summary["truth"]["verdict"] == "unclaimed"
    assert await site.county.read(f"/progress-reports/{claim['id']}") == claim
    assert await site.county.read(f"/progress-inspections/{check['id']}") == check


async def test_a_check_before_any_claim_has_nothing_to_be_compared_with(site: Site) -> None:
    await site.report(effective_on="2026-11-20")
    check = await site.inspect(progress_pct="50", effective_on="2026-11-19")
    assert (check["report_id"], check["reporting_unit_code"], check["variance"]) == (None, None, None)
    half = await site.inspect(money_in_place_fen=90_000_000)
    assert half["variance"] == {"work_points": None, "work_rate": None, "money_fen": 0, "money_rate": "0.0000"}


async def test_only_who_answers_for_the_project_claims(site: Site) -> None:
    async def claim(body: dict[str, Any], **who: Any) -> httpx.Response:
        return await site.post("progress-reports", CLAIM | body, **who)

    assert (await claim({}, **TASKFORCE)).json()["role"] == "taskforce"
    stranger = ENTERPRISE | {"unit": "QY2"}
    assert refused(await claim({}, **stranger)) == (409, "not_answerable")
    assert refused(await claim({"unit_code": "QY"}, **stranger)) == (409, "not_answerable")
    assert refused(await claim({}, **(ENTERPRISE | {"unit": None}))) == (422, "unit_required")
    assert refused(await claim({}, unit="ZJJ")) == (422, "unit_required")
    assert refused(await claim({"unit_code": "ZJJ"}, unit="ZJJ")) == (409, "not_answerable")
    assert (await claim({}, role="department", unit="ZJJ")).status_code == 403
    on_behalf = await claim({"unit_code": "QY"}, unit="ZJJ")
    assert (on_behalf.status_code, on_behalf.json()["on_behalf"]) == (201, True)


async def test_bodies_that_say_nothing_or_too_much_are_refused(site: Site) -> None:
    async def claim(**body: Any) -> tuple[int, str]:
        return refused(await site.post("progress-reports", body, **ENTERPRISE))

    assert await claim(money_in_place_fen=1) == (422, "invalid")
    assert await claim(progress_pct="100.01") == (422, "invalid")
    assert await claim(progress_pct="62.5", workers_planned=-1) == (422, "invalid")
    assert await claim(progress_pct="62.5", effective_on="2026-11-24") == (422, "bad_day")
    assert await claim(progress_pct="62.5", correction_reason="填错") == (409, "nothing_to_correct")
    assert refused(await site.post("progress-inspections", {"workers_seen": 3}, **DEPARTMENT)) == (422, "invalid")


async def test_who_claims_does_not_check_through_any_door(site: Site) -> None:
    claim = (await site.post("progress-reports", CLAIM | {"unit_code": "QY"}, unit="ZJJ", subject="user:9")).json()
    figures = {"progress_pct": "50", "report_id": claim["id"]}
    for who, code in (
        # the reporting unit under another role, the task force, who entered the claim for it, nobody knows from where
        ({"role": "department", "unit": "QY", "subject": "user:2"}, "not_from_outside"),
        ({"role": "department", "unit": "ZB", "subject": "user:2"}, "not_from_outside"),
        ({"role": "office", "unit": "ZJJ", "subject": "user:9"}, "same_person"),
        ({"role": "office", "unit": None, "subject": "user:2"}, "not_from_outside"),
    ):
        assert refused(await site.post("progress-inspections", figures, **who)) == (409, code), who
    assert (await site.post("progress-inspections", figures, **ENTERPRISE)).status_code == 403
    assert (await site.inspect(**figures))["reporting_unit_code"] == "QY"


async def test_the_database_itself_refuses_a_check_by_who_claimed(site: Site, postgres_server: Server) -> None:
    await site.report()
    await site.inspect(progress_pct="50")
    database = site.county.projects.addresses.name
    for change, detail in (
        ("unit_code = reporting_unit_code", "Failing row"),
        ("created_by = reported_by", "Failing row"),
        ("reporting_unit_code = 'QY2'", "is not present in table"),
        ("reported_by = 'user:2'", "is not present in table"),
    ):
        forged = f"update progress_inspection set {change} where project_id = '{site.id}'"
        with pytest.raises(StartError, match=detail):
            postgres_server.psql("-c", forged, database=database)


async def test_a_claim_is_compared_with_its_own_project_and_an_earlier_day(site: Site) -> None:
    other = await answered_for(site.county, "另一项目")
    foreign = await other.report()
    figures = {"progress_pct": "50"}
    wrong = await site.post("progress-inspections", figures | {"report_id": foreign["id"]}, **DEPARTMENT)
    assert refused(wrong) == (422, "not_comparable")
    claim = await site.report(effective_on="2026-11-20")
    early = figures | {"report_id": claim["id"], "effective_on": "2026-11-19"}
    assert refused(await site.post("progress-inspections", early, **DEPARTMENT)) == (422, "not_comparable")
    unknown = figures | {"report_id": "01890000-0000-7000-8000-000000000000"}
    assert (await site.post("progress-inspections", unknown, **DEPARTMENT)).status_code == 404


async def test_a_correction_keeps_the_first_figure_and_the_check_of_it(site: Site) -> None:
    first = await site.report(effective_on="2026-11-20")
    check = await site.inspect(progress_pct="50")
    again = await site.post("progress-reports", CLAIM | {"effective_on": "2026-11-20"}, **ENTERPRISE)
    assert refused(again) == (409, "already_recorded")
    second = await site.report(effective_on="2026-11-20", progress_pct="51", correction_reason="数字填错")
    assert (second["corrects"], second["corrected_at"]) == (first["id"], None)
    listed = await site.county.every("/progress-reports", project_id=site.id)
    assert [(r["progress_pct"], r["corrected_at"] is None) for r in listed] == [("51", True), ("62.5", False)]
    assert [r["id"] for r in await site.county.every("/progress-reports", corrected=False)] == [second["id"]]
    (kept,) = await site.county.every("/progress-inspections", project_id=site.id)
    assert kept["variance"] == check["variance"]


async def test_one_of_two_claims_of_a_day_at_once_is_told_the_day_is_taken(site: Site) -> None:
    answers = await asyncio.gather(*(site.post("progress-reports", CLAIM, **ENTERPRISE) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    assert len(await site.county.every("/progress-reports", project_id=site.id)) == 1


async def test_whoever_works_on_a_project_waits_for_who_does(site: Site) -> None:
    enter(site.county.code)
    async with site.county.projects.database.session() as session:
        held = "select from project where division_code = :division and id = :id for no key update"
        await session.execute(text(held), {"division": site.county.code, "id": site.id})
        acts = [
            asyncio.create_task(site.post("progress-reports", CLAIM, **ENTERPRISE)),
            asyncio.create_task(site.post("progress-inspections", {"progress_pct": "50"}, **DEPARTMENT)),
            asyncio.create_task(site.signal("electricity", 1_900, "GDJ")),
        ]
        done, _ = await asyncio.wait(acts, timeout=3)
        assert not done, [task.result().request.url.path for task in done]
    assert [answer.status_code for answer in await asyncio.gather(*acts)] == [201, 201, 201]


async def test_every_change_leaves_one_audit_row_and_one_event_without_free_text(
    site: Site, postgres_server: Server
) -> None:
    claim = await site.report(note="张三 13800000000 反映")
    await site.report(progress_pct="51", correction_reason="李四 13900000000 指出")
    check = await site.inspect(progress_pct="50", note="王五 13700000000 在场")
    database = site.county.projects.addresses.name
    told = "select subject_type, subject_id, action, body from audit_entry where subject_type like 'progress_%'"
    entries = rows(postgres_server, database, f"{told} and division_code = '{site.county.code}' order by seq")
    assert [(e["subject_type"], e["action"]) for e in entries] == [
        ("progress_report", "report"),
        ("progress_report", "correct"),
        ("progress_report", "report"),
        ("progress_inspection", "inspect"),
    ]
    assert (entries[0]["subject_id"], entries[3]["subject_id"]) == (claim["id"], check["id"])
    sent = rows(
        postgres_server,
        database,
        f"select payload from outbox where division_code = '{site.county.code}' and subject like 'progress_%'",
    )
    assert len(sent) == 4
    assert not any(digits in str(entries) + str(sent) for digits in ("13800000000", "13900000000", "13700000000"))


async def test_another_county_sees_nothing(site: Site, projects: Projects) -> None:
    claim, check = await site.report(), await site.inspect(progress_pct="50")
    other = projects.county()
    for path in (
        f"/progress-reports/{claim['id']}",
        f"/progress-inspections/{check['id']}",
        f"/projects/{site.id}/progress-summary",
    ):
        assert (await other.call("GET", path)).status_code == 404
    for path in ("/progress-reports", "/progress-inspections", "/reliability", "/progress-summaries"):
        assert await other.every(path) == []
        assert (await other.call("GET", path, params={"division_code": site.county.code})).status_code == 404
    assert (await other.call("POST", f"/projects/{site.id}/progress-reports", json=CLAIM)).status_code in (404, 422)


async def test_an_enterprise_reads_back_what_its_own_unit_claimed_and_nothing_else(site: Site) -> None:
    claim = await site.report()
    corrected = await site.report(progress_pct="51", correction_reason="数字填错")
    on_behalf = {"unit_code": "QY", "effective_on": "2026-11-20"}
    office = (await site.post("progress-reports", CLAIM | on_behalf, unit="ZJJ")).json()
    theirs = (await site.post("progress-reports", CLAIM, **TASKFORCE)).json()
    own = [office["id"], corrected["id"], claim["id"]]
    strangers = [ENTERPRISE | {"unit": "QY2"}, ENTERPRISE | {"unit": None}]
    for who, seen in ((ENTERPRISE, own), *((stranger, []) for stranger in strangers)):
        for query in ({}, {"division_code": site.county.code}, {"unit_code": "QY"}, {"project_id": site.id}):
            listed = await site.county.call("GET", "/progress-reports", params=query, **who)
            assert [item["id"] for item in listed.json()["items"]] == seen, (who, query)
        for id_ in (*own, theirs["id"]):
            answer = await site.county.call("GET", f"/progress-reports/{id_}", **who)
            assert answer.status_code == (200 if id_ in seen else 404)
    foreign = await site.county.call("GET", "/progress-reports", params={"unit_code": "ZB"}, **ENTERPRISE)
    assert foreign.json()["items"] == []
    above = site.county.projects.token("enterprise", "110100", unit="QY")  # the city's firm of the same code
    assert (await site.county.projects.call(above, "GET", "/progress-reports")).json()["items"] == []
    for path in ("/progress-inspections?reporting_unit_code=QY", f"/projects/{site.id}/truth", "/reliability"):
        assert (await site.county.call("GET", path, **ENTERPRISE)).status_code == 403


async def test_lists_are_paged_and_filtered(site: Site) -> None:
    for day in range(1, 8):
        await site.report(effective_on=f"2026-11-0{day}", progress_pct=str(day))
        await site.inspect(effective_on=f"2026-11-0{day}", progress_pct=str(day))
    for path in ("/progress-reports", "/progress-inspections"):
        listed = [item["progress_pct"] for item in await site.county.every(path, limit=3)]
        assert listed == list("7654321")
        span = await site.county.every(path, from_on="2026-11-02", until_on="2026-11-03")
        assert [item["progress_pct"] for item in span] == ["3", "2"]
        assert await site.county.every(path, unit_code="ZB") == []
        first = await site.county.read(path, limit=1)
        foreign = await site.county.call("GET", path, params={"cursor": first["next_cursor"], "unit_code": "QY"})
        assert refused(foreign) == (422, "bad_cursor")
