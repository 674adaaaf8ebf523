"""信访统计 on the wire."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.petitions.kpis import service
from services.petitions.kpis.parameters import KpiCasesQuery, KpisQuery
from shared.chassis.listing import Listing
from shared.chassis.route import CurrentCaller, CurrentClock, CurrentCursors
from shared.schemas.petitions.kpis import KpiPetitionPage, PetitionKpis
from shared.storage.route import CurrentSession, Route

router = APIRouter(prefix="/v1/petitions", tags=["信访统计"], route_class=Route)


@router.get("/kpis", operation_id="get_petition_kpis", summary="信访指标")
async def get_petition_kpis(
    query: Annotated[KpisQuery, Query()], caller: CurrentCaller, session: CurrentSession, clock: CurrentClock
) -> PetitionKpis:
    """每项指标给出公式、分子、分母（件次和人次）；分母为零时比值为空。"""
    asked = query.asked(caller, clock, await service.window_days(session, caller))
    return await service.kpis(session, asked, query.division_code, query.by)


@router.get("/kpis/petitions", operation_id="list_kpi_petitions", summary="一项指标所计的信访事项")
async def list_kpi_petitions(
    query: Annotated[KpiCasesQuery, Query()],
    caller: CurrentCaller,
    session: CurrentSession,
    clock: CurrentClock,
    cursors: CurrentCursors,
) -> KpiPetitionPage:
    """与指标同一条件。"""
    listing = Listing(caller, cursors, query.limit, query.cursor, query.division_code)
    filters = query.model_dump(exclude={"limit", "cursor"}, mode="json")
    asked = query.asked(caller, clock, await service.window_days(session, caller))
    return await service.cases(session, asked, listing, query.formula, query.side, filters)
