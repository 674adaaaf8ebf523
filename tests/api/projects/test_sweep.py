"""A sweep over the wire and in the worker: what it moves; killing, doubling and repeating it change nothing."""

import asyncio
import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from services.projects.problems import service as problems
from services.projects.supervision import sweeping, writes
from shared.chassis import scope
from shared.service import sweeps
from shared.storage import jobs, journal
from tests.api.projects.test_supervision import DAY, LEAD, PROGRESS, act, audit, day, issue
from tests.support.projects import LEASE, MORNING, County, Projects


@pytest.fixture
async def office(county: County) -> County:
    await county.unit("ZJJ", "住房和城乡建设局")
    return county


def on(projects: Projects, offset: int) -> None:
    projects.clock.set(MORNING + offset * DAY)


async def swept(county: County) -> dict[str, Any]:
    accepted = await county.call("POST", "/sweeps")
    assert accepted.status_code == 202, accepted.text
    await county.projects.run_jobs()
    found = await county.read(f"/sweeps/{accepted.json()['id']}")
    assert found["state"] == "finished", found
    return found


async def steps(county: County, order: dict[str, Any]) -> list[tuple[str, str, str]]:
    found = (await county.read(f"/orders/{order['id']}"))["steps"]
    return [(step["level"], step["due_on"], step["taken_on"]) for step in found]


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


async def outcome(county: County) -> tuple[Any, ...]:
    """All that a sweep leaves, without ids and moments."""
    orders = sorted(await county.every("/orders"), key=lambda order: order["code"])
    stood = [(o["code"][6:], o["level"], o["level_on"], o["escalated_on"], o["next_due_on"]) for o in orders]
    taken = [await steps(county, order) for order in orders]
    problems = [(p["level"], p["version"]) for p in await county.every("/problems")]
    sweeps = await county.every("/sweeps")
    counts = [[s[name] for name in ("state", *sweeping.SWEEPS.counts)] for s in sweeps]
    changes = [(e["subject_type"], e["action"], e["version"]) for e in await audit(county)]
    return stood, taken, problems, counts, sorted(changes)


async def laden(projects: Projects) -> County:
    """A county with eight orders due and one that is not, and three problems overdue that nobody has begun to solve."""
    county = projects.county()
    await county.unit("ZJJ", "住房和城乡建设局")
    for name in ("御水名都", "御水名都", "锦绣家园"):
        await report_problem(county, name)
    for offset in range(6):
        await issue(county, due_on=day(offset))
    for _ in range(2):
        await issue(county, lead_unit_code=None)
    await issue(county, due_on=day(400))
    on(projects, 20)
    accepted = await county.call("POST", "/sweeps")
    assert accepted.status_code == 202
    return county


async def report_problem(county: County, project: str) -> None:
    known = {row["name"]: row["id"] for row in await county.every("/projects")}
    project_id = known.get(project) or (await county.create(project))["id"]
    body = {
        "title": "复工资金不足",
        "detail": {"type": "funding", "gap_fen": 1_200_000_000},
        "cause": "objective",
        "scope": "individual",
        "unit_code": "ZJJ",
        "due_on": day(5),
    }
    answer = await county.call("POST", f"/projects/{project_id}/problems", json=body)
    assert answer.status_code == 201, answer.text


class Killed(asyncio.CancelledError):
    """The worker is gone in the middle of a line: nothing after it runs."""


def dying(do: Callable[..., Any], at: int) -> Callable[..., Any]:
    """`do`, but its `at`-th call is the last thing its worker does, and is not done."""
    calls = iter(range(at))

    async def instead(*args: Any, **more: Any) -> Any:
        if next(calls, None) is None:
            raise Killed
        return await do(*args, **more)

    return instead


@pytest.mark.parametrize(
    ("line", "at"), [("write", 1), *(("commit", at) for at in (0, 1, 3, 6, 8)), ("report", 0), ("report", 6)]
)
async def test_a_sweep_killed_anywhere_and_begun_again_leaves_what_one_whole_sweep_leaves(
    projects: Projects, monkeypatch: pytest.MonkeyPatch, line: str, at: int
) -> None:
    monkeypatch.setattr(sweeping, "BATCH", 2)
    monkeypatch.setattr(problems, "BATCH", 2)
    whole = await laden(projects)
    await projects.run_jobs()
    on(projects, 0)
    broken = await laden(projects)
    own_journal = SimpleNamespace(commit=journal.commit)
    """Of the sweep alone: the directory it asks commits too."""
    monkeypatch.setattr(sweeps, "journal", own_journal)
    lines: dict[str, tuple[Any, str]] = {
        "write": (writes, "climb"),
        "commit": (own_journal, "commit"),
        "report": (jobs.Progress, "report"),
    }
    where, name = lines[line]
    with monkeypatch.context() as patched:
        patched.setattr(where, name, dying(getattr(where, name), at))
        with pytest.raises(Killed):
            await projects.run_jobs()
    projects.clock.advance(2 * LEASE)
    await projects.run_jobs()
    assert await outcome(broken) == await outcome(whole)


async def test_a_second_sweep_on_the_same_day_finds_nothing(projects: Projects) -> None:
    county = await laden(projects)
    await projects.run_jobs()
    before = await county.every("/orders")
    again = await swept(county)
    assert [again[name] for name in sweeping.SWEEPS.counts] == [0] * len(sweeping.SWEEPS.counts)
    assert await county.every("/orders") == before


async def test_two_sweeps_at_once_are_one(projects: Projects, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeping, "BATCH", 1)
    whole = await laden(projects)
    await projects.run_jobs()
    on(projects, 0)
    county = await laden(projects)
    asked = await asyncio.gather(*(county.call("POST", "/sweeps") for _ in range(4)))
    assert {answer.status_code for answer in asked} == {202}
    assert len({answer.json()["id"] for answer in asked}) == 1
    # And a worker that still believes in a lease another one has taken over.
    handler = projects.handlers[sweeps.KIND]
    first = await jobs.claim(projects.database, LEASE, projects.clock.now())
    projects.clock.advance(2 * LEASE)
    second = await jobs.claim(projects.database, LEASE, projects.clock.now())
    assert first is not None
    assert second is not None
    assert first.id == second.id
    ended = await asyncio.gather(*(run(projects, handler, claimed) for claimed in (first, second)))
    assert ended.count(None) == 1
    assert await outcome(county) == await outcome(whole)


class Believing(jobs.Progress):
    """Of a worker that never asks whether it still has the lease."""

    async def report(self, done: int | None = None, total: int | None = None) -> None:
        """Nothing."""


async def run(projects: Projects, handler: jobs.Handler, claimed: jobs.Job) -> jobs.LeaseLost | None:
    with scope.within(claimed.division_code):
        try:
            await handler(claimed, Believing(projects.database, claimed, LEASE, projects.clock))
        except jobs.LeaseLost as lost:
            return lost
    return None


async def test_a_sweep_whose_job_failed_for_good_is_taken_up_by_the_next_one(
    projects: Projects, monkeypatch: pytest.MonkeyPatch
) -> None:
    county = await laden(projects)
    (first,) = await county.every("/sweeps")

    async def broken(*_: Any) -> None:
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr(writes, "climb", broken)
        for _ in range(jobs.MAX_ATTEMPTS):
            await projects.run_jobs()
            projects.clock.advance(dt.timedelta(seconds=jobs.LONGEST_PAUSE_SECONDS))
    failed = await county.read(f"/sweeps/{first['id']}")
    assert (failed["state"], failed["failure"] is None) == ("running", False)
    again = await swept(county)
    assert (again["id"], again["climbed"], again["failure"]) == (first["id"], 6, None)


async def test_every_county_is_swept_once_a_day_but_demonstrations_only_when_asked(fresh: Projects) -> None:
    county, demo = fresh.county(), fresh.county()
    for each in (county, demo):
        await issue(each, lead_unit_code=None)

    async def begin() -> None:
        await sweeping.SWEEPS.start_daily(fresh.database, fresh.clock, {demo.code})
        await fresh.run_jobs()

    await begin()
    await begin()
    assert [s["escalated"] for s in await county.every("/sweeps")] == [1]
    assert await demo.every("/sweeps") == []
    fresh.clock.advance(DAY)
    await begin()
    assert len(await county.every("/sweeps")) == 2
    assert (await swept(demo))["escalated"] == 1


async def test_who_may_sweep_and_see_it(county: County, projects: Projects) -> None:
    found = await swept(county)
    assert (await county.call("POST", "/sweeps", role="department")).status_code == 403
    assert (await projects.county().call("GET", f"/sweeps/{found['id']}")).status_code == 404
    assert [s["id"] for s in await county.every("/sweeps", limit=1)] == [found["id"]]


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
