"""What the ledger says as a whole: statistics, contradictions, names nobody knows."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict

from services.projects.ledger import service
from services.projects.ledger.insight import directory, queries
from services.projects.ledger.insight import service as insight
from services.projects.ledger.parameters import LedgerQuery
from shared.chassis.clock import today
from shared.chassis.route import CurrentCaller, CurrentClock, CurrentCursors, bearer_token
from shared.clients.gateway import GatewayClient
from shared.schemas.base import Day, DivisionCode, Moment
from shared.schemas.projects.imports import ContradictionPage, UnmappedNamePage
from shared.schemas.projects.statistics import ProjectStatistics
from shared.storage.route import CurrentSession, Route

router = APIRouter(prefix="/v1/projects", tags=["台账"], route_class=Route)


class StatisticsQuery(LedgerQuery):
    as_of: Annotated[Day | None, Query(description="统计日；不填即今天")] = None
    known_at: Annotated[Moment | None, Query(description="截至当时已掌握的情况；不填即现在")] = None


class ContradictionQuery(LedgerQuery):
    as_of: Day | None = None
    limit: Annotated[int, Query(ge=1, le=200)] = 50
    cursor: Annotated[str, Query(max_length=500)] | None = None


class NamesQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")

    division_code: DivisionCode | None = None
    limit: Annotated[int, Query(ge=1, le=200)] = 50
    cursor: Annotated[str, Query(max_length=500)] | None = None


@router.get("/statistics", operation_id="get_project_statistics", summary="台账统计")
async def get_project_statistics(
    query: Annotated[StatisticsQuery, Query()], caller: CurrentCaller, session: CurrentSession, clock: CurrentClock
) -> ProjectStatistics:
    service.check_day(query.as_of, clock)
    return await insight.statistics(
        session, query.filter(caller), caller.scope, as_of=query.as_of, known_at=query.known_at, clock=clock
    )


@router.get("/contradictions", operation_id="list_contradictions", summary="数据矛盾清单")
async def list_contradictions(
    query: Annotated[ContradictionQuery, Query()],
    caller: CurrentCaller,
    session: CurrentSession,
    clock: CurrentClock,
    cursors: CurrentCursors,
) -> ContradictionPage:
    as_of = service.check_day(query.as_of, clock) if query.as_of else today(clock)
    filters = query.filter(caller)
    bound = [caller.subject, "contradictions", filters.values, as_of]
    start = cursors.decode(query.cursor, bound)[0] if query.cursor else 0
    found = await insight.contradictions(session, filters, as_of, clock)
    end = start + query.limit
    following = cursors.encode([end], bound) if len(found) > end else None
    return ContradictionPage(items=found[start:end], next_cursor=following)


@router.get("/unmapped-names", operation_id="list_unmapped_names", summary="未登记的单位和领导")
async def list_unmapped_names(
    query: Annotated[NamesQuery, Query()],
    caller: CurrentCaller,
    session: CurrentSession,
    cursors: CurrentCursors,
    request: Request,
) -> UnmappedNamePage:
    prefix = LedgerQuery(division_code=query.division_code).filter(caller).division
    # Asked before the first statement: no transaction is open while another process is waited for.
    gateway: GatewayClient = request.app.state.gateway
    known = await directory.ask(gateway, query.division_code, on_behalf_of=bearer_token(request))
    found = known.unmapped(await queries.names(session, prefix))
    bound = [caller.subject, "names", prefix]
    start = cursors.decode(query.cursor, bound)[0] if query.cursor else 0
    end = start + query.limit
    following = cursors.encode([end], bound) if len(found) > end else None
    return UnmappedNamePage(items=found[start:end], next_cursor=following)
