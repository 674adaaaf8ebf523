"""A dispatch meeting: its agenda comes from data and topics, and each matter leaves it in its own way."""

import datetime as dt
from uuid import UUID

from services.projects.supervision import service as supervision
from shared.chassis.identity import Caller
from shared.chassis.scope import enter
from shared.schemas.projects.supervision import OrderSource
from shared.storage import journal
from tests.support.meetings import DEPARTMENT, SUSPECT, Hall, concluded, hall
from tests.support.projects import Projects, Statements

__all__ = ["hall"]


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


async def test_a_milestone_expected_far_too_late_is_on_the_agenda_before_its_day(hall: Hall) -> None:
    milestone = {"key": "a", "name": "封顶", "unit_code": "ZJJ", "duration_days": 5}
    body = {"path": "resume_and_deliver", "promised_on": "2026-12-31", "milestones": [milestone]}
    path = f"/projects/{hall.project_id}/plan"
    planned = await hall.post(path, body)
    assert planned.status_code == 201, planned.text
    assert await hall.agenda() == []
    (made,) = planned.json()["milestones"]
    told = {"forecast_on": "2027-03-01", "note": "塔吊未到场"}
    assert (await hall.post(f"{path}/milestones/{made['id']}/forecast", told)).status_code == 200
    (item,) = (await hall.county.read("/meetings/agenda"))["items"]
    assert (item["source"], item["title"], item["since"], item["days_late"]) == (
        "milestone",
        "封顶",
        "2026-12-31",
        None,
    )


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


async def test_a_contradiction_a_meeting_was_not_about_is_still_new(hall: Hall) -> None:
    await hall.county.create("凤凰名都", **SUSPECT)
    new = [("contradiction", "凤凰名都：已售套数多于总套数")]
    await hall.held(await hall.meeting(kind="site", project_id=hall.project_id))
    assert await hall.agenda() == new, "a dispatch to one site says nothing of another project"
    await hall.held(await hall.meeting(agenda=[]))
    assert await hall.agenda() == new, "it was left off the agenda"
    called = await hall.meeting()
    later = await hall.meeting(held_on="2026-11-22")
    await hall.held(later, matters=[concluded(later["items"][0], "deferred")])
    assert await hall.agenda() == [], "minutes may be taken of an earlier day"
    await hall.held(called)
    assert await hall.agenda() == []


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
