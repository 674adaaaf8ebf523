"""问责 on the wire."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from services.projects import work
from services.projects.parties import CurrentParties
from services.projects.supervision import accountability, queries
from services.projects.supervision.queries import AccountabilityFilter
from shared.chassis.app import CONFLICT
from shared.chassis.http import Cursor, Limit, etag
from shared.chassis.listing import scope_of
from shared.chassis.route import CurrentCaller, CurrentClock, CurrentCursors
from shared.schemas.base import DivisionCode
from shared.schemas.gateway.directory import PersonCode
from shared.schemas.gateway.identity import UnitCode
from shared.schemas.projects.supervision import (
    AccountabilityIn,
    AccountabilityKind,
    AccountabilityOut,
    AccountabilityPage,
)
from shared.storage.route import CurrentSession, Route

router = APIRouter(prefix="/v1/projects/accountability", tags=["问责"], route_class=Route)


@router.post("", operation_id="record_accountability", summary="登记问责", status_code=201, responses=CONFLICT)
async def record_accountability(
    body: AccountabilityIn,
    caller: CurrentCaller,
    parties: CurrentParties,
    session: CurrentSession,
    clock: CurrentClock,
    response: Response,
) -> AccountabilityOut:
    known = await parties.of(caller.home, body.unit_code, body.person_code)
    row = await accountability.record(session, caller, body, known, clock)
    response.headers["ETag"] = etag(row["version"])
    return work.shown(AccountabilityOut, row)


@router.get("", operation_id="list_accountability", summary="问责列表")
async def list_accountability(
    caller: CurrentCaller,
    session: CurrentSession,
    cursors: CurrentCursors,
    division_code: DivisionCode | None = None,
    kind: AccountabilityKind | None = None,
    unit: Annotated[UnitCode | None, Query(description="被问责单位，或被问责人所在单位")] = None,
    person: Annotated[PersonCode | None, Query(description="被问责人")] = None,
    project_id: UUID | None = None,
    order_id: UUID | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> AccountabilityPage:
    scope = scope_of(caller, division_code)
    filters = AccountabilityFilter(kind, unit, person, project_id, order_id)
    bound = [caller.subject, "accountability", scope, str(filters)]
    after = cursors.decode(cursor, bound) if cursor else None
    rows = await queries.accountabilities(session, scope, filters, after=after, limit=limit + 1)
    following = cursors.encode([str(rows[limit - 1]["id"])], bound) if len(rows) > limit else None
    return AccountabilityPage(items=[work.shown(AccountabilityOut, row) for row in rows[:limit]], next_cursor=following)
