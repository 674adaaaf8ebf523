"""Writes of an import: thousands of petitions made or moved on in a handful of statements."""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from services.petitions.imports.judging import Verdict
from services.petitions.intake import creation
from services.petitions.intake.creation import NewPetition
from services.petitions.life import records
from services.petitions.life import service as life
from services.petitions.life import writes as life_writes
from services.petitions.life.models import petition_clock
from services.petitions.life.service import Paper
from services.petitions.ratings.models import petition_rating
from services.petitions.registry.models import petition
from services.petitions.registry.service import visibility_of
from shared.chassis.calendar import WorkCalendar
from shared.chassis.identity import Caller
from shared.schemas.imports import RowVerdict
from shared.schemas.petitions.intake import Channel
from shared.storage import Session, work
from shared.storage.bulk import insert_many, update_many
from shared.storage.ids import new_id
from shared.storage.rows import Row
from shared.storage.secrets import Vault

KEY = ("division_code", "id")
MADE = frozenset({*KEY, "petition_code", "register_code", "created_by", "created_at"})
"""Columns of a petition that never change."""


async def create(
    session: Session,
    caller: Caller,
    vault: Vault,
    division_code: str,
    import_id: UUID,
    verdicts: Sequence[Verdict],
    calendar: WorkCalendar,
    now: dt.datetime,
) -> dict[int, Row]:
    """The new petitions by row number."""
    created = [verdict for verdict in verdicts if verdict.verdict is RowVerdict.created]
    if not created:
        return {}
    given = [_new(verdict, import_id) for verdict in created]
    rows = await creation.create_many(session, caller, vault, division_code, given, calendar, now)
    return {verdict.row.number: row for verdict, row in zip(created, rows, strict=True)}


def _new(verdict: Verdict, import_id: UUID) -> NewPetition:
    assert verdict.course is not None
    facts = {name: value for name, value in verdict.columns.items() if name != "channel"}
    names = {
        act.to_unit: paper.to_unit_name
        for number, act in enumerate(verdict.course.acts, 1)
        if act.to_unit and (paper := verdict.course.papers.get(number)) and paper.to_unit_name
    }
    return NewPetition(
        channel=Channel(verdict.columns["channel"]),
        facts=facts | {"import_id": import_id, "register_code": verdict.row.facts.get("register_code")},
        acts=verdict.course.acts,
        persons=verdict.persons,
        statement=verdict.row.facts.get("statement"),
        papers=verdict.course.papers,
        unit_names=names,
    )


async def move_on(
    session: Session,
    caller: Caller,
    vault: Vault,
    verdicts: Sequence[Verdict],
    calendar: WorkCalendar,
    now: dt.datetime,
) -> None:
    """Petitions that are here get the acts and facts that were missing."""
    updated = [verdict for verdict in verdicts if verdict.verdict is RowVerdict.updated]
    rows, acts, started, changed = list[Row](), list[Row](), list[Row](), list[Row]()
    for verdict in updated:
        course, target = verdict.course, verdict.target
        assert course is not None
        assert course.case is not None
        assert target is not None
        before = target.row
        row = before | records.columns_of(course.case, calendar) | verdict.columns
        row |= {
            "version": before["version"] + 1,
            "updated_at": now,
            "state_since": course.since or before["state_since"],
        }
        rows.append(row)
        for number, act in enumerate(course.acts, before["acts"] + 1):
            paper = course.papers.get(number) or Paper()
            acts.append(life.act_row(vault, row["division_code"], row["id"], act, number, caller, paper, now))
        for clock in course.case.clocks:
            made = life_writes.clock_row(row["division_code"], row["id"], course.case, clock.number, calendar, now)
            if clock.number > len(target.clocks):
                started.append(made)
            elif clock != target.case.clocks[clock.number - 1]:
                changed.append(_kept(made, target.clocks[clock.number - 1]))
        detail = {
            "acts": [act.kind.value for act in course.acts],
            "state": row["state"],
            "facts": sorted(verdict.columns),
        }
        work.trace(session, petition, caller, row, "import", now, visibility=visibility_of(row), detail=detail)
    await update_many(session, petition, KEY, rows, except_columns=MADE)
    await update_many(session, petition_clock, ("division_code", "petition_id", "number"), changed)
    await life_writes.insert_acts(session, acts)
    await life_writes.insert_clocks(session, started)


def _kept(made: Row, stored: Row) -> Row:
    """What a clock remembers of before: when it was recorded and extended, whose it was."""
    remembered = {name: stored[name] for name in ("recorded_at", "unit_code")}
    remembered |= {name: stored[name] for name in ("ended_at", "extended_at") if stored[name] is not None}
    return made | remembered


async def rate(
    session: Session, caller: Caller, verdicts: Sequence[Verdict], made: dict[int, Row], now: dt.datetime
) -> None:
    """What petitioners said, where the register tells; only of who has not said it here."""
    fresh, later = list[Row](), list[Row]()
    for verdict in verdicts:
        if not verdict.ratings or verdict.verdict not in (RowVerdict.created, RowVerdict.updated):
            continue
        stored: dict[str, Any] | None = (
            dict(verdict.target.rating) if verdict.target and verdict.target.rating else None
        )
        if stored is not None:
            # When it could be said is not known of a register.
            unknown = {"window_starts_on": None, "window_ends_on": None}
            moved = {"version": stored["version"] + 1, "updated_at": now}
            later.append(stored | unknown | verdict.ratings | moved)
            continue
        of = verdict.target.row if verdict.target else made[verdict.row.number]
        fresh.append(
            {
                "division_code": of["division_code"],
                "id": new_id(),
                "petition_id": of["id"],
                "window_starts_on": None,
                "window_ends_on": None,
                "body_rating": None,
                "office_rating": None,
                "rated_body_code": of["standing"]["opinion_by"] or of["body_unit_code"],
                "rated_body_name": of["body_unit_name"],
                "channel": None,
                "remark_sealed": None,
                "version": 1,
                "created_by": caller.subject,
                "created_at": now,
                "updated_at": now,
            }
            | verdict.ratings
        )
    await insert_many(session, petition_rating, fresh)
    await update_many(session, petition_rating, KEY, later)
