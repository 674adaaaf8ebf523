"""Use cases of signals from the site: record, judge, verify a resumption."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from services.projects.duty import service as duty
from services.projects.ledger import service as ledger
from services.projects.progress import rules
from services.projects.progress.models import site_signal
from services.projects.progress.queries import claims, standing
from services.projects.progress.signals import queries
from services.projects.progress.signals.showwork import LOOKBACK_DAYS, Claim, Counter, counters
from services.projects.progress.signals.truth import PROPER, Signal, Stood, Truth, judge, window
from services.projects.thresholds import thresholds
from shared.chassis.clock import Clock, today
from shared.chassis.days import happened_on
from shared.chassis.identity import Caller
from shared.clients.parties import Parties
from shared.errors import FieldError
from shared.schemas.projects.facts import Resumption
from shared.schemas.projects.signals import (
    LABELS,
    CountedSignal,
    MissingSignal,
    ResumptionVerification,
    ShowWork,
    SignalIn,
    SignalKind,
    SignalOut,
    TruthOut,
)
from shared.storage import Session, work
from shared.storage.rows import Row

CLAIMS_LOOKED_AT = 24
"""Reports the counters of show-work look back over: half a year of weekly ones."""


def shown(row: Mapping[str, Any]) -> SignalOut:
    return work.shown(SignalOut, row, measure=PROPER[SignalKind(row["kind"])].measure)


async def record(
    session: Session, caller: Caller, parties: Parties, project_id: UUID, body: SignalIn, clock: Clock
) -> Row:
    """The new signal; one that corrects another leaves the old one standing in the history.

    Raises `NotFromOutside`, `AlreadyRecorded`, `NothingToCorrect`, `BadDay`.
    """
    kind, now = body.kind, clock.now()
    known = await parties.of(caller.home, body.source_unit_code, caller.unit)
    source = known.unit(body.source_unit_code, "/source_unit_code", *sorted(PROPER[kind].kinds))
    day = happened_on(body.effective_on, today(clock), "/effective_on")
    project = await ledger.own_project(session, caller, project_id, lock=True)
    division = project["division_code"]
    own = known.units.get(caller.unit or "")
    role = await duty.answers_for(session, division, project_id, caller.unit)
    rules.require_outside(role, own.name if own else "", project)
    if source.code != caller.unit:
        rules.require_keeper(caller.roles)
        role = await duty.answers_for(session, division, project_id, source.code)
        rules.require_outside(role, source.name, project, "/source_unit_code")
    key = {
        "division_code": division,
        "project_id": project_id,
        "effective_on": day,
        "kind": kind,
        "source_unit_code": source.code,
    }
    old = await standing(session, site_signal, key)
    rules.require_new(old, body.correction_reason)
    if old is not None:
        await work.move(session, site_signal, caller, old, {"corrected_at": now}, now, action="correct")
    values = key | {
        "value": body.value,
        "source_unit_name": source.name,
        "corrects": old["id"] if old else None,
        "correction_reason": body.correction_reason,
    }
    told = {"kind": kind, "value": body.value, "effective_on": day, "source_unit_code": source.code}
    row = await work.add(session, site_signal, caller, division, values, now, action="record", detail=told)
    assert row is not None, "the project is locked, so nobody else records for it"
    return row


async def truth(session: Session, division_code: str, project_id: UUID, on: dt.date) -> Truth:
    """Whether the site works on a day, from the standing signals of the window that ends there."""
    set_here = await thresholds.values(session, division_code)
    return (await judged(session, division_code, [project_id], on, set_here))[project_id]


async def judged(
    session: Session, division_code: str, project_ids: list[UUID], on: dt.date, set_here: Mapping[str, int]
) -> dict[UUID, Truth]:
    """The truth of many projects of a county, in two queries."""
    since = window(on, set_here["truth_window_days"])
    said: dict[UUID, list[Signal]] = {project_id: [] for project_id in project_ids}
    for row in await queries.said(session, division_code, project_ids, since, on):
        said[row["project_id"]].append(_signal(row))
    stood = await queries.stood(session, division_code, project_ids, on)
    return {project_id: judge(signals, on, set_here, _stood(stood[project_id])) for project_id, signals in said.items()}


def _signal(row: Mapping[str, Any]) -> Signal:
    kind, unit = SignalKind(row["kind"]), (row["source_unit_code"], row["source_unit_name"])
    return Signal(kind, row["value"], row["effective_on"], *unit)


def _stood(row: Mapping[str, Any]) -> Stood:
    resumption = row["resumption"]
    return Stood(row["stopped_on"], Resumption(resumption) if resumption else None, rules.builders(row))


def _claim(row: Mapping[str, Any]) -> Claim:
    return Claim(
        row["effective_on"],
        row["unit_code"],
        row["progress_pct"],
        row["money_in_place_fen"],
        row["money_drawn_fen"],
        row["workers_planned"],
    )


async def truth_out(session: Session, caller: Caller, project_id: UUID, on: dt.date | None, clock: Clock) -> TruthOut:
    """The truth with its counters of show-work."""
    day = happened_on(on, today(clock), "query:on")
    project = await ledger.load(session, caller, project_id)
    division = project["division_code"]
    set_here = await thresholds.values(session, division)
    since = day - dt.timedelta(days=LOOKBACK_DAYS)
    signals = [_signal(row) for row in await queries.said(session, division, [project_id], since, day)]
    stood = _stood((await queries.stood(session, division, [project_id], day))[project_id])
    reported = await claims(session, division, project_id, day, limit=CLAIMS_LOOKED_AT)
    run_up = counters(map(_claim, reported), signals, set_here)
    return _told(judge(signals, day, set_here, stood), project_id, run_up)


def _told(found: Truth, project_id: UUID, run_up: list[Counter]) -> TruthOut:
    return TruthOut(
        project_id=project_id,
        on=found.on,
        window_from=found.since,
        window_to=found.on,
        needed=found.needed,
        counted=[
            CountedSignal(
                kind=signal.kind,
                value=signal.value,
                measure=PROPER[signal.kind].measure,
                effective_on=signal.on,
                source_unit_code=signal.source,
            )
            for signal in found.counted
        ],
        missing=[
            MissingSignal(
                kind=lack.kind,
                cause=lack.cause,
                minimum=lack.minimum,
                measure=PROPER[lack.kind].measure,
                settled_by=lack.settled_by,
            )
            for lack in found.missing
        ],
        verdict=found.verdict,
        resumption=found.resumption,
        counters=[ShowWork(kind=c.kind, count=c.count, since=c.since, signal=c.signal) for c in run_up],
    )


async def verify_resumption(
    session: Session, caller: Caller, project_id: UUID, body: ResumptionVerification, clock: Clock
) -> Mapping[str, Any]:
    """The project whose claimed resumption the signals of today's window bear out.

    Raises `SignalsMissing` with what would settle it, `NothingClaimed`.
    """
    project = await ledger.own_project(session, caller, project_id, lock=True)
    day = today(clock)
    found = await truth(session, project["division_code"], project_id, day)
    if project["resumption"] == Resumption.claimed and not found.verified:
        raise rules.SignalsMissing(_lacking(found), [_field(lack.kind, lack.settled_by) for lack in found.missing])
    return await ledger.verify_resumption(session, caller, project, day, body.reason, clock.now())


def _lacking(found: Truth) -> str:
    have = "、".join(LABELS[SignalKind][signal.kind] for signal in found.counted) or "无"
    span = f"{found.since.isoformat()} 至 {found.on.isoformat()}"
    if found.since > found.on:
        span = f"自 {found.since.isoformat()} 起（停工次日）"
    return f"{span} 需要 {found.needed} 种相互独立的现场信号，现有：{have}；补充下列任意信号即可"


def _field(kind: SignalKind, settled_by: str) -> FieldError:
    return FieldError(f"/signals/{kind}", "signal_missing", f"{LABELS[SignalKind][kind]}：{settled_by}")
