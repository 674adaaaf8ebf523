"""Warnings on the wire."""

from uuid import UUID

from fastapi import APIRouter, Response

from services.petitions.warnings import service
from shared.chassis.app import CONFLICT
from shared.chassis.clock import today
from shared.chassis.http import etag
from shared.chassis.listing import CurrentListing
from shared.chassis.route import CurrentCaller, CurrentClock
from shared.schemas.gateway.identity import UnitCode
from shared.schemas.petitions.warnings import (
    PetitionWarningOut,
    PetitionWarningPage,
    WarningAcknowledgement,
    WarningClosure,
    WarningGrade,
    WarningReadings,
    WarningsRefreshed,
    WarningState,
    WarningSubject,
)
from shared.storage.route import CurrentSession, Route
from shared.storage.secrets import CurrentVault

router = APIRouter(prefix="/v1/petitions", tags=["信访预警"], route_class=Route)


@router.get("/warnings", operation_id="list_petition_warnings", summary="项目和企业的信访预警")
async def list_petition_warnings(
    listing: CurrentListing,
    caller: CurrentCaller,
    session: CurrentSession,
    vault: CurrentVault,
    subject: WarningSubject | None = None,
    project_id: UUID | None = None,
    state: WarningState | None = None,
    grade: WarningGrade | None = None,
    unit_code: UnitCode | None = None,
    is_live: bool | None = None,
) -> PetitionWarningPage:
    filters = {"subject": subject, "project_id": project_id, "state": state, "grade": grade, "unit_code": unit_code}
    return await service.page(session, caller, vault, listing, filters, is_live)


@router.get("/warnings/{warning_id}", operation_id="get_petition_warning", summary="一条信访预警")
async def get_petition_warning(
    warning_id: UUID, caller: CurrentCaller, session: CurrentSession, vault: CurrentVault, response: Response
) -> PetitionWarningOut:
    row = await service.load(session, caller, warning_id)
    response.headers["ETag"] = etag(row["version"])
    return service.shown(caller, vault, row)


@router.get("/warnings/{warning_id}/readings", operation_id="list_petition_warning_readings", summary="预警的历次指标")
async def list_petition_warning_readings(
    warning_id: UUID, caller: CurrentCaller, session: CurrentSession
) -> WarningReadings:
    return await service.readings(session, caller, warning_id)


@router.post(
    "/warnings/{warning_id}/acknowledge",
    operation_id="acknowledge_petition_warning",
    summary="签收预警",
    responses=CONFLICT,
)
async def acknowledge_petition_warning(
    warning_id: UUID,
    body: WarningAcknowledgement,
    caller: CurrentCaller,
    session: CurrentSession,
    vault: CurrentVault,
    clock: CurrentClock,
    response: Response,
) -> PetitionWarningOut:
    row = await service.acknowledge(session, caller, vault, warning_id, body, clock)
    response.headers["ETag"] = etag(row["version"])
    return service.shown(caller, vault, row)


@router.post(
    "/warnings/{warning_id}/close", operation_id="close_petition_warning", summary="关闭预警", responses=CONFLICT
)
async def close_petition_warning(
    warning_id: UUID,
    body: WarningClosure,
    caller: CurrentCaller,
    session: CurrentSession,
    vault: CurrentVault,
    clock: CurrentClock,
    response: Response,
) -> PetitionWarningOut:
    row = await service.close(session, caller, vault, warning_id, body, clock)
    response.headers["ETag"] = etag(row["version"])
    return service.shown(caller, vault, row)


@router.post("/warnings/refresh", operation_id="refresh_petition_warnings", summary="重新计算本县的信访预警")
async def refresh_petition_warnings(
    caller: CurrentCaller, session: CurrentSession, clock: CurrentClock
) -> WarningsRefreshed:
    return WarningsRefreshed(as_of=today(clock), changed=await service.refresh_own(session, caller, clock))
