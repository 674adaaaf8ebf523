"""How quiet petitions are: told by their service where it can be asked, attested where it cannot; a group reopens."""

import datetime as dt
from collections.abc import AsyncIterator
from typing import Any

import pytest

from services.projects.closeout import service
from shared.chassis import scope
from shared.clients.gateway import PetitionFigures
from shared.clients.petitions import Petitioned, ProjectPetitions
from shared.storage import jobs, journal
from tests.support.closeout import ATTESTED, DEPARTMENT, Closing, deliverable, with_units
from tests.support.projects import County, Projects


class Told(ProjectPetitions):
    """What the petitions service would say; None while it is away. `age`: how long ago it was asked."""

    def __init__(self) -> None:
        self.figures: list[PetitionFigures] | None = []
        self.age = dt.timedelta()

    async def of(self, division_code: str, now: dt.datetime) -> Petitioned | None:
        if self.figures is None:
            return None
        return Petitioned(now - self.age, {one.project_id: one for one in self.figures})

    def say(self, project_id: str, **said: Any) -> None:
        told = {"version": 3, "open": {"case_count": 0}, "quiet_since": None, "last_group_visit": None} | said
        self.figures = [PetitionFigures.model_validate({"project_id": project_id} | told)]


@pytest.fixture
async def told(projects: Projects) -> AsyncIterator[Told]:
    kept, told = projects.app.state.project_petitions, Told()
    projects.app.state.project_petitions = told
    yield told
    projects.app.state.project_petitions = kept


async def asked(county: County) -> Closing:
    closing = await deliverable(await with_units(county))
    assert (await closing.request()).status_code == 201
    return closing


async def item(closing: Closing) -> dict[str, Any]:
    return next(dict(one) for one in (await closing.now())["checklist"] if one["item"] == "petitions_quiet")


async def test_the_petitions_service_is_asked(county: County, told: Told) -> None:
    closing = await asked(county)
    quiet = await item(closing)
    assert (quiet["source"], quiet["met"], quiet["value"]) == ("petitions", True, {"outstanding": 0})
    told.say(closing.project_id, open={"case_count": 2}, quiet_since="2026-11-20")
    loud = await item(closing)
    assert (loud["met"], loud["source_version"]) == (False, 3)
    assert loud["value"] == {"outstanding": 2, "last_on": "2026-11-20", "weeks": 0}
    refused = await closing.attest("petitions_quiet", last_on="2026-01-05")
    assert (refused.status_code, refused.json()["code"]) == (409, "fact_is_known")
    await closing.attest(*(one for one in ATTESTED if one != "petitions_quiet"))
    open_still = await closing.check("department", DEPARTMENT)
    assert [error["pointer"] for error in open_still.json()["errors"]] == ["/checklist/petitions_quiet"]
    told.say(closing.project_id, quiet_since="2026-10-01")
    assert (await closing.check("department", DEPARTMENT)).status_code == 200
    kept = await item(closing)
    assert (kept["value"]["weeks"], kept["source_version"]) == (7, 3)
    assert kept["asked_at"] >= "2026-11-23T09:00:00"


async def test_where_it_is_away_or_too_long_ago_a_department_says_it(county: County, told: Told) -> None:
    told.age = dt.timedelta(seconds=61)
    closing = await asked(county)
    assert (await item(closing))["source"] is None
    told.figures = None
    await closing.attest(*ATTESTED)
    assert (await item(closing))["source"] == "attested"
    told.age = dt.timedelta(seconds=59)
    told.say(closing.project_id, open={"case_count": 1}, quiet_since="2026-11-20")
    assert ((await item(closing))["source"], (await item(closing))["met"]) == ("petitions", False)


async def test_a_group_that_comes_after_the_close_out_reopens_it_once(
    county: County, projects: Projects, told: Told
) -> None:
    closing = await asked(county)
    told.figures = None
    await closing.attest(*ATTESTED)
    for kind, who in (("department", DEPARTMENT), ("site", {"role": "township", "subject": "user:s", "unit": "ZHEN"})):
        assert (await closing.check(kind, who)).status_code == 200
    assert (await closing.approve()).status_code == 200

    async def swept(on: str, people: int) -> int:
        visit = {"reference": "ab12", "on": on, "people_count": people}
        told.say(closing.project_id, quiet_since=on, last_group_visit=visit)
        now = projects.clock.now()
        with scope.within(county.code):
            async with projects.database.session() as session:
                actor = jobs.system_actor("sweep", county.code)
                made = await service.sweep(
                    session, actor, county.code, now.date(), now, await told.of(county.code, now)
                )
                await journal.commit(session, "projects")
        return made

    assert await swept("2026-11-23", 40) == 0, "of the day it was closed: known then"
    projects.clock.set(projects.clock.now() + dt.timedelta(days=2))
    assert await swept("2026-11-25", 4) == 0, "no group"
    assert await swept("2026-11-25", 40) == 1
    assert await swept("2026-11-25", 40) == 0
    back = await closing.now()
    assert (back["status"], back["rebound"]["cause"], back["rebound"]["people_count"]) == (
        "reopened",
        "group_petition",
        40,
    )
    assert (back["rebound"]["reference"], back["rebound"]["occurred_on"]) == ("ab12", "2026-11-25")
