"""Use cases of a petition's life: every one is an act, done by `perform`."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.petitions.life import queries, records, rules, writes
from services.petitions.life.case import ENDED, Act, Case
from services.petitions.registry import service as registry
from services.petitions.registry.models import petition
from shared.chassis.calendar import WorkCalendar
from shared.chassis.clock import Clock, today
from shared.chassis.days import happened_on
from shared.chassis.identity import Caller
from shared.errors import Forbidden
from shared.schemas.petitions.states import ActKind, PetitionClass, PetitionState
from shared.storage import Session, work
from shared.storage.calendar import load_calendar
from shared.storage.rows import Row
from shared.storage.secrets import Vault

OFFICE = "petition_office"
SENDERS = frozenset({ActKind.forward, ActKind.assign, ActKind.consent_to_return, ActKind.refuse_return})
"""What the unit does that sends the petition; any other act is the body's, or recorded by the office for it."""
PASSED_ON = frozenset({ActKind.forward, ActKind.assign, ActKind.request_review})


@dataclass(frozen=True, slots=True)
class Paper:
    """What an act is done with: its document number, its sealed text, the name of the unit it goes to."""

    document_number: str | None = None
    text: str | None = None
    to_unit_name: str | None = None


class NotYours(Forbidden):
    code, title, title_en = "not_your_petition", "不是本单位承办的信访事项", "Not your petition"


def bound_to(table: str, division_code: str, row_id: object, column: str) -> tuple[str, ...]:
    """What a sealed value of this service is bound to."""
    return (table, division_code, str(row_id), column)


async def case_of(session: Session, row: Row) -> Case:
    return records.case_of(row, await queries.clocks(session, row["division_code"], row["id"]))


def on_behalf_of(caller: Caller, case: Case, kind: ActKind) -> str | None:
    """The unit an act is done for: the caller's own, or the one the petition office writes it down for.

    None where that unit is none of the directory: a reviewing body outside the county.
    """
    acts = case.sender if kind in SENDERS and not (case.is_direct and case.body) else case.body
    if OFFICE in caller.roles:
        return acts if case.body is None and case.review_level is not None else acts or case.sender
    if caller.unit is None or caller.unit != acts:
        raise NotYours("请由承办单位或信访部门办理")
    return caller.unit


def is_ended(row: Row) -> bool:
    """The procedure is used up: the same facts are not accepted again, help is still given (arts. 36, 37)."""
    return PetitionState(row["state"]) in ENDED


class Accused(Forbidden):
    code, title, title_en = "accused_unit", "检举控告不得转给被检举控告的单位（信访工作条例第三十条）", "Accused unit"


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

    `act.on` is checked against today here; `columns` are further columns of the petition that the act sets.
    """
    row = await registry.load_own(session, caller, petition_id)
    happened_on(act.on, today(clock), "/on", since=row["registered_on"])
    if act.kind in PASSED_ON and act.to_unit is not None and act.to_unit == row["accused_unit_code"]:
        raise Accused
    before = await case_of(session, row)
    calendar = await load_calendar(session)
    after = rules.apply(before, act, calendar)
    return await keep(
        session, actor or caller, vault, row, before, after, act, calendar, clock.now(), paper or Paper(), columns or {}
    )


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
    detail = {"act": act.kind.value, "on": act.on, "state": after.state.value, "document_number": paper.document_number}
    return await work.move(
        session,
        petition,
        caller,
        row,
        changed,
        now,
        action=act.kind.value,
        visibility="sealed" if changed.get("is_sealed", row["is_sealed"]) else "internal",
        detail=detail,
    )


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
    sealed = None
    if paper.text is not None:
        bound = bound_to("petition_act", division_code, f"{petition_id}:{number}", "text")
        sealed = vault.seal(paper.text, *bound)
    return {
        **records.act_columns(act, number),
        "division_code": division_code,
        "petition_id": petition_id,
        "actor_name": caller.name,
        "to_unit_name": paper.to_unit_name,
        "document_number": paper.document_number,
        "text_sealed": sealed,
        "recorded_at": now,
    }
