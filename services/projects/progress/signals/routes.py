"""Signals from the site on the wire, and what they say: 复工 or only a claim of it."""

from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from services.projects.ledger import service as ledger
from services.projects.progress import queries
from services.projects.progress.models import site_signal
from services.projects.progress.parameters import Corrected, Span
from services.projects.progress.signals import service
from shared.chassis.app import CONFLICT
from shared.chassis.http import created, etag
from shared.chassis.listing import CurrentListing
from shared.chassis.route import CurrentCaller, CurrentClock
from shared.clients.parties import CurrentParties
from shared.schemas.base import Day
from shared.schemas.gateway.identity import UnitCode
from shared.schemas.projects.ledger import ProjectOut
from shared.schemas.projects.signals import (
    ResumptionVerification,
    SignalIn,
    SignalKind,
    SignalOut,
    SignalPage,
    TruthOut,
)
from shared.storage import work
from shared.storage.route import CurrentSession, Route

router = APIRouter(prefix="/v1/projects", tags=["进度与真实性"], route_class=Route)


@router.post(
    "/projects/{project_id}/signals",
    operation_id="record_signal",
    summary="录入现场信号（由项目以外的单位出具）",
    status_code=201,
    responses=CONFLICT,
)
async def record_signal(
    project_id: UUID,
    body: SignalIn,
    caller: CurrentCaller,
    session: CurrentSession,
    clock: CurrentClock,
    parties: CurrentParties,
    response: Response,
) -> SignalOut:
    row = await service.record(session, caller, parties, project_id, body, clock)
    created(response, f"/v1/projects/signals/{row['id']}", row["version"])
    return service.shown(row)


@router.get("/signals", operation_id="list_signals", summary="现场信号列表")
async def list_signals(
    listing: CurrentListing,
    caller: CurrentCaller,
    session: CurrentSession,
    span: Span,
    kind: SignalKind | None = None,
    source_unit_code: UnitCode | None = None,
    corrected: Corrected = None,
) -> SignalPage:
    """企业只看到本单位出具的信号。"""
    filters = span | {"kind": kind, "source_unit_code": source_unit_code, "corrected": corrected}
    own = work.own_rows(caller, "source_unit_code")
    rows, following = await listing.page(
        "site_signal", filters, partial(queries.page, session, site_signal, listing.scope, filters, own)
    )
    return SignalPage(items=[service.shown(row) for row in rows], next_cursor=following)


@router.get("/signals/{signal_id}", operation_id="get_signal", summary="一条现场信号")
async def get_signal(signal_id: UUID, caller: CurrentCaller, session: CurrentSession, response: Response) -> SignalOut:
    own = work.own_rows(caller, "source_unit_code")
    row = await work.load(session, site_signal, caller, signal_id, what="这条信号", only=own)
    response.headers["ETag"] = etag(row["version"])
    return service.shown(row)


@router.get("/projects/{project_id}/truth", operation_id="get_truth", summary="是否真正复工：信号、缺什么、可疑之处")
async def get_truth(
    project_id: UUID,
    caller: CurrentCaller,
    session: CurrentSession,
    clock: CurrentClock,
    on: Annotated[Day | None, Query(description="哪一天；不填即今天（北京时间）")] = None,
) -> TruthOut:
    return await service.truth_out(session, caller, project_id, on, clock)


@router.post(
    "/projects/{project_id}/resumption/verify",
    operation_id="verify_resumption",
    summary="凭现场信号核实复工",
    responses=CONFLICT,
)
async def verify_resumption(
    project_id: UUID,
    body: ResumptionVerification,
    caller: CurrentCaller,
    session: CurrentSession,
    clock: CurrentClock,
    response: Response,
) -> ProjectOut:
    row = await service.verify_resumption(session, caller, project_id, body, clock)
    response.headers["ETag"] = etag(row["version"])
    return ProjectOut.model_validate(ledger.as_project(row))
