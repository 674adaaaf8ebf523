"""A claimed resumption is believed when the site itself says so, and the statistics move with it."""

import asyncio
from typing import Any

import httpx
import pytest

from deploy.postgres.server import Server
from tests.support.projects import County
from tests.support.rows import rows
from tests.support.sheets import ledger
from tests.support.site import CLAIM, ENTERPRISE, TASKFORCE, Site, answered_for, peopled, refused

POWER: dict[str, Any] = {"role": "enterprise", "unit": "GDJ", "subject": "user:gdj"}


@pytest.fixture
async def site(county: County) -> Site:
    return await answered_for(await peopled(county))


async def claimed(site: Site) -> None:
    """The office writes down that work goes on again."""
    moved = await site.county.move(site.project, "construction", "on_schedule", effective_on="2026-11-10")
    assert moved.json()["resumption"] == "claimed", moved.text


async def verify(site: Site, **who: Any) -> httpx.Response:
    return await site.post("resumption/verify", {"reason": "现场核查组"}, **who)


async def seen(site: Site, *signals: tuple[str, int, str]) -> None:
    for kind, value, source in signals:
        answer = await site.signal(kind, value, source)
        assert answer.status_code == 201, answer.text


ENOUGH = (("workers_on_site", 46, "ZJJ"), ("electricity", 1_900, "GDJ"), ("wages_paid", 18_000_000, "YH"))


async def test_a_claim_is_refused_for_want_of_signals_until_they_arrive(site: Site) -> None:
    assert refused(await verify(site)) == (409, "nothing_claimed")
    await claimed(site)
    wanting = await verify(site)
    assert refused(wanting) == (409, "signals_missing")
    told = {error["pointer"]: error["message"] for error in wanting.json()["errors"]}
    assert len(told) == 6
    assert told["/signals/electricity"] == "用电量：供电企业的用电量，单日不少于 50 千瓦时"
    assert "2026-11-17 至 2026-11-23 需要 3 种" in wanting.json()["detail"]

    await seen(site, *ENOUGH[:2])
    truth = await site.county.read(f"/projects/{site.id}/truth")
    assert (truth["verdict"], truth["resumption"], len(truth["counted"])) == ("claimed", "claimed", 2)
    assert {lack["kind"]: lack["cause"] for lack in truth["missing"]} == dict.fromkeys(
        ("cranes", "supervisor_log", "wages_paid", "materials"), "no_signal"
    )
    still = await verify(site, role="inspector", unit="ZJJ")
    assert (refused(still), len(still.json()["errors"])) == ((409, "signals_missing"), 4)
    before = await site.county.read("/statistics")
    assert (before["by_construction_status"], before["resumption_claimed"]) == ({"stopped": 1}, 1)

    await seen(site, ENOUGH[2])
    truth = await site.county.read(f"/projects/{site.id}/truth")
    assert (truth["verdict"], truth["missing"], truth["window_from"]) == ("verified", [], "2026-11-17")
    verified = await verify(site, role="inspector", unit="ZJJ", subject="user:7")
    assert verified.status_code == 200, verified.text
    project = verified.json()
    assert (project["resumption"], project["counted_construction_status"]) == ("verified", "on_schedule")
    assert verified.headers["etag"] == '"3"'
    after = await site.county.read("/statistics")
    assert after["by_construction_status"] == {"on_schedule": 1}
    assert (after["resumption_claimed"], after["resumption_verified"]) == (0, 1)
    yesterday = await site.county.read("/statistics", as_of="2026-11-22")
    assert (yesterday["by_construction_status"], yesterday["resumption_claimed"]) == ({"stopped": 1}, 1)
    (change, *_) = (await site.county.read(f"/projects/{site.id}/history"))["items"]
    assert (change["action"], change["actor"], change["reason"]) == ("resumption", "user:7", "现场核查组")
    assert refused(await verify(site)) == (409, "nothing_claimed")

    stopped = await site.county.move(project, "construction", "stopped")
    assert (stopped.json()["resumption"], stopped.json()["counted_construction_status"]) == (None, "stopped")
    again = await site.county.move(stopped.json(), "construction", "on_schedule")
    assert again.json()["resumption"] == "claimed"
    assert refused(await verify(site)) == (409, "signals_missing"), "all of them are from before it stopped again"
    now = await site.county.read(f"/projects/{site.id}/truth")
    assert (now["verdict"], now["window_from"], now["counted"]) == ("claimed", "2026-11-24", [])
    before = await site.county.read(f"/projects/{site.id}/truth", on="2026-11-22")
    assert (before["verdict"], before["resumption"], before["window_from"]) == ("claimed", "claimed", "2026-11-16")
    earlier = await site.county.read(f"/projects/{site.id}/truth", on="2026-11-09")
    assert (earlier["verdict"], earlier["resumption"]) == ("unclaimed", None)
    (summary,) = (await site.county.read("/progress-summaries"))["items"]
    assert (summary["truth"]["verdict"], summary["truth"]["counted"]) == ("claimed", [])


async def test_a_verification_outlives_progress_and_an_older_sheet(site: Site) -> None:
    await claimed(site)
    await seen(site, *ENOUGH)
    project = (await verify(site)).json()
    late = await site.county.move(project, "construction", "behind_schedule")
    assert (late.json()["resumption"], late.json()["counted_construction_status"]) == ("verified", "behind_schedule")
    heads = ["项目名称", "开发企业", "建设状态"]
    await site.county.load(ledger(heads, ["御景名都", "甲置业有限公司", "停工"], as_of="2026年11月15日"))
    now = await site.county.read(f"/projects/{site.id}")
    assert (now["construction_status"], now["resumption"]) == ("behind_schedule", "verified")
    then = await site.county.read(f"/projects/{site.id}", as_of="2026-11-16")
    assert (then["construction_status"], then["resumption"]) == ("stopped", None)
    today = await site.county.read(f"/projects/{site.id}", as_of="2026-11-23")
    assert (today["construction_status"], today["counted_construction_status"], today["resumption"]) == (
        "behind_schedule",
        "behind_schedule",
        "verified",
    )


async def test_a_verification_leaves_one_audit_row_and_one_event(site: Site, postgres_server: Server) -> None:
    await claimed(site)
    await seen(site, *ENOUGH)
    answers = await asyncio.gather(*(verify(site) for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409]
    database = site.county.projects.addresses.name
    found = f"from audit_entry where subject_id = '{site.id}' and action = 'resumption'"
    assert len(rows(postgres_server, database, f"select body {found}")) == 1
    sent = f"select type from outbox where subject = 'project/{site.id}' and subject_version = 3"
    assert len(rows(postgres_server, database, sent)) == 1


async def test_who_may_verify(site: Site) -> None:
    await claimed(site)
    await seen(site, *ENOUGH)
    for who in ({"role": "department", "unit": "ZJJ"}, ENTERPRISE, TASKFORCE, {"role": "leader"}):
        assert (await verify(site, **who)).status_code == 403


async def test_a_source_is_independent_and_of_the_proper_kind(site: Site) -> None:
    async def signal(source: str, kind: str = "workers_on_site", **who: Any) -> tuple[int, str | None]:
        body = {"kind": kind, "value": 46, "source_unit_code": source}
        answer = await site.post("signals", body, **who)
        return answer.status_code, answer.json().get("code")

    assert await signal("GDJ") == (422, "invalid")  # a firm keeps no attendance register
    assert await signal("YH", "electricity") == (422, "invalid")
    assert await signal("NOBODY") == (422, "invalid")
    assert await signal("QY", "supervisor_log") == (409, "not_from_outside")  # the enterprise itself
    assert await signal("ZJJ", role="department", unit="ZB") == (409, "not_from_outside")  # entered by the task force
    assert await signal("GDJ", "electricity", **POWER) == (201, None)
    assert await signal("JL", "supervisor_log", **POWER) == (409, "not_from_outside")  # a firm speaks for itself
    assert (await signal("ZJJ", role="taskforce", unit="ZB"))[0] == 403


async def test_the_general_contractor_vouches_for_nothing(site: Site) -> None:
    current = await site.county.read(f"/projects/{site.id}")
    await site.county.change(current, parties={"general_contractor": "正信监理有限责任公司"})
    answer = await site.signal("supervisor_log", 1, "JL")
    assert (refused(answer), answer.json()["errors"][0]["pointer"]) == ((409, "not_from_outside"), "/source_unit_code")


async def test_who_is_named_general_contractor_later_no_longer_counts(site: Site) -> None:
    assert (await site.signal("supervisor_log", 1, "JL")).status_code == 201
    assert len((await site.county.read(f"/projects/{site.id}/truth"))["counted"]) == 1
    current = await site.county.read(f"/projects/{site.id}")
    await site.county.change(current, parties={"general_contractor": "正信监理有限责任公司"})
    truth = await site.county.read(f"/projects/{site.id}/truth")
    causes = {lack["kind"]: lack["cause"] for lack in truth["missing"]}
    assert (truth["counted"], causes["supervisor_log"]) == ([], "not_independent")


async def test_a_signal_is_told_once_and_corrected_with_a_reason(site: Site) -> None:
    first = (await site.signal("electricity", 1_900, "GDJ")).json()
    assert (first["measure"], first["source_unit_name"]) == ("kwh", "县供电公司")
    assert refused(await site.signal("electricity", 19, "GDJ")) == (409, "already_recorded")
    second = await site.signal("electricity", 19, "GDJ", correction_reason="小数点错位")
    assert (second.status_code, second.json()["corrects"]) == (201, first["id"])
    listed = await site.county.every("/signals", project_id=site.id, kind="electricity")
    assert [(s["value"], s["corrected_at"] is None) for s in listed] == [(19, True), (1_900, False)]
    assert (await site.county.read(f"/signals/{first['id']}"))["corrected_at"] is not None
    truth = await site.county.read(f"/projects/{site.id}/truth")
    assert {lack["kind"]: lack["cause"] for lack in truth["missing"]}["electricity"] == "below_minimum"
    assert refused(await site.signal("cranes", 1, "XZ", correction_reason="填错")) == (409, "nothing_to_correct")
    assert refused(await site.signal("cranes", 1, "XZ", effective_on="2026-11-24")) == (422, "bad_day")


async def test_one_of_two_signals_of_a_day_at_once_is_told_the_day_is_taken(site: Site) -> None:
    answers = await asyncio.gather(*(site.signal("electricity", 1_900, "GDJ") for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]


async def test_the_window_is_the_countys_and_ends_on_the_day_asked_about(site: Site) -> None:
    for kind, value, source in ENOUGH:
        assert (await site.signal(kind, value, source, effective_on="2026-11-10")).status_code == 201

    async def verdict(on: str | None = None) -> str:
        return str((await site.county.read(f"/projects/{site.id}/truth", on=on))["verdict"])

    assert (await verdict(), await verdict("2026-11-16"), await verdict("2026-11-17")) == (
        "unclaimed",
        "verified",
        "unclaimed",
    )
    wider = {"value": 14, "reason": "县委专题会议纪要〔2026〕3号"}
    path = "/thresholds/truth_window_days"
    assert (await site.county.call("PUT", path, json=wider, headers={"If-Match": '"0"'})).status_code == 200
    assert await verdict() == "verified"
    future = await site.county.call("GET", f"/projects/{site.id}/truth", params={"on": "2026-11-24"})
    assert refused(future) == (422, "bad_day")


async def test_counters_show_what_a_show_looks_like(site: Site) -> None:
    for day, drawn in ((6, 100), (13, 200), (20, 900)):
        figures = {"effective_on": f"2026-11-{day:02}", "money_drawn_fen": drawn}
        answer = await site.post("progress-reports", CLAIM | figures, **ENTERPRISE)
        assert answer.status_code == 201, answer.text
    for day in (20, 21, 22):
        assert (await site.signal("electricity", 8, "GDJ", effective_on=f"2026-11-{day}")).status_code == 201
    counters = (await site.county.read(f"/projects/{site.id}/truth"))["counters"]
    assert [(c["kind"], c["count"], c["since"]) for c in counters] == [
        ("progress_flat_while_money_drawn", 3, "2026-11-06"),
        ("low_electricity_days", 3, "2026-11-20"),
    ]


async def test_another_county_sees_no_signal(site: Site) -> None:
    signal = (await site.signal("electricity", 1_900, "GDJ")).json()
    other = site.county.projects.county()
    for path in (f"/signals/{signal['id']}", f"/projects/{site.id}/truth"):
        assert (await other.call("GET", path)).status_code == 404
    assert await other.every("/signals") == []
    await other.unit("GDJ", kind="enterprise")
    body = {"kind": "electricity", "value": 1, "source_unit_code": "GDJ"}
    assert (await other.call("POST", f"/projects/{site.id}/signals", json=body)).status_code == 404
    assert (await other.call("POST", f"/projects/{site.id}/resumption/verify", json={})).status_code == 404


async def test_a_firm_reads_back_the_signals_it_gave_and_no_others(site: Site) -> None:
    entered = (await site.signal("electricity", 1_900, "GDJ")).json()
    body = {"kind": "electricity", "value": 9, "source_unit_code": "GDJ", "effective_on": "2026-11-20"}
    own = (await site.post("signals", body, **POWER)).json()
    other = (await site.signal("supervisor_log", 1, "JL")).json()
    for who, seen in ((POWER, [own["id"], entered["id"]]), (POWER | {"unit": "JL"}, [other["id"]]), (ENTERPRISE, [])):
        listed = await site.county.call("GET", "/signals", **who)
        assert [item["id"] for item in listed.json()["items"]] == seen, who
        for signal in (own, entered, other):
            answer = await site.county.call("GET", f"/signals/{signal['id']}", **who)
            assert answer.status_code == (200 if signal["id"] in seen else 404), who


async def test_lists_of_signals_are_paged_and_filtered(site: Site) -> None:
    for day in range(10, 16):
        assert (await site.signal("cranes", day, "XZ", effective_on=f"2026-11-{day}")).status_code == 201
    await seen(site, ENOUGH[1])
    assert [s["value"] for s in await site.county.every("/signals", kind="cranes", limit=4)] == [15, 14, 13, 12, 11, 10]
    assert [s["kind"] for s in await site.county.every("/signals", source_unit_code="GDJ")] == ["electricity"]
    span = await site.county.every("/signals", from_on="2026-11-12", until_on="2026-11-13")
    assert [s["value"] for s in span] == [13, 12]
