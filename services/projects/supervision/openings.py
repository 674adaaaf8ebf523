"""Orders that rules open by themselves. Each is named after the fact it is about, so one fact opens one order for ever:
a milestone that is late again after a replan, or reports missed anew, are other facts.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from services.projects.plan import service as plan
from services.projects.plan.service import OverdueMilestone
from services.projects.problems import service as problems
from services.projects.problems.service import Silent
from services.projects.progress import service as progress
from services.projects.progress.service import Missed
from shared.storage import Session


@dataclass(frozen=True, slots=True)
class Opening:
    """An order a rule asks for; without a unit it will be nobody's until the office assigns it."""

    ref: str
    project_id: UUID
    matter: str
    unit_code: str | None


def of_milestones(found: Iterable[OverdueMilestone], days: int) -> Iterator[Opening]:
    """Milestones at least `days` late (`overdue_milestone_days`)."""
    for late in found:
        if late.days_late >= days:
            matter = f"节点“{late.name}”应于 {late.due_on} 完成，现已逾期，请限期完成并反馈"
            yield Opening(f"milestone:{late.milestone_id}:{late.due_on}", late.project_id, matter, late.unit_code)


def of_reports(found: Iterable[Missed], times: int) -> Iterator[Opening]:
    """At least `times` reports missed one after the other (`missed_reports`)."""
    for silence in found:
        if silence.missed >= times:
            matter = f"自 {silence.since} 起连续 {silence.missed} 次未报送进度，请立即补报并说明情况"
            ref = f"reports:{silence.project_id}:{silence.since}"
            yield Opening(ref, silence.project_id, matter, silence.unit_code)


def of_problems(found: Iterable[Silent]) -> Iterator[Opening]:
    """Problems silent for `silent_percent` of their time. An order silent for as long is reminded instead."""
    for silence in found:
        matter = f"问题“{silence.title}”应于 {silence.due_on} 前解决，至今仍未着手，请立即办理并反馈"
        yield Opening(f"problem:{silence.problem_id}:{silence.due_on}", silence.project_id, matter, silence.unit_code)


async def wanted(session: Session, division_code: str, today: dt.date, settings: Mapping[str, int]) -> list[Opening]:
    """What the facts of a division ask for today, whether it was opened before or not."""
    late = await plan.overdue(session, division_code, today)
    missed = await progress.missed_reports(session, division_code, today)
    silent = await problems.silent(session, division_code, today, settings["silent_percent"])
    return [
        *of_milestones(late, settings["overdue_milestone_days"]),
        *of_reports(missed, settings["missed_reports"]),
        *of_problems(silent),
    ]
