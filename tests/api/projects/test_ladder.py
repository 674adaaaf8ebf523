"""What a sweep of orders does, day by day: the ladder they climb, the orders that rules open."""

import pytest

from services.projects.supervision import sweeping
from tests.support.orders import LEAD, PROGRESS, act, audit, issue, steps
from tests.support.projects import County, Projects
from tests.support.sweeping import day, on, swept


async def test_an_order_left_alone_climbs_step_by_step_on_its_days(office: County, projects: Projects) -> None:
    order = await issue(office)
    seen = []
    for offset in range(40):
        on(projects, offset)
        found = await swept(office)
        if found["climbed"]:
            seen.append((offset, (await office.read(f"/orders/{order['id']}"))["level"]))
    levels = ("reminder", "bulletin", "interview", "listed", "accountability")
    assert seen == list(zip((5, 16, 21, 26, 31), levels, strict=True))
    assert await steps(office, order) == [(level, day(offset), day(offset)) for offset, level in seen]
    top = await office.read(f"/orders/{order['id']}")
    assert (top["next_due_on"], top["days_overdue"]) == (None, 29)
    climbs = [e for e in await audit(office) if e["action"] == "climb"]
    assert [(e["actor"], e["detail"]["level"]) for e in climbs] == [("system:sweep", level) for level in levels]


async def test_an_order_swept_late_takes_one_step_at_a_time(office: County, projects: Projects) -> None:
    order = await issue(office)
    on(projects, 100)
    await swept(office)
    on(projects, 104)
    assert (await swept(office))["climbed"] == 0
    on(projects, 105)
    assert (await swept(office))["climbed"] == 1
    assert await steps(office, order) == [("reminder", day(5), day(100)), ("bulletin", day(105), day(105))]


async def test_feedback_extension_and_close_stop_what_would_come(office: County, projects: Projects) -> None:
    spoken, extended = await issue(office), await issue(office)
    await act(office, spoken, "answer", PROGRESS, **LEAD)
    await act(office, extended, "extend", {"due_on": day(40), "reason": "汛期"})
    on(projects, 11)
    await swept(office)
    assert await steps(office, spoken) == [("reminder", day(11), day(11))]
    assert await steps(office, extended) == []


async def test_what_nobody_owns_goes_to_the_office_first_and_then_oldest_due(
    office: County, projects: Projects, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "BATCH", 2)
    owned = [await issue(office, due_on=day(offset)) for offset in (9, 3, 6)]
    unowned = [await issue(office, lead_unit_code=None) for _ in range(3)]
    on(projects, 20)
    found = await swept(office)
    assert (found["escalated"], found["climbed"]) == (3, 3)
    moved = [e["subject_id"] for e in await audit(office) if e["action"] == "climb"]
    assert moved == [o["id"] for o in (*unowned, owned[1], owned[2], owned[0])]
    escalated = await office.read(f"/orders/{unowned[0]['id']}")
    assert (escalated["escalated_on"], escalated["level"], escalated["next_due_on"]) == (day(20), None, None)
    for level, of_level in (("escalation", unowned), ("reminder", owned), ("bulletin", [])):
        listed = {o["id"] for o in await office.every("/orders", level=level)}
        assert listed == {o["id"] for o in of_level}
    late = await act(office, unowned[0], "assign", {"lead_unit_code": "ZJJ"})
    assert (late.status_code, late.json()["errors"][0]["pointer"]) == (422, "/due_on")
    given = await act(office, unowned[0], "assign", {"lead_unit_code": "ZJJ", "due_on": day(30)})
    assert (given.json()["assigned_on"], given.json()["next_due_on"]) == (day(20), day(25))
    assert (await act(office, unowned[0], "assign", {"lead_unit_code": "ZJJ"})).json()["code"] == "order_owned"


async def test_rules_open_one_order_for_each_fact_and_never_the_same_again(county: County, projects: Projects) -> None:
    await county.unit("ZB1", "御水专班", kind="taskforce")
    reported = (await county.create("御水名都"))["id"]
    silent = (await county.create("锦绣家园"))["id"]
    force = {"division_code": county.code, "unit_code": "ZB1", "task": "续建"}
    assert (await county.call("POST", "/taskforces", json=force)).status_code == 201
    duty = {"role": "taskforce", "unit_code": "ZB1"}
    assert (await county.call("POST", f"/projects/{reported}/duty", json=duty)).status_code == 201
    problem = {
        "title": "复工资金不足",
        "detail": {"type": "funding", "gap_fen": 1_200_000_000},
        "cause": "objective",
        "scope": "individual",
        "due_on": day(100),
    }
    path = f"/projects/{silent}/problems"
    made = await county.call("POST", path, json=problem)
    assert made.status_code == 201, made.text
    on(projects, 14)
    assert (await swept(county))["opened"] == 0
    on(projects, 15)
    assert (await swept(county))["opened"] == 1, "two weekly reports missed"
    on(projects, 50)
    found = await swept(county)
    assert (found["opened"], found["escalated"]) == (1, 1), "half the time gone, and nobody is responsible"
    orders = await county.every("/orders", source="rule")
    assert [(o["project_id"], o["lead_unit"], o["due_on"]) for o in orders] == [
        (silent, None, day(65)),
        (reported, {"code": "ZB1", "name": "御水专班"}, day(30)),
    ]
    assert orders[1]["level"] == "reminder"
    await act(
        county,
        orders[1],
        "answer",
        {"progress": "已补报", "is_done": True},
        role="taskforce",
        unit="ZB1",
        subject="user:zb",
    )
    await act(county, orders[1], "review", {"verdict": "accepted", "opinion": "属实"})
    assert (await act(county, orders[1], "close", {"conclusion": "已补报"})).status_code == 200
    on(projects, 51)
    assert (await swept(county))["opened"] == 0, "the same silence has had its order"


async def test_a_late_milestone_opens_an_order_and_a_replan_makes_it_another_fact(
    office: County, projects: Projects
) -> None:
    project = (await office.create("御水名都"))["id"]
    milestone = {"key": "topping-out", "name": "主体封顶", "unit_code": "ZJJ", "duration_days": 10}
    plan = {"path": "resume_and_deliver", "promised_on": day(30), "milestones": [milestone]}
    path = f"/projects/{project}/plan"
    planned = await office.call("POST", path, json=plan)
    assert planned.status_code == 201, planned.text
    on(projects, 30)
    assert (await swept(office))["opened"] == 0
    on(projects, 31)
    assert (await swept(office))["opened"] == 1
    on(projects, 40)
    assert (await swept(office))["opened"] == 0
    (order,) = await office.every("/orders")
    assert (order["source"], order["project_id"], order["due_on"]) == ("rule", project, day(46))
    assert order["lead_unit"] == {"code": "ZJJ", "name": "住房和城乡建设局"}
    assert "主体封顶" in order["matter"]
    later = {"promised_on": day(60), "reason": "县委专题会议纪要"}
    replanned = await office.call("PATCH", path, json=later, headers={"If-Match": planned.headers["etag"]})
    assert replanned.status_code == 200, replanned.text
    on(projects, 61)
    assert (await swept(office))["opened"] == 1
    assert len(await office.every("/orders")) == 2


async def test_a_county_sets_when_rules_open_and_how_fast_orders_climb(county: County, projects: Projects) -> None:
    for name, value in (("ladder_step_days", 1), ("silent_percent", 100)):
        body = {"value": value, "reason": "专项攻坚"}
        answer = await county.call("PUT", f"/thresholds/{name}", json=body, headers={"If-Match": '"0"'})
        assert answer.status_code == 200
    await county.unit("ZJJ")
    order = await issue(county)
    for offset in range(20):
        on(projects, offset)
        await swept(county)
    levels = ("reminder", "bulletin", "interview", "listed", "accountability")
    days = (10, 12, 13, 14, 15)
    assert await steps(county, order) == [(level, day(n), day(n)) for level, n in zip(levels, days, strict=True)]
