"""Close-outs as others see them: shown, counted, and reopened 反弹 when what was closed is no longer so."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from services.projects.closeout import checklist, queries, rules, sources
from services.projects.closeout.models import closeout
from services.projects.ledger import service as ledger
from services.projects.ledger.formulas import rate
from shared.chassis.clock import Clock, FixedClock, today
from shared.chassis.days import happened_on
from shared.chassis.identity import Caller
from shared.chassis.listing import scope_of
from shared.clients.petitions import Petitioned
from shared.errors import Conflict
from shared.schemas.projects.closeout import (
    LABELS,
    ChecklistItemOut,
    CloseoutAct,
    CloseoutDetail,
    CloseoutNoticeOut,
    CloseoutOut,
    CloseoutRates,
    CloseoutReturnOut,
    CloseoutStatus,
    ReboundCause,
    ReboundOut,
    ReboundReport,
)
from shared.schemas.projects.facts import ProjectKind, ResolutionMode, ResolutionStatus
from shared.schemas.projects.ledger import ResolutionStatusChange
from shared.schemas.projects.statistics import Ratio
from shared.storage import Session, work
from shared.storage.rows import Row

KEPT = ("item", "source", "value", "source_version", "asked_at", "met", "document_number", "attested_on")


class NotClosed(Conflict):
    code, title, title_en = "not_closed", "项目没有销号，无从反弹", "Not closed"


def act(row: Mapping[str, Any], step: str) -> CloseoutAct | None:
    """One step of a row, None while nobody has taken it."""
    if row[f"{step}_by"] is None:
        return None
    return CloseoutAct(
        by=row[f"{step}_by"],
        name=row[f"{step}_name"],
        unit_code=row[f"{step}_unit"],
        unit_name=row[f"{step}_unit_name"],
        on=row[f"{step}_on"],
        document_number=row[f"{step}_document"],
        note=row[f"{step}_note"],
    )


def _parts(row: Row) -> dict[str, Any]:
    given = {name: row[name] for name in CloseoutOut.model_fields if name in row}
    notice = returned = rebound = None
    if row["notice_until"]:
        notice = CloseoutNoticeOut(
            published_on=row["notice_on"],
            until=row["notice_until"],
            place=row["notice_place"],
            document_number=row["notice_document"],
        )
    if row["returned_on"]:
        returned = CloseoutReturnOut(by=row["returned_by"], on=row["returned_on"], reason=row["returned_reason"])
    if row["rebound_cause"]:
        rebound = ReboundOut(
            cause=row["rebound_cause"],
            on=row["rebound_on"],
            occurred_on=row["rebound_occurred_on"],
            reference=row["rebound_reference"],
            people_count=row["rebound_people"],
        )
    return given | {
        "reported": act(row, "reported"),
        "department_check": act(row, "department_checked"),
        "site_check": act(row, "site_checked"),
        "approved": act(row, "approved"),
        "notice": notice,
        "returned": returned,
        "rebound": rebound,
    }


def shown(row: Row) -> CloseoutOut:
    return CloseoutOut.model_validate(_parts(row))


async def detail(
    session: Session, caller: Caller, closeout_id: UUID, told: Petitioned | None, clock: Clock
) -> CloseoutDetail:
    """A close-out with its checklist: while it runs as the system knows it now, afterwards as it was decided on."""
    row = await work.load(session, closeout, caller, closeout_id, what="这次销号")
    steps = rules.MOVES[CloseoutStatus(row["status"])]
    items = await queries.items(session, row["division_code"], row["id"])
    if CloseoutStatus.returned in steps:
        project = await ledger.load(session, caller, row["project_id"])
        items = await sources.current(session, project, row, items, told, clock)
    listed = [
        ChecklistItemOut(
            requirement=checklist.requirement(item, row["quiet_weeks"]),
            unit_code=items[item]["attested_unit"],
            unit_name=items[item]["attested_unit_name"],
            **{name: items[item][name] for name in KEPT},
        )
        for item in checklist.items_of(ProjectKind(row["kind"]), row["path"] and ResolutionMode(row["path"]))
    ]
    return CloseoutDetail.model_validate(_parts(row) | {"checklist": listed, "next_steps": list(steps)})


async def rates(
    session: Session, caller: Caller, division_code: str | None, as_of: dt.date | None, clock: Clock
) -> CloseoutRates:
    """Both rates as of a day, from what was decided until then."""
    day = happened_on(as_of, today(clock), "query:as_of")
    scope = scope_of(caller, division_code)
    found = rules.tally(
        await queries.closures(session, scope, day), await ledger.resolutions(session, scope, day, clock), day
    )
    return CloseoutRates(
        as_of=day,
        scope=scope,
        closed_since=rules.year_before(day),
        clearance=_ratio("closed / projects", found.closed, found.on_ledger),
        rebound=_ratio(
            "reopened of those closed in 12 months / closed in 12 months",
            found.reopened_of_recent,
            found.recently_closed,
        ),
        rebounds_by_cause=found.by_cause,
        resolved_without_closeout=found.resolved_without,
    )


def _ratio(formula: str, numerator: int, denominator: int) -> Ratio:
    return Ratio(formula=formula, numerator=numerator, denominator=denominator, value=rate(numerator, denominator))


async def reopen(
    session: Session,
    actor: Caller,
    division_code: str,
    project_id: UUID,
    cause: ReboundCause,
    now: dt.datetime,
    *,
    occurred_on: dt.date | None = None,
    reference: str | None = None,
    people: int | None = None,
) -> Row | None:
    """反弹: the project is open again and counted; None where it has no close-out that stands.

    Rules and other services act here for a county they are not at home in; who may call is decided at the door.
    """
    acting = replace(actor, scope=division_code, home=division_code)
    clock = FixedClock(now)
    project = await ledger.own_project(session, acting, project_id, lock=True)
    standing = await queries.closed(session, division_code, project_id=project_id, lock=True)
    if not standing:
        return None
    (row,) = standing
    if project["resolution_status"] == ResolutionStatus.resolved:
        change = ResolutionStatusChange(
            to=ResolutionStatus.unresolved, reason=f"反弹：{LABELS[ReboundCause][cause]}", evidence_note=reference
        )
        await ledger.change_resolution_status(
            session, acting, project_id, project["version"], change, clock, cause=f"closeout:{row['id']}"
        )
    values = {
        "status": CloseoutStatus.reopened,
        "rebound_cause": cause,
        "rebound_on": today(clock),
        "rebound_occurred_on": occurred_on or today(clock),
        "rebound_reference": reference,
        "rebound_people": people,
    }
    told = {name: value for name, value in values.items() if name != "rebound_reference"}
    return await work.move(session, closeout, acting, row, values, now, action="reopen", detail=told)


async def report_rebound(session: Session, caller: Caller, project_id: UUID, body: ReboundReport, clock: Clock) -> Row:
    """A petition about a closed project, told by the office or by the service that owns petitions."""
    day = today(clock)
    project = await ledger.load(session, caller, project_id)
    if "service" not in caller.roles:
        project = await ledger.own_project(session, caller, project_id, lock=True)
    division_code: str = project["division_code"]
    standing = await queries.closed(session, division_code, project_id=project_id)
    if not standing:
        raise NotClosed("只有已销号的项目才会反弹")
    occurred_on = rules.check_petition(
        body.cause,
        body.people_count,
        occurred_on=body.occurred_on,
        closed_on=standing[0]["approved_on"],
        today=day,
    )
    row = await reopen(
        session,
        caller,
        division_code,
        project_id,
        ReboundCause(body.cause.value),
        clock.now(),
        occurred_on=occurred_on,
        reference=body.reference,
        people=body.people_count,
    )
    if row is None:
        raise NotClosed("项目刚刚已重新纳入")
    return row


async def sweep(
    session: Session, actor: Caller, division_code: str, today: dt.date, now: dt.datetime, told: Petitioned | None
) -> int:
    """Reopen what the rules say has rebounded, the oldest close-out first; how many. A second run finds none."""
    standing = await queries.closed(session, division_code)
    if not standing:
        return 0
    facts = await ledger.facts_of(session, division_code, [r["project_id"] for r in standing], *rules.REBOUND_FACTS)
    reopened = 0
    for row in standing:
        figures = told.projects.get(row["project_id"]) if told is not None else None
        visit = figures.last_group_visit if figures is not None else None
        came = visit is not None and rules.is_group_rebound(row, visit.on, visit.people_count)
        if not came and rules.rebound(row, facts[row["project_id"]], today) is None:
            continue
        acting = replace(actor, scope=division_code, home=division_code)
        project = await ledger.own_project(session, acting, row["project_id"], lock=True)
        cause, told_of = rules.rebound(row, project, today), dict[str, Any]()
        if cause is None and came and visit is not None:
            cause = ReboundCause.group_petition
            told_of = {"occurred_on": visit.on, "reference": visit.reference, "people": visit.people_count}
        if cause is not None:
            made = await reopen(session, acting, division_code, project["id"], cause, now, **told_of)
            reopened += made is not None
    return reopened
