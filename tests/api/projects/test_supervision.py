"""An order from issue to close over the wire: who may do what, what each act leaves behind, and who never sees it."""

import asyncio

import pytest
from sqlalchemy import text

from shared.chassis import scope
from tests.support.orders import ACCEPT, CLAIM, CLOSE, LEAD, LEADER, OTHER, PROGRESS, RETURN, act, audit, issue
from tests.support.projects import MORNING, County, Projects
from tests.support.sweeping import DAY, day

TODAY = MORNING.date()


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
