"""Petitions taken in, corrected, linked, made one or two, on the wire."""

from uuid import UUID

from fastapi import APIRouter, Response

from services.petitions.intake import cases, changes, service
from services.petitions.registry import projects, queries, reading
from services.petitions.registry.reading import MASKED
from shared.chassis.app import CONFLICT, VERSIONED
from shared.chassis.http import IfMatch, created, etag
from shared.chassis.identity import Caller
from shared.chassis.route import CurrentCaller, CurrentClock
from shared.clients.gateway import CurrentGateway
from shared.clients.parties import CurrentParties
from shared.schemas.petitions.registry import (
    MergeIn,
    PetitionCreate,
    PetitionOut,
    PetitionPatch,
    PetitionRegistered,
    ProjectLink,
    QueryCodeOut,
    SplitIn,
)
from shared.storage import Session
from shared.storage.route import CurrentSession, Route
from shared.storage.rows import Row
from shared.storage.secrets import CurrentVault, Vault

router = APIRouter(prefix="/v1/petitions", tags=["信访登记"], route_class=Route)


@router.post(
    "/petitions", operation_id="register_petition", summary="登记信访事项", status_code=201, responses=CONFLICT
)
async def register_petition(
    body: PetitionCreate,
    caller: CurrentCaller,
    session: CurrentSession,
    vault: CurrentVault,
    clock: CurrentClock,
    parties: CurrentParties,
    gateway: CurrentGateway,
    response: Response,
) -> PetitionRegistered:
    """Art. 17: whatever comes in is registered, through whichever door. The query code is shown once."""
    units = [unit.unit_code for unit in body.handed_to]
    known = await parties.of(caller.home, caller.unit, body.to_unit, body.accused_unit_code, *units)
    project = await projects.named_project(gateway, body.project_id, caller.home)
    row, code = await service.register(session, caller, vault, known, project, body, clock)
    return await _registered(response, session, vault, row, code)


async def _registered(response: Response, session: Session, vault: Vault, row: Row, code: str) -> PetitionRegistered:
    persons = await queries.petitioners(session, row["division_code"], row["id"])
    shown = PetitionRegistered(**reading.facts(vault, row, persons), query_code=code)
    created(response, f"/v1/petitions/petitions/{row['id']}", row["version"])
    response.headers["ETag"] = etag(row["version"], MASKED)
    return shown


@router.patch("/petitions/{petition_id}", operation_id="update_petition", summary="修改登记内容", responses=VERSIONED)
async def update_petition(
    petition_id: UUID,
    body: PetitionPatch,
    version: IfMatch,
    caller: CurrentCaller,
    session: CurrentSession,
    vault: CurrentVault,
    clock: CurrentClock,
    parties: CurrentParties,
    response: Response,
) -> PetitionOut:
    """A masked value sent back leaves the stored one as it is."""
    accused = body.accused_unit_code
    known = await parties.of(caller.home, accused) if accused is not None else None
    row = await changes.update(session, caller, vault, known, petition_id, version, body, clock)
    return await _changed(session, caller, vault, row, response)


async def _changed(session: Session, caller: Caller, vault: Vault, row: Row, response: Response) -> PetitionOut:
    response.headers["ETag"] = etag(row["version"], MASKED)
    return reading.shown(vault, row, await queries.petitioners(session, caller.home, row["id"]))


@router.post("/petitions/{petition_id}/project", operation_id="link_petition_project", summary="关联项目，或取消关联")
async def link_petition_project(
    petition_id: UUID,
    body: ProjectLink,
    caller: CurrentCaller,
    session: CurrentSession,
    vault: CurrentVault,
    clock: CurrentClock,
    gateway: CurrentGateway,
    response: Response,
) -> PetitionOut:
    project = await projects.named_project(gateway, body.project_id, caller.home)
    row = await changes.link_project(session, caller, vault, petition_id, project, clock)
    return await _changed(session, caller, vault, row, response)


@router.post("/petitions/{petition_id}/merge", operation_id="merge_petitions", summary="并案", responses=CONFLICT)
async def merge_petitions(
    petition_id: UUID,
    body: MergeIn,
    caller: CurrentCaller,
    session: CurrentSession,
    vault: CurrentVault,
    clock: CurrentClock,
    response: Response,
) -> PetitionOut:
    """This petition goes into the main one, which lives on."""
    row = await cases.merge(session, caller, vault, petition_id, body, clock)
    return await _changed(session, caller, vault, row, response)


@router.post(
    "/petitions/{petition_id}/split",
    operation_id="split_petition",
    summary="分案",
    status_code=201,
    responses=CONFLICT,
)
async def split_petition(
    petition_id: UUID,
    body: SplitIn,
    caller: CurrentCaller,
    session: CurrentSession,
    vault: CurrentVault,
    clock: CurrentClock,
    response: Response,
) -> PetitionRegistered:
    """A matter of this petition becomes one of its own, registered on the same day."""
    row, code = await cases.split(session, caller, vault, petition_id, body, clock)
    return await _registered(response, session, vault, row, code)


@router.post(
    "/petitions/{petition_id}/query-code", operation_id="issue_query_code", summary="重新发放查询码，只显示一次"
)
async def issue_query_code(
    petition_id: UUID,
    caller: CurrentCaller,
    session: CurrentSession,
    vault: CurrentVault,
    clock: CurrentClock,
    response: Response,
) -> QueryCodeOut:
    """此前的查询码随即失效。"""
    row, code = await service.issue_code(session, caller, vault, petition_id, clock)
    shown = QueryCodeOut(petition_code=row["petition_code"], query_code=code)
    response.headers["ETag"] = etag(row["version"])
    return shown
