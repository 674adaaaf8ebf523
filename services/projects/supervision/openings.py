"""Orders that rules open by themselves. Each is named after the fact it is about, so one fact opens one order for ever:
a milestone that is late again after a replan, or reports missed anew, are other facts.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from services.projects.plan import service as plan
from services.projects.plan.service import OverdueMilestone
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


async def wanted(session: Session, division_code: str, today: dt.date, settings: Mapping[str, int]) -> list[Opening]:
    """What the facts of a division ask for today, whether it was opened before or not."""
    return [*of_milestones(await plan.overdue(session, division_code, today), settings["overdue_milestone_days"])]
