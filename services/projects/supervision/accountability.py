"""Accountability 问责 of units and persons, as decided elsewhere and recorded with its document number."""

from services.projects.ledger import service as ledger
from services.projects.supervision import rules, service
from services.projects.supervision.models import accountability
from shared.chassis.clock import Clock, today
from shared.chassis.identity import Caller
from shared.clients.parties import Known
from shared.errors import FieldError, Invalid
from shared.schemas.projects.supervision import AccountabilityIn
from shared.storage import Session, work
from shared.storage.rows import Row


async def record(session: Session, caller: Caller, body: AccountabilityIn, known: Known, clock: Clock) -> Row:
    """Of the unit or person named; about an order, about a project, or about neither."""
    rules.check_accountability(body, today(clock))
    subject = _subject(body, known)
    project_id = body.project_id
    if body.order_id is not None:
        order = await service.load_own(session, caller, body.order_id)
        project_id = order["project_id"]
    elif project_id is not None:
        await ledger.own_project(session, caller, project_id)
    said = body.model_dump(include={"kind", "document_number", "decided_on", "reason", "order_id"})
    told = {"kind": body.kind.value, "order_id": body.order_id, "decided_on": body.decided_on}
    row = await work.add(
        session,
        accountability,
        caller,
        caller.home,
        said | subject | {"project_id": project_id},
        clock.now(),
        action="record",
        detail=told,
    )
    assert row is not None, "no key but the id"
    return row


def _subject(body: AccountabilityIn, known: Known) -> dict[str, str | None]:
    if body.unit_code is not None:
        unit = known.unit(body.unit_code, "/unit_code")
        return {"unit_code": unit.code, "unit_name": unit.name}
    assert body.person_code is not None, "checked: one of the two"
    person = known.person(body.person_code, "/person_code")
    if person.unit_code is None:
        raise Invalid(errors=[FieldError("/person_code", "no_unit", "请先在通讯录中登记此人所在单位")])
    unit = known.unit(person.unit_code, "/person_code")
    return {
        "unit_code": unit.code,
        "unit_name": unit.name,
        "person_code": person.code,
        "person_name": person.name,
    }
