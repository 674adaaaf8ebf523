"""Use cases of site visits and of the promises made there."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from services.projects.duty import rules
from services.projects.duty.models import site_promise, visit
from services.projects.duty.people import person_columns
from services.projects.ledger import service as ledger
from shared.chassis.clock import Clock, today
from shared.chassis.days import happened_on
from shared.chassis.identity import Caller
from shared.clients.parties import Known
from shared.errors import FieldError, Invalid
from shared.schemas.projects.visits import SitePromiseIn, SitePromiseOut, SitePromiseSettle, VisitIn
from shared.storage import Session, rows, work
from shared.storage.rows import Row


async def record_visit(
    session: Session, caller: Caller, project_id: UUID, body: VisitIn, known: Known, clock: Clock
) -> Row:
    project = await ledger.own_project(session, caller, project_id)
    visited_on = happened_on(body.visited_on, today(clock), "/visited_on")
    told = {"project_id": project_id, "kind": body.kind.value, "visited_on": visited_on}
    values = person_columns(known, body.person_code) | told | {"found": body.found}
    detail = told | {"person_code": body.person_code}
    made = await work.add(session, visit, caller, project["division_code"], values, clock.now(), detail=detail)
    assert made is not None, "a visit has no key but its id"
    return made


async def promise(
    session: Session, caller: Caller, project_id: UUID, body: SitePromiseIn, known: Known, clock: Clock
) -> Row:
    """A promise made on site. Its day does not move: what comes later is kept late, or broken."""
    project = await ledger.own_project(session, caller, project_id)
    made_on = happened_on(body.made_on, today(clock), "/made_on")
    rules.check_due(made_on, body.due_on)
    if body.visit_id is not None:
        await _check_visit(session, caller, project_id, body.visit_id)
    values = body.model_dump(exclude={"person_code"}) | person_columns(known, body.person_code)
    values |= {"project_id": project_id, "made_on": made_on}
    told = ("project_id", "person_code", "promised_to", "visit_id", "made_on", "due_on")
    detail = {name: values[name] for name in told}
    made = await work.add(session, site_promise, caller, project["division_code"], values, clock.now(), detail=detail)
    assert made is not None, "a promise has no key but its id"
    return made


async def _check_visit(session: Session, caller: Caller, project_id: UUID, visit_id: UUID) -> None:
    found = await rows.one(session, visit, caller.home, visit_id)
    if found is None or found["project_id"] != project_id:
        raise Invalid(errors=[FieldError("/visit_id", "unknown_visit", "本项目没有这次走访")])


async def settle(session: Session, caller: Caller, promise_id: UUID, body: SitePromiseSettle, clock: Clock) -> Row:
    """Kept, broken, or released by whom it was made to; once and for all."""
    found = await work.load_own(session, site_promise, caller, promise_id, None, what="这项承诺")
    rules.check_unsettled(found)
    settled_on = happened_on(body.settled_on, today(clock), "/settled_on", since=found["made_on"])
    told = {"outcome": body.outcome.value, "settled_on": settled_on}
    values = told | {"outcome_note": body.note, "settled_by": caller.subject}
    detail = told | {name: found[name] for name in ("project_id", "person_code", "due_on")}
    return await work.move(session, site_promise, caller, found, values, clock.now(), action="settle", detail=detail)


def shown(row: Mapping[str, Any], day: dt.date) -> SitePromiseOut:
    """A promise as it stands on a day."""
    late = rules.days_late(row["due_on"], row["settled_on"] or day)
    is_overdue = row["outcome"] is None and late > 0
    return SitePromiseOut.model_validate(dict(row) | {"is_overdue": is_overdue, "days_late": late})
