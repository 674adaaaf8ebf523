"""Summaries on the wire. They answer from our own tables and ask nobody."""

from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from services.petitions.summaries import queries, service
from shared.chassis.app import CONFLICT
from shared.chassis.clock import today
from shared.chassis.http import etag
from shared.chassis.listing import CurrentListing, scope_of
from shared.chassis.route import CurrentCaller, CurrentClock
from shared.schemas.base import DivisionCode
from shared.schemas.petitions.summaries import (
    LinkedAnswer,
    LinkedAnswered,
    ProjectPetitionSummary,
    ProjectPetitionSummaryPage,
)
from shared.storage.route import CurrentSession, Route
from shared.storage.secrets import CurrentVault

_UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
ProjectIds = Annotated[
    str | None,
    Query(pattern=f"^{_UUID}(,{_UUID}){{0,99}}$", max_length=3700, description="只要这些项目，至多 100 个，以逗号分隔"),
]
router = APIRouter(prefix="/v1/petitions", tags=["信访摘要"], route_class=Route)


@router.get("/projects/{project_id}/summary", operation_id="get_project_petition_summary", summary="一个项目的信访摘要")
async def get_project_petition_summary(
    project_id: UUID,
    caller: CurrentCaller,
    session: CurrentSession,
    vault: CurrentVault,
    clock: CurrentClock,
    response: Response,
    division_code: DivisionCode | None = None,
) -> ProjectPetitionSummary:
    """A project without petitions has a summary too: whether it exists, the ledger knows."""
    day, scope = today(clock), scope_of(caller, division_code)
    found = await service.of_projects(session, caller, vault, scope, [project_id], day)
    one = found.get(project_id) or service.none_of(project_id, division_code or caller.home, day)
    response.headers["ETag"] = etag(one.version, day.isoformat())
    return one


@router.get("/project-summaries", operation_id="list_project_petition_summaries", summary="各项目的信访摘要")
async def list_project_petition_summaries(
    listing: CurrentListing,
    caller: CurrentCaller,
    session: CurrentSession,
    vault: CurrentVault,
    clock: CurrentClock,
    project_ids: ProjectIds = None,
) -> ProjectPetitionSummaryPage:
    """Projects that have petitions, those asked for or every one."""
    wanted = None if project_ids is None else [UUID(one) for one in project_ids.split(",")]
    fetch = partial(queries.projects, session, listing.scope, wanted)
    page, following = await listing.page("project_petitions", project_ids, fetch, lambda one: [one[0], str(one[1])])
    ids = [one for _, one in page]
    found = await service.of_projects(session, caller, vault, listing.scope, ids, today(clock))
    return ProjectPetitionSummaryPage(items=[found[one] for one in ids], next_cursor=following)


@router.post(
    "/projects/{project_id}/answer",
    operation_id="answer_linked_petitions",
    summary="同一原因的信访一次答复",
    responses=CONFLICT,
)
async def answer_linked_petitions(
    project_id: UUID,
    body: LinkedAnswer,
    caller: CurrentCaller,
    session: CurrentSession,
    vault: CurrentVault,
    clock: CurrentClock,
    dry_run: bool = False,
) -> LinkedAnswered:
    return await service.answer_linked(session, caller, vault, project_id, body, clock, dry_run=dry_run)
