"""Use cases of firms' files: open one, tell what is known, record what was found."""

from collections.abc import Collection
from dataclasses import asdict
from typing import Any
from uuid import UUID

from services.projects.enterprises import queries, rules
from services.projects.enterprises.models import enterprise, enterprise_finding
from services.projects.ledger import service as ledger
from services.projects.ledger.firms import service as firms
from services.projects.progress import service as progress
from services.projects.progress.rules import RELIABILITY_NEEDED
from shared.chassis.clock import Clock, today
from shared.chassis.days import happened_on
from shared.chassis.identity import Caller
from shared.clients.parties import Known, Parties
from shared.errors import FieldError
from shared.schemas.gateway.directory import UnitKind
from shared.schemas.projects.enterprises import (
    EnterpriseCreate,
    EnterpriseOut,
    EnterprisePatch,
    EnterpriseProfile,
    EnterpriseProject,
    FindingOut,
    FindingRecord,
    KnownAmount,
)
from shared.schemas.projects.progress import ReliabilityOut
from shared.storage import Session, work
from shared.storage.turns import take_turns

WHAT = "这家企业"
NAMING = "enterprise"
"""One firm of a county is named at a time: aliases overlap in ways no unique key can see."""
MOST_EVENTS = 100


def _unit(known: Known, code: str | None) -> dict[str, str | None]:
    name = known.unit(code, "/unit_code", UnitKind.ENTERPRISE).name if code is not None else None
    return {"unit_code": code, "unit_name": name}


async def _check_names(session: Session, division_code: str, keys: Collection[str], but: UUID | None = None) -> None:
    if await queries.named(session, division_code, keys, but=but) is not None:
        raise rules.EnterpriseTaken(errors=[FieldError("/name", "enterprise_taken", "此名称或别名已属于本县一家企业")])


async def create(
    session: Session, caller: Caller, parties: Parties, body: EnterpriseCreate, clock: Clock
) -> EnterpriseOut:
    rules.check_credit_code(body.credit_code)
    known = await parties.of(caller.home, body.unit_code)
    key, others = rules.keys_of(body.name, body.aliases)
    values = body.model_dump() | _unit(known, body.unit_code) | {"name_key": key, "alias_keys": others}
    await take_turns(session, NAMING, caller.home)
    await _check_names(session, caller.home, [key, *others])
    told = {"name": body.name, "credit_code": body.credit_code}
    row = await work.add(session, enterprise, caller, caller.home, values, clock.now(), detail=told)
    if row is None:
        raise rules.EnterpriseTaken("名称、信用代码或单位编码已属于本县一家企业")
    return work.shown(EnterpriseOut, row)


async def update(
    session: Session,
    caller: Caller,
    parties: Parties,
    enterprise_id: UUID,
    version: int,
    body: EnterprisePatch,
    clock: Clock,
) -> EnterpriseOut:
    changed: dict[str, Any] = body.model_dump(exclude_unset=True)
    known = await parties.of(caller.home, changed.get("unit_code"))
    await take_turns(session, NAMING, caller.home)
    row = await work.load_own(session, enterprise, caller, enterprise_id, version, what=WHAT)
    rules.check_credit_code(changed.get("credit_code"))
    if "unit_code" in changed:
        changed |= _unit(known, body.unit_code)
    after = row | changed
    key, others = rules.keys_of(after["name"], after["aliases"])
    if {"name", "aliases"} & set(changed):
        await _check_names(session, row["division_code"], [key, *others], enterprise_id)
        changed |= {"name_key": key, "alias_keys": others}
    for column in ("credit_code", "unit_code"):
        if changed.get(column) is not None and await queries.taken(session, row, column, changed[column]):
            raise rules.EnterpriseTaken(errors=[FieldError(f"/{column}", "enterprise_taken", "已属于本县另一家企业")])
    told = {name: value for name, value in changed.items() if name in ("name", "credit_code", "unit_code")}
    moved = await work.move(session, enterprise, caller, row, changed, clock.now(), detail=told)
    return work.shown(EnterpriseOut, moved)


async def profile(session: Session, caller: Caller, enterprise_id: UUID, clock: Clock) -> EnterpriseProfile:
    row = await work.load(session, enterprise, caller, enterprise_id, what=WHAT)
    division, on = row["division_code"], today(clock)
    keys = [row["name_key"], *row["alias_keys"]]
    projects = await firms.projects_of(session, division, keys, row["credit_code"])
    findings = await queries.findings(session, division, enterprise_id)
    steps = await queries.steps(session, division, enterprise_id)
    owing = [project for project in projects if rules.OWING & set(project["roles"])]
    return work.shown(
        EnterpriseProfile,
        row,
        projects=[work.shown(EnterpriseProject, project) for project in projects],
        amounts=[KnownAmount(**amount) for amount in rules.known_amounts(owing, firms.AMOUNTS)],
        reliability=await _reliability(session, division, row["unit_code"]),
        lost_contact_since=rules.lost_contact_since(findings),
        standing_measures=rules.standing_measures(steps, on),
        timeline=rules.timeline(findings, steps, MOST_EVENTS),
    )


async def _reliability(session: Session, division: str, unit_code: str | None) -> ReliabilityOut | None:
    found = await progress.reliability(session, division, unit_code) if unit_code is not None else None
    if found is None:
        return None
    return ReliabilityOut(**asdict(found), division_code=division, needed=RELIABILITY_NEEDED)


async def record_finding(
    session: Session, caller: Caller, parties: Parties, enterprise_id: UUID, body: FindingRecord, clock: Clock
) -> FindingOut:
    known = await parties.of(caller.home, body.source_unit)
    row = await work.load_own(session, enterprise, caller, enterprise_id, None, what=WHAT)
    source = known.unit(body.source_unit, "/source_unit")
    happened_on(body.found_on, today(clock), "/found_on")
    if body.project_id is not None:
        await ledger.own_project(session, caller, body.project_id)
    values = body.model_dump(exclude={"source_unit"}) | {"enterprise_id": enterprise_id}
    values |= {"source_unit_code": source.code, "source_unit_name": source.name}
    told = {name: values[name] for name in ("enterprise_id", "kind", "found_on", "document_number", "amount_fen")}
    made = await work.add(
        session, enterprise_finding, caller, row["division_code"], values, clock.now(), action="record", detail=told
    )
    assert made is not None, "no unique key but the id"
    return work.shown(FindingOut, made)
