"""Use cases of 质量验收: who accepted what, and whether it was filed in time."""

import datetime as dt
from dataclasses import asdict
from uuid import UUID

from services.projects.ledger import service as ledger
from services.projects.quality import queries, rules
from services.projects.quality.models import acceptance
from services.projects.quality.service import held
from shared.chassis.calendar import WorkCalendar
from shared.chassis.clock import Clock, today
from shared.chassis.days import happened_on
from shared.chassis.identity import Caller
from shared.schemas.projects.acceptances import AcceptanceFiling, AcceptanceOut, AcceptanceRecord, FilingDeadline
from shared.storage import Session, work
from shared.storage.rows import Row


async def accept(session: Session, caller: Caller, project_id: UUID, body: AcceptanceRecord, clock: Clock) -> Row:
    project = await ledger.own_project(session, caller, project_id, lock=True)
    division_code: str = project["division_code"]
    happened_on(body.accepted_on, today(clock), "/accepted_on")
    rules.check_signers(body.stage, body.passed, [party.role for party in body.parties])
    rules.check_defects(body.stage, body.passed, await queries.open_severities(session, division_code, project_id))
    values = body.model_dump() | {"project_id": project_id}
    told = {name: values[name] for name in ("stage", "part", "passed", "accepted_on")}
    row = await work.add(session, acceptance, caller, division_code, values, clock.now(), detail=told)
    assert row is not None, "an acceptance has no key but its id"
    return row


async def file_acceptance(
    session: Session, caller: Caller, acceptance_id: UUID, body: AcceptanceFiling, clock: Clock
) -> Row:
    row = await held(session, caller, acceptance, acceptance_id, "这次验收")
    rules.check_filing(row["stage"], row["passed"], row["filed_on"])
    on = happened_on(body.filed_on, today(clock), "/filed_on", since=row["accepted_on"])
    values = {"filed_on": on, "filing_document": body.document_number}
    return await work.move(session, acceptance, caller, row, values, clock.now(), action="file")


def shown_acceptance(row: Row, day: dt.date, calendar: WorkCalendar) -> AcceptanceOut:
    filing = None
    if rules.must_file(row["stage"], row["passed"]):
        due = rules.filing(row["accepted_on"], row["filed_on"], day, calendar)
        filing = FilingDeadline(basis=rules.FILING_BASIS, **asdict(due))
    return work.shown(AcceptanceOut, row, filing=filing)
