"""Use cases of summaries: a project's petitions in figures, and one root cause answered to all of them."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from services.petitions.life import rules as law
from services.petitions.life import service as life
from services.petitions.life.case import FINAL, Act
from services.petitions.life.service import Paper
from services.petitions.summaries import queries
from shared.chassis.clock import Clock, today
from shared.chassis.days import happened_on
from shared.chassis.identity import Caller
from shared.errors import FieldError, Invalid, Problem
from shared.schemas.petitions.states import ActKind, PetitionState
from shared.schemas.petitions.summaries import (
    CasesAndPeople,
    GroupVisit,
    LinkedAnswer,
    LinkedAnswered,
    LinkedVerdict,
    ProjectPetitionSummary,
)
from shared.storage import Session, blind
from shared.storage.calendar import load_calendar
from shared.storage.rows import Row
from shared.storage.secrets import Vault

MOST_ANSWERED = 200


def reference(vault: Vault, caller: Caller, division_code: str, petition_id: UUID) -> str:
    """What stands for a petition towards one who asks: no one without the key, and no other asker, can join it."""
    index = vault.blind(f"reference for {caller.subject}", blind.exact).of(division_code, str(petition_id))
    assert index is not None, "an id is never empty"
    return index.hex()


async def of_projects(
    session: Session, caller: Caller, vault: Vault, scope: str, ids: Sequence[UUID], day: dt.date
) -> dict[UUID, ProjectPetitionSummary]:
    """Of projects that have petitions; two statements for any number of them."""
    if not ids:
        return {}
    rows: dict[UUID, list[Row]] = {}
    for row in await queries.figures(session, scope, ids, day):
        rows.setdefault(row["project_id"], []).append(row)
    groups = await queries.last_groups(session, scope, ids)
    return {one: _summary(caller, vault, found, groups.get(one), day) for one, found in rows.items()}


def _summary(caller: Caller, vault: Vault, rows: list[Row], group: Row | None, day: dt.date) -> ProjectPetitionSummary:
    first = rows[0]
    last = group and GroupVisit(
        reference=reference(vault, caller, group["division_code"], group["id"]),
        on=group["registered_on"],
        people_count=group["people_count"],
    )
    return ProjectPetitionSummary(
        project_id=first["project_id"],
        division_code=first["division_code"],
        as_of=day,
        version=sum(row["version"] for row in rows),
        total=_both(rows),
        open=_both([row for row in rows if PetitionState(row["state"]) not in FINAL]),
        by_state=_by(rows, "state"),
        by_level=_by(rows, "visit_level"),
        by_demand=_by(rows, "demand"),
        overdue=sum(row["overdue"] for row in rows),
        group_visits=_both(rows, "group_"),
        repeats_by_rule=_both(rows, "rule_"),
        repeats_confirmed=_both(rows, "confirmed_"),
        quiet_since=max(row["last_on"] for row in rows),
        last_group_visit=last or None,
    )


def _both(rows: Sequence[Row], prefix: str = "") -> CasesAndPeople:
    return CasesAndPeople(
        case_count=sum(row[f"{prefix}cases"] for row in rows), people_count=sum(row[f"{prefix}people"] for row in rows)
    )


def _by(rows: Sequence[Row], column: str) -> dict[str, CasesAndPeople]:
    cases, people = Counter[str](), Counter[str]()
    for row in rows:
        if row[column] is not None:
            cases[row[column]] += row["cases"]
            people[row[column]] += row["people"]
    return {key: CasesAndPeople(case_count=cases[key], people_count=people[key]) for key in sorted(cases)}


def none_of(project_id: UUID, division_code: str, day: dt.date) -> ProjectPetitionSummary:
    """Of a project nobody has complained about."""
    nobody = CasesAndPeople(case_count=0, people_count=0)
    return ProjectPetitionSummary(
        project_id=project_id,
        division_code=division_code,
        as_of=day,
        version=0,
        total=nobody,
        open=nobody,
        by_state={},
        by_level={},
        by_demand={},
        overdue=0,
        group_visits=nobody,
        repeats_by_rule=nobody,
        repeats_confirmed=nobody,
        quiet_since=None,
        last_group_visit=None,
    )


async def answer_linked(
    session: Session,
    caller: Caller,
    vault: Vault,
    project_id: UUID,
    body: LinkedAnswer,
    clock: Clock,
    *,
    dry_run: bool,
) -> LinkedAnswered:
    """One root cause, answered once: each open petition gets the act its own case allows, or says why not."""
    if (body.opinion is None) == (body.answer is None):
        raise Invalid(errors=[FieldError("/", "one_of_both", "请填写处理意见或答复，二者之一")])
    on = happened_on(body.on, today(clock), "/on")
    calendar = await load_calendar(session)
    rows, count = await queries.linked(session, caller, project_id, body.demand, MOST_ANSWERED)
    verdicts = []
    for row in rows:
        try:
            case = await life.case_of(session, row)
            act, paper = _act(caller, body, on, life.on_behalf_of(caller, case, _kind(body)))
            # Tried before anything is written: what is refused leaves nothing behind.
            happened_on(on, today(clock), "/on", since=row["registered_on"])
            law.apply(case, act, calendar)
            if not dry_run:
                await life.perform_on(session, caller, vault, row, case, act, clock, paper=paper)
        except Problem as refused:
            why = "；".join(error.message for error in refused.errors) or refused.detail or refused.title
            verdicts.append(_verdict(row, code=refused.code, reason=why))
        else:
            verdicts.append(_verdict(row))
    answered = sum(verdict.answered for verdict in verdicts)
    return LinkedAnswered(dry_run=dry_run, answered=answered, left=max(count - len(rows), 0), items=verdicts)


def _kind(body: LinkedAnswer) -> ActKind:
    return ActKind.issue_opinion if body.opinion is not None else ActKind.answer


def _act(caller: Caller, body: LinkedAnswer, on: dt.date, unit: str | None) -> tuple[Act, Paper]:
    if body.opinion is not None:
        text, reason = body.opinion.model_dump_json(), body.opinion.outcome.value
    else:
        assert body.answer is not None, "one of both was asked for"
        text, reason = body.answer.text, body.answer.result.value
    act = Act(_kind(body), on, caller.subject, unit=unit, reason=reason, petition_class=body.petition_class)
    return act, Paper(body.document_number, text)


def _verdict(row: Row, *, code: str | None = None, reason: str | None = None) -> LinkedVerdict:
    return LinkedVerdict(
        petition_id=row["id"],
        petition_code=row["petition_code"],
        answered=code is None,
        code=code,
        reason=reason,
    )
