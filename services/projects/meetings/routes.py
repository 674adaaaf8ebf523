"""Dispatch meetings 调度会 on the wire."""

import datetime as dt
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from services.projects.meetings import agenda, minutes, queries, service, views
from shared.chassis.app import CONFLICT
from shared.chassis.clock import today
from shared.chassis.http import created, etag
from shared.chassis.listing import CurrentListing, scope_of
from shared.chassis.route import CurrentCaller, CurrentClock
from shared.clients.parties import CurrentParties
from shared.schemas.base import Day, DivisionCode
from shared.schemas.gateway.identity import UnitCode
from shared.schemas.projects.meetings import (
    ActionState,
    Agenda,
    MeetingActionOut,
    MeetingActionPage,
    MeetingActionResult,
    MeetingCreate,
    MeetingFull,
    MeetingKind,
    MeetingPage,
    MeetingState,
    MeetingStatistics,
    MinutesIn,
    TopicCreate,
    TopicOut,
    TopicPage,
    TopicState,
)
from shared.storage.route import CurrentSession, Route

router = APIRouter(prefix="/v1/projects", tags=["调度会"], route_class=Route)


@router.post("/meeting-topics", operation_id="submit_topic", summary="提交议题", status_code=201, responses=CONFLICT)
async def submit_topic(
    body: TopicCreate, caller: CurrentCaller, session: CurrentSession, clock: CurrentClock, response: Response
) -> TopicOut:
    row = await service.submit_topic(session, caller, body, clock)
    created(response, "/v1/projects/meeting-topics", row["version"])
    return views.topic(row)


@router.get("/meeting-topics", operation_id="list_topics", summary="议题列表")
async def list_topics(
    listing: CurrentListing,
    session: CurrentSession,
    project_id: UUID | None = None,
    state: TopicState | None = None,
) -> TopicPage:
    filters = {"project_id": project_id, "state": state}
    rows, following = await listing.page("topics", filters, partial(queries.topics, session, listing.scope, filters))
    return TopicPage(items=[views.topic(row) for row in rows], next_cursor=following)


@router.get("/meetings/agenda", operation_id="propose_agenda", summary="按数据建议的议程")
async def propose_agenda(
    caller: CurrentCaller,
    session: CurrentSession,
    clock: CurrentClock,
    project_id: Annotated[UUID | None, Query(description="现场调度：只取此项目的事项")] = None,
) -> Agenda:
    return agenda.shown(await service.propose(session, caller, project_id, clock), today(clock))


@router.get("/meetings/statistics", operation_id="get_meeting_statistics", summary="会议与事项统计")
async def get_meeting_statistics(
    caller: CurrentCaller,
    session: CurrentSession,
    clock: CurrentClock,
    from_: Annotated[Day | None, Query(alias="from", description="不填即今年 1 月 1 日")] = None,
    to: Annotated[Day | None, Query(description="不填即今天")] = None,
    division_code: DivisionCode | None = None,
) -> MeetingStatistics:
    day = today(clock)
    last = to or day
    since = from_ or dt.date(last.year, 1, 1)
    return await service.statistics(session, scope_of(caller, division_code), since, last, day)


@router.get("/meetings", operation_id="list_meetings", summary="会议列表")
async def list_meetings(
    listing: CurrentListing,
    session: CurrentSession,
    project_id: UUID | None = None,
    kind: MeetingKind | None = None,
    state: MeetingState | None = None,
) -> MeetingPage:
    filters = {"project_id": project_id, "kind": kind, "state": state}
    found = partial(queries.meetings, session, listing.scope, filters)
    rows, following = await listing.page("meetings", filters, found)
    return MeetingPage(items=[views.shown(row) for row in rows], next_cursor=following)


@router.post(
    "/meetings", operation_id="create_meeting", summary="安排会议并确定议程", status_code=201, responses=CONFLICT
)
async def create_meeting(
    body: MeetingCreate,
    caller: CurrentCaller,
    session: CurrentSession,
    clock: CurrentClock,
    parties: CurrentParties,
    response: Response,
) -> MeetingFull:
    row = await service.create(session, caller, body, parties, clock)
    created(response, f"/v1/projects/meetings/{row['id']}", row["version"])
    return await views.full(session, row, today(clock))


@router.get("/meetings/{meeting_id}", operation_id="get_meeting", summary="会议详情：出席、议程、纪要、任务")
async def get_meeting(
    meeting_id: UUID, caller: CurrentCaller, session: CurrentSession, clock: CurrentClock, response: Response
) -> MeetingFull:
    row = await service.load(session, caller, meeting_id)
    response.headers["ETag"] = etag(row["version"])
    return await views.full(session, row, today(clock))


@router.post(
    "/meetings/{meeting_id}/minutes", operation_id="record_minutes", summary="记录会议纪要", responses=CONFLICT
)
async def record_minutes(
    meeting_id: UUID,
    body: MinutesIn,
    caller: CurrentCaller,
    session: CurrentSession,
    clock: CurrentClock,
    parties: CurrentParties,
    response: Response,
) -> MeetingFull:
    row = await minutes.record(session, caller, meeting_id, body, parties, clock)
    response.headers["ETag"] = etag(row["version"])
    return await views.full(session, row, today(clock))


@router.get("/meeting-actions", operation_id="list_actions", summary="会议任务")
async def list_actions(
    listing: CurrentListing,
    session: CurrentSession,
    clock: CurrentClock,
    project_id: UUID | None = None,
    meeting_id: UUID | None = None,
    unit: Annotated[UnitCode | None, Query(description="责任单位")] = None,
    state: ActionState | None = None,
) -> MeetingActionPage:
    filters, day = {"project_id": project_id, "meeting_id": meeting_id, "unit_code": unit, "state": state}, today(clock)
    found = partial(queries.actions, session, listing.scope, filters, today=day)
    rows, following = await listing.page("actions", filters, found)
    return MeetingActionPage(items=[views.action(row, day) for row in rows], next_cursor=following)


@router.post(
    "/meeting-actions/{meeting_action_id}/complete",
    operation_id="complete_action",
    summary="会议任务已完成",
    responses=CONFLICT,
)
async def complete_action(
    meeting_action_id: UUID,
    body: MeetingActionResult,
    caller: CurrentCaller,
    session: CurrentSession,
    clock: CurrentClock,
    response: Response,
) -> MeetingActionOut:
    row = await service.complete(session, caller, meeting_action_id, body, clock)
    response.headers["ETag"] = etag(row["version"])
    return views.action(row, today(clock))
