"""Use cases of steps taken against a firm: 约谈, 限制, 列入名单, 司法, and lifting them again."""

import datetime as dt
from uuid import UUID

from services.projects.enterprises import rules
from services.projects.enterprises.models import enforcement_step, enterprise
from services.projects.ledger import service as ledger
from shared.chassis.clock import Clock, today
from shared.chassis.days import happened_on
from shared.chassis.identity import Caller
from shared.clients.parties import Parties
from shared.schemas.projects.enterprises import EnforcementResult, EnforcementStepOut, EnforcementStepRecord
from shared.storage import Session, rows, work

TOLD = ("enterprise_id", "kind", "taken_on", "by_unit_code", "document_number", "until_on", "lifts", "result_on")


async def record(
    session: Session, caller: Caller, parties: Parties, enterprise_id: UUID, body: EnforcementStepRecord, clock: Clock
) -> EnforcementStepOut:
    known = await parties.of(caller.home, body.by_unit)
    row = await work.load_own(session, enterprise, caller, enterprise_id, None, what="这家企业")
    unit = known.unit(body.by_unit, "/by_unit")
    values = body.model_dump(exclude={"by_unit"}) | {"enterprise_id": enterprise_id}
    values |= {"by_unit_code": unit.code, "by_unit_name": unit.name}
    rules.check_step(values, today(clock))
    if body.project_id is not None:
        await ledger.own_project(session, caller, body.project_id)
    if body.lifts is not None:
        await _check_lifted(session, row["division_code"], enterprise_id, body.lifts, body.taken_on)
    told = {name: values[name] for name in TOLD}
    made = await work.add(
        session, enforcement_step, caller, row["division_code"], values, clock.now(), action="record", detail=told
    )
    if made is None:
        raise rules.NothingToLift("此项措施已经解除")
    return work.shown(EnforcementStepOut, made)


async def _check_lifted(
    session: Session, division_code: str, enterprise_id: UUID, lifts: UUID, lifted_on: dt.date
) -> None:
    """It stands against this firm, and began before it is lifted; that nobody lifted it yet, the database says."""
    lifted = await rows.one(session, enforcement_step, division_code, lifts, only={"enterprise_id": enterprise_id})
    if lifted is None or lifted["kind"] not in rules.STANDING:
        raise rules.NothingToLift("请填写对这家企业采取的限制或名单措施")
    if lifted["taken_on"] > lifted_on:
        raise rules.invalid("taken_on", "out_of_order", "解除日期不早于所解除措施的日期")


async def record_result(
    session: Session, caller: Caller, step_id: UUID, body: EnforcementResult, clock: Clock
) -> EnforcementStepOut:
    row = await work.load_own(session, enforcement_step, caller, step_id, None, what="这项措施")
    if row["result_on"] is not None:
        raise rules.ResultRecorded
    happened_on(body.result_on, today(clock), "/result_on", since=row["taken_on"])
    values, told = body.model_dump(), {"result_on": body.result_on}
    moved = await work.move(session, enforcement_step, caller, row, values, clock.now(), action="result", detail=told)
    return work.shown(EnforcementStepOut, moved)
