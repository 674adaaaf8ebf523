"""Use cases of progress: claim, check, compare, and what other features ask: silence, reliability."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from services.projects.duty import service as duty
from services.projects.ledger import service as ledger
from services.projects.progress import queries, rules
from services.projects.progress.models import progress_inspection, progress_report
from services.projects.progress.rules import Reliability, Sample
from services.projects.progress.signals.service import judged
from services.projects.progress.signals.truth import Truth
from services.projects.thresholds import thresholds
from shared.chassis.clock import Clock, today
from shared.chassis.days import happened_on
from shared.chassis.identity import Caller
from shared.clients.parties import Parties
from shared.errors import NotFound
from shared.schemas.projects.progress import (
    ProgressInspectionIn,
    ProgressInspectionOut,
    ProgressReportIn,
    ProgressReportOut,
    ProgressSummary,
    ReliabilityOut,
    ReporterRole,
    Variance,
)
from shared.schemas.projects.signals import TruthSummary
from shared.storage import Session, work
from shared.storage.rows import Row

REPORT = "这份进度报告"
CLAIMED = ("effective_on", "progress_pct", "money_in_place_fen", "money_drawn_fen", "workers_planned")
CHECKED = ("effective_on", "progress_pct", "money_in_place_fen", "workers_seen")


@dataclass(frozen=True, slots=True)
class Missed:
    """`missed` reports have not come since `since`; `unit_code` owes them: the enterprise, else the task force."""

    project_id: UUID
    unit_code: str
    missed: int
    since: dt.date


async def report(
    session: Session, caller: Caller, parties: Parties, project_id: UUID, body: ProgressReportIn, clock: Clock
) -> Row:
    """The new claim; one that corrects another leaves the old one in the history, beside any check of it.

    Raises `NotAnswerable`, `UnitRequired`, `AlreadyRecorded`, `NothingToCorrect`, `BadDay`.
    """
    now = clock.now()
    code = rules.reporting_unit(body.unit_code, caller.unit, is_office="office" in caller.roles)
    unit = (await parties.of(caller.home, code)).unit(code, "/unit_code")
    day = happened_on(body.effective_on, today(clock), "/effective_on")
    project = await ledger.own_project(session, caller, project_id, lock=True)
    division = project["division_code"]
    role = rules.reporter_role(await duty.answers_for(session, division, project_id, code))
    key = {"division_code": division, "project_id": project_id, "effective_on": day, "unit_code": code}
    old = await queries.standing(session, progress_report, key)
    rules.require_new(old, body.correction_reason)
    if old is not None:
        await work.move(session, progress_report, caller, old, {"corrected_at": now}, now, action="correct")
    values = body.model_dump(exclude={"effective_on", "unit_code"}) | key
    values |= {"unit_name": unit.name, "role": role, "recorded_by_unit": caller.unit}
    values |= {"corrects": old["id"] if old else None}
    told = {name: values[name] for name in (*CLAIMED, "unit_code", "role")}
    row = await work.add(session, progress_report, caller, division, values, now, action="report", detail=told)
    assert row is not None, "the project is locked, so nobody else reports for it"
    return row


def shown_report(row: Mapping[str, Any]) -> ProgressReportOut:
    return work.shown(ProgressReportOut, row, on_behalf=row["recorded_by_unit"] != row["unit_code"])


async def inspect(
    session: Session, caller: Caller, parties: Parties, project_id: UUID, body: ProgressInspectionIn, clock: Clock
) -> queries.Inspected:
    """The new check beside the claim it is compared with. Raises `NotFromOutside`, `SameUnit`, `SamePerson`, `BadDay`,
    `NotFound`, `NotComparable`."""
    now = clock.now()
    if caller.unit is None:
        raise rules.NotFromOutside("您的账号没有登记单位，不能证明来自项目以外")
    unit = (await parties.of(caller.home, caller.unit)).unit(caller.unit, "")
    day = happened_on(body.effective_on, today(clock), "/effective_on")
    project = await ledger.own_project(session, caller, project_id, lock=True)
    division = project["division_code"]
    rules.require_outside(await duty.answers_for(session, division, project_id, unit.code), unit.name, project)
    claim = await _claim(session, caller, division, project_id, body.report_id, day)
    rules.require_another(unit.code, caller.subject, claim)
    values = body.model_dump(exclude={"report_id"}) | {
        "project_id": project_id,
        "unit_code": unit.code,
        "unit_name": unit.name,
        "effective_on": day,
        "report_id": claim["id"] if claim else None,
        "reporting_unit_code": claim["unit_code"] if claim else None,
        "reported_by": claim["created_by"] if claim else None,
    }
    told = {name: values[name] for name in (*CHECKED, "unit_code", "report_id", "reporting_unit_code")}
    row = await work.add(session, progress_inspection, caller, division, values, now, action="inspect", detail=told)
    assert row is not None, "an inspection has no key but its id"
    return row, claim


async def _claim(
    session: Session, caller: Caller, division_code: str, project_id: UUID, report_id: UUID | None, day: dt.date
) -> Row | None:
    """The report named, or the newest up to the day of the check."""
    if report_id is None:
        newest = await queries.claims(session, division_code, project_id, day, limit=1)
        return newest[0] if newest else None
    named = await work.load(session, progress_report, caller, report_id, what=REPORT)
    rules.require_comparable(named, project_id, day)
    return named


async def inspected(session: Session, caller: Caller, inspection_id: UUID) -> queries.Inspected:
    found = await queries.inspections(session, caller.scope, {"id": inspection_id}, after=None, limit=1)
    if not found:
        raise NotFound("没有这次核查，或不在您的管辖范围内")
    return found[0]


def shown_inspection(row: Mapping[str, Any], claim: Mapping[str, Any] | None) -> ProgressInspectionOut:
    return work.shown(ProgressInspectionOut, row, variance=_variance(claim, row) if claim else None)


def _variance(claim: Mapping[str, Any], check: Mapping[str, Any]) -> Variance:
    work_pair = claim["progress_pct"], check["progress_pct"]
    money_pair = claim["money_in_place_fen"], check["money_in_place_fen"]
    return Variance(
        work_points=rules.points(*work_pair),
        work_rate=rules.overstatement(*work_pair),
        money_fen=rules.difference(*money_pair),
        money_rate=rules.overstatement(*money_pair),
    )


async def missed_reports(session: Session, division_code: str, today: dt.date) -> list[Missed]:
    """Open projects somebody answers for and nobody reports on: at least one report late, the most silent first.

    A report of any of its units counts for the project; a unit is not blamed for days before its duty began.
    """
    every = await thresholds.value(session, division_code, "report_every_days")
    still_open = {row["id"] for row in await ledger.standings(session, division_code) if rules.is_open(row)}
    last = await queries.last_reported(session, division_code, today)
    owing: dict[UUID, Missed] = {}
    for term in await duty.reporters(session, division_code):
        project_id, since = term["project_id"], term["began_on"]
        if project_id not in still_open or project_id in owing:
            continue
        since = max(since, last.get(project_id, since))
        owing[project_id] = Missed(project_id, term["unit_code"], rules.missed(since, today, every), since)
    return sorted((m for m in owing.values() if m.missed), key=lambda m: (m.since, m.project_id))


async def reliability(session: Session, division_code: str, unit_code: str) -> Reliability | None:
    """How far a unit's figures can be believed; None where it has never reported."""
    units = await queries.reporters(session, division_code, filters={"unit_code": unit_code})
    return (await rated(session, units))[0] if units else None


async def reliabilities(
    session: Session, scope: str, filters: Mapping[str, Any], *, after: Sequence[str] | None, limit: int
) -> list[ReliabilityOut]:
    """Every unit that ever reported, by division and code; two statements however many there are."""
    units = await queries.reporters(session, scope, filters=filters, after=after, limit=limit)
    return [
        ReliabilityOut(division_code=unit["division_code"], needed=rules.RELIABILITY_NEEDED, **asdict(found))
        for unit, found in zip(units, await rated(session, units), strict=True)
    ]


async def rated(session: Session, units: Sequence[Row]) -> list[Reliability]:
    """The reliability of units as `queries.reporters` gives them, in their order."""
    of_unit: dict[tuple[str, str], list[Sample]] = defaultdict(list)
    keys = [(unit["division_code"], unit["unit_code"]) for unit in units]
    for row in await queries.samples(session, keys, rules.RELIABILITY_SAMPLES):
        sample = Sample(row["claimed_pct"], row["checked_pct"], row["claimed_fen"], row["checked_fen"])
        of_unit[row["division_code"], row["reporting_unit_code"]].append(sample)
    return [
        rules.reliability(unit["unit_code"], unit["unit_name"], ReporterRole(unit["role"]), of_unit[key])
        for key, unit in zip(keys, units, strict=True)
    ]


async def summary(session: Session, caller: Caller, project_id: UUID, clock: Clock) -> ProgressSummary:
    project = await ledger.load(session, caller, project_id)
    return (await summaries(session, project["division_code"], today(clock), project_id=project_id))[0]


async def summaries(session: Session, division_code: str, on: dt.date, **which: Any) -> list[ProgressSummary]:
    """Projects of a county as `queries.summaries` finds them; four statements however many there are."""
    set_here = await thresholds.values(session, division_code)
    found = await queries.summaries(session, division_code, on, **which)
    truths = await judged(session, division_code, [project["id"] for project, _, _ in found], on, set_here)
    return [
        ProgressSummary(
            project_id=project["id"],
            division_code=division_code,
            **{name: project[name] for name in queries.TOLD if name != "id"},
            as_of=on,
            claimed=shown_report(claim) if claim else None,
            checked=shown_inspection(*check) if check else None,
            truth=_brief(truths[project["id"]]),
        )
        for project, claim, check in found
    ]


def _brief(found: Truth) -> TruthSummary:
    return TruthSummary(
        verdict=found.verdict,
        needed=found.needed,
        counted=[signal.kind for signal in found.counted],
        missing=[lack.kind for lack in found.missing],
    )
