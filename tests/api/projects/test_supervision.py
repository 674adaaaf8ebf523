"""An order from issue to close over the wire: who may do what, what each act leaves behind, and who never sees it."""

import asyncio
import datetime as dt
from collections.abc import Mapping
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from services.projects.supervision import service
from shared.chassis import scope
from shared.chassis.clock import today
from shared.schemas.projects.supervision import OrderSource
from shared.storage.jobs import system_actor
from shared.storage.journal import commit
from tests.support.projects import MORNING, County, Projects, Statements

TODAY = MORNING.date()
DAY = dt.timedelta(days=1)


def day(offset: int) -> str:
    return (TODAY + offset * DAY).isoformat()


@pytest.fixture
async def office(county: County) -> County:
    await county.unit("ZJJ", "住房和城乡建设局")
    await county.unit("SWJ", "税务局")
    await county.person("P1", "王某", unit="ZJJ")
    return county


async def issue(county: County, who: Mapping[str, Any] | None = None, **asked: Any) -> dict[str, Any]:
    body = {"source": "meeting", "matter": "十日内解决塔吊复检", "lead_unit_code": "ZJJ", "due_on": day(10)} | asked
    answer = await county.call("POST", "/orders", json=body, **(who or {}))
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def act(
    county: County, order: Mapping[str, Any], name: str, body: Mapping[str, Any], **who: Any
) -> httpx.Response:
    return await county.call("POST", f"/orders/{order['id']}/{name}", json=body, **who)


LEAD = {"role": "department", "subject": "user:lead", "unit": "ZJJ"}
OTHER = {"role": "department", "subject": "user:other", "unit": "SWJ"}
LEADER = {"role": "leader", "subject": "user:leader"}
PROGRESS = {"progress": "已联系检测机构"}
CLAIM = {"progress": "塔吊已复检合格", "is_done": True}
ACCEPT = {"verdict": "accepted", "opinion": "属实"}
RETURN = {"verdict": "returned", "opinion": "缺检测报告"}
CLOSE = {"conclusion": "塔吊已复检合格，恢复使用"}


async def test_an_order_is_issued_answered_reviewed_and_closed(office: County) -> None:
    project = await office.create("御水名都")
    order = await issue(
        office,
        source="superior",
        source_number="市督字〔2026〕18号第3项",
        is_criticism=True,
        project_id=project["id"],
        co_unit_codes=["SWJ"],
        person_code="P1",
        feedback_every_days=7,
    )
    assert order["code"] == f"{office.code}-D-0001"
    assert order["lead_unit"] == {"code": "ZJJ", "name": "住房和城乡建设局"}
    assert order["co_units"] == [{"code": "SWJ", "name": "税务局"}]
    assert (order["person_name"], order["is_criticism"], order["state"]) == ("王某", True, "open")
    assert (order["next_due_on"], order["level"]) == (day(5), None)
    told = await act(office, order, "answer", PROGRESS, **LEAD)
    assert (told.status_code, told.json()["state"], told.json()["next_due_on"]) == (200, "open", day(8))
    claimed = await act(office, order, "answer", CLAIM, **LEAD)
    assert (claimed.json()["state"], claimed.json()["next_due_on"]) == ("answered", None)
    returned = await act(office, order, "review", RETURN)
    assert (returned.json()["state"], returned.json()["next_due_on"]) == ("open", day(8))
    assert (await act(office, order, "answer", CLAIM, **LEAD)).status_code == 200
    assert (await act(office, order, "review", ACCEPT)).json()["state"] == "accepted"
    closed = await act(office, order, "close", CLOSE, **LEADER)
    assert (closed.json()["state"], closed.json()["closed_on"]) == ("closed", day(0))
    seen = await office.read(f"/orders/{order['id']}")
    assert [f["verdict"] for f in seen["feedback_list"]] == ["accepted", "returned", None]
    assert [f["on_behalf"] for f in seen["feedback_list"]] == [False] * 3
    assert (seen["conclusion"], seen["steps"], seen["extension_list"]) == (CLOSE["conclusion"], [], [])
    first = await office.read(f"/orders/{order['id']}/feedbacks", limit=2)
    rest = await office.read(f"/orders/{order['id']}/feedbacks", limit=2, cursor=first["next_cursor"])
    assert [*first["items"], *rest["items"]] == seen["feedback_list"]


async def test_each_act_leaves_one_audit_row_and_one_event(office: County) -> None:
    order = await issue(office)
    await act(office, order, "answer", CLAIM, **LEAD)
    await act(office, order, "review", ACCEPT)
    await act(office, order, "close", CLOSE)
    entries = await audit(office)
    kinds = [(e["subject_type"], e["action"]) for e in entries]
    assert kinds == [
        ("supervision_order", "issue"),
        ("order_feedback", "create"),
        ("supervision_order", "answer"),
        ("order_feedback", "review"),
        ("supervision_order", "review"),
        ("supervision_order", "close"),
    ]
    assert "塔吊" not in str(entries)


async def audit(county: County) -> list[dict[str, Any]]:
    """Oldest first."""
    answer = await county.call("GET", "/audit", role="auditor", params={"limit": 200})
    assert answer.status_code == 200, answer.text
    return list(reversed(answer.json()["items"]))


async def test_only_the_lead_unit_answers_or_the_office_on_its_behalf(office: County) -> None:
    order = await issue(office, co_unit_codes=["SWJ"])
    refused = await act(office, order, "answer", PROGRESS, **OTHER)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_the_lead_unit")
    assert (await act(office, order, "answer", CLAIM)).status_code == 200
    (told,) = (await office.read(f"/orders/{order['id']}"))["feedback_list"]
    assert (told["unit_code"], told["on_behalf"], told["created_by"]) == ("ZJJ", True, "user:1")
    nobody = await issue(office, lead_unit_code=None)
    unowned = await act(office, nobody, "answer", PROGRESS)
    assert (unowned.status_code, unowned.json()["code"]) == (409, "order_unowned")


async def test_who_answered_neither_reviews_nor_closes_through_any_door(office: County, projects: Projects) -> None:
    order = await issue(office)
    await act(office, order, "answer", CLAIM)
    assert (await act(office, order, "review", ACCEPT)).json()["code"] == "same_person"
    assert (await act(office, order, "review", ACCEPT, subject="user:2")).status_code == 200
    assert (await act(office, order, "close", CLOSE)).json()["code"] == "same_person"
    for door in (
        "update order_feedback set verdict = 'accepted', reviewed_by = created_by",
        "update supervision_order set state = 'closed', closed_by = answered_by",
        "update supervision_order set state = 'closed', closed_by = 'x', answered_by = null",
        "update supervision_order set state = 'closed'",
    ):
        with pytest.raises(Exception, match="violates check constraint"):
            await execute(projects, office, door)
    assert (await act(office, order, "close", CLOSE, subject="user:3")).status_code == 200


async def execute(projects: Projects, county: County, statement: str) -> None:
    with scope.within(county.code):
        async with projects.database.session() as session:
            await session.execute(text(statement))
            await session.commit()


async def test_a_claim_is_needed_for_a_review_and_an_accepted_one_for_closing(office: County) -> None:
    order = await issue(office)
    assert (await act(office, order, "review", ACCEPT)).json()["code"] == "nothing_to_review"
    assert (await act(office, order, "close", CLOSE)).json()["code"] == "not_accepted"
    await act(office, order, "answer", CLAIM, **LEAD)
    assert (await act(office, order, "close", CLOSE)).json()["code"] == "not_accepted"
    assert (await act(office, order, "answer", CLAIM, **LEAD)).json()["code"] == "review_pending"
    assert (await act(office, order, "answer", PROGRESS, **LEAD)).json()["state"] == "answered"
    await act(office, order, "review", ACCEPT)
    over = [await act(office, order, "answer", PROGRESS, **LEAD)]
    over.append(await act(office, order, "extend", {"due_on": day(20), "reason": "汛期"}))
    assert {answer.json()["code"] for answer in over} == {"order_over"}
    assert (await act(office, order, "review", ACCEPT)).json()["code"] == "nothing_to_review"
    assert (await act(office, order, "close", CLOSE)).status_code == 200
    assert (await act(office, order, "close", CLOSE)).json()["code"] == "order_over"


async def test_an_extension_comes_before_expiry_and_from_the_issuer(office: County, projects: Projects) -> None:
    later = {"due_on": day(20), "reason": "检测机构排期"}
    own, offices = await issue(office, LEADER), await issue(office)
    for order, who in ((own, {}), (own, LEADER | {"subject": "user:another"}), (offices, LEADER)):
        refused = await act(office, order, "extend", later, **who)
        assert (refused.status_code, refused.json()["code"]) == (403, "not_the_issuer")
    projects.clock.set(MORNING + 10 * DAY)
    assert (await act(office, own, "extend", later, **LEADER)).json()["due_on"] == day(20)
    assert (await act(office, own, "extend", later, **LEADER)).status_code == 422
    extended = await act(office, offices, "extend", later, subject="user:2")
    assert (extended.json()["due_on"], extended.json()["first_due_on"], extended.json()["extensions"]) == (
        day(20),
        day(10),
        1,
    )
    projects.clock.set(MORNING + 21 * DAY)
    late = await act(office, offices, "extend", later | {"due_on": day(30)})
    assert (late.status_code, late.json()["code"]) == (409, "order_expired")
    (kept,) = (await office.read(f"/orders/{offices['id']}"))["extension_list"]
    assert (kept["number"], kept["from_on"], kept["to_on"], kept["created_by"]) == (1, day(10), day(20), "user:2")


async def test_what_an_order_says_is_checked(office: County) -> None:
    sound = {"source": "meeting", "matter": "复工", "lead_unit_code": "ZJJ", "due_on": day(3)}
    for changed, code in (
        ({"lead_unit_code": "NOBODY"}, "unknown_unit"),
        ({"person_code": "NOBODY"}, "unknown_person"),
        ({"source": "rule"}, "reserved"),
        ({"source": "superior"}, "required"),
        ({"due_on": day(-1)}, "past"),
    ):
        answer = await office.call("POST", "/orders", json=sound | changed)
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, code), changed
    elsewhere = await office.projects.county().create("外县项目")
    answer = await office.call("POST", "/orders", json=sound | {"project_id": elsewhere["id"]})
    assert answer.status_code == 404


async def test_orders_are_numbered_without_a_gap_however_many_issue_at_once(office: County) -> None:
    orders = await asyncio.gather(*(issue(office) for _ in range(8)))
    assert sorted(order["code"] for order in orders) == [f"{office.code}-D-{n:04d}" for n in range(1, 9)]


async def test_acts_at_once_on_one_order_take_turns(office: County) -> None:
    order = await issue(office)
    claims = await asyncio.gather(*(act(office, order, "answer", CLAIM, **LEAD) for _ in range(4)))
    assert sorted(answer.status_code for answer in claims) == [200, 409, 409, 409]
    await act(office, order, "review", ACCEPT)
    closers = [f"user:{n}" for n in range(10, 14)]
    closed = await asyncio.gather(*(act(office, order, "close", CLOSE, subject=who) for who in closers))
    assert sorted(answer.status_code for answer in closed) == [200, 409, 409, 409]


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
                    due_on=TODAY + 10 * DAY,
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
