"""The audit operations every service carries. The app sets `app.state.anchors` (`shared.storage.audit.Anchors`)."""

from collections.abc import Set
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request

from shared.chassis.identity import Caller
from shared.chassis.listing import CurrentPaging
from shared.chassis.route import CurrentCaller, CurrentClock
from shared.errors import NotFound
from shared.schemas.audit import AuditPage, VerificationOut
from shared.schemas.base import Text
from shared.storage import audit
from shared.storage.route import CurrentSession, Route

Filter = Annotated[Text | None, Query()]
Division = Annotated[str | None, Query(pattern=r"^\d{6}$", description="只看一个行政区划")]


def _scope(caller: Caller, division_code: str | None) -> str:
    """Everything the caller covers, or the one division it asks about."""
    if division_code is None:
        return caller.scope
    if not caller.covers(division_code):
        raise NotFound("没有此行政区划，或不在您的管辖范围内")
    return division_code


def audit_router(
    prefix: str,
    operation_prefix: str = "",
    *,
    sealed: Set[str] = frozenset(),
    sealed_readers: Set[str] = frozenset(),
) -> APIRouter:
    """`GET {prefix}/audit` and `GET {prefix}/audit/verify`, as `list_…audit_entries` and `verify_…audit`.

    Entries of `sealed` subject types are in the chain like all others, and listed only for `sealed_readers`.
    """
    router = APIRouter(prefix=prefix, tags=["审计"], route_class=Route)

    @router.get("/audit", operation_id=f"list_{operation_prefix}audit_entries", summary="审计记录")
    async def list_audit_entries(
        caller: CurrentCaller,
        session: CurrentSession,
        paging: CurrentPaging,
        division_code: Division = None,
        subject_type: Filter = None,
        subject_id: Filter = None,
        actor: Filter = None,
        action: Filter = None,
    ) -> AuditPage:
        scope = _scope(caller, division_code)
        filters = {"subject_type": subject_type, "subject_id": subject_id, "actor": actor, "action": action}
        without = frozenset[str]() if caller.roles & sealed_readers else sealed
        fetch = partial(audit.entries, session, scope, filters, without=without)
        items, following = await paging.page("audit", [scope, filters], fetch, lambda e: [e.division_code, e.seq])
        return AuditPage(items=items, next_cursor=following)

    @router.get("/audit/verify", operation_id=f"verify_{operation_prefix}audit", summary="校验审计链")
    async def verify_audit(
        caller: CurrentCaller,
        session: CurrentSession,
        clock: CurrentClock,
        request: Request,
        division_code: Division = None,
    ) -> VerificationOut:
        anchors: audit.Anchors = request.app.state.anchors
        chains = await audit.verify(session, _scope(caller, division_code), anchors)
        service: str = request.app.state.settings.service
        ok = all(chain.ok for chain in chains)
        return VerificationOut(service=service, verified_at=clock.now(), ok=ok, chains=chains)

    return router
