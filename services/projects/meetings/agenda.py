"""What a county's data puts on the next agenda."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from services.projects.ledger.filters import Filter
from services.projects.ledger.insight import service as insight
from services.projects.meetings import queries, rules
from services.projects.meetings.rules import Matter
from services.projects.plan import service as plan
from services.projects.problems import service as problems
from services.projects.supervision import service as supervision
from shared.chassis.clock import Clock, today
from shared.schemas.projects.meetings import Agenda, AgendaItem, AgendaSource
from shared.storage import Session
from shared.storage.rows import Row

S = AgendaSource
WITH_DEADLINE = frozenset({S.action, S.order, S.milestone})


@dataclass(frozen=True, slots=True)
class Proposal:
    """`contradictions` are the refs of all there are in the county today, new or not."""

    matters: list[Matter]
    contradictions: list[str]
    last: Row | None


async def proposal(session: Session, division_code: str, project_id: UUID | None, clock: Clock) -> Proposal:
    """Every matter of a county, or of one of its projects."""
    day = today(clock)
    last = await queries.last_held(session, division_code)
    matters = [
        Matter(S.action, f"action:{a['id']}", a["title"], a["project_id"], a["unit_code"], a["due_on"])
        for a in await queries.open_actions(session, division_code)
    ]
    matters += [
        Matter(S.order, f"order:{o.order_id}", o.matter, o.project_id, o.lead_unit_code, o.due_on, o.source_ref)
        for o in await supervision.overdue_orders(session, division_code, day)
    ]
    matters += [
        Matter(S.milestone, f"milestone:{m.milestone_id}", m.name, m.project_id, m.unit_code, m.due_on)
        for m in await plan.red(session, division_code, day)
    ]
    matters += await _undecided(session, division_code, project_id)
    contradictions = await _contradictions(session, division_code, day, clock)
    known = await queries.known_contradictions(session, division_code)
    matters += [matter for matter in contradictions if matter.ref not in known]
    matters += [
        Matter(S.topic, f"topic:{t['id']}", t["title"], t["project_id"], t["unit_code"], t["submitted_on"])
        for t in await queries.open_topics(session, division_code)
    ]
    return Proposal(rules.propose(matters, project_id), [matter.ref for matter in contradictions], last)


async def _undecided(session: Session, division_code: str, project_id: UUID | None) -> list[Matter]:
    """A question once, of its project where it has only one, or of the project asked about."""
    held_up = defaultdict(list)
    for one in await problems.undecided(session, division_code):
        held_up[one.decision_id].append(one)

    def about(projects: list[UUID]) -> UUID | None:
        return project_id if project_id in projects else projects[0] if len(projects) == 1 else None

    return [
        Matter(S.decision, f"decision:{id_}", ones[0].title, about([o.project_id for o in ones]), None, ones[0].since)
        for id_, ones in held_up.items()
    ]


async def _contradictions(session: Session, division_code: str, day: dt.date, clock: Clock) -> list[Matter]:
    def matters() -> Iterator[Matter]:
        for one in found:
            ref = rules.contradiction_ref(one.rule, one.project_id, one.facts)
            title = f"{one.project_name}：{one.title}" if one.project_name else one.title
            yield Matter(S.contradiction, ref, title, one.project_id, None, None)

    found = await insight.contradictions(session, Filter(division_code), day, clock)
    return list(matters())


def shown(found: Proposal, day: dt.date) -> Agenda:
    matters, counts = rules.listed(found.matters)
    return Agenda(
        as_of=day,
        last_meeting_id=found.last["id"] if found.last else None,
        last_held_on=found.last["held_on"] if found.last else None,
        items=[_item(matter, day) for matter in matters],
        found=counts,
    )


def _item(matter: Matter, day: dt.date) -> AgendaItem:
    late = matter.source in WITH_DEADLINE and matter.since is not None and matter.since < day
    return AgendaItem(
        source=matter.source,
        ref=matter.ref,
        title=matter.title,
        project_id=matter.project_id,
        unit_code=matter.unit_code,
        since=matter.since,
        days_late=(day - matter.since).days if late and matter.since else None,
    )
