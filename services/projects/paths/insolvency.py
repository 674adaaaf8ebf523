"""Proof of insolvency on file for a project: what 企业破产法 art. 2 asks for before a bankruptcy route."""

from collections.abc import Sequence
from uuid import UUID

from services.projects.ledger import service as ledger
from services.projects.paths import rules
from services.projects.paths.models import insolvency_evidence
from shared.chassis.clock import Clock, today
from shared.chassis.days import happened_on
from shared.chassis.identity import Caller
from shared.schemas.projects.paths import InsolvencyEvidenceCreate, InsolvencyEvidenceOut
from shared.storage import Session, rows, work


async def record_evidence(
    session: Session, caller: Caller, project_id: UUID, body: InsolvencyEvidenceCreate, clock: Clock
) -> InsolvencyEvidenceOut:
    project = await ledger.own_project(session, caller, project_id)
    happened_on(body.evidence_on, today(clock), "/evidence_on")
    values = body.model_dump()
    rules.check_amounts(values)
    told = {"kind": body.kind, "evidence_on": body.evidence_on, "document_number": body.document_number}
    row = await work.add(
        session,
        insolvency_evidence,
        caller,
        project["division_code"],
        values | {"project_id": project_id},
        clock.now(),
        action="record",
        detail=told,
    )
    assert row is not None, "no unique key but the id"
    return work.shown(InsolvencyEvidenceOut, row)


async def evidence_page(
    session: Session, caller: Caller, project_id: UUID, *, after: Sequence[str] | None, limit: int
) -> list[InsolvencyEvidenceOut]:
    project = await ledger.load(session, caller, project_id)
    of_project = insolvency_evidence.c.project_id == project_id
    found = await rows.newest(
        session, insolvency_evidence, project["division_code"], of_project, after=after, limit=limit
    )
    return [work.shown(InsolvencyEvidenceOut, row) for row in found]
