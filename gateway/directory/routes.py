"""The directory on the wire: divisions, units, persons."""

from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from gateway.directory import queries, service
from gateway.directory.models import person, unit
from shared.chassis.app import CONFLICT, VERSIONED
from shared.chassis.http import IfMatch, etag, not_modified
from shared.chassis.listing import CurrentPaging
from shared.chassis.route import CurrentCaller, CurrentClock
from shared.schemas.base import Text
from shared.schemas.gateway.directory import (
    DivisionOut,
    DivisionPage,
    PersonCreate,
    PersonOut,
    PersonPage,
    PersonPatch,
    UnitCreate,
    UnitKind,
    UnitOut,
    UnitPage,
    UnitPatch,
)
from shared.schemas.gateway.identity import HomeCode, UnitCode
from shared.storage.route import CurrentSession, Route
from shared.storage.rows import Row

router = APIRouter(prefix="/v1/directory", tags=["名录"], route_class=Route)
Search = Annotated[Text | None, Query(description="名称的一部分，或完整的别名")]


@router.get("/divisions", operation_id="list_divisions", summary="行政区划")
async def list_divisions(caller: CurrentCaller, session: CurrentSession, paging: CurrentPaging) -> DivisionPage:
    """本级及以下，另加上级各层。"""
    fetch = partial(queries.divisions, session, paging.scope, service.ancestors_of(caller.home))
    rows, following = await paging.page("divisions", None, fetch, lambda row: [row["code"]])
    return DivisionPage(items=[DivisionOut.model_validate(row) for row in rows], next_cursor=following)


@router.get("/units", operation_id="list_units", summary="单位列表")
async def list_units(
    session: CurrentSession,
    paging: CurrentPaging,
    division_code: HomeCode | None = None,
    kind: UnitKind | None = None,
    q: Search = None,
) -> UnitPage:
    filters = {"division_code": division_code, "kind": kind}
    fetch = partial(queries.page, session, unit, paging.scope, filters, q=q)
    rows, following = await paging.page("units", [filters, q], fetch, _position)
    return UnitPage(items=[UnitOut.model_validate(row) for row in rows], next_cursor=following)


def _position(row: Row) -> list[str]:
    return [row["division_code"], row["code"]]


def _answer_unit(row: Row, response: Response) -> UnitOut:
    response.headers["ETag"] = etag(row["version"])
    return UnitOut.model_validate(row)


@router.post("/units", operation_id="create_unit", summary="新增单位", status_code=201, responses=CONFLICT)
async def create_unit(
    body: UnitCreate, caller: CurrentCaller, session: CurrentSession, clock: CurrentClock, response: Response
) -> UnitOut:
    row = await service.create_unit(session, caller, body, clock.now())
    response.headers["Location"] = f"/v1/directory/units/{row['id']}"
    return _answer_unit(row, response)


@router.get("/units/{unit_id}", operation_id="get_unit", summary="单位详情")
async def get_unit(
    unit_id: UUID, caller: CurrentCaller, session: CurrentSession, request: Request, response: Response
) -> UnitOut:
    row = await service.load_unit(session, caller, unit_id)
    unchanged = not_modified(request, etag(row["version"]))
    return unchanged or _answer_unit(row, response)  # type: ignore[return-value]  # FastAPI sends a Response as it is


@router.patch("/units/{unit_id}", operation_id="update_unit", summary="修改单位", responses=VERSIONED)
async def update_unit(
    unit_id: UUID,
    body: UnitPatch,
    version: IfMatch,
    caller: CurrentCaller,
    session: CurrentSession,
    clock: CurrentClock,
    response: Response,
) -> UnitOut:
    return _answer_unit(await service.update_unit(session, caller, unit_id, version, body, clock.now()), response)


@router.get("/persons", operation_id="list_persons", summary="人员列表")
async def list_persons(
    session: CurrentSession,
    paging: CurrentPaging,
    division_code: HomeCode | None = None,
    unit_code: UnitCode | None = None,
    q: Search = None,
) -> PersonPage:
    filters = {"division_code": division_code, "unit_code": unit_code}
    fetch = partial(queries.page, session, person, paging.scope, filters, q=q)
    rows, following = await paging.page("persons", [filters, q], fetch, _position)
    return PersonPage(items=[PersonOut.model_validate(row) for row in rows], next_cursor=following)


def _answer_person(row: Row, response: Response) -> PersonOut:
    response.headers["ETag"] = etag(row["version"])
    return PersonOut.model_validate(row)


@router.post("/persons", operation_id="create_person", summary="新增人员", status_code=201, responses=CONFLICT)
async def create_person(
    body: PersonCreate, caller: CurrentCaller, session: CurrentSession, clock: CurrentClock, response: Response
) -> PersonOut:
    row = await service.create_person(session, caller, body, clock.now())
    response.headers["Location"] = f"/v1/directory/persons/{row['id']}"
    return _answer_person(row, response)


@router.get("/persons/{person_id}", operation_id="get_person", summary="人员详情")
async def get_person(
    person_id: UUID, caller: CurrentCaller, session: CurrentSession, request: Request, response: Response
) -> PersonOut:
    row = await service.load_person(session, caller, person_id)
    unchanged = not_modified(request, etag(row["version"]))
    return unchanged or _answer_person(row, response)  # type: ignore[return-value]  # FastAPI sends a Response as it is


@router.patch("/persons/{person_id}", operation_id="update_person", summary="修改人员", responses=VERSIONED)
async def update_person(
    person_id: UUID,
    body: PersonPatch,
    version: IfMatch,
    caller: CurrentCaller,
    session: CurrentSession,
    clock: CurrentClock,
    response: Response,
) -> PersonOut:
    return _answer_person(await service.update_person(session, caller, person_id, version, body, clock.now()), response)
