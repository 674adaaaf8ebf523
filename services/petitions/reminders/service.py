"""Use cases of 催办 and 督办: a unit acknowledges and answers, the office reviews what was answered in writing."""

import datetime as dt
from functools import partial
from typing import Any
from uuid import UUID

from services.petitions.life.reading import may_open
from services.petitions.life.service import OFFICE, NotYours
from services.petitions.registry import service as registry
from services.petitions.reminders import queries, rules
from services.petitions.reminders.models import (
    REMINDER_ANSWER,
    SUPERVISION_ANSWER,
    petition_supervision,
    reminder,
)
from services.petitions.reminders.rules import Pace, Standing
from services.petitions.thresholds import thresholds
from shared.chassis.clock import Clock, today
from shared.chassis.days import still_ahead
from shared.chassis.identity import Caller
from shared.chassis.listing import Listing
from shared.errors import NotFound, SamePerson
from shared.schemas.petitions.reminders import (
    PetitionSupervisionDetail,
    PetitionSupervisionOut,
    PetitionSupervisionPage,
    PetitionSupervisionState,
    ReminderAnswerIn,
    ReminderOut,
    ReminderPage,
    ReminderSubject,
    SupervisionAnswerIn,
    SupervisionReviewIn,
    SupervisionStepOut,
    SupervisionVerdict,
)
from shared.schemas.petitions.states import ClockKind, WarningBand
from shared.storage import Session, Table, rows, work
from shared.storage.rows import Row
from shared.storage.secrets import Vault


async def pace(session: Session, division_code: str) -> Pace:
    """What a county has set, else ours."""
    return Pace.of(await thresholds.values(session, division_code))


def standing_of(row: Row) -> Standing:
    return Standing(row["state"], row["due_on"], row["step_days"], row["level"], row["level_on"])


def standing_columns(standing: Standing) -> Row:
    """As the row holds it, with the day a sweep must look at it again."""
    step = rules.next_step(standing)
    return {
        "state": standing.state,
        "due_on": standing.due_on,
        "step_days": standing.step_days,
        "level": standing.level,
        "level_on": standing.level_on,
        "next_due_on": step.due_on if step else None,
    }


async def _own(session: Session, caller: Caller, table: Table, row_id: UUID, what: str) -> Row:
    """A row about a petition of the caller's own division, locked after its petition."""
    find = queries.reminders if table is reminder else queries.supervisions
    seen = await find(session, caller, caller.scope, {"id": row_id}, limit=1)
    if not seen:
        raise NotFound(f"没有{what}，或不在您的管辖范围内")
    petition = await registry.load_own(session, caller, seen[0]["petition_id"])
    row = await rows.one(session, table, caller.home, row_id, lock=True)
    assert row is not None, "rows are never deleted"
    return row | {name: petition[name] for name in ("petition_code", "is_sealed", "body_unit_code")}


def _check_addressed(caller: Caller, row: Row) -> None:
    """The unit it is addressed to, or the office that writes down what the unit has said."""
    if OFFICE not in caller.roles and caller.unit != row["unit_code"]:
        raise NotYours("请由责任单位或信访部门办理")


async def _move(
    session: Session, caller: Caller, table: Table, row: Row, values: Row, clock: Clock, action: str, *told: str
) -> Row:
    """`told` are the columns that audit and event say beside whose duty it is."""
    detail = {name: row[name] for name in ("petition_id", "subject", "clock_kind", "unit_code")}
    detail |= {name: values[name] for name in told}
    seen_by = registry.visibility_of(row)
    moved = await work.move(
        session, table, caller, row, values, clock.now(), action=action, visibility=seen_by, detail=detail
    )
    return row | moved


async def acknowledge(session: Session, caller: Caller, reminder_id: UUID, clock: Clock) -> Row:
    """The unit has seen it; once is enough."""
    row = await _own(session, caller, reminder, reminder_id, "这件催办")
    _check_addressed(caller, row)
    if row["acknowledged_on"] is not None:
        return row
    seen = {"acknowledged_on": today(clock), "acknowledged_by": caller.subject}
    return await _move(session, caller, reminder, row, seen, clock, "acknowledge", "acknowledged_on")


async def answer(
    session: Session, caller: Caller, vault: Vault, reminder_id: UUID, body: ReminderAnswerIn, clock: Clock
) -> Row:
    row = await _own(session, caller, reminder, reminder_id, "这件催办")
    _check_addressed(caller, row)
    if row["answered_on"] is not None:
        raise rules.Answered
    day = today(clock)
    said = {
        "answered_on": day,
        "answered_by": caller.subject,
        "answer_sealed": REMINDER_ANSWER.seal(vault, row, body.answer),
        "expected_on": body.expected_on and still_ahead(body.expected_on, day, "/expected_on"),
        "acknowledged_on": row["acknowledged_on"] or day,
        "acknowledged_by": row["acknowledged_by"] or caller.subject,
    }
    return await _move(session, caller, reminder, row, said, clock, "answer", "answered_on", "expected_on")


async def answer_supervision(
    session: Session, caller: Caller, vault: Vault, supervision_id: UUID, body: SupervisionAnswerIn, clock: Clock
) -> Row:
    """In writing, by the body (art. 40); a step that was to come is held until the office has looked at it."""
    row = await _own(session, caller, petition_supervision, supervision_id, "这件督办")
    _check_addressed(caller, row)
    if row["state"] != PetitionSupervisionState.open:
        raise rules.Closed
    said = {
        "state": PetitionSupervisionState.answered.value,
        "next_due_on": None,
        "document_number": body.document_number,
        "is_adopted": body.is_adopted,
        "answered_on": today(clock),
        "answered_by": caller.subject,
        "answer_sealed": SUPERVISION_ANSWER.seal(vault, row, body.answer),
        "verdict": None,
        "reviewed_on": None,
        "reviewed_by": None,
    }
    told = ("document_number", "is_adopted", "answered_on")
    return await _move(session, caller, petition_supervision, row, said, clock, "answer", *told)


async def review(
    session: Session, caller: Caller, supervision_id: UUID, body: SupervisionReviewIn, clock: Clock
) -> Row:
    """By another person than answered: it is closed, or asked for again by a new day."""
    row = await _own(session, caller, petition_supervision, supervision_id, "这件督办")
    if row["state"] != PetitionSupervisionState.answered:
        raise rules.NothingToReview
    if row["answered_by"] == caller.subject:
        raise SamePerson("反馈由反馈人以外的人审核")
    day = today(clock)
    judged = {"verdict": body.verdict.value, "reviewed_on": day, "reviewed_by": caller.subject}
    if body.verdict is SupervisionVerdict.accepted:
        values = judged | {"state": PetitionSupervisionState.closed.value}
    else:
        county = await pace(session, row["division_code"])
        due_on = still_ahead(body.due_on or day + county.answer_days * rules.DAY, day, "/due_on")
        again = Standing(PetitionSupervisionState.open, due_on, row["step_days"], row["level"], row["level_on"])
        values = judged | standing_columns(again)
    return await _move(session, caller, petition_supervision, row, values, clock, "review", "verdict", "state")


async def listed(
    session: Session,
    caller: Caller,
    vault: Vault,
    listing: Listing,
    filters: dict[str, Any],
    is_open: bool | None,
) -> ReminderPage:
    fetch = partial(queries.reminders, session, caller, listing.scope, filters, is_open)
    found, following = await listing.page("reminders", [filters, is_open], fetch)
    return ReminderPage(items=[_shown(caller, vault, row) for row in found], next_cursor=following)


async def shown(session: Session, caller: Caller, vault: Vault, row: Row) -> ReminderOut:
    """A reminder that was just changed."""
    (seen,) = await queries.reminders(session, caller, row["division_code"], {"id": row["id"]}, limit=1)
    return _shown(caller, vault, seen)


def _shown(caller: Caller, vault: Vault, row: Row) -> ReminderOut:
    kind = ClockKind(row["clock_kind"]) if row["clock_kind"] else None
    band = WarningBand(row["band"])
    said = rules.reminder_text(row["petition_code"], ReminderSubject(row["subject"]), kind, band, row["due_on"])
    opened = REMINDER_ANSWER.open(vault, row) if may_open(caller, row["unit_code"]) else None
    return work.shown(ReminderOut, row, text=said, answer=opened)


async def supervisions(
    session: Session, caller: Caller, vault: Vault, listing: Listing, clock: Clock, filters: dict[str, Any]
) -> PetitionSupervisionPage:
    fetch = partial(queries.supervisions, session, caller, listing.scope, filters)
    found, following = await listing.page("petition_supervisions", filters, fetch)
    shown = [PetitionSupervisionOut(**_facts(caller, vault, row, today(clock))) for row in found]
    return PetitionSupervisionPage(items=shown, next_cursor=following)


async def supervision(
    session: Session, caller: Caller, vault: Vault, supervision_id: UUID, clock: Clock
) -> PetitionSupervisionDetail:
    found = await queries.supervisions(session, caller, caller.scope, {"id": supervision_id}, limit=1)
    if not found:
        raise NotFound("没有这件督办，或不在您的管辖范围内")
    steps = [work.shown(SupervisionStepOut, step) for step in await queries.steps(session, found[0])]
    return PetitionSupervisionDetail(**_facts(caller, vault, found[0], today(clock)), steps=steps)


def shown_supervision(caller: Caller, vault: Vault, row: Row, day: dt.date) -> PetitionSupervisionOut:
    return PetitionSupervisionOut(**_facts(caller, vault, row, day))


def _facts(caller: Caller, vault: Vault, row: Row, day: dt.date) -> dict[str, Any]:
    kind = ClockKind(row["clock_kind"]) if row["clock_kind"] else None
    is_open = row["state"] == PetitionSupervisionState.open
    return {name: row[name] for name in PetitionSupervisionOut.model_fields if name in row} | {
        "text": rules.supervision_text(row["petition_code"], ReminderSubject(row["subject"]), kind, row["missed_on"]),
        "days_overdue": max((day - row["due_on"]).days, 0) if is_open else 0,
        "answer": SUPERVISION_ANSWER.open(vault, row) if may_open(caller, row["unit_code"]) else None,
    }
