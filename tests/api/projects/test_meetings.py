"""A dispatch meeting: its agenda comes from data, its actions come back until they are done."""

import asyncio
import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import pytest

from deploy.postgres.server import Server
from services.projects.supervision import service as supervision
from shared.chassis.identity import Caller
from shared.chassis.scope import enter
from shared.schemas.projects.supervision import OrderSource
from shared.storage import journal
from tests.support.projects import County, Projects, Statements
from tests.support.rows import rows

DEPARTMENT: Mapping[str, Any] = {"role": "department", "subject": "user:2", "unit": "ZJJ"}
ACTION: dict[str, Any] = {"title": "恢复施工用电", "unit_code": "ZJJ", "person_code": "P1", "due_on": "2026-11-30"}
ATTENDANCE = [{"unit_code": "ZJJ", "person_code": "P1"}, {"unit_code": "CZJ", "present": False}]
SUSPECT: Mapping[str, Any] = {"size": {"units_sold": 200, "units_total": 100}}
"""Sold more homes than there are: LEDGER-03."""


class Hall:
    """A county that holds meetings."""

    def __init__(self, county: County, project_id: str) -> None:
        self.county, self.project_id = county, project_id

    async def post(self, path: str, body: Mapping[str, Any], **who: Any) -> Any:
        return await self.county.call("POST", path, json=dict(body), **who)

    async def topic(self, title: str, **facts: Any) -> str:
        body = {"division_code": self.county.code, "title": title, "reason": "意见不一"} | facts
        answer = await self.post("/meeting-topics", body, **DEPARTMENT)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    async def ask(self, **facts: Any) -> Any:
        body = {"division_code": self.county.code, "held_on": "2026-11-23", "kind": "dispatch", "chair_code": "P1"}
        return await self.post("/meetings", body | facts)

    async def meeting(self, **facts: Any) -> dict[str, Any]:
        answer = await self.ask(**facts)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    async def minutes(self, meeting: Mapping[str, Any], **body: Any) -> Any:
        return await self.post(f"/meetings/{meeting['id']}/minutes", {"attendance": ATTENDANCE} | body)

    async def held(self, meeting: Mapping[str, Any], **body: Any) -> dict[str, Any]:
        answer = await self.minutes(meeting, **body)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def complete(self, action: Mapping[str, Any], **who: Any) -> Any:
        return await self.post(f"/meeting-actions/{action['id']}/complete", {"result": "已恢复"}, **who)

    async def agenda(self, **query: Any) -> list[tuple[str, str]]:
        """Source and title of what is proposed."""
        found = await self.county.read("/meetings/agenda", **query)
        return [(item["source"], item["title"]) for item in found["items"]]

    async def count(self, since: str = "2026-11-01", to: str = "2026-11-30") -> dict[str, Any]:
        return await self.county.read("/meetings/statistics", **{"from": since}, to=to)

    def wait(self, days: int) -> None:
        self.county.projects.clock.advance(dt.timedelta(days=days))


def concluded(item: Mapping[str, Any], outcome: str, *actions: Mapping[str, Any]) -> dict[str, Any]:
    said = {"meeting_item_id": item["id"], "outcome": outcome, "conclusion": "会议议定"}
    return said | {"actions": [dict(action) for action in actions]}


def raised(title: str, outcome: str, *actions: Mapping[str, Any]) -> dict[str, Any]:
    said = {"title": title, "outcome": outcome, "conclusion": "会议议定"}
    return said | {"actions": [dict(action) for action in actions]}


@pytest.fixture
async def hall(county: County) -> Hall:
    await county.unit("ZJJ", "住房和城乡建设局")
    await county.unit("CZJ", "财政局")
    await county.person("P1", "李明", unit="ZJJ")
    return Hall(county, (await county.create("御景名都"))["id"])


async def open_order(hall: Hall, source_ref: str, due_on: dt.date) -> None:
    county = hall.county
    actor = Caller("system:sweep", "巡查", frozenset({"office"}), county.code, county.code)
    enter(county.code)
    async with county.projects.database.session() as session:
        made = await supervision.open_order(
            session,
            actor,
            county.code,
            source=OrderSource.RULE,
            source_ref=source_ref,
            project_id=UUID(hall.project_id),
            matter="督办封顶",
            lead_unit=("ZJJ", "住房和城乡建设局"),
            due_on=due_on,
            now=county.projects.clock.now(),
        )
        assert made is not None
        await journal.commit(session, "projects")


async def test_the_agenda_is_what_the_data_says(hall: Hall) -> None:
    assert await hall.agenda() == []
    await hall.topic("水电气接入")
    await hall.county.create("凤凰名都", **SUSPECT)
    question = {
        "division_code": hall.county.code,
        "title": "总平面调整",
        "question": "是否同意",
        "legal_basis": "城乡规划法",
        "options": [{"title": "同意"}],
        "projects": [{"project_id": hall.project_id}],
    }
    assert (await hall.post("/decisions", question, **DEPARTMENT)).status_code == 201
    milestones = [
        {"key": key, "name": name, "unit_code": "ZJJ", "duration_days": 1}
        for key, name in (("a", "封顶"), ("b", "验收"))
    ]
    plan = {"path": "resume_and_deliver", "promised_on": "2026-11-30", "milestones": milestones}
    assert (await hall.post(f"/projects/{hall.project_id}/plan", plan)).status_code == 201
    hall.wait(14)
    late = (await hall.county.read("/meetings/agenda"))["items"]
    first = next(item for item in late if item["title"] == "封顶")
    await open_order(hall, f"{first['ref']}:{first['since']}", dt.date(2026, 12, 1))
    found = await hall.county.read("/meetings/agenda")
    assert [(item["source"], item["title"]) for item in found["items"]] == [
        ("order", "督办封顶"),
        ("milestone", "验收"),
        ("decision", "总平面调整"),
        ("contradiction", "凤凰名都：已售套数多于总套数"),
        ("topic", "水电气接入"),
    ], "the milestone its own order is about is discussed with the order"
    assert found["items"][0]["days_late"] == 6
    assert found["found"] == {"order": 1, "milestone": 1, "decision": 1, "contradiction": 1, "topic": 1}
    assert found == await hall.county.read("/meetings/agenda")
    on_site = [("order", "督办封顶"), ("milestone", "验收"), ("decision", "总平面调整")]
    assert await hall.agenda(project_id=hall.project_id) == on_site
    meeting = await hall.meeting(held_on="2026-12-07")
    assert [item["ref"] for item in meeting["items"]] == [item["ref"] for item in found["items"]]


async def test_an_action_comes_back_until_it_is_done(hall: Hall) -> None:
    held = await hall.held(await hall.meeting(), raised=[raised("施工用电中断", "assigned", ACTION)])
    (action,) = held["actions"]
    assert (action["unit_name"], action["person_name"], action["state"]) == ("住房和城乡建设局", "李明", "open")
    assert [(a["unit_name"], a["person_name"], a["present"]) for a in held["attendance"]] == [
        ("住房和城乡建设局", "李明", True),
        ("财政局", None, False),
    ]
    assert await hall.agenda() == [("action", "恢复施工用电")]
    hall.wait(10)
    second = await hall.meeting(held_on="2026-12-03")
    await hall.held(second, matters=[concluded(second["items"][0], "deferred")])
    assert await hall.agenda() == [("action", "恢复施工用电")]
    late = await hall.county.every("/meeting-actions", state="overdue", unit="ZJJ")
    assert [(one["id"], one["days_late"]) for one in late] == [(action["id"], 3)]
    stranger = await hall.complete(action, role="department", unit="CZJ")
    assert (stranger.status_code, stranger.json()["code"]) == (403, "not_your_unit")
    assert (await hall.complete(action, **DEPARTMENT)).json()["state"] == "done"
    assert (await hall.complete(action, **DEPARTMENT)).status_code == 409
    assert await hall.agenda() == []
    first = await hall.county.read(f"/meetings/{held['id']}")
    assert (first["items"][0]["source"], first["items"][0]["solved_on"]) == ("floor", "2026-12-03")


async def test_a_meeting_that_finds_an_action_done_completes_it(hall: Hall) -> None:
    held = await hall.held(await hall.meeting(), raised=[raised("施工用电中断", "assigned", ACTION)])
    second = await hall.meeting()
    await hall.held(second, matters=[concluded(second["items"][0], "settled")])
    (done,) = await hall.county.every("/meeting-actions", state="done")
    assert (done["id"], done["result"]) == (held["actions"][0]["id"], "会议议定")
    assert await hall.agenda() == []


async def test_a_matter_is_solved_with_the_last_of_its_actions(hall: Hall) -> None:
    two = [ACTION, ACTION | {"title": "补缴电费", "unit_code": "CZJ", "person_code": None}]
    held = await hall.held(await hall.meeting(), raised=[raised("施工用电中断", "assigned", *two)])
    assert (await hall.complete(held["actions"][0])).status_code == 200
    assert (await hall.county.read(f"/meetings/{held['id']}"))["items"][0]["solved_on"] is None
    assert (await hall.complete(held["actions"][1])).status_code == 200
    assert (await hall.county.read(f"/meetings/{held['id']}"))["items"][0]["solved_on"] == "2026-11-23"


async def test_two_who_finish_at_once_solve_the_matter(hall: Hall) -> None:
    two = [ACTION, ACTION | {"title": "补缴电费"}]
    held = await hall.held(await hall.meeting(), raised=[raised("施工用电中断", "assigned", *two)])
    answers = await asyncio.gather(*(hall.complete(action) for action in (*held["actions"], *held["actions"])))
    assert sorted(answer.status_code for answer in answers) == [200, 200, 409, 409]
    assert (await hall.county.read(f"/meetings/{held['id']}"))["items"][0]["solved_on"] == "2026-11-23"


async def test_a_topic_stays_until_it_is_dealt_with(hall: Hall) -> None:
    topic_id = await hall.topic("水电气接入", project_id=hall.project_id)
    first = await hall.meeting(kind="site", project_id=hall.project_id, place="项目部")
    await hall.held(first, matters=[concluded(first["items"][0], "deferred")])
    assert await hall.agenda() == [("topic", "水电气接入")]
    second = await hall.meeting()
    await hall.held(second, matters=[concluded(second["items"][0], "settled")])
    assert await hall.agenda() == []
    (topic,) = await hall.county.every("/meeting-topics", state="discussed")
    assert (topic["id"], topic["meeting_id"], topic["unit_code"]) == (topic_id, second["id"], "ZJJ")


async def test_a_contradiction_is_new_until_a_meeting_came_to_it(hall: Hall) -> None:
    await hall.county.create("凤凰名都", **SUSPECT)
    old = [("contradiction", "凤凰名都：已售套数多于总套数")]
    first = await hall.meeting()
    await hall.held(first)
    assert await hall.agenda() == old, "it stood on the agenda and nobody came to it"
    second = await hall.meeting()
    await hall.county.create("龙湖", **SUSPECT)
    new = [("contradiction", "龙湖：已售套数多于总套数")]
    assert set(await hall.agenda()) == {*old, *new}
    await hall.held(second, matters=[concluded(second["items"][0], "deferred")])
    assert await hall.agenda() == new


async def test_minutes_are_checked_and_taken_once(hall: Hall) -> None:
    await hall.topic("水电气接入")
    future = await hall.meeting(held_on="2026-11-24")
    assert (await hall.minutes(future)).json()["code"] == "wrong_state"
    meeting, other = await hall.meeting(), await hall.meeting()
    item, foreign = meeting["items"][0], other["items"][0]
    for body, pointer in (
        ({"matters": [concluded(foreign, "settled")]}, "/matters/0/meeting_item_id"),
        ({"matters": [concluded(item, "settled"), concluded(item, "deferred")]}, "/matters/1/meeting_item_id"),
        ({"matters": [concluded(item, "assigned")]}, "/matters/0/actions"),
        ({"matters": [concluded(item, "settled", ACTION)]}, "/matters/0/actions"),
        ({"matters": [concluded(item, "assigned", ACTION | {"due_on": "2026-11-01"})]}, "/matters/0/actions/0/due_on"),
        ({"raised": [raised("x", "assigned", ACTION | {"unit_code": "NO"})]}, "/raised/0/actions/0/unit_code"),
        ({"attendance": [{"unit_code": "ZJJ", "person_code": "NO"}]}, "/attendance/0/person_code"),
        ({"attendance": []}, "/attendance"),
    ):
        refused = await hall.minutes(meeting, **body)
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, pointer), refused.text
    assert (await hall.county.read(f"/meetings/{meeting['id']}"))["state"] == "planned"
    answers = await asyncio.gather(
        *(hall.minutes(meeting, matters=[concluded(item, "assigned", ACTION)]) for _ in range(3))
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409]
    assert len(await hall.county.every("/meeting-actions", meeting_id=meeting["id"])) == 1


async def test_a_meeting_is_called_as_it_should_be(hall: Hall, projects: Projects) -> None:
    await hall.topic("水电气接入")
    await hall.topic("道路开口")
    refs = [item["ref"] for item in (await hall.county.read("/meetings/agenda"))["items"]]
    chosen = await hall.meeting(agenda=[refs[1], refs[0], refs[1]])
    assert [(item["position"], item["title"]) for item in chosen["items"]] == [(1, "道路开口"), (2, "水电气接入")]
    for facts, pointer in (
        ({"agenda": ["topic:1"]}, "/agenda/0"),
        ({"kind": "site"}, "/project_id"),
        ({"chair_code": "NO"}, "/chair_code"),
    ):
        refused = await hall.ask(**facts)
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, pointer)
    other = projects.county()
    assert (await other.call("GET", f"/meetings/{chosen['id']}")).status_code == 404
    path = f"/meetings/{chosen['id']}/minutes"
    await other.unit("ZJJ")
    body = {"attendance": [{"unit_code": "ZJJ"}]}
    assert (await other.call("POST", path, json=body)).status_code == 404
    assert (await other.read("/meetings"))["items"] == []
    assert (await other.read("/meeting-topics"))["items"] == []
    beyond = await other.call("GET", "/meetings", params={"division_code": hall.county.code})
    assert beyond.status_code == 404
    foreign = {"division_code": hall.county.code, "title": "x", "reason": "x"}
    assert (await other.call("POST", "/meeting-topics", json=foreign)).status_code == 404


async def test_what_is_counted(hall: Hall) -> None:
    empty = await hall.count()
    assert (empty["meetings"], empty["solved_rate"]["value"], empty["solved_rate"]["denominator"]) == (0, None, 0)
    topics = [await hall.topic(title) for title in ("水电气接入", "道路开口", "物业移交")]
    assert len(topics) == 3
    first = await hall.meeting()
    one, two, three = first["items"]
    held = await hall.held(
        first,
        matters=[concluded(one, "settled"), concluded(two, "assigned", ACTION), concluded(three, "deferred")],
        raised=[raised("施工扰民", "settled")],
    )
    await hall.meeting()
    found = await hall.count()
    assert (found["meetings"], found["dispatch_meetings"], found["site_dispatches"]) == (1, 1, 0)
    assert (found["matters_raised"], found["matters_solved"]) == (4, 2)
    assert found["solved_rate"] == {
        "formula": "matters_solved_of_raised",
        "numerator": 2,
        "denominator": 4,
        "value": "0.5000",
    }
    hall.wait(10)
    second = await hall.meeting(kind="site", project_id=hall.project_id, held_on="2026-12-03")
    assert second["items"] == []
    third = await hall.meeting(held_on="2026-12-03")
    by_source = {item["source"]: item for item in third["items"]}
    await hall.held(second)
    await hall.held(third, matters=[concluded(item, "settled") for item in by_source.values()])
    december = await hall.count("2026-12-01", "2026-12-31")
    assert (december["meetings"], december["site_dispatches"]) == (2, 1)
    assert (december["matters_raised"], december["matters_solved"]) == (0, 2), "raised in November, solved in December"
    november = await hall.count()
    assert (november["matters_raised"], november["matters_solved"], november["solved_rate"]["numerator"]) == (4, 2, 2)
    assert (november["actions_due"], november["done_in_time_rate"]["numerator"]) == (1, 0)
    assert (await hall.count("2026-11-01", "2026-12-31"))["solved_rate"]["numerator"] == 4
    assert held["actions"][0]["due_on"] == "2026-11-30"
    backwards = await hall.county.call("GET", "/meetings/statistics", params={"from": "2026-12-31", "to": "2026-12-01"})
    assert backwards.status_code == 422


async def test_each_change_leaves_one_audit_row_without_words(
    hall: Hall, projects: Projects, postgres_server: Server
) -> None:
    await hall.topic("赵某反映水电气")
    meeting = await hall.meeting()
    held = await hall.held(meeting, matters=[concluded(meeting["items"][0], "assigned", ACTION)], summary="赵某发言")
    await hall.complete(held["actions"][0])
    query = (
        f"select subject_type, action, body from audit_entry where division_code = '{hall.county.code}' order by seq"
    )
    left = rows(postgres_server, projects.addresses.name, query)
    work = [(row["subject_type"], row["action"]) for row in left if row["subject_type"].startswith("meeting")]
    assert work == [
        ("meeting_topic", "submit"),
        ("meeting", "create"),
        ("meeting_action", "create"),
        ("meeting_item", "conclude"),
        ("meeting_topic", "discuss"),
        ("meeting", "record_minutes"),
        ("meeting_action", "complete"),
        ("meeting_item", "solve"),
    ]
    assert not [row for row in left if "赵某" in row["body"]]
    sent = rows(
        postgres_server,
        projects.addresses.name,
        f"select type from outbox where division_code = '{hall.county.code}' and type like '%meeting%'",
    )
    assert len(sent) == len(work)


async def test_lists_are_paged_in_one_statement(hall: Hall, statements: Statements) -> None:
    made = [(await hall.meeting(agenda=[]))["id"] for _ in range(3)]
    assert [one["id"] for one in await hall.county.every("/meetings", limit=2)] == made[::-1]
    statements.texts.clear()
    await hall.county.read("/meetings", limit=2)
    assert len([text for text in statements.texts if "meeting" in text]) == 1
    topics = [await hall.topic(f"议题 {n}") for n in range(20)]
    statements.texts.clear()
    await hall.agenda()
    few = len(statements)
    for n in range(20):
        await hall.topic(f"又一 {n}")
    statements.texts.clear()
    assert len(await hall.agenda()) == len(topics) + 20
    assert len(statements) == few, "an agenda costs the same however much is on it"
