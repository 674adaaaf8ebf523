"""A sweep in the worker: killing, doubling and repeating it change nothing; who may ask for one."""

import asyncio
import datetime as dt
from typing import Any

import pytest

from services.projects.problems import service as problems
from services.projects.supervision import sweeping, writes
from shared.chassis import scope
from shared.service import sweeps
from shared.storage import jobs
from tests.support.orders import audit, issue, steps
from tests.support.projects import LEASE, County, Projects
from tests.support.sweeping import DAY, day, killed_and_begun_again, on, swept


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
    await killed_and_begun_again(projects, monkeypatch, (writes, "climb"), line, at)
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
