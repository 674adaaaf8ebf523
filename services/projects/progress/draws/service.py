"""Use cases of the draw of inspections: draw once a week, look up, see which were carried out."""

import datetime as dt
import secrets
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from services.projects.progress import queries
from services.projects.progress import service as progress
from services.projects.progress.draws import rules
from services.projects.progress.models import inspection_draw
from services.projects.progress.rules import is_open
from services.projects.thresholds import thresholds
from shared.chassis.clock import Clock, today
from shared.chassis.identity import Caller
from shared.chassis.permissions import require_home
from shared.schemas.projects.draws import (
    DrawCandidate,
    DrawPick,
    InspectionDrawIn,
    InspectionDrawItem,
    InspectionDrawOut,
)
from shared.storage import Session, work
from shared.storage.rows import Row


async def draw(session: Session, caller: Caller, body: InspectionDrawIn, clock: Clock) -> tuple[Row, bool]:
    """The draw of a county for a week, and whether it is new: a week is drawn once.

    Raises `NotDrawable`, `NothingToDraw`.
    """
    division, day = body.division_code, today(clock)
    require_home(caller, division)
    monday = rules.week(body.week_starting, day)
    drawn = await queries.draw_of(session, division, monday)
    if drawn is not None:
        return drawn, False
    candidates = await _candidates(session, division, monday, clock)
    if not candidates:
        raise rules.NothingToDraw
    places, seed = await thresholds.value(session, division, "weekly_inspections"), secrets.token_hex(16)
    picks = rules.pick(seed, candidates, places)
    sealed = {
        "week_starting": monday,
        "algorithm": rules.ALGORITHM,
        "seed": seed,
        "places": places,
        "inputs_sha256": rules.inputs_sha256(monday, places, candidates),
    }
    values = sealed | {"candidates": [asdict(c) for c in candidates], "picks": picks}
    told = sealed | {"picks": picks}
    row = await work.add(session, inspection_draw, caller, division, values, clock.now(), action="draw", detail=told)
    if row is None:
        first = await queries.draw_of(session, division, monday)
        assert first is not None, "whoever was first has committed"
        return first, False
    return row, True


async def _candidates(session: Session, division_code: str, monday: dt.date, clock: Clock) -> list[rules.Candidate]:
    """Every project of the county that is still worked on."""
    units = await queries.reporters(session, division_code)
    scores = {rated.unit_code: rated.score for rated in await progress.rated(session, units)}
    found = await queries.summaries(session, division_code, today(clock), limit=None)
    candidates = [
        rules.candidate(
            str(project["id"]),
            project["project_code"],
            last=check[0]["effective_on"] if check else None,
            reliability=scores.get(claim["unit_code"]) if claim else None,
            week_starting=monday,
        )
        for project, claim, check in found
        if is_open(project)
    ]
    return sorted(candidates, key=lambda c: c.project_id)


async def shown(session: Session, row: Mapping[str, Any]) -> InspectionDrawOut:
    """The whole draw, and when each picked site was first inspected in its week."""
    candidates = [DrawCandidate.model_validate(candidate) for candidate in row["candidates"]]
    codes = {candidate.project_id: candidate.project_code for candidate in candidates}
    monday = row["week_starting"]
    sunday = monday + rules.WEEK - rules.DAY
    done = await queries.inspected_in(session, row["division_code"], row["picks"], monday, sunday)
    picks = [
        DrawPick(place=place, project_id=picked, project_code=codes[picked], inspected_on=done.get(picked))
        for place, picked in enumerate(row["picks"], start=1)
    ]
    told = {name: row[name] for name in InspectionDrawOut.model_fields if name not in ("candidates", "picks")}
    return InspectionDrawOut.model_validate(told | {"candidates": candidates, "picks": picks})


def listed(row: Mapping[str, Any]) -> InspectionDrawItem:
    told = {name: row[name] for name in InspectionDrawItem.model_fields}
    counts = {"candidates": len(row["candidates"]), "picks": len(row["picks"])}
    return InspectionDrawItem.model_validate(told | counts)
