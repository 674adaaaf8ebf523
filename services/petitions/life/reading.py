"""What has been done to a petition, which clocks run, who handles it: as shown to whoever may see it."""

import datetime as dt
from functools import partial
from typing import Any
from uuid import UUID

from services.petitions.life import clocks as law
from services.petitions.life import queries, records
from services.petitions.life.models import ACT_TEXT, ANSWER
from services.petitions.life.service import OFFICE, NotYours
from services.petitions.registry import service as registry
from services.petitions.registry.models import assignment
from shared.chassis.clock import Clock, today
from shared.chassis.days import happened_on
from shared.chassis.identity import Caller
from shared.chassis.listing import Listing, Paging
from shared.errors import Conflict, NotFound
from shared.schemas.petitions.acts import AssignmentAnswerIn, HandlingOpinion
from shared.schemas.petitions.life import (
    AssignmentOut,
    AssignmentPage,
    ClockChangeOut,
    ClockChangePage,
    PetitionActOut,
    PetitionActPage,
    PetitionClockOut,
    PetitionClocks,
)
from shared.schemas.petitions.states import ActKind
from shared.schemas.petitions.steps import CalendarState
from shared.storage import Session, work
from shared.storage.rows import Row
from shared.storage.secrets import Vault

READS_ALL = frozenset({OFFICE, "inspector"})
"""Whose work it is to read what officers wrote about any petition they see."""


class Answered(Conflict):
    code, title, title_en = "assignment_over", "这件交办已答复或已结束", "Assignment over"


def may_open(caller: Caller, *units: str | None) -> bool:
    """Free text is for the office and for the units that handle the petition: it may name the petitioner."""
    return bool(caller.roles & READS_ALL) or (caller.unit is not None and caller.unit in units)


async def acts(session: Session, caller: Caller, vault: Vault, petition_id: UUID, paging: Paging) -> PetitionActPage:
    row = await registry.load(session, caller, petition_id)
    division_code = row["division_code"]
    sent = await queries.assignments(session, division_code, petition_id)
    handling = [row["body_unit_code"], *(to["unit_code"] for to in sent if to["ended_on"] is None)]
    rows, following = await paging.page(
        "petition_act", petition_id, partial(queries.acts, session, division_code, petition_id), lambda r: [r["number"]]
    )
    items = [_shown_act(vault, act, caller, handling) for act in rows]
    return PetitionActPage(items=items, next_cursor=following)


def _shown_act(vault: Vault, row: Row, caller: Caller, handling: list[str | None]) -> PetitionActOut:
    act = records.act_of(row)
    may = may_open(caller, act.unit, *handling) or act.actor == caller.subject
    text = ACT_TEXT.open(vault, row) if may else None
    is_opinion = act.kind is ActKind.issue_opinion and text is not None
    facts = {name: getattr(act, name) for name in PetitionActOut.model_fields if hasattr(act, name)}
    return PetitionActOut(
        **facts,
        number=row["number"],
        actor_name=row["actor_name"],
        unit_code=act.unit,
        to_unit_code=act.to_unit,
        to_unit_name=row["to_unit_name"],
        document_number=row["document_number"],
        recorded_at=row["recorded_at"],
        is_text_kept=row["text_sealed"] is not None,
        text=None if is_opinion else text,
        opinion=HandlingOpinion.model_validate_json(text) if is_opinion and text else None,
    )


async def clocks(session: Session, caller: Caller, petition_id: UUID, clock: Clock) -> PetitionClocks:
    row = await registry.load(session, caller, petition_id)
    found = await queries.clocks(session, row["division_code"], petition_id)
    starting = {of["started_by"] for of in found}
    papers = await queries.papers(session, row["division_code"], petition_id, starting)
    day = today(clock)
    return PetitionClocks(as_of=day, items=[shown_clock(of, papers[of["started_by"]], day) for of in found])


def shown_clock(row: Row, paper: Row, day: dt.date) -> PetitionClockOut:
    """A stored clock as it looks on a day; `paper` is the act that started it."""
    clock, rule = records.clock_of(row), law.RULES[records.clock_of(row).kind]
    return work.shown(
        PetitionClockOut,
        row | {"state": law.shown_state(clock, row["due_on"], day)},
        is_duty=rule.is_duty,
        rule_id=rule.id,
        article=rule.article,
        basis=rule.basis,
        started_by_kind=ActKind(paper["kind"]),
        started_by_document=paper["document_number"],
        calendar=_calendar(row["is_provisional"]),
        days_late=law.days_late(clock, row["due_on"], day),
        band=law.band(clock, row["internal_due_on"], row["due_on"], day),
    )


def _calendar(is_provisional: bool) -> CalendarState:
    return CalendarState.provisional if is_provisional else CalendarState.official


async def assignments(
    session: Session,
    caller: Caller,
    vault: Vault,
    listing: Listing,
    clock: Clock,
    filters: dict[str, Any],
    is_live: bool | None,
) -> AssignmentPage:
    fetch = partial(queries.seen_assignments, session, caller, listing.scope, filters, is_live=is_live)
    rows, following = await listing.page("assignment", filters | {"is_live": is_live}, fetch)
    shown = [shown_assignment(caller, vault, row, today(clock)) for row in rows]
    return AssignmentPage(items=shown, next_cursor=following)


def shown_assignment(caller: Caller, vault: Vault, row: Row, day: dt.date) -> AssignmentOut:
    may = may_open(caller, row["unit_code"], row["body_unit_code"])
    until = row["answered_on"] or row["ended_on"] or day
    late = max((until - row["due_on"]).days, 0) if row["due_on"] else 0
    return work.shown(AssignmentOut, row, days_late=late, answer=ANSWER.open(vault, row) if may else None)


async def answer(
    session: Session, caller: Caller, vault: Vault, assignment_id: UUID, body: AssignmentAnswerIn, clock: Clock
) -> Row:
    """What a unit tells the one that leads; the office may write it down for it."""
    seen = await queries.seen_assignment(session, caller, assignment_id)
    if seen is None:
        raise NotFound("没有这件交办，或不在您的管辖范围内")
    # Everybody locks the petition first: an answer and a return of the petition take turns.
    petition = await registry.load_own(session, caller, seen["petition_id"])
    if OFFICE not in caller.roles and caller.unit != seen["unit_code"]:
        raise NotYours("请由该承办单位或信访部门办理")
    row = await work.load(session, assignment, caller, assignment_id, lock=True)
    if row["answered_on"] is not None or row["ended_on"] is not None:
        raise Answered
    on = happened_on(body.on, today(clock), "/on", since=row["sent_on"])
    moved = await work.move(
        session,
        assignment,
        caller,
        row,
        {"answered_on": on, "answer_sealed": ANSWER.seal(vault, row, body.answer)},
        clock.now(),
        action="answer",
        visibility=registry.visibility_of(petition),
        detail={"petition_id": petition["id"], "unit": row["unit_code"], "answered_on": on},
    )
    return moved | {name: petition[name] for name in ("petition_code", "body_unit_code")}


async def changes(session: Session, caller: Caller, listing: Listing, petition_id: UUID | None) -> ClockChangePage:
    fetch = partial(queries.seen_changes, session, caller, listing.scope, petition_id)
    rows, following = await listing.page("clock_change", {"petition_id": petition_id}, fetch)
    return ClockChangePage(items=[_shown_change(row) for row in rows], next_cursor=following)


def _shown_change(row: Row) -> ClockChangeOut:
    return work.shown(
        ClockChangeOut,
        row,
        calendar_before=_calendar(row["was_provisional"]),
        calendar_after=_calendar(row["is_provisional"]),
    )
