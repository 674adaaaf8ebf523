"""Minutes: what was concluded, the actions that come back until they are done, and what is counted."""

import asyncio

from deploy.postgres.server import Server
from tests.support.meetings import ACTION, ATTENDANCE, DEPARTMENT, Hall, concluded, hall, raised
from tests.support.projects import Projects
from tests.support.rows import rows

__all__ = ["hall"]


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
    ahead = await hall.post(
        f"/meetings/{(await hall.meeting(held_on='2026-12-03'))['id']}/minutes",
        {"attendance": ATTENDANCE, "raised": [raised("用水", "assigned", ACTION | {"due_on": "2026-12-20"})]},
    )
    assert ahead.status_code == 200, ahead.text
    december = await hall.count("2026-12-01", "2026-12-31")
    assert (december["actions_due"], december["actions_overdue"]) == (0, 0), "nothing is late before its day"
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
