"""Use cases of promises to petitioners (承诺书)."""

import datetime as dt
from uuid import UUID

from services.petitions.leaders import rules, service
from services.petitions.leaders.models import PROMISE_NOTE, case_promise
from services.petitions.registry import about
from services.petitions.registry import service as registry
from shared.chassis.clock import Clock, today
from shared.chassis.days import happened_on
from shared.chassis.identity import Caller
from shared.clients.parties import Known
from shared.errors import NotFound
from shared.schemas.petitions.leaders import CasePromiseIn, CasePromiseOut, CasePromiseSettle
from shared.storage import Session, rows, work
from shared.storage.rows import Row
from shared.storage.sealed import seal
from shared.storage.secrets import Vault


async def record(
    session: Session, caller: Caller, vault: Vault, petition_id: UUID, body: CasePromiseIn, known: Known, clock: Clock
) -> Row:
    """Its day does not move: what comes later is kept late, or broken."""
    unit = known.unit(body.unit_code, "/unit_code")
    leader = known.person(body.person_code, "/person_code") if body.person_code else None
    petition = await service.open_case(session, caller, petition_id)
    made_on = happened_on(body.made_on, today(clock), "/made_on", since=petition["registered_on"])
    rules.check_due(made_on, body.due_on)
    values = {
        "matter": body.matter,
        "made_on": made_on,
        "due_on": body.due_on,
        "next_reminder_on": made_on,
        "unit_code": unit.code,
        "unit_name": unit.name,
        "person_code": leader.code if leader else None,
        "person_name": leader.name if leader else None,
        "document_number": body.document_number,
    }
    told = ("made_on", "due_on", "unit_code", "person_code", "document_number")
    return await service.add(
        session, caller, vault, case_promise, petition, values, {}, clock, action="promise", told=told
    )


async def settle(
    session: Session, caller: Caller, vault: Vault, promise_id: UUID, body: CasePromiseSettle, clock: Clock
) -> Row:
    seen = await about.seen_one(session, caller, case_promise, promise_id)
    if seen is None:
        raise NotFound("没有这项承诺，或不在您的管辖范围内")
    petition = await service.open_case(session, caller, seen["petition_id"])
    row = await rows.one(session, case_promise, caller.home, promise_id, lock=True)
    assert row is not None, "rows are never deleted"
    rules.check_settling(row, body.outcome, caller.subject, caller.unit)
    settled_on = happened_on(body.settled_on, today(clock), "/settled_on", since=row["made_on"])
    told = {"outcome": body.outcome.value, "settled_on": settled_on}
    by = {"settled_by": caller.subject, "settled_unit": caller.unit}
    moved = await work.move(
        session,
        case_promise,
        caller,
        row,
        told | by | seal(vault, row, {PROMISE_NOTE: body.note}),
        clock.now(),
        action="settle",
        visibility=registry.visibility_of(petition),
        detail=told | {name: row[name] for name in ("petition_id", "unit_code", "due_on")},
    )
    return moved | service.beside(petition)


def shown(caller: Caller, vault: Vault, row: Row, day: dt.date) -> CasePromiseOut:
    """As it stands on a day."""
    note = service.opened(caller, vault, PROMISE_NOTE, row)
    return work.shown(
        CasePromiseOut, row, note=note, state=rules.promise_state(row, day), days_late=rules.days_late(row, day)
    )
