"""企业档案 on the wire."""

from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from services.projects.enterprises import enforcement, queries, service
from services.projects.enterprises.models import enforcement_step, enterprise_finding
from services.projects.ledger.rules import enterprise_key
from shared.chassis.app import CONFLICT, VERSIONED
from shared.chassis.http import IfMatch, created, etag
from shared.chassis.listing import CurrentListing
from shared.chassis.route import CurrentCaller, CurrentClock
from shared.clients.parties import CurrentParties
from shared.schemas.base import Text
from shared.schemas.projects.enterprises import (
    EnforcementKind,
    EnforcementResult,
    EnforcementStepOut,
    EnforcementStepPage,
    EnforcementStepRecord,
    EnterpriseCreate,
    EnterpriseOut,
    EnterprisePage,
    EnterprisePatch,
    EnterpriseProfile,
    FindingKind,
    FindingOut,
    FindingPage,
    FindingRecord,
)
from shared.schemas.projects.facts import CreditCode
from shared.storage import work
from shared.storage.route import CurrentSession, Route

router = APIRouter(prefix="/v1/projects", tags=["企业档案"], route_class=Route)


@router.get("/enterprises", operation_id="list_enterprises", summary="企业列表")
async def list_enterprises(
    listing: CurrentListing,
    session: CurrentSession,
    credit_code: CreditCode | None = None,
    name: Annotated[Text | None, Query(description="名称或别名；空格、括号、全半角不计")] = None,
) -> EnterprisePage:
    key = enterprise_key(name) if name is not None else None
    rows, following = await listing.page(
        "enterprise", [credit_code, key], partial(queries.page, session, listing.scope, credit_code, key)
    )
    return EnterprisePage(items=[work.shown(EnterpriseOut, row) for row in rows], next_cursor=following)


@router.post(
    "/enterprises", operation_id="create_enterprise", summary="建立企业档案", status_code=201, responses=CONFLICT
)
async def create_enterprise(
    body: EnterpriseCreate,
    caller: CurrentCaller,
    session: CurrentSession,
    parties: CurrentParties,
    clock: CurrentClock,
    response: Response,
) -> EnterpriseOut:
    made = await service.create(session, caller, parties, body, clock)
    created(response, f"/v1/projects/enterprises/{made.id}", made.version)
    return made


@router.get(
    "/enterprises/{enterprise_id}", operation_id="get_enterprise", summary="企业档案：项目、欠款、可信度与时间线"
)
async def get_enterprise(
    enterprise_id: UUID, caller: CurrentCaller, session: CurrentSession, clock: CurrentClock, response: Response
) -> EnterpriseProfile:
    found = await service.profile(session, caller, enterprise_id, clock)
    response.headers["ETag"] = etag(found.version)
    return found


@router.patch(
    "/enterprises/{enterprise_id}", operation_id="update_enterprise", summary="修改企业档案", responses=VERSIONED
)
async def update_enterprise(
    enterprise_id: UUID,
    body: EnterprisePatch,
    version: IfMatch,
    caller: CurrentCaller,
    session: CurrentSession,
    parties: CurrentParties,
    clock: CurrentClock,
    response: Response,
) -> EnterpriseOut:
    changed = await service.update(session, caller, parties, enterprise_id, version, body, clock)
    response.headers["ETag"] = etag(changed.version)
    return changed


@router.get("/enterprise-findings", operation_id="list_enterprise_findings", summary="企业问题发现列表")
async def list_enterprise_findings(
    listing: CurrentListing,
    session: CurrentSession,
    enterprise_id: UUID | None = None,
    kind: FindingKind | None = None,
) -> FindingPage:
    filters = {"enterprise_id": enterprise_id, "kind": kind}
    rows, following = await listing.page(
        "enterprise_finding", filters, partial(queries.entries, session, enterprise_finding, listing.scope, filters)
    )
    return FindingPage(items=[work.shown(FindingOut, row) for row in rows], next_cursor=following)


@router.post(
    "/enterprises/{enterprise_id}/findings",
    operation_id="record_enterprise_finding",
    summary="登记企业问题",
    status_code=201,
)
async def record_enterprise_finding(
    enterprise_id: UUID,
    body: FindingRecord,
    caller: CurrentCaller,
    session: CurrentSession,
    parties: CurrentParties,
    clock: CurrentClock,
    response: Response,
) -> FindingOut:
    made = await service.record_finding(session, caller, parties, enterprise_id, body, clock)
    created(response, f"/v1/projects/enterprises/{enterprise_id}", made.version)
    return made


@router.get("/enforcement-steps", operation_id="list_enforcement_steps", summary="惩戒措施列表")
async def list_enforcement_steps(
    listing: CurrentListing,
    session: CurrentSession,
    enterprise_id: UUID | None = None,
    kind: EnforcementKind | None = None,
) -> EnforcementStepPage:
    filters = {"enterprise_id": enterprise_id, "kind": kind}
    rows, following = await listing.page(
        "enforcement_step", filters, partial(queries.entries, session, enforcement_step, listing.scope, filters)
    )
    return EnforcementStepPage(items=[work.shown(EnforcementStepOut, row) for row in rows], next_cursor=following)


@router.post(
    "/enterprises/{enterprise_id}/enforcement-steps",
    operation_id="record_enforcement_step",
    summary="登记惩戒措施",
    status_code=201,
    responses=CONFLICT,
)
async def record_enforcement_step(
    enterprise_id: UUID,
    body: EnforcementStepRecord,
    caller: CurrentCaller,
    session: CurrentSession,
    parties: CurrentParties,
    clock: CurrentClock,
    response: Response,
) -> EnforcementStepOut:
    made = await enforcement.record(session, caller, parties, enterprise_id, body, clock)
    created(response, f"/v1/projects/enterprises/{enterprise_id}", made.version)
    return made


@router.post(
    "/enforcement-steps/{enforcement_step_id}/result",
    operation_id="record_enforcement_result",
    summary="登记惩戒措施的结果",
    responses=CONFLICT,
)
async def record_enforcement_result(
    enforcement_step_id: UUID,
    body: EnforcementResult,
    caller: CurrentCaller,
    session: CurrentSession,
    clock: CurrentClock,
) -> EnforcementStepOut:
    return await enforcement.record_result(session, caller, enforcement_step_id, body, clock)
