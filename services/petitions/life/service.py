"""Use cases of a petition's life: every one is an act, done by `perform`."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.petitions.life import queries, records, rules, writes
from services.petitions.life.case import ENDED, Act, Case
from services.petitions.life.models import ACT_TEXT
from services.petitions.life.moves import bad
from services.petitions.ratings import windows as rating_windows
from services.petitions.registry import queries as registry_queries
from services.petitions.registry import service as registry
from services.petitions.registry.models import petition
from shared.chassis.calendar import WorkCalendar
from shared.chassis.clock import Clock, today
from shared.chassis.days import happened_on
from shared.chassis.identity import Caller
from shared.errors import Conflict, Forbidden
from shared.schemas.petitions.states import ActKind, PetitionClass, PetitionState
from shared.schemas.petitions.steps import SimpleGround
from shared.storage import Session, work
from shared.storage.calendar import load_calendar
from shared.storage.ids import new_id
from shared.storage.rows import Row
from shared.storage.secrets import Vault

OFFICE = "petition_office"
SENDERS = frozenset({ActKind.forward, ActKind.assign, ActKind.consent_to_return, ActKind.refuse_return})
"""What the unit does that sends the petition; any other act is the body's, or recorded by the office for it."""
PASSED_ON = frozenset({ActKind.forward, ActKind.assign, ActKind.request_review})
"""What gives the petition to another unit."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A unit that gets a petition to handle, by when its sender wants it."""

    unit_code: str
    unit_name: str
    due_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Paper:
    """What an act is done with: its document number, its text (sealed), the name of the unit it goes to.

    `due_on` is the sender's own deadline for that unit, `co_units` are those that handle it beside it.
    `actor_name` where that is not the caller's.
    """

    document_number: str | None = None
    text: str | None = None
    to_unit_name: str | None = None
    due_on: dt.date | None = None
    co_units: Sequence[Sent] = ()
    actor_name: str | None = None


class NotYours(Forbidden):
    code, title, title_en = "not_your_petition", "不是本单位承办的信访事项", "Not your petition"


class NoLongerAccepted(Conflict):
    code, title, title_en = (
        "no_longer_accepted",
        "同一事实和理由不再受理（信访工作条例第三十六条）",
        "No longer accepted",
    )


class Accused(Forbidden):
    code, title, title_en = "accused_unit", "检举控告不得转给被检举控告的单位（信访工作条例第三十条）", "Accused unit"


async def case_of(session: Session, row: Row) -> Case:
    return records.case_of(row, await queries.clocks(session, row["division_code"], row["id"]))


def is_ended(row: Row) -> bool:
    """The procedure is used up: the same facts are not accepted again, help is still given (arts. 36, 37)."""
    return PetitionState(row["state"]) in ENDED


def on_behalf_of(caller: Caller, case: Case, kind: ActKind) -> str | None:
    """The unit an act is done for: the caller's own, or the one the petition office writes it down for.

    None where that unit is none of the directory: a reviewing body outside the county. Anybody who sees a petition may
    comment on it.
    """
    if kind is ActKind.comment:
        return caller.unit
    acts = case.sender if kind in SENDERS and not (case.is_direct and case.body) else case.body
    if OFFICE in caller.roles:
        return acts if case.body is None and case.review_level is not None else acts or case.sender
    if caller.unit is None or caller.unit != acts:
        raise NotYours("请由承办单位或信访部门办理")
    return caller.unit


async def perform(
    session: Session,
    caller: Caller,
    vault: Vault,
    petition_id: UUID,
    act: Act,
    clock: Clock,
    *,
    paper: Paper | None = None,
    columns: dict[str, Any] | None = None,
    actor: Caller | None = None,
) -> Row:
    """The petition after the act: its row, its clocks, the act itself, audit and outbox, or a `Problem` and nothing.

    `act.on` is checked against today here; `columns` are further columns of the petition that the act sets; `actor` is
    whose name the act bears when that is not the caller's.
    """
    row = await registry.load_own(session, caller, petition_id)
    return await perform_on(
        session, actor or caller, vault, row, await case_of(session, row), act, clock, paper=paper, columns=columns
    )


async def perform_on(
    session: Session,
    caller: Caller,
    vault: Vault,
    row: Row,
    before: Case,
    act: Act,
    clock: Clock,
    *,
    paper: Paper | None = None,
    columns: dict[str, Any] | None = None,
) -> Row:
    """`perform` on a petition whose row is locked."""
    paper = paper or Paper()
    happened_on(act.on, today(clock), "/on", since=row["registered_on"])
    if act.told_on is not None:
        happened_on(act.told_on, today(clock), "/told_on")
    _check_deadlines(act, paper)
    getting = {act.to_unit, *(sent.unit_code for sent in paper.co_units)} if act.kind in PASSED_ON else set()
    if row["accused_unit_code"] is not None and row["accused_unit_code"] in getting:
        raise Accused
    if act.reason == SimpleGround.clear_first and row["repeat_of"] is not None:
        raise bad("/simple_ground", "not_the_first", "重复信访不适用“初次信访”简易办理")
    if act.kind is ActKind.accept and row["repeat_of"] is not None:
        main_state = await registry_queries.state_of(session, row["division_code"], row["repeat_of"])
        if main_state in ENDED:
            raise NoLongerAccepted("此件是已终结事项的重件，请办理“不再受理”")
    calendar = await load_calendar(session)
    after = rules.apply(before, act, calendar)
    return await keep(session, caller, vault, row, before, after, act, calendar, clock.now(), paper, columns or {})


def _check_deadlines(act: Act, paper: Paper) -> None:
    """A sender's own deadline is not before the day it sends."""
    given = {"/due_on": paper.due_on} | {f"/co_units/{n}/due_on": to.due_on for n, to in enumerate(paper.co_units)}
    for pointer, due_on in given.items():
        if due_on is not None and due_on < act.on:
            raise bad(pointer, "before_sending", "期限不能早于转送交办之日")


async def keep(
    session: Session,
    caller: Caller,
    vault: Vault,
    row: Row,
    before: Case,
    after: Case,
    act: Act,
    calendar: WorkCalendar,
    now: dt.datetime,
    paper: Paper,
    columns: dict[str, Any],
) -> Row:
    division_code, petition_id = row["division_code"], row["id"]
    changed = records.columns_of(after, calendar) | columns
    if after.state is not before.state:
        changed["state_since"] = act.on
    if after.petition_class is PetitionClass.accusation:
        changed["is_sealed"] = True
    if after.sender != before.sender:
        changed["sender_unit_name"] = row["body_unit_name"]
    if act.kind in PASSED_ON:
        changed["body_unit_name"] = paper.to_unit_name
    elif after.body != before.body:
        changed["body_unit_name"] = await queries.unit_name(session, division_code, petition_id, after.body)
    await writes.keep_clocks(session, division_code, petition_id, before, after, calendar, now)
    await writes.insert_acts(session, [act_row(vault, division_code, petition_id, act, after.acts, caller, paper, now)])
    if act.kind in (ActKind.forward, ActKind.assign, ActKind.consent_to_return):
        await writes.end_assignments(session, division_code, petition_id, act.on, now)
    if act.kind in (ActKind.forward, ActKind.assign):
        sent = assignment_rows(division_code, petition_id, act, after.acts, caller, paper, now)
        await writes.insert_assignments(session, sent)
    detail = {"act": act.kind.value, "on": act.on, "state": after.state.value, "document_number": paper.document_number}
    moved = await work.move(
        session,
        petition,
        caller,
        row,
        changed,
        now,
        action=act.kind.value,
        visibility=registry.visibility_of(row | changed),
        detail=detail,
    )
    await rating_windows.follow(session, caller, moved, act, now)
    return moved


def act_row(
    vault: Vault,
    division_code: str,
    petition_id: UUID,
    act: Act,
    number: int,
    caller: Caller,
    paper: Paper,
    now: dt.datetime,
) -> Row:
    """A whole row of `petition_act`; its text is sealed."""
    row = {
        **records.act_columns(act, number),
        "division_code": division_code,
        "petition_id": petition_id,
        "actor_name": paper.actor_name or caller.name,
        "to_unit_name": paper.to_unit_name,
        "document_number": paper.document_number,
        "recorded_at": now,
    }
    return row | {"text_sealed": ACT_TEXT.seal(vault, row, paper.text) if paper.text is not None else None}


def assignment_rows(
    division_code: str, petition_id: UUID, act: Act, number: int, caller: Caller, paper: Paper, now: dt.datetime
) -> list[Row]:
    """Whole rows of `assignment` of an act that hands the petition to `act.to_unit`, which leads, and its co-units."""
    assert act.to_unit is not None, "it goes to somebody"
    lead = Sent(act.to_unit, paper.to_unit_name or act.to_unit, paper.due_on)
    return [
        {
            "division_code": division_code,
            "id": new_id(),
            "petition_id": petition_id,
            "act_number": number,
            "unit_code": sent.unit_code,
            "unit_name": sent.unit_name,
            "is_lead": sent is lead,
            "sent_on": act.on,
            "due_on": sent.due_on,
            "next_reminder_on": act.on if sent.due_on else None,
            "version": 1,
            "created_by": caller.subject,
            "created_at": now,
            "updated_at": now,
        }
        for sent in (lead, *paper.co_units)
    ]


async def lapse_due(session: Session, actor: Caller, vault: Vault, division_code: str, clock: Clock, limit: int) -> int:
    """End the procedures whose window for the next level has passed, oldest first; how many, `limit` at most.

    Those somebody is working on just now are left for the next time.
    """
    ended = 0
    for row in await queries.past_window(session, division_code, today(clock), limit):
        act = Act(ActKind.lapse, today(clock), actor.subject)
        await perform_on(session, actor, vault, row, await case_of(session, row), act, clock)
        ended += 1
    return ended
