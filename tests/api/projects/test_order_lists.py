"""Orders as they are listed, who sees which, and accountability 问责."""

import asyncio
from typing import Any

import httpx

from services.projects.supervision import service
from shared.chassis import scope
from shared.chassis.clock import today
from shared.schemas.projects.supervision import OrderSource
from shared.storage.jobs import system_actor
from shared.storage.journal import commit
from tests.support.orders import ACCEPT, CLAIM, CLOSE, LEAD, PROGRESS, act, audit, issue
from tests.support.projects import MORNING, County, Projects, Statements
from tests.support.sweeping import DAY, day


async def test_one_open_order_of_a_reference(office: County, projects: Projects) -> None:
    async def opened() -> str | None:
        actor = system_actor("meeting", office.code)
        with scope.within(office.code):
            async with projects.database.session() as session:
                row = await service.open_order(
                    session,
                    actor,
                    office.code,
                    source=OrderSource.MEETING,
                    source_ref="action:1",
                    project_id=None,
                    matter="十日内解决塔吊复检",
                    lead_unit=("ZJJ", "住房和城乡建设局"),
                    due_on=MORNING.date() + 10 * DAY,
                    now=projects.clock.now(),
                )
                await commit(session, "projects")
                return str(row["id"]) if row else None

    made = [row for row in await asyncio.gather(*(opened() for _ in range(4))) if row]
    assert len(made) == 1
    order = await office.read(f"/orders/{made[0]}")
    await act(office, order, "answer", CLAIM, **LEAD)
    await act(office, order, "review", ACCEPT)
    assert await opened() is None
    await act(office, order, "close", CLOSE)
    assert await opened() not in (None, made[0])


async def test_lists_are_filtered_paged_and_kept_to_the_county(
    office: County, projects: Projects, statements: Statements
) -> None:
    project = await office.create("御水名都")
    first = await issue(office, project_id=project["id"])
    second = await issue(office, lead_unit_code="SWJ", co_unit_codes=["ZJJ"], due_on=day(1))
    third = await issue(office, lead_unit_code=None, due_on=day(1))
    projects.clock.set(MORNING + 2 * DAY)
    for query, found in (
        ({}, [third, second, first]),
        ({"unit": "ZJJ"}, [second, first]),
        ({"unit": "SWJ"}, [second]),
        ({"overdue": True}, [third, second]),
        ({"overdue": False}, [first]),
        ({"unowned": True}, [third]),
        ({"unowned": False}, [second, first]),
        ({"state": "open", "project_id": project["id"]}, [first]),
        ({"level": "reminder"}, []),
        ({"source": "petition"}, []),
        ({"division_code": office.code, "state": "closed"}, []),
    ):
        statements.texts.clear()
        page = await office.read("/orders", **query)
        assert [o["id"] for o in page["items"]] == [o["id"] for o in found], query
        assert len(statements) == 3, "BEGIN, one read, COMMIT"
    assert [o["id"] for o in await office.every("/orders", limit=2)] == [third["id"], second["id"], first["id"]]
    late = await projects_overdue(projects, office)
    assert [(o.code, o.due_on.isoformat()) for o in late] == [(one["code"], day(1)) for one in (second, third)]
    stranger = projects.county()
    assert await stranger.every("/orders") == []
    for path in (f"/orders/{first['id']}", f"/orders/{first['id']}/feedbacks"):
        assert (await stranger.call("GET", path)).status_code == 404
    assert (await act(stranger, first, "extend", {"due_on": day(20), "reason": "汛期"})).status_code == 404


async def projects_overdue(projects: Projects, county: County) -> list[service.OverdueOrder]:
    with scope.within(county.code):
        async with projects.database.session() as session:
            return await service.overdue_orders(session, county.code, today(projects.clock))


async def test_an_enterprise_sees_and_answers_its_own_orders_only(office: County) -> None:
    await office.unit("QY1", "宏远置业", kind="enterprise")
    own, shared = await issue(office, lead_unit_code="QY1"), await issue(office, co_unit_codes=["QY1"])
    other = await issue(office)
    enterprise = {"role": "enterprise", "subject": "user:qy", "unit": "QY1"}

    async def seen(**who: Any) -> list[str]:
        page = (await office.call("GET", "/orders", **who)).json()
        return [order["id"] for order in page["items"]]

    assert await seen(**enterprise) == [shared["id"], own["id"]]
    assert await seen(role="enterprise", subject="user:qy") == []
    for path in (f"/orders/{other['id']}", f"/orders/{other['id']}/feedbacks"):
        assert (await office.call("GET", path, **enterprise)).status_code == 404
        assert (await office.call("GET", path.replace(other["id"], shared["id"]), **enterprise)).status_code == 200
    statuses = [
        (await act(office, order, "answer", PROGRESS, **enterprise)).status_code for order in (own, shared, other)
    ]
    assert statuses == [200, 403, 404]


async def test_accountability_of_units_and_persons(office: County) -> None:
    project = await office.create("御水名都")
    order = await issue(office, project_id=project["id"])
    decided = {"document_number": "纪〔2026〕7号", "decided_on": day(0), "reason": "久拖不决"}
    inspector = {"role": "inspector", "subject": "user:inspector"}

    async def record(**said: Any) -> httpx.Response:
        return await office.call("POST", "/accountability", json=decided | said, **inspector)

    unit = await record(kind="circulated", unit_code="ZJJ", order_id=order["id"])
    person = await record(kind="admonished", person_code="P1", project_id=project["id"])
    assert (unit.status_code, person.status_code) == (201, 201)
    assert (unit.json()["project_id"], unit.json()["person_code"]) == (project["id"], None)
    assert (person.json()["unit_code"], person.json()["person_name"]) == ("ZJJ", "王某")
    for said, code in (
        ({"kind": "admonished", "unit_code": "ZJJ"}, "wrong_kind"),
        ({"kind": "reorganised", "person_code": "P1"}, "wrong_kind"),
        ({"kind": "circulated"}, "one_subject"),
        ({"kind": "circulated", "unit_code": "ZJJ", "decided_on": day(1)}, "future_date"),
    ):
        refused = await record(**said)
        assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, code)
    await office.person("P2", "无单位")
    assert (await record(kind="circulated", person_code="P2")).json()["errors"][0]["code"] == "no_unit"
    found = await office.every("/accountability", unit="ZJJ")
    assert [a["kind"] for a in found] == ["admonished", "circulated"]
    assert [a["kind"] for a in await office.every("/accountability", person="P1")] == ["admonished"]
    assert [a["kind"] for a in await office.every("/accountability", order_id=order["id"])] == ["circulated"]
    assert await office.projects.county().every("/accountability") == []
    assert (await office.call("GET", "/accountability", role="department")).status_code == 403
    assert "王某" not in str(await audit(office))
