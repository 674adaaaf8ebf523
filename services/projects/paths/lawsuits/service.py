"""Use cases of the case register and of matters put to the government–court meeting."""

import datetime as dt
from typing import Any
from uuid import UUID

from services.projects.ledger import service as ledger
from services.projects.paths.lawsuits import queries, rules
from services.projects.paths.lawsuits.models import lawsuit, liaison_matter
from shared.chassis.clock import Clock, today
from shared.chassis.days import happened_on
from shared.chassis.identity import Caller
from shared.clients.parties import Parties
from shared.errors import FieldError, Invalid
from shared.schemas.gateway.directory import UnitKind
from shared.schemas.projects.lawsuits import (
    LawsuitOut,
    LawsuitPatch,
    LawsuitRecord,
    LiaisonAnswer,
    LiaisonMatterOut,
    LiaisonMatterRaise,
)
from shared.storage import Session, rows, work
from shared.storage.rows import Row

TOLD = ("case_number", "amount_fen", "stage", "filed_on", "closed_on", "supervised")
"""What audit and event say of a lawsuit: no free text."""


def as_lawsuit(row: Row, on: dt.date) -> LawsuitOut:
    return work.shown(LawsuitOut, row, days=rules.days(row["filed_on"], row["closed_on"], on))


def as_matter(row: Row, on: dt.date) -> LiaisonMatterOut:
    return work.shown(LiaisonMatterOut, row, days=rules.days(row["raised_on"], row["answered_on"], on))


async def number_of(session: Session, division_code: str, project_id: UUID) -> int:
    """How many lawsuits the register has of a project, ended ones included."""
    return await queries.number_of(session, division_code, project_id)


async def record_lawsuit(
    session: Session, caller: Caller, project_id: UUID, body: LawsuitRecord, clock: Clock
) -> LawsuitOut:
    project = await ledger.own_project(session, caller, project_id, lock=True)
    values: dict[str, Any] = body.model_dump()
    rules.check_lawsuit(values, today(clock))
    told = {name: values[name] for name in TOLD}
    values |= {"project_id": project_id, "case_key": rules.case_key(body.case_number)}
    row = await work.add(session, lawsuit, caller, project["division_code"], values, clock.now(), detail=told)
    if row is None:
        raise rules.CaseTaken(errors=[FieldError("/case_number", "case_taken", "请核对案号，或修改已登记的案件")])
    return as_lawsuit(row, today(clock))


async def get_lawsuit(session: Session, caller: Caller, lawsuit_id: UUID, clock: Clock) -> LawsuitOut:
    return as_lawsuit(await work.load(session, lawsuit, caller, lawsuit_id, what="这个案件"), today(clock))


async def update_lawsuit(
    session: Session, caller: Caller, lawsuit_id: UUID, version: int, body: LawsuitPatch, clock: Clock
) -> LawsuitOut:
    seen = await work.load(session, lawsuit, caller, lawsuit_id, what="这个案件")
    await ledger.own_project(session, caller, seen["project_id"], lock=True)
    row = await work.load_own(session, lawsuit, caller, lawsuit_id, version, what="这个案件")
    changed: dict[str, Any] = body.model_dump(exclude_unset=True)
    rules.check_lawsuit(row | changed, today(clock))
    told = {name: changed[name] for name in TOLD if name in changed}
    if "case_number" in changed:
        changed["case_key"] = key = rules.case_key(body.case_number)
        if key is not None and await queries.has_other(session, row, key):
            raise rules.CaseTaken(errors=[FieldError("/case_number", "case_taken", "请核对案号")])
    return as_lawsuit(await work.move(session, lawsuit, caller, row, changed, clock.now(), detail=told), today(clock))


async def raise_matter(
    session: Session, caller: Caller, parties: Parties, project_id: UUID, body: LiaisonMatterRaise, clock: Clock
) -> LiaisonMatterOut:
    known = await parties.of(caller.home, body.court_unit)
    project = await ledger.own_project(session, caller, project_id, lock=True)
    court = known.unit(body.court_unit, "/court_unit", UnitKind.COURT)
    happened_on(body.raised_on, today(clock), "/raised_on")
    if body.lawsuit_id is not None:
        await _check_lawsuit(session, caller, project_id, body.lawsuit_id)
    values = body.model_dump(exclude={"court_unit"})
    values |= {"project_id": project_id, "court_unit_code": court.code, "court_unit_name": court.name}
    told = {"court_unit_code": court.code, "raised_on": body.raised_on, "lawsuit_id": body.lawsuit_id}
    division = project["division_code"]
    row = await work.add(session, liaison_matter, caller, division, values, clock.now(), action="raise", detail=told)
    assert row is not None, "no unique key but the id"
    return as_matter(row, today(clock))


async def _check_lawsuit(session: Session, caller: Caller, project_id: UUID, lawsuit_id: UUID) -> None:
    found = await rows.one(session, lawsuit, caller.home, lawsuit_id)
    if found is None or found["project_id"] != project_id:
        raise Invalid(errors=[FieldError("/lawsuit_id", "unknown_lawsuit", "本项目没有登记这个案件")])


async def answer_matter(
    session: Session, caller: Caller, matter_id: UUID, body: LiaisonAnswer, clock: Clock
) -> LiaisonMatterOut:
    row = await work.load_own(session, liaison_matter, caller, matter_id, None, what="这个事项")
    if row["answered_on"] is not None:
        raise rules.Answered("如有进一步意见，请另提一个事项")
    happened_on(body.answered_on, today(clock), "/answered_on", since=row["raised_on"])
    told = {"answered_on": body.answered_on, "document_number": body.document_number}
    values = body.model_dump() | {"answered_by": caller.subject}
    moved = await work.move(session, liaison_matter, caller, row, values, clock.now(), action="answer", detail=told)
    return as_matter(moved, today(clock))
