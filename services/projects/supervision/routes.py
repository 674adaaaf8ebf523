"""督办单 on the wire."""

from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from services.projects.supervision import queries, rules, service
from shared.chassis.app import CONFLICT
from shared.chassis.clock import Clock, today
from shared.chassis.http import created, etag, not_modified
from shared.chassis.listing import CurrentListing, CurrentPaging
from shared.chassis.route import CurrentCaller, CurrentClock
from shared.clients.parties import CurrentParties
from shared.schemas.gateway.identity import UnitCode
from shared.schemas.projects.supervision import (
    AnswerIn,
    AssignIn,
    CloseIn,
    ExtendIn,
    OrderDetail,
    OrderFeedbackOut,
    OrderFeedbackPage,
    OrderIn,
    OrderOut,
    OrderPage,
    OrderSource,
    OrderState,
    ReviewIn,
    SupervisionLevel,
)
from shared.storage import work
from shared.storage.route import CurrentSession, Route
from shared.storage.rows import Row

router = APIRouter(prefix="/v1/projects/orders", tags=["督办"], route_class=Route)


def _answer(row: Row, clock: Clock, response: Response) -> OrderOut:
    response.headers["ETag"] = etag(row["version"])
    return service.shown(OrderOut, row, today(clock))


@router.post("", operation_id="issue_order", summary="开出督办单", status_code=201, responses=CONFLICT)
async def issue_order(
    body: OrderIn,
    caller: CurrentCaller,
    parties: CurrentParties,
    session: CurrentSession,
    clock: CurrentClock,
    response: Response,
) -> OrderOut:
    known = await parties.of(caller.home, body.lead_unit_code, *body.co_unit_codes, body.person_code)
    row = await service.issue(session, caller, body, known, clock)
    created(response, f"/v1/projects/orders/{row['id']}", row["version"])
    return service.shown(OrderOut, row, today(clock))


@router.get("", operation_id="list_orders", summary="督办单列表")
async def list_orders(
    listing: CurrentListing,
    caller: CurrentCaller,
    session: CurrentSession,
    clock: CurrentClock,
    state: OrderState | None = None,
    unit: Annotated[UnitCode | None, Query(description="责任单位或协办单位")] = None,
    level: Annotated[SupervisionLevel | None, Query(description="已升到哪一级")] = None,
    source: OrderSource | None = None,
    project_id: UUID | None = None,
    overdue: Annotated[bool | None, Query(description="是否逾期未办结")] = None,
    unowned: Annotated[bool | None, Query(description="是否尚无责任单位")] = None,
) -> OrderPage:
    filters = {
        "state": state,
        "unit": unit,
        "party": rules.party_of(caller.roles, caller.unit),
        "level": level,
        "source": source,
        "project_id": project_id,
        "overdue": overdue,
        "unowned": unowned,
    }
    day = today(clock)
    rows, following = await listing.page(
        "orders", filters, partial(queries.page, session, listing.scope, filters, today=day)
    )
    return OrderPage(items=[service.shown(OrderOut, row, day) for row in rows], next_cursor=following)


@router.get("/{order_id}", operation_id="get_order", summary="督办单：反馈、延期与升级经过")
async def get_order(
    order_id: UUID,
    caller: CurrentCaller,
    session: CurrentSession,
    clock: CurrentClock,
    request: Request,
    response: Response,
) -> OrderDetail:
    found = await service.detail(session, caller, order_id, clock)
    # How many days it is overdue changes without a change of the order.
    tag = etag(found.version, str(found.days_overdue))
    response.headers["ETag"] = tag
    unchanged = not_modified(request, tag)
    return unchanged or found  # type: ignore[return-value]  # FastAPI sends a Response as it is


@router.get("/{order_id}/feedbacks", operation_id="list_order_feedbacks", summary="督办单的全部反馈")
async def list_order_feedbacks(
    order_id: UUID, paging: CurrentPaging, caller: CurrentCaller, session: CurrentSession
) -> OrderFeedbackPage:
    order = await service.load(session, caller, order_id)
    rows, following = await paging.page("order_feedbacks", order_id, partial(queries.feedbacks, session, order))
    return OrderFeedbackPage(items=[work.shown(OrderFeedbackOut, row) for row in rows], next_cursor=following)


@router.post("/{order_id}/answer", operation_id="answer_order", summary="反馈督办单办理情况", responses=CONFLICT)
async def answer_order(
    order_id: UUID,
    body: AnswerIn,
    caller: CurrentCaller,
    session: CurrentSession,
    clock: CurrentClock,
    response: Response,
) -> OrderOut:
    return _answer(await service.answer(session, caller, order_id, body, clock), clock, response)


@router.post("/{order_id}/review", operation_id="review_order", summary="审核办结反馈", responses=CONFLICT)
async def review_order(
    order_id: UUID,
    body: ReviewIn,
    caller: CurrentCaller,
    session: CurrentSession,
    clock: CurrentClock,
    response: Response,
) -> OrderOut:
    return _answer(await service.review(session, caller, order_id, body, clock), clock, response)


@router.post("/{order_id}/extend", operation_id="extend_order", summary="延长办结时限", responses=CONFLICT)
async def extend_order(
    order_id: UUID,
    body: ExtendIn,
    caller: CurrentCaller,
    session: CurrentSession,
    clock: CurrentClock,
    response: Response,
) -> OrderOut:
    return _answer(await service.extend(session, caller, order_id, body, clock), clock, response)


@router.post("/{order_id}/assign", operation_id="assign_order", summary="为督办单指定责任单位", responses=CONFLICT)
async def assign_order(
    order_id: UUID,
    body: AssignIn,
    caller: CurrentCaller,
    parties: CurrentParties,
    session: CurrentSession,
    clock: CurrentClock,
    response: Response,
) -> OrderOut:
    known = await parties.of(caller.home, body.lead_unit_code, body.person_code)
    return _answer(await service.assign(session, caller, order_id, body, known, clock), clock, response)


@router.post("/{order_id}/close", operation_id="close_order", summary="督办单销号", responses=CONFLICT)
async def close_order(
    order_id: UUID,
    body: CloseIn,
    caller: CurrentCaller,
    session: CurrentSession,
    clock: CurrentClock,
    response: Response,
) -> OrderOut:
    return _answer(await service.close(session, caller, order_id, body, clock), clock, response)
